"""Visibility polygons by one rotational sweep per view over the few walls that can be seen.

Between two events the order of the walls is fixed, except where shadow lines cross. Those crossings are computed (two
lines cross once) and end the wedge there, exactly.
"""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import a_bool, an_int, inner, kernel
from lhasaplan.core.sight.compiled.directions import diamond
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex
from lhasaplan.core.sight.sweep.boundary import (
    ALONG_RANGE,
    APART_M,
    SAME_PLACE_M,
    STRAIGHT,
    Boundary,
    Side,
    add_vertex,
    arc_between,
    check_end,
    check_width,
    end_w,
    join,
    measure_ends,
    note_start,
    open_first_ray,
)
from lhasaplan.core.sight.sweep.events import (
    END,
    INNER,
    MASK,
    MASKS,
    MOST_PER_WALL,
    NEVER,
    OTHERS,
    OUTER,
    OUTER_VERTEX,
    SAME_RAY,
    START,
    Events,
    Rays,
    Sweeping,
    add_near_cuts,
    add_sector_masks,
    arrange,
    arrange_fronts,
    make_events,
    sort_events,
)
from lhasaplan.core.sight.sweep.near_to_far import (
    BURIED,
    FRONT,
    FULL,
    PLANE,
    ROLE,
    Lens,
    Occlusion,
    add_plates,
    close_where_shadows_end_hidden,
    gather,
)

MOST_SPLITS = 200  # of one wedge at crossings
LEAST_WEDGE = 1e-11  # a wedge narrower than this (sine) is not split
SPARE_VERTICES = 4000
LEAST_DROP_M = 1e-6  # a plane level with the lens is looked at as if this far below
SMALLEST_TWICE_M2 = 1e-5


class Hidden(NamedTuple):
    """What the picture and its masks leave out of the plane, of all views of a job.

    Parameters
    ----------
    nearest_m : shape (V,); radius of the blind zone, 0 without one.
    sector : shape (S, 4); masks by compass in the lens's frame: unit vectors x, y of the clockwise border and of the other.
    sector_start : shape (V + 1,); masks of a view.
    xy : shape (N, 2); corners of masks of the picture on the plane, east and north of the lens, what is hidden on the left.
    ring_start : shape (R + 1,); corners of a ring.   view_ring : shape (V + 1,); rings of a view.
    """

    nearest_m: FloatArray
    sector: FloatArray
    sector_start: IntArray
    xy: FloatArray
    ring_start: IntArray
    view_ring: IntArray


class Rings(NamedTuple):
    """Output: points in the project's CRS, and of each ring, closed, its end, signed area (negative for a hole) and view.

    ``is_sound``: 1 if the ring's view has a polygon that is valid for certain, 0 if it is in doubt.
    """

    xy: FloatArray
    end: IntArray
    area: FloatArray
    views: IntArray
    is_sound: IntArray


class SweepRoom(NamedTuple):
    """All scratch of a sweep."""

    occlusion: Occlusion
    events: Events
    sweeping: Sweeping
    boundary: Boundary


@inner
def lens_on_plane(row: FloatArray, plane: float) -> Lens:
    """Return a view's lens looking at a plane; a plane above it is turned upside down (columns: ``engine.lens_rows``)."""
    half = row[5]
    is_full = half >= math.pi
    cos_half, sin_half = (-1.0, 0.0) if is_full else (math.cos(half), math.sin(half))
    last = 2.0 if is_full else diamond(cos_half, sin_half)
    is_turned = plane > row[2]
    z, low = (-row[2], -plane) if is_turned else (row[2], plane)
    low = min(low, z - LEAST_DROP_M)
    return Lens(
        row[0], row[1], z, low, low, row[3], math.cos(row[4]), math.sin(row[4]), cos_half, sin_half, last,
        int(row[6]), is_turned,
    )  # fmt: skip


