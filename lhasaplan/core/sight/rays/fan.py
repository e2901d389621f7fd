"""The rays of a picture, sorted by bearing and dip, so that a wall is asked about the few that may meet it."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.compiled.diamond_angles import diamond
from lhasaplan.core.sight.lens.masks import rays_of

HAIR = 1e-9  # level length of a ray straight down: it needs a bearing
FEWEST_BINS, MOST_BINS = 8, 1024
ROWS_AT_ONCE = 16


class Fan(NamedTuple):
    """Rays in the lens's frame: x along the axis, y to its left.

    Parameters
    ----------
    ray : shape (n, 3); unit level direction and metres down for each level metre, sorted by bin of bearing, then of dip.
    in_order : shape (n, 3); the same in the order of the picture, row by row.
    place : shape (n,); where each ray lies there.
    border : shape (bearings + 1, 2); unit vectors between the bins of bearings.
    start : shape (bearings * dips + 1,); the first ray of each bin.
    extent : shape (4,); first diamond angle and bins for each unit of it, first dip and bins for each unit of that.
    bearings, dips : how many bins there are.
    """

    ray: FloatArray
    in_order: FloatArray
    place: "NDArray[np.int32]"
    border: FloatArray
    start: IntArray
    extent: FloatArray
    bearings: int
    dips: int


@inner
def dip_of(slope: float) -> float:
    """Return a monotone stand-in for the angle below the horizon, from -1 to 1."""
    return slope / (1.0 + abs(slope))


@inner
def bin_in(value: float, first: float, per_unit: float, count: int) -> int:
    """Return the bin of a value, the first or the last beyond them."""
    return min(count - 1, max(0, int((value - first) * per_unit)))


@lru_cache(maxsize=4)
def fan_of(view: View, columns: int, rows: int) -> Fan:
    """Return the rays through the middles of the pixels of a picture of so many columns and rows.

    Kept, since a camera that is moved or turned has the same: it depends on lens and tilt alone; see :attr:`View.lens`.
    """
    u, (ray, turn, dip) = (np.arange(columns) + 0.5) * view.width_px / columns, _room(columns * rows)
    for first in range(0, rows, ROWS_AT_ONCE):  # few rows at a time stay in the processor's cache
        last = min(first + ROWS_AT_ONCE, rows)
        down, some = (
            np.repeat((np.arange(first, last) + 0.5) * view.height_px / rows, columns),
            slice(first * columns, last * columns),
        )
        _measure(rays_of(view, np.tile(u, last - first), down), ray[some], turn[some], dip[some])
    return _sorted(ray, turn, dip, (max(columns // 2, FEWEST_BINS), rows))


def make_fan(direction: FloatArray) -> Fan:
    """Return a fan of directions (ahead is north), shape (n, 3): east, north, down; of any length."""
    ray, turn, dip = _room(len(direction))
    _measure(np.ascontiguousarray(direction), ray, turn, dip)
    side = math.isqrt(max(len(direction), 1))
    return _sorted(ray, turn, dip, (side, side))


def _room(count: int) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return room for so many rays, their diamond angles and their dips."""
    return np.empty((count, 3)), np.empty(count), np.empty(count)


def _sorted(ray: FloatArray, turn: FloatArray, dip: FloatArray, bins: Sequence[int]) -> Fan:
    """Return the fan of measured rays."""
    bearings, dips = (min(max(each, FEWEST_BINS), MOST_BINS) for each in bins)
    extent = np.array([*_span(turn, bearings), *_span(dip, dips)])
    start, place = np.zeros(bearings * dips + 1, np.int64), np.empty(len(ray), np.int32)
    cell, sorted_ray = np.empty(len(ray), np.int32), np.empty_like(ray)
    _sort(ray, turn, dip, extent, (bearings, dips), cell, start, place, sorted_ray)
    return Fan(sorted_ray, ray, place, _borders(extent, bearings), start, extent, bearings, dips)


def _span(value: FloatArray, bins: int) -> tuple[float, float]:
    """Return the first value and how many bins there are for each unit."""
    if not len(value):
        return 0.0, 1.0
    first, last = float(value.min()), float(value.max())
    return first, bins / max((last - first) * (1.0 + 1e-12), 1e-9)


def _borders(extent: FloatArray, bearings: int) -> FloatArray:
    """Return unit vectors of the diamond angles between the bins."""
    angle = extent[0] + np.arange(bearings + 1) / extent[1]
    x = 1.0 - np.abs(angle)
    y = np.where(np.abs(angle) <= 1.0, angle, np.sign(angle) * (2.0 - np.abs(angle)))
    return np.ascontiguousarray(np.column_stack((x, y)) / np.hypot(x, y)[:, None])


@kernel
def _measure(direction: FloatArray, ray: FloatArray, turn: FloatArray, dip: FloatArray) -> None:
    """Write each ray with its diamond angle and its dip; one that is upright is taken to lean ahead by a hair."""
    for i in range(len(ray)):
        level = math.sqrt(direction[i, 0] * direction[i, 0] + direction[i, 1] * direction[i, 1])
        ray[i, 0], ray[i, 1] = direction[i, 1] / level, -direction[i, 0] / level
        if level < HAIR:
            ray[i, 0], ray[i, 1] = 1.0, 0.0
        ray[i, 2] = direction[i, 2] / max(level, HAIR)
        turn[i], dip[i] = diamond(ray[i, 0], ray[i, 1]), dip_of(ray[i, 2])


@kernel
def _sort(  # noqa: PLR0917 - kernels take plain arrays
    ray: FloatArray, turn: FloatArray, dip: FloatArray, extent: FloatArray, bins: tuple[int, int],
    cell: "NDArray[np.int32]", start: IntArray, place: "NDArray[np.int32]", out: FloatArray,
) -> None:  # fmt: skip
    """Sort rays by bin: count, add up, put in place."""
    for i in range(len(ray)):
        b = bin_in(turn[i], extent[0], extent[1], bins[0])
        cell[i] = b * bins[1] + bin_in(dip[i], extent[2], extent[3], bins[1])
        start[cell[i] + 1] += 1
    for c in range(1, len(start)):
        start[c] += start[c - 1]
    for i in range(len(ray)):
        at = start[cell[i]]
        start[cell[i]] += 1
        place[at] = i
        out[at, 0], out[at, 1], out[at, 2] = ray[i, 0], ray[i, 1], ray[i, 2]
    for c in range(len(start) - 1, 0, -1):
        start[c] = start[c - 1]
    start[0] = 0
