"""Find where each sighting is sharpest, on frontage and on open ground apart, with distance class and side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.grading import Key, class_numbers, grade_of, group_numbers, key_of
from lhasaplan.core.exposure.sample_hits import (
    CASES,
    NARROW,
    RECORDED,
    WIDE,
    Readings,
    SampleHits,
    by_cameras,
    read_surfaces,
    stretches,
)
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.seen_surface import SharpestSurface
from lhasaplan.core.results.sighting_basis import SightingBasis
from lhasaplan.core.rules.pack import Thresholds

# From so far a view is told as; for telling only, our policy.
DISTANCE_CLASSES_M = (10.0, 25.0, 50.0, 100.0, 200.0)
OCTANTS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")
_HEIGHT_SLACK_M = 1e-6


@dataclass(frozen=True, eq=False, slots=True)
class _Tops:
    """The sharpest reading of each sighting, surface and case; ``number`` is the sighting's, arrays (T,)."""

    number: IntArray
    is_ground: BoolArray
    case: IntArray
    sample: IntArray
    density_px_m: FloatArray


def with_sharpest(
    sightings: Mapping[Key, Sighting], hits: SampleHits, samples: ProtectedSamples, context: AuditContext
) -> dict[Key, Sighting]:
    """Return the sightings with where each is sharpest, and with the frontage that reaches the frontage's own grade."""
    found: dict[Key, list[SharpestSurface]] = {}
    cls, discreet = class_numbers(samples), np.array([place.discreet for place in samples.places], bool)
    for _, some in by_cameras(hits):
        for key, surface in _sharpest(some, samples, cls, discreet, context):
            found.setdefault(key, []).append(surface)
    return {key: _told(each, found.get(key, [])) for key, each in sightings.items()}


def _told(sighting: Sighting, surfaces: Sequence[SharpestSurface]) -> Sighting:
    """Return the sighting with its surfaces, the sharpest first; once one is of a discreet place, none says where it is."""
    order = sorted(surfaces, key=lambda each: -each.density_px_m[1])
    if any(each.distance_m is None for each in order):
        order = [replace(each, distance_m=None, side="") for each in order]
    return replace(sighting, sharpest=tuple(order), frontage_m=max((each.length_m for each in order), default=0.0))


def _sharpest(
    hits: SampleHits, samples: ProtectedSamples, cls: IntArray, discreet: BoolArray, context: AuditContext
) -> Iterator[tuple[Key, SharpestSurface]]:
    """Give each surface of the sightings of some cameras with its key."""
    thresholds = context.thresholds
    tops = _tops(read_surfaces(hits, samples, thresholds.frontage_m), samples, cls)
    if not len(tops.number):
        return
    away_m, side, is_low = _where(tops, samples, context)
    hidden = set(tops.number[discreet[samples.place[tops.sample]]].tolist())
    first = np.flatnonzero(np.r_[True, (tops.number[1:] != tops.number[:-1]) | (tops.is_ground[1:] != tops.is_ground[:-1])])
    pairs = [slice(low, high) for low, high in zip(first.tolist(), [*first[1:].tolist(), len(tops.number)], strict=True)]
    frontage = _Frontage.of(hits, samples, cls)
    for rows in pairs:
        number, is_ground = int(tops.number[rows.start]), bool(tops.is_ground[rows.start])
        density = dict(zip(tops.case[rows].tolist(), tops.density_px_m[rows].tolist(), strict=True))
        best = rows.start + int(np.argmax(tops.density_px_m[rows]))
        key, over_px_m = key_of(number), _floor(density, key_of(number), thresholds)
        is_told = number not in hidden
        yield (
            key,
            SharpestSurface(
                "ground" if is_ground else "ground_floor" if is_low[best] else "upper_floors",
                _interval(density, key),
                0.0 if is_ground else frontage.metres(number, over_px_m),
                over_px_m,
                distance_class(float(away_m[best])) if is_told else None,
                OCTANTS[int(side[best])] if is_told else "",
            ),
        )


