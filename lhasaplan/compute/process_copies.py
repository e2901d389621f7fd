"""Run jobs side by side: in this process and a copy of it where the system can make one safely, else one after the other."""

import ctypes
import gc
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import takewhile
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Generic, NoReturn, cast

from lhasaplan.core.base.progress import TELL_S, Answer, Job, Progress, WorkOff, onward
from lhasaplan.errors import Cancelled

# Once loaded they hold threads of native code, which a copy would wait for and does not have.
THREADED = "PySide6", "typst"
PATIENCE_S = 10.0  # for a copy that is to stop
DIES_WITH = 1  # PR_SET_PDEATHSIG of prctl(2)
SHARE, DONE, RAISED, GONE = "share", "done", "raised", "gone"  # what a copy reports, and that it ended without a word


def side_by_side(work: WorkOff[Job, Answer], jobs: Sequence[Job], progress: Progress) -> dict[Job, Answer]:
    """Return all that ``work`` gave for the jobs: it is called here, and in a copy of this process; each takes job after job.

    Here they are taken from the front of the line, in the copy from its end, until none is left: neighbours can share work.
    A copy shares all that is in memory and costs what it changes of it. Nothing is handed over but its answers, which must be
    picklable, and its progress. What a job or ``progress`` raises ends the other; what the copy raised is heard once no job is
    left here. What a copy took that the system ended, or of which none could be made, is done here.

    Parameters
    ----------
    work : takes jobs from an iterator, and a progress to which it tells the share of the whole that it has done itself; it gives
        an answer of each job that it took, and may give more.
    """
    if len(jobs) < 2 or not can_copy():
        return work(iter(jobs), progress)
    progress, line = onward(progress), _LineOfJobs(len(jobs))  # what a copy that the system ended has told of is done again
    with _frozen():
        copy, own_share = _Copy(lambda tell: work(line.taken(reversed(jobs)), tell)), 0.0

        def tell(share: float, step: str) -> None:
            nonlocal own_share
            own_share = share
            progress(share + copy.share(), step)

        try:
            done = work(line.taken(jobs), tell)
            done |= copy.answer(lambda share, step: progress(own_share + share, step))
        finally:
            copy.end()
            line.close()
    left = [job for job in jobs if job not in done]
    return done | work(iter(left), lambda share, step: progress(own_share + share, step)) if left else done


class _LineOfJobs:
    """Says who does the next job: for each job a byte lies in a pipe, and a process that reads one may take one."""

    def __init__(self, count: int) -> None:
        self._bytes, filled = os.pipe()
        try:
            os.write(filled, bytes(count))
        finally:
            os.close(filled)  # here and so in the copy, too: who reads when no byte is left learns so

    def taken(self, jobs: Iterable[Job]) -> Iterator[Job]:
        """Yield jobs in this order while some are left in the line."""
        return takewhile(lambda _: bool(os.read(self._bytes, 1)), jobs)

    def close(self) -> None:
        """Give the pipe back."""
        os.close(self._bytes)


@contextmanager
def _frozen() -> Iterator[None]:
    """Keep the garbage collector from what is there: it writes into what it looks at, and what is written is copied."""
    is_frozen = gc.get_freeze_count() > 0  # by the command line
    gc.freeze()
    try:
        yield
    finally:
        if not is_frozen:
            gc.unfreeze()


def can_copy() -> bool:
    """Say whether a copy is safe and worth it: on Linux, with a second processor, while no other thread runs here."""
    if sys.platform != "linux" or len(os.sched_getaffinity(0)) < 2:
        return False
    return threading.active_count() == 1 and not any(name in sys.modules for name in THREADED)


class _Copy(Generic[Job, Answer]):
    """A copy of this process in which jobs are done, and the pipe to it."""

    def __init__(self, jobs: Callable[[Progress], dict[Job, Answer]]) -> None:
        self._share, self._step, self._next_s = 0.0, "", 0.0
        self._end: tuple[str, object] | None = None
        self._pipe, its = Pipe()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # or the copy would write it too
        self._process: int | None = None
        its_own = os.getpid()
        try:
            self._process = os.fork() if sys.platform == "linux" else None
        except OSError:  # no room for one more process
            self._end = GONE, None
        if self._process == 0:
            self._pipe.close()  # so that a copy learns by its own pipe that nobody waits any more
            _do(jobs, its, its_own)
        its.close()

    def share(self) -> float:
        """Return which share of all jobs it has done; it is asked twenty times a second at most."""
        if time.monotonic() >= self._next_s:
            self._next_s = time.monotonic() + TELL_S
            self._listen()
        return self._share

    def _listen(self, most_s: float = 0.0) -> None:
        """Take in what it reported meanwhile; wait so long for a first word."""
        try:
            while self._end is None and self._pipe.poll(most_s):
                kind, value = self._pipe.recv()
                if kind == SHARE:
                    (self._share, self._step), most_s = value, 0.0
                else:
                    self._end = kind, value
        except Exception:  # noqa: BLE001 - the pipe broke, or what it gave cannot be read: its jobs are done again here
            self._end = GONE, None

    def answer(self, progress: Progress) -> dict[Job, Answer]:
        """Return what its jobs gave, or raise what one raised; nothing where it was ended. ``progress`` is asked meanwhile."""
        while self._end is None:
            self._listen(TELL_S)
            progress(self._share, self._step)
        kind, value = self._end
        if kind == RAISED and isinstance(value, BaseException):
            raise value
        return cast("dict[Job, Answer]", value) if kind == DONE else {}

    def end(self) -> None:
        """Wait until it has ended: one that is still at work stops at its next word of progress, or is stopped soon."""
        self._pipe.close()
        if self._process is None:
            return
        with suppress(ChildProcessError, ProcessLookupError):
            until_s = time.monotonic() + PATIENCE_S
            while os.waitpid(self._process, os.WNOHANG) == (0, 0):
                if time.monotonic() > until_s:
                    os.kill(self._process, signal.SIGTERM)
                    os.waitpid(self._process, 0)
                    return
                time.sleep(TELL_S)


def _die_with(process: int) -> None:
    """Let the system end this copy together with the process that it is of: within a long job it would go on to write files."""
    with suppress(OSError, AttributeError):  # a system that cannot: it goes on to its next word of progress
        ctypes.CDLL(None).prctl(DIES_WITH, int(signal.SIGKILL))
    if os.getppid() != process:
        os._exit(0)


def _do(jobs: Callable[[Progress], object], pipe: Connection, process: int) -> NoReturn:
    """Do jobs in the copy, send what it gave or raised, and end without what else ends a program: that is the other's."""
    try:
        _die_with(process)
        pipe.send((DONE, jobs(_teller(pipe))))
    except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
        with suppress(OSError):
            pipe.send((RAISED, error))
    finally:
        os._exit(0)


def _teller(pipe: Connection) -> Progress:
    """Return the progress of a copy: it reports twenty times a second, and stops where nobody waits any more."""
    next_s = 0.0

    def tell(share: float, step: str) -> None:
        nonlocal next_s
        now_s = time.monotonic()
        if now_s < next_s:
            return
        next_s = now_s + TELL_S
        try:
            is_left, (_, has_room, _) = pipe.poll(), select.select([], [pipe], [], 0)
            if has_room:  # else nobody has listened for long, and a word would wait until somebody does
                pipe.send((SHARE, (share, step)))
        except OSError:
            is_left = True
        if is_left:
            raise Cancelled

    return tell
