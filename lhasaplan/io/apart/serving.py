"""The process that reads: take one piece of work after the other from the program that started it, and answer."""

import importlib
import os
import signal
import sys
from typing import IO, Any

from lhasaplan.io.apart.bolts import ReadingLimits, lift_bounds, peak_bytes, set_bounds, shut_network

DONE, REFUSED, BROKEN, OTHER_FORMATS = "done", "refused", "broken", "other formats"
_SPENT_BYTES = 600_000_000  # a process that grew so far gives its memory back by ending


def serve() -> None:
    """Read what is asked for until the program is gone; what was printed meanwhile goes nowhere."""
    asked, answers = _streams()
    shut_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program hears a stop from the keyboard, and ends this process
    from lhasaplan.io.apart.parcels import receive, send  # noqa: PLC0415 - libraries start threads: after the bolts

    while True:
        try:
            module, function, arguments, named, bounds, folder = receive(asked)
        except EOFError:
            return
        os.chdir(folder)  # where the program is by now: names of files count from there
        answer = _answer(module, function, arguments, named, bounds)
        send((*answer, peak_bytes() > _SPENT_BYTES), answers)


def _streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return the streams from and to the program; what libraries print must not fall among the answers."""
    asked, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    return asked, answers


def _answer(module: str, function: str, arguments: Any, named: Any, bounds: ReadingLimits) -> tuple[str, Any]:
    from lhasaplan.core.base.progress import paused  # noqa: PLC0415 - after the bolts
    from lhasaplan.errors import Cancelled, UserError  # noqa: PLC0415 - after the bolts
    from lhasaplan.io.apart.gdal import OtherFormatsError  # noqa: PLC0415 - after the bolts

    try:
        work = getattr(importlib.import_module(module), function)
        set_bounds(bounds)
        with paused():
            return DONE, work(*arguments, **named)
    except UserError as error:
        return REFUSED, error
    except OtherFormatsError as error:
        return OTHER_FORMATS, error.names
    except (Cancelled, KeyboardInterrupt):
        sys.exit(1)
    except BaseException as error:  # noqa: BLE001 - told to the program, which raises it there
        return BROKEN, f"{type(error).__name__}: {error}"
    finally:
        lift_bounds()


if __name__ == "__main__":
    serve()
