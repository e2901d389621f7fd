"""Views of protected places, graded, counted and drawn: one value per camera, class and basis."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.exposure.grading import Key, class_numbers, grade_of, group_numbers, highest, key_of
from lhasaplan.core.exposure.sample_hits import (
    CASES,
    NARROW,
    RECORDED,
    WIDE,
    Readings,
    SampleHits,
    by_cameras,
    read_places,
    stretches,
)
from lhasaplan.core.exposure.seen_frontage import STEP, SeenFrontage
from lhasaplan.core.model.camera import Placed
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedSamples
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.sighting_basis import SightingBasis
from lhasaplan.core.rules.pack import Thresholds

_GRADES = tuple(Severity)
_MOST = {ProtectedClass.USE_UNKNOWN: 0, ProtectedClass.DWELLING_LIKELY: 1}  # the gravest that a class may reach


def sightings_of(
    hits: SampleHits,
    samples: ProtectedSamples,
    directions: FloatArray,
    view_table: ViewTable,
    *,
    placed: tuple[Placed, ...],
    thresholds: Thresholds,
    progress: Progress = no_progress,
) -> Mapping[Key, Sighting]:
    """Return the sightings that sample hits add up to, keyed by index into ``placed``, class and basis."""
    cls = class_numbers(samples)

    def sight(some: SampleHits) -> dict[Key, Sighting]:
        return _sightings(some, samples, directions, cls, view_table=view_table, placed=placed, thresholds=thresholds)

    pieces = in_threads(sight, [some for _, some in by_cameras(hits)], lambda share, _: progress(share, STEP))
    return {key: sighting for piece in pieces for key, sighting in piece.items()}


def _sightings(
    hits: SampleHits,
    samples: ProtectedSamples,
    directions: FloatArray,
    cls: IntArray,
    *,
    view_table: ViewTable,
    placed: tuple[Placed, ...],
    thresholds: Thresholds,
) -> dict[Key, Sighting]:
    readings = read_places(hits, samples, thresholds.frontage_m)
    if not len(readings.place):  # less than a metre of every place
        return {}
    number, group = np.unique(group_numbers(readings.camera, cls[readings.place], readings.case), return_inverse=True)
    keys = [key_of(value) for value in number.tolist()]
    top = highest(group * len(CASES) + readings.case, readings.density_px_m, len(keys) * len(CASES)).reshape(-1, len(CASES))
    ends = [[grade_of(each, thresholds, key[1]) for each in row] for key, row in zip(keys, top.tolist(), strict=True)]
    grades = [row[RECORDED] if key[2] == SightingBasis.RECORDED else Severity.NOTE for key, row in zip(keys, ends, strict=True)]
    places = _places_by_grade(readings, group, keys, thresholds)
    frontage = _frontage(hits, samples, cls, number)
    shown = frontage.at_least(np.array([_floor(grade, thresholds) for grade in grades]))
    lens = np.array([(placed[camera].views[0].x_m, placed[camera].views[0].y_m) for camera, _, _ in keys])
    lengths = np.where(shown.longest_m() > 0.0, shown.longest_m(), frontage.longest_m()).tolist()
    sectors = frontage.sectors(samples, lens, view_table.convergence_deg[[camera for camera, _, _ in keys]])
    lines = shown.lines(samples, directions, lens)
    return {
        key: Sighting(
            camera_id=placed[key[0]].camera.camera_id,
            cls=key[1],
            basis=key[2],
            grade=grades[g],
            grade_high=ends[g][NARROW],
            grade_low=ends[g][WIDE],
            density_px_m=_interval(top[g].tolist(), key[2]),
            frontage_m=lengths[g],
            places=sum(places[g].values()),
            sector_deg=sectors[g],
            geometry=lines[g],
            cure=None,
            places_by_grade=places[g],
        )
        for g, key in enumerate(keys)
    }


def _frontage(hits: SampleHits, samples: ProtectedSamples, cls: IntArray, number: IntArray) -> SeenFrontage:
    """Return the stretches that belong to a group; of a group without a reading too little is seen."""
    seen = stretches(hits, samples)
    its = group_numbers(seen.camera, cls[seen.place], seen.case)
    group = np.searchsorted(number, its)
    counts = np.flatnonzero(number[np.minimum(group, len(number) - 1)] == its) if len(number) else np.zeros(0, np.int64)
    return SeenFrontage(len(number), group[counts], seen.where(counts))


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


def _interval(top_px_m: Sequence[float], basis: SightingBasis) -> tuple[float, float]:
    """Return (low, high): the recorded density, or those of either end of the assumption."""
    ends = [top_px_m[RECORDED]] if basis == SightingBasis.RECORDED else [top_px_m[NARROW], top_px_m[WIDE]]
    return min(ends), max(ends)


def _floor(grade: Severity | None, thresholds: Thresholds) -> float:
    """Return the density from which frontage counts for a grade: the first above the threshold of a graver one."""
    above = {Severity.ERROR: thresholds.error_px_m, Severity.DUE: thresholds.due_px_m}.get(grade or Severity.NOTE)
    return thresholds.note_px_m if above is None else math.nextafter(above, math.inf)
