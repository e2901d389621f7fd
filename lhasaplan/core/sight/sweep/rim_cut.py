"""Cut ground along the rim of a density: how far it reaches in each direction, so the foot of the lens sees all of the rim.

A corner lies within the rim while its share of the way to the rim, taken along its own direction, is at most 1. The share runs
evenly along an edge between two directions of the rim. Where an outline leaves, the next outline counter-clockwise along the rim
comes back in: the two are linked by the rim between them. Whatever is not certain that way is left to GEOS.
"""

import math
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.sight.compiled.compilation import an_int, inner, kernel
from lhasaplan.core.sight.sweep.boundary import APART_M, NONE, SAME_PLACE_M
from lhasaplan.core.sight.sweep.polygons import to_polygons
from lhasaplan.core.sight.sweep.rotational_sweep import Rings

# ruff: noqa: PLR0917  (kernels take plain numbers)

LEAST_M = 1e-3  # a corner nearer to the foot than this lies in no direction
ASIDE = 1e-6  # radians that a corner may lie beside the picture
NOTHING_LEFT, CUT, ALL_LEFT, UNKNOWN = 0, 1, 2, 3  # what is certain of a ground; UNKNOWN ones are left to GEOS


class Rims(NamedTuple):
    """How far one density reaches round the foot of each of many lenses, the points of all rims one after the other.

    Parameters
    ----------
    foot_m : where the lenses stand, shape (V, 2).
    axis : mathematical angle of the middle, radians, shape (V,).
    begin : where the points of a rim begin, shape (V + 1,).
    angles : directions of the points off the axis, ascending, radians, shape (n,); even but for the first and the last step.
    xy : points from the foot, counter-clockwise, metres, shape (n, 2).
    is_full : whether the last point of a rim is its first, shape (V,).
    """

    foot_m: FloatArray
    axis: FloatArray
    begin: IntArray
    angles: FloatArray
    xy: FloatArray
    is_full: BoolArray


class _Rim(NamedTuple):
    """One of them."""

    foot_x: float
    foot_y: float
    axis: float
    angles: FloatArray
    xy: FloatArray
    is_full: bool


class GroundOutlines(NamedTuple):
    """Closed rings of grounds: their points, where each begins, which are shells, and where those of each ground begin."""

    xy: FloatArray
    begin: IntArray
    is_shell: IntArray
    first: IntArray


class Nodes(NamedTuple):
    """Scratch: corners of what is left, the next one of each, whether it was read, and where outlines cross the rim.

    ``crossing`` holds a node and whether the outline leaves there, ``key`` how many points of the rim lie before it.
    """

    xy: FloatArray
    next: IntArray
    was_read: IntArray
    crossing: IntArray
    key: FloatArray


@inner
def _cross(ax: float, ay: float, bx: float, by: float) -> float:
    return ax * by - ay * bx


@inner
def _wedge(x: float, y: float, rim: _Rim, step: float) -> int:
    """Return between which point of the rim and its next a direction lies; -1 far beside the picture."""
    off = math.atan2(y, x) - rim.axis
    off -= 2.0 * math.pi * math.floor((off + math.pi) / (2.0 * math.pi))
    last = len(rim.angles) - 1
    if not rim.is_full and (off < rim.angles[0] - ASIDE or off > rim.angles[last] + ASIDE) and x * x + y * y > LEAST_M**2:
        return -1
    return an_int(max(0, min(last - 1, math.floor((off - rim.angles[1]) / step) + 1)))


@inner
def _share(x: float, y: float, k: int, rim: _Rim) -> float:
    """Return the share of the way to the chord from point k of the rim to the next."""
    ax, ay = rim.xy[k, 0], rim.xy[k, 1]
    dx, dy = rim.xy[k + 1, 0] - ax, rim.xy[k + 1, 1] - ay
    return _cross(x, y, dx, dy) / _cross(ax, ay, dx, dy)


