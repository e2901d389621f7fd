"""Visibility polygons over relief: the sweep with a ground profile on every ray.

A wedge whose two rays see the same chain of things is a set of quadrilaterals; any other is halved, down to ``FINEST``.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import a_bool, an_int, inner, kernel
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import extremes, knot_of, sample
from lhasaplan.core.sight.sweep.boundary import Boundary, Side, add_vertex, join
from lhasaplan.core.sight.sweep.events import (
    CUT,
    INNER,
    INNER_VERTEX,
    MOST_PER_WALL,
    OUTER,
    OUTER_VERTEX,
    make_events,
    sort_events,
)
from lhasaplan.core.sight.sweep.ground_profile import Profile, Profiles, are_alike, is_ground_bound, lies_between, trace
from lhasaplan.core.sight.sweep.near_to_far import (
    BURIED,
    FULL,
    RELIEF,
    A,
    B,
    Lens,
    close_where_shadows_end_hidden,
    gather,
    lens_of,
)
from lhasaplan.core.sight.sweep.relief_track import Land, clear_m
from lhasaplan.core.sight.sweep.rotational_sweep import SPARE_VERTICES, Rings, SweepRoom, read_rings, update_active

WIDEST, FINEST = math.radians(1.0), math.radians(0.05)
COS_WIDEST, SIN_WIDEST, SINE_LAST = math.cos(WIDEST), math.sin(WIDEST), math.sin(1.3 * WIDEST)
GOAL, FIRST_WAITING, MOST_WAITING = 3, 4, 8  # rows of the next event's profile, and of rays that wait for the half before them


class Hills(NamedTuple):
    """Scratch of a sweep over relief: profiles, the inverse distances of listed intervals, rays that wait.

    ``waiting`` are their directions and widths, ``traced`` the sizes of their profiles.
    """

    profiles: Profiles
    value: FloatArray  # shape (3 lists, 2 rays, n, 2 ends)
    waiting: FloatArray
    traced: IntArray


@inner
def _list_wedge(p: Profiles, a: int, b: int, n: int, c: int, interval: IntArray, value: FloatArray) -> None:
    """Write the intervals that both rays a and b see as list c."""
    for i in range(n):
        for end in range(2):
            interval[c, i, end] = p.end[a, i, end]
            value[c, 0, i, end], value[c, 1, i, end] = p.w[a, i, end], p.w[b, i, end]


@inner
def _set_on_walls(
    n: int, c: int, ux: float, uy: float, vx: float, vy: float, reach: float, wall: FloatArray, room: SweepRoom, hills: Hills
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
def _open_first(b: Boundary, side: Side, ux: float, uy: float, room: SweepRoom, hills: Hills, nv: int) -> int:
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
def _join(
    left: Side, right: Side, ux: float, uy: float, reach: float, room: SweepRoom, hills: Hills, nv: int, closes: bool
) -> int:
    """Link the wedges left and right of ray u."""
    b = room.boundary
    for i in range(2 * left.size):
        b.ends[0, i] = hills.value[left.list, 1, i >> 1, i & 1]
    for i in range(2 * right.size):
        b.ends[1, i] = hills.value[right.list, 0, i >> 1, i & 1]
    return join(b, room.sweeping.interval, left, right, ux, uy, reach, nv, closes, a_bool(False))


class Wedge(NamedTuple):
    """A wedge of the sweep: its rays u and v, and the profiles on them."""

    ux: float
    uy: float
    vx: float
    vy: float
    lower: Profile
    upper: Profile


@inner
def _next_ray(ux: float, uy: float, end_x: float, end_y: float, is_plain: bool) -> tuple[float, float, bool]:
    """Return the ray that ends the next wedge, and whether it is the event's; a plain wedge may be as wide as it likes."""
    if is_plain or (ux * end_y - uy * end_x < SINE_LAST and ux * end_x + uy * end_y > 0.0):
        return end_x, end_y, True
    return ux * COS_WIDEST - uy * SIN_WIDEST, ux * SIN_WIDEST + uy * COS_WIDEST, False


