"""One ray over the relief: the intervals on which a target standing on the ground is seen.

With q the target's height above the lens, a target at distance r is hidden if q / r is below the steepest slope of
anything nearer (the horizon), below the picture's lower edge, or above its upper edge. Between knots the ground is taken
as straight, so every end of an interval is found exactly; the horizon changes at knots and at walls only.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import a_bool, an_int, inner
from lhasaplan.core.sight.sweep.angular_buffer import AT_LENS
from lhasaplan.core.sight.sweep.events import FAR_W, INNER, LENS_END, NEAR_W, OUTER, RANGE_END, WALL, Sweeping
from lhasaplan.core.sight.sweep.near_to_far import FRONT, LOW, ROLE, SA, SB, A, B, Lens
from lhasaplan.core.sight.sweep.relief_track import (
    FAR_M,
    NO_EDGE,
    Land,
    Track,
    highest_near,
    is_under_line,
    knot_at,
    next_knot,
    track_of,
    while_hidden,
)

GROUND_END, PICTURE_END = -3, -4  # an interval that ends or begins at a crest, or at the edge of the picture
STRAIGHT_M = 0.05  # ends that lie closer to a line count as on it


class Profiles(NamedTuple):
    """Scratch: the intervals of some rays, (inner, outer) ends and their inverse distances."""

    end: IntArray
    w: FloatArray


class Profile(NamedTuple):
    """A ray that was traced: the row of its intervals and how many.

    ``width_m`` is how wide a wedge it may speak for, none but a cell's where its ground was followed cell by cell.
    ``is_plain``: all is seen from the lens to its one end, whatever the ground there and beside it.
    """

    at: int
    size: int
    width_m: float
    is_plain: bool


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
    """How far a ray has been followed: open interval or not, intervals closed, solids around it, the horizon and whose.

    ``is_clear``: the ground hides nothing on it. ``is_rough``: its ground was followed cell by cell.
    """

    is_open: bool
    n: int
    depth: int
    horizon: float
    owner: int
    is_clear: bool
    is_rough: bool


@inner
def _pass_ground(ray: Ray, r0: float, q0: float, r1: float, q1: float, land: Land, p: Profiles, c: int) -> Ray:
    """Follow the ray over a straight piece of ground in the open air."""
    above = q1 - ray.horizon * r1
    if ray.is_open:
        if above >= 0.0 and q1 <= land.upper * r1:
            return ray
    elif above < 0.0 and r0 > 0.0 and q0 < ray.horizon * r0:
        return ray
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
    return Ray(is_open, n, ray.depth, ray.horizon, ray.owner, ray.is_clear, ray.is_rough)


@inner
def _pass_wall(ray: Ray, k: int, slope: float, r: float, wall: FloatArray, p: Profiles, c: int) -> Ray:
    """Follow the ray through a wall over whose roof one may see: it closes or opens the air, and lifts the horizon."""
    n, is_open, depth = ray.n, ray.is_open, max(0, ray.depth - 1)
    if wall[k, ROLE] == LOW:
        depth = ray.depth + 1
        if is_open:
            n, is_open = _close(p, c, n, k, r), False
    if slope > ray.horizon:
        return Ray(is_open, n, depth, slope, k, ray.is_clear, ray.is_rough)
    return Ray(is_open, n, depth, ray.horizon, ray.owner, ray.is_clear, ray.is_rough)


@inner
def _pass_knot(ray: Ray, rise: float, r: float, is_rough: bool) -> Ray:
    """Let a knot of the ground lift the horizon."""
    if not ray.is_clear and rise > ray.horizon * r:
        return Ray(ray.is_open, ray.n, ray.depth, rise / r, an_int(GROUND_END), ray.is_clear, is_rough)
    return Ray(ray.is_open, ray.n, ray.depth, ray.horizon, ray.owner, ray.is_clear, is_rough)


@inner
def _unchanged_m(ray: Ray, r: float, q: float, land: Land) -> float:
    """Return how far from r the target surely stays seen, or hidden: the ground rises and falls no faster than its steepest."""
    above, below, steep = q - ray.horizon * r, land.upper * r - q, land.steep
    if ray.is_open:
        way = above / (steep + ray.horizon) if steep + ray.horizon > 0.0 else FAR_M
        return min(way, below / (steep - land.upper)) if steep > land.upper else way
    way = 0.0
    if above < 0.0:
        way = -above / (steep - ray.horizon) if steep > ray.horizon else FAR_M
    if below < 0.0:
        way = max(way, -below / (steep + land.upper) if steep + land.upper > 0.0 else FAR_M)
    return way


@inner
def _stays_hidden(ray: Ray, r: float, until: float, q: float, land: Land) -> bool:
    """Return whether the target surely stays below the horizon up to a distance, being at r no higher than q above the lens."""
    return ray.horizon * r - q > max(0.0, land.steep - ray.horizon) * (until - r)


@inner
def _follow_ground(ray: Ray, r0: float, until: float, lens: Lens, land: Land, track: Track, p: Profiles, c: int) -> Ray:
    """Follow the ray over the ground in the open air from r0 to a wall or the range."""
    if ray.is_clear and ray.is_open and land.steep + ray.horizon <= 0.0 and land.upper >= NO_EDGE:
        return ray
    base, step = land.target - lens.z, max(land.stride, land.relief.cell)
    if not ray.is_open and land.stride > 0.0 and _stays_hidden(ray, r0, until, highest_near(land, track, r0) + base, land):
        return ray
    knot = knot_at(land, track, r0 if ray.is_open else while_hidden(ray.horizon, r0, until, base, land, track), a_bool(False))
    while knot.r < until and ray.n < p.end.shape[1] - 2:
        if ray.is_clear or (not ray.is_open and land.stride > 0.0):
            way = _unchanged_m(ray, knot.r, knot.level + base, land)
            if knot.r + way >= until:
                break
            if way > 2.0 * step:
                r = knot.r + way
                knot = knot_at(land, track, r if land.stride == 0.0 else land.stride * math.floor(r / land.stride), a_bool(False))
        before, was_open = knot, ray.is_open
        knot = next_knot(land, track, before, until)
        ray = _pass_ground(ray, before.r, before.level + base, knot.r, knot.level + base, land, p, c)
        ray = _pass_knot(ray, knot.level - lens.z, knot.r, ray.is_rough or knot.is_sharp)
        if was_open and not ray.is_open:
            knot = knot_at(land, track, while_hidden(ray.horizon, knot.r, until, base, land, track), a_bool(False))
    return ray


@inner
def _is_done(ray: Ray, r: float, lens: Lens, land: Land) -> bool:
    """Return whether nothing further can rise above the horizon."""
    top = land.highest - lens.z
    return not ray.is_open and ray.horizon * (lens.reach if top < 0.0 else r) > top


@inner
def trace(
    active: int, ux: float, uy: float, inside: int, lens: Lens, land: Land, wall: FloatArray, s: Sweeping, p: Profiles, c: int
) -> Profile:
    """Write the visible intervals of ray u (lens's frame) to row c.

    Stops at the nearest opaque wall, at the range, or when nothing further can rise above the horizon.
    """
    best, limit, m = _walls_on_ray(active, ux, uy, lens.reach, wall, s)
    last, is_whole = 1.0 / limit, inside == 0 and land.lower <= -NO_EDGE and land.upper >= NO_EDGE
    track, is_smooth = track_of(ux, uy, lens, land.relief.cell), last <= land.clear_m
    is_clear = is_smooth or is_under_line(land, track, last, lens.z)
    is_open = is_whole and is_clear
    ray = Ray(is_open, an_int(0), inside, land.lower, an_int(PICTURE_END), is_clear, a_bool(False))
    if is_open:
        _open(p, c, an_int(0), an_int(LENS_END), 0.0)
    if not is_open or m > 0:
        ray = _follow_ray(ray, m, last, track, lens, land, wall, s, p, c)
    width = land.relief.cell if ray.is_rough else (FAR_M if is_smooth or not is_clear else 2.0 * land.relief.cell)
    return Profile(c, _close(p, c, ray.n, best, last) if ray.is_open else ray.n, width, is_open and is_smooth and m == 0)


@inner
def _follow_ray(
    ray: Ray, m: int, last: float, track: Track, lens: Lens, land: Land, wall: FloatArray, s: Sweeping, p: Profiles, c: int
) -> Ray:
    """Follow the ray over ground and m walls until it ends."""
    r, next_wall = 0.0, an_int(0)
    while True:
        at_wall = 1.0 / s.item[next_wall, NEAR_W] if next_wall < m else 1e18
        until = min(at_wall, last)
        if ray.depth == 0:
            ray = _follow_ground(ray, r, until, lens, land, track, p, c)
        r = until
        if r >= last or ray.n >= p.end.shape[1] - 2 or _is_done(ray, r, lens, land):
            return ray
        ray = _pass_wall(ray, int(s.item[next_wall, WALL]), s.item[next_wall, FAR_W], r, wall, p, c)
        next_wall += 1


@inner
def are_alike(p: Profiles, a: Profile, b: Profile) -> bool:
    """Return whether two rays see intervals with the same ends."""
    if a.size != b.size:
        return False
    for i in range(a.size):
        if p.end[a.at, i, INNER] != p.end[b.at, i, INNER] or p.end[a.at, i, OUTER] != p.end[b.at, i, OUTER]:
            return False
    return True


@inner
def is_ground_bound(p: Profiles, a: Profile, with_shadows: bool) -> bool:
    """Return whether a crest ends or begins an interval of a ray; if asked, also whether a roof's or the picture's edge does."""
    for i in range(a.size):
        if p.end[a.at, i, OUTER] == GROUND_END or p.end[a.at, i, INNER] == GROUND_END:
            return True
        if with_shadows and p.end[a.at, i, INNER] != LENS_END:
            return True
    return False


@inner
def lies_between(p: Profiles, a: Profile, middle: Profile, b: Profile, scale: float) -> bool:
    """Return whether a ray in the middle sees the same things as rays a and b, and its ends lie on lines between theirs.

    ``scale`` is the inverse length of the sum of the unit vectors of a and b: on a line inverse distances add up.
    """
    if not are_alike(p, a, middle) or not are_alike(p, middle, b):
        return False
    for i in range(middle.size):
        for end in range(2):
            w, straight = p.w[middle.at, i, end], (p.w[a.at, i, end] + p.w[b.at, i, end]) * scale
            if w < AT_LENS and abs(w - straight) > STRAIGHT_M * w * straight:
                return False
    return True
