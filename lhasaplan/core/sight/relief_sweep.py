"""Visibility polygons over relief: the sweep with a ground profile on every ray.

A wedge whose two rays see the same chain of things is a set of quadrilaterals; any other is halved, down to ``FINEST``.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.sight.boundary import Boundary, Side, add_vertex, join
from lhasaplan.core.sight.events import MOST_PER_WALL, make_events, sort_events
from lhasaplan.core.sight.gather import BURIED, FULL, RELIEF, A, B, Lens, gather
from lhasaplan.core.sight.index import Neighbours, TownIndex
from lhasaplan.core.sight.jit import a_bool, an_int, inner, kernel
from lhasaplan.core.sight.points import lens_of
from lhasaplan.core.sight.profile import Land, Profiles, are_alike, trace
from lhasaplan.core.sight.relief import Relief
from lhasaplan.core.sight.relief_line import extremes
from lhasaplan.core.sight.sweep import SPARE_VERTICES, Rings, Room, read_rings, update_active
from lhasaplan.core.sight.wedge import INNER, INNER_VERTEX, OUTER, OUTER_VERTEX

WIDEST, FINEST = math.radians(1.0), math.radians(0.05)
KNOT_ERROR_M, WIDEST_KNOT_M = 0.005, 5.0
MIDDLE = 2  # row of the profile in a wedge's middle; rows 0 and 1 are its two rays in turn


class Hills(NamedTuple):
    """Scratch of a sweep over relief: profiles, the inverse distances of listed intervals, rays that wait."""

    profiles: Profiles
    value: FloatArray  # shape (3 lists, 2 rays, n, 2 ends)
    waiting: FloatArray


@inner
def _copy_profile(p: Profiles, source: int, target: int, n: int) -> None:
    for i in range(n):
        for end in range(2):
            p.end[target, i, end], p.w[target, i, end] = p.end[source, i, end], p.w[source, i, end]


@inner
def _list_wedge(p: Profiles, a: int, b: int, n: int, c: int, interval: IntArray, value: FloatArray) -> None:
    """Write the intervals that both rays a and b see as list c."""
    for i in range(n):
        for end in range(2):
            interval[c, i, end] = p.end[a, i, end]
            value[c, 0, i, end], value[c, 1, i, end] = p.w[a, i, end], p.w[b, i, end]


@inner
def _set_on_walls(
    n: int, c: int, ux: float, uy: float, vx: float, vy: float, reach: float, wall: FloatArray, room: Room, hills: Hills
) -> None:
    """Put outer ends that are walls on their walls, when one ray in the middle speaks for a whole wedge."""
    for i in range(n):
        k = room.sweeping.interval[c, i, OUTER]
        if k >= 0:
            hills.value[c, 0, i, OUTER] = max(1.0 / reach, wall[k, A] * ux + wall[k, B] * uy)
            hills.value[c, 1, i, OUTER] = max(1.0 / reach, wall[k, A] * vx + wall[k, B] * vy)


@inner
def _keep_in_order(n: int, c: int, value: FloatArray) -> None:
    """Keep the ends in order on both rays, whatever the extrapolation."""
    for ray in range(2):
        for i in range(2 * n - 1):
            here, further = value[c, ray, i >> 1, i & 1], value[c, ray, (i + 1) >> 1, (i + 1) & 1]
            value[c, ray, (i + 1) >> 1, (i + 1) & 1] = min(here, further)


@inner
def _open_first(b: Boundary, side: Side, ux: float, uy: float, room: Room, hills: Hills, nv: int) -> int:
    """Write the first wedge's vertices on the first ray of a full circle; list 2 keeps them for the last ray."""
    interval, value = room.sweeping.interval, hills.value
    for i in range(side.size):
        interval[side.list, i, INNER_VERTEX] = nv
        nv = add_vertex(b, nv, ux, uy, value[side.list, 0, i, INNER])
        interval[side.list, i, OUTER_VERTEX] = nv
        nv = add_vertex(b, nv, ux, uy, value[side.list, 0, i, OUTER])
        for column in range(4):
            interval[2, i, column] = interval[side.list, i, column]
        for end in range(2):
            value[2, 0, i, end] = value[side.list, 0, i, end]
    return nv


