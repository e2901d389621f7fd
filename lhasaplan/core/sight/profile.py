"""One ray over the relief: the intervals on which a target standing on the ground is seen.

With q the target's height above the lens, a target at distance r is hidden if q / r is below the steepest slope of
anything nearer (the horizon), below the picture's lower edge, or above its upper edge. Between knots the ground is taken
as straight, so every end of an interval is found exactly; the horizon changes at knots and at walls only.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

from typing import NamedTuple

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.sight.buffer import AT_LENS
from lhasaplan.core.sight.gather import FRONT, LOW, ROLE, SA, SB, A, B, Lens
from lhasaplan.core.sight.jit import an_int, inner
from lhasaplan.core.sight.relief import Relief
from lhasaplan.core.sight.relief_line import sample
from lhasaplan.core.sight.wedge import FAR_W, INNER, LENS_END, NEAR_W, OUTER, RANGE_END, WALL, Sweeping

GROUND_END, PICTURE_END = -3, -4  # an interval that ends or begins at a crest, or at the edge of the picture
NO_EDGE = 1e5  # slopes beyond this are no edge of a picture


class Land(NamedTuple):
    """What a view's rays run over.

    ``target`` is the target's height above ground, ``lower`` and ``upper`` the slopes of the picture's edges (upwards
    positive), ``knot`` the distance of knots, ``highest`` the highest target within range above the datum.
    """

    relief: Relief
    target: float
    lower: float
    upper: float
    knot: float
    highest: float


class Profiles(NamedTuple):
    """Scratch: the intervals of three rays, (inner, outer) ends and their inverse distances."""

    end: IntArray
    w: FloatArray


@inner
def _walls_on_ray(active: int, ux: float, uy: float, reach: float, wall: FloatArray, s: Sweeping) -> tuple[int, float, int]:
    """Write the walls before the nearest opaque one near to far; returns that one (-1: the range), its w, and how many."""
    best, limit, m, item = an_int(RANGE_END), 1.0 / reach, an_int(0), s.item
    for j in range(active):
        k = s.active[j]
        if wall[k, ROLE] == FRONT:
            w = wall[k, A] * ux + wall[k, B] * uy
            if w > limit:
                best, limit = k, w
    for j in range(active):
        k = s.active[j]
        w = wall[k, A] * ux + wall[k, B] * uy
        if wall[k, ROLE] == FRONT or w < limit:
            continue
        i = m
        while i > 0 and item[i - 1, NEAR_W] < w:
            item[i, WALL], item[i, NEAR_W], item[i, FAR_W] = item[i - 1, WALL], item[i - 1, NEAR_W], item[i - 1, FAR_W]
            i -= 1
        item[i, WALL], item[i, NEAR_W], item[i, FAR_W] = k, w, wall[k, SA] * ux + wall[k, SB] * uy
        m += 1
    return best, limit, m


@inner
def _from_below(low: float, d0: float, d1: float) -> float:
    """Return the share of a piece from which a straight difference is not negative, given that it is at its end."""
    return max(low, d0 / (d0 - d1)) if d0 < 0.0 <= d1 else low


@inner
def _up_to(high: float, d0: float, d1: float) -> float:
    """Return the share of a piece up to which a straight difference is not negative, given that it is at its start."""
    return min(high, d0 / (d0 - d1)) if d0 >= 0.0 > d1 else high


@inner
def _open(p: Profiles, c: int, n: int, end: int, r: float) -> None:
    p.end[c, n, INNER] = end
    p.w[c, n, INNER] = AT_LENS if r <= 0.0 else 1.0 / r


@inner
def _close(p: Profiles, c: int, n: int, end: int, r: float) -> int:
    p.end[c, n, OUTER], p.w[c, n, OUTER] = end, 1.0 / max(r, 1e-9)
    return n + 1


@inner
def _seen_stretch(r0: float, q0: float, r1: float, q1: float, horizon: float, land: Land) -> tuple[float, float]:
    """Return the shares of the piece from (r0, q0) to (r1, q1) between which a target is seen; empty if nowhere."""
    a0, a1 = q0 - horizon * r0, q1 - horizon * r1
    b0, b1 = land.upper * r0 - q0, land.upper * r1 - q1
    if r0 == 0.0 and horizon <= -NO_EDGE:
        a0 = 0.0
    if r0 == 0.0 and land.upper >= NO_EDGE:
        b0 = 0.0
    if (a0 < 0.0 and a1 < 0.0) or (b0 < 0.0 and b1 < 0.0):
        return 1.0, 0.0
    low, high = _from_below(_from_below(0.0, a0, a1), b0, b1), _up_to(_up_to(1.0, a0, a1), b0, b1)
    return low, high


class Ray(NamedTuple):
    """How far a ray has been followed: open interval or not, intervals closed, solids around it, the horizon and whose."""

    is_open: bool
    n: int
    depth: int
    horizon: float
    owner: int


@inner
def _pass_ground(ray: Ray, r0: float, q0: float, r1: float, q1: float, land: Land, p: Profiles, c: int) -> Ray:
    """Follow the ray over a straight piece of ground in the open air."""
    low, high = _seen_stretch(r0, q0, r1, q1, ray.horizon, land)
    n, is_open = ray.n, ray.is_open
    if is_open and (low > 0.0 or low > high):
        n, is_open = _close(p, c, n, GROUND_END, r0), False
    if low < high or (is_open and low <= high):
        if not is_open:
            begin = r0 + low * (r1 - r0)
            _open(p, c, n, LENS_END if begin <= 0.0 else ray.owner, begin)
            is_open = True
        if high < 1.0:
            n, is_open = _close(p, c, n, GROUND_END, r0 + high * (r1 - r0)), False
    return Ray(is_open, n, ray.depth, ray.horizon, ray.owner)


@inner
def _pass_wall(ray: Ray, k: int, slope: float, r: float, wall: FloatArray, p: Profiles, c: int) -> Ray:
    """Follow the ray through a wall over whose roof one may see: it closes or opens the air, and lifts the horizon."""
    n, is_open, depth = ray.n, ray.is_open, max(0, ray.depth - 1)
    if wall[k, ROLE] == LOW:
        depth = ray.depth + 1
        if is_open:
            n, is_open = _close(p, c, n, k, r), False
    if slope > ray.horizon:
        return Ray(is_open, n, depth, slope, k)
    return Ray(is_open, n, depth, ray.horizon, ray.owner)


@inner
def _pass_knot(ray: Ray, slope: float) -> Ray:
    """Let a knot of the ground lift the horizon."""
    if slope > ray.horizon and ray.depth == 0:
        return Ray(ray.is_open, ray.n, ray.depth, slope, an_int(GROUND_END))
    return ray


@inner
def trace(
    active: int, ux: float, uy: float, inside: int, lens: Lens, land: Land, wall: FloatArray, s: Sweeping, p: Profiles, c: int
) -> int:
    """Write the visible intervals of ray u (lens's frame) to row c; returns their number.

    Stops at the nearest opaque wall, at the range, or when nothing further can rise above the horizon.
    """
    best, limit, m = _walls_on_ray(active, ux, uy, lens.reach, wall, s)
    gx, gy = ux * lens.cos_axis - uy * lens.sin_axis, ux * lens.sin_axis + uy * lens.cos_axis
    ray = Ray(limit < 0.0, an_int(0), inside, land.lower, an_int(PICTURE_END))
    last, top, next_wall = 1.0 / limit, land.highest - lens.z, an_int(0)
    knot_a, level_a = 0.0, sample(land.relief, lens.x, lens.y) + land.target - lens.z
    knot_b = land.knot
    level_b = sample(land.relief, lens.x + gx * knot_b, lens.y + gy * knot_b) + land.target - lens.z
    r0, q0 = 0.0, level_a
    while True:
        at_wall = 1.0 / s.item[next_wall, NEAR_W] if next_wall < m else 1e18
        r1 = min(knot_b, at_wall, last)
        q1 = level_b if r1 == knot_b else level_a + (level_b - level_a) * (r1 - knot_a) / (knot_b - knot_a)
        if ray.depth == 0:
            ray = _pass_ground(ray, r0, q0, r1, q1, land, p, c)
        r0, q0 = r1, q1
        if r1 >= last or ray.n >= p.end.shape[1] - 2:
            break
        if r1 == at_wall:
            ray = _pass_wall(ray, int(s.item[next_wall, WALL]), s.item[next_wall, FAR_W], r1, wall, p, c)
            next_wall += 1
        if r1 == knot_b:
            ray = _pass_knot(ray, (q1 - land.target) / r1)
            knot_a, level_a = knot_b, level_b
            knot_b += land.knot
            level_b = sample(land.relief, lens.x + gx * knot_b, lens.y + gy * knot_b) + land.target - lens.z
        if not ray.is_open and ray.horizon * (lens.reach if top < 0.0 else r1) > top:
            break
    return _close(p, c, ray.n, best, last) if ray.is_open else ray.n


@inner
def are_alike(p: Profiles, a: int, na: int, b: int, nb: int) -> bool:
    """Return whether two rays see intervals with the same ends."""
    if na != nb:
        return False
    for i in range(na):  # noqa: SIM110  (kernels know no generators)
        if p.end[a, i, INNER] != p.end[b, i, INNER] or p.end[a, i, OUTER] != p.end[b, i, OUTER]:
            return False
    return True
