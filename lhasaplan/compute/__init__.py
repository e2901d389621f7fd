"""Where the work runs: in threads of this process, or on a cluster of workers. Both give the same answer, bit for bit."""

import ctypes
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from lhasaplan.compute.batched import BatchedSight, Threads
from lhasaplan.core.base.kept_shapes import ShapeSink
from lhasaplan.core.base.progress import Answer, Job, Progress, WorkOff
from lhasaplan.core.context.scenes import Sight

__all__ = ["BatchedSight", "Threads", "give_back", "open_sight", "side_by_side", "spool_shapes"]


@contextmanager
def open_sight(scheduler: str = "") -> Iterator[Sight]:
    """Give sight by threads of this process or, if a scheduler is named, by its workers; no connection unless named.

    Raises
    ------
    InputError
        If dask is not installed, or the scheduler cannot be reached, has no workers, or runs another edition.
    """
    _share_memory()
    if not scheduler:
        yield BatchedSight(Threads(least_jobs=sys.maxsize))  # the core shares densities and walls out itself
        return
    from lhasaplan.compute.cluster import connected  # noqa: PLC0415  (dask is an extra)

    with connected(scheduler) as cluster:
        yield BatchedSight(cluster)


def spool_shapes() -> ShapeSink:
    """Return what keeps the geometry of answers in a file of its own, and gives the memory of each back."""
    from lhasaplan.files.spooled_shapes import ShapeSpool  # noqa: PLC0415 - an audit of a region alone needs it

    return ShapeSpool(give_back)


def side_by_side(work: WorkOff[Job, Answer], jobs: Sequence[Job], progress: Progress) -> dict[Job, Answer]:
    """Return the answers of jobs, two at once where that is safe; see :mod:`lhasaplan.compute.process_copies`."""
    from lhasaplan.compute import process_copies  # noqa: PLC0415 - drafts alone need it

    return process_copies.side_by_side(work, jobs, progress)


_M_ARENA_MAX = -8  # malloc.h of glibc


def _share_memory() -> None:
    """Let threads take memory from as many arenas as there are processors: what one gave back another can then have.

    The C library of Linux makes eight for each processor, and threads come and go with each call: a region's audit left a
    third of its memory lying about in them. ``MALLOC_ARENA_MAX`` of the environment goes before.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None and "MALLOC_ARENA_MAX" not in os.environ:
        mallopt(_M_ARENA_MAX, os.cpu_count() or 1)


def give_back() -> None:
    """Hand freed memory back to the system, gigabytes after an audit; the C library of Linux keeps it otherwise."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        trim(0)
