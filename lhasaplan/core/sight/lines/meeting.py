"""Where rays first meet walls, roofs and level ground: each part is asked about the rays that its bearings and dips hold."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.compiled.directions import diamond
from lhasaplan.core.sight.lens.masks import rays_of
from lhasaplan.core.sight.obstacles.building_index import CELL_M, Neighbours, TownIndex

# The rays of a picture, sorted by bearing and dip, so that a wall is asked about the few that may meet it.

HAIR = 1e-9  # level length of a ray straight down: it needs a bearing
FEWEST_BINS, MOST_BINS = 8, 1024
ROWS_AT_ONCE = 16
MOST_QUICK = 1 << 19  # rays of a quick picture


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


def fan_of(view: View, columns: int, rows: int) -> Fan:
    """Return the rays through the middles of the pixels of a picture of so many columns and rows.

    Kept, since a camera that is moved or turned has the same: it depends on lens and tilt alone; see :attr:`View.lens`. Four of
    quick pictures are kept and one of a finer picture, which is 100 to 300 MB.
    """
    return (quick_fan if columns * rows <= MOST_QUICK else fine_fan)(view, columns, rows)


def _made_fan(view: View, columns: int, rows: int) -> Fan:
    u, (ray, turn, dip) = (np.arange(columns) + 0.5) * view.width_px / columns, _room(columns * rows)
    for first in range(0, rows, ROWS_AT_ONCE):  # few rows at a time stay in the processor's cache
        last = min(first + ROWS_AT_ONCE, rows)
        down, some = (
            np.repeat((np.arange(first, last) + 0.5) * view.height_px / rows, columns),
            slice(first * columns, last * columns),
        )
        _measure(rays_of(view, np.tile(u, last - first), down), ray[some], turn[some], dip[some])
    return _sorted(ray, turn, dip, (max(columns // 2, FEWEST_BINS), rows))


quick_fan, fine_fan = lru_cache(maxsize=4)(_made_fan), lru_cache(maxsize=1)(_made_fan)


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
def _sort(
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


# ruff: noqa: PLR0917  (kernels take plain numbers)


EDGE_ON = 1e-12  # twice the area between lens and wall, below which a wall is seen edge-on
SPARE = 1e-4  # share by which a wall is asked about a little more than it may hide
STEEPEST = 1e9
SEAM = 2.0  # diamond angle straight behind the lens, from either side
SKY, GROUND, ROOF, UNDERSIDE = -4, -3, -2, -1  # faces that are no wall; a wall's face is the number of its last corner

Ints = NDArray[np.int32]
Direction = tuple[float, float]


class Eye(NamedTuple):
    """Where the rays start, the axis counter-clockwise from east, how far buildings are looked for, which one does not block."""

    x: float
    y: float
    z: float
    cos_axis: float
    sin_axis: float
    reach: float
    skipped: int


class Met(NamedTuple):
    """What each ray of a fan meets first, in the fan's order.

    Parameters
    ----------
    near : shape (n, 2); the inverse of the level distance, 0 where nothing is met: of what is solid, and of trees and hoardings.
    surface : shape (n, 4); face and number of the building, -1 for none, of what is solid, then of trees and hoardings.
    """

    near: FloatArray
    surface: Ints


class Wall(NamedTuple):
    """A wall in the lens's frame: its right and left end as seen from the lens, its line A x + B y = 1, top and base as drops."""

    right_x: float
    right_y: float
    left_x: float
    left_y: float
    a: float
    b: float
    top: float
    base: float


@inner
def _meet_run(
    first: int, last: int, wall: Wall, low: float, high: float, face: int, building: int, k: int, fan: Fan, met: Met
) -> None:
    """Let the rays of some bins of bearings end at a wall where they meet it before anything else."""
    for b in range(first, last + 1):
        w0 = max(wall.a * fan.border[b, 0] + wall.b * fan.border[b, 1], low)
        w1 = max(wall.a * fan.border[b + 1, 0] + wall.b * fan.border[b + 1, 1], low)
        far, near = min(w0, w1) * (1.0 - SPARE), min(max(w0, w1), high) * (1.0 + SPARE)
        upper = min(wall.top * far, wall.top * near)
        lower = max(wall.base * far, wall.base * near)
        d0 = bin_in(dip_of(upper), fan.extent[2], fan.extent[3], fan.dips)
        d1 = bin_in(dip_of(lower), fan.extent[2], fan.extent[3], fan.dips)
        for i in range(fan.start[b * fan.dips + d0], fan.start[b * fan.dips + d1 + 1]):
            ux, uy, slope = fan.ray[i, 0], fan.ray[i, 1], fan.ray[i, 2]
            w = wall.a * ux + wall.b * uy
            if w <= met.near[i, k] or slope < wall.top * w or slope > wall.base * w:
                continue
            if wall.right_x * uy - wall.right_y * ux >= 0.0 and ux * wall.left_y - uy * wall.left_x > 0.0:
                met.near[i, k], met.surface[i, 2 * k], met.surface[i, 2 * k + 1] = w, face, building