@inner
def _add_wedge(
    wedge: Wedge, middle: Profile, left: Side, nv: int, n0: int, lens: Lens, room: SweepRoom, hills: Hills
) -> tuple[Side, int, int]:
    """Link a wedge to what is left of it; a middle of a size >= 0: one ray there speaks for it.

    Returns its side, the number of vertices, and that of intervals on the first ray (``n0`` < 0: this is the first).
    """
    interval, wall = room.sweeping.interval, room.occlusion.wall
    right = Side(1 - left.list, wedge.lower.size if middle.size < 0 else middle.size)
    if middle.size < 0:
        _list_wedge(hills.profiles, wedge.lower.at, wedge.upper.at, right.size, right.list, interval, hills.value)
    else:
        _list_wedge(hills.profiles, middle.at, middle.at, right.size, right.list, interval, hills.value)
        _set_on_walls(
            right.size, right.list, wedge.ux, wedge.uy, wedge.vx, wedge.vy, lens.reach, wall, room, hills
        )  # fmt: skip
    _keep_in_order(right.size, right.list, hills.value)
    if n0 < 0 and lens.last >= 2.0:
        return right, _open_first(room.boundary, right, wedge.ux, wedge.uy, room, hills, nv), right.size
    nv = _join(left, right, wedge.ux, wedge.uy, lens.reach, room, hills, nv, a_bool(False))
    return right, nv, max(n0, 0)


@inner
def _copy_profile(p: Profiles, a: Profile, at: int) -> Profile:
    """Copy a profile to another row."""
    for i in range(a.size):
        for end in range(2):
            p.end[at, i, end], p.w[at, i, end] = p.end[a.at, i, end], p.w[a.at, i, end]
    return Profile(at, a.size, a.width_m, a.is_plain)


@inner
def _push(hills: Hills, top: int, x: float, y: float, profile: Profile) -> int:
    """Let a ray wait; returns how many do."""
    hills.waiting[top, 0], hills.waiting[top, 1], hills.waiting[top, 2] = x, y, profile.width_m
    hills.traced[top] = profile.size
    _copy_profile(hills.profiles, profile, FIRST_WAITING + top)
    return top + 1


@inner
def _next_half(hills: Hills, top: int, wedge: Wedge) -> Wedge:
    """Return the wedge from the upper ray of one that is done to the ray that waited last."""
    waited = Profile(FIRST_WAITING + top - 1, hills.traced[top - 1], hills.waiting[top - 1, 2], a_bool(False))
    upper = _copy_profile(hills.profiles, waited, wedge.lower.at)
    return Wedge(wedge.vx, wedge.vy, hills.waiting[top - 1, 0], hills.waiting[top - 1, 1], wedge.upper, upper)


@inner
def _needs_middle(wedge: Wedge, sine: float, p: Profiles, cell: float) -> tuple[bool, bool]:
    """Return whether a ray in the middle must be asked, and whether the wedge is too wide whatever it says.

    It is if its farthest seen end is wider than its rays may speak for: a peak may stand inside.
    """
    n, width = wedge.lower.size - 1, min(wedge.lower.width_m, wedge.upper.width_m)
    if not are_alike(p, wedge.lower, wedge.upper):
        return True, False
    is_wide = n >= 0 and sine > width * max(p.w[wedge.lower.at, n, OUTER], p.w[wedge.upper.at, n, OUTER])
    return is_wide or is_ground_bound(p, wedge.lower, width <= cell), is_wide


@inner
def _split_until_alike(
    wedge: Wedge, active: int, inside: int, left: Side, nv: int, n0: int, lens: Lens, land: Land, room: SweepRoom, hills: Hills
) -> tuple[Side, int, int, Profile]:
    """Halve a wedge until straight lines join what its two rays see or it is finest, linking the halves in order.

    Returns the last side, the numbers of vertices and of the first ray's intervals, and the wedge's upper profile.
    """
    wall, s, p, top = room.occlusion.wall, room.sweeping, hills.profiles, an_int(0)
    spare = GOAL - wedge.lower.at - wedge.upper.at  # rows 0, 1 and 2 take turns
    while True:
        middle, sine = Profile(spare, an_int(-1), 0.0, a_bool(False)), wedge.ux * wedge.vy - wedge.uy * wedge.vx
        is_asked, is_wide = _needs_middle(wedge, sine, p, land.relief.cell)
        if is_asked:
            wx, wy = wedge.ux + wedge.vx, wedge.uy + wedge.vy
            scale = 1.0 / math.sqrt(wx * wx + wy * wy)
            wx, wy = wx * scale, wy * scale
            middle = trace(active, wx, wy, inside, lens, land, wall, s, p, spare)
            is_straight = lies_between(p, wedge.lower, middle, wedge.upper, scale)
            if (is_wide or not is_straight) and sine > FINEST and top < MOST_WAITING:
                top = _push(hills, top, wedge.vx, wedge.vy, wedge.upper)
                wedge, spare = Wedge(wedge.ux, wedge.uy, wx, wy, wedge.lower, middle), wedge.upper.at
                continue
            if is_straight:
                middle = Profile(spare, an_int(-1), 0.0, a_bool(False))
        left, nv, n0 = _add_wedge(wedge, middle, left, nv, n0, lens, room, hills)
        if top == 0 or nv > len(room.boundary.xy) - SPARE_VERTICES:
            return left, nv, n0, wedge.upper
        wedge = _next_half(hills, top, wedge)
        top -= 1


