"""The process that reads: it bolts itself, then takes one piece of work after the other from the program that started it.

The bolts are drawn before it reads anything: no network, no other program, a limit of time and memory.
"""

import contextlib
import ctypes
import importlib
import os
import platform
import signal
import struct
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO

# Of the system calls: socket, connect, the door to a queue of calls that no filter sees, and those that start another program.
_REFUSED = {
    "x86_64": (0xC000003E, (41, 42, 425, 59, 322)),
    "aarch64": (0xC00000B7, (198, 203, 425, 221, 281)),
}
_FOREIGN_CALLS = 0x40000000  # numbers of a second table of calls on x86-64, which would pass by the first
_NO_NEW_PRIVILEGES, _SET_FILTER, _FILTER = 38, 22, 2
_LOAD, _IF_EQUAL, _IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | 13  # EACCES


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """What one reading may take: seconds of the processor, seconds by the clock, bytes of memory beyond what the process has."""

    processor_s: float
    clock_s: float
    memory_bytes: int


def shut_network() -> bool:
    """Let the system refuse every connection and every further program to this process for good; False where it cannot.

    Libraries are told to stay off the network besides (``gdal.SETTINGS``); this holds for what they do all the same.
    """
    known = _REFUSED.get(platform.machine())
    if sys.platform != "linux" or known is None:
        return False
    architecture, calls = known
    steps = [(_LOAD, 0, 0, 4), (_IF_EQUAL, 0, len(calls) + 2, architecture), (_LOAD, 0, 0, 0)]
    steps += [(_IF_AT_LEAST, len(calls) + 1, 0, _FOREIGN_CALLS)]
    steps += [(_IF_EQUAL, len(calls) - n, 0, call) for n, call in enumerate(calls)]
    steps += [(_RETURN, 0, 0, _ALLOW), (_RETURN, 0, 0, _REFUSE)]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    program = struct.pack("HP", len(steps), ctypes.addressof(code))
    system = ctypes.CDLL(None, use_errno=True)
    is_bound = system.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) == 0
    return is_bound and bool(system.prctl(_SET_FILTER, _FILTER, ctypes.create_string_buffer(program), 0, 0) == 0)


def set_bounds(bounds: ReadingLimits) -> None:
    """Let the system end this process when it works for too long, also where no Python runs, and refuse it more memory."""
    if sys.platform == "win32":
        return  # the process that asked keeps the time
    import resource  # noqa: PLC0415 - Windows has none

    signal.setitimer(signal.ITIMER_PROF, bounds.processor_s)
    signal.setitimer(signal.ITIMER_REAL, bounds.clock_s)
    with contextlib.suppress(OSError, ValueError):  # where the system sets less already, or counts otherwise
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (_taken_bytes() + bounds.memory_bytes, most))


def lift_bounds() -> None:
    """Let the process wait for its next work as long as it likes."""
    if sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - Windows has none

    signal.setitimer(signal.ITIMER_PROF, 0.0)
    signal.setitimer(signal.ITIMER_REAL, 0.0)
    with contextlib.suppress(OSError, ValueError):
        most = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def peak_bytes() -> int:
    """Return the most memory that this process ever held; 0 where the system does not say.

    On Linux the accounting of a child begins with the peak of the program that started it, so a large program would be told of
    its own: the state of the process knows better.
    """
    if sys.platform == "win32":
        return 0
    if sys.platform == "linux":
        with open("/proc/self/status", encoding="ascii", errors="replace") as state:
            return next((int(line.split()[1]) * 1024 for line in state if line.startswith("VmHWM:")), 0)
    import resource  # noqa: PLC0415 - Windows has none

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _taken_bytes() -> int:
    """Return the addresses that this process has taken, which its limit counts."""
    with open("/proc/self/statm", encoding="ascii") as state:
        return int(state.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")


DONE, REFUSED, BROKEN, OTHER_FORMATS = "done", "refused", "broken", "other formats"
_SPENT_BYTES = 600_000_000  # a process that grew so far gives its memory back by ending


def serve(module: str = "") -> None:
    """Read what is asked for until the program is gone; what was printed meanwhile goes nowhere.

    ``module`` is imported before anything is asked of it; what fails there fails again, and is told, when it is asked for.
    """
    asked, answers = _streams()
    shut_network()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the program hears a stop from the keyboard, and ends this process
    from lhasaplan.io.apart.parcels import receive, send  # noqa: PLC0415 - libraries start threads: after the bolts

    with contextlib.suppress(ImportError):
        if module:
            importlib.import_module(module)
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


def _answer(
    module: str, function: str, arguments: Sequence[object], named: Mapping[str, object], bounds: ReadingLimits
) -> tuple[str, object]:
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
    serve(*sys.argv[1:])
