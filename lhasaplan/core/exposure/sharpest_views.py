"""Find where each sighting is sharpest, on frontage and on open ground apart, with distance class and side."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray
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
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1, HIGH0, HIGH1, LOW0, LOW1

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
    tops = _tops(read.readings, seen)
    hides_people = [place.hides_people for place in seen.walls.places]
    for number, row in tops:
        key, is_ground = key_of(number), bool(row.is_ground[0])
        if key not in sightings:
            continue
        at, is_low = _spot(seen, int(row.row[0]), is_ground, context)
        high, place = float(row.density_px_m[0]), int(row.place[0])
        low = high if key[2] == SightingBasis.RECORDED else min(sightings[key].density_px_m[0], high)
        over = _floor(high, key, limits)
        distance, side = _where(at, key[0], context)
        yield (
            key,
            SharpestSurface(
                "ground" if is_ground else "ground_floor" if is_low else "upper_floors",
                (low, high),
                0.0 if is_ground else sightings[key].frontage_m,
                over,
                None if hides_people[place] else distance_class(distance),
                "" if hides_people[place] else side,
            ),
        )


def _tops(readings: Readings, seen: SeenWalls) -> list[tuple[int, Readings]]:
    """Return the sharpest reading of each sighting and surface, with the number of the sighting."""
    cls = class_numbers(seen.walls.places)
    number = group_numbers(readings.camera, cls[readings.place], readings.case)
    order = np.lexsort((-readings.density_px_m, readings.is_ground, number))
    keys = (number * 2 + readings.is_ground)[order]
    first: IntArray = order[np.flatnonzero(np.diff(keys, prepend=-1))]
    return [(int(number[k]), readings.where(np.array([k]))) for k in first.tolist()]


def _spot(seen: SeenWalls, row: int, is_ground: bool, context: AuditContext) -> tuple[FloatArray, bool]:
    """Return where a reading is sharpest, shape (3,), and whether that is no higher than the lowest band."""
    if is_ground:
        camera = context.placed[int(seen.ground.camera[row])].views[0]
        nearest = shapely.shortest_line(shapely.Point(camera.x_m, camera.y_m), seen.ground.shape[row])
        x, y = shapely.get_coordinates(nearest)[-1]
        return np.array([x, y, camera.lens_z_m]), True
    end = int(seen.figure[row, BEST1] > seen.figure[row, BEST0])
    low, high = seen.figure[row, (LOW0, LOW1)[end]], seen.figure[row, (HIGH0, HIGH1)[end]]
    view = context.placed[int(seen.camera[row])].views[0]
    z = high if view.tilt_deg > 0.0 else low  # a lens that looks down is sharpest high on a wall
    (start,), (along,) = seen.walls.lines_of(seen.wall[[row]])
    at = start + along * seen.figure[row, end]
    lowest = context.reference_data.policy.bands[0].to_m
    ground = seen.walls.ground_m[seen.wall[row]]
    return np.array([*at, z]), lowest is None or bool(z - 0.1 <= ground + lowest)


def _where(at: FloatArray, camera: int, context: AuditContext) -> tuple[float, str]:
    """Return the distance of a spot from a camera's lens, and the octant from true north."""
    view = context.placed[camera].views[0]
    offset = at - (view.x_m, view.y_m, view.lens_z_m)
    bearing = np.degrees(np.arctan2(offset[0], offset[1])) + float(np.asarray(context.view_table.convergence_deg)[camera])
    return float(np.sqrt((offset**2).sum())), OCTANTS[round(bearing / 45.0) % len(OCTANTS)]


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