@inner
def _key(x: float, y: float, k: int, rim: _Rim) -> float:
    """Return how far round the rim a direction lies, in points."""
    before = _cross(rim.xy[k, 0], rim.xy[k, 1], x, y)
    after = _cross(x, y, rim.xy[k + 1, 0], rim.xy[k + 1, 1])
    return k + before / (before + after)


@inner
def add_node(nodes: Nodes, count: int, x: float, y: float, before: int) -> int:
    """Write a node and link the one before to it, unless that is NONE; returns the number of nodes."""
    nodes.xy[count, 0], nodes.xy[count, 1] = x, y
    nodes.next[count], nodes.was_read[count] = NONE, 0
    if before >= 0:
        nodes.next[before] = count
    return count + 1


@inner
def signed_area(xy: FloatArray, begin: int, end: int) -> float:
    """Return the area of a closed ring, negative where it runs clockwise."""
    area = 0.0
    for i in range(begin + 1, end - 1):
        area += _cross(xy[i, 0] - xy[begin, 0], xy[i, 1] - xy[begin, 1], xy[i + 1, 0] - xy[begin, 0], xy[i + 1, 1] - xy[begin, 1])
    return area


class OutlineWalk(NamedTuple):
    """How far an outline was followed: is it kept here, its last node, and the number of nodes and of crossings (-1 in doubt)."""

    is_kept: bool
    last: int
    made: int
    met: int


@inner
def _meet_rim(x: float, y: float, k: int, rim: _Rim, nodes: Nodes, walk: OutlineWalk) -> OutlineWalk:
    """Note that the outline crosses the rim between its point k and the next."""
    nodes.key[walk.met] = _key(x, y, k, rim)
    nodes.crossing[walk.met, 0], nodes.crossing[walk.met, 1] = walk.made, 1 if walk.is_kept else 0
    count = add_node(nodes, walk.made, rim.foot_x + x, rim.foot_y + y, walk.last)
    return OutlineWalk(not walk.is_kept, an_int(NONE) if walk.is_kept else walk.made, count, walk.met + 1)


@inner
def _steps(px: float, py: float, qx: float, qy: float, k: int, to: int, rim: _Rim) -> int:
    """Return how many directions of the rim an edge passes, negative clockwise; the whole rim where it runs behind the lens."""
    steps, wedges = to - k, len(rim.angles) - 1
    if rim.is_full and 2 * abs(steps) > wedges:
        steps += -wedges if steps > 0 else wedges
    # Of an edge that passes close to the lens both ways count as many wedges: the side on which the lens lies tells which it is.
    if rim.is_full and 2 * abs(steps) >= wedges - 2 and steps * _cross(px, py, qx, qy) < 0.0:
        steps += -wedges if steps > 0 else wedges
    is_behind = not rim.is_full and abs(steps) > 1 and steps * _cross(px, py, qx, qy) < 0.0
    return wedges + 1 if is_behind else steps


@inner
def _follow_edge(
    px: float, py: float, qx: float, qy: float, k: int, steps: int, shares: tuple[float, float], rim: _Rim, keeps_near: bool,
    nodes: Nodes, walk: OutlineWalk,
) -> OutlineWalk:  # fmt: skip
    """Note where an edge crosses the rim, from one direction of the rim to the next; ``shares`` are those of its ends."""
    turn, wedges, along, share = 1 if steps > 0 else -1, len(rim.angles) - 1, 0.0, shares[0]
    for leg in range(abs(steps) + 1):
        until, next_share = 1.0, shares[1]
        if leg < abs(steps):
            at = k + 1 if turn > 0 else k
            rx, ry = rim.xy[at, 0], rim.xy[at, 1]
            side_p, side_q = _cross(rx, ry, px, py), _cross(rx, ry, qx, qy)
            until = min(max(side_p / (side_p - side_q) if side_p != side_q else along, along), 1.0)
            next_share = ((px + until * (qx - px)) * rx + (py + until * (qy - py)) * ry) / (rx * rx + ry * ry)
        if ((next_share <= 1.0) == keeps_near) != walk.is_kept:
            part = along + (until - along) * (1.0 - share) / (next_share - share)
            walk = _meet_rim(px + part * (qx - px), py + part * (qy - py), k, rim, nodes, walk)
        share, along = next_share, until
        k = (k + turn) % wedges if rim.is_full else k + turn
    return walk


