"""Sight lines of many views to many points: the points in the picture, the parts before them, exact crossings."""

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, inner, kernel
from lhasaplan.core.sight.compiled.directions import IS_SET, SPAN_M, bin_of, diamond, lens_set, sharpest_px_m
from lhasaplan.core.sight.lens.frustum import HAIR_M, NEAREST_M
from lhasaplan.core.sight.lens.true_picture import (
    COS_HALF,
    FOCAL_PX,
    HIGH_COS,
    HIGH_SIN,
    LAST,
    LOW_COS,
    LOW_SIN,
    LOWER_COS,
    LOWER_SIN,
    SIN_HALF,
    SWING,
    TAN_ACROSS,
    TAN_DOWN,
    TILT,
    TILT_SWING,
    UPPER_COS,
    UPPER_SIN,
    Fleet,
)
from lhasaplan.core.sight.obstacles.building_index import Neighbours, Targets, TownIndex
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import ground_share
from lhasaplan.core.sight.sweep.near_to_far import FULL, PARTS, Lens, Occlusion, gather

# Whether a part of a building cuts a sight line: cheap refusals first, then exact crossings with its walls.

# ruff: noqa: PLR0917  (kernels take plain numbers)


ON_WALL_M = 1e-3  # a target on a wall, or a line inside a footprint for less than this, is not hidden by it
LEVEL_M = 1e-9


class TargetLine(NamedTuple):
    """A line from a lens to a target: the lens, the way, and the length and unit direction of its plan."""

    x: float
    y: float
    z: float
    dx: float
    dy: float
    rise: float
    length: float
    ux: float
    uy: float


@inner
def line_to(x: float, y: float, z: float, dx: float, dy: float, rise: float) -> TargetLine:
    """Return the line from a lens over a way that is not upright."""
    length = math.sqrt(dx * dx + dy * dy)
    return TargetLine(x, y, z, dx, dy, rise, length, dx / length, dy / length)


@inner
def part_blocks(k: int, line: TargetLine, town: TownIndex) -> bool:
    """Return whether a part cuts the line."""
    cx, cy, radius = town.part[k, 0] - line.x, town.part[k, 1] - line.y, town.part[k, 2]
    if abs(cx * line.uy - cy * line.ux) > radius:
        return False
    along = cx * line.ux + cy * line.uy
    if along - radius > line.length or along + radius < 0.0:
        return False
    t0, t1 = share_at_height(line.z, line.rise, town.part[k, 3], town.part[k, 4])
    margin = ON_WALL_M / line.length
    t0, t1 = t0 + margin, t1 - margin
    if t0 >= t1 or along + radius < t0 * line.length or along - radius > t1 * line.length:
        return False
    return _is_cut(k, line, t0, t1, town)


@inner
def share_at_height(lens_z: float, rise: float, base: float, top: float) -> tuple[float, float]:
    """Return from which to which share of its way a line is between base and top; empty if never."""
    if abs(rise) < LEVEL_M:
        return (0.0, 1.0) if base < lens_z < top else (1.0, 0.0)
    a, b = (base - lens_z) / rise, (top - lens_z) / rise
    return max(0.0, min(a, b)), min(1.0, max(a, b))


@inner
def _is_cut(k: int, line: TargetLine, t0: float, t1: float, town: TownIndex) -> bool:
    """Return whether the line meets the part's solid between two shares of its way.

    It does if it crosses a wall there, or if it is inside at the start: then it crosses an odd number of walls later.
    """
    is_inside, dx, dy = False, line.dx, line.dy
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring], town.ring_start[ring + 1]
        px, py = town.corner[end - 1, 0] - line.x, town.corner[end - 1, 1] - line.y
        side_p = dx * py - dy * px
        for v in range(start, end):
            qx, qy = town.corner[v, 0] - line.x, town.corner[v, 1] - line.y
            side_q = dx * qy - dy * qx
            if (side_p > 0.0) != (side_q > 0.0):
                t = (px * qy - py * qx) / (side_q - side_p)
                if t0 < t:
                    if t < t1:
                        return True
                    is_inside = not is_inside
            px, py, side_p = qx, qy, side_q
    return is_inside


# Which points are in a view's picture, walls ignored, and at which pixel density: kernels without trigonometry at a point.
STOREY_M = 3.0
DX, DY, RISE = range(3)


class PointsShown(NamedTuple):
    """Scratch: the points in one view's picture.

    Parameters
    ----------
    point : shape (n,); place among the targets.   way : shape (n, 3); from the lens to the point.
    storey : shape (n,); 0 at the lens's height and below, then a number for each started storey above it.
    """

    point: IntArray
    way: FloatArray
    storey: IntArray


