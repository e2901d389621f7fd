"""What of the protected places in a sighting is in view: frontage by height, open ground, doors; counted, never named."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.answers.entrances import doors_of, doors_on
from lhasaplan.core.answers.knowledge import Progress, no_progress
from lhasaplan.core.answers.looks import NARROW, RECORDED, Looks, by_cameras, read_places
from lhasaplan.core.answers.protection import CLASSES, Key, class_numbers
from lhasaplan.core.answers.seen_frontage import STEP
from lhasaplan.core.answers.setting import Setting
from lhasaplan.core.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.assessment import Sighting
from lhasaplan.core.ground import Ground
from lhasaplan.core.protected import ProtectedSamples
from lhasaplan.core.seen_surface import SeenSurface
from lhasaplan.core.sight.batching import in_threads

_HEIGHT_SLACK_M = 1e-6
_LENGTH_SLACK_M = 1e-9
_CASES = 3


@dataclass(frozen=True, eq=False, slots=True)
class _Rows:
    """One row per look at a surface; arrays (N,). ``group`` numbers sighting and surface, ``what`` the thing that is counted.

    ``stretch`` is a number that samples above each other share; ``length_m`` is 0 for ground and doors.
    """

    group: IntArray
    case: IntArray
    what: IntArray
    stretch: IntArray
    length_m: FloatArray
    density_px_m: FloatArray
    distance_m: FloatArray
    at_night: FloatArray  # 1 within the range at night, 0 beyond, NaN where that is not recorded

    def where(self, keep: BoolArray | IntArray) -> "_Rows":
        return _Rows(*(getattr(self, name)[keep] for name in self.__slots__))


def with_surfaces(  # noqa: PLR0917 - what a sighting rests on, and who watches
    sightings: Mapping[Key, Sighting],
    looks: Looks,
    samples: ProtectedSamples,
    directions: FloatArray,
    setting: Setting,
    progress: Progress = no_progress,
) -> dict[Key, Sighting]:
    """Return the sightings with what of their places is in view, by surface and height band.

    Only places that count in the sighting count here, each in every band that shows any of it. Windows are not in map data:
    a band of frontage says where windows may be.

    Parameters
    ----------
    looks : the rows that the sightings rest on: all at the lowest grade or better.
    directions : shape (S, 2); the walls of the samples.
    """
    if not len(looks):
        return dict(sightings)
    progress(0.0, STEP)
    names, known, found = _surface_names(setting), _surfaces_of(samples, directions, setting), dict[Key, list[SeenSurface]]()

    def sum_up(some: Looks) -> list[tuple[int, SeenSurface]]:
        walls, doors = _rows(_of_read_places(some, samples, setting.thresholds.frontage_m), samples, known, setting)
        return [*_summed(walls, names), *_summed(doors, names)]

    pieces = in_threads(sum_up, [some for _, some in by_cameras(looks)], lambda share, _: progress(share, STEP))
    for number, surface in (pair for piece in pieces for pair in piece):
        found.setdefault(_key(number), []).append(surface)
    return {key: replace(each, surfaces=tuple(found.get(key, ()))) for key, each in sightings.items()}


def _of_read_places(looks: Looks, samples: ProtectedSamples, frontage_m: float) -> Looks:
    """Return the looks at places of which enough is seen to be read, in that case.

    One stretch that is long enough is enough, and so is ground: nearly all are, so that only the rest are added up.
    """
    length_m = samples.length_m[looks.sample]
    enough = (length_m >= frontage_m - _LENGTH_SLACK_M) | (length_m == 0.0)
    if enough.all():
        return looks
    step = len(samples.places)
    key = (looks.camera * _CASES + looks.case) * step + samples.place[looks.sample]
    readings = read_places(looks.where(~enough), samples, frontage_m)
    read = (readings.camera * _CASES + readings.case) * step + readings.place
    enough[~enough] = np.isin(key[~enough], np.concatenate([key[enough], read]))
    return looks.where(enough)


def _surface_names(setting: Setting) -> tuple[tuple[str, str], ...]:
    """Return surface and band by number: the bands of frontage from below, then ground, then doors."""
    return (*(("frontage", band.name) for band in setting.knowledge.policy.bands), ("ground", ""), ("entrance", ""))


def _key(number: int) -> Key:
    rest, assumed = divmod(number, 2)
    camera, cls = divmod(rest, len(CLASSES))
    return camera, CLASSES[cls], "assumed" if assumed else "recorded"


@dataclass(frozen=True, eq=False, slots=True)
class _Surfaces:
    """What a look may show: class of each place, number of each sample's surface, and doors with the samples at them.

    ``lens_m`` is where each camera looks from, (C, 3), and ``night_m`` its range at night, NaN where that is not recorded.
    """

    cls: IntArray
    is_discreet: BoolArray
    lens_m: FloatArray
    night_m: FloatArray
    kind: IntArray
    door: IntArray
    at_door: IntArray


def _surfaces_of(samples: ProtectedSamples, directions: FloatArray, setting: Setting) -> _Surfaces:
    reach_m = setting.knowledge.policy.entrance_reach_m
    door, at_door = doors_on(samples, directions, doors_of(setting.project.layers), reach_m)
    return _Surfaces(
        class_numbers(samples),
        np.array([place.discreet for place in samples.places], bool),
        np.array([_lens(setting, c) for c in range(len(setting.placed))], float).reshape(-1, 3),
        np.array([_or_nan(each.camera.night_range_m) for each in setting.placed], float),
        _kind_of_samples(samples, setting),
        door,
        at_door,
    )


def _rows(looks: Looks, samples: ProtectedSamples, known: _Surfaces, setting: Setting) -> tuple[_Rows, _Rows]:
    """Return a row for each look at a wall or ground, and a row for each look at a door: at the stretch that holds it."""
    kinds = len(setting.knowledge.policy.bands) + 2
    sighting = (looks.camera * len(CLASSES) + known.cls[samples.place[looks.sample]]) * 2 + (looks.case != RECORDED)
    distance_m, at_night = _distances(looks, samples, known)
    walls = _Rows(
        sighting * kinds + known.kind[looks.sample],
        looks.case,
        samples.place[looks.sample],
        samples.column[looks.sample],
        samples.length_m[looks.sample],
        looks.density_px_m,
        distance_m,
        at_night,
    )
    look, which = _pairs(looks.sample, known.at_door)
    one, group = known.door[which], sighting[look] * kinds + kinds - 1
    return walls, replace(walls.where(look), group=group, what=one, stretch=one, length_m=np.zeros(len(one)))


def _pairs(sample: IntArray, wanted: IntArray) -> tuple[IntArray, IntArray]:
    """Return pairs of a look and each door at its sample, as row numbers of either."""
    order = np.argsort(wanted, kind="stable")
    first, last = (np.searchsorted(wanted[order], sample, side=side) for side in ("left", "right"))
    count = last - first
    look = np.repeat(np.arange(len(sample)), count)
    number = np.arange(len(look)) - np.repeat(np.cumsum(count) - count, count)
    return look, order[np.repeat(first, count) + number]


def _kind_of_samples(samples: ProtectedSamples, setting: Setting) -> IntArray:
    """Return the number of each sample's surface: its height band on a facade, else ground; shape (S,)."""
    bands = setting.knowledge.policy.bands
    ends = np.array([band.to_m for band in bands[:-1]], float)
    above_m = samples.xyz_m[:, 2] - _ground_m(samples, setting.terrain)
    band = np.searchsorted(ends, above_m + _HEIGHT_SLACK_M, side="right")
    return np.where(samples.length_m > 0.0, band, len(bands)).astype(np.int64)


