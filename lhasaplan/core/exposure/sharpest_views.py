"""Find where each sighting is sharpest, on frontage and on open ground apart, with distance class and side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.grading import (
    Key,
    Readings,
    ReadWalls,
    class_numbers,
    floor_px_m,
    grade_of,
    group_numbers,
    key_of,
    read_walls,
)
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.seen_surface import SharpestSurface, SightingBasis
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1, FROM, HIGH0, LOW0

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
    return {key: _reported(each, found.get(key, [])) for key, each in sightings.items()}


def _reported(sighting: Sighting, surfaces: Sequence[SharpestSurface]) -> Sighting:
    """Return the sighting with its surfaces, the sharpest first; where people hide none says where it is."""
    order = sorted(surfaces, key=lambda each: -each.density_px_m[1])
    if any(each.distance_m is None for each in order):
        order = [replace(each, distance_m=None, side="") for each in order]
    return replace(sighting, sharpest=tuple(order))


def _sharpest(read: ReadWalls, sightings: Mapping[Key, Sighting], context: AuditContext) -> Iterator[tuple[Key, SharpestSurface]]:
    """Give each surface of the sightings of some cameras with its key."""
    limits, seen = context.thresholds, read.seen
    numbers, tops = _tops(read.readings, seen)
    at, are_low = _spots(seen, tops, context)
    away_m, octants = _where(at, tops.camera, context)
    hides_people = np.array([place.hides_people for place in seen.walls.places], bool)[tops.place]
    columns = (numbers, tops.is_ground, tops.density_px_m, are_low, hides_people, away_m, octants)
    for number, is_ground, high, is_low, hides, distance, side in zip(*(each.tolist() for each in columns), strict=True):
        key = key_of(number)
        if key not in sightings:
            continue
        yield (
            key,
            SharpestSurface(
                "ground" if is_ground else "ground_floor" if is_low else "upper_floors",
                (high if key[2] == SightingBasis.RECORDED else min(sightings[key].density_px_m[0], high), high),
                0.0 if is_ground else sightings[key].frontage_m,
                _floor(high, key, limits),
                None if hides else distance_class(distance),
                "" if hides else OCTANTS[side],
            ),
        )


def _tops(readings: Readings, seen: SeenWalls) -> tuple[IntArray, Readings]:
    """Return the sharpest reading of each sighting and surface, with the number of the sighting."""
    cls = class_numbers(seen.walls.places)
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


def _floor(density_px_m: float, key: Key, thresholds: Thresholds) -> float:
    """Return the density above which frontage is counted: where the grade of this surface begins; assumed ones are notes."""
    grade = grade_of(density_px_m, thresholds, key[1]) if key[2] == SightingBasis.RECORDED else Severity.NOTE
    floor = floor_px_m(grade, thresholds)
    return thresholds.error_px_m if grade is Severity.ERROR else thresholds.due_px_m if grade is Severity.DUE else floor