@inner
def _meet_wall(
    px: float, py: float, qx: float, qy: float, top: float, base: float, face: int, building: int, k: int, fan: Fan, met: Met
) -> None:
    """Let rays end at the wall from p to q where it shows its front, which is on the right of its way."""
    c = px * qy - py * qx
    if c > -EDGE_ON:
        return
    wall = Wall(qx, qy, px, py, (qy - py) / c, (px - qx) / c, top, base)
    far = math.sqrt(max(px * px + py * py, qx * qx + qy * qy))
    right, left = diamond(qx, qy), diamond(px, py)
    if right <= left:
        _meet_between(right, left, wall, 1.0 / far, STEEPEST, face, building, k, fan, met)
    else:
        _meet_between(right, SEAM, wall, 1.0 / far, STEEPEST, face, building, k, fan, met)
        _meet_between(-SEAM, left, wall, 1.0 / far, STEEPEST, face, building, k, fan, met)


@inner
def _meet_between(
    right: float, left: float, wall: Wall, low: float, high: float, face: int, building: int, k: int, fan: Fan, met: Met
) -> None:
    """Let the rays between two diamond angles end at a wall."""
    first, last = (right - fan.extent[0]) * fan.extent[1], (left - fan.extent[0]) * fan.extent[1]
    if last < -1e-6 or first > fan.bearings + 1e-6:
        return
    one, other = min(max(int(first), 0), fan.bearings - 1), min(max(int(last), 0), fan.bearings - 1)
    _meet_run(one, other, wall, low, high, face, building, k, fan, met)


@inner
def _holds(x: float, y: float, k: int, town: TownIndex, corner: FloatArray) -> bool:
    """Return whether a part's outline, its corners in the lens's frame, holds a point."""
    is_in, offset = False, town.ring_start[town.part_ring[k]]
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring] - offset, town.ring_start[ring + 1] - offset
        px, py = corner[end - 1, 0] - x, corner[end - 1, 1] - y
        for v in range(start, end):
            qx, qy = corner[v, 0] - x, corner[v, 1] - y
            if (py > 0.0) != (qy > 0.0) and (px * qy - py * qx > 0.0) == (qy > py):
                is_in = not is_in
            px, py = qx, qy
    return is_in


@inner
def _meet_flat(
    k: int,
    drop: float,
    face: int,
    right: float,
    left: float,
    near: float,
    far: float,
    town: TownIndex,
    corner: FloatArray,
    layer: int,
    fan: Fan,
    met: Met,
) -> None:
    """Let rays between two diamond angles end at a roof, or at what is above a raised base, ``drop`` below the lens."""
    first = min(max(int((right - fan.extent[0]) * fan.extent[1]), 0), fan.bearings - 1)
    last = min(max(int((left - fan.extent[0]) * fan.extent[1]), 0), fan.bearings - 1)
    one, other = dip_of(drop / far), dip_of(min(max(drop / near, -STEEPEST), STEEPEST))
    d0 = bin_in(min(one, other) - SPARE, fan.extent[2], fan.extent[3], fan.dips)
    d1 = bin_in(max(one, other) + SPARE, fan.extent[2], fan.extent[3], fan.dips)
    for b in range(first, last + 1):
        for i in range(fan.start[b * fan.dips + d0], fan.start[b * fan.dips + d1 + 1]):
            slope = fan.ray[i, 2]
            if slope * drop <= 0.0:
                continue
            w = slope / drop
            if w > met.near[i, layer] and _holds(fan.ray[i, 0] / w, fan.ray[i, 1] / w, k, town, corner):
                met.near[i, layer], met.surface[i, 2 * layer], met.surface[i, 2 * layer + 1] = w, face, town.building[k]


@inner
def _is_beside(x: float, y: float, radius: float, fan: Fan) -> bool:
    """Return whether a circle lies outside the bearings of a fan that is narrower than half a circle."""
    if fan.bearings / fan.extent[1] >= SEAM - 1e-3:
        return False
    last = fan.bearings
    return bool(
        fan.border[0, 0] * y - fan.border[0, 1] * x < -radius or x * fan.border[last, 1] - y * fan.border[last, 0] < -radius
    )


