"""Sum what sample hits show of walls, ground and doors, group by group: one compiled pass over the rows."""

import math
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel

CASES = 3


class Seen(NamedTuple):
    """Looks in order of camera, case and sample, shape (N,) each; ``first_camera`` is the first one's."""

    camera: IntArray
    case: IntArray
    sample: IntArray
    density_px_m: FloatArray
    first_camera: int


class Known(NamedTuple):
    """Of samples: position (S, 3), place, column, length; of places: class, discreet; of cameras: lens (C, 3), range at night.

    ``night_m`` is NaN where it is not recorded; ``classes`` and ``surfaces`` say how many there are of each.
    """

    xyz_m: FloatArray
    place: IntArray
    column: IntArray
    length_m: FloatArray
    cls: IntArray
    is_discreet: BoolArray
    lens_m: FloatArray
    night_m: FloatArray
    classes: int
    surfaces: int


class Shown(NamedTuple):
    """A thing that is shown on a surface, shape (M,) each: which look shows it, the number of the thing, the surface's."""

    look: IntArray
    thing: IntArray
    surface: IntArray


class Sums(NamedTuple):
    """Of each group (camera, class, basis and surface, counted from the first camera's), arrays (G,) and (G, CASES).

    ``nearest`` is the look from nearest by, -1 where all that is shown is discreet; ``weight`` is 0 where nothing is shown,
    ``lit`` what of it lies within the range at night, NaN where that is not recorded.
    """

    density_px_m: FloatArray
    length_m: FloatArray
    things: IntArray
    nearest: IntArray
    weight: FloatArray
    lit: FloatArray


def summed(seen: Seen, known: Known, shown: Shown, *, has_length: bool) -> Sums:
    """Return what is shown, summed up; metres of frontage only where things have length: samples above each other count once."""
    size = (int(seen.camera[-1]) - seen.first_camera + 1) * known.classes * 2 * known.surfaces if len(seen.camera) else 0
    zeros, by_case = np.zeros(size), np.zeros((size, CASES))
    sums = Sums(by_case, by_case.copy(), np.zeros(size, np.int64), np.full(size, -1, np.int64), zeros, zeros.copy())
    told = np.full((int(shown.thing.max(initial=0)) + 1) * known.surfaces, -1, np.int64)
    _add_up(seen, known, shown, has_length, np.full(size, np.inf), told, sums)
    return sums


@kernel
def _add_up(  # noqa: PLR0917 - what is shown, and room to work in
    seen: Seen, known: Known, shown: Shown, has_length: bool, nearest_m2: FloatArray, told: IntArray, sums: Sums
) -> None:
    """Add up row by row. Looks of a camera stand together, recorded ones first: told again, a thing is in another sighting."""
    before = -1
    for m in range(len(shown.look)):
        row, surface = shown.look[m], shown.surface[m]
        camera, case, sample = seen.camera[row], seen.case[row], seen.sample[row]
        place, metres = known.place[sample], known.length_m[sample]
        sighting = ((camera - seen.first_camera) * known.classes + known.cls[place]) * 2 + (1 if case > 0 else 0)
        group, key = sighting * known.surfaces + surface, shown.thing[m] * known.surfaces + surface
        sums.density_px_m[group, case] = max(sums.density_px_m[group, case], seen.density_px_m[row])
        away_m2 = _away_m2(known, camera, sample)
        if away_m2 < nearest_m2[group] and not known.is_discreet[place]:
            nearest_m2[group], sums.nearest[group] = away_m2, row
        if told[key] != sighting:
            told[key] = sighting
            sums.things[group] += 1
        if has_length and (before < 0 or shown.surface[before] != surface or _is_other(seen, known, shown.look[before], row)):
            sums.length_m[group, case] += metres
        weight, night_m, before = metres if has_length and metres > 0.0 else 1.0, known.night_m[camera], m
        sums.weight[group] += weight
        if math.isnan(night_m):
            sums.lit[group] = math.nan
        elif math.sqrt(away_m2) <= night_m:
            sums.lit[group] += weight


@inner
def _away_m2(known: Known, camera: int, sample: int) -> float:
    """Return the square of the distance from a camera's lens to a sample."""
    dx = known.xyz_m[sample, 0] - known.lens_m[camera, 0]
    dy = known.xyz_m[sample, 1] - known.lens_m[camera, 1]
    dz = known.xyz_m[sample, 2] - known.lens_m[camera, 2]
    return float(dx * dx + dy * dy + dz * dz)


@inner
def _is_other(seen: Seen, known: Known, a: int, b: int) -> bool:
    """Tell whether two hits are of two cameras or cases, or at samples that do not stand above each other."""
    is_one_view = seen.camera[a] == seen.camera[b] and seen.case[a] == seen.case[b]
    return not is_one_view or known.column[seen.sample[a]] != known.column[seen.sample[b]]
