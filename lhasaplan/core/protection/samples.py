"""Sample the frontage of protected places by storey and their open ground by a grid, where cameras reach."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.sample_grid import grid_points
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.protected_place import ProtectedPlace, ProtectedSamples
from lhasaplan.core.site.terrain import Terrain

STEP = "protected"
FRONTAGE_STEP_M = 2.0
CORNER_DEG = 10.0  # a wall that bends by less goes on: drawn curves bend in such steps
EYE_M = 1.5
STOREY_M = 3.0
OUTWARD_M = 0.05  # in front of the wall, so that the wall itself does not hide it
GROUND_STEP_M = 4.0
STRETCHES_A_BATCH = 16_384  # their samples fit into the cache of one core
UNITS_A_METRE = 2.0**32  # along walls: finer than any coordinate of a city, and room for two million kilometres of them
LOWEST_WALL_M = 0.2  # what is left of a facade that the slope buries has one sample, just above the ground


@dataclass(frozen=True, eq=False, slots=True)
class _Stretches:
    """Stretches of frontage: middle (n, 2), unit vector along the wall (n, 2), length, place, building, base and top."""

    xy_m: FloatArray
    direction: FloatArray
    length_m: FloatArray
    place: IntArray
    building: IntArray
    base_m: FloatArray
    top_m: FloatArray


def sample_protected(
    places: Sequence[ProtectedPlace],
    near: BaseGeometry | None = None,
    terrain: Terrain | None = None,
    buildings: Buildings | None = None,
    progress: Progress = no_progress,
) -> ProtectedSamples:
    """Return points on the frontage and open ground of protected places.

    Frontage: stretches of at most 2 m along every outline, courtyards included, 0.05 m before the wall, at 1.5 m and every
    storey of 3 m below the top. Terrain: a 4 m grid at 1.5 m outside footprints; a ground smaller than that has one point.

    Parameters
    ----------
    near : only samples inside are made, None for all; the union of what cameras reach.
    terrain : the ground that heights count from; level if not given. A facade is sampled from the ground before it.
    buildings : what the places' building numbers mean, with heights above their ground; needed with terrain.
    """
    places = tuple(places)
    if near is not None:
        shapely.prepare(near)
    stretches = _stretches(places, near)
    progress(0.3, STEP)
    stretches = _near(stretches, near, lambda share, _: progress(0.3 + 0.2 * share, STEP))
    if terrain is not None and not terrain.is_level and buildings is not None:
        stretches = _on_terrain(stretches, terrain, buildings)
    rise = np.maximum(stretches.top_m - stretches.base_m, LOWEST_WALL_M)
    storeys = np.maximum(1, np.ceil((rise - EYE_M) / STOREY_M - 1e-9)).astype(np.int64)
    low = stretches.base_m + np.where(rise > EYE_M, EYE_M, rise / 2)
    progress(0.5, STEP)
    ground_xy, ground_place = _ground(places, near)
    ground_xyz = np.column_stack([ground_xy, np.full(len(ground_xy), EYE_M)])
    ground_xyz = ground_xyz if terrain is None else terrain.lifted(ground_xyz)
    progress(0.6, STEP)
    samples = _room_for(places, int(storeys.sum()), ground_xyz, ground_place, len(storeys))
    _stack(samples, stretches, storeys, low, lambda share, _: progress(0.6 + 0.4 * share, STEP))
    return samples


def _room_for(
    places: tuple[ProtectedPlace, ...], fronts: int, ground_xyz: FloatArray, ground_place: IntArray, columns: int
) -> ProtectedSamples:
    """Return samples with room for so many on frontage, and those of open ground behind them."""
    count = fronts + len(ground_xyz)
    place, xyz_m, column, building = (
        np.empty(count, np.int64),
        np.empty((count, 3)),
        np.empty(count, np.int64),
        np.empty(count, np.int64),
    )
    length_m, direction = np.empty(count), np.empty((count, 2))
    place[fronts:], xyz_m[fronts:], building[fronts:] = ground_place, ground_xyz, -1
    length_m[fronts:], direction[fronts:] = 0.0, 0.0
    column[fronts:] = columns + np.arange(len(ground_xyz))
    return ProtectedSamples(places, place, xyz_m, length_m, column, building, direction)


def _stack(into: ProtectedSamples, stretches: _Stretches, storeys: IntArray, low_m: FloatArray, progress: Progress) -> None:
    """Write the samples of each stretch above each other, the lowest first; some stretches at a time, in threads."""
    start = np.concatenate([[0], np.cumsum(storeys)])

    def write(first: int) -> None:
        last = min(first + STRETCHES_A_BATCH, len(storeys))
        rows, owner = slice(start[first], start[last]), np.repeat(np.arange(first, last), storeys[first:last])
        into.column[rows] = owner
        into.xyz_m[rows, :2] = np.take(stretches.xy_m, owner, axis=0)
        into.xyz_m[rows, 2] = np.take(low_m, owner) + STOREY_M * (np.arange(rows.start, rows.stop) - np.take(start, owner))
        for name in ("place", "length_m", "building", "direction"):
            np.take(
                getattr(stretches, name), owner, axis=0, out=getattr(into, name)[rows], mode="clip"
            )  # unclipped, numpy fills a copy first

    in_threads(write, range(0, len(storeys), STRETCHES_A_BATCH), progress)


def _on_terrain(stretches: _Stretches, terrain: Terrain, buildings: Buildings) -> _Stretches:
    """Return the stretches from the ground before them to the roof, which is flat; all above the datum."""
    before = terrain.heights_m(stretches.xy_m[:, 0], stretches.xy_m[:, 1])
    has_house, stands = stretches.building >= 0, before.copy()
    number, which = np.unique(stretches.building[has_house], return_inverse=True)
    stands[has_house] = terrain.ground_under(buildings.polygons[number])[which]
    base = np.where(stretches.base_m > 0.0, stands + stretches.base_m, before)
    base, top = np.maximum(base, before), stands + stretches.top_m
    # What a coarse slope buries or lifts may be in view all the same: these have every storey that they have on level ground.
    guessed = terrain.is_coarse(stretches.xy_m[:, 0], stretches.xy_m[:, 1])
    base = np.where(guessed, before + stretches.base_m, base)
    return replace(stretches, base_m=base, top_m=np.where(guessed, np.maximum(top, before + stretches.top_m), top))


def _stretches(places: tuple[ProtectedPlace, ...], near: BaseGeometry | None) -> _Stretches:
    """Return all stretches of the places whose frontage comes near; none turns a corner."""
    lines, place, building, heights = _lines(places, near)
    coordinates, line = shapely.get_coordinates(shapely.remove_repeated_points(lines), return_index=True)
    step = np.diff(coordinates, axis=0, prepend=coordinates[:1])
    step[np.diff(line, prepend=-1) != 0] = 0.0
    run = np.hypot(step[:, 0], step[:, 1])
    along = np.cumsum(_units(run))
    first, last = _walls(line, step)
    total = (along[last] - along[first]) / UNITS_A_METRE
    pieces = np.maximum(1, np.ceil(total / FRONTAGE_STEP_M - 1e-9)).astype(np.int64)
    owner = np.repeat(np.arange(len(first)), pieces)
    length = total[owner] / pieces[owner]
    number = np.arange(len(owner)) - np.repeat(np.cumsum(pieces) - pieces, pieces)
    at = along[first[owner]] + _units((number + 0.5) * length)
    end = np.clip(np.searchsorted(along, at), 1, len(along) - 1) if len(owner) else np.empty(0, np.int64)
    direction = step[end] / np.maximum(run[end], 1e-12)[:, None]
    xy = coordinates[end] - direction * ((along[end] - at) / UNITS_A_METRE)[:, None]
    outward = np.column_stack([direction[:, 1], -direction[:, 0]])  # the building is on the left
    of_line = line[first[owner]]
    low, high = heights[of_line].T
    return _Stretches(xy + OUTWARD_M * outward, direction, length, place[of_line], building[of_line], low, high)


def _units(length_m: FloatArray) -> IntArray:
    """Return lengths in whole units, whose sums are exact: a wall has the same samples whatever walls stand before it."""
    return np.ceil(length_m * UNITS_A_METRE).astype(np.int64)


def _walls(line: IntArray, step: FloatArray) -> tuple[IntArray, IntArray]:
    """Return the first and last corner of each wall: a run of a line's edges that nowhere turns by more than CORNER_DEG.

    A stretch around a corner would be credited with a wall that looks another way, whole or not at all.

    Parameters
    ----------
    line : shape (n,); the line that each corner belongs to.
    step : shape (n, 2); from the corner before, zero at the first of a line.
    """
    here, then = step[:-1], step[1:]
    across, ahead = here[:, 0] * then[:, 1] - here[:, 1] * then[:, 0], (here * then).sum(axis=1)
    joins, inner = line[1:] == line[:-1], np.concatenate([[False], line[1:] == line[:-1]])[:-1]
    turns = np.abs(np.arctan2(across, ahead)) > np.radians(CORNER_DEG)
    opens = np.flatnonzero(joins & (turns | ~inner)) if len(line) else np.zeros(0, np.int64)
    ends = np.flatnonzero(joins & np.concatenate([turns[1:] | ~joins[1:], [True]])) + 1 if len(line) else opens
    return opens, ends


def _lines(places: tuple[ProtectedPlace, ...], near: BaseGeometry | None) -> tuple[np.ndarray, IntArray, IntArray, FloatArray]:
    """Return every frontage line with its place, building and (base, top)."""
    # One by one: numpy would ask each geometry first whether it is an array.
    whole = np.fromiter((place.frontage for place in places), object, len(places))
    wanted = np.flatnonzero(~shapely.is_missing(whole)) if near is None else np.flatnonzero(shapely.intersects(near, whole))
    lines, owner = shapely.get_parts(whole[wanted], return_index=True)
    place = wanted[owner]
    some = [places[p] for p in wanted.tolist()]
    counts = shapely.get_num_geometries(whole[wanted]).tolist()
    heights = [pair for its, count in zip(some, counts, strict=True) for pair in _heights(its, count)]
    building = [b for its, count in zip(some, counts, strict=True) for b in _buildings(its, count)]
    return lines, place.astype(np.int64), np.array(building, np.int64), np.array(heights, float).reshape(-1, 2)


def _heights(place: ProtectedPlace, lines: int) -> tuple[tuple[float, float], ...]:
    return place.frontage_heights_m if len(place.frontage_heights_m) == lines else ((0.0, place.top_m),) * lines


def _buildings(place: ProtectedPlace, lines: int) -> tuple[int, ...]:
    return place.frontage_buildings if len(place.frontage_buildings) == lines else (place.building,) * lines


def _near(stretches: _Stretches, near: BaseGeometry | None, progress: Progress) -> _Stretches:
    if near is None:
        return stretches
    pieces = [stretches.xy_m[low : low + STRETCHES_A_BATCH] for low in range(0, len(stretches.xy_m), STRETCHES_A_BATCH)]
    inside = in_threads(lambda xy: shapely.intersects_xy(near, xy[:, 0], xy[:, 1]), pieces, progress)
    keep = np.concatenate(inside) if inside else np.zeros(0, bool)
    return _Stretches(
        stretches.xy_m[keep],
        stretches.direction[keep],
        stretches.length_m[keep],
        stretches.place[keep],
        stretches.building[keep],
        stretches.base_m[keep],
        stretches.top_m[keep],
    )


def _ground(places: tuple[ProtectedPlace, ...], near: BaseGeometry | None) -> tuple[FloatArray, IntArray]:
    """Return ground samples (n, 2) and their places."""
    points, place = [np.empty((0, 2))], [np.empty(0, np.int64)]
    for number, ground in ((number, its.open_ground) for number, its in enumerate(places)):
        if ground is not None and (near is None or shapely.intersects(near, ground)):
            found = grid_points(ground, GROUND_STEP_M)
            found = found if near is None else found[shapely.intersects_xy(near, found[:, 0], found[:, 1])]
            points.append(found)
            place.append(np.full(len(found), number))
    return np.concatenate(points), np.concatenate(place)
