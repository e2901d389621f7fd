"""Rings that kernels made as shapely polygons: each hole belongs to the smallest ring of its view that surrounds it."""

from collections import deque
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray

if TYPE_CHECKING:  # numba is loaded when it is first needed
    from lhasaplan.core.sight.sweep.rotational_sweep import Rings

NOTHING = shapely.MultiPolygon()
FOUND_AT_ONCE = 16  # batches of views: shapely keeps Python to itself while it makes their polygons


class Swept(NamedTuple):
    """What views see: MultiPolygons (empty where nothing is seen), their areas in m2, which are valid for certain; all (V,)."""

    ground: ObjectArray
    area_m2: FloatArray
    is_sound: BoolArray


class _SweptRings(NamedTuple):
    """Closed rings in the order of their views: all points, where each ring starts, its length, signed area and view."""

    xy: FloatArray
    start: IntArray
    length: IntArray
    area: FloatArray
    view: IntArray


class SweptRings:
    """Makes polygons of what so many views see from the rings of their batches, while further batches come from threads.

    So rings do not lie about until the end, and little is left to do there. One thread makes them all: what several
    allocate is not given back as well.
    """

    def __init__(self, count: int) -> None:
        self._answer = Swept(np.full(count, NOTHING, object), np.zeros(count), np.ones(count, bool))
        self._waiting: deque[list[Rings]] = deque()

    def add(self, batch: "list[Rings]") -> None:
        """Take in the rings of a batch of views, none of which is in another batch; from any thread."""
        self._waiting.append(batch)

    def make(self) -> None:
        """Make polygons of what was taken in."""
        while self._waiting:
            taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), FOUND_AT_ONCE))]
            _add_polygons([rings for batch in taken for rings in batch], self._answer)

    def polygons(self) -> Swept:
        """Return what all views see, once all batches were taken in."""
        self.make()
        return self._answer


def to_polygons(found: "list[Rings]", count: int) -> Swept:
    """Return what so many views see."""
    rings = SweptRings(count)
    rings.add(found)
    return rings.polygons()


def _add_polygons(found: "list[Rings]", answer: Swept) -> None:
    """Write what some views see into the answer."""
    if not sum(len(r.area) for r in found):
        return
    length = np.concatenate([np.diff(r.end) for r in found])
    xy, area, view = (np.concatenate([r[k] for r in found]) for k in (0, 2, 3))
    rings = _SweptRings(xy, np.cumsum(length) - length, length, area, view)
    shell = np.flatnonzero(area > 0.0)
    polygon, order = _polygons_in_order(rings, shell)
    several = np.concatenate(([0], 1 + np.flatnonzero(view[shell[1:]] != view[shell[:-1]]), [len(shell)]))
    ends = np.bincount(polygon[order], minlength=len(shell))
    offsets = _ends(length[order]), _ends(ends), several
    shapes = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, _points(rings, order), offsets)
    answer.ground[view[shell[several[:-1]]]] = shapes
    np.add.at(answer.area_m2, view[order], area[order])
    answer.is_sound[view[np.concatenate([r.is_sound for r in found]) == 0]] = False


def _ends(count: IntArray) -> IntArray:
    """Return where each of these many begins, and the last ends."""
    return np.concatenate(([0], np.cumsum(count)))


def _polygons_in_order(rings: _SweptRings, shell: IntArray) -> tuple[IntArray, IntArray]:
    """Return the number of each ring's polygon, and the rings by polygon, shells first; holes that lie in none are left out."""
    if len(shell) == len(rings.area):
        return shell, shell  # nothing but shells, each in its place
    polygon = _polygon_of_each(rings, shell)
    return polygon, np.argsort(2 * polygon + (rings.area < 0.0), kind="stable")[np.count_nonzero(polygon < 0) :]


def _polygon_of_each(rings: _SweptRings, shell: IntArray) -> IntArray:
    """Return the number of each ring's shell: a hole belongs to the smallest of its view that surrounds it, -1 if none does."""
    polygon = np.full(len(rings.area), -1)
    polygon[shell] = np.arange(len(shell))
    hole = np.flatnonzero(rings.area < 0.0)
    begins = np.concatenate(([0], 1 + np.flatnonzero(rings.view[1:] != rings.view[:-1]), [len(rings.area)]))
    visit = np.searchsorted(begins, hole, side="right") - 1  # rings of a view lie together
    low, high = np.searchsorted(shell, begins[visit]), np.searchsorted(shell, begins[visit + 1])
    polygon[hole] = np.where(high - low == 1, low, -1)
    several = np.flatnonzero(high - low > 1)
    if len(several):
        hole, number = _smallest_around(rings, shell, hole[several], (low[several], high[several]))
        polygon[hole] = number  # of several the last stays, which is the smallest
    return polygon


def _smallest_around(
    rings: _SweptRings, shell: IntArray, hole: IntArray, span: tuple[IntArray, IntArray]
) -> tuple[IntArray, IntArray]:
    """Return holes with the numbers of shells that surround them, greatest first; ``span`` bounds the numbers asked."""
    low, count = span[0], span[1] - span[0]
    inner = np.repeat(hole, count)
    number = np.repeat(low - np.cumsum(count) + count, count) + np.arange(count.sum())
    is_larger = rings.area[shell[number]] > -rings.area[inner]
    inner, number = inner[is_larger], number[is_larger]
    around = np.flatnonzero(_surround(rings, shell[number], inner))
    order = around[np.argsort(-rings.area[shell[number[around]]], kind="stable")]
    return inner[order], number[order]


def _surround(rings: _SweptRings, outer: IntArray, inner: IntArray) -> BoolArray:
    """Return whether most corners of a ring lie in a shell, pair by pair; rings may touch at corners."""
    corners, count = rings.length[outer], rings.length[inner]
    shells = shapely.polygons(shapely.linearrings(_points(rings, outer), indices=np.repeat(np.arange(len(outer)), corners)))
    pair = np.repeat(np.arange(len(inner)), count)
    is_in = shapely.covers(shells[pair], shapely.points(_points(rings, inner)))
    return np.asarray(2.0 * np.bincount(pair, is_in, len(inner)) > count)


def _points(rings: _SweptRings, order: IntArray) -> FloatArray:
    """Return the points of rings in this order: in as few pieces as it has."""
    begins = np.concatenate((np.zeros(min(len(order), 1), np.int64), 1 + np.flatnonzero(order[1:] != order[:-1] + 1)))
    ends = np.append(begins[1:], len(order)) - 1
    first, last = rings.start[order[begins]], rings.start[order[ends]] + rings.length[order[ends]]
    if len(begins) == 1:
        return rings.xy[first[0] : last[0]]
    return np.concatenate([rings.xy[low:high] for low, high in zip(first.tolist(), last.tolist(), strict=True)])