@inner
def _in_true_picture(v: int, ahead: float, aside: float, rise: float, fleet: Fleet) -> bool:
    """Return whether a point lies within the four sides of the picture; see ``true_picture.sides_of``.

    Turned to the point as far as the tilt may, the lens has it deepest in the picture and nearest to the middle.
    """
    above = ahead * fleet.picture[v, HIGH_SIN] + rise * fleet.picture[v, HIGH_COS]
    below = -rise * fleet.picture[v, LOW_COS] - ahead * fleet.picture[v, LOW_SIN]
    if above > 0.0:
        depth, off = ahead * fleet.picture[v, HIGH_COS] - rise * fleet.picture[v, HIGH_SIN], above
    elif below > 0.0:
        depth, off = ahead * fleet.picture[v, LOW_COS] - rise * fleet.picture[v, LOW_SIN], below
    else:
        depth, off = math.sqrt(ahead * ahead + rise * rise), 0.0
    return bool(aside <= depth * fleet.picture[v, TAN_ACROSS] and off <= depth * fleet.picture[v, TAN_DOWN])


@inner
def _gap(dip: float, least: float, most: float) -> float:
    """Return how far an angle lies beside a span of angles."""
    return max(0.0, dip - most, least - dip)


@inner
def _in_picture_of_one(v: int, ahead: float, aside: float, rise: float, fleet: Fleet) -> bool:
    """Return whether a point lies in the picture of a lens of some height; see ``true_picture.are_in_picture``."""
    low = -rise - fleet.sets[v, SPAN_M]
    dip_high, dip_low = math.atan2(-rise, ahead), math.atan2(low, ahead)
    tilt, swing = fleet.optics[v, TILT], fleet.optics[v, TILT_SWING]
    if ahead > 0.0:
        gap = max(0.0, dip_low - tilt - swing, tilt - swing - dip_high)
    else:
        gap = min(_gap(dip_high, tilt - swing, tilt + swing), _gap(dip_low, tilt - swing, tilt + swing))
    most = max(abs(rise), abs(low))
    depth = math.sqrt(ahead * ahead + most * most) * math.cos(gap)
    return bool(gap <= math.atan(fleet.picture[v, TAN_DOWN]) and aside <= depth * fleet.picture[v, TAN_ACROSS])


@inner
def in_picture(v: int, dx: float, dy: float, rise: float, fleet: Fleet) -> bool:
    """Return whether a point at this way from the lens is within range and picture, limits included."""
    square = dx * dx + dy * dy
    if square > fleet.reach[v] * fleet.reach[v]:
        return False
    ahead = dx * fleet.axis[v, 0] + dy * fleet.axis[v, 1]
    aside = abs(dy * fleet.axis[v, 0] - dx * fleet.axis[v, 1])
    if fleet.picture[v, TAN_ACROSS] > 0.0:
        if fleet.sets[v, SPAN_M] > 0.0:
            return _in_picture_of_one(v, ahead, aside, rise, fleet)
        return _in_true_picture(v, ahead, aside, rise, fleet)
    if aside * fleet.half[v, COS_HALF] > ahead * fleet.half[v, SIN_HALF]:
        return False
    ground = math.sqrt(square)
    if -rise * fleet.edge[v, UPPER_COS] < ground * fleet.edge[v, UPPER_SIN]:
        return False
    lowest = rise + fleet.sets[v, SPAN_M]
    return bool(-lowest * fleet.edge[v, LOWER_COS] <= ground * fleet.edge[v, LOWER_SIN])


@inner
def density_at(v: int, dx: float, dy: float, rise: float, fleet: Fleet) -> float:
    """Return the pixel density across a target, px/m; see ``frustum.depth_m``. Of a set of lenses it is the highest."""
    if fleet.sets[v, IS_SET] > 0.0:
        forward = dx * fleet.axis[v, 0] + dy * fleet.axis[v, 1]
        return sharpest_px_m(lens_set(fleet.sets, v), forward, abs(dy * fleet.axis[v, 0] - dx * fleet.axis[v, 1]), -rise)
    focal = fleet.optics[v, FOCAL_PX]
    ground = math.sqrt(dx * dx + dy * dy)
    if fleet.is_equidistant[v]:
        return float(focal / max(math.sqrt(ground * ground + rise * rise), NEAREST_M))
    forward = dx * fleet.axis[v, 0] + dy * fleet.axis[v, 1]
    if fleet.optics[v, SWING] > 0.0:
        turn = math.atan2(abs(dy * fleet.axis[v, 0] - dx * fleet.axis[v, 1]), forward)
        forward = ground * math.cos(max(0.0, turn - fleet.optics[v, SWING]))
    tilt, swing = fleet.optics[v, TILT], fleet.optics[v, TILT_SWING]
    if swing > 0.0:
        tilt = min(max(math.atan2(-rise, ground), tilt - swing), tilt + swing)
    return float(focal / max(forward * math.cos(tilt) - rise * math.sin(tilt), NEAREST_M))


