"""Find outlines of several layers that are one building, and outlines that lie across each other without being one.

A second layer of the same houses, drawn a little larger, would stand as a wall before every home of the first.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.joined_groups import joined_groups
from lhasaplan.core.model.layer import Buildings, Tags

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