def _ground_m(samples: ProtectedSamples, terrain: Ground) -> FloatArray:
    return np.asarray(terrain.heights_m(samples.xyz_m[:, 0], samples.xyz_m[:, 1]), float)


def _distances(looks: Looks, samples: ProtectedSamples, known: _Surfaces) -> tuple[FloatArray, FloatArray]:
    """Return the distance from lens to sample, m, and whether that is within the range at night; shape (N,) each.

    That of a discreet place is endless: with its sector it would lead there.
    """
    offset = samples.xyz_m[looks.sample] - known.lens_m[looks.camera]
    distance_m = np.sqrt(np.einsum("ij,ij->i", offset, offset))
    reach_m, discreet = known.night_m[looks.camera], known.is_discreet[samples.place[looks.sample]]
    return np.where(discreet, np.inf, distance_m), np.where(np.isnan(reach_m), np.nan, distance_m <= reach_m)


def _lens(setting: Setting, camera: int) -> tuple[float, float, float]:
    views = setting.placed[camera].views
    return (views[0].x_m, views[0].y_m, views[0].lens_z_m) if views else (np.nan, np.nan, np.nan)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _summed(rows: _Rows, names: Sequence[tuple[str, str]]) -> list[tuple[int, SeenSurface]]:
    """Return the number of each sighting with a surface that it shows, in order of number, then of surface."""
    present = np.bincount(rows.group) > 0
    group, which = np.flatnonzero(present), (np.cumsum(present) - 1)[rows.group]
    count = len(group)
    density = np.zeros(count * _CASES)
    np.maximum.at(density, which * _CASES + rows.case, rows.density_px_m)
    nearest = np.full(count, np.inf)
    np.minimum.at(nearest, which, rows.distance_m)
    step = int(rows.what.max(initial=0)) + 1
    counts = np.bincount(np.unique(which * step + rows.what) // step, minlength=count)
    length, night = _lengths(rows, which, count), _night_shares(rows, which, count)
    low, high = _intervals(density.reshape(count, _CASES))
    columns = (group, counts, length, low, high, nearest, night)
    found = []
    for number, things, metres, least, most, nearest_m, share in zip(*(each.tolist() for each in columns), strict=True):
        surface, band = names[number % len(names)]
        seen = SeenSurface(surface, band, things, metres, (least, most), _known(nearest_m), _known(share))
        found.append((number // len(names), seen))
    return found


def _intervals(density_px_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return (low, high) of each group: the recorded density, or those of either end of the assumption."""
    recorded, ends = density_px_m[:, RECORDED], density_px_m[:, NARROW:]
    is_recorded = recorded > 0.0
    return np.where(is_recorded, recorded, ends.min(axis=1)), np.where(is_recorded, recorded, ends.max(axis=1))


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _lengths(rows: _Rows, which: IntArray, count: int) -> FloatArray:
    """Return the metres of frontage of each group, in the case that shows most; samples above each other count once."""
    number = (which * _CASES + rows.case) * (int(rows.stretch.max(initial=0)) + 1) + rows.stretch
    first = np.unique(number, return_index=True)[1]
    total = np.bincount(which[first] * _CASES + rows.case[first], rows.length_m[first], minlength=count * _CASES)
    return np.asarray(total.reshape(count, _CASES).max(axis=1), float)


def _night_shares(rows: _Rows, which: IntArray, count: int) -> FloatArray:
    """Return the share of each group within the range at night, by length or by samples; NaN where it is not recorded."""
    weight = np.where(rows.length_m > 0.0, rows.length_m, 1.0)
    lit = np.bincount(which, weight * rows.at_night, minlength=count)
    return np.asarray(lit / np.bincount(which, weight, minlength=count), float)
