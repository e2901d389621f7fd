"""Which cameras see which protected walls and ground, how sharply, and how such views are graded and grouped."""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, order_of
from lhasaplan.core.base.progress import Progress, in_threads, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext, ViewTable
from lhasaplan.core.context.scenes import relevant_ground
from lhasaplan.core.exposure.seen_walls import CASES, RECORDED, SeenWalls, by_cameras, look_in
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.place import ProtectedClass, ProtectedPlace, ProtectedWalls
from lhasaplan.core.protection.ground import NearPlaces, levels_without_pits_m, lifted, protected_walls
from lhasaplan.core.results.finding import Severity, SightingBasis
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.compiled.small_kernels import density_of_metres, metres_at
from lhasaplan.core.sight.obstacles.relief import level_relief
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1

# How a view of protected places is graded, grouped by camera, class and basis.


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


def read_walls(seen: SeenWalls, thresholds: Thresholds) -> list[ReadWalls]:
    """Read what cameras see, some after the other in threads; only cameras that see anything are given."""

    def read(some: SeenWalls) -> ReadWalls:
        readings = read_surfaces(some, thresholds.frontage_m, thresholds.note_px_m)
        return ReadWalls(some, _of_read_places(some, readings), readings)

    return in_threads(read, list(by_cameras(seen)), no_progress)


def _of_read_places(seen: SeenWalls, readings: Readings) -> SeenWalls:
    """Return what is seen of the places of which enough is in view, look by look and surface by surface."""
    step = len(seen.walls.places) + 1

    def number(look: IntArray, place: IntArray) -> IntArray:
        return np.asarray(look * step + place, np.int64)

    front = np.append(number(readings.look, readings.place)[~readings.is_ground], -1)  # ascending but for the end
    mine = number(seen.look, seen.place)
    keep = front[np.searchsorted(front[:-1], mine)] == mine
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
    order = order_of(seen.look, place, seen.wall, seen.column)  # a place's walls may have numbers far apart
    look, its = seen.look[order], place[order]
    first = np.flatnonzero(opens(look, its))
    best0, best1 = seen.figure[order, BEST0], seen.figure[order, BEST1]
    density = np.empty(len(first))
    length, column = seen.length_m[order], seen.column[order]
    ends = np.append(first, len(order))
    density_of_metres(ends, length, best0, best1, column, max(frontage_m, 1e-6), least_px_m, density)
    sharpest = _sharpest_rows(np.maximum(best0, best1), ends)
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
    order = counts[order_of(group[counts], seen.look[counts], seen.wall[counts], seen.column[counts])]
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


def grades_of(seen: SeenWalls, thresholds: Thresholds) -> dict[Key, Severity]:
    """Return the grade of every view, as its sighting would have it, without drawing it."""
    if seen.is_nothing():
        return {}
    read = read_places(seen, thresholds.frontage_m, thresholds.note_px_m)
    number = group_numbers(read.camera, seen.walls.class_numbers[read.place], read.case)
    values, group = np.unique(number, return_inverse=True)
    top = highest(group, read.density_px_m, len(values))
    rows = zip([key_of(value) for value in values.tolist()], top.tolist(), strict=True)
    grades = {key: grade_of(px_m, thresholds, key[1]) if is_certain(key) else Severity.NOTE for key, px_m in rows}
    return {key: grade for key, grade in grades.items() if grade is not None}


def view_numbers(seen: SeenWalls) -> tuple[IntArray, IntArray]:
    """Return the number of the view (camera, class and basis) that each piece, and each row of ground, belongs to."""
    cls, ground = seen.walls.class_numbers, seen.ground
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


def in_order(key: Key) -> tuple[int, int, bool]:
    """Return what keys are sorted by: camera, class, recorded views first."""
    return key[0], CLASSES.index(key[1]), key[2] != SightingBasis.RECORDED


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


# Find which cameras see which protected walls and ground, and how sharply.
#
# An audit, the live answers, mitigations and options of parts ask here, each of the cameras that it needs.

# See protected places over uneven ground: coarse terrain ends no view, and what the ground alone hides is counted.
Counts = Mapping[ProtectedClass, int]


@dataclass(frozen=True, slots=True)
class BehindGround:
    """Pairs of a camera and a place, by class, that the ground alone hides, or would if coarse terrain hid protected places.

    Without undisclosed places: a count that changes as a camera moves would tell of them.
    """

    hidden: Counts
    graded_all_the_same: Counts


def protected_densities(
    context: AuditContext, view_table: ViewTable, xyz_m: FloatArray, progress: Progress = no_progress
) -> sparse.csr_array:
    """Return the density at which each view shows each point of protected places, shape (P, V)."""
    first = 0.5 if view_table.level_views else 1.0

    def see(views: Sequence[View], points: FloatArray, scene: Scene) -> sparse.csr_array:
        share = (0.0, first) if scene is context.guarded else (first, 1.0)
        return context.sight.densities(views, points, scene, progress=part_of(progress, *share))

    return context.guards.densities(view_table.views, view_table.level_views, xyz_m, see)