@inner
def _join(left: Side, right: Side, ux: float, uy: float, reach: float, room: Room, hills: Hills, nv: int, closes: bool) -> int:
    """Link the wedges left and right of ray u."""
    b = room.boundary
    for i in range(2 * left.size):
        b.ends[0, i] = hills.value[left.list, 1, i >> 1, i & 1]
    for i in range(2 * right.size):
        b.ends[1, i] = hills.value[right.list, 0, i >> 1, i & 1]
    return join(b, room.sweeping.interval, left, right, ux, uy, reach, nv, closes, a_bool(False))


class Wedge(NamedTuple):
    """A wedge of the sweep: its rays u and v, and the profiles on them (rows) with their numbers of intervals."""

    ux: float
    uy: float
    vx: float
    vy: float
    lower: int
    n_lower: int
    upper: int
    n_upper: int


@inner
def _next_ray(ux: float, uy: float, end_x: float, end_y: float) -> tuple[float, float, bool]:
    """Return the ray that ends the next wedge, and whether it is the event's."""
    if ux * end_y - uy * end_x < math.sin(1.3 * WIDEST) and ux * end_x + uy * end_y > 0.0:
        return end_x, end_y, True
    return ux * math.cos(WIDEST) - uy * math.sin(WIDEST), ux * math.sin(WIDEST) + uy * math.cos(WIDEST), False


@inner
def _add_wedge(
    wedge: Wedge, n_middle: int, left: Side, nv: int, n0: int, lens: Lens, room: Room, hills: Hills
) -> tuple[Side, int, int]:
    """Link a wedge to what is left of it; ``n_middle`` >= 0: one ray in its middle speaks for it.

    Returns its side, the number of vertices, and that of intervals on the first ray (``n0`` < 0: this is the first).
    """
    interval, wall = room.sweeping.interval, room.occlusion.wall
    right = Side(1 - left.list, wedge.n_lower if n_middle < 0 else n_middle)
    if n_middle < 0:
        _list_wedge(hills.profiles, wedge.lower, wedge.upper, right.size, right.list, interval, hills.value)
    else:
        _list_wedge(hills.profiles, MIDDLE, MIDDLE, right.size, right.list, interval, hills.value)
        _set_on_walls(
            right.size, right.list, wedge.ux, wedge.uy, wedge.vx, wedge.vy, lens.reach, wall, room, hills
        )  # fmt: skip
    _keep_in_order(right.size, right.list, hills.value)
    if n0 < 0 and lens.last >= 2.0:
        return right, _open_first(room.boundary, right, wedge.ux, wedge.uy, room, hills, nv), right.size
    nv = _join(left, right, wedge.ux, wedge.uy, lens.reach, room, hills, nv, a_bool(False))
    return right, nv, max(n0, 0)


@inner
def _split_until_alike(
    wedge: Wedge, active: int, inside: int, left: Side, nv: int, n0: int, lens: Lens, land: Land, room: Room, hills: Hills
) -> tuple[Side, int, int, int, int]:
    """Halve a wedge until the rays of each half see alike or it is finest, linking the halves in order.

    Returns the last side, the numbers of vertices and of the first ray's intervals, and the row and number of intervals of
    the wedge's upper profile.
    """
    wall, s, p, waiting, top = room.occlusion.wall, room.sweeping, hills.profiles, hills.waiting, an_int(1)
    waiting[0, 0], waiting[0, 1] = wedge.vx, wedge.vy
    while True:
        n_middle = an_int(-1)
        if not are_alike(p, wedge.lower, wedge.n_lower, wedge.upper, wedge.n_upper):
            wx, wy = wedge.ux + wedge.vx, wedge.uy + wedge.vy
            scale = 1.0 / math.sqrt(wx * wx + wy * wy)
            wx, wy = wx * scale, wy * scale
            n_middle = trace(active, wx, wy, inside, lens, land, wall, s, p, an_int(MIDDLE))
            if wedge.ux * wedge.vy - wedge.uy * wedge.vx > FINEST and top < len(waiting):
                waiting[top, 0], waiting[top, 1] = wx, wy
                top += 1
                _copy_profile(p, MIDDLE, wedge.upper, n_middle)
                wedge = Wedge(wedge.ux, wedge.uy, wx, wy, wedge.lower, wedge.n_lower, wedge.upper, n_middle)
                continue
        left, nv, n0 = _add_wedge(wedge, n_middle, left, nv, n0, lens, room, hills)
        top -= 1
        if top == 0 or nv > len(room.boundary.xy) - SPARE_VERTICES:
            return left, nv, n0, wedge.upper, wedge.n_upper
        vx, vy = waiting[top - 1, 0], waiting[top - 1, 1]
        n = trace(active, vx, vy, inside, lens, land, wall, s, p, wedge.lower)
        wedge = Wedge(wedge.vx, wedge.vy, vx, vy, wedge.upper, wedge.n_upper, wedge.lower, n)


