"""Cut ground into strips across the axis of a lens: a density of a straight lens begins at a straight line.

Where an outline leaves a strip, the next outline along that line comes back in: the two are linked by the line between them.
Whatever is not certain that way is left to who asks.
"""

from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.sight.compiled.compilation import a_bool, an_int, inner, kernel
from lhasaplan.core.sight.sweep.boundary import APART_M, NONE
from lhasaplan.core.sight.sweep.polygons import to_polygons
from lhasaplan.core.sight.sweep.rim_cut import (
    ALL_LEFT,
    CUT,
    NOTHING_LEFT,
    UNKNOWN,
    GroundOutlines,
    Nodes,
    OutlineWalk,
    add_node,
    nodes_for,
    outlines_of,
    read_rings,
    rings_for,
    signed_area,
    sort_crossings,
)
from lhasaplan.core.sight.sweep.rotational_sweep import Rings

# ruff: noqa: PLR0917  (kernels take plain numbers)

BELOW, WITHIN, BEYOND = -1, 0, 1  # where a corner lies
SHIFT_M = 4e6  # crossings of the farther line come after those of the nearer one
SLIVER_M2 = 1e-6


class Strips(NamedTuple):
    """Strips of ground before lenses.

    Parameters
    ----------
    ground : the ground that each cuts, shape (S,).
    foot_m : where its lens stands, shape (S, 2).
    axis : unit vector east and north of the lens's axis, shape (S, 2).
    ends_m : how far ahead the strip begins and ends, shape (S, 2).
    """

    ground: IntArray
    foot_m: FloatArray
    axis: FloatArray
    ends_m: FloatArray


class _Strip(NamedTuple):
    """One of them."""

    x: float
    y: float
    east: float
    north: float
    low: float
    high: float


@inner
def _ahead(x: float, y: float, strip: _Strip) -> float:
    """Return how far ahead of the lens a point lies."""
    return (x - strip.x) * strip.east + (y - strip.y) * strip.north


@inner
def _zone(ahead: float, strip: _Strip) -> int:
    """Return where a point so far ahead lies."""
    return an_int(BELOW) if ahead < strip.low else an_int(BEYOND) if ahead > strip.high else an_int(WITHIN)


@inner
def _is_at_line(ahead: float, strip: _Strip) -> bool:
    """Return whether a point lies so near to an end of the strip that its side is not certain."""
    return bool(min(abs(ahead - strip.low), abs(ahead - strip.high)) < APART_M)


@inner
def _meet_line(
    px: float,
    py: float,
    qx: float,
    qy: float,
    share: float,
    is_high: bool,
    leaves: bool,
    strip: _Strip,
    nodes: Nodes,
    walk: OutlineWalk,
) -> OutlineWalk:
    """Note that the outline crosses an end of the strip; keys ascend counter-clockwise round the strip."""
    x, y = px + share * (qx - px), py + share * (qy - py)
    aside = (y - strip.y) * strip.east - (x - strip.x) * strip.north
    nodes.key[walk.met] = SHIFT_M + aside if is_high else -aside
    nodes.crossing[walk.met, 0], nodes.crossing[walk.met, 1] = walk.made, 1 if leaves else 0
    count = add_node(nodes, walk.made, x, y, walk.last)
    return OutlineWalk(not leaves, an_int(NONE) if leaves else walk.made, count, walk.met + 1)


@inner
def _follow_edge(
    px: float, py: float, qx: float, qy: float, p: float, q: float, strip: _Strip, nodes: Nodes, walk: OutlineWalk
) -> OutlineWalk:
    """Note where an edge crosses the ends of the strip; ``p`` and ``q`` are how far ahead its own ends lie."""
    zone, then = _zone(p, strip), _zone(q, strip)
    to_low, to_high = (strip.low - p) / (q - p), (strip.high - p) / (q - p)
    if zone < then:
        if zone == BELOW:
            walk = _meet_line(px, py, qx, qy, to_low, a_bool(False), a_bool(False), strip, nodes, walk)
        if then == BEYOND:
            walk = _meet_line(px, py, qx, qy, to_high, a_bool(True), a_bool(True), strip, nodes, walk)
    elif zone > then:
        if zone == BEYOND:
            walk = _meet_line(px, py, qx, qy, to_high, a_bool(True), a_bool(False), strip, nodes, walk)
        if then == BELOW:
            walk = _meet_line(px, py, qx, qy, to_low, a_bool(False), a_bool(True), strip, nodes, walk)
    return walk