def _tops(readings: Readings, samples: ProtectedSamples, cls: IntArray) -> _Tops:
    """Return the sharpest reading of each sighting, surface and case, in this order."""
    number = group_numbers(readings.camera, cls[readings.place], readings.case)
    is_ground = samples.length_m[readings.sample] == 0.0
    order = np.lexsort((-readings.density_px_m, readings.case, is_ground, number))
    keys = (number * 2 + is_ground) * len(CASES) + readings.case
    first = order[np.flatnonzero(np.diff(keys[order], prepend=-1))]
    density = readings.density_px_m[first]
    return _Tops(number[first], is_ground[first], readings.case[first], readings.sample[first], density)


def _where(tops: _Tops, samples: ProtectedSamples, context: AuditContext) -> tuple[FloatArray, IntArray, BoolArray]:
    """Return distance from the lens, octant from true north, and whether it is no higher than the lowest band; each (T,)."""
    camera = np.array([key_of(number)[0] for number in tops.number.tolist()], np.int64)
    view_table = np.array([(view.x_m, view.y_m, view.lens_z_m) for view in (context.placed[c].views[0] for c in camera.tolist())])
    at = samples.xyz_m[tops.sample]
    offset = at - view_table
    bearing = np.degrees(np.arctan2(offset[:, 0], offset[:, 1])) + np.asarray(context.view_table.convergence_deg)[camera]
    octant = np.round(bearing / 45.0).astype(np.int64) % len(OCTANTS)
    terrain, lowest = context.terrain, context.reference_data.policy.bands[0].to_m
    above = at[:, 2] if terrain.is_level else at[:, 2] - terrain.heights_m(at[:, 0], at[:, 1])
    is_low = np.full(len(at), True) if lowest is None else above + _HEIGHT_SLACK_M < lowest
    return np.sqrt((offset**2).sum(axis=1)), octant, is_low


def distance_class(distance_m: float) -> tuple[float, float | None]:
    """Return the class that a distance falls into, as (from, to); the farthest has no end.

    >>> distance_class(9.9), distance_class(10.0), distance_class(500.0)
    ((0.0, 10.0), (10.0, 25.0), (200.0, None))
    """
    ends = (0.0, *DISTANCE_CLASSES_M, None)
    number = int(np.searchsorted(DISTANCE_CLASSES_M, distance_m, side="right"))
    return float(ends[number] or 0.0), ends[number + 1]


def _interval(density_px_m: Mapping[int, float], key: Key) -> tuple[float, float]:
    """Return (low, high): the recorded density, or those of either end of the assumption, 0 where one shows nothing."""
    ends = [density_px_m.get(case, 0.0) for case in ((RECORDED,) if key[2] == SightingBasis.RECORDED else (NARROW, WIDE))]
    return min(ends), max(ends)


def _floor(density_px_m: Mapping[int, float], key: Key, thresholds: Thresholds) -> float:
    """Return the density above which frontage is counted: where the grade of this surface begins; assumed ones are notes."""
    grade = grade_of(density_px_m.get(RECORDED, 0.0), thresholds, key[1]) if key[2] == SightingBasis.RECORDED else Severity.NOTE
    floors = {Severity.ERROR: thresholds.error_px_m, Severity.DUE: thresholds.due_px_m}
    return thresholds.note_px_m if grade is None else floors.get(grade, thresholds.note_px_m)


@dataclass(frozen=True, eq=False, slots=True)
class _Frontage:
    """The stretches of frontage that some cameras show, by number of the sighting, in order."""

    number: IntArray
    case: IntArray
    density_px_m: FloatArray
    length_m: FloatArray

    @classmethod
    def of(cls, hits: SampleHits, samples: ProtectedSamples, classes: IntArray) -> "_Frontage":
        seen = stretches(hits, samples)
        seen = seen.where(seen.length_m > 0.0)
        number = group_numbers(seen.camera, classes[seen.place], seen.case)
        order = np.argsort(number, kind="stable")
        return cls(number[order], seen.case[order], seen.density_px_m[order], seen.length_m[order])

    def metres(self, number: int, over_px_m: float) -> float:
        """Return the metres of frontage at this density or better, in the case that shows most."""
        low, high = np.searchsorted(self.number, (number, number + 1)).tolist()
        counts = self.density_px_m[low:high] >= over_px_m
        return float(np.bincount(self.case[low:high][counts], self.length_m[low:high][counts], minlength=1).max())
