"""Sight cut into batches of neighbouring views, and put together as if it had been computed in one piece."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import Lock
from typing import Protocol, TypeVar, TypeVarTuple
from weakref import WeakValueDictionary

import numpy as np
from scipy import sparse

from lhasaplan.core import sight
from lhasaplan.core.base.arrays import FloatArray, IntArray, batches
from lhasaplan.core.base.progress import Progress, in_threads, no_progress
from lhasaplan.core.context.scenes import Sight
from lhasaplan.core.model.camera import Field, View
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.walls.piece_columns import Mounts, Pieces, joined_pieces

# Return fields of view that are still in use instead of computing them again.

Key = tuple[View, float]


class FieldsInUse:
    """Weak references to the fields of one scene that are in use, by view and height.

    Another scene is another town: with the first question about it the fields of the one before are forgotten.
    """

    def __init__(self) -> None:
        self._lock, self._fields = Lock(), WeakValueDictionary[Key, Field]()
        self._scene: Scene | None = None

    def known(self, keys: Sequence[Key], scene: Scene) -> list[Field | None]:
        """Return what is held of these views in a scene."""
        with self._lock:
            if self._scene is not scene:
                self._scene, self._fields = scene, WeakValueDictionary()
            return [self._fields.get(key) for key in keys]

    def kept(self, keys: Sequence[Key], found: Sequence[Field], scene: Scene) -> list[Field]:
        """Return the fields that are held from now on: where two asked at once, the first that came."""
        with self._lock:
            if self._scene is not scene:
                return list(found)
            return [self._fields.setdefault(key, one) for key, one in zip(keys, found, strict=True)]

    def shared(self, sight: Sight) -> Sight:
        """Return sight that asks here first."""
        return SharedSight(sight, self)

    @contextmanager
    def opened(self, opening: AbstractContextManager[Sight]) -> Iterator[Sight]:
        """Open sight that asks here first."""
        with opening as sight:
            yield self.shared(sight)


@dataclass(frozen=True, slots=True)
class SharedSight:
    """Sight whose fields are shared with all who ask for the same views; densities and seen walls are computed as ever."""

    sight: Sight
    fields: FieldsInUse = field(repr=False)

    def visibility_fields(
        self, views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
    ) -> tuple[Field, ...]:
        """Return what each view sees of the plane at target height."""
        keys = [(view, target_height_m) for view in views]
        known = self.fields.known(keys, scene)
        new = [number for number, one in enumerate(known) if one is None]
        if not new:
            return tuple(one for one in known if one is not None)
        found = self.sight.visibility_fields([views[number] for number in new], scene, target_height_m, progress)
        made = iter(self.fields.kept([keys[number] for number in new], found, scene))
        return tuple(next(made) if one is None else one for one in known)

    def densities(
        self, views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress = no_progress
    ) -> sparse.csr_array:
        """Return the density in px/m at which each view sees each point, shape (P, V)."""
        return self.sight.densities(views, xyz_m, scene, progress)

    def seen_pieces(  # noqa: PLR0917 - as in the protocol
        self,
        views: Sequence[View],
        mounts: Mounts,
        wall_rows: FloatArray,
        scene: Scene,
        least_px_m: float,
        progress: Progress = no_progress,
    ) -> Pieces:
        """Return the pieces of walls that each view can see at a density."""
        return self.sight.seen_pieces(views, mounts, wall_rows, scene, least_px_m, progress)


# Cut views into batches that stand close together, each with the points that it can reach.
SLACK_M = 1.0


def batches_of(views: Sequence[View], size: int) -> list[IntArray]:
    """Return the numbers of the views, neighbours along a Z curve together, in batches of at most ``size``."""
    return batches(np.array([(view.x_m, view.y_m) for view in views], float).reshape(-1, 2), size)


def points_for(batches: Sequence[Sequence[View]], xyz_m: FloatArray) -> list[IntArray]:
    """Return, for each batch, the numbers of the points in the box around its ranges, in rising order."""
    order = np.argsort(xyz_m[:, 0], kind="stable")
    sorted_x = xyz_m[order, 0]
    return [_near(views, xyz_m, order, sorted_x) for views in batches]


def _near(views: Sequence[View], xyz_m: FloatArray, order: IntArray, sorted_x: FloatArray) -> IntArray:
    reach = np.array([(view.x_m, view.y_m, view.range_m + SLACK_M) for view in views])
    low, high = (reach[:, :2] - reach[:, 2:]).min(axis=0), (reach[:, :2] + reach[:, 2:]).max(axis=0)
    strip = order[np.searchsorted(sorted_x, low[0]) : np.searchsorted(sorted_x, high[0], side="right")]
    return np.sort(strip[(xyz_m[strip, 1] >= low[1]) & (xyz_m[strip, 1] <= high[1])])


# The usual workers: threads of this process, as many as it may use processors.
Job = TypeVarTuple("Job")
Answer = TypeVar("Answer")


# A cancel waits for the batches that run: so many fields take about 2 ms, over relief some 30. Smaller batches pay more
# for array operations than for the views.
VIEWS_A_BATCH = 128


@dataclass(frozen=True, slots=True)
class Threads:
    """Runs jobs in threads of this process."""

    views_a_batch: int = VIEWS_A_BATCH
    least_jobs: int = 1

    def run(
        self, work: Callable[[Scene, *Job], Answer], scene: Scene, jobs: Sequence[tuple[*Job]], progress: Progress
    ) -> list[Answer]:
        """Return the answers in the order of the jobs."""
        return in_threads(lambda job: work(scene, *job), jobs, progress) if jobs else []


STEP = "sight"

Entries = tuple[FloatArray, IntArray, IntArray]  # density, point, view


class Workers(Protocol):
    """Runs ``work(scene, *job)`` for many jobs, wherever."""

    @property
    def views_a_batch(self) -> int:
        """How many views suit one job."""

    @property
    def least_jobs(self) -> int:
        """How many batches densities and walls are cut into at least; of fewer the core is asked at once."""

    def run(
        self, work: Callable[[Scene, *Job], Answer], scene: Scene, jobs: Sequence[tuple[*Job]], progress: Progress
    ) -> list[Answer]:
        """Return the answers in the order of the jobs; progress is reported at least ten times a second and may raise."""


@dataclass(frozen=True, slots=True)
class BatchedSight:
    """Sight by workers: memory stays flat and a cancel waits for no more than the batches that run."""

    workers: Workers

    def visibility_fields(
        self, views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
    ) -> tuple[Field, ...]:
        """Return what each view sees of the plane at target height."""
        progress(0.0, STEP)
        batches = batches_of(views, self.workers.views_a_batch)
        jobs = [(_picked(views, batch), target_height_m) for batch in batches]
        found = self.workers.run(fields_of_batch, scene, jobs, progress)
        fields = {
            number: field
            for batch, some in zip(batches, found, strict=True)
            for number, field in zip(batch.tolist(), some, strict=True)
        }
        return tuple(fields[number] for number in range(len(views)))

    def densities(
        self, views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress = no_progress
    ) -> sparse.csr_array:
        """Return the density in px/m at which each view sees each point, shape (P, V)."""
        progress(0.0, STEP)
        xyz = np.asarray(xyz_m, float).reshape(-1, 3)
        if self._is_little(views):
            return sight.densities(views, xyz, scene, progress)
        batches = batches_of(views, self.workers.views_a_batch) if len(xyz) else []
        points = points_for([_picked(views, batch) for batch in batches], xyz)
        jobs = [(_picked(views, batch), xyz[near]) for batch, near in zip(batches, points, strict=True)]
        found = self.workers.run(entries_of_batch, scene, jobs, progress)
        return _matrix([_global(*each) for each in zip(found, points, batches, strict=True)], (len(xyz), len(views)))

    def seen_pieces(  # noqa: PLR0917 - as in the protocol
        self,
        views: Sequence[View],
        mounts: Mounts,
        wall_rows: FloatArray,
        scene: Scene,
        least_px_m: float,
        progress: Progress = no_progress,
    ) -> Pieces:
        """Return the pieces of walls that each view can see at a density."""
        progress(0.0, STEP)
        rows = np.asarray(wall_rows, float)  # itself and no view of it: walls that were sorted lately are known by it
        if self._is_little(views):
            return sight.seen_pieces(views, mounts, rows, scene, least_px_m, progress)
        batches = batches_of(views, self.workers.views_a_batch) if len(rows) else []
        some = [_picked(views, batch) for batch in batches]
        near = [walls_near(each, rows) for each in some]
        jobs = [
            (each, Mounts(mounts.building[batch], mounts.wall[batch]), rows[walls], least_px_m)
            for each, batch, walls in zip(some, batches, near, strict=True)
        ]
        found = self.workers.run(pieces_of_batch, scene, jobs, progress)
        return joined_pieces(
            [
                Pieces(batch[each.viewer], walls[each.wall], each.column, each.figure)
                for each, batch, walls in zip(found, batches, near, strict=True)
            ]
        )

    def _is_little(self, views: Sequence[View]) -> bool:
        """Tell whether views make too few batches: the core then shares their work out among threads itself."""
        return -(-len(views) // self.workers.views_a_batch) < self.workers.least_jobs


def fields_of_batch(scene: Scene, views: Sequence[View], target_height_m: float) -> tuple[Field, ...]:
    """Return the fields of a batch; this is what a worker runs."""
    return sight.visibility_fields(views, scene, target_height_m)


def entries_of_batch(scene: Scene, views: Sequence[View], xyz_m: FloatArray) -> Entries:
    """Return what a batch sees as density, point and view, numbered within the batch; this is what a worker runs."""
    entries = sparse.coo_array(sight.densities(views, xyz_m, scene))
    return entries.data, entries.row.astype(np.int64), entries.col.astype(np.int64)


def pieces_of_batch(scene: Scene, views: Sequence[View], mounts: Mounts, wall_rows: FloatArray, least_px_m: float) -> Pieces:
    """Return the seen pieces of a batch, views and walls numbered within it; this is what a worker runs."""
    return sight.seen_pieces(views, mounts, wall_rows, scene, least_px_m)


def walls_near(views: Sequence[View], wall_rows: FloatArray) -> IntArray:
    """Return the numbers of the walls of which any may lie within the range of any of the views."""
    reach = np.array([(view.x_m, view.y_m, view.range_m + 1.0) for view in views]).reshape(-1, 3)
    low, high = (reach[:, :2] - reach[:, 2:]).min(axis=0), (reach[:, :2] + reach[:, 2:]).max(axis=0)
    first, last = np.minimum(wall_rows[:, 0:2], wall_rows[:, 2:4]), np.maximum(wall_rows[:, 0:2], wall_rows[:, 2:4])
    return np.flatnonzero(((last >= low) & (first <= high)).all(axis=1))


def _picked(views: Sequence[View], batch: IntArray) -> tuple[View, ...]:
    return tuple(views[number] for number in batch.tolist())


def _global(entries: Entries, points: IntArray, batch: IntArray) -> Entries:
    """Return entries with the numbers of the whole job."""
    density, point, view = entries
    return density, points[point], batch[view]


def _matrix(found: Sequence[Entries], shape: tuple[int, int]) -> sparse.csr_array:
    """Return the matrix of all entries; rows are ordered by view, whatever the order of the batches."""
    columns = zip(*found, strict=True) if found else iter((np.empty(0), np.empty(0, np.int64), np.empty(0, np.int64)))
    density, point, view = (np.concatenate(column) if found else column for column in columns)
    order = np.argsort(view, kind="stable")
    return sparse.csr_array(sparse.coo_array((density[order], (point[order], view[order])), shape=shape))
