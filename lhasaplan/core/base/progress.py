"""Long work: its progress and cancel, jobs in threads and in the background, and a pause of the garbage collector."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from functools import partial
from threading import Event
from types import TracebackType
from typing import Generic, TypeAlias, TypeVar

# Report the progress of long work, often enough that a cancel takes effect within a tenth of a second.

Progress = Callable[[float, str], None]  # share done, step; may raise to cancel
Item = TypeVar("Item")


def no_progress(share: float, step: str) -> None:
    """Do nothing, as a progress callback."""


def part_of(progress: Progress, low: float, high: float) -> Progress:
    """Return a progress whose 0 to 1 is the given stretch of the whole."""
    return lambda share, step: progress(low + (high - low) * share, step)


def onward(progress: Progress) -> Progress:
    """Return a progress that never tells less than before, as where work that was told of is done again.

    >>> tell = onward(lambda share, step: print(share))
    >>> tell(0.5, "read"), tell(0.25, "read again")
    0.5
    0.5
    (None, None)
    """
    furthest = 0.0

    def tell(share: float, step: str) -> None:
        nonlocal furthest
        furthest = max(furthest, share)
        progress(furthest, step)

    return tell


def watched(items: Iterable[Item], progress: Progress, step: str, every: int = 16) -> Iterator[Item]:
    """Yield the items, with word of progress before each ``every``-th of them; its share is 0 where their count is not known.

    >>> told = []
    >>> list(watched("abcd", lambda share, step: told.append(share), "letters", every=2)), told
    (['a', 'b', 'c', 'd'], [0.0, 0.5])
    """
    count = len(items) if isinstance(items, Sized) else None
    for number, item in enumerate(items):
        if number % every == 0:
            progress(number / count if count else 0.0, step)
        yield item


# Run GIL-releasing work in a background thread beside the caller's own work.

TELL_S = 0.05
Answer = TypeVar("Answer")


class _StoppedError(Exception):
    """The caller left without the answer."""


class BackgroundJob(Generic[Answer]):
    """Runs ``work`` while the ``with`` block lasts; where it tells its progress it stops, once the block is left.

    >>> with BackgroundJob(lambda progress: 6 * 7) as job:
    ...     job.answer(lambda share, step: None, "sum")
    42
    """

    def __init__(self, work: Callable[[Progress], Answer]) -> None:
        self._work, self._is_stopped, self._share = work, False, 0.0

    def __enter__(self) -> "BackgroundJob[Answer]":
        self._pool = ThreadPoolExecutor(1)
        self._job: Future[Answer] = self._pool.submit(self._work, self._reported)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_stopped = True
        self._pool.shutdown()

    def answer(self, progress: Progress, step: str) -> Answer:
        """Return what the work gave, or raise what it raised; progress is reported while it lasts and may raise to cancel."""
        progress(self._share, step)
        while not self._job.done():
            wait([self._job], timeout=TELL_S)
            progress(self._share, step)
        return self._job.result()

    def _reported(self, share: float, step: str) -> None:
        if self._is_stopped:
            raise _StoppedError
        self._share = share


# Pause the cyclic garbage collector while a city's worth of values is made.


@contextmanager
def paused() -> Iterator[None]:
    """Hold the search for cycles while the block lasts; what it would have looked at is looked at once, at the end.

    Frozen values of frozen values have no cycles, but each some hundred new ones start a search, and each some hundred thousand
    one through every value of the city: a sixth of an audit. What is no longer needed is freed as ever: by counting.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
            if gc.get_count()[0] > gc.get_threshold()[0]:  # of few new values no search would have started either
                gc.collect(0)


# Jobs of one kind, each by itself, in as many threads as there are processors.

STEP = "sight"
Job = TypeVar("Job")
# Does the jobs that it takes, and says what each gave.
WorkOff: TypeAlias = Callable[[Iterator[Job], Progress], dict[Job, Answer]]


def in_threads(
    work: Callable[[Job], Answer],
    jobs: Sequence[Job],
    progress: Progress,
    *,
    most: int | None = None,
    stop: Callable[[], None] = lambda: None,
) -> list[Answer]:
    """Return the answers in the order of the jobs; progress is reported twenty times a second and may cancel by raising.

    At ``most`` so many threads work, as many as there are processors if that says nothing. Whatever ends the work, a signal
    too, calls ``stop``, which tells jobs at work to end.
    """
    progress(0.0, STEP)
    if len(jobs) < 2:
        return [work(job) for job in jobs]
    line = _Line(work, jobs)
    threads = min(len(jobs), most or os.cpu_count() or 1)
    with ThreadPoolExecutor(threads) as pool:
        pending = {pool.submit(line.work_off) for _ in range(threads)}
        try:
            while pending:
                done, pending = wait(pending, timeout=TELL_S, return_when=FIRST_EXCEPTION)
                for one in done:
                    one.result()
                progress(len(line.answers) / len(jobs), STEP)
        except BaseException:
            line.is_stopped = True
            stop()
            raise
    return [line.answers[number] for number in range(len(jobs))]


AT_A_TIME = 2  # long jobs at a time: each holds much, and leaves to the other what it cannot share out itself


def two_at_a_time(work: Callable[[Job, Progress], Answer], jobs: Sequence[Job], progress: Progress) -> list[Answer]:
    """Return the answers of long jobs in their order, two at a time in threads; each stops where it reports, once one is to.

    What is reported is how far they are together; one that fails, a cancel and a signal stop the others.
    """
    if len(jobs) < 2:
        return [work(job, progress) for job in jobs]
    shares, steps, stopped, errors = [0.0] * len(jobs), [STEP], Event(), list[BaseException]()

    def reported(number: int, share: float, step: str) -> None:
        if stopped.is_set():
            raise _StoppedError
        shares[number], steps[0] = share, step

    def run(number: int) -> Answer:
        try:
            answer = work(jobs[number], partial(reported, number))
        except BaseException as error:
            errors.append(error)
            stopped.set()
            raise
        shares[number] = 1.0
        return answer

    def told(_share: float, _step: str) -> None:
        progress(sum(shares) / len(jobs), steps[0])

    try:
        return in_threads(run, range(len(jobs)), told, most=AT_A_TIME, stop=stopped.set)
    except _StoppedError:  # one that was stopped may be heard before the one that failed
        if not errors:
            raise
        raise errors[0] from None


class _Line(Generic[Job, Answer]):
    """Jobs in a line: each thread takes the next one, so that their number costs nothing."""

    def __init__(self, work: Callable[[Job], Answer], jobs: Sequence[Job]) -> None:
        self._work, self._jobs = work, iter(enumerate(jobs))
        self.answers: dict[int, Answer] = {}
        self.is_stopped = False

    def work_off(self) -> None:
        """Take jobs until none is left; taking one from a plain iterator is safe between threads."""
        for number, job in self._jobs:
            if self.is_stopped:
                return
            self.answers[number] = self._work(job)