@inner
def _meet_part(k: int, layer: int, eye: Eye, lowest: float, town: TownIndex, corner: FloatArray, fan: Fan, met: Met) -> None:
    """Let rays end at the walls, the roof and the underside of a part."""
    dx, dy, radius = town.part[k, 0] - eye.x, town.part[k, 1] - eye.y, town.part[k, 2]
    x, y = dx * eye.cos_axis + dy * eye.sin_axis, dy * eye.cos_axis - dx * eye.sin_axis
    away = math.sqrt(x * x + y * y)
    if away - radius > eye.reach or _is_beside(x, y, radius, fan):
        return
    base, top = max(town.part[k, 3], lowest), town.part[k, 4]
    offset, right, left, least, most = town.ring_start[town.part_ring[k]], -SEAM, SEAM, 9.0, -9.0
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring], town.ring_start[ring + 1]
        for v in range(start, end):
            dx, dy = town.corner[v, 0] - eye.x, town.corner[v, 1] - eye.y
            qx, qy = dx * eye.cos_axis + dy * eye.sin_axis, dy * eye.cos_axis - dx * eye.sin_axis
            corner[v - offset, 0], corner[v - offset, 1] = qx, qy
            turn = diamond(qx * x + qy * y, qy * x - qx * y)
            if turn < least:
                least, right = turn, diamond(qx, qy)
            if turn > most:
                most, left = turn, diamond(qx, qy)
        px, py = corner[end - 1 - offset, 0], corner[end - 1 - offset, 1]
        for v in range(start, end):
            qx, qy = corner[v - offset, 0], corner[v - offset, 1]
            _meet_wall(px, py, qx, qy, eye.z - top, eye.z - base, v, town.building[k], layer, fan, met)
            px, py = qx, qy
    if base <= eye.z <= top:
        return
    drop, face = eye.z - base, UNDERSIDE
    if eye.z > top:
        drop, face = eye.z - top, ROOF
    if away <= radius * 1.01:
        _meet_flat(k, drop, face, -SEAM, SEAM, 1.0 / STEEPEST, away + radius, town, corner, layer, fan, met)
    elif right <= left:
        _meet_flat(k, drop, face, right, left, away - radius, away + radius, town, corner, layer, fan, met)
    else:
        _meet_flat(k, drop, face, right, SEAM, away - radius, away + radius, town, corner, layer, fan, met)
        _meet_flat(k, drop, face, -SEAM, left, away - radius, away + radius, town, corner, layer, fan, met)


@kernel
def meet_town(
    layer: int, eye: Eye, lowest: float, town: TownIndex, near: Neighbours, corner: FloatArray, fan: Fan, met: Met
) -> None:
    """Let the rays of a fan end at the town, near parts first.

    Parameters
    ----------
    layer : 0 for what is solid, 1 for trees and hoardings.
    lowest : nothing below this height is looked for, since ground hides it.
    corner : shape (m, 2); room for the corners of the part that has most.
    """
    columns, rows = town.size[0], town.size[1]
    column0, row0 = int((eye.x - town.origin[0]) // CELL_M), int((eye.y - town.origin[1]) // CELL_M)
    for o in range(len(near.distance)):
        if near.distance[o] - 1.4143 * CELL_M > eye.reach + town.widest + CELL_M:
            break
        column, row = column0 + near.offset[o, 0], row0 + near.offset[o, 1]
        if column < 0 or row < 0 or column >= columns or row >= rows:
            continue
        cell = row * columns + column
        for k in range(town.cell_start[cell], town.cell_start[cell + 1]):
            if town.building[k] != eye.skipped:
                _meet_part(k, layer, eye, lowest, town, corner, fan, met)


@kernel
def meet_single_walls(eye: Eye, wall: FloatArray, building: int, fan: Fan, met: Met) -> None:
    """Let the rays end at single walls that show both sides, shape (n, 6): x, y, x, y, base, top; faces from -5 downwards."""
    for i in range(len(wall)):
        dx, dy = wall[i, 0] - eye.x, wall[i, 1] - eye.y
        px, py = dx * eye.cos_axis + dy * eye.sin_axis, dy * eye.cos_axis - dx * eye.sin_axis
        dx, dy = wall[i, 2] - eye.x, wall[i, 3] - eye.y
        qx, qy = dx * eye.cos_axis + dy * eye.sin_axis, dy * eye.cos_axis - dx * eye.sin_axis
        top, base = eye.z - wall[i, 5], eye.z - wall[i, 4]
        _meet_wall(px, py, qx, qy, top, base, -5 - i, building, 0, fan, met)
        _meet_wall(qx, qy, px, py, top, base, -5 - i, building, 0, fan, met)


@kernel
def meet_level_ground(height: float, fan: Fan, met: Met) -> None:
    """Let rays end at level ground so far below the lens."""
    for i in range(len(fan.ray)):
        w = fan.ray[i, 2] / height
        if w > met.near[i, 0]:
            met.near[i, 0], met.surface[i, 0], met.surface[i, 1] = w, GROUND, -1


@kernel
def put_in_order(fan: Fan, met: Met, away: FloatArray, surface: Ints) -> None:
    """Write level distances and surfaces in the order of the picture; shapes (n, 2) and (n, 4)."""
    for i in range(len(fan.place)):
        at = fan.place[i]
        away[at, 0], away[at, 1] = 1.0 / met.near[i, 0], 1.0 / met.near[i, 1]
        for k in range(4):
            surface[at, k] = met.surface[i, k]
