"""How sharply each place is in view: the density that a metre of its frontage reaches, or a square metre of its open ground."""

from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.exposure.seen_walls import CASES, SeenWalls
from lhasaplan.core.sight.compiled.small_kernels import density_of_metres, metres_at
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1


@dataclass(frozen=True, eq=False, slots=True)
class Readings:
    """One row for each camera, case, look and place of which enough is in view, frontage and ground apart; arrays (R,).

    Parameters
    ----------
    density_px_m : what a metre of frontage, at least 0.1 m high, or a square metre of ground reaches.
    row : where it is sharpest: a piece of the seen walls, or a row of the seen ground.
    """

    camera: IntArray
    case: IntArray
    look: IntArray
    place: IntArray
    is_ground: BoolArray
    density_px_m: FloatArray
    row: IntArray

    def where(self, keep: BoolArray | IntArray) -> "Readings":
        """Return some of the readings."""
        return Readings(*(getattr(self, name)[keep] for name in self.__slots__))


def read_surfaces(seen: SeenWalls, frontage_m: float, least_px_m: float) -> Readings:
    """Return the readings of frontage and of ground.

    Parameters
    ----------
    frontage_m : metres of frontage that must be in view (docs/glossary.md, policy).
    """
    front = _read_frontage(seen, frontage_m, least_px_m)
    ground = seen.ground
    every, is_ground = np.arange(len(ground)), np.full(len(ground), True)
    whole = Readings(ground.camera, ground.case, ground.look, ground.place, is_ground, ground.density_px_m, every)
    return Readings(*(np.concatenate([getattr(front, name), getattr(whole, name)]) for name in Readings.__slots__))


def read_places(seen: SeenWalls, frontage_m: float, least_px_m: float) -> Readings:
    """Return, for each camera, case and place, the sharpest reading of any look and surface, in this order."""
    every = read_surfaces(seen, frontage_m, least_px_m)
    order = np.lexsort((-every.density_px_m, every.place, every.camera * len(CASES) + every.case))
    every = every.where(order)
    return every.where(opens(every.camera, every.case, every.place))


def _read_frontage(seen: SeenWalls, frontage_m: float, least_px_m: float) -> Readings:
    """Return the readings of frontage."""
    place = seen.place
    order = np.lexsort((seen.column, seen.wall, place, seen.look))  # a place's walls may have numbers far apart
    look, its = seen.look[order], place[order]
    first = np.flatnonzero(opens(look, its))
    best = seen.figure[order][:, [BEST0, BEST1]]
    density = np.empty(len(first))
    length, column = seen.length_m[order], seen.column[order]
    ends = np.append(first, len(order))
    density_of_metres(ends, length, best[:, 0].copy(), best[:, 1].copy(), column, max(frontage_m, 1e-6), least_px_m, density)
    sharpest = _sharpest_rows(best.max(axis=1), ends)
    rows = order[first]
    found = Readings(
        seen.camera[rows], seen.case[rows], seen.look[rows], place[rows], np.full(len(first), False), density, order[sharpest]
    )  # fmt: skip
    return found.where(density > 0.0)


def _sharpest_rows(best_px_m: FloatArray, ends: IntArray) -> IntArray:
    """Return the row of each group at which it is sharpest."""
    if not len(best_px_m):
        return np.zeros(0, np.int64)
    top = np.maximum.reduceat(best_px_m, ends[:-1])
    is_top = np.flatnonzero(best_px_m == np.repeat(top, np.diff(ends)))
    return np.asarray(is_top[np.searchsorted(is_top, ends[:-1])], np.int64)


def frontage_metres(seen: SeenWalls, group: IntArray, count: int, density_px_m: FloatArray) -> FloatArray:
    """Return the metres of frontage that each group shows at its density or better, in the look that shows most; shape (count,).

    Parameters
    ----------
    group : shape (N,); which group each piece belongs to, -1 for none.
    density_px_m : shape (count,).
    """
    counts = np.flatnonzero(group >= 0)
    order = counts[np.lexsort((seen.column[counts], seen.wall[counts], seen.look[counts], group[counts]))]
    its, look = group[order], seen.look[order]
    first = np.flatnonzero(opens(its, look))
    best0, best1 = seen.figure[order, BEST0], seen.figure[order, BEST1]
    metres = np.empty(len(first))
    ends, limits = np.append(first, len(order)), density_px_m[its[first]]
    metres_at(ends, seen.length_m[order], best0, best1, seen.column[order], limits, metres)
    most = np.zeros(count)
    np.maximum.at(most, its[first], metres)
    return most


def opens(*keys: IntArray) -> BoolArray:
    """Tell which rows of sorted keys begin a new group."""
    found = np.zeros(len(keys[0]), bool)
    found[:1] = True
    for key in keys:
        found[1:] |= key[1:] != key[:-1]
    return found