@inner
def _follow_ring(
    xy: FloatArray, begin: int, end: int, way: int, rim: _Rim, step: float, keeps_near: bool, nodes: Nodes, walk: OutlineWalk
) -> OutlineWalk:
    """Take over what of a ring is kept, walked forward or back."""
    doubt = OutlineWalk(False, an_int(NONE), an_int(-1), an_int(0))
    i = begin if way > 0 else end - 1
    px, py = xy[i, 0] - rim.foot_x, xy[i, 1] - rim.foot_y
    k = _wedge(px, py, rim, step)
    if k < 0:
        return doubt
    share, first = _share(px, py, k, rim), walk.made
    walk = OutlineWalk((share <= 1.0) == keeps_near, an_int(NONE), walk.made, walk.met)
    if walk.is_kept:
        walk = OutlineWalk(True, first, add_node(nodes, first, xy[i, 0], xy[i, 1], an_int(NONE)), walk.met)
    for corner in range(end - begin - 1):
        i += way
        qx, qy = xy[i, 0] - rim.foot_x, xy[i, 1] - rim.foot_y
        to = _wedge(qx, qy, rim, step)
        if to < 0 or walk.met + len(rim.angles) + 4 > len(nodes.key) or walk.made + len(rim.angles) + 4 > len(nodes.key):
            return doubt
        if px * px + py * py < LEAST_M**2:
            k, share = to, _share(px, py, to, rim)
        elif qx * qx + qy * qy < LEAST_M**2:
            to = k
        steps, next_share = _steps(px, py, qx, qy, k, to, rim), _share(qx, qy, to, rim)
        if steps >= len(rim.angles) or abs(next_share - 1.0) * math.hypot(qx, qy) < APART_M:  # outlines that run along the rim
            return doubt
        walk = _follow_edge(px, py, qx, qy, k, steps, (share, next_share), rim, keeps_near, nodes, walk)
        if walk.is_kept and corner == end - begin - 2:
            nodes.next[walk.last] = first
        elif walk.is_kept:
            walk = OutlineWalk(True, walk.made, add_node(nodes, walk.made, xy[i, 0], xy[i, 1], walk.last), walk.met)
        k, share, px, py = to, next_share, qx, qy
    return walk


@inner
def sort_crossings(nodes: Nodes, met: int) -> None:
    """Put crossings in the order of the rim; there are few."""
    for i in range(1, met):
        key, node, leaves = nodes.key[i], nodes.crossing[i, 0], nodes.crossing[i, 1]
        j = i
        while j > 0 and nodes.key[j - 1] > key:
            nodes.key[j] = nodes.key[j - 1]
            nodes.crossing[j, 0], nodes.crossing[j, 1] = nodes.crossing[j - 1, 0], nodes.crossing[j - 1, 1]
            j -= 1
        nodes.key[j] = key
        nodes.crossing[j, 0], nodes.crossing[j, 1] = node, leaves


