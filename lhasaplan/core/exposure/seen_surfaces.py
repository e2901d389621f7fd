"""Count the frontage by height, open ground and doors in view of each sighting, without naming the place."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.entrances import doors_of, doors_on
from lhasaplan.core.exposure.grading import CLASSES, Key, class_numbers, key_of
from lhasaplan.core.exposure.sample_hits import NARROW, RECORDED, SampleHits, by_cameras, read_places
from lhasaplan.core.exposure.seen_frontage import STEP
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.seen_surface import SeenSurface
from lhasaplan.core.sight.compiled.surface_sums import CASES, Known, Seen, Shown, Sums, summed
from lhasaplan.core.site.terrain import Terrain

_HEIGHT_SLACK_M = 1e-6
_LENGTH_SLACK_M = 1e-9
SAMPLES_A_BATCH = 1 << 18


def with_surfaces(  # noqa: PLR0917 - what a sighting rests on, and who watches
    sightings: Mapping[Key, Sighting],
    hits: SampleHits,
    samples: ProtectedSamples,
    directions: FloatArray,
    context: AuditContext,
    progress: Progress = no_progress,
    *,
    doors: FloatArray | None = None,
) -> dict[Key, Sighting]:
    """Return the sightings with what of their places is in view, by surface and height band.

    Only places that count in the sighting count here, each in every band that shows any of it. Windows are not in map data:
    a band of frontage says where windows may be.

    Parameters
    ----------
    hits : the rows that the sightings rest on: all at the lowest grade or better.
    directions : shape (S, 2); the walls of the samples.
    doors : shape (n, 2); those of the context's layers, where they were looked up before.
    """
    if not len(hits):
        return dict(sightings)
    progress(0.0, STEP)
    names, found = _surface_names(context), dict[Key, list[SeenSurface]]()
    surfaces = _surfaces_of(samples, directions, context, doors_of(context.project.layers) if doors is None else doors)

    def sum_up(some: SampleHits) -> list[tuple[int, SeenSurface]]:
        counted = _of_read_places(some, samples, context.thresholds.frontage_m)
        return _summed(counted, surfaces, names) if len(counted) else []

    pieces = in_threads(sum_up, [some for _, some in by_cameras(hits)], lambda share, _: progress(share, STEP))
    for number, surface in (pair for piece in pieces for pair in piece):
        found.setdefault(key_of(number), []).append(surface)
    return {key: replace(each, surfaces=tuple(found.get(key, ()))) for key, each in sightings.items()}


def _of_read_places(hits: SampleHits, samples: ProtectedSamples, frontage_m: float) -> SampleHits:
    """Return the hits on places of which enough is seen to be read, in that case.

    One stretch that is long enough is enough, and so is ground: nearly all are, so that only the rest are added up.
    """
    length_m = samples.length_m[hits.sample]
    enough = (length_m >= frontage_m - _LENGTH_SLACK_M) | (length_m == 0.0)
    if enough.all():
        return hits
    step = len(samples.places)
    key = (hits.camera * CASES + hits.case) * step + samples.place[hits.sample]
    readings = read_places(hits.where(~enough), samples, frontage_m)
    read = (readings.camera * CASES + readings.case) * step + readings.place
    enough[~enough] = np.isin(key[~enough], np.concatenate([key[enough], read]))
    return hits.where(enough)


def _surface_names(context: AuditContext) -> tuple[tuple[str, str], ...]:
    """Return surface and band by number: the bands of frontage from below, then ground, then doors."""
    return (*(("frontage", band.name) for band in context.reference_data.policy.bands), ("ground", ""), ("entrance", ""))


@dataclass(frozen=True, eq=False, slots=True)
class _Surfaces:
    """What a look may show: number of each sample's surface, and doors with the samples at them."""

    known: Known
    kind: "np.typing.NDArray[np.int8]"
    door: IntArray
    at_door: IntArray


def _surfaces_of(samples: ProtectedSamples, directions: FloatArray, context: AuditContext, doors: FloatArray) -> _Surfaces:
    reach_m = context.reference_data.policy.entrance_reach_m
    door, at_door = doors_on(samples, directions, doors, reach_m)
    known = Known(
        samples.xyz_m,
        samples.place,
        samples.column,
        samples.length_m,
        class_numbers(samples),
        np.array([place.discreet for place in samples.places], bool),
        np.array([_lens(context, c) for c in range(len(context.placed))], float).reshape(-1, 3),
        np.array([_or_nan(each.camera.night_range_m) for each in context.placed], float),
        len(CLASSES),
        len(context.reference_data.policy.bands) + 2,
    )
    return _Surfaces(known, _kind_of_samples(samples, context), door, at_door)