@dataclass(frozen=True, eq=False, slots=True)
class WithoutGround:
    """What counts beside what the ground alone hides, and ``seen``: all as it would be seen if no ground were in the way.

    ``counts`` is None without relief, ``seen`` where no ground ends a view of a protected place.
    """

    counts: BehindGround | None = None
    seen: SeenWalls | None = None


def behind_ground(context: AuditContext, seen: SeenWalls, progress: Progress = no_progress) -> WithoutGround:
    """Return what the ground alone hides of protected places, beside what counts."""
    terrain = context.terrain
    if terrain.is_level or not context.view_table.views or not len(seen.walls.places):
        return WithoutGround()
    places, graded = seen.walls.places, _places(seen, context)
    if context.level is None:
        free = _without_ground(context, seen, progress)
        return WithoutGround(BehindGround(_by_class(_places(free, context) - graded, places), {}), free)
    rough = replace(context.guarded, relief=context.scene.relief)
    by_ground = _places(look_in(rough, None, context, seen.walls, part_of(progress, 0.0, 0.5)), context)
    all_the_same = _by_class(graded - by_ground, places)
    if context.guarded.relief.is_level:
        return WithoutGround(BehindGround({}, all_the_same))
    free = _without_ground(context, seen, part_of(progress, 0.5, 1.0))
    return WithoutGround(BehindGround(_by_class(_places(free, context) - graded, places), all_the_same), free)


def added_up(found: Iterable[BehindGround | None]) -> BehindGround | None:
    """Return the counts of different cameras together; None where there are none of any."""
    known = [each for each in found if each is not None]
    hidden, graded = ([getattr(each, name) for each in known] for name in ("hidden", "graded_all_the_same"))
    return BehindGround(_sum(hidden), _sum(graded)) if known else None


def _sum(counts: Sequence[Counts]) -> Counts:
    return {cls: sum(each.get(cls, 0) for each in counts) for cls in ProtectedClass if any(cls in each for each in counts)}


def disclosed_behind(behind: BehindGround | None) -> dict[str, dict[str, int]] | None:
    """Return the counts by class as outputs have them: hidden by ground, and what coarse terrain would have hidden."""
    if behind is None:
        return None
    named = {"hidden": behind.hidden, "not_hidden_by_coarse": behind.graded_all_the_same}
    return {name: {str(cls): counts.get(cls, 0) for cls in ProtectedClass} for name, counts in named.items()}


Pairs = frozenset[tuple[int, int]]  # camera and place


def _without_ground(context: AuditContext, seen: SeenWalls, progress: Progress) -> SeenWalls:
    """Return what would be seen if no ground were in the way and no place lay in a pit."""
    relief = context.scene.relief
    walls, open_m = lifted(seen.walls, relief), levels_without_pits_m(seen.walls.ground, relief)
    return look_in(replace(context.guarded, relief=level_relief()), None, context, walls, progress, open_m=open_m)


def _places(seen: SeenWalls, context: AuditContext) -> Pairs:
    read = read_places(seen, context.thresholds.frontage_m, context.thresholds.note_px_m)
    return frozenset(zip(read.camera.tolist(), read.place.tolist(), strict=True))


def _by_class(pairs: Pairs, places: Sequence[ProtectedPlace]) -> Counts:
    found = [places[place].cls for _, place in pairs if not places[place].is_undisclosed]
    return {cls: found.count(cls) for cls in ProtectedClass if cls in found}


PlaceGrades = Mapping[tuple[int, int], Severity]  # by place (index into the context's) and case


def walls_within_reach(context: AuditContext, progress: Progress = no_progress, near: NearPlaces | None = None) -> ProtectedWalls:
    """Return the walls and open ground of protected places, taken as far as any view of the context reaches.

    Parameters
    ----------
    near : an index of the context's places, for few cameras of a large city: those alone are taken that come near.
    """
    view_table = context.view_table
    ground = relevant_ground((*view_table.views, *view_table.level_views), context.thresholds.note_px_m)
    progress(0.0, "protected")
    if near is not None:
        return near.walls(ground, context.terrain, context.buildings, progress)
    return protected_walls(context.protected, ground, context.terrain, context.buildings, progress)


def place_grades(seen: SeenWalls, context: AuditContext) -> list[PlaceGrades]:
    """Return the grade of each place that each camera shows: other figures are reported by class alone."""
    grades: list[dict[tuple[int, int], Severity]] = [{} for _ in context.placed]
    limits, places = context.thresholds, seen.walls.places
    read = read_places(seen, limits.frontage_m, limits.note_px_m)
    rows = zip(*(each.tolist() for each in (read.camera, read.place, read.case, read.density_px_m)), strict=True)
    for camera, place, case, density in rows:
        grade = grade_of(density, limits, places[place].cls)
        if grade is not None:
            grades[camera][place, case] = grade
    return list(grades)
