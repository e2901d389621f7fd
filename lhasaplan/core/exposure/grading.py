"""How a view of protected places is graded, grouped by camera, class and basis."""

import math
from collections.abc import Collection

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.exposure.readings import read_places
from lhasaplan.core.exposure.seen_walls import RECORDED, SeenWalls
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedPlace
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.seen_surface import SightingBasis
from lhasaplan.core.rules.pack import Thresholds

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
