"""Run jobs side by side: in copies of this process where the system can make them safely, else one after the other."""

import gc
import os
import select
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import Generic, NoReturn, TypeVar, cast

from lhasaplan.core.base.progress import TELL_S, Progress, part_of
from lhasaplan.errors import Cancelled

Answer = TypeVar("Answer")
# Once loaded they hold threads of native code, which a copy would wait for and does not have.
THREADED = "PySide6", "typst"
PATIENCE_S = 10.0  # for a copy that is to stop
SHARE, DONE, RAISED, GONE = "share", "done", "raised", "gone"  # what a copy reports, and that it ended without a word


def side_by_side(jobs: Sequence[Callable[[Progress], Answer]], progress: Progress) -> list[Answer]:
    """Return the answers in the order of the jobs: the first is done here, each other in a copy of this process.

    A copy shares all that is in memory and costs what it changes of it. Nothing is handed over but its answer, which must be
    picklable, and its progress. What a job or ``progress`` raises ends all others; what a copy raised is heard once the first job
    is done. What a copy did that the system ended, or of which no copy could be made, is done again here.
    """
    if len(jobs) < 2 or not can_copy():
        return [job(part_of(progress, n / len(jobs), (n + 1) / len(jobs))) for n, job in enumerate(jobs)]
    copies: list[_Copy[Answer]] = []
    with _frozen():
        try:
            for job in jobs[1:]:
                copies.append(_Copy(job, copies))

            def tell(share: float, step: str) -> None:
                progress((share + sum(each.share() for each in copies)) / len(jobs), step)

            return [jobs[0](tell), *(each.answer(tell) for each in copies)]
        finally:
            for each in copies:
                each.end()


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


class _Copy(Generic[Answer]):
    """A job in a copy of this process, and the pipe to it."""

    def __init__(self, job: Callable[[Progress], Answer], others: "Sequence[_Copy[Answer]]") -> None:
        self._job, self._share, self._step, self._next_s = job, 0.0, "", 0.0
        self._end: tuple[str, object] | None = None
        self._pipe, its = Pipe()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()  # or the copy would write it too
        self._process: int | None = None
        try:
            self._process = os.fork() if sys.platform == "linux" else None
        except OSError:  # no room for one more process
            self._end = GONE, None
        if self._process == 0:
            for pipe in (self._pipe, *(each._pipe for each in others)):
                pipe.close()  # so that a copy learns by its own pipe that this process is gone
            _do(job, its)
        its.close()

    def share(self) -> float:
        """Return which share of the job is done; it is asked twenty times a second at most."""
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
                    self._share, self._end = 1.0, (kind, value)
        except Exception:  # noqa: BLE001 - the pipe broke, or what it gave cannot be read: the job is done again here
            self._end = GONE, None

    def answer(self, progress: Progress) -> Answer:
        """Return what the job gave, or raise what it raised; ``progress`` is asked while it lasts."""
        while self._end is None:
            self._listen(TELL_S)
            progress(1.0, self._step)
        kind, value = self._end
        if kind == RAISED and isinstance(value, BaseException):
            raise value
        return cast("Answer", value) if kind == DONE else self._job(lambda _, step: progress(1.0, step))

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


def _do(job: Callable[[Progress], Answer], pipe: Connection) -> NoReturn:
    """Do the job in the copy, send what it gave or raised, and end without what else ends a program: that is the other's."""
    try:
        pipe.send((DONE, job(_teller(pipe))))
    except BaseException as error:  # noqa: BLE001 - raised where the answer is waited for
        with suppress(OSError):
            pipe.send((RAISED, error))
    finally:
        os._exit(0)


def _teller(pipe: Connection) -> Progress:
    """Return the progress of a copy: it reports twenty times a second, and stops the job where nobody waits any more."""
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
