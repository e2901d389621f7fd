"""Directions in which cameras on places may look: scored by what each would serve; what another serves as well is dropped.

Where walls hide the demand does not hang on where a lens looks: each place is asked once, all round, by the engine of the audit.
What lies in the picture of a lens is then a matter of angles. The scores only say which cameras are worth looking through: what
those serve is asked of the engine again.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.rules.siting_rules import GenericClass, SitingRules
from lhasaplan.core.sight.compiled.compilation import kernel

_MOST_TILT_DEG = 85.0


@dataclass(frozen=True, eq=False, slots=True)
class Asked:
    """Demand as directions are scored by it; arrays (points,), those of a part one after the other.

    Parameters
    ----------
    xyz_m : shape (points, 3).
    open_weight, met_weight : what a camera gains that serves the point: where it is not served today, where it is.
    """

    xyz_m: FloatArray
    part: IntArray
    needed_px_m: FloatArray
    open_weight: FloatArray
    met_weight: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Directions:
    """Directions that are worth looking through, arrays (n,); azimuths from grid north.

    ``place`` and ``lens`` are numbers of the place and of its class; ``tried`` counts those that were scored.
    """

    place: IntArray
    lens: IntArray
    azimuth_deg: FloatArray
    tilt_deg: FloatArray
    open_weight: FloatArray
    met_weight: FloatArray
    tried: int


def directions(in_sight: sparse.csc_array, lens_xyz_m: FloatArray, asked: Asked, rules: SitingRules) -> Directions:
    """Return the directions of places that serve something, in steps all round and towards each part in sight.

    Of one place and class a direction is dropped that serves nothing but what another one serves as well.

    Parameters
    ----------
    in_sight : shape (points, places); what a lens at each place would show, wherever it looked.
    lens_xyz_m : shape (places, 3).
    """
    sight = sparse.csc_array(in_sight, copy=True)
    sight.eliminate_zeros()
    sight.sort_indices()
    start, point = np.asarray(sight.indptr, np.int64), np.asarray(sight.indices, np.int64)
    place = np.repeat(np.arange(len(lens_xyz_m)), np.diff(start))
    to = asked.xyz_m[point] - lens_xyz_m[place]
    is_new = np.ones(len(point), bool)
    is_new[1:] = (asked.part[point][1:] != asked.part[point][:-1]) | (place[1:] != place[:-1])
    steps = np.radians(np.arange(0.0, 360.0, rules.azimuth_step_deg))
    aims = np.bincount(place[is_new], minlength=len(lens_xyz_m)) + len(steps)
    rows = int(aims.sum()) * len(rules.classes)
    ints, floats = np.empty((2, rows), np.int64), np.empty((4, rows))
    lenses = np.array([_lens(each) for each in rules.classes]).reshape(-1, 3)
    weights = np.stack([asked.needed_px_m[point], asked.open_weight[point], asked.met_weight[point]], axis=1)
    most = int(aims.max(initial=1))
    words = (int(np.diff(start).max(initial=0)) + 63) // 64
    room, bits = np.empty((4, most)), np.empty((most, max(words, 1)), np.uint64)
    kept = _score(start, np.column_stack([to, weights]), is_new, steps, lenses, room, bits, ints, floats)
    place_of, lens_of = (each[:kept].copy() for each in ints)
    azimuth, tilt, opened, met = (each[:kept].copy() for each in floats)
    return Directions(place_of, lens_of, azimuth, tilt, opened, met, rows)


def _lens(each: GenericClass) -> tuple[float, float, float]:
    focal_px = focal_length_px(each.image_width_px, each.hfov_deg, LensClass.RECTILINEAR)
    return focal_px, each.image_width_px / 2.0, each.image_height_px / 2.0


@kernel
def _score(  # noqa: PLR0912, PLR0915, PLR0917 - one loop over plain arrays, as compiled code has it
    start: IntArray,
    seen: FloatArray,
    is_new: BoolArray,
    steps: FloatArray,
    lenses: FloatArray,
    room: FloatArray,
    bits: NDArray[np.uint64],
    ints: IntArray,
    floats: FloatArray,
) -> int:
    """Fill in the directions that are kept and return how many; rows of ``seen`` are dx, dy, dz, needed density, weights."""
    kept = 0
    aims, tilts, gains = room[0], room[1], room[2:]
    for place in range(len(start) - 1):
        first, last = start[place], start[place + 1]
        words = (last - first + 63) // 64
        if words == 0:
            continue
        count = len(steps)
        for a in range(count):
            aims[a] = steps[a]
        east, north = 0.0, 0.0
        for i in range(first, last):
            if is_new[i]:
                if i > first:
                    aims[count] = np.arctan2(east, north)
                    count += 1
                east, north = 0.0, 0.0
            east += seen[i, 0]
            north += seen[i, 1]
        aims[count] = np.arctan2(east, north)
        count += 1
        for lens in range(len(lenses)):
            focal, half_wide, half_high = lenses[lens, 0], lenses[lens, 1], lenses[lens, 2]
            for a in range(count):
                for word in range(words):
                    bits[a, word] = np.uint64(0)
                sine, cosine = np.sin(aims[a]), np.cos(aims[a])
                low, high = np.inf, -np.inf
                for i in range(first, last):
                    along = seen[i, 0] * sine + seen[i, 1] * cosine
                    across = seen[i, 0] * cosine - seen[i, 1] * sine
                    if along > 0.0 and abs(across) * focal <= along * half_wide and focal >= along * seen[i, 3]:
                        down = np.arctan2(-seen[i, 2], along)
                        low, high = min(low, down), max(high, down)
                gains[0, a] = 0.0
                gains[1, a] = 0.0
                if low > high:
                    continue
                tilts[a] = min(max(np.round(np.degrees((low + high) / 2.0), 1), 0.0), _MOST_TILT_DEG)
                tilt_sine, tilt_cosine = np.sin(np.radians(tilts[a])), np.cos(np.radians(tilts[a]))
                for i in range(first, last):
                    along = seen[i, 0] * sine + seen[i, 1] * cosine
                    across = seen[i, 0] * cosine - seen[i, 1] * sine
                    ahead = along * tilt_cosine - seen[i, 2] * tilt_sine
                    if ahead <= 0.0 or focal < ahead * seen[i, 3] or abs(across) * focal > ahead * half_wide:
                        continue
                    if abs(-seen[i, 2] * tilt_cosine - along * tilt_sine) * focal <= ahead * half_high:
                        bits[a, (i - first) // 64] |= np.uint64(1) << np.uint64((i - first) % 64)
                        gains[0, a] += seen[i, 4]
                        gains[1, a] += seen[i, 5]
            for a in range(count):
                if gains[0, a] + gains[1, a] <= 0.0:
                    continue
                is_dominated = False
                for b in range(count):
                    if b == a or is_dominated:
                        continue
                    is_within, is_equal = True, True
                    for word in range(words):
                        is_within &= (bits[a, word] & ~bits[b, word]) == 0
                        is_equal &= bits[a, word] == bits[b, word]
                    is_dominated = is_within and (not is_equal or b < a)
                if not is_dominated:
                    ints[0, kept] = place
                    ints[1, kept] = lens
                    floats[0, kept] = np.degrees(aims[a]) % 360.0
                    floats[1, kept] = tilts[a]
                    floats[2, kept] = gains[0, a]
                    floats[3, kept] = gains[1, a]
                    kept += 1
    return kept