@inner
def _box(v: int, fleet: Fleet) -> tuple[float, float, float, float]:
    """Return the box around a view's sector, from the lens: west, east, south, north."""
    reach, cos_axis, sin_axis = fleet.reach[v], fleet.axis[v, 0], fleet.axis[v, 1]
    cos_half, sin_half = fleet.half[v, COS_HALF], fleet.half[v, SIN_HALF]
    ax, ay = cos_axis * cos_half - sin_axis * sin_half, sin_axis * cos_half + cos_axis * sin_half
    bx, by = cos_axis * cos_half + sin_axis * sin_half, sin_axis * cos_half - cos_axis * sin_half
    west, east = (-1.0 if -cos_axis >= cos_half else min(0.0, ax, bx)), (1.0 if cos_axis >= cos_half else max(0.0, ax, bx))
    south, north = (-1.0 if -sin_axis >= cos_half else min(0.0, ay, by)), (1.0 if sin_axis >= cos_half else max(0.0, ay, by))
    return west * reach, east * reach, south * reach, north * reach


@inner
def points_shown(v: int, fleet: Fleet, targets: Targets, shown: PointsShown) -> tuple[int, int]:
    """Note the points in one view's picture; returns their number (FULL if they do not fit) and the highest storey.

    A point right below the lens is moved aside by a hair: a line needs a bearing.
    """
    x, y, z = fleet.place[v, 0], fleet.place[v, 1], fleet.place[v, 2]
    west, east, south, north = _box(v, fleet)
    left, bottom, width = targets.frame[0], targets.frame[1], targets.frame[2]
    first_column, last_column = max(0, int((x + west - left) // width)), min(targets.columns - 1, int((x + east - left) // width))
    first_row, last_row = max(0, int((y + south - bottom) // width)), min(targets.rows - 1, int((y + north - bottom) // width))
    n, highest = an_int(0), an_int(0)
    for row in range(first_row, last_row + 1 if last_column >= first_column else first_row):
        start, end = row * targets.columns + first_column, row * targets.columns + last_column + 1
        for p in range(targets.cell_start[start], targets.cell_start[end]):
            dx, dy, rise = targets.xyz[p, 0] - x, targets.xyz[p, 1] - y, targets.xyz[p, 2] - z
            if abs(dx) + abs(dy) < LEVEL_M:
                dx = HAIR_M
            if in_picture(v, dx, dy, rise, fleet):
                if n >= len(shown.point):
                    return FULL, highest
                storey = math.ceil(max(0.0, rise) / STOREY_M)
                shown.point[n], shown.storey[n] = p, storey
                shown.way[n, DX], shown.way[n, DY], shown.way[n, RISE] = dx, dy, rise
                n, highest = n + 1, max(highest, storey)
    return n, highest


# ruff: noqa: PLR0917  (kernels take plain numbers)
SPARE_M = 1e-3  # walls are gathered a little beyond the farthest point


class PointPairs(NamedTuple):
    """Output of a batch: view, point and density (px/m) of every seen pair; as many as fit."""

    views: IntArray
    points: IntArray
    density: FloatArray


@inner
def _is_free(lens: Lens, line: TargetLine, count: int, town: TownIndex, s: Occlusion) -> bool:
    """Return whether a line in the sector passes the opaque walls in the buffer and all gathered parts."""
    ahead, aside = line.dx * lens.cos_axis + line.dy * lens.sin_axis, line.dy * lens.cos_axis - line.dx * lens.sin_axis
    if line.length > ON_WALL_M and s.buf[bin_of(diamond(ahead, aside))] * line.length > 1.0001:
        return False
    for i in range(count):  # noqa: SIM110  (kernels know no generators)
        if part_blocks(s.part[i], line, town):
            return False
    return True


@inner
def _lens_for(v: int, storey: int, count: int, fleet: Fleet, shown: PointsShown) -> Lens:
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
    targets: Targets, s: Occlusion, shown: PointsShown, out: PointPairs, m: int,
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
    shown: PointsShown, out: PointPairs, m: int,
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
    shown: PointsShown,
    out: PointPairs,
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
