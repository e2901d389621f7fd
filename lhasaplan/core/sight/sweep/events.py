"""Events of the sweep by diamond angle, and the wedges between two rays: their walls by distance, and what is visible."""

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, inner
from lhasaplan.core.sight.compiled.directions import bin_of, diamond
from lhasaplan.core.sight.sweep.angular_buffer import AT_LENS, covered
from lhasaplan.core.sight.sweep.near_to_far import (
    BACK,
    FRONT,
    LOW,
    P0,
    P1,
    ROLE,
    SA,
    SB,
    W0,
    W1,
    W_MAX,
    X0,
    X1,
    Y0,
    Y1,
    A,
    B,
    Lens,
)

# Events of the sweep: where walls, shadow lines and masks start, end, or cross a circle, by diamond angle.

# ruff: noqa: PLR0917  (kernels take plain numbers)


SAME_RAY = 1e-9  # rays closer than this (diamond angle) are one ray; also the relative slack of inverse distances
START, END, CUT, MASK = 0, 1, 2, 3  # what happens at an event: its code is 4 * wall + what; MASK: wall 0 begins, 1 ends
MOST_PER_WALL = 8  # events that one wall can give


class Events(NamedTuple):
    """Scratch of the events: angle, code, unit vector; count per bin, order and angles of the sorted events."""

    angle: FloatArray
    code: IntArray
    ray: FloatArray
    in_bin: IntArray
    order: IntArray
    in_order: FloatArray


class End(NamedTuple):
    """One end of a wall: diamond angle, place, inverse distance."""

    p: float
    x: float
    y: float
    w: float


@inner
def _add(ev: Events, m: int, end: End, code: int) -> int:
    """Append an event on the ray through an end."""
    ev.angle[m], ev.code[m] = end.p, code
    ev.ray[m, 0], ev.ray[m, 1] = end.x * end.w, end.y * end.w
    return m + 1


@inner
def _add_piece(ev: Events, m: int, k: int, start: End, end: End, lens: Lens) -> int:
    """Append start and end of wall k, cut to the sector."""
    if end.p <= -lens.last + SAME_RAY or start.p >= lens.last - SAME_RAY or end.p - start.p <= SAME_RAY:
        return m
    if start.p <= -lens.last:
        start = End(-lens.last, lens.cos_half, -lens.sin_half, 1.0)
    m = _add(ev, m, start, 4 * k + START)
    return _add(ev, m, end, 4 * k + END) if end.p < lens.last else m


@inner
def _chord(a: float, b: float, reach: float) -> tuple[bool, float, float, float, float]:
    """Return where the line a x + b y = 1 meets the range circle, clockwise point first; False if it does not."""
    square = 1.0 / (a * a + b * b)
    rest = reach * reach - square
    if rest <= 0.0:
        return False, 0.0, 0.0, 0.0, 0.0
    t, length = math.sqrt(rest), math.sqrt(square)
    return (
        True,
        a * square + b * length * t,
        b * square - a * length * t,
        a * square - b * length * t,
        b * square + a * length * t,
    )


@inner
def _add_cut(ev: Events, m: int, x: float, y: float, w: float, start: End, end: End, lens: Lens) -> int:
    """Append a cut where a circle is met at inverse distance w, if that lies on the wall's stretch and in the sector."""
    if start.x * y - start.y * x > 0.0 and x * end.y - y * end.x > 0.0:
        p = diamond(x, y)
        if -lens.last + SAME_RAY < p < lens.last - SAME_RAY:
            return _add(ev, m, End(p, x, y, w), an_int(CUT))
    return m


@inner
def _add_wall(ev: Events, m: int, k: int, wall: FloatArray, start: End, end: End, lens: Lens) -> int:
    """Append the events of a wall's stretch: start, end, and cuts where its shadow's end crosses the range circle."""
    if start.p <= end.p:
        m = _add_piece(ev, m, k, start, end, lens)
    else:  # across the back
        m = _add_piece(ev, m, k, start, End(2.0, -1.0, 0.0, 1.0), lens)
        m = _add_piece(ev, m, k, End(-2.0, -1.0, -0.0, 1.0), end, lens)
    if wall[k, ROLE] == BACK:
        meets, x0, y0, x1, y1 = _chord(wall[k, SA], wall[k, SB], lens.reach)
        if meets:
            m = _add_cut(ev, m, x0, y0, 1.0 / lens.reach, start, end, lens)
            m = _add_cut(ev, m, x1, y1, 1.0 / lens.reach, start, end, lens)
    return m


