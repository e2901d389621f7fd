"""The boundary of what is seen: vertices on rays, linked so that every ring closes whatever the rounding.

At each ray the interval ends left and right of it, merged by distance, pair up: first with second, third with fourth.
Each pair links one incoming boundary edge to one outgoing one; the last ray of a full circle is joined to the first,
so there is no seam.
"""

import math
from typing import NamedTuple

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import an_int, inner
from lhasaplan.core.sight.sweep.angular_buffer import AT_LENS
from lhasaplan.core.sight.sweep.events import INNER, INNER_VERTEX, LENS_END, OUTER, OUTER_VERTEX, RANGE_END
from lhasaplan.core.sight.sweep.near_to_far import SA, SB, A, B

# ruff: noqa: PLR0917  (kernels take plain numbers)


APART_M = 1e-4  # edges this far apart do not touch, though points at the same place become one
SAME_PLACE_M = 1e-5  # points closer than this are one point (an angle of SAME_RAY at a grazing wall)
NONE = -1
STRAIGHT, ALONG_RANGE, ALONG_BLIND = 0, 1, 2  # how an edge runs: the arcs are counter-clockwise and clockwise


class Boundary(NamedTuple):
    """Scratch of the boundary: vertices in the lens's frame, the next vertex of each, how the edge to it runs, directions.

    Points of arcs are no vertices: they are written when rings are read. ``arc`` are unit vectors at multiples of
    ``step`` either side of the axis. ``ends`` are the inverse distances of the interval ends left (row 0) and right
    (row 1) of a ray. ``blind`` holds the radius within which nothing is in the picture, 0 without one; it is asked
    where shadows end in straight lines. ``is_sound`` holds 1 while the polygon is valid for certain; ``gap`` and
    ``start`` are what ``soundness`` keeps of a wedge's first ray.
    """

    xy: FloatArray
    next: IntArray
    way: IntArray
    was_read: IntArray
    arc: FloatArray
    step: float
    ends: FloatArray
    blind: FloatArray
    is_sound: IntArray
    gap: FloatArray
    start: FloatArray


class Side(NamedTuple):
    """The intervals on one side of a ray: which list, how many."""

    list: int
    size: int


@inner
def end_w(b: Boundary, interval: IntArray, side: Side, i: int, ux: float, uy: float, reach: float, wall: FloatArray) -> float:
    """Return the inverse distance on ray u of interval end i (even: inner end, odd: outer end of interval i // 2)."""
    k = interval[side.list, i >> 1, i & 1]
    most = 1.0 / b.blind[0] if b.blind[0] > 0.0 else AT_LENS
    if i & 1:
        return 1.0 / reach if k < 0 else min(most, max(1.0 / reach, wall[k, A] * ux + wall[k, B] * uy))
    return most if k < 0 else min(most, max(1.0 / reach, wall[k, SA] * ux + wall[k, SB] * uy))


@inner
def clearance(w: float, further_w: float) -> float:
    """Return how much farther away the second of two inverse distances is, in metres."""
    return 1.0 / further_w - 1.0 / w


@inner
def measure_ends(
    b: Boundary, row: int, interval: IntArray, side: Side, ux: float, uy: float, reach: float, wall: FloatArray
) -> None:
    """Write the inverse distances of a side's interval ends on ray u."""
    for i in range(2 * side.size):
        b.ends[row, i] = end_w(b, interval, side, i, ux, uy, reach, wall)


@inner
def add_vertex(b: Boundary, nv: int, ux: float, uy: float, w: float) -> int:
    """Write a vertex on ray u at inverse distance w; returns the number of vertices."""
    away = 0.0 if w >= 1e200 else 1.0 / w
    b.xy[nv, 0], b.xy[nv, 1] = ux * away, uy * away
    b.next[nv], b.way[nv], b.was_read[nv] = NONE, STRAIGHT, 0
    return nv + 1


@inner
def arc_between(b: Boundary, v: int, reach: float) -> tuple[int, int, int, float]:
    """Return the points of the arc that leaves vertex v: the first one's number, step and count, and the circle's radius."""
    to, half = b.next[v], len(b.arc) >> 1
    t0, t1 = math.atan2(b.xy[v, 1], b.xy[v, 0]), math.atan2(b.xy[to, 1], b.xy[to, 0])
    if b.way[v] == ALONG_RANGE:
        first = math.floor(t0 / b.step + 1e-6) + 1
        return first + half, 1, math.ceil(t1 / b.step - 1e-6) - first, reach
    t0 = math.pi if t0 <= -math.pi else t0  # a full circle's first ray, which is its last as well
    first = math.ceil(t0 / b.step - 1e-6) - 1
    return first + half, -1, first - math.floor(t1 / b.step + 1e-6), b.blind[0]


