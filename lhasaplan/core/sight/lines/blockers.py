"""Find what blocks a sight line first, and the height from which a hidden target would be seen."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, inner, kernel
from lhasaplan.core.sight.compiled.diamond_angles import diamond
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import clearing_height, ground_share
from lhasaplan.core.sight.obstacles.wall_cuts import ON_WALL_M, line_to, part_blocks, share_at_height
from lhasaplan.core.sight.sweep.near_to_far import PARTS, Lens, Occlusion, gather

ANY_HEIGHT_M = 1e9
SLIT = 1e-4  # half width, in radians, of the sector around one sight line
MOST_LIFTS = 200
LIFT_M = 1e-3
CLEAR, GROUND = -1, -2  # in place of a building: nothing hides the point, or the ground does


@inner
def _lens_along(row: FloatArray, x: float, y: float, z: float, high: float) -> Lens:
    """Return the lens looking along one line only, for targets from z to high."""
    dx, dy = x - row[0], y - row[1]
    length = max(math.sqrt(dx * dx + dy * dy), ON_WALL_M)
    cos_half, sin_half = math.cos(SLIT), math.sin(SLIT)
    last = diamond(cos_half, sin_half)
    return Lens(
        row[0], row[1], row[2], z, high, length + ON_WALL_M, dx / length, dy / length, cos_half, sin_half, last,
        int(row[6]), row[5] < 0.0,
    )  # fmt: skip


@inner
def _crossings(k: int, lens: Lens, x: float, y: float, after: float, town: TownIndex) -> tuple[float, float, bool]:
    """Return the first and last share of the way after ``after`` at which walls are crossed, and whether it ends inside.

    The first is the start itself when the line is inside the footprint there.
    """
    dx, dy = x - lens.x, y - lens.y
    first, last, starts_inside, ends_inside = 2.0, 0.0, False, False
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring], town.ring_start[ring + 1]
        px, py = town.corner[end - 1, 0] - lens.x, town.corner[end - 1, 1] - lens.y
        side_p = dx * py - dy * px
        for v in range(start, end):
            qx, qy = town.corner[v, 0] - lens.x, town.corner[v, 1] - lens.y
            side_q = dx * qy - dy * qx
            if (side_p > 0.0) != (side_q > 0.0):
                t = (px * qy - py * qx) / (side_q - side_p)
                if t > after:
                    starts_inside = not starts_inside
                    first = min(first, t)
                    last = max(last, t) if t < 1.0 else last
                if t > 1.0:
                    ends_inside = not ends_inside
            px, py, side_p = qx, qy, side_q
    return (after if starts_inside else first), last, ends_inside


@inner
def _first_share(k: int, lens: Lens, x: float, y: float, z: float, town: TownIndex) -> float:
    """Return the share of the way at which a blocking part is met."""
    length = math.sqrt((x - lens.x) ** 2 + (y - lens.y) ** 2)
    t0, _ = share_at_height(lens.z, z - lens.z, town.part[k, 3], town.part[k, 4])
    first, _, _ = _crossings(k, lens, x, y, t0 + ON_WALL_M / length, town)
    return first


@inner
def _clearing_height(k: int, lens: Lens, x: float, y: float, town: TownIndex) -> float:
    """Return the height of a target above which the line passes over a part's roof."""
    top = town.part[k, 4]
    first, last, ends_inside = _crossings(k, lens, x, y, 0.0, town)
    far = 1.0 if ends_inside else last
    return float(max(lens.z + (top - lens.z) / max(first, 1e-9), lens.z + (top - lens.z) / max(far, 1e-9)))


@inner
def _nearest(lens: Lens, x: float, y: float, z: float, count: int, town: TownIndex, s: Occlusion) -> tuple[int, float]:
    """Return the part that cuts the line first, -1 if none does, and at which share of the way."""
    best, nearest = an_int(-1), 2.0
    line = line_to(lens.x, lens.y, lens.z, x - lens.x, y - lens.y, z - lens.z)
    for i in range(count):
        k = s.part[i]
        if part_blocks(k, line, town):
            t = _first_share(k, lens, x, y, z, town)
            if t < nearest or best < 0:
                best, nearest = k, t
    return best, nearest


@inner
def _free_height(lens: Lens, x: float, y: float, z: float, count: int, town: TownIndex, relief: Relief, s: Occlusion) -> float:
    """Return the lowest height from z up at which a target would be seen; infinite above a lens that is walled in."""
    for _ in range(MOST_LIFTS):
        k, _ = _nearest(lens, x, y, z, count, town, s)
        if k >= 0:
            z = max(z, _clearing_height(k, lens, x, y, town)) + LIFT_M
        elif ground_share(relief, lens.x, lens.y, lens.z, x, y, z) <= 1.0:
            z = max(z, clearing_height(relief, lens.x, lens.y, lens.z, x, y)) + LIFT_M
        else:
            return z
        if z > ANY_HEIGHT_M:
            break
    return math.inf


@kernel
def find_blockers(
    row: FloatArray,
    xyz: FloatArray,
    town: TownIndex,
    relief: Relief,
    near: Neighbours,
    s: Occlusion,
    building: IntArray,
    free: FloatArray,
) -> bool:
    """Write, per point, the building that hides it first (CLEAR or GROUND if none) and the height to be seen from.

    Returns False if the scratch is too short.
    """
    for p in range(len(xyz)):
        x, y, z = xyz[p, 0], xyz[p, 1], xyz[p, 2]
        lens = _lens_along(row, x, y, z, ANY_HEIGHT_M)
        found = gather(lens, town, near, an_int(PARTS), s)
        if found.number < 0:
            return False
        k, share = _nearest(lens, x, y, z, found.number, town, s)
        building[p], free[p] = (town.building[k] if k >= 0 else CLEAR), z
        if ground_share(relief, lens.x, lens.y, lens.z, x, y, z) <= min(share, 1.0):
            building[p] = GROUND
        if building[p] != CLEAR:
            free[p] = _free_height(lens, x, y, z, found.number, town, relief, s)
    return True