@inner
def _add_in_range(ev: Events, m: int, k: int, wall: FloatArray, lens: Lens) -> int:
    """Append the events of the stretch of a wall that lies within the range."""
    start = End(wall[k, P0], wall[k, X0], wall[k, Y0], wall[k, W0])
    end = End(wall[k, P1], wall[k, X1], wall[k, Y1], wall[k, W1])
    w = 1.0 / lens.reach
    if start.w < w or end.w < w:
        meets, x0, y0, x1, y1 = _chord(wall[k, A], wall[k, B], lens.reach)
        if not meets:
            return m
        if start.w < w:
            if wall[k, A] * start.y - wall[k, B] * start.x > 0.0:  # past the second point: never within
                return m
            start = End(diamond(x0, y0), x0, y0, w)
        if end.w < w:
            if wall[k, A] * end.y - wall[k, B] * end.x < 0.0:
                return m
            end = End(diamond(x1, y1), x1, y1, w)
    return _add_wall(ev, m, k, wall, start, end, lens)


@inner
def make_events(count: int, wall: FloatArray, buf: FloatArray, lens: Lens, ev: Events) -> int:
    """Write the events of the walls that the finished buffer still leaves; returns their number."""
    m = an_int(0)
    for k in range(count):
        if not covered(buf, bin_of(wall[k, P0]), bin_of(wall[k, P1]), wall[k, W_MAX]):
            m = _add_in_range(ev, m, k, wall, lens)
    for q in (-1.0, 0.0, 1.0):  # keep wedges under 180 degrees
        if -lens.last + SAME_RAY < q < lens.last - SAME_RAY:
            m = _add(ev, m, End(q, 1.0 - abs(q), q, 1.0), an_int(CUT))
    return _add(ev, m, End(lens.last, lens.cos_half, lens.sin_half, 1.0), an_int(CUT))


@inner
def add_near_cuts(m: int, count: int, wall: FloatArray, buf: FloatArray, nearest: float, lens: Lens, ev: Events) -> int:
    """Append cuts where walls, or the ends of shadows, cross the blind zone's circle; returns the number of events."""
    w = 1.0 / nearest
    for k in range(count):
        a, b = (wall[k, SA], wall[k, SB]) if wall[k, ROLE] == BACK else (wall[k, A], wall[k, B])
        if a * a + b * b > w * w and not covered(buf, bin_of(wall[k, P0]), bin_of(wall[k, P1]), wall[k, W_MAX]):
            start = End(wall[k, P0], wall[k, X0], wall[k, Y0], wall[k, W0])
            end = End(wall[k, P1], wall[k, X1], wall[k, Y1], wall[k, W1])
            _, x0, y0, x1, y1 = _chord(a, b, nearest)
            m = _add_cut(ev, m, x0, y0, w, start, end, lens)
            m = _add_cut(ev, m, x1, y1, w, start, end, lens)
    return m


@inner
def add_sector_masks(m: int, sector: FloatArray, first: int, end: int, lens: Lens, ev: Events) -> tuple[int, int]:
    """Append the borders of masks by compass (rows: x, y of the clockwise border, x, y of the other, unit vectors).

    Returns the number of events, and of masks over the first ray.
    """
    low, high, masked = -lens.last + SAME_RAY, lens.last - SAME_RAY, an_int(0)
    for j in range(first, end):
        p0, p1 = diamond(sector[j, 0], sector[j, 1]), diamond(sector[j, 2], sector[j, 3])
        begins_before, ends_after = p0 <= low, p1 > low
        if (begins_before and ends_after) or (p0 > p1 and (begins_before or ends_after)):  # the latter: across the back
            masked += 1
        if low < p0 < high:
            m = _add(ev, m, End(p0, sector[j, 0], sector[j, 1], 1.0), an_int(MASK))
        if low < p1 < high:
            m = _add(ev, m, End(p1, sector[j, 2], sector[j, 3], 1.0), an_int(4 + MASK))
    return m, masked


@inner
def sort_events(m: int, lens: Lens, ev: Events) -> None:
    """Order the events by angle: one bucket per bin, then insertion, since buckets are almost sorted."""
    first, last = bin_of(-lens.last), bin_of(lens.last)
    for b in range(first, last + 2):
        ev.in_bin[b] = 0
    for e in range(m):
        ev.in_bin[bin_of(ev.angle[e]) + 1] += 1
    for b in range(first, last + 1):
        ev.in_bin[b + 1] += ev.in_bin[b]
    for e in range(m):
        b = bin_of(ev.angle[e])
        place = ev.in_bin[b]
        ev.order[place], ev.in_order[place] = e, ev.angle[e]
        ev.in_bin[b] = place + 1
    for i in range(1, m):
        e, angle, j = ev.order[i], ev.in_order[i], i
        while j > 0 and ev.in_order[j - 1] > angle:
            ev.order[j], ev.in_order[j] = ev.order[j - 1], ev.in_order[j - 1]
            j -= 1
        ev.order[j], ev.in_order[j] = e, angle


