"""Count the frontage by height, open ground and doors in view of each sighting, without naming the place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.city.streets import doors_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.grading import CLASSES, Key, ReadWalls, highest, key_of, opens, read_walls, view_numbers
from lhasaplan.core.exposure.seen_walls import RECORDED, SeenWalls
from lhasaplan.core.exposure.sightings import STEP, is_aimed
from lhasaplan.core.model.place import ProtectedWalls
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.seen_surface import SeenSurface
from lhasaplan.core.sight.lens.frustum import ViewColumns, columns_of, density_limits_px_m
from lhasaplan.core.sight.walls.piece_columns import FROM, HIGH0, HIGH1, LOW0, LOW1, TO

# Which protected wall holds each door that the map has, and where along it.

_SLACK_M = 0.01
_CORNER_M = 1.0  # a wall may bend, and a door be drawn past its corner: so far beyond the end of a wall


def doors_on(walls: ProtectedWalls, doors: FloatArray, reach_m: float) -> tuple[IntArray, IntArray, FloatArray]:
    """Return the door, its wall and its metres along it, one wall a door; a door far from every wall has none.

    Parameters
    ----------
    doors : shape (n, 2).   reach_m : how far before or behind the line of its wall a door may be drawn.
    """
    none = np.zeros(0, np.int64)
    if not len(doors) or not len(walls):
        return none, none, np.zeros(0)
    tree = shapely.STRtree(shapely.linestrings(walls.ends_m.reshape(-1, 2, 2)))
    door, wall = tree.query(shapely.points(doors), predicate="dwithin", distance=reach_m + _CORNER_M)
    offset, along = doors[door] - walls.ends_m[wall, :2], walls.direction_of(wall)
    across = np.abs(offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0])
    at = (offset * along).sum(axis=1)
    length = np.hypot(*(walls.ends_m[wall, 2:] - walls.ends_m[wall, :2]).T)
    beyond = np.maximum(np.maximum(-at, at - length), 0.0)
    near = (across <= reach_m + _SLACK_M) & (beyond <= _CORNER_M)
    door, wall, at, off, length = door[near], wall[near], at[near], (across + beyond)[near], length[near]
    order = np.lexsort((wall, off, door))
    first = order[np.unique(door[order], return_index=True)[1]]
    return door[first].astype(np.int64), wall[first].astype(np.int64), np.clip(at, 0.0, length)[first]


LEAST_HEIGHT_M = 0.1
ENDLESS_M = 1e9
DOOR_HALF_M, DOOR_HIGH_M = 0.5, 2.1  # a door is in view where any wall so near to its middle and so low is


@dataclass(frozen=True, eq=False, slots=True)
class _Shown:
    """Things in view on one surface, a row a piece: number of the sighting, the thing, look, metres, densities, distance.

    ``weight`` counts towards the share within the range at night, ``lit`` is what of it lies within: metres of frontage, square
    metres of ground, doors.
    """

    number: IntArray
    camera: IntArray
    look: IntArray
    thing: IntArray
    column: IntArray
    length_m: FloatArray
    weight: FloatArray
    lit: FloatArray
    low_px_m: FloatArray
    high_px_m: FloatArray
    away_m: FloatArray
    hides_people: BoolArray


def with_surfaces(
    sightings: Mapping[Key, Sighting],
    seen: SeenWalls,
    context: AuditContext,
    progress: Progress = no_progress,
    *,
    doors: FloatArray | None = None,
    read: Sequence[ReadWalls] | None = None,
) -> dict[Key, Sighting]:
    """Return the sightings with what of their places is in view, by surface and height band.

    Only places that count in the sighting count here, each in every band of which a tenth of a metre in height is in view.
    Windows are not in map data: a band of frontage says where windows may be.

    Parameters
    ----------
    doors : shape (n, 2); those of the context's layers, where they were looked up before.
    read : the readings of what is seen, where it was read before.
    """
    progress(0.0, STEP)
    at = doors_of(context.project.layers) if doors is None else doors
    known = read_walls(seen, context.thresholds) if read is None else read
    found: dict[Key, list[SeenSurface]] = {}

    def sum_up(some: ReadWalls) -> list[tuple[int, SeenSurface]]:
        return _surfaces_of(some.counted, context, at)

    pieces = in_threads(sum_up, known, lambda share, _: progress(share, STEP))
    for number, surface in (pair for piece in pieces for pair in piece):
        found.setdefault(key_of(number), []).append(surface)
    return {key: replace(each, surfaces=tuple(found.get(key, ()))) for key, each in sightings.items()}


def _surfaces_of(seen: SeenWalls, context: AuditContext, doors: FloatArray) -> list[tuple[int, SeenSurface]]:
    """Return the number of each sighting with a surface that it shows: bands of frontage from below, ground, doors."""
    views = (*context.view_table.views, *context.view_table.level_views)
    columns = columns_of(views) if views else None
    aimed = np.array([is_aimed(view) for view in views], bool)
    if columns is None:
        return []
    hides_people = np.array([place.hides_people for place in seen.walls.places], bool)
    night_m = np.array([_or_nan(each.camera.night_range_m) for each in context.placed], float)
    bands = context.reference_data.policy.bands
    floors = [0.0, *(band.to_m or np.inf for band in bands[:-1])]
    rows: list[tuple[int, SeenSurface]] = []

    def add(shown: _Shown, surface: str, band: str = "") -> None:
        low = np.where(aimed[shown.look], shown.low_px_m, 0.0)  # elsewhere the camera may have none of it in view
        rows.extend(_summed(replace(shown, low_px_m=low), surface, band, night_m))

    for band, low in zip(bands, floors, strict=True):
        add(
            _in_band(seen, columns, hides_people, (low, np.inf if band.to_m is None else band.to_m), night_m),
            "frontage",
            band.name,
        )
    add(_ground(seen, columns, hides_people, night_m), "ground")
    add(_doors(seen, columns, hides_people, doors, context.reference_data.policy.entrance_reach_m, night_m), "entrance")
    return sorted(rows, key=lambda row: row[0])


def _in_band(
    seen: SeenWalls, columns: ViewColumns, hides_people: BoolArray, band_m: tuple[float, float], night_m: FloatArray
) -> _Shown:
    """Return what of the pieces lies between two heights above the ground before their walls, at least 0.1 m of it."""
    low_m, high_m = band_m
    floor_m = -ENDLESS_M if low_m == 0.0 else low_m  # what a slope bares below the ground before the wall is of its lowest band
    seen, low, high = _cut_to_band(seen, floor_m, min(high_m, ENDLESS_M))
    length = seen.length_m
    number, _ = view_numbers(seen)
    least, most, away = _densities(seen, columns, low, np.maximum(high, low))
    place, lit = seen.place, length * _share_within(seen, columns, night_m[seen.camera])
    return _Shown(number, seen.camera, seen.look, place, seen.column, length, length, lit, least, most, away, hides_people[place])


def _cut_to_band(seen: SeenWalls, floor_m: float, ceiling_m: float) -> tuple[SeenWalls, FloatArray, FloatArray]:
    """Return what of the pieces has 0.1 m of height between two heights, and its lower and upper height there at either end.

    Both edges of a piece are straight, so that one end of it at most is cut off by either height.
    """
    ground, figure = seen.walls.ground_m[seen.wall][:, None], seen.figure
    low, high = figure[:, [LOW0, LOW1]], figure[:, [HIGH0, HIGH1]]
    first, last = np.zeros(len(seen)), np.ones(len(seen))
    for spare in (high - (ground + floor_m + LEAST_HEIGHT_M), ground + ceiling_m - LEAST_HEIGHT_M - low):
        at0, at1 = (spare + 1e-9).T
        step = np.where(at0 == at1, 1.0, at0 - at1)
        first = np.maximum(first, np.where(at0 < 0.0, np.where(at1 < 0.0, 1.0, at0 / step), 0.0))
        last = np.minimum(last, np.where(at1 < 0.0, np.where(at0 < 0.0, 0.0, at0 / step), 1.0))
    rows = np.flatnonzero(last > first)
    seen, shares = seen.where(rows), np.column_stack((first, last))[rows]
    low, high, figure = low[rows], high[rows], figure[rows].copy()
    figure[:, [FROM, TO]] = figure[:, [FROM]] + shares * seen.length_m[:, None]
    low, high = (each[:, [0]] + shares * (each[:, [1]] - each[:, [0]]) for each in (low, high))
    ground = ground[rows]
    return replace(seen, figure=figure), np.maximum(low, ground + floor_m), np.minimum(high, ground + ceiling_m)


def _share_within(seen: SeenWalls, columns: ViewColumns, range_m: FloatArray) -> FloatArray:
    """Return which share of each piece lies within a range along the ground, 0 where none is known; shape (N,)."""
    found, known = np.zeros(len(seen)), np.flatnonzero(~np.isnan(range_m))
    if not len(known):
        return found
    seen, range_m = seen.where(known), range_m[known]
    lens_m, ends = _lenses_m(columns, seen.look)[:, :2], seen.ends_m()
    along = ends[:, 1] - ends[:, 0]
    length = np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)
    offset = lens_m - ends[:, 0]
    foot = (offset * along).sum(axis=1) / length
    aside = np.abs(offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0]) / length
    half = np.sqrt(np.maximum(range_m**2 - aside**2, 0.0))
    inside = np.clip(foot + half, 0.0, length) - np.clip(foot - half, 0.0, length)
    found[known] = np.where(range_m >= aside, inside / length, 0.0)
    return found


def _lenses_m(columns: ViewColumns, look: IntArray) -> FloatArray:
    """Return where the lens of each look is, shape (N, 3)."""
    return np.take(np.column_stack((columns.x_m, columns.y_m, columns.lens_z_m)), look, axis=0)


def _densities(
    seen: SeenWalls, columns: ViewColumns, low_m: FloatArray, high_m: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the lowest and highest density of each piece between two heights at either end, and its distance from the lens.

    Of what may be seen by several lenses both are those of the whole piece.
    """
    lens_m, ends = _lenses_m(columns, seen.look), seen.ends_m()
    at = lens_m[:, :2]
    low, top = seen.least_px_m.copy(), seen.best_px_m()
    rows = np.flatnonzero(seen.case == RECORDED)
    known, most = columns.of(seen.look[rows]), []
    for k in (0, 1):
        way = ends[rows, k] - at[rows]
        heights = (low_m[rows, k], high_m[rows, k], np.clip(known.lens_z_m, low_m[rows, k], high_m[rows, k]))
        most += [density_limits_px_m(known, way[:, 0], way[:, 1], known.lens_z_m - z)[1] for z in heights]
    low[rows] = top[rows] = np.maximum.reduce(most)
    along = ends[:, 1] - ends[:, 0]
    share = np.clip(((at - ends[:, 0]) * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-12), 0.0, 1.0)
    level = np.hypot(*(ends[:, 0] + along * share[:, None] - at).T)
    nearest_z = np.clip(lens_m[:, 2], low_m.min(axis=1), high_m.max(axis=1))
    return low, top, np.asarray(np.hypot(level, lens_m[:, 2] - nearest_z), float)


