"""Who can see which protected place, and how a view is graded, grouped by camera, class and basis."""

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.exposure.sample_hits import RECORDED, SampleHits, read_places, sample_hits_of
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedSamples
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.sighting_basis import SightingBasis
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


def hits_on_samples(
    density_px_m: sparse.csr_array,
    samples: ProtectedSamples,
    directions: FloatArray,
    view_table: ViewTable,
    *,
    buildings: Buildings,
    thresholds: Thresholds,
    progress: Progress = no_progress,
) -> SampleHits:
    """Return which camera can see which sample at the lowest grade or better; none without views or samples."""
    if not len(view_table.views) or not len(samples.place):
        none = np.zeros(0, np.int64)
        return SampleHits(none, none, none, np.zeros(0))
    least = thresholds.note_px_m
    return sample_hits_of(density_px_m, samples, directions, view_table, buildings=buildings, least_px_m=least, progress=progress)


def class_numbers(samples: ProtectedSamples) -> IntArray:
    """Return the class of each place as a number into ``CLASSES``; shape (places,)."""
    number = {cls: k for k, cls in enumerate(CLASSES)}
    return np.array([number[place.cls] for place in samples.places], np.int64)


def grades_of(hits: SampleHits, samples: ProtectedSamples, thresholds: Thresholds) -> dict[Key, Severity]:
    """Return the grade of every view, as its sighting would have it, without drawing it."""
    if not len(hits):
        return {}
    readings = read_places(hits, samples, thresholds.frontage_m)
    number = group_numbers(readings.camera, class_numbers(samples)[readings.place], readings.case)
    values, group = np.unique(number, return_inverse=True)
    top = highest(group, readings.density_px_m, len(values))
    keys = [key_of(value) for value in values.tolist()]
    rows = zip(keys, top.tolist(), strict=True)
    grades = [grade_of(density, thresholds, key[1]) if _is_recorded(key) else Severity.NOTE for key, density in rows]
    return {key: grade for key, grade in zip(keys, grades, strict=True) if grade is not None}


def samples_seen(hits: SampleHits, samples: ProtectedSamples) -> dict[Key, IntArray]:
    """Return the samples that each view rests on, as rows of ``samples``."""
    number = group_numbers(hits.camera, class_numbers(samples)[samples.place[hits.sample]], hits.case)
    order = np.argsort(number, kind="stable")
    values, starts = np.unique(number[order], return_index=True)
    pieces = np.split(hits.sample[order], starts[1:]) if len(values) else []
    return {key_of(value): np.unique(rows) for value, rows in zip(values.tolist(), pieces, strict=True)}


def group_numbers(camera: IntArray, cls: IntArray, case: IntArray) -> IntArray:
    """Return the number of each row's camera, class and basis."""
    return np.asarray((camera * len(CLASSES) + cls) * 2 + (case != RECORDED), np.int64)


def key_of(number: int) -> Key:
    """Return camera, class and basis of a number."""
    rest, assumed = divmod(number, 2)
    camera, cls = divmod(rest, len(CLASSES))
    return camera, CLASSES[cls], SightingBasis.ASSUMED if assumed else SightingBasis.RECORDED


def _is_recorded(key: Key) -> bool:
    return key[2] == SightingBasis.RECORDED


def highest(group: IntArray, density_px_m: FloatArray, count: int) -> FloatArray:
    """Return the highest density of each of ``count`` groups, 0 where one has no row."""
    top = np.zeros(count)
    np.maximum.at(top, group, density_px_m)
    return top
