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
from lhasaplan.core.model.optics import SEEN_PX_M, LensClass, focal_length_px
from lhasaplan.core.rules.audit_policy import GenericClass, SitingRules
from lhasaplan.core.sight.compiled.compilation import inner, kernel

_MOST_TILT_DEG = 85.0


@dataclass(frozen=True, eq=False, slots=True)
class AskedDirections:
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

    ``place`` and ``lens`` are numbers of the place and of its class; ``part`` is that which it aims at, -1 of one in steps;
    ``ground_m2`` is what it would show of open level ground at 25 px/m; ``tried`` counts those that were scored.
    """

    place: IntArray
    lens: IntArray
    part: IntArray
    azimuth_deg: FloatArray
    tilt_deg: FloatArray
    open_weight: FloatArray
    met_weight: FloatArray
    ground_m2: FloatArray
    tried: int


def directions(
    in_sight: sparse.csc_array, lens_xyz_m: FloatArray, height_m: FloatArray, asked: AskedDirections, rules: SitingRules
) -> Directions:
    """Return the directions of places that serve something, in steps all round and towards each part in sight.

    Each is tilted as far down as it serves no less: what lies beyond the farthest point served stays out of the picture but for
    ``headroom_deg``. One that aims at a part is tried as well with a tilt for this part alone. Of one place and class a direction
    is dropped that serves nothing but what another one serves as well that looks no farther.

    Parameters
    ----------
    in_sight : shape (points, places); what a lens at each place would show, wherever it looked.
    lens_xyz_m, height_m : shape (places, 3) and (places,); where a lens is, and how high above its ground.
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
    aims = 2 * np.bincount(place[is_new], minlength=len(lens_xyz_m)) + len(steps)
    rows = int(aims.sum()) * len(rules.classes)
    ints, floats = np.empty((3, rows), np.int64), np.empty((4, rows))
    lenses = np.array([_lens(each, rules.headroom_deg) for each in rules.classes]).reshape(-1, 4)
    weights = np.stack([asked.needed_px_m[point], asked.open_weight[point], asked.met_weight[point]], axis=1)
    most = int(aims.max(initial=1))
    words = (int(np.diff(start).max(initial=0)) + 63) // 64
    room, bits = np.empty((4, most + 1)), np.empty((most + 1, max(words, 1)), np.uint64)  # one more to compare with
    seen, begin = np.column_stack([to, weights]), np.empty(most + 1, np.int64)  # where each part in sight begins
    kept = _score(start, seen, asked.part[point], is_new, steps, lenses, room, bits, begin, ints, floats)
    place_of, lens_of, part_of = (each[:kept].copy() for each in ints)
    azimuth, tilt, opened, met = (each[:kept].copy() for each in floats)
    ground_m2 = _open_ground_m2(tilt, height_m[place_of], lenses[lens_of])
    return Directions(place_of, lens_of, part_of, azimuth, tilt, opened, met, ground_m2, rows)


def _open_ground_m2(tilt_deg: FloatArray, height_m: FloatArray, lenses: FloatArray) -> FloatArray:
    """Return the sector of level ground up to the upper edge of the picture, and no farther than 25 px/m reach."""
    focal, half_wide, half_high = lenses[:, 0], lenses[:, 1], lenses[:, 2]
    down = np.radians(tilt_deg) - np.arctan2(half_high, focal)
    far_m = np.minimum(focal / SEEN_PX_M, np.where(down > 0.0, height_m / np.tan(np.maximum(down, 1e-3)), np.inf))
    return np.asarray(np.arctan2(half_wide, focal) * far_m**2, float)


def _lens(each: GenericClass, headroom_deg: float) -> tuple[float, float, float, float]:
    """Return focal length, half the width and height in pixels, and how far below its axis its farthest point may be seen."""
    focal_px = focal_length_px(each.image_width_px, each.hfov_deg, LensClass.RECTILINEAR)
    half_high_px = each.image_height_px / 2.0
    return focal_px, each.image_width_px / 2.0, half_high_px, np.arctan2(half_high_px, focal_px) - np.radians(headroom_deg)


@inner
def _as_tilt(down_rad: float) -> float:
    """Return a tilt in degrees, written to a tenth; none looks up, none straight down."""
    return min(max(float(np.round(np.degrees(down_rad), 1)), 0.0), _MOST_TILT_DEG)