def _ground(seen: SeenWalls, columns: ViewColumns, hides_people: BoolArray, night_m: FloatArray) -> _Shown:
    """Return the open ground in view."""
    ground = seen.ground
    _, number = view_numbers(seen)
    lens, range_m = columns.of(ground.look), np.nan_to_num(night_m[ground.camera])
    area, none, low = np.asarray(shapely.area(ground.shape), float), np.zeros(len(ground)), ground.density_px_m
    discs = shapely.buffer(shapely.points(lens.x_m, lens.y_m), range_m, quad_segs=32)
    lit = np.asarray(shapely.area(shapely.intersection(ground.shape, discs)), float)
    rows, away = np.arange(len(ground)), np.hypot(ground.nearest_m, ground.drop_m)
    return _Shown(
        number,
        ground.camera,
        ground.look,
        ground.place,
        rows,
        none,
        area,
        lit,
        low,
        low,
        away,
        hides_people[ground.place],
    )


def _doors(  # noqa: PLR0917 - who sees, which doors, how near to a wall, how far at night
    seen: SeenWalls, columns: ViewColumns, hides_people: BoolArray, doors: FloatArray, reach_m: float, night_m: FloatArray
) -> _Shown:
    """Return the doors in view: a row for each piece that shows any of the wall about a door, a door's height up."""
    door, wall, along = doors_on(seen.walls, doors, reach_m)
    order = np.argsort(wall, kind="stable")
    first, last = (np.searchsorted(wall[order], seen.wall, side=side) for side in ("left", "right"))
    count = last - first
    row = np.repeat(np.arange(len(seen)), count)
    which = order[np.repeat(first - np.cumsum(count) + count, count) + np.arange(len(row))]
    top = seen.walls.ground_m[seen.wall[row]] + DOOR_HIGH_M - LEAST_HEIGHT_M
    is_low = seen.figure[row][:, [LOW0, LOW1]].min(axis=1) <= top
    beside = (seen.figure[row, FROM] <= along[which] + DOOR_HALF_M) & (seen.figure[row, TO] >= along[which] - DOOR_HALF_M)
    keep = np.flatnonzero(is_low & beside)
    row, which, some = row[keep], which[keep], seen.where(row[keep])
    low = some.figure[:, [LOW0, LOW1]]
    high = np.minimum(some.figure[:, [HIGH0, HIGH1]], top[keep][:, None] + LEAST_HEIGHT_M)
    number, _ = view_numbers(some)
    least, most, away = _densities(some, columns, low, np.maximum(high, low))
    none, one = np.zeros(len(row)), np.ones(len(row))
    lit = (_share_within(some, columns, night_m[some.camera]) > 0.0).astype(float)
    return _Shown(
        number, some.camera, some.look, door[which], some.column, none, one, lit, least, most, away, hides_people[some.place]
    )