@inner
def _link_along_rim(rim: _Rim, keeps_near: bool, nodes: Nodes, count: int, met: int) -> int:
    """Link where outlines leave to where the next comes back, along the rim; returns the number of nodes, -1 in doubt."""
    wedges, turn = len(rim.angles) - 1, 1 if keeps_near else -1
    for i in range(met):
        j = i + turn
        if j < 0 or j >= met:
            if not rim.is_full:
                if nodes.crossing[i, 1] == 1:
                    return -1
                continue
            j = (j + met) % met
        a, b = nodes.crossing[i, 0], nodes.crossing[j, 0]
        apart = math.hypot(nodes.xy[a, 0] - nodes.xy[b, 0], nodes.xy[a, 1] - nodes.xy[b, 1])
        if nodes.crossing[i, 1] == nodes.crossing[j, 1] or apart < APART_M:
            return -1
        if nodes.crossing[i, 1] == 0:
            continue
        low, high = nodes.key[i], nodes.key[j]
        if turn > 0 and high < low:
            high += wedges
        elif turn < 0 and high > low:
            high -= wedges
        last = a
        at = math.floor(low) + 1 if turn > 0 else math.ceil(low) - 1
        while (at - high) * turn < 0.0:
            point = at % wedges if rim.is_full else at
            if count + 2 > len(nodes.next):
                return -1
            node = count
            count = add_node(nodes, count, rim.foot_x + rim.xy[point, 0], rim.foot_y + rim.xy[point, 1], last)
            last = node
            at += turn
        nodes.next[last] = b
    return count


@inner
def read_rings(nodes: Nodes, count: int, view: int, out: Rings, points: int, rings: int) -> tuple[int, int]:
    """Write the rings that the nodes make; (-1, 0) where one does not close or there is no room."""
    for start in range(count):
        begin, node = points, start
        while nodes.was_read[node] == 0:
            if points + 2 > len(out.xy):
                return -1, 0
            nodes.was_read[node] = 1
            x, y = nodes.xy[node, 0], nodes.xy[node, 1]
            if points == begin or max(abs(x - out.xy[points - 1, 0]), abs(y - out.xy[points - 1, 1])) > SAME_PLACE_M:
                out.xy[points, 0], out.xy[points, 1] = x, y
                points += 1
            node = nodes.next[node]
            if node < 0:
                return -1, 0
        if points > begin:
            last = points - 1
            if (
                last > begin
                and max(abs(out.xy[last, 0] - out.xy[begin, 0]), abs(out.xy[last, 1] - out.xy[begin, 1])) <= SAME_PLACE_M
            ):
                points = last
            out.xy[points, 0], out.xy[points, 1] = out.xy[begin, 0], out.xy[begin, 1]
            points += 1
            area = 0.5 * signed_area(out.xy, begin, points)
            if points - begin < 4 or abs(area) < APART_M * APART_M or rings + 2 > len(out.area):
                if rings + 2 > len(out.area):
                    return -1, 0
                points = begin
                continue
            rings += 1
            out.end[rings], out.area[rings - 1] = points, area
            out.views[rings - 1], out.is_sound[rings - 1] = view, 1
    return points, rings


@inner
def _cut_one(
    of: GroundOutlines, view: int, rim: _Rim, keeps_near: bool, nodes: Nodes, out: Rings, points: int, rings: int
) -> tuple[int, int, int]:
    """Write what a ground has within its rim, or beyond it: how certain that is, and the number of points and rings."""
    step = rim.angles[2] - rim.angles[1] if len(rim.angles) > 3 else rim.angles[1] - rim.angles[0]
    walk, dropped = OutlineWalk(False, an_int(NONE), an_int(0), an_int(0)), 0
    for ring in range(of.first[view], of.first[view + 1]):
        begin, end, before = of.begin[ring], of.begin[ring + 1], walk
        way = 1 if (signed_area(of.xy, begin, end) > 0.0) == (of.is_shell[ring] == 1) else -1
        walk = _follow_ring(of.xy, begin, end, way, rim, step, keeps_near, nodes, walk)
        if walk.made < 0:
            return UNKNOWN, points, rings
        dropped += 1 if walk.made == before.made and walk.met == before.met else 0
    if walk.met == 0:  # the rim may lie in the midst of the ground
        return (ALL_LEFT if dropped == 0 and keeps_near else UNKNOWN), points, rings
    sort_crossings(nodes, walk.met)
    count = _link_along_rim(rim, keeps_near, nodes, walk.made, walk.met)
    if count < 0:
        return UNKNOWN, points, rings
    now_points, now_rings = read_rings(nodes, count, view, out, points, rings)
    shells = 0
    for ring in range(rings, now_rings):
        shells += 1 if out.area[ring] > 0.0 else 0
    if now_points < 0 or (now_rings > rings and shells == 0):
        return UNKNOWN, points, rings
    return (CUT if shells else NOTHING_LEFT), now_points, now_rings


