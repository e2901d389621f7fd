"""What each camera can see of each class of protected place, graded, as one sighting a class and basis."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.exposure.grading import (
    Key,
    class_numbers,
    floor_px_m,
    grade_of,
    group_numbers,
    highest,
    is_certain,
    key_of,
    view_numbers,
)
from lhasaplan.core.exposure.readings import Readings, frontage_metres, read_surfaces
from lhasaplan.core.exposure.seen_frontage import seen_areas, seen_lines, seen_sectors
from lhasaplan.core.exposure.seen_walls import SeenWalls, by_cameras
from lhasaplan.core.model.camera import Placed, View
from lhasaplan.core.model.protected_place import ProtectedClass
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.rules.pack import Thresholds

STEP = "protected"
_GRADES = tuple(Severity)
_MOST = {ProtectedClass.USE_UNKNOWN: 0, ProtectedClass.DWELLING_LIKELY: 1}  # the gravest that a class may reach


def sightings_of(
    seen: SeenWalls,
    view_table: ViewTable,
    *,
    placed: tuple[Placed, ...],
    thresholds: Thresholds,
    progress: Progress = no_progress,
) -> Mapping[Key, Sighting]:
    """Return the sightings that seen walls and ground add up to, keyed by index into ``placed``, class and basis."""

    def sight(some: SeenWalls) -> dict[Key, Sighting]:
        return _sightings(some, view_table, placed=placed, thresholds=thresholds)

    pieces = in_threads(sight, [some for _, some in by_cameras(seen)], lambda share, _: progress(share, STEP))
    return {key: sighting for piece in pieces for key, sighting in piece.items()}


def _sightings(
    seen: SeenWalls, view_table: ViewTable, *, placed: tuple[Placed, ...], thresholds: Thresholds
) -> dict[Key, Sighting]:
    readings = read_surfaces(seen, thresholds.frontage_m, thresholds.note_px_m)
    if not len(readings.place):  # less than a metre of every place
        return {}
    seen = of_read_places(seen, readings)
    cls = class_numbers(seen.walls.places)
    number, group = np.unique(group_numbers(readings.camera, cls[readings.place], readings.case), return_inverse=True)
    keys = [key_of(value) for value in number.tolist()]
    top = highest(group, readings.density_px_m, len(keys)).tolist()
    fewest = _lowest(seen, readings, group, number, view_table.views).tolist()
    low = [px_m if is_certain(key) else min(least, px_m) for key, px_m, least in zip(keys, top, fewest, strict=True)]
    grades = [
        grade_of(px_m, thresholds, key[1]) if is_certain(key) else Severity.NOTE for key, px_m in zip(keys, top, strict=True)
    ]
    pieces, ground = view_numbers(seen)
    row, row_ground = np.searchsorted(number, pieces), np.searchsorted(number, ground)
    own = _frontage_grades(readings, group, keys, thresholds)
    floors = np.array([floor_px_m(grade, thresholds) for grade in own])
    note = np.full(len(keys), thresholds.note_px_m)
    in_view, lines = frontage_metres(seen, row, len(keys), note), seen_lines(seen, row, note)
    lengths, at_grade = in_view.copy(), lines.copy()
    graver = np.flatnonzero(floors > thresholds.note_px_m)
    if len(graver):
        some = np.isin(row, graver)
        lengths[graver] = frontage_metres(seen, np.where(some, row, -1), len(keys), floors)[graver]
        at_grade[graver] = seen_lines(seen.where(some), row[some], floors)[graver]
    places = _places_by_grade(readings, group, keys, thresholds)
    lens = np.array([(placed[camera].views[0].x_m, placed[camera].views[0].y_m) for camera, _, _ in keys])
    sectors = seen_sectors(seen, row, row_ground, lens, view_table.convergence_deg[[camera for camera, _, _ in keys]])
    areas = seen_areas(seen, row_ground, len(keys))
    return {
        key: Sighting(
            camera_id=placed[key[0]].camera.camera_id,
            cls=key[1],
            basis=key[2],
            grade=grades[g],
            grade_high=None if is_certain(key) else grade_of(top[g], thresholds, key[1]),
            grade_low=None if is_certain(key) else grade_of(low[g], thresholds, key[1]),
            density_px_m=(low[g], top[g]),
            frontage_m=float(lengths[g]),
            places=sum(places[g].values()),
            sector_deg=sectors[g],
            geometry=lines[g],
            cure=None,
            places_by_grade=places[g],
            open_ground=areas[g],
            in_view_m=float(in_view[g]),
            at_grade=at_grade[g],
            frontage_grade=own[g],
        )
        for g, key in enumerate(keys)
    }


def of_read_places(seen: SeenWalls, readings: Readings) -> SeenWalls:
    """Return what is seen of the places of which enough is in view, look by look and surface by surface."""
    step = len(seen.walls.places) + 1

    def number(look: IntArray, place: IntArray) -> IntArray:
        return np.asarray(look * step + place, np.int64)

    front = number(readings.look, readings.place)[~readings.is_ground]
    keep = np.isin(number(seen.look, seen.place), front)
    return seen if keep.all() else seen.where(keep)


def _lowest(seen: SeenWalls, readings: Readings, group: IntArray, number: IntArray, views: Sequence[View]) -> FloatArray:
    """Return the lowest density at which any piece or ground of each group may be seen: which of them is, nobody knows.

    0 where the camera may have none of it in view: where its direction, tilt, height or angle is not known.
    """
    least, surely = np.full(len(number), np.inf), np.array([is_aimed(view) for view in views], bool)
    pieces, _ = view_numbers(seen)
    np.minimum.at(least, np.searchsorted(number, pieces), np.where(surely[seen.look % len(views)], seen.least_px_m, 0.0))
    ground = readings.is_ground
    low = np.where(surely[readings.look[ground] % len(views)], readings.density_px_m[ground], 0.0)
    np.minimum.at(least, group[ground], low)
    return least


def is_aimed(view: View) -> bool:
    """Tell whether what a view can see is known, whatever its pixels: direction, tilt, height and angle are each one value."""
    return view.is_one_lens or replace(view, fewest_width_px=None).is_one_lens


def _frontage_grades(readings: Readings, group: IntArray, keys: Sequence[Key], thresholds: Thresholds) -> list[Severity | None]:
    """Return the grade of each group's frontage alone, whatever open ground has; None without any frontage."""
    front = ~readings.is_ground
    sharpest = highest(group[front], readings.density_px_m[front], len(keys))
    return [
        grade_of(px_m, thresholds, key[1]) if is_certain(key) else Severity.NOTE
        for key, px_m in zip(keys, sharpest.tolist(), strict=True)
    ]


def _places_by_grade(readings: Readings, group: IntArray, keys: Sequence[Key], thresholds: Thresholds) -> list[dict[str, int]]:
    """Return how many places each group shows at each grade, each place at its sharpest."""
    step = int(readings.place.max(initial=0)) + 1
    pair, which = np.unique(group * step + readings.place, return_inverse=True)
    top = highest(which, readings.density_px_m, len(pair))
    most = np.array([_MOST.get(key[1], len(_GRADES) - 1) for key in keys], np.int64)
    rank = (top > thresholds.due_px_m).astype(np.int64) + (top > thresholds.error_px_m)
    rank = np.minimum(rank, most[pair // step])
    table = np.bincount(pair // step * len(_GRADES) + rank, minlength=len(keys) * len(_GRADES)).reshape(-1, len(_GRADES))
    return [{str(_GRADES[k]): row[k] for k in range(len(_GRADES)) if row[k]} for row in table.tolist()]