@inner
def update_active(e: int, m: int, p: float, active: int, ev: Events, wall: FloatArray, s: Sweeping) -> tuple[int, int]:
    """Take all events up to angle p; returns the next event and the number of active walls; see also ``Sweeping.counts``."""
    while e < m and ev.in_order[e] <= p + SAME_RAY:
        code = ev.code[ev.order[e]]
        k, what, e = code >> 2, code & 3, e + 1
        if what <= END:  # without a branch for which: it would be guessed wrong every other time
            is_start = what == START
            place, moved = (active, k) if is_start else (s.place[k], s.active[max(active - 1, 0)])
            s.active[place], s.place[moved] = moved, place
            change = 1 if is_start else -1
            active += change
            s.counts[OTHERS] += change if wall[k, ROLE] != FRONT else 0
        elif what == MASK:
            s.counts[MASKS] += 1 if k == 0 else -1
    return e, active


@inner
def _extend_simply(
    b: Boundary, s: Sweeping, left: Side, right: Side, ux: float, uy: float, reach: float, wall: FloatArray, nv: int
) -> int:
    """Link the usual case on ray u: left and right of it one interval each, from the lens to a wall or the range."""
    interval = s.interval
    before, after = interval[left.list, 0, OUTER], interval[right.list, 0, OUTER]
    if before == after:
        return nv
    last = interval[left.list, 0, OUTER_VERTEX]
    b.way[last] = ALONG_RANGE if before < 0 else STRAIGHT
    w0, w1 = end_w(b, interval, left, 1, ux, uy, reach, wall), end_w(b, interval, right, 1, ux, uy, reach, wall)
    b.next[last], last = nv, nv
    nv = add_vertex(b, nv, ux, uy, w0)
    if abs(w0 - w1) > SAME_PLACE_M * w0 * w1:
        b.next[last], last = nv, nv
        nv = add_vertex(b, nv, ux, uy, w1)
    if b.blind[0] > 0.0:  # are the blind zone and the wall apart?
        if max(b.gap[0], 1.0 / w0 - b.blind[0]) < APART_M:
            b.is_sound[0] = 0
        b.gap[0] = 1.0 / w1 - b.blind[0]
    interval[left.list, 0, OUTER], interval[left.list, 0, OUTER_VERTEX] = after, last
    return nv


@inner
def _join_lines(
    b: Boundary,
    interval: IntArray,
    left: Side,
    right: Side,
    ux: float,
    uy: float,
    reach: float,
    wall: FloatArray,
    nv: int,
    is_closing: bool,
) -> int:
    """Link what lies left and right of ray u; returns the number of vertices."""
    measure_ends(b, 0, interval, left, ux, uy, reach, wall)
    measure_ends(b, 1, interval, right, ux, uy, reach, wall)
    check_end(b, interval, left, ux, uy, reach)
    note_start(b, right, ux, uy)
    return join(b, interval, left, right, ux, uy, reach, nv, is_closing, a_bool(True))


@inner
def _split(rays: Rays, t: float) -> tuple[bool, float, float]:
    """Return whether a wedge can end at share t of its chord, and the ray there."""
    wx, wy = rays.ux + t * (rays.vx - rays.ux), rays.uy + t * (rays.vy - rays.uy)
    scale = 1.0 / math.sqrt(wx * wx + wy * wy)
    wx, wy = wx * scale, wy * scale
    return rays.ux * wy - rays.uy * wx > LEAST_WEDGE, wx, wy


