"""What each camera can see of protected places: graded, grouped by camera and class, with sectors and seen frontage."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.answers.azimuths import azimuth_deg, half_angle_deg, merge_sectors, turned
from lhasaplan.core.answers.knowledge import Progress, no_progress
from lhasaplan.core.answers.looks import (
    NARROW,
    RECORDED,
    WIDE,
    Looks,
    Readings,
    looks_of,
    read_places,
    stretches,
)
from lhasaplan.core.answers.setting import Eyes
from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.assessment import Sighting
from lhasaplan.core.camera import Placed
from lhasaplan.core.finding import Severity
from lhasaplan.core.layer import Buildings
from lhasaplan.core.protected import ProtectedClass, ProtectedSamples
from lhasaplan.core.rules import Thresholds

Key = tuple[int, ProtectedClass, str]  # index of the camera, class, basis (recorded or assumed)

CLASSES = tuple(ProtectedClass)
GROUND_WIDTH_M = 2.0  # a ground sample is drawn and masked as this width, square to the line of sight


def grade_of(density_px_m: float, thresholds: Thresholds, cls: ProtectedClass) -> Severity | None:
    """Return the grade of a density on protected frontage; unknown use is at most a note.

    >>> [grade_of(d, Thresholds(), ProtectedClass.HOME) for d in (24.9, 25.0, 62.5, 125.0)][1:]
    [<Severity.NOTE: 'note'>, <Severity.DUE: 'due'>, <Severity.ERROR: 'error'>]
    """
    if density_px_m < thresholds.note_px_m:
        return None
    if cls is ProtectedClass.USE_UNKNOWN or density_px_m < thresholds.due_px_m:
        return Severity.NOTE
    return Severity.DUE if density_px_m < thresholds.error_px_m else Severity.ERROR


def sight_protected(
    density_px_m: sparse.csr_array,
    samples: ProtectedSamples,
    directions: FloatArray,
    eyes: Eyes,
    *,
    placed: tuple[Placed, ...],
    buildings: Buildings,
    thresholds: Thresholds,
) -> Mapping[Key, Sighting]:
    """Return the sightings, keyed by index into ``placed``, class and basis, without cures.

    A pan-tilt with recorded direction and lens may have both: its home view recorded, its sweep assumed.

    Parameters
    ----------
    density_px_m : csr_array, shape (S, V); rows are protected samples, columns the views of ``eyes``.
    directions : shape (S, 2); the walls of the samples, ``samples.direction``.
    """
    looks = look_at(density_px_m, samples, directions, eyes, buildings=buildings, thresholds=thresholds)
    return sightings_of(looks, samples, directions, eyes, placed=placed, thresholds=thresholds)


def look_at(
    density_px_m: sparse.csr_array,
    samples: ProtectedSamples,
    directions: FloatArray,
    eyes: Eyes,
    *,
    buildings: Buildings,
    thresholds: Thresholds,
) -> Looks:
    """Return which camera can see which sample at the lowest grade or better; none without views or samples."""
    if not len(eyes.views) or not len(samples.place):
        none = np.zeros(0, np.int64)
        return Looks(none, none, none, np.zeros(0))
    return looks_of(density_px_m, samples, directions, eyes, buildings=buildings, least_px_m=thresholds.note_px_m)


def class_numbers(samples: ProtectedSamples) -> IntArray:
    """Return the class of each place as a number into ``CLASSES``; shape (places,)."""
    number = {cls: k for k, cls in enumerate(CLASSES)}
    return np.array([number[place.cls] for place in samples.places], np.int64)


def grades_of(looks: Looks, samples: ProtectedSamples, thresholds: Thresholds) -> dict[Key, Severity]:
    """Return the grade of every view, as its sighting would have it, without drawing it."""
    if not len(looks):
        return {}
    readings = read_places(looks, samples, thresholds.frontage_m)
    number = _group_numbers(readings.camera, class_numbers(samples)[readings.place], readings.case)
    values, group = np.unique(number, return_inverse=True)
    top = np.zeros(len(values))
    np.maximum.at(top, group, readings.density_px_m)
    keys = [_key(int(value)) for value in values]
    grades = [
        grade_of(d, thresholds, k[1]) if k[2] == "recorded" else Severity.NOTE for k, d in zip(keys, top.tolist(), strict=True)
    ]
    return {key: grade for key, grade in zip(keys, grades, strict=True) if grade is not None}


def samples_seen(looks: Looks, samples: ProtectedSamples) -> dict[Key, IntArray]:
    """Return the samples that each view rests on, as rows of ``samples``."""
    groups = _rows_by_group(looks.camera, class_numbers(samples)[samples.place[looks.sample]], looks.case) if len(looks) else {}
    return {key: np.unique(looks.sample[rows]) for key, rows in groups.items()}


def sightings_of(
    looks: Looks,
    samples: ProtectedSamples,
    directions: FloatArray,
    eyes: Eyes,
    *,
    placed: tuple[Placed, ...],
    thresholds: Thresholds,
    progress: Progress = no_progress,
) -> Mapping[Key, Sighting]:
    """Return the sightings that looks add up to, keyed by index into ``placed``, class and basis."""
    if not len(looks):
        return {}
    readings = read_places(looks, samples, thresholds.frontage_m)
    cls = class_numbers(samples)
    entries = _rows_by_group(looks.camera, cls[samples.place[looks.sample]], looks.case)
    found = {}
    for key, rows in _rows_by_group(readings.camera, cls[readings.place], readings.case).items():
        progress(1.0, "protected")
        mine = Readings(readings.camera[rows], readings.case[rows], readings.place[rows], readings.density_px_m[rows])
        scene = _View(placed[key[0]], float(eyes.convergence_deg[key[0]]), samples, directions, thresholds)
        found[key] = _sighting(key, mine, looks.where(entries[key]), scene)
    return found


def _rows_by_group(camera: IntArray, cls: IntArray, case: IntArray) -> dict[Key, IntArray]:
    """Return the row numbers of each camera, class and basis, in order."""
    number = _group_numbers(camera, cls, case)
    order = np.argsort(number, kind="stable")
    values, starts = np.unique(number[order], return_index=True)
    pieces = np.split(order, starts[1:]) if len(values) else []
    return {_key(int(value)): rows for value, rows in zip(values, pieces, strict=True)}


def _group_numbers(camera: IntArray, cls: IntArray, case: IntArray) -> IntArray:
    return np.asarray((camera * len(CLASSES) + cls) * 2 + (case != RECORDED), np.int64)


def _key(number: int) -> Key:
    rest, assumed = divmod(number, 2)
    camera, cls = divmod(rest, len(CLASSES))
    return camera, CLASSES[cls], "assumed" if assumed else "recorded"


@dataclass(frozen=True, eq=False, slots=True)
class _View:
    """What one sighting is drawn from."""

    placed: Placed
    convergence_deg: float
    samples: ProtectedSamples
    directions: FloatArray
    thresholds: Thresholds


def _sighting(key: Key, readings: Readings, looks: Looks, scene: _View) -> Sighting:
    _, cls, basis = key
    recorded = basis == "recorded"
    top = [float(readings.density_px_m[readings.case == case].max(initial=0.0)) for case in (RECORDED, NARROW, WIDE)]
    grades = [grade_of(density, scene.thresholds, cls) for density in top]
    grade = grades[RECORDED] if recorded else Severity.NOTE
    shown = looks.where(looks.density_px_m >= _floor(grade, scene.thresholds))
    return Sighting(
        camera_id=scene.placed.camera.camera_id,
        cls=cls,
        basis=basis,
        grade=grade,
        grade_narrow=grades[NARROW],
        grade_wide=grades[WIDE],
        density_px_m=(top[RECORDED], top[RECORDED]) if recorded else (min(top[NARROW:]), max(top[NARROW:])),
        frontage_m=_longest(shown, scene.samples) or _longest(looks, scene.samples),
        places=len(np.unique(readings.place)),
        sector_deg=sectors_of(looks, scene.samples, scene.placed, scene.convergence_deg),
        geometry=seen_lines(shown, scene.samples, scene.directions, scene.placed),
        cure=None,
        places_by_grade=_places_by_grade(readings, scene.thresholds, cls),
    )


def _places_by_grade(readings: Readings, thresholds: Thresholds, cls: ProtectedClass) -> dict[str, int]:
    """Return how many places are seen at each grade, each at its sharpest."""
    place, which = np.unique(readings.place, return_inverse=True)
    top = np.zeros(len(place))
    np.maximum.at(top, which, readings.density_px_m)
    grades = [grade_of(density, thresholds, cls) for density in top.tolist()]
    return {str(grade): grades.count(grade) for grade in Severity if grade in grades}


def _floor(grade: Severity | None, thresholds: Thresholds) -> float:
    return {Severity.ERROR: thresholds.error_px_m, Severity.DUE: thresholds.due_px_m}.get(
        grade or Severity.NOTE, thresholds.note_px_m
    )


def _longest(looks: Looks, samples: ProtectedSamples) -> float:
    """Return the metres of frontage seen, in the case that shows most."""
    front = looks.where(samples.surface[looks.sample] == "frontage")
    _, case, _, _, length = stretches(front, samples)
    return float(np.bincount(case, length, minlength=3).max(initial=0.0))


def sectors_of(
    looks: Looks, samples: ProtectedSamples, placed: Placed, convergence_deg: float
) -> tuple[tuple[float, float], ...]:
    """Return the true azimuths, clockwise pairs, in which the samples lie as the lens meets them."""
    view = placed.views[0]
    sample = np.unique(looks.sample)
    dx, dy = samples.xyz_m[sample, 0] - view.x_m, samples.xyz_m[sample, 1] - view.y_m
    length = np.where(samples.surface[sample] == "frontage", samples.length_m[sample], GROUND_WIDTH_M)
    return turned(merge_sectors(azimuth_deg(dx, dy), half_angle_deg(length, np.hypot(dx, dy))), convergence_deg)


def seen_lines(looks: Looks, samples: ProtectedSamples, directions: FloatArray, placed: Placed) -> shapely.Geometry:
    """Return the seen stretches as one MultiLineString, each as long as its sample stands for; ground as short bars."""
    view = placed.views[0]
    sample = np.unique(looks.sample)
    _, first = np.unique(samples.column[sample], return_index=True)  # samples above each other are one stretch
    sample = sample[first]
    at = samples.xyz_m[sample, :2]
    sideways = np.stack([at[:, 1] - view.y_m, view.x_m - at[:, 0]], axis=1)
    sideways /= np.maximum(np.hypot(sideways[:, 0], sideways[:, 1]), 1e-9)[:, None]
    wall = directions[sample]
    has_wall = (wall != 0).any(axis=1)
    half = np.where(has_wall, samples.length_m[sample], GROUND_WIDTH_M)[:, None] / 2.0
    along = np.where(has_wall[:, None], wall, sideways) * half
    return shapely.line_merge(shapely.multilinestrings(np.stack([at - along, at + along], axis=1)))