@inner
def _close_inner(b: Boundary, last: int, to: int, is_circle: bool) -> None:
    """Link vertex ``last`` to where the inner edge arrives, along the blind zone's circle if that is the edge."""
    b.next[last] = to
    if is_circle:
        b.way[last] = ALONG_BLIND


@inner
def open_first_ray(
    b: Boundary, interval: IntArray, side: Side, ux: float, uy: float, reach: float, wall: FloatArray, nv: int
) -> int:
    """Write the first wedge's vertices on the first ray of a full circle; list 2 keeps them for the last ray."""
    for i in range(side.size):
        interval[side.list, i, INNER_VERTEX] = nv
        nv = add_vertex(b, nv, ux, uy, end_w(b, interval, side, 2 * i, ux, uy, reach, wall))
        interval[side.list, i, OUTER_VERTEX] = nv
        nv = add_vertex(b, nv, ux, uy, end_w(b, interval, side, 2 * i + 1, ux, uy, reach, wall))
        for column in range(4):
            interval[2, i, column] = interval[side.list, i, column]
    return nv


@inner
def _arrive(b: Boundary, interval: IntArray, left: int, i: int, ux: float, uy: float, w: float, nv: int) -> tuple[int, int]:
    """End the outer edge of interval i on ray u; returns its last vertex and nv."""
    last = interval[left, i, OUTER_VERTEX]
    b.next[last], b.way[last] = nv, ALONG_RANGE if interval[left, i, OUTER] == RANGE_END else STRAIGHT
    return nv, add_vertex(b, nv, ux, uy, w)


@inner
def join(
    b: Boundary,
    interval: IntArray,
    left: Side,
    right: Side,
    ux: float,
    uy: float,
    reach: float,
    nv: int,
    is_closing: bool,
    has_lines: bool,
) -> int:
    """Link the boundaries left and right of ray u, whose ends are measured; returns the number of vertices.

    An interval keeps two open vertices: inner, where the inner edge (run clockwise) arrives, and outer, where the
    outer edge (run counter-clockwise) leaves. ``is_closing``: the right side is the first wedge, its vertices exist.
    ``has_lines``: shadows end in straight lines, which need no vertex where they go on.
    """
    i, j, before_w = an_int(0), an_int(0), 0.0
    while i < 2 * left.size or j < 2 * right.size:
        in_left = in_right = out_left = out_right = an_int(NONE)
        arriving_w = leaving_w = 0.0
        for _ in range(2):  # the next two ends: one arrives, one leaves
            if i < 2 * left.size and (j >= 2 * right.size or b.ends[0, i] >= b.ends[1, j]):
                if i & 1:
                    in_left, arriving_w = i >> 1, b.ends[0, i]
                else:
                    out_left, leaving_w = i >> 1, b.ends[0, i]
                i += 1
            else:
                if j & 1:
                    out_right, leaving_w = j >> 1, b.ends[1, j]
                else:
                    in_right, arriving_w = j >> 1, b.ends[1, j]
                j += 1
        if (in_left < 0) == (in_right < 0) or (before_w > 0.0 and clearance(before_w, max(arriving_w, leaving_w)) < APART_M):
            b.is_sound[0] = 0
        before_w = min(arriving_w, leaving_w)
        nv = _link(
            b, interval, left.list, right.list, in_left, in_right, out_left, out_right, arriving_w, leaving_w,
            ux, uy, reach, nv, is_closing, has_lines,
        )  # fmt: skip
    return nv