def _pairs(sample: IntArray, wanted: IntArray) -> tuple[IntArray, IntArray]:
    """Return pairs of a look and each door at its sample, as row numbers of either."""
    order = np.argsort(wanted, kind="stable")
    first, last = (np.searchsorted(wanted[order], sample, side=side) for side in ("left", "right"))
    count = last - first
    look = np.repeat(np.arange(len(sample)), count)
    number = np.arange(len(look)) - np.repeat(np.cumsum(count) - count, count)
    return look, order[np.repeat(first, count) + number]


def _kind_of_samples(samples: ProtectedSamples, context: AuditContext) -> "np.typing.NDArray[np.int8]":
    """Return the number of each sample's surface: its height band on a facade, else ground; shape (S,)."""
    bands = context.reference_data.policy.bands
    ends = np.array([band.to_m for band in bands[:-1]], float)
    found = np.empty(len(samples.place), np.int8)

    def number(first: int) -> None:
        some = slice(first, first + SAMPLES_A_BATCH)
        band = np.searchsorted(ends, _above_m(samples.xyz_m[some], context.terrain) + _HEIGHT_SLACK_M, side="right")
        found[some] = np.where(samples.length_m[some] > 0.0, band, len(bands))

    in_threads(number, range(0, len(found), SAMPLES_A_BATCH), no_progress)
    return found


def _above_m(xyz_m: FloatArray, terrain: Terrain) -> FloatArray:
    return np.asarray(xyz_m[:, 2] if terrain.is_level else xyz_m[:, 2] - terrain.heights_m(xyz_m[:, 0], xyz_m[:, 1]), float)


def _lens(context: AuditContext, camera: int) -> tuple[float, float, float]:
    views = context.placed[camera].views
    return (views[0].x_m, views[0].y_m, views[0].lens_z_m) if views else (np.nan, np.nan, np.nan)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _summed(hits: SampleHits, surfaces: _Surfaces, names: Sequence[tuple[str, str]]) -> list[tuple[int, SeenSurface]]:
    """Return the number of each sighting with a surface that it shows, in order of number, then of surface; doors last."""
    seen = Seen(hits.camera, hits.case, hits.sample, hits.density_px_m, int(hits.camera[0]))
    known, every = surfaces.known, np.arange(len(hits))
    walls = Shown(every, np.take(known.place, hits.sample), np.take(surfaces.kind, hits.sample).astype(np.int64))
    look, which = _pairs(hits.sample, surfaces.at_door)
    doors = Shown(look, surfaces.door[which], np.full(len(look), known.surfaces - 1))
    sums = [summed(seen, known, walls, has_length=True)]
    sums += [summed(seen, known, doors, has_length=False)] if len(look) else []
    return [pair for each in sums for pair in _told(each, seen, known, names)]


def _told(sums: Sums, seen: Seen, known: Known, names: Sequence[tuple[str, str]]) -> Iterator[tuple[int, SeenSurface]]:
    """Give each group that shows anything as a value, with the number of its sighting."""
    group = np.flatnonzero(sums.weight)
    low, high = _intervals(sums.density_px_m[group])
    columns = (
        group + seen.first_camera * known.classes * 2 * known.surfaces,
        sums.things[group],
        sums.length_m[group].max(axis=1, initial=0.0),
        low,
        high,
        _nearest_m(sums.nearest[group], seen, known),
        sums.lit[group] / sums.weight[group],
    )
    for number, things, metres, least, most, nearest_m, share in zip(*(each.tolist() for each in columns), strict=True):
        surface, band = names[number % len(names)]
        yield number // len(names), SeenSurface(surface, band, things, metres, (least, most), _known(nearest_m), _known(share))


def _nearest_m(row: IntArray, seen: Seen, known: Known) -> FloatArray:
    """Return the way from lens to sample of each nearest look, m; that of a discreet place is endless: it would lead there."""
    offset = known.xyz_m[seen.sample[row]] - known.lens_m[seen.camera[row]]
    return np.where(row >= 0, np.sqrt(np.einsum("ij,ij->i", offset, offset)), np.inf)


def _intervals(density_px_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (low, high) of each group: the recorded density, or those of either end of the assumption."""
    recorded, ends = density_px_m[:, RECORDED], density_px_m[:, NARROW:]
    is_recorded = recorded > 0.0
    return np.where(is_recorded, recorded, ends.min(axis=1)), np.where(is_recorded, recorded, ends.max(axis=1))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
