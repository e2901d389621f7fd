"""What is in view of each sighting, without naming the place: frontage by height, open ground, doors, where it is sharpest."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.progress import Progress, in_threads, no_progress
from lhasaplan.core.city.streets import doors_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.grading import (
    CLASSES,
    Key,
    Readings,
    ReadWalls,
    floor_px_m,
    grade_of,
    group_numbers,
    highest,
    key_of,
    read_walls,
    view_numbers,
)
from lhasaplan.core.exposure.seen_walls import RECORDED, SeenWalls
from lhasaplan.core.exposure.sightings import STEP, is_aimed
from lhasaplan.core.model.place import ProtectedWalls
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import SeenSurface, Severity, SharpestSurface, SightingBasis
from lhasaplan.core.rules.audit_policy import HeightBand
from lhasaplan.core.sight.lens.frustum import columns_of, lens_sets
from lhasaplan.core.sight.walls.piece_columns import (
    AWAY,
    BEST0,
    BEST1,
    FROM,
    HIGH0,
    HIGH1,
    HIGH_PX,
    LEAST_HEIGHT_M,
    LIT,
    LOOK,
    LOW0,
    LOW1,
    LOW_PX,
    METRES,
    SUM_COLUMNS,
    THINGS,
    TO,
    WEIGHT,
    Looks,
    SeenLines,
    SeenRows,
    measure_between,
    sum_bands,
)

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
    offset, along = doors[door] - walls.ends_m[wall, :2], walls.along[wall]
    across = np.abs(offset[:, 0] * along[:, 1] - offset[:, 1] * along[:, 0])
    at = (offset * along).sum(axis=1)
    length = np.hypot(*(walls.ends_m[wall, 2:] - walls.ends_m[wall, :2]).T)
    beyond = np.maximum(np.maximum(-at, at - length), 0.0)
    near = (across <= reach_m + _SLACK_M) & (beyond <= _CORNER_M)
    door, wall, at, off, length = door[near], wall[near], at[near], (across + beyond)[near], length[near]
    order = np.lexsort((wall, off, door))
    first = order[np.unique(door[order], return_index=True)[1]]
    return door[first].astype(np.int64), wall[first].astype(np.int64), np.clip(at, 0.0, length)[first]


ENDLESS_M = 1e9
DOOR_HALF_M, DOOR_HIGH_M = 0.5, 2.1  # a door is in view where any wall so near to its middle and so low is
DoorsOnWalls = tuple[IntArray, IntArray, FloatArray]  # as of ``doors_on``, in order of walls


@dataclass(frozen=True, eq=False, slots=True)
class _SurfaceQuestion:
    """What all pieces are asked with: walls and looks by number, heights, doors, the range of each camera at night."""

    lines: SeenLines
    looks: Looks
    bands: tuple[HeightBand, ...]
    doors: DoorsOnWalls
    night_m: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class _Shown:
    """Ground or doors in view, a row a piece: number of the sighting, the thing, look, densities, distance.

    ``weight`` counts towards the share within the range at night, ``lit`` is what of it lies within: square metres, or doors.
    """

    number: IntArray
    look: IntArray
    thing: IntArray
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
    asked = _asked(context, seen.walls, doors_of(context.project.layers) if doors is None else doors)
    if asked is None:
        return dict(sightings)
    known = read_walls(seen, context.thresholds) if read is None else read
    found: dict[Key, list[SeenSurface]] = {}

    pieces = in_threads(lambda some: _surfaces_of(some.counted, asked), known, lambda share, _: progress(share, STEP))
    for number, surface in (pair for piece in pieces for pair in piece):
        found.setdefault(key_of(number), []).append(surface)
    return {key: replace_kept(each, surfaces=tuple(found.get(key, ()))) for key, each in sightings.items()}


def _asked(context: AuditContext, walls: ProtectedWalls, doors: FloatArray) -> _SurfaceQuestion | None:
    """Return what pieces are asked with; None without any view."""
    views = (*context.view_table.views, *context.view_table.level_views)
    if not views:
        return None
    columns, policy = columns_of(views), context.reference_data.policy
    hides_people = walls.hide_people[walls.place]
    lines = walls.lines_of(np.arange(len(walls)))
    door, wall, along = doors_on(walls, doors, policy.entrance_reach_m)
    order = np.argsort(wall, kind="stable")
    return _SurfaceQuestion(
        SeenLines(*lines, walls.ground_m, walls.place, walls.class_numbers[walls.place], hides_people),
        Looks(
            lens_sets(columns),
            np.column_stack((columns.x_m, columns.y_m, columns.lens_z_m)),
            np.array([is_aimed(view) for view in views], bool),
        ),
        policy.bands,
        (door[order], wall[order], along[order]),
        np.array([np.nan if each.camera.night_range_m is None else each.camera.night_range_m for each in context.placed], float),
    )


def _surfaces_of(seen: SeenWalls, asked: _SurfaceQuestion) -> list[tuple[int, SeenSurface]]:
    """Return the number of each sighting with a surface that it shows: bands of frontage from below, ground, doors."""
    rows = _in_bands(seen, asked)
    for shown, surface in ((_ground(seen, asked), "ground"), (_doors(seen, asked), "entrance")):
        low = np.where(asked.looks.is_aimed[shown.look], shown.low_px_m, 0.0)  # elsewhere the camera may have none of it in view
        rows.extend(_summed(replace(shown, low_px_m=low), surface, asked.night_m))
    return sorted(rows, key=lambda row: row[0])


def _in_bands(seen: SeenWalls, asked: _SurfaceQuestion) -> list[tuple[int, SeenSurface]]:
    """Return what each sighting shows between two heights above the ground before walls, at least 0.1 m of it, band by band."""
    if not len(seen):
        return []
    bands, kinds = asked.bands, len(CLASSES)
    # What a slope bares below the ground before the wall is of its lowest band.
    floor_m = np.array([-ENDLESS_M, *(band.to_m or ENDLESS_M for band in bands[:-1])])
    ceiling_m = np.array([ENDLESS_M if band.to_m is None else band.to_m for band in bands])
    first, last = int(seen.camera.min()) * kinds * 2, int(seen.camera.max() + 1) * kinds * 2
    sums = np.zeros((len(bands), last - first, SUM_COLUMNS))
    sums[:, :, [LOW_PX, AWAY]], sums[:, :, LOOK] = np.inf, -1.0
    counted = np.full((len(bands), len(seen.walls.places)), -1)
    sum_bands(floor_m, ceiling_m, asked.night_m, kinds, first, _rows_of(seen), asked.lines, asked.looks, counted, sums)
    return [row for band, each in zip(bands, sums, strict=True) for row in _of_band(band.name, each, first, asked.night_m)]


def _of_band(band: str, sums: FloatArray, first: int, night_m: FloatArray) -> list[tuple[int, SeenSurface]]:
    """Return what each sighting shows of one band of frontage."""
    found = np.flatnonzero(sums[:, THINGS])
    columns = (sums[found, k] for k in (THINGS, METRES, LOW_PX, HIGH_PX, AWAY, WEIGHT, LIT))
    return _reported(found + first, columns, "frontage", band, night_m)


def _rows_of(seen: SeenWalls) -> SeenRows:
    return SeenRows(seen.camera, seen.case != RECORDED, seen.look, seen.wall, seen.column, seen.figure, seen.least_px_m)


def _ground(seen: SeenWalls, asked: _SurfaceQuestion) -> _Shown:
    """Return the open ground in view."""
    ground = seen.ground
    _, number = view_numbers(seen)
    area, low = np.asarray(shapely.area(ground.shape), float), ground.density_px_m
    discs = shapely.buffer(
        shapely.points(asked.looks.lens_m[ground.look, :2]), np.nan_to_num(asked.night_m[ground.camera]), quad_segs=32
    )
    lit = np.asarray(shapely.area(shapely.intersection(ground.shape, discs)), float)
    away = np.hypot(ground.nearest_m, ground.drop_m)
    hides_people = seen.walls.hide_people[ground.place]
    return _Shown(number, ground.look, ground.place, area, lit, low, low, away, hides_people)


def _doors(seen: SeenWalls, asked: _SurfaceQuestion) -> _Shown:
    """Return the doors in view: a row for each piece that shows any of the wall about a door, a door's height up."""
    door, wall, along = asked.doors
    first, last = (np.searchsorted(wall, seen.wall, side=side) for side in ("left", "right"))
    count = last - first
    row = np.repeat(np.arange(len(seen)), count)
    which = np.repeat(first - np.cumsum(count) + count, count) + np.arange(len(row))
    top = seen.walls.ground_m[seen.wall[row]] + DOOR_HIGH_M - LEAST_HEIGHT_M
    is_low = seen.figure[row][:, [LOW0, LOW1]].min(axis=1) <= top
    beside = (seen.figure[row, FROM] <= along[which] + DOOR_HALF_M) & (seen.figure[row, TO] >= along[which] - DOOR_HALF_M)
    keep = np.flatnonzero(is_low & beside)
    row, which, some = row[keep], which[keep], seen.where(row[keep])
    low = np.column_stack((some.figure[:, LOW0], some.figure[:, LOW1]))
    high = np.minimum(np.column_stack((some.figure[:, HIGH0], some.figure[:, HIGH1])), top[keep][:, None] + LEAST_HEIGHT_M)
    number, _ = view_numbers(some)
    found = np.empty((len(row), 4))
    measure_between(low, np.maximum(high, low), asked.night_m, _rows_of(some), asked.lines, asked.looks, found)
    least, most, away, share = found.T
    is_lit = (share > 0.0).astype(float)
    hides_people = asked.lines.hides_people[some.wall]
    return _Shown(number, some.look, door[which], np.ones(len(row)), is_lit, least, most, away, hides_people)