# One wedge between two rays: the order of its walls by distance, and the intervals that are visible.

# ruff: noqa: PLR0917  (kernels take plain numbers)


NEVER = 2.0  # no crossing within the wedge
LENS_END, RANGE_END = -1, -1  # an interval that begins at the lens (or where the blind zone ends), or ends at the range
INNER, OUTER, INNER_VERTEX, OUTER_VERTEX = range(4)  # columns of an interval
WALL, NEAR_W, FAR_W, SHADE_NEAR, SHADE_FAR, RANK = range(6)  # columns of an item: a wall before the nearest opaque one
ITEM_COLUMNS = 6
MASKS, OTHERS = 0, 1  # what is counted


class Rays(NamedTuple):
    """The two rays that bound a wedge, counter-clockwise: from u to v, unit vectors."""

    ux: float
    uy: float
    vx: float
    vy: float


class Sweeping(NamedTuple):
    """Scratch of the sweep: active walls, items of a wedge, three lists of intervals, how many of some kinds are active.

    ``place`` tells where each wall is among the active ones; ``counts`` holds the number of sector masks and that of walls that
    are not opaque fronts.
    """

    active: IntArray
    place: IntArray
    item: FloatArray
    interval: IntArray
    counts: IntArray


@inner
def _crossing(d0: float, d1: float, slack: float, t: float) -> float:
    """Return the earliest sign change so far; d0 and d1 are differences of inverse distances on the two rays."""
    if (d0 > slack and d1 < -slack) or (d0 < -slack and d1 > slack):
        return min(t, d0 / (d0 - d1))
    return t


@inner
def _circle_w(rays: Rays, radius: float) -> float:
    """Return the inverse distance of a circle such that its sums over both rays compare with those of lines.

    On lines the sum over both rays stands for the wedge's middle; a circle's is shorter there by the middle's cosine. So a
    line that meets the circle on both rays is found nearer than the circle between them.
    """
    x, y = rays.ux + rays.vx, rays.uy + rays.vy
    return 0.5 * math.sqrt(x * x + y * y) / radius


@inner
def _nearest_opaque(active: int, rays: Rays, reach: float, wall: FloatArray, s: Sweeping) -> tuple[int, float, float]:
    """Return the nearest opaque wall and its inverse distances on both rays; -1 and the range if there is none."""
    best, b0, b1 = RANGE_END, 0.0, 0.0
    for j in range(active):
        k = s.active[j]
        if wall[k, ROLE] == FRONT:
            w0 = wall[k, A] * rays.ux + wall[k, B] * rays.uy
            w1 = wall[k, A] * rays.vx + wall[k, B] * rays.vy
            if best < 0 or w0 + w1 > b0 + b1:
                best, b0, b1 = k, w0, w1
    if best < 0:
        b0 = b1 = _circle_w(rays, reach)
    return best, b0, b1


@inner
def _sort_items(active: int, rays: Rays, best: int, b0: float, b1: float, wall: FloatArray, s: Sweeping) -> tuple[int, float]:
    """Write the walls before the nearest opaque one, near to far; returns their number and the first crossing.

    Where parts touch, the back of one comes before the front of the other: a lens at a part's own corner sees its back
    alone, which must not end what the other hides.
    """
    t, m, item = NEVER, 0, s.item
    for j in range(active):
        k = s.active[j]
        if k == best:
            continue
        w0, w1 = wall[k, A] * rays.ux + wall[k, B] * rays.uy, wall[k, A] * rays.vx + wall[k, B] * rays.vy
        if best >= 0:
            t = _crossing(w0 - b0, w1 - b1, SAME_RAY * (b0 + b1), t)
        rank, i = (w0 + w1) * (1.0 + SAME_RAY if wall[k, ROLE] == BACK else 1.0), m
        if wall[k, ROLE] == FRONT or rank < b0 + b1:
            continue
        while i > 0 and item[i - 1, RANK] < rank:
            item[i, WALL], item[i, NEAR_W], item[i, FAR_W] = item[i - 1, WALL], item[i - 1, NEAR_W], item[i - 1, FAR_W]
            item[i, RANK] = item[i - 1, RANK]
            i -= 1
        item[i, WALL], item[i, NEAR_W], item[i, FAR_W], item[i, RANK] = k, w0, w1, rank
        m += 1
    return m, t


