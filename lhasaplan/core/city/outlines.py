"""Outlines that are one building, that lie across each other, or that are too thin to be a building.

A second layer of the same houses, drawn a little larger, would stand as a wall before every home of the first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, in_parts, joined_groups
from lhasaplan.core.model.layer import Buildings, Tags

# Find outlines, and stretches of outlines, that are too thin to be a building: walls, which end no view of a protected place.
#
# Nobody lives, works or stores anything in a strip as wide as a hedge. Such a wall may stand there or have been drawn to hide
# a window; whoever looks at a map cannot tell, as of a tree. What a camera can see of the ground does end at it. A wall may
# be drawn in pieces: outlines that touch are judged together, with the posts and knobs between them.

# A strip narrower than this, and at least so long, is no building; half a metre of masonry is a wall that maps know.
WIDTH_M, LENGTH_M = 0.4, 2.0
_JUST_AS_WIDE_M = 0.02
_ROUNDING_M = 0.05
_SHARPEST_DEG = 15.0
_MITRE = 2.5  # a corner sharper than 47 degrees has a thin end


def without_thin_walls(buildings: Buildings) -> tuple[Buildings, int]:
    """Return buildings that lack their thin stretches, and of how many outlines; the same where none has any.

    Rows stay what they are: what is a wall as a whole has no height.
    """
    # Posts, of which a wall may have some, are no longer than a piece of wall may be.
    west, south, east, north = shapely.bounds(buildings.polygons).reshape(-1, 4).T
    suspects = np.flatnonzero(
        in_parts(_may_be_thin, buildings.polygons) | np.asarray(np.hypot(east - west, north - south) < LENGTH_M, bool)
    )
    solid = _solid(buildings.polygons[suspects])
    changed = np.array([shape is not None for shape in solid], bool)
    rows, shapes = suspects[changed], solid[changed]
    if not len(rows):
        return buildings, 0
    is_gone = shapely.is_empty(shapes)
    polygons, top_m, base_m = buildings.polygons.copy(), buildings.top_m.copy(), buildings.base_m.copy()
    polygons[rows[~is_gone]] = shapes[~is_gone]
    top_m[rows[is_gone]] = base_m[rows[is_gone]] = 0.0
    return replace(buildings, polygons=polygons, top_m=top_m, base_m=base_m), len(rows)


def _may_be_thin(polygons: ObjectArray) -> BoolArray:
    """Say which outlines have a court, a side as short as a thin strip is wide, or a corner as sharp: of others none is thin."""
    rings, ring_owner = shapely.get_parts(shapely.boundary(polygons), return_index=True)
    corners, owner = shapely.get_coordinates(rings, return_index=True)
    step, is_joined = np.diff(corners, axis=0), owner[1:] == owner[:-1]
    length = np.hypot(*step.T)
    is_short = is_joined & (length < WIDTH_M)
    marks = np.concatenate([owner[:-1][is_short], owner[:-1][_sharp(corners, owner)]])
    found = np.bincount(ring_owner, minlength=len(polygons)) > 1
    found[ring_owner[marks]] = True
    return found


def _sharp(corners: FloatArray, owner: IntArray) -> BoolArray:
    """Say at which corners, shape (n - 1,), a ring turns back on itself, where it begins and ends among them."""
    ahead = np.diff(corners, axis=0)
    is_edge = owner[1:] == owner[:-1]
    first = np.flatnonzero(is_edge & np.concatenate([[True], owner[1:-1] != owner[:-2]])) if len(ahead) else np.zeros(0, np.int64)
    last = np.flatnonzero(is_edge & np.concatenate([owner[2:] != owner[1:-1], [True]])) if len(ahead) else first
    back = np.roll(ahead, 1, axis=0)
    back[first] = ahead[last]
    size = np.maximum(np.hypot(*ahead.T) * np.hypot(*back.T), 1e-12)
    return np.asarray(is_edge & ((ahead * back).sum(axis=1) / size < -np.cos(np.radians(_SHARPEST_DEG))), bool)


def _solid(polygons: ObjectArray) -> ObjectArray:
    """Return what is left of each outline, empty where nothing is; None where it has no thin stretch."""
    half_m = (WIDTH_M - _JUST_AS_WIDE_M) / 2.0
    core = shapely.buffer(polygons, -half_m, join_style="mitre", mitre_limit=_MITRE)
    thick = shapely.buffer(core, half_m + _ROUNDING_M, join_style="mitre", mitre_limit=_MITRE)
    thin, thin_row = shapely.get_parts(shapely.difference(polygons, thick), return_index=True)
    knob, knob_row = shapely.get_parts(thick, return_index=True)
    is_knob = _across_m(knob) < LENGTH_M
    pieces, row = np.concatenate([thin, knob[is_knob]]), np.concatenate([thin_row, knob_row[is_knob]])
    is_thin = np.arange(len(pieces)) < len(thin)
    is_wall = (is_thin & (_across_m(pieces) >= LENGTH_M)) | _in_chains(pieces, is_thin)
    found: ObjectArray = np.full(len(polygons), None, object)
    for each in np.unique(row[is_wall]).tolist():
        walls = shapely.union_all(pieces[is_wall & (row == each)])
        left = shapely.difference(polygons[each], shapely.buffer(walls, _ROUNDING_M))
        found[each] = left if left.area > _ROUNDING_M else shapely.Polygon()
    return found


def _across_m(shapes: ObjectArray) -> FloatArray:
    return np.asarray(2.0 * shapely.minimum_bounding_radius(shapes), float)


def _in_chains(pieces: ObjectArray, is_thin: BoolArray) -> BoolArray:
    """Say which pieces make a wall with others that they touch: as long as one, and thin on half of its length."""
    if not len(pieces):
        return np.zeros(0, bool)
    one, other = shapely.STRtree(pieces).query(pieces, predicate="dwithin", distance=_ROUNDING_M)
    chain = joined_groups(one, other, len(pieces))
    chains = int(chain.max()) + 1
    thin_m = np.bincount(chain, np.where(is_thin, _across_m(pieces), 0.0), chains)
    several = np.bincount(chain, minlength=chains) > 1
    length_m = np.zeros(chains)
    order = np.argsort(chain, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(chain[order])) + 1):
        if several[chain[rows[0]]] and thin_m[chain[rows[0]]] > 0.0:
            length_m[chain[rows[0]]] = 2.0 * shapely.minimum_bounding_radius(shapely.geometrycollections(pieces[rows]))
    is_wall = (length_m >= LENGTH_M) & (thin_m >= length_m / 2.0)
    return np.asarray(is_wall[chain], bool)


# Find outlines of several layers that are one building, and outlines that lie across each other without being one.

SHARE = 0.5  # of the ground of two outlines, what both have: no two buildings stand on the same ground
HEIGHT_M = 3.0  # recorded heights of one building differ by a storey at most, or by
HEIGHT_SHARE = 0.3  # this share of the greater one
BESIDE_M = 1.0  # an outline that lies no farther outside tells of the same wall
_LEAST_BOX = 0.35  # boxes that share less hold no outlines that share half, but odd ones
_UNKNOWN = frozenset({"", "yes"})
_RECORDED = frozenset({"height", "levels", "table", "roof"})


@dataclass(frozen=True, eq=False, slots=True)
class Doubles:
    """Which outlines stand for others.

    Parameters
    ----------
    of : shape (n,); the row whose outline stands for each building as a wall, its own where nothing else does.
    a, b : pairs of outlines on the same ground that are not one building; of ``a`` the outline is the one to be believed.
    """

    of: IntArray
    a: IntArray
    b: IntArray

    @property
    def is_again(self) -> BoolArray:
        """Say which outlines are drawn again: another one stands for them."""
        return np.asarray(self.of != np.arange(len(self.of)), bool)


def doubles_of(buildings: Buildings, kinds_of: Callable[[Tags], Sequence[str]]) -> Doubles:
    """Return which outlines are one building: they share their ground, and neither heights, house numbers nor uses gainsay it.

    Of one building the outline of the most protective kind is the wall, of several such the smallest.

    Parameters
    ----------
    kinds_of : gives the protected kinds that a building's own tags show.
    """
    a, b = _on_the_same_ground(buildings)
    own = {row: frozenset(kinds_of(buildings.tags[row])) for row in np.union1d(a, b).tolist()}
    rank = _ranks(buildings, own, unknown_first=True)
    swap = rank[b] < rank[a]
    a, b = np.where(swap, b, a), np.where(swap, a, b)
    is_one = np.fromiter((_may_be_one(buildings, i, j, own) for i, j in zip(a.tolist(), b.tolist(), strict=True)), bool, len(a))
    of, group = np.arange(len(buildings)), joined_groups(a[is_one], b[is_one], len(buildings))
    members = np.union1d(a[is_one], b[is_one])
    best, rank = dict[int, int](), _ranks(buildings, own)
    for row in sorted(members.tolist(), key=lambda row: (rank[row], row)):
        of[row] = best.setdefault(int(group[row]), row)
    return Doubles(of, a[~is_one], b[~is_one])


def _on_the_same_ground(buildings: Buildings) -> tuple[IntArray, IntArray]:
    """Return pairs of outlines that share half of the ground that both have, or differ by no more than lies beside a wall."""
    a, b = shapely.STRtree(buildings.polygons).query(buildings.polygons)
    a, b = a[a < b], b[a < b]
    bounds = shapely.bounds(buildings.polygons).reshape(-1, 4)
    is_near = np.abs(bounds[a] - bounds[b]).max(axis=1, initial=0.0) <= BESIDE_M
    near = is_near | (_box_share(bounds, a, b) >= _LEAST_BOX)
    a, b, is_near = a[near], b[near], is_near[near]
    one, other = buildings.polygons[a], buildings.polygons[b]
    both = shapely.area(shapely.intersection(one, other))
    is_same = both >= SHARE * (shapely.area(one) + shapely.area(other) - both)
    is_same[is_near] |= _all_beside(one[is_near], other[is_near]) & _all_beside(other[is_near], one[is_near])
    same_air = (buildings.base_m[a] < buildings.top_m[b]) & (buildings.base_m[b] < buildings.top_m[a])
    keep = is_same & same_air & (both > 0.0)
    return a[keep].astype(np.int64), b[keep].astype(np.int64)


def _all_beside(one: ObjectArray, other: ObjectArray) -> BoolArray:
    """Say which outlines lie within reach of others: of what is small, a little more around is much of its ground."""
    return np.asarray(shapely.covers(shapely.buffer(other, BESIDE_M, join_style="mitre"), one), bool)


def _box_share(bounds: FloatArray, a: IntArray, b: IntArray) -> FloatArray:
    one, other = bounds[a], bounds[b]
    both = np.maximum(np.minimum(one[:, 2:], other[:, 2:]) - np.maximum(one[:, :2], other[:, :2]), 0.0).prod(axis=1)
    sizes = [(each[:, 2:] - each[:, :2]).prod(axis=1) for each in (one, other)]
    return np.asarray(both / np.maximum(sizes[0] + sizes[1] - both, 1e-9), float)


def _ranks(buildings: Buildings, own: Mapping[int, frozenset[str]], *, unknown_first: bool = False) -> FloatArray:
    """Return what puts the outline to be believed first: a protected kind, an unknown use where asked, the smaller ground."""
    rank = np.asarray(shapely.area(buildings.polygons), float)
    beyond = float(rank.max(initial=0.0)) + 1.0
    for row, kinds in own.items():
        if not kinds:
            is_unknown = unknown_first and buildings.tags[row].get("building", "") in _UNKNOWN
            rank[row] += beyond if is_unknown else 2.0 * beyond
    return rank


def _may_be_one(buildings: Buildings, a: int, b: int, own: Mapping[int, frozenset[str]]) -> bool:
    one, other = buildings.tags[a], buildings.tags[b]
    numbers = {each for each in (one.get("addr:housenumber"), other.get("addr:housenumber")) if each}
    uses = {each for each in (one.get("building", ""), other.get("building", "")) if each not in _UNKNOWN}
    has_one_use = len(uses) < 2 or bool(own[a] & own[b])
    if len(numbers) > 1 or not has_one_use or "building:part" in {*one, *other}:
        return False
    if not {str(buildings.height_source[a]), str(buildings.height_source[b])} <= _RECORDED:
        return True
    tall = float(max(buildings.top_m[a], buildings.top_m[b]))
    return abs(float(buildings.top_m[a] - buildings.top_m[b])) <= max(HEIGHT_M, HEIGHT_SHARE * tall)


def without_doubles(buildings: Buildings, again: BoolArray) -> Buildings:
    """Return buildings of which those outlines are no walls and no ground; rows stay what they are."""
    if not again.any():
        return buildings
    polygons, top_m, base_m = buildings.polygons.copy(), buildings.top_m.copy(), buildings.base_m.copy()
    polygons[again] = shapely.Polygon()
    top_m[again] = base_m[again] = 0.0
    return replace(buildings, polygons=polygons, top_m=top_m, base_m=base_m)


def without_heights(buildings: Buildings, rows: IntArray) -> Buildings:
    """Return buildings of which some end no view; they stay where they are."""
    if not len(rows):
        return buildings
    top_m, base_m = buildings.top_m.copy(), buildings.base_m.copy()
    top_m[rows] = base_m[rows] = 0.0
    return replace(buildings, top_m=top_m, base_m=base_m)
