"""Sight lines of many views to many points: the points in the picture, the parts before them, exact crossings."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, inner, kernel
from lhasaplan.core.sight.compiled.diamond_angles import bin_of, diamond
from lhasaplan.core.sight.lens.picture_columns import COS_HALF, LAST, SIN_HALF, Fleet
from lhasaplan.core.sight.lines.points_in_picture import DX, DY, RISE, Shown, density_at, points_shown
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex
from lhasaplan.core.sight.obstacles.point_grid import Targets
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import ground_share
from lhasaplan.core.sight.obstacles.wall_cuts import ON_WALL_M, Line, line_to, part_blocks
from lhasaplan.core.sight.sweep.near_to_far import FULL, PARTS, Lens, Occlusion, gather

SPARE_M = 1e-3  # walls are gathered a little beyond the farthest point


class Pairs(NamedTuple):
    """Output of a batch: view, point and density (px/m) of every seen pair; as many as fit."""

    views: IntArray
    points: IntArray
    density: FloatArray


@inner
def _is_free(lens: Lens, line: Line, count: int, town: TownIndex, s: Occlusion) -> bool:
    """Return whether a line in the sector passes the opaque walls in the buffer and all gathered parts."""
    ahead, aside = line.dx * lens.cos_axis + line.dy * lens.sin_axis, line.dy * lens.cos_axis - line.dx * lens.sin_axis
    if line.length > ON_WALL_M and s.buf[bin_of(diamond(ahead, aside))] * line.length > 1.0001:
        return False
    for i in range(count):  # noqa: SIM110  (kernels know no generators)
        if part_blocks(s.part[i], line, town):
            return False
    return True


@inner
def _lens_for(v: int, storey: int, count: int, fleet: Fleet, shown: Shown) -> Lens:
    """Return a view's lens for the points of a storey: their heights and the farthest bound what must be gathered.

    Its reach is negative if there are none.
    """
    far, low, high = -1.0, math.inf, -math.inf
    for i in range(count):
        if shown.storey[i] == storey:
            far = max(far, shown.way[i, DX] ** 2 + shown.way[i, DY] ** 2)
            low, high = min(low, shown.way[i, RISE]), max(high, shown.way[i, RISE])
    z, reach = fleet.place[v, 2], math.sqrt(far) + SPARE_M if far > 0.0 else -1.0
    return Lens(
        fleet.place[v, 0], fleet.place[v, 1], z, z + low, z + high, reach, fleet.axis[v, 0], fleet.axis[v, 1],
        fleet.half[v, COS_HALF], fleet.half[v, SIN_HALF], fleet.half[v, LAST], fleet.skipped[v], False,
    )  # fmt: skip


@inner
def _see_storey(
    v: int, storey: int, lens: Lens, parts: int, count: int, fleet: Fleet, town: TownIndex, relief: Relief,
    targets: Targets, s: Occlusion, shown: Shown, out: Pairs, m: int,
) -> int:  # fmt: skip
    """Append the points of a storey that one view sees; returns the number of pairs, FULL if they do not fit."""
    for i in range(count):
        if shown.storey[i] != storey:
            continue
        dx, dy, rise = shown.way[i, DX], shown.way[i, DY], shown.way[i, RISE]
        line = line_to(lens.x, lens.y, lens.z, dx, dy, rise)
        if not _is_free(lens, line, parts, town, s):
            continue
        if ground_share(relief, lens.x, lens.y, lens.z, lens.x + dx, lens.y + dy, lens.z + rise) <= 1.0:
            continue
        if m >= len(out.views):
            return FULL
        out.views[m], out.points[m] = v, targets.number[shown.point[i]]
        out.density[m] = density_at(v, dx, dy, rise, fleet)
        m += 1
    return m


@inner
def _see_from(
    v: int, fleet: Fleet, town: TownIndex, relief: Relief, near: Neighbours, targets: Targets, s: Occlusion,
    shown: Shown, out: Pairs, m: int,
) -> int:  # fmt: skip
    """Append the points that one view sees; returns the number of pairs, FULL if they or the scratch do not fit."""
    count, highest = points_shown(v, fleet, targets, shown)
    if count == FULL:
        return FULL
    for storey in range(highest + 1 if count > 0 else 0):
        lens = _lens_for(v, storey, count, fleet, shown)
        if lens.reach < 0.0:
            continue
        found = gather(lens, town, near, an_int(PARTS), s)
        if found.number == FULL:
            return FULL
        m = _see_storey(v, storey, lens, found.number, count, fleet, town, relief, targets, s, shown, out, m)
        if m == FULL:
            return FULL
    return m


@kernel
def see_points(
    views: IntArray,
    first: int,
    fleet: Fleet,
    town: TownIndex,
    relief: Relief,
    near: Neighbours,
    targets: Targets,
    s: Occlusion,
    shown: Shown,
    out: Pairs,
) -> tuple[int, int]:
    """Find the seen pairs of the views from ``first`` on; returns the next view to ask and the number of pairs.

    It stops early when the pairs or the scratch of a view do not fit: at ``first`` if there is no room for even one.
    """
    m = an_int(0)
    for i in range(first, len(views)):
        reached = _see_from(views[i], fleet, town, relief, near, targets, s, shown, out, m)
        if reached == FULL:
            return i, m
        m = reached
    return len(views), m