@inner
def _shade_crossing(i: int, m: int, best: int, b0: float, b1: float, wall: FloatArray, item: FloatArray, t: float) -> float:
    """Return the first place where the shadow's end of item i changes order with anything that bounds an interval."""
    s0, s1, slack = item[i, SHADE_NEAR], item[i, SHADE_FAR], SAME_RAY * (b0 + b1)
    if best >= 0:
        t = _crossing(s0 - b0, s1 - b1, slack, t)
    for j in range(m):
        k = int(item[j, WALL])
        if wall[k, ROLE] == LOW:
            t = _crossing(s0 - item[j, NEAR_W], s1 - item[j, FAR_W], SAME_RAY * item[j, NEAR_W], t)
        elif j < i:
            t = _crossing(s0 - item[j, SHADE_NEAR], s1 - item[j, SHADE_FAR], slack, t)
    return t


@inner
def arrange_fronts(
    active: int, rays: Rays, nearest: float, reach: float, wall: FloatArray, s: Sweeping, c: int
) -> tuple[int, float]:
    """Do as ``arrange`` where all walls are opaque fronts and no solid contains the lens: one interval, up to the nearest."""
    best, b0, b1, most0, most1, most = RANGE_END, 0.0, 0.0, 0.0, 0.0, -math.inf
    for j in range(active):
        k = s.active[j]
        a, b = wall[k, A], wall[k, B]
        w0, w1 = a * rays.ux + b * rays.uy, a * rays.vx + b * rays.vy
        most0, most1 = max(most0, w0), max(most1, w1)
        if w0 + w1 > most:
            best, b0, b1, most = k, w0, w1, w0 + w1
    if best < 0:
        b0 = b1 = _circle_w(rays, reach)
    t, slack = NEVER, SAME_RAY * (b0 + b1)
    if best >= 0 and max(most0 - b0, most1 - b1) > slack:
        for j in range(active):
            k = s.active[j]
            w0, w1 = wall[k, A] * rays.ux + wall[k, B] * rays.uy, wall[k, A] * rays.vx + wall[k, B] * rays.vy
            t = _crossing(w0 - b0, w1 - b1, slack, t)
    c0 = _circle_w(rays, nearest) if nearest > 0.0 else AT_LENS
    if c0 + c0 <= (b0 + b1) * (1.0 + SAME_RAY):
        return 0, t
    s.interval[c, 0, INNER], s.interval[c, 0, OUTER] = LENS_END, best
    return 1, t


@inner
def arrange(
    active: int, rays: Rays, nearest: float, reach: float, inside: int, wall: FloatArray, s: Sweeping, c: int
) -> tuple[int, float]:
    """Write the visible intervals of the wedge to list c as (inner wall or -1 lens, outer wall or -1 range).

    ``inside`` solids contain the lens, so that many backs must pass before ground can be seen. ``nearest`` is the radius
    of the blind zone, 0 without one. Returns the number of intervals, and the first place (as a share of the chord from
    u to v) where the order of the walls changes.
    """
    best, b0, b1 = _nearest_opaque(active, rays, reach, wall, s)
    m, t = _sort_items(active, rays, best, b0, b1, wall, s)
    item, interval = s.item, s.interval
    n, depth, current = 0, inside, LENS_END
    c0 = c1 = _circle_w(rays, nearest) if nearest > 0.0 else AT_LENS
    for i in range(m):
        k = int(item[i, WALL])
        w0, w1 = item[i, NEAR_W], item[i, FAR_W]
        if i:
            t = _crossing(item[i - 1, NEAR_W] - w0, item[i - 1, FAR_W] - w1, SAME_RAY * w0, t)
        if wall[k, ROLE] == LOW:
            if depth == 0 and c0 + c1 > (w0 + w1) * (1.0 + SAME_RAY):
                interval[c, n, INNER], interval[c, n, OUTER] = current, k
                n += 1
            depth += 1
            continue
        depth = max(0, depth - 1)
        s0 = wall[k, SA] * rays.ux + wall[k, SB] * rays.uy
        s1 = wall[k, SA] * rays.vx + wall[k, SB] * rays.vy
        item[i, SHADE_NEAR], item[i, SHADE_FAR] = s0, s1
        t = _shade_crossing(i, m, best, b0, b1, wall, item, t)
        if s0 + s1 < c0 + c1:
            current, c0, c1 = k, s0, s1
    if depth == 0 and c0 + c1 > (b0 + b1) * (1.0 + SAME_RAY):
        interval[c, n, INNER], interval[c, n, OUTER] = current, best
        n += 1
    return n, t
