"""How a view of protected places is graded, grouped by camera, class and basis."""

import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.exposure.seen_walls import CASES, RECORDED, SeenWalls, by_cameras
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedPlace
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.seen_surface import SightingBasis
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.core.sight.compiled.small_kernels import density_of_metres, metres_at
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1

# How sharply each place is in view: the density that a metre of its frontage reaches, or a square metre of its open ground.


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


class ReadWalls(NamedTuple):
    """What some cameras see, what of it is of places of which enough is in view, and the readings of these."""

    seen: SeenWalls
    counted: SeenWalls
    readings: Readings


def read_walls(seen: SeenWalls, thresholds: Thresholds, progress: Progress = no_progress) -> list[ReadWalls]:
    """Read what cameras see, some after the other in threads; only cameras that see anything are given."""

    def read(some: SeenWalls) -> ReadWalls:
        readings = read_surfaces(some, thresholds.frontage_m, thresholds.note_px_m)
        return ReadWalls(some, _of_read_places(some, readings), readings)

    return in_threads(read, [some for _, some in by_cameras(seen)], progress)


def _of_read_places(seen: SeenWalls, readings: Readings) -> SeenWalls:
    """Return what is seen of the places of which enough is in view, look by look and surface by surface."""
    step = len(seen.walls.places) + 1

    def number(look: IntArray, place: IntArray) -> IntArray:
        return np.asarray(look * step + place, np.int64)

    front = number(readings.look, readings.place)[~readings.is_ground]
    keep = np.isin(number(seen.look, seen.place), front)
    return seen if keep.all() else seen.where(keep)


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


Key = tuple[int, ProtectedClass, SightingBasis]  # index of the camera, class, basis
CLASSES = tuple(ProtectedClass)


def grade_of(density_px_m: float, thresholds: Thresholds, cls: ProtectedClass) -> Severity | None:
    """Return the grade of a density on protected frontage; unknown use is at most a note, a dwelling that is likely at most due.

    A note begins at its threshold, due and error above theirs: what is exactly at one is still the milder grade.

    >>> [grade_of(d, Thresholds(), ProtectedClass.HOME) for d in (24.9, 62.5, 125.0, 125.1)][1:]
    [<Severity.NOTE: 'note'>, <Severity.DUE: 'due'>, <Severity.ERROR: 'error'>]
    """
    if density_px_m < thresholds.note_px_m:
        return None
    if cls is ProtectedClass.USE_UNKNOWN or density_px_m <= thresholds.due_px_m:
        return Severity.NOTE
    is_due = density_px_m <= thresholds.error_px_m or cls is ProtectedClass.DWELLING_LIKELY
    return Severity.DUE if is_due else Severity.ERROR


def floor_px_m(grade: Severity | None, thresholds: Thresholds) -> float:
    """Return the density from which frontage counts for a grade: the first above the threshold of a graver one."""
    above = {Severity.ERROR: thresholds.error_px_m, Severity.DUE: thresholds.due_px_m}.get(grade or Severity.NOTE)
    return thresholds.note_px_m if above is None else math.nextafter(above, math.inf)


def class_numbers(places: tuple[ProtectedPlace, ...]) -> IntArray:
    """Return the class of each place as a number into ``CLASSES``; shape (places,)."""
    number = {cls: k for k, cls in enumerate(CLASSES)}
    return np.array([number[place.cls] for place in places], np.int64)


def grades_of(seen: SeenWalls, thresholds: Thresholds) -> dict[Key, Severity]:
    """Return the grade of every view, as its sighting would have it, without drawing it."""
    if seen.is_nothing():
        return {}
    read = read_places(seen, thresholds.frontage_m, thresholds.note_px_m)
    number = group_numbers(read.camera, class_numbers(seen.walls.places)[read.place], read.case)
    values, group = np.unique(number, return_inverse=True)
    top = highest(group, read.density_px_m, len(values))
    rows = zip([key_of(value) for value in values.tolist()], top.tolist(), strict=True)
    grades = {key: grade_of(px_m, thresholds, key[1]) if is_certain(key) else Severity.NOTE for key, px_m in rows}
    return {key: grade for key, grade in grades.items() if grade is not None}


def view_numbers(seen: SeenWalls) -> tuple[IntArray, IntArray]:
    """Return the number of the view (camera, class and basis) that each piece, and each row of ground, belongs to."""
    cls, ground = class_numbers(seen.walls.places), seen.ground
    return group_numbers(seen.camera, cls[seen.place], seen.case), group_numbers(ground.camera, cls[ground.place], ground.case)


def seen_by_key(seen: SeenWalls, wanted: Collection[Key] | None = None) -> dict[Key, SeenWalls]:
    """Return what each view rests on, those that are wanted alone where any are named."""
    pieces, ground = view_numbers(seen)
    order, order_of_ground = np.argsort(pieces, kind="stable"), np.argsort(ground, kind="stable")
    found = {}
    for number in np.unique(np.concatenate([pieces, ground])).tolist():
        key = key_of(number)
        if wanted is None or key in wanted:
            piece = slice(*np.searchsorted(pieces[order], (number, number + 1)).tolist())
            rows = slice(*np.searchsorted(ground[order_of_ground], (number, number + 1)).tolist())
            found[key] = seen.of_rows(order[piece], order_of_ground[rows])
    return found


def group_numbers(camera: IntArray, cls: IntArray, case: IntArray) -> IntArray:
    """Return the number of each row's camera, class and basis."""
    return np.asarray((camera * len(CLASSES) + cls) * 2 + (case != RECORDED), np.int64)


def key_of(number: int) -> Key:
    """Return camera, class and basis of a number."""
    rest, assumed = divmod(number, 2)
    camera, cls = divmod(rest, len(CLASSES))
    return camera, CLASSES[cls], SightingBasis.ASSUMED if assumed else SightingBasis.RECORDED


def is_certain(key: Key) -> bool:
    """Tell whether a view rests on recorded optics and direction."""
    return key[2] == SightingBasis.RECORDED


def highest(group: IntArray, density_px_m: FloatArray, count: int) -> FloatArray:
    """Return the highest density of each of ``count`` groups, 0 where one has no row."""
    top = np.zeros(count)
    np.maximum.at(top, group, density_px_m)
    return top