@kernel
def cut_at_rims(of: GroundOutlines, rims: Rims, keeps_near: bool, nodes: Nodes, out: Rings, states: IntArray) -> tuple[int, int]:
    """Write what each ground has within its rim, or beyond it, and how certain that is; returns the number of points, rings."""
    points, rings = an_int(0), an_int(0)
    out.end[0] = 0
    for view in range(len(rims.axis)):
        low, high = rims.begin[view], rims.begin[view + 1]
        rim = _Rim(
            rims.foot_m[view, 0],
            rims.foot_m[view, 1],
            rims.axis[view],
            rims.angles[low:high],
            rims.xy[low:high],
            rims.is_full[view],
        )
        states[view], points, rings = _cut_one(of, view, rim, keeps_near, nodes, out, points, rings)
    return points, rings


def grounds_at_rims(grounds: ObjectArray, rims: Rims, *, keeps_near: bool = True) -> ObjectArray:
    """Return what each ground, a valid MultiPolygon, has within its rim, or beyond it; None where that is not certain.

    The same value where all of it is within.
    """
    count = len(grounds)
    if not count:
        return grounds
    of = outlines_of(grounds)
    most_rim, most = int(np.diff(rims.begin).max()), int(np.diff(of.begin[of.first]).max())
    nodes, out = nodes_for(3 * most + 8 * most_rim), rings_for(len(of.xy) + count * (2 * most_rim + 8))
    states = np.empty(count, np.int64)
    points, rings = cut_at_rims(of, rims, keeps_near, nodes, out, states)
    used = Rings(out.xy[:points], out.end[: rings + 1], out.area[:rings], out.views[:rings], out.is_sound[:rings])
    found = to_polygons([used], count).ground
    found[states == UNKNOWN] = None
    all_left = states == ALL_LEFT
    found[all_left] = grounds[all_left]
    return found


def _ragged(grounds: ObjectArray) -> tuple[FloatArray, IntArray, IntArray, IntArray]:
    """Return points of MultiPolygons, and where each ring, polygon and ground begins among what it is made of.

    The same as ``shapely.to_ragged_array``, which for a single ground takes three times as long.
    """
    polygon, of_ground = shapely.get_parts(grounds, return_index=True)
    ring, of_polygon = shapely.get_rings(polygon, return_index=True)
    xy, of_ring = shapely.get_coordinates(ring, return_index=True)
    return xy, _ends(of_ring, len(ring)), _ends(of_polygon, len(polygon)), _ends(of_ground, len(grounds))


def _ends(of: IntArray, count: int) -> IntArray:
    ends = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(of, minlength=count), out=ends[1:])
    return ends


def outlines_of(grounds: ObjectArray) -> GroundOutlines:
    """Return the outlines of MultiPolygons, at least one."""
    xy, ring_end, polygon_end, ground_end = _ragged(grounds)
    is_shell = np.zeros(len(ring_end) - 1, np.int64)
    is_shell[polygon_end[:-1]] = 1
    return GroundOutlines(xy, ring_end, is_shell, polygon_end[ground_end])


def nodes_for(size: int) -> Nodes:
    """Return scratch for so many nodes."""
    return Nodes(
        np.empty((size, 2)), np.empty(size, np.int64), np.empty(size, np.int64), np.empty((size, 2), np.int64), np.empty(size)
    )


def rings_for(points: int) -> Rings:
    """Return output for rings of so many points."""
    end, views, is_sound = (np.empty(points, np.int64) for _ in range(3))
    return Rings(np.empty((points, 2)), end, np.empty(points), views, is_sound)
