"""Call the sight line kernels: views and points go in as plain arrays, seen pairs and blockers come back."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.batching import STEP, batches, in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.picture_columns import Fleet, fleet_of
from lhasaplan.core.sight.lens.true_picture import widest_bearings_deg
from lhasaplan.core.sight.lens.view_columns import ViewColumns, columns_of
from lhasaplan.core.sight.lines.blockers import find_blockers
from lhasaplan.core.sight.lines.pair_masks import hidden_pairs
from lhasaplan.core.sight.lines.points import PointPairs, PointsShown, see_points
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex, neighbours
from lhasaplan.core.sight.obstacles.point_grid import Targets, sort_targets
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.sweep.engine import WALLS_AT_FIRST, lens_rows
from lhasaplan.core.sight.sweep.scratch_arrays import lent_scratch

PAIRS_AT_FIRST = 4096


class _Question(NamedTuple):
    """All that the views of a job are asked about, as the kernel takes it."""

    fleet: Fleet
    town: TownIndex
    relief: Relief
    near: Neighbours
    targets: Targets


def seen_pairs(columns: ViewColumns, xyz_m: FloatArray, scene: Scene, progress: Progress) -> PointPairs:
    """Return all pairs within picture and range that nothing hides, with their density; masks are not asked."""
    if not len(columns.x_m) or not len(xyz_m):
        return _joined([])
    progress(0.0, STEP)
    return pairs_with(columns, sort_targets(xyz_m), scene, progress)


def pairs_with(columns: ViewColumns, targets: Targets, scene: Scene, progress: Progress) -> PointPairs:
    """Return ``seen_pairs`` of at least one view and points that were sorted before."""
    near = neighbours(float(columns.range_m.max()) + scene.index.widest + 2.0)
    progress(0.0, STEP)
    question = _Question(fleet_of(columns), scene.index, scene.relief, near, targets)
    jobs = batches(question.fleet.place)
    found = in_threads(lambda batch: _see_batch(batch, question), jobs, progress)
    return _joined([pairs for some in found for pairs in some])


def _see_batch(batch: IntArray, question: _Question) -> list[PointPairs]:
    """Return the seen pairs of one batch; scratch and output grow until they suffice."""
    size, found, first = PAIRS_AT_FIRST, [], 0
    out, shown = _room(size)
    with lent_scratch() as scratch:
        while first < len(batch):
            reached, count = see_points(batch, first, *question, scratch.room(size).occlusion, shown, out)
            if reached == first:
                size *= 2
                out, shown = _room(size)
            if count:
                found.append(PointPairs(out.views[:count].copy(), out.points[:count].copy(), out.density[:count].copy()))
            first = reached
    return found


def _room(size: int) -> tuple[PointPairs, PointsShown]:
    """Return room for so many pairs, and for as many points in one view's picture."""
    pairs = PointPairs(np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size))
    return pairs, PointsShown(np.empty(size, np.int64), np.empty((size, 3)), np.empty(size, np.int64))


def _joined(found: Sequence[PointPairs]) -> PointPairs:
    """Return the pairs of all batches."""
    none = PointPairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return PointPairs(*(np.concatenate(column) for column in zip(none, *found, strict=True)))


def blockers_of(view: View, xyz_m: FloatArray, scene: Scene) -> tuple[IntArray, FloatArray]:
    """Return, per point, what hides it first (a building, CLEAR or GROUND) and the height from which it would be seen."""
    building, free = np.empty(len(xyz_m), np.int64), np.empty(len(xyz_m))
    columns, town = columns_of([view]), scene.index
    row = lens_rows(columns)[0]
    row[5] = math.radians(widest_bearings_deg(columns)[0])
    away = np.hypot(xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m)
    near, size = neighbours(float(away.max(initial=0.0)) + town.widest + 2.0), WALLS_AT_FIRST
    with lent_scratch() as scratch:
        while not find_blockers(row, xyz_m, town, scene.relief, near, scratch.room(size).occlusion, building, free):
            size *= 2
    return building, free


# Densities of a few views at fixed points, as columns of a matrix; the points are sorted once for all changes.

Seen = tuple[IntArray, FloatArray]


def seen_columns(views: Sequence[View], xyz_m: FloatArray, targets: Targets, scene: Scene) -> list[Seen]:
    """Return, for each view, the points that it sees, ascending, and their densities in px/m, after masks.

    Parameters
    ----------
    xyz_m : shape (P, 3).
    targets : the same points, sorted by :func:`lhasaplan.core.sight.obstacles.point_grid.sort_targets`.
    """
    pass

    if not views:
        return []
    columns = columns_of(views)
    seen = pairs_with(columns, targets, scene, no_progress)
    shown = np.flatnonzero(~hidden_pairs(views, columns, xyz_m, (seen.views, seen.points), scene))
    shown = shown[np.lexsort((seen.points[shown], seen.views[shown]))]
    points, density = seen.points[shown], seen.density[shown]
    ends = np.searchsorted(seen.views[shown], np.arange(len(views) + 1)).tolist()
    return [(points[a:b], density[a:b]) for a, b in pairwise(ends)]