@inner
def _ends_shadow(code: int, angle: float) -> bool:
    """Return whether an event only tells where a shadow leaves the range on level ground, of no use over relief."""
    return code & 3 == CUT and angle != math.floor(angle)


@inner
def run_rays_over(m: int, lens: Lens, inside: int, land: Land, room: SweepRoom, hills: Hills) -> int:
    """Sweep over the m sorted events, with rays at events and at most ``WIDEST`` apart; as ``sweep.run_rays``."""
    wall, ev, s, p = room.occlusion.wall, room.events, room.sweeping, hills.profiles
    active, nv, e, n0 = an_int(0), an_int(0), an_int(0), an_int(-1)
    ux, uy, angle = lens.cos_half, -lens.sin_half, -lens.last
    left, row = Side(an_int(0), an_int(0)), an_int(0)
    while True:
        e, active = update_active(e, m, angle, active, ev, wall, s)
        if e >= m:
            break
        while e < m - 1 and _ends_shadow(ev.code[ev.order[e]], ev.in_order[e]):
            e += 1
        end_x, end_y = ev.ray[ev.order[e], 0], ev.ray[ev.order[e], 1]
        angle, is_last = ev.in_order[e], False
        lower = trace(active, ux, uy, inside, lens, land, wall, s, p, row)
        goal = trace(active, end_x, end_y, inside, lens, land, wall, s, p, an_int(GOAL))
        is_plain = lower.is_plain and goal.is_plain and are_alike(p, lower, goal)
        while not is_last:
            vx, vy, is_last = _next_ray(ux, uy, end_x, end_y, is_plain)
            row = (lower.at + 1) % GOAL
            upper = _copy_profile(p, goal, row) if is_last else trace(active, vx, vy, inside, lens, land, wall, s, p, row)
            wedge = Wedge(ux, uy, vx, vy, lower, upper)
            left, nv, n0, lower = _split_until_alike(wedge, active, inside, left, nv, n0, lens, land, room, hills)
            ux, uy, row = vx, vy, lower.at
            if nv > len(room.boundary.xy) - SPARE_VERTICES:
                return FULL
    closing = Side(an_int(2), n0 if lens.last >= 2.0 else an_int(0))
    return _join(left, closing, ux, uy, lens.reach, room, hills, nv, lens.last >= 2.0)


@inner
def _land(row: FloatArray, limits: FloatArray, target: float, relief: Relief) -> tuple[Land, float]:
    """Return what a view's rays run over, and the lowest target within range."""
    low, high, bend, steep = extremes(relief, row[0], row[1], row[3])
    column, line = (row[0] - relief.west) / relief.cell - 0.5, (relief.north - row[1]) / relief.cell - 0.5
    knot = knot_of(bend, relief.cell)
    clear = clear_m(row[2] - sample(relief, row[0], row[1]), target, bend, relief.cell)
    stride = knot if knot >= relief.cell else 0.0
    return Land(relief, target, limits[0], limits[1], stride, high + target, steep, clear, column, line), low + target


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
    room: SweepRoom,
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
        if lens.high < lens.z:  # where its shadow on the highest ground ends, a part's shadow on all other ground ended before
            close_where_shadows_end_hidden(found.number, lens.z - lens.high, room.occlusion)
        m = make_events(found.number, room.occlusion.wall, room.occlusion.buf, lens, room.events)
        sort_events(m, lens, room.events)
        vertices = run_rays_over(m, lens, found.inside, land, room, hills)
        if vertices == FULL:
            return FULL, i, 0
        most = vertices + 2 * len(room.boundary.arc)
        if points + most + vertices + 2 > len(out.xy) or rings + vertices + 2 > len(out.area):
            return (FULL, i, 0) if i == first else (i, points, rings)
        points, rings = read_rings(vertices, views[i], lens, room.boundary, out, points, rings)
    return len(views), points, rings