@inner
def run_rays(m: int, lens: Lens, inside: int, room: SweepRoom) -> int:
    """Sweep over the m sorted events; returns the number of linked vertices, FULL if there is no more room."""
    wall, ev, s, b = room.occlusion.wall, room.events, room.sweeping, room.boundary
    interval, reach, is_full = s.interval, lens.reach, lens.last >= 2.0
    active, nv, e, n0 = an_int(0), an_int(0), an_int(0), an_int(0)
    s.counts[OTHERS] = 0
    p, is_first = -lens.last, True
    ux, uy = lens.cos_half, -lens.sin_half
    left = Side(an_int(0), an_int(0))
    while True:
        e, active = update_active(e, m, p, active, ev, wall, s)
        if e >= m:
            break
        p = ev.in_order[e]
        end_x, end_y = ev.ray[ev.order[e], 0], ev.ray[ev.order[e], 1]
        vx, vy, splits = end_x, end_y, 0
        while True:
            right_list = 1 - left.list
            rays = Rays(ux, uy, vx, vy)
            n, t = an_int(0), NEVER
            if s.counts[MASKS] == 0 and inside == 0 and s.counts[OTHERS] == 0:
                n, t = arrange_fronts(active, rays, b.blind[0], reach, wall, s, right_list)
            elif s.counts[MASKS] == 0:
                n, t = arrange(active, rays, b.blind[0], reach, inside, wall, s, right_list)
            if t < 1.0 and splits < MOST_SPLITS:  # the order changes inside: end the wedge there
                is_wide, wx, wy = _split(rays, t)
                if is_wide:
                    vx, vy, splits = wx, wy, splits + 1
                    continue
            right = Side(right_list, n)
            check_width(b, ux, uy, vx, vy)
            if is_first and is_full:
                measure_ends(b, 1, interval, right, ux, uy, reach, wall)
                note_start(b, right, ux, uy)
                nv, n0 = open_first_ray(b, interval, right, ux, uy, reach, wall, nv), n
                left = right
            elif (
                not is_first
                and n == 1
                and left.size == 1
                and interval[left.list, 0, INNER] < 0
                and interval[right_list, 0, INNER] < 0
            ):
                nv = _extend_simply(b, s, left, right, ux, uy, reach, wall, nv)
            else:
                nv = _join_lines(b, interval, left, right, ux, uy, reach, wall, nv, a_bool(False))
                left = right
            is_first = False
            if nv > len(b.xy) - SPARE_VERTICES or n >= interval.shape[1] - 2:
                return FULL
            ux, uy = vx, vy
            if vx == end_x and vy == end_y:
                break
            vx, vy = end_x, end_y
    right = Side(an_int(2), n0)
    return _join_lines(b, interval, left, right, ux, uy, reach, wall, nv, is_full)


@inner
def read_rings(nv: int, view: int, lens: Lens, b: Boundary, out: Rings, points: int, rings: int) -> tuple[int, int]:
    """Read the cycles of the linked vertices into the output; returns the numbers of points and rings."""
    for v0 in range(nv):
        if b.was_read[v0] or b.next[v0] < 0:
            continue
        end, area = _read_cycle(v0, lens, b, out, points)
        if end - points < 4 or abs(area) < SMALLEST_TWICE_M2:
            continue
        points = end
        out.area[rings], out.views[rings], out.is_sound[rings] = area / 2.0, view, b.is_sound[0]
        rings += 1
        out.end[rings] = points
    return points, rings


class RingSoFar(NamedTuple):
    """How far a ring is written: where its points end, twice its area, and its last point in the lens's frame."""

    end: int
    area: float
    x: float
    y: float


@inner
def _write(x: float, y: float, start: int, v0: int, done: RingSoFar, lens: Lens, b: Boundary, out: Rings) -> RingSoFar:
    """Write the next point of the ring that starts at vertex v0, unless it is where the last one is."""
    if done.end > start and abs(x - done.x) <= SAME_PLACE_M and abs(y - done.y) <= SAME_PLACE_M:
        return done
    area, x0, y0 = done.area, b.xy[v0, 0], b.xy[v0, 1]
    if done.end > start:
        area += (done.x - x0) * (y - y0) - (done.y - y0) * (x - x0)
    out.xy[done.end, 0] = lens.x + x * lens.cos_axis - y * lens.sin_axis
    out.xy[done.end, 1] = lens.y + x * lens.sin_axis + y * lens.cos_axis
    return RingSoFar(done.end + 1, area, x, y)