@inner
def run_rays_over(m: int, lens: Lens, inside: int, land: Land, room: Room, hills: Hills) -> int:
    """Sweep over the m sorted events, with rays at events and at most ``WIDEST`` apart; as ``sweep.run_rays``."""
    wall, ev, s, p = room.occlusion.wall, room.events, room.sweeping, hills.profiles
    active, nv, e, n0 = an_int(0), an_int(0), an_int(0), an_int(-1)
    ux, uy, angle = lens.cos_half, -lens.sin_half, -lens.last
    left, lower = Side(an_int(0), an_int(0)), an_int(0)
    while True:
        e, active = update_active(e, m, angle, active, ev, s)
        if e >= m:
            break
        at = ev.order[e]
        angle, is_last = ev.angle[at], False
        n_lower = trace(active, ux, uy, inside, lens, land, wall, s, p, lower)
        while not is_last:
            vx, vy, is_last = _next_ray(ux, uy, ev.ray[at, 0], ev.ray[at, 1])
            n_upper = trace(active, vx, vy, inside, lens, land, wall, s, p, 1 - lower)
            wedge = Wedge(ux, uy, vx, vy, lower, n_lower, 1 - lower, n_upper)
            left, nv, n0, lower, n_lower = _split_until_alike(
                wedge, active, inside, left, nv, n0, lens, land, room, hills
            )  # fmt: skip
            ux, uy = vx, vy
            if nv > len(room.boundary.xy) - SPARE_VERTICES:
                return FULL
    closing = Side(an_int(2), n0 if lens.last >= 2.0 else an_int(0))
    return _join(left, closing, ux, uy, lens.reach, room, hills, nv, lens.last >= 2.0)


@inner
def _land(row: FloatArray, limits: FloatArray, target: float, relief: Relief) -> tuple[Land, float]:
    """Return what a view's rays run over, and the lowest target within range."""
    low, high, bend = extremes(relief, row[0], row[1], row[3])
    # Between knots the straight ground is off by at most bend * knot^2 / 8.
    knot = min(WIDEST_KNOT_M, max(1.0, relief.cell, math.sqrt(8.0 * KNOT_ERROR_M / max(bend, 1e-9))))
    return Land(relief, target, limits[0], limits[1], knot, high + target), low + target


@kernel
def sweep_views_over(
    views: IntArray,
    first: int,
    rows: FloatArray,
    slopes: FloatArray,
    target: float,
    relief: Relief,
    town: TownIndex,
    near: Neighbours,
    room: Room,
    hills: Hills,
    out: Rings,
) -> tuple[int, int, int]:
    """Sweep views over relief from position ``first`` until the output is full; as ``sweep.sweep_views``.

    ``slopes`` are the lower and upper edge of each view's picture, upwards positive.
    """
    points, rings = an_int(0), an_int(0)
    out.end[0] = 0
    for i in range(first, len(views)):
        row = rows[views[i]]
        land, lowest = _land(row, slopes[views[i]], target, relief)
        lens = lens_of(row, lowest, land.highest)
        found = gather(lens, town, near, an_int(RELIEF), room.occlusion)
        if found.number == BURIED:
            continue
        if found.number == FULL or found.number * MOST_PER_WALL + 8 > len(room.events.angle):
            return FULL, i, 0
        m = make_events(found.number, room.occlusion.wall, room.occlusion.buf, lens, room.events)
        sort_events(m, lens, room.events)
        vertices = run_rays_over(m, lens, found.inside, land, room, hills)
        if vertices == FULL:
            return FULL, i, 0
        if points + vertices > len(out.xy) or rings + vertices // 3 + 2 > len(out.area):
            return (FULL, i, 0) if i == first else (i, points, rings)
        points, rings = read_rings(vertices, views[i], lens, room.boundary, out, points, rings)
    return len(views), points, rings