def _summed(shown: _Shown, surface: str, band: str, night_m: FloatArray) -> list[tuple[int, SeenSurface]]:
    """Return each sighting's sum over one surface."""
    number, group = np.unique(shown.number, return_inverse=True)
    count = len(number)
    if not count:
        return []
    kinds = int(shown.thing.max()) + 1
    things = np.bincount(np.unique(group * kinds + shown.thing) // kinds, minlength=count)
    metres = _longest(shown, group, count)
    low = np.full(count, np.inf)
    np.minimum.at(low, group, shown.low_px_m)
    high = highest(group, shown.high_px_m, count)
    is_recorded = number % 2 == 0
    low = np.where(is_recorded, high, low)
    away = np.full(count, np.inf)
    np.minimum.at(away, group, np.where(shown.hides_people, np.inf, shown.away_m))
    weight = np.bincount(group, shown.weight, minlength=count)
    night = night_m[number // (2 * len(CLASSES))]
    lit = np.bincount(group, shown.lit, minlength=count)
    share = np.where(np.isnan(night), np.nan, lit / np.maximum(weight, 1e-12))
    columns = (number, things, metres, low, high, away, share)
    return [
        (n, SeenSurface(surface, band, c, m, (a, b), _known(near), _known(part)))
        for n, c, m, a, b, near, part in zip(*(each.tolist() for each in columns), strict=True)
    ]


def _longest(shown: _Shown, group: IntArray, count: int) -> FloatArray:
    """Return the metres of each group in the look that shows most; pieces above each other count once."""
    order = np.lexsort((shown.column, shown.look, group))
    its, look, length = group[order], shown.look[order], shown.length_m[order]
    first = np.flatnonzero(opens(its, look, shown.column[order]))
    stretch = np.maximum.reduceat(length, first)
    by_look = np.flatnonzero(opens(its[first], look[first]))
    most = np.zeros(count)
    np.maximum.at(most, its[first][by_look], np.add.reduceat(stretch, by_look))
    return most


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None
