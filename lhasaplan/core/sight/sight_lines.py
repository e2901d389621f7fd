"""Sight lines' face: views and points in plain arrays to the kernels, seen pairs and blockers back."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.camera import View
from lhasaplan.core.sight.batching import Progress, batches, in_threads
from lhasaplan.core.sight.blockers import find_blockers
from lhasaplan.core.sight.engine import WALLS_AT_FIRST, lens_rows
from lhasaplan.core.sight.frustum import (
    ANGLE_SLACK_DEG,
    RANGE_SLACK_M,
    half_width_deg,
    vertical_limits_deg,
)
from lhasaplan.core.sight.gather import FULL
from lhasaplan.core.sight.index import Neighbours, TownIndex, neighbours
from lhasaplan.core.sight.points import Pairs, Targets, see_points, sort_targets
from lhasaplan.core.sight.relief import Relief
from lhasaplan.core.sight.scene import Scene
from lhasaplan.core.sight.scratch import room_for

BAND_M = 3.0  # targets of about one storey share one gathering


class Fleet(NamedTuple):
    """All views of a job in plain arrays, and the town that they look at."""

    rows: FloatArray
    limits: FloatArray
    town: TownIndex
    relief: Relief
    near: Neighbours


def limits_of(views: Sequence[View]) -> FloatArray:
    """Return range, half width, upper and lower edge of each view, each with its slack, shape (V, 4)."""
    limits = np.empty((len(views), 4))
    for row, view in zip(limits, views, strict=True):
        upper, lower = vertical_limits_deg(view)
        half, slack = half_width_deg(view), ANGLE_SLACK_DEG
        angles = np.radians((half + slack if half < 180.0 else 360.0, upper - slack, lower + slack))
        row[:] = (view.range_m + RANGE_SLACK_M, *angles)
    return limits


def seen_pairs(views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress) -> tuple[IntArray, IntArray]:
    """Return (view, point) of all pairs within picture and range that nothing hides; masks are not asked."""
    if not len(views) or not len(xyz_m):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    rows = lens_rows(views)
    near = neighbours(float(rows[:, 3].max()) + scene.index.widest + 2.0)
    fleet = Fleet(rows, limits_of(views), scene.index, scene.relief, near)
    bands = list(_storeys(xyz_m))
    jobs = [(batch, targets) for batch in batches(rows) for targets in bands]
    found = in_threads(lambda job: _see_batch(*job, fleet), jobs, progress)
    return np.concatenate([f.views for f in found]), np.concatenate([f.points for f in found])


def blockers_of(view: View, xyz_m: FloatArray, scene: Scene) -> tuple[IntArray, FloatArray]:
    """Return, per point, what hides it first (a building, CLEAR or GROUND) and the height from which it would be seen."""
    building, free = np.empty(len(xyz_m), np.int64), np.empty(len(xyz_m))
    row, town = lens_rows([view])[0], scene.index
    away = np.hypot(xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m)
    near, size = neighbours(float(away.max(initial=0.0)) + town.widest + 2.0), WALLS_AT_FIRST
    while not find_blockers(row, xyz_m, town, scene.relief, near, room_for(size).occlusion, building, free):
        size *= 2
    return building, free


def _storeys(xyz_m: FloatArray) -> Iterator[Targets]:
    """Yield the points in bands of height, lowest first."""
    band = np.floor(xyz_m[:, 2] / BAND_M).astype(np.int64)
    for level in np.unique(band):
        number = np.flatnonzero(band == level)
        yield sort_targets(xyz_m[number], number)


def _see_batch(batch: IntArray, targets: Targets, fleet: Fleet) -> Pairs:
    """Return the seen pairs of one batch; scratch and output grow until they suffice."""
    size, room = 4096, 4096
    while True:
        out = Pairs(np.empty(room, np.int64), np.empty(room, np.int64))
        count = see_points(batch, *fleet, targets, room_for(size).occlusion, out)
        if count != FULL:
            return Pairs(out.views[:count].copy(), out.points[:count].copy())
        size, room = 2 * size, 4 * room