@inner
def _follow_ring(xy: FloatArray, begin: int, end: int, way: int, strip: _Strip, nodes: Nodes, walk: OutlineWalk) -> OutlineWalk:
    """Take over what of a ring lies in the strip, walked forward or back; it made -1 nodes in doubt."""
    i = begin if way > 0 else end - 1
    px, py, first = xy[i, 0], xy[i, 1], walk.made
    p = _ahead(px, py, strip)
    walk = OutlineWalk(_zone(p, strip) == WITHIN, an_int(NONE), walk.made, walk.met)
    if walk.is_kept:
        walk = OutlineWalk(a_bool(True), first, add_node(nodes, first, px, py, an_int(NONE)), walk.met)
    for corner in range(end - begin - 1):
        i += way
        qx, qy = xy[i, 0], xy[i, 1]
        q = _ahead(qx, qy, strip)
        if _is_at_line(q, strip) or walk.made + 4 > len(nodes.next):
            return OutlineWalk(a_bool(False), an_int(NONE), an_int(-1), an_int(0))
        walk = _follow_edge(px, py, qx, qy, p, q, strip, nodes, walk)
        if walk.is_kept and corner == end - begin - 2:
            nodes.next[walk.last] = first
        elif walk.is_kept:
            walk = OutlineWalk(a_bool(True), walk.made, add_node(nodes, walk.made, qx, qy, walk.last), walk.met)
        px, py, p = qx, qy, q
    return walk


@inner
def _link_along_lines(nodes: Nodes, met: int) -> bool:
    """Link where outlines leave to where the next comes back, along the strip's ends; returns whether that is certain."""
    for i in range(met):
        if nodes.crossing[i, 1] != 1 - (i & 1) or (i and nodes.key[i] - nodes.key[i - 1] < APART_M):
            return False
        if i & 1:
            if nodes.key[i] - nodes.key[i - 1] > SHIFT_M / 2.0:
                return False
            nodes.next[nodes.crossing[i - 1, 0]] = nodes.crossing[i, 0]
    return met & 1 == 0


@inner
def _cut_one(
    of: GroundOutlines, s: int, strips: Strips, nodes: Nodes, out: Rings, points: int, rings: int
) -> tuple[int, int, int]:
    """Write what a ground has in a strip: how certain that is, and the number of points and rings."""
    strip = _Strip(
        strips.foot_m[s, 0], strips.foot_m[s, 1], strips.axis[s, 0], strips.axis[s, 1], strips.ends_m[s, 0], strips.ends_m[s, 1]
    )
    walk, dropped, ground = OutlineWalk(a_bool(False), an_int(NONE), an_int(0), an_int(0)), 0, strips.ground[s]
    for ring in range(of.first[ground], of.first[ground + 1]):
        begin, end, before = of.begin[ring], of.begin[ring + 1], walk
        way = an_int(1) if (signed_area(of.xy, begin, end) > 0.0) == (of.is_shell[ring] == 1) else an_int(-1)
        walk = _follow_ring(of.xy, begin, end, way, strip, nodes, walk)
        if walk.made < 0:
            return UNKNOWN, points, rings
        dropped += 1 if walk.made == before.made else 0
    if walk.made == 0 or (walk.met == 0 and dropped == 0):
        return (NOTHING_LEFT if walk.made == 0 else ALL_LEFT), points, rings
    sort_crossings(nodes, walk.met)
    if not _link_along_lines(nodes, walk.met):
        return UNKNOWN, points, rings
    now_points, now_rings = read_rings(nodes, walk.made, s, out, points, rings)
    is_certain = now_points >= 0 and now_rings > rings
    for ring in range(rings, now_rings):
        is_certain = is_certain and abs(out.area[ring]) > SLIVER_M2
    return (CUT, now_points, now_rings) if is_certain else (UNKNOWN, points, rings)


@kernel
def cut_in_strips(of: GroundOutlines, strips: Strips, nodes: Nodes, out: Rings, states: IntArray) -> tuple[int, int]:
    """Write what each strip has of its ground, and how certain that is; returns the number of points and of rings."""
    points, rings = an_int(0), an_int(0)
    out.end[0] = 0
    for s in range(len(states)):
        states[s], points, rings = _cut_one(of, s, strips, nodes, out, points, rings)
    return points, rings


def grounds_in_strips(grounds: ObjectArray, strips: Strips) -> ObjectArray:
    """Return what each strip has of its ground, a valid MultiPolygon, shape (S,); None where that is not certain.

    The same value where all of the ground is in the strip.
    """
    count, of = len(strips.ground), outlines_of(grounds)
    most, corners = int(np.diff(of.begin[of.first]).max()), int(np.diff(of.begin[of.first])[strips.ground].sum())
    nodes, out, states = nodes_for(5 * most + 8), rings_for(4 * corners + 8 * count), np.empty(count, np.int64)
    points, rings = cut_in_strips(of, strips, nodes, out, states)
    used = Rings(out.xy[:points], out.end[: rings + 1], out.area[:rings], out.views[:rings], out.is_sound[:rings])
    found = to_polygons([used], count).ground
    found[states == UNKNOWN] = None
    all_left = states == ALL_LEFT
    found[all_left] = grounds[strips.ground[all_left]]
    return found
