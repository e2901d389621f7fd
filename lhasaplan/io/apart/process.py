"""Have a file read in a process of its own, which is ended when it takes too long, takes too much, or is no longer wanted.

The process stays for the next file: to start one takes half a second. Whatever happens in it, the program goes on.
"""

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, UserError, Where
from lhasaplan.io.apart import gdal
from lhasaplan.io.apart.serving import BROKEN, DONE, OTHER_FORMATS, ReadingLimits

ENDED = marked(
    "reading this file was stopped: it took more than {seconds} s of work, or the reader crashed. Export it "
    "again, in smaller files or in another format"
)
_LOOK_S = 0.05  # between two looks at whether somebody still waits
_GONE_S = 0.2  # until the end of a process is known whose pipe has ended
_KEPT = 2  # processes that wait for work
_PACKED = (".zip", ".gz", ".bz2", ".pbf", ".xlsx", ".xlsm", ".tif", ".tiff", ".mbtiles", ".gpkg")
_START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from lhasaplan.io.apart.serving import serve; serve(*sys.argv[2:])"
)


class ReaderError(RuntimeError):
    """An error of the program in the process that reads, in its words."""


def apart(
    module: str,
    function: str,
    *arguments: object,
    of: str,
    bounds: ReadingLimits,
    progress: Progress = no_progress,
    **named: object,
) -> Any:
    """Return what a function gives that runs in the reader's process.

    Parameters
    ----------
    module, function : where it is; it is imported there, not here.
    of : the name of the file, for the sentence that tells what went wrong.
    bounds : what it may take.
    progress : asked all the while; what it raises ends the process at once.

    Raises
    ------
    UserError
        What the function raised, or that it went beyond its limits.
    ReaderError
        An error of the program itself.
    """
    reader = _free_reader()
    is_whole = False
    try:
        kind, value, is_spent = reader.ask((module, function, arguments, named, bounds, os.getcwd()), bounds.clock_s, progress)
        is_whole = not is_spent and kind != OTHER_FORMATS
    except (EOFError, OSError) as error:
        if reader.has_served and reader.was_killed():  # as a system short of memory ends what waits; this file is not to blame
            return apart(module, function, *arguments, of=of, bounds=bounds, progress=progress, **named)
        raise InputError(Fault(ENDED, Where(of), {"seconds": f"{bounds.processor_s:.0f}"})) from error
    finally:
        reader.keep() if is_whole else reader.end()
    if kind == DONE:
        return value
    if kind == OTHER_FORMATS:
        end_readers()
        _SKIPPED.extend(name for name in value if name not in _SKIPPED)
        return apart(module, function, *arguments, of=of, bounds=bounds, progress=progress, **named)
    if kind == BROKEN:
        from lhasaplan.io.parse.file_signatures import MEMORY  # noqa: PLC0415 - as in ``bounds_for``

        if value.startswith("MemoryError"):
            raise InputError(Fault(MEMORY, Where(of)))
        raise ReaderError(value)
    assert isinstance(value, UserError)
    raise value


def bounds_for(name: str, size_bytes: int) -> ReadingLimits:
    """Return what reading a file of this name and size may take; one that is packed holds more than its bytes."""
    from lhasaplan.io.parse.file_check import load_limits  # noqa: PLC0415 - a reader is started before what this loads

    limits = load_limits().reader
    times = limits.packed_times if name.casefold().endswith(_PACKED) else 1.0
    megabytes = times * size_bytes / 1e6
    processor_s = limits.base_seconds + limits.seconds_per_mb * megabytes
    memory = limits.base_bytes + limits.bytes_per_byte * times * size_bytes
    return ReadingLimits(processor_s, limits.clock_times * processor_s, int(memory))


def bounds_of(path: Path) -> ReadingLimits:
    """Return what reading a file may take; of one that cannot be looked at the least, and the reader tells why."""
    try:
        return bounds_for(path.name, path.stat().st_size)
    except OSError:
        return bounds_for(path.name, 0)


class _Reader:
    """One process, and the pipes to it."""

    def __init__(self, module: str = "") -> None:
        words = [sys.executable, "-I", "-c", _START, json.dumps([os.path.abspath(each) for each in sys.path])]
        if hasattr(sys, "frozen"):  # a desktop bundle knows its own modules alone, by their names (tools/bundle/start.py)
            words = [sys.executable, "-m", "lhasaplan.io.apart.serving"]
        words += [module] if module else []
        flags = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of Windows alone
        variables = gdal.environment(os.environ, _SKIPPED)
        pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
        self._process = subprocess.Popen(words, env=variables, creationflags=flags, stdin=pipe, stdout=pipe, stderr=nowhere)
        self.owner = os.getpid()
        self.has_served = False

    def is_alive(self) -> bool:
        """Say whether it runs, and is ours: a process that was forked off must not talk through the same pipes."""
        return self.owner == os.getpid() and self._process.poll() is None

    def was_killed(self) -> bool:
        """Say whether the process was killed from outside; its own limits use other signals."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_GONE_S) == -signal.SIGKILL if sys.platform != "win32" else False
        return False

    def ask(self, work: object, most_s: float, progress: Progress) -> Any:
        """Return the answer; EOFError where the process ended, or was at work for longer than it may."""
        answers: queue.SimpleQueue[tuple[bool, object]] = queue.SimpleQueue()
        threading.Thread(target=self._talk, args=(work, answers.put), name="reader", daemon=True).start()
        waited_s = 0.0
        while waited_s < most_s + 5.0:
            progress(0.0, "reading")
            with suppress(queue.Empty):
                is_answer, value = answers.get(timeout=_LOOK_S)
                if isinstance(value, BaseException) and not is_answer:
                    raise value
                return value
            waited_s += _LOOK_S
        raise EOFError

    def _talk(self, work: object, put: Callable[[tuple[bool, object]], None]) -> None:
        from lhasaplan.io.apart.parcels import receive, send  # noqa: PLC0415 - as in ``bounds_for``

        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            send(work, process.stdin)
            put((True, receive(process.stdout)))
        except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
            put((False, error))

    def keep(self) -> None:
        """Let it wait for the next file."""
        self.has_served = True
        with _LOCK:
            if len(_IDLE) < _KEPT:
                _IDLE.append(self)
                return
        self.end()

    def end(self) -> None:
        """End it, whatever it does."""
        if self.owner != os.getpid():
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


_SKIPPED: list[str] = []  # formats of another version of GDAL, found when a process was started first
_IDLE: list[_Reader] = []
_LOCK = threading.Lock()


def _free_reader() -> _Reader:
    """Return a process that waits for work, a new one where there is none."""
    while True:
        with _LOCK:
            reader = _IDLE.pop() if _IDLE else None
        if reader is None:
            return _Reader()
        if reader.is_alive():
            return reader
        reader.end()


def start_reader(module: str) -> None:
    """Start a process for what will be asked of a module, unless one waits; both import what they need at the same time."""
    with _LOCK:
        if not _IDLE:
            _IDLE.append(_Reader(module))


def expect_files() -> None:
    """Start a process that imports the readers, before a file is named, while the program imports what it needs itself."""
    start_reader("lhasaplan.io.importing.importer")


@atexit.register
def end_readers() -> None:
    """End the processes that wait for work."""
    with _LOCK:
        readers, _IDLE[:] = list(_IDLE), []
    for reader in readers:
        reader.end()
