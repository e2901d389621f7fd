"""Where the work runs: in threads of this process, or on a cluster of workers. Both give the same answer, bit for bit."""

from collections.abc import Iterator
from contextlib import contextmanager

from lhasaplan.compute.batched import BatchedSight, LocalSight, Threads
from lhasaplan.core.site.sight_backend import Sight

__all__ = ["BatchedSight", "LocalSight", "Threads", "open_sight"]


@contextmanager
def open_sight(scheduler: str = "") -> Iterator[Sight]:
    """Give sight by threads of this process or, if a scheduler is named, by its workers; no connection unless named.

    Raises
    ------
    InputError
        If dask is not installed, or the scheduler cannot be reached, has no workers, or runs another edition.
    """
    if not scheduler:
        yield LocalSight(Threads())
        return
    from lhasaplan.compute.cluster import connected  # noqa: PLC0415  (dask is an extra)

    with connected(scheduler) as cluster:
        yield BatchedSight(cluster)