@inner
def _read_cycle(v0: int, lens: Lens, b: Boundary, out: Rings, start: int) -> tuple[int, float]:
    """Write one cycle's points, without repeated ones, and the first again at the end.

    Returns where they end and twice the area, (0, 0) if the cycle is open.
    """
    done, v = RingSoFar(start, 0.0, 0.0, 0.0), v0
    while b.was_read[v] == 0:
        b.was_read[v] = 1
        done = _write(b.xy[v, 0], b.xy[v, 1], start, v0, done, lens, b, out)
        if b.next[v] < 0:
            return 0, 0.0
        if b.way[v] != STRAIGHT:
            at, turn, count, radius = arc_between(b, v, lens.reach)
            for k in range(count):
                x, y = b.arc[at + turn * k, 0] * radius, b.arc[at + turn * k, 1] * radius
                done = _write(x, y, start, v0, done, lens, b, out)
        v = b.next[v]
    points = done.end
    if points - start > 1 and abs(done.x - b.xy[v0, 0]) <= SAME_PLACE_M and abs(done.y - b.xy[v0, 1]) <= SAME_PLACE_M:
        points -= 1
    if points > start:
        out.xy[points, 0], out.xy[points, 1] = out.xy[start, 0], out.xy[start, 1]
        points += 1
    return points, done.area


@inner
def sweep_view(
    view: int, row: FloatArray, plane: float, hidden: Hidden, town: TownIndex, near: Neighbours, room: SweepRoom
) -> tuple[int, Lens]:
    """Sweep one view over the plane; returns the number of vertices (0 if nothing is seen, FULL without room)."""
    lens, s, ev = lens_on_plane(row, plane), room.occlusion, room.events
    found = gather(lens, town, near, an_int(PLANE), s)
    if found.number >= 0:
        found = add_plates(hidden.view_ring[view], hidden.view_ring[view + 1], hidden.ring_start, hidden.xy, lens, s, found)
    if found.number == BURIED:
        return 0, lens
    first, end = hidden.sector_start[view], hidden.sector_start[view + 1]
    if found.number == FULL or found.number * MOST_PER_WALL + 8 + 2 * (end - first) > len(ev.angle):
        return FULL, lens
    close_where_shadows_end_hidden(found.number, 1.0, s)
    m = make_events(found.number, s.wall, s.buf, lens, ev)
    if hidden.nearest_m[view] > 0.0:
        m = add_near_cuts(m, found.number, s.wall, s.buf, hidden.nearest_m[view], lens, ev)
    m, room.sweeping.counts[MASKS] = add_sector_masks(m, hidden.sector, first, end, lens, ev)
    sort_events(m, lens, ev)
    room.boundary.blind[0], room.boundary.is_sound[0] = hidden.nearest_m[view], 1
    return run_rays(m, lens, found.inside, room), lens


@kernel
def sweep_views(
    views: IntArray,
    first: int,
    rows: FloatArray,
    plane: float,
    hidden: Hidden,
    town: TownIndex,
    near: Neighbours,
    room: SweepRoom,
    out: Rings,
) -> tuple[int, int, int]:
    """Sweep views from position ``first`` until the output is full: (next position, points, rings), FULL without room."""
    points, rings = an_int(0), an_int(0)
    out.end[0] = 0
    for i in range(first, len(views)):
        vertices, lens = sweep_view(views[i], rows[views[i]], plane, hidden, town, near, room)
        if vertices == FULL:
            return FULL, i, 0
        most = vertices + 2 * len(room.boundary.arc)  # each circle around the lens is gone around once at most
        if points + most + vertices + 2 > len(out.xy) or rings + vertices + 2 > len(out.area):
            return (FULL, i, 0) if i == first else (i, points, rings)
        points, rings = read_rings(vertices, views[i], lens, room.boundary, out, points, rings)
        room.boundary.is_sound[0] = 0  # whoever uses the scratch next has nothing certain yet
    return len(views), points, rings