@inner
def _link(
    b: Boundary,
    interval: IntArray,
    left: int,
    right: int,
    in_left: int,
    in_right: int,
    out_left: int,
    out_right: int,
    arriving_w: float,
    leaving_w: float,
    ux: float,
    uy: float,
    reach: float,
    nv: int,
    is_closing: bool,
    has_lines: bool,
) -> int:
    """Link one arriving end (outer from the left or inner from the right) to one leaving end."""
    if not is_closing:  # the same line goes on: no vertex
        outer = interval[left, in_left, OUTER]
        if in_left >= 0 and out_right >= 0 and outer == interval[right, out_right, OUTER] and outer >= RANGE_END:
            interval[right, out_right, OUTER_VERTEX] = interval[left, in_left, OUTER_VERTEX]
            return nv
        nearer = interval[left, out_left, INNER]
        goes_on = nearer == interval[right, in_right, INNER] and (has_lines or nearer == LENS_END)
        if out_left >= 0 and in_right >= 0 and goes_on:
            interval[right, in_right, INNER_VERTEX] = interval[left, out_left, INNER_VERTEX]
            return nv
    elif out_left >= 0 and in_right >= 0 and interval[left, out_left, INNER] == LENS_END == interval[right, in_right, INNER]:
        start, to = interval[right, in_right, INNER_VERTEX], interval[left, out_left, INNER_VERTEX]
        is_circle = has_lines and b.blind[0] > 0.0
        if is_circle or start != to:
            _close_inner(b, start, to, is_circle)
        return nv
    if in_left >= 0:
        vertex, nv = _arrive(b, interval, left, in_left, ux, uy, arriving_w, nv)
    elif is_closing:
        vertex = interval[right, in_right, INNER_VERTEX]
    else:
        vertex = nv
        nv = add_vertex(b, nv, ux, uy, arriving_w)
        interval[right, in_right, INNER_VERTEX] = vertex
    if out_right >= 0 and is_closing:
        b.next[vertex] = interval[right, out_right, OUTER_VERTEX]
        return nv
    start = vertex
    if abs(arriving_w - leaving_w) > SAME_PLACE_M * arriving_w * leaving_w:
        start = nv
        nv = add_vertex(b, nv, ux, uy, leaving_w)
        b.next[vertex] = start
    if out_left >= 0:
        is_circle = has_lines and b.blind[0] > 0.0 and interval[left, out_left, INNER] == LENS_END
        _close_inner(b, start, interval[left, out_left, INNER_VERTEX], is_circle)
    else:
        interval[right, out_right, OUTER_VERTEX] = start
    return nv


# Prove during the sweep that a polygon is valid, so that it needs no check afterwards.
#
# Between two rays all edges are straight, so edges that keep their order on both rays do not cross. What is asked: on every
# ray linked ends keep clear of the next; between two rays neighbours are clear of each other on one of them at least; and no
# shadow's end lies between the range circle and its chords. Whatever fails is not wrong but in doubt.

# ruff: noqa: PLR0917  (kernels take plain numbers)


NARROW = 1e-7  # a wedge narrower than this (sine) may vanish in the rounding of coordinates
SAG = 4e-5  # share of the range by which the chords of its arc lie inside it


@inner
def note_start(b: Boundary, side: Side, ux: float, uy: float) -> None:
    """Keep how far apart a wedge's ends are on its first ray; they are measured (row 1)."""
    b.start[0], b.start[1] = ux, uy
    for i in range(2 * side.size - 1):
        b.gap[i] = clearance(b.ends[1, i], b.ends[1, i + 1])


@inner
def check_end(b: Boundary, interval: IntArray, side: Side, ux: float, uy: float, reach: float) -> None:
    """Doubt a wedge whose ends, measured on its last ray (row 0), change order or touch all along."""
    for i in range(2 * side.size - 1):
        first, last = b.gap[i], clearance(b.ends[0, i], b.ends[0, i + 1])
        low, high = min(first, last), max(first, last)
        if low < -SAME_PLACE_M or high < APART_M:
            b.is_sound[0] = 0
        elif not i & 1 and low < SAG * reach and _is_arc_before_shadow(interval, side, i >> 1):
            # Both start on the circle: the line must fall off faster than the first chord.
            wide = math.sqrt((ux - b.start[0]) ** 2 + (uy - b.start[1]) ** 2)
            if low > SAME_PLACE_M or high < reach * (SAG + b.step * wide):
                b.is_sound[0] = 0


@inner
def _is_arc_before_shadow(interval: IntArray, side: Side, i: int) -> bool:
    """Return whether an interval begins at a shadow's end and ends at the range."""
    return bool(interval[side.list, i, OUTER] < 0 <= interval[side.list, i, INNER])


@inner
def check_width(b: Boundary, ux: float, uy: float, vx: float, vy: float) -> None:
    """Doubt a wedge that is too narrow for the rounding of coordinates."""
    if ux * vy - uy * vx < NARROW and ux * vx + uy * vy > 0.0:
        b.is_sound[0] = 0