@inner
def _picture(  # noqa: PLR0917 - a direction and where its points are kept
    seen: FloatArray, sine: float, cosine: float, tilt_deg: float, lens: FloatArray, bits: NDArray[np.uint64]
) -> tuple[float, float]:
    """Fill in which points lie in a picture sharply enough, as bits, and return what they weigh."""
    tilt_sine, tilt_cosine = np.sin(np.radians(tilt_deg)), np.cos(np.radians(tilt_deg))
    for word in range(len(bits)):
        bits[word] = np.uint64(0)
    opened, met = 0.0, 0.0
    for i in range(len(seen)):
        along = seen[i, 0] * sine + seen[i, 1] * cosine
        across = seen[i, 0] * cosine - seen[i, 1] * sine
        ahead = along * tilt_cosine - seen[i, 2] * tilt_sine
        if ahead <= 0.0 or lens[0] < ahead * seen[i, 3] or abs(across) * lens[0] > ahead * lens[1]:
            continue
        if abs(-seen[i, 2] * tilt_cosine - along * tilt_sine) * lens[0] <= ahead * lens[2]:
            bits[i // 64] |= np.uint64(1) << np.uint64(i % 64)
            opened += seen[i, 4]
            met += seen[i, 5]
    return opened, met


@kernel
def _score(  # noqa: PLR0912, PLR0915, PLR0917 - one loop over plain arrays, as compiled code has it
    start: IntArray,
    seen: FloatArray,
    part: IntArray,
    is_new: BoolArray,
    steps: FloatArray,
    lenses: FloatArray,
    room: FloatArray,
    bits: NDArray[np.uint64],
    begin: IntArray,
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
        east, north, parts = 0.0, 0.0, 0
        for i in range(first, last):
            if is_new[i] or i == first:
                begin[parts], parts = i, parts + 1
                if i > first:
                    aims[count] = np.arctan2(east, north)
                    count += 1
                east, north = 0.0, 0.0
            east += seen[i, 0]
            north += seen[i, 1]
        aims[count] = np.arctan2(east, north)
        count += 1
        begin[parts] = last
        for a in range(parts):
            aims[count + a] = aims[len(steps) + a]
        alone = count  # from here on, directions that are tilted for their part alone
        count += parts
        for lens in range(len(lenses)):
            focal, half_wide = lenses[lens, 0], lenses[lens, 1]
            for a in range(count):
                for word in range(words):
                    bits[a, word] = np.uint64(0)
                sine, cosine = np.sin(aims[a]), np.cos(aims[a])
                low, high, least, most = np.inf, -np.inf, first, last
                if a >= alone:
                    least, most = begin[a - alone], begin[a - alone + 1]
                for i in range(least, most):
                    along = seen[i, 0] * sine + seen[i, 1] * cosine
                    across = seen[i, 0] * cosine - seen[i, 1] * sine
                    if along > 0.0 and abs(across) * focal <= along * half_wide and focal >= along * seen[i, 3]:
                        down = np.arctan2(-seen[i, 2], along)
                        low, high = min(low, down), max(high, down)
                gains[0, a], gains[1, a] = 0.0, 0.0
                if low > high:
                    continue
                middle = _as_tilt((low + high) / 2.0)
                tilts[a] = max(middle, _as_tilt(low + lenses[lens, 3]))
                opened, met = _picture(seen[least:most], sine, cosine, tilts[a], lenses[lens], bits[a])
                if tilts[a] > middle:  # a wide lens that looks down shows less far to its sides
                    more_opened, more_met = _picture(seen[least:most], sine, cosine, middle, lenses[lens], bits[count])
                    if opened < more_opened - 1e-12 or met < more_met - 1e-12:
                        tilts[a] = middle
                        opened, met = _picture(seen[least:most], sine, cosine, middle, lenses[lens], bits[a])
                if a >= alone:
                    opened, met = _picture(seen[first:last], sine, cosine, tilts[a], lenses[lens], bits[a])
                gains[0, a], gains[1, a] = opened, met
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
                    is_nearer = tilts[b] > tilts[a]
                    is_dominated = is_within and (is_nearer or (tilts[b] == tilts[a] and (not is_equal or b < a)))
                if not is_dominated:
                    ints[0, kept] = place
                    ints[1, kept] = lens
                    ints[2, kept] = -1
                    if a >= len(steps):
                        ints[2, kept] = part[begin[(a - len(steps)) % parts]]
                    floats[0, kept] = np.degrees(aims[a]) % 360.0
                    floats[1, kept] = tilts[a]
                    floats[2, kept] = gains[0, a]
                    floats[3, kept] = gains[1, a]
                    kept += 1
    return kept