def _summed(shown: _Shown, surface: str, night_m: FloatArray) -> list[tuple[int, SeenSurface]]:
    """Return each sighting's sum over ground or doors."""
    number, group = np.unique(shown.number, return_inverse=True)
    count = len(number)
    if not count:
        return []
    kinds = int(shown.thing.max()) + 1
    things = np.bincount(np.unique(group * kinds + shown.thing) // kinds, minlength=count)
    low, away = np.full(count, np.inf), np.full(count, np.inf)
    np.minimum.at(low, group, shown.low_px_m)
    np.minimum.at(away, group, np.where(shown.hides_people, np.inf, shown.away_m))
    weight, lit = (np.bincount(group, each, minlength=count) for each in (shown.weight, shown.lit))
    high = highest(group, shown.high_px_m, count)
    return _reported(number, (things, np.zeros(count), low, high, away, weight, lit), surface, "", night_m)


def _reported(
    number: IntArray, sums: Iterable[FloatArray | IntArray], surface: str, band: str, night_m: FloatArray
) -> list[tuple[int, SeenSurface]]:
    """Return sums as surfaces; of a recorded view the lowest density is the highest."""
    things, metres, low, high, away, weight, lit = sums
    low = np.where(number % 2 == 0, high, low)
    night = night_m[number // (2 * len(CLASSES))]
    share = np.where(np.isnan(night), np.nan, lit / np.maximum(weight, 1e-12))
    columns = (number, things, metres, low, high, away, share)
    return [
        (n, SeenSurface(surface, band, int(c), m, (a, b), _known(near), _known(part)))
        for n, c, m, a, b, near, part in zip(*(each.tolist() for each in columns), strict=True)
    ]


def _known(value: float) -> float | None:
    return value if np.isfinite(value) else None


# From so far a view is told as; for telling only, our policy.
DISTANCE_CLASSES_M = (10.0, 25.0, 50.0, 100.0, 200.0)
OCTANTS = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


def with_sharpest(
    sightings: Mapping[Key, Sighting], seen: SeenWalls, context: AuditContext, read: Sequence[ReadWalls] | None = None
) -> dict[Key, Sighting]:
    """Return the sightings with where each is sharpest on either surface; ``read`` as in :func:`sightings_of`."""
    found: dict[Key, list[SharpestSurface]] = {}
    for some in read_walls(seen, context.thresholds) if read is None else read:
        for key, surface in _sharpest(some, sightings, context):
            found.setdefault(key, []).append(surface)
    return {key: _with_surfaces(each, found.get(key, [])) for key, each in sightings.items()}


def _with_surfaces(sighting: Sighting, surfaces: Sequence[SharpestSurface]) -> Sighting:
    """Return the sighting with its surfaces, the sharpest first; where people hide none says where it is."""
    order = sorted(surfaces, key=lambda each: -each.density_px_m[1])
    if any(each.distance_m is None for each in order):
        order = [replace(each, distance_m=None, side="") for each in order]
    return replace_kept(sighting, sharpest=tuple(order))


def _sharpest(read: ReadWalls, sightings: Mapping[Key, Sighting], context: AuditContext) -> Iterator[tuple[Key, SharpestSurface]]:
    """Give each surface of the sightings of some cameras with its key."""
    limits, seen = context.thresholds, read.seen
    numbers, tops = _tops(read.readings, seen)
    at, are_low = _spots(seen, tops, context)
    away_m, octants = _where(at, tops.camera, context)
    hides_people = seen.walls.hide_people[tops.place]
    columns = (numbers, tops.is_ground, tops.density_px_m, are_low, hides_people, away_m, octants)
    for number, is_ground, high, is_low, hides, distance, side in zip(*(each.tolist() for each in columns), strict=True):
        key = key_of(number)
        if key not in sightings:
            continue
        # Frontage counts from where the grade of this surface begins; assumed ones are notes.
        grade = grade_of(high, limits, key[1]) if key[2] == SightingBasis.RECORDED else Severity.NOTE
        floor = floor_px_m(grade, limits)
        yield (
            key,
            SharpestSurface(
                "ground" if is_ground else "ground_floor" if is_low else "upper_floors",
                (high if key[2] == SightingBasis.RECORDED else min(sightings[key].density_px_m[0], high), high),
                0.0 if is_ground else sightings[key].frontage_m,
                limits.error_px_m if grade is Severity.ERROR else limits.due_px_m if grade is Severity.DUE else floor,
                None if hides else distance_class(distance),
                "" if hides else OCTANTS[side],
            ),
        )


def _tops(readings: Readings, seen: SeenWalls) -> tuple[IntArray, Readings]:
    """Return the sharpest reading of each sighting and surface, with the number of the sighting."""
    cls = seen.walls.class_numbers
    number = group_numbers(readings.camera, cls[readings.place], readings.case)
    order = np.lexsort((-readings.density_px_m, readings.is_ground, number))
    keys = (number * 2 + readings.is_ground)[order]
    first: IntArray = order[np.flatnonzero(np.diff(keys, prepend=-1))]
    return number[first], readings.where(first)


def _spots(seen: SeenWalls, tops: Readings, context: AuditContext) -> tuple[FloatArray, BoolArray]:
    """Return where each reading is sharpest, shape (n, 3), and whether that is no higher than the lowest band."""
    at, are_low = np.empty((len(tops.row), 3)), tops.is_ground.copy()
    for k in np.flatnonzero(tops.is_ground).tolist():
        camera, ground = context.placed[int(tops.camera[k])].views[0], seen.ground.shape[tops.row[k]]
        nearest = shapely.shortest_line(shapely.Point(camera.x_m, camera.y_m), ground)
        at[k] = *shapely.get_coordinates(nearest)[-1], camera.lens_z_m
    front = np.flatnonzero(~tops.is_ground)
    row = tops.row[front]
    figure, wall = seen.figure[row], seen.wall[row]
    end = (figure[:, BEST1] > figure[:, BEST0]).astype(np.int64)
    looks_down = np.array([context.placed[c].views[0].tilt_deg > 0.0 for c in tops.camera[front].tolist()], bool)
    which = np.arange(len(row))
    z = np.where(looks_down, figure[which, HIGH0 + end], figure[which, LOW0 + end])  # who looks down is sharpest high on a wall
    start, along = seen.walls.lines_of(wall)
    at[front, :2], at[front, 2] = start + along * figure[which, FROM + end][:, None], z
    lowest = context.reference_data.policy.bands[0].to_m
    are_low[front] = lowest is None or z - 0.1 <= seen.walls.ground_m[wall] + lowest
    return at, are_low


def _where(at: FloatArray, camera: IntArray, context: AuditContext) -> tuple[FloatArray, IntArray]:
    """Return the distance of spots from the lenses of cameras, and the number of the octant from true north."""
    views = [context.placed[c].views[0] for c in camera.tolist()]
    offset = at - np.array([(view.x_m, view.y_m, view.lens_z_m) for view in views]).reshape(-1, 3)
    bearing = np.degrees(np.arctan2(offset[:, 0], offset[:, 1])) + np.asarray(context.view_table.convergence_deg)[camera]
    return np.sqrt((offset**2).sum(axis=1)), np.round(bearing / 45.0).astype(np.int64) % len(OCTANTS)


def distance_class(distance_m: float) -> tuple[float, float | None]:
    """Return the class that a distance falls into, as (from, to); the farthest has no end.

    >>> distance_class(9.9), distance_class(10.0), distance_class(500.0)
    ((0.0, 10.0), (10.0, 25.0), (200.0, None))
    """
    ends = (0.0, *DISTANCE_CLASSES_M, None)
    number = int(np.searchsorted(DISTANCE_CLASSES_M, distance_m, side="right"))
    return float(ends[number] or 0.0), ends[number + 1]
