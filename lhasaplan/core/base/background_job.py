"""Run GIL-releasing work in a background thread beside the caller's own work."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from types import TracebackType
from typing import Generic, TypeVar

from lhasaplan.core.base.progress import Progress

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
        self._work, self._is_stopped = work, False

    def __enter__(self) -> "BackgroundJob[Answer]":
        self._pool = ThreadPoolExecutor(1)
        self._job: Future[Answer] = self._pool.submit(self._work, self._told)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._is_stopped = True
        self._pool.shutdown()

    def answer(self, progress: Progress, step: str) -> Answer:
        """Return what the work gave, or raise what it raised; progress is told while it lasts and may raise to cancel."""
        progress(0.0, step)
        while not self._job.done():
            wait([self._job], timeout=TELL_S)
            progress(0.0, step)
        return self._job.result()

    def _told(self, share: float, step: str) -> None:
        if self._is_stopped:
            raise _StoppedError
