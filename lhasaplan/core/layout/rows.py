"""Repeat a camera along a street: each copy as far aside of the street's line, and turned with it."""

from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.layout.mirrors import mirrored
from lhasaplan.core.layout.snap_targets import Carriageways, SnapTargets
from lhasaplan.core.layout.street_lines import Foot, foot_at, foot_on
from lhasaplan.core.model.camera import Camera

MOST_IN_ROW = 100
NEAR_M = 60.0  # a street farther off is none that a camera stands at


def street_at(streets: Carriageways, x_m: float, y_m: float) -> BaseGeometry | None:
    """Return the line of the nearest street, joined from its ways of the same name; None where none is near."""
    found = streets.tree.query_nearest(shapely.Point(x_m, y_m), max_distance=NEAR_M, all_matches=False)
    if not len(found):
        return None
    name = streets.names[int(found[0])]
    rows = [row for row, other in enumerate(streets.names) if other == name] if name else [int(found[0])]
    parts = shapely.get_parts(shapely.line_merge(shapely.union_all(streets.lines[np.array(rows)])))
    return parts[int(np.argmin(shapely.distance(parts, shapely.Point(x_m, y_m))))]


def row_at_street(
    targets: SnapTargets, camera: Camera, spacing_m: float, count: int, lean_deg: float, *, alternating: bool = False
) -> tuple[Camera, ...]:
    """Return copies of a camera along its street, as :func:`row_along` has them; none where no street is near.

    Those that would stand on a carriageway that crosses, or in a building, are left out, unless the camera itself stands so.
    """
    line = street_at(targets.carriageways, camera.x_m, camera.y_m)
    if line is None:
        return ()
    row = row_along(line, camera, spacing_m, count, lean_deg, alternating=alternating)
    return tuple(each for each in row if not _is_in_the_way(targets, each)) if not _is_in_the_way(targets, camera) else row


def _is_in_the_way(targets: SnapTargets, camera: Camera) -> bool:
    """Say whether a camera stands on a carriageway or in a building."""
    at = shapely.Point(camera.x_m, camera.y_m)
    return targets.carriageways.holds(at) or len(targets.footprints.query(at, predicate="intersects")) > 0


def over_street(streets: Carriageways, camera: Camera, lean_deg: float) -> Camera | None:
    """Return a camera mirrored over the line of its street; None where no street is near."""
    line = street_at(streets, camera.x_m, camera.y_m)
    return None if line is None else mirrored(camera, foot_on(line, camera.x_m, camera.y_m), lean_deg)


def row_along(
    line: BaseGeometry, camera: Camera, spacing_m: float, count: int, lean_deg: float, *, alternating: bool = False
) -> tuple[Camera, ...]:
    """Return ``count`` copies of a camera along a line, each a spacing farther; fewer where the line ends.

    They go the way that the line has more room in, at the camera's distance from the line and at its angle to it; with
    ``alternating`` every other one stands on the other side of the line as in a mirror. Copies keep the camera's id.
    """
    foot = foot_on(line, camera.x_m, camera.y_m)
    way = 1.0 if line.length - foot.along_m >= foot.along_m else -1.0
    copies = []
    for number in range(1, min(count, MOST_IN_ROW) + 1):
        along = foot.along_m + way * number * spacing_m
        if not 0.0 <= along <= line.length:
            break
        at = foot_at(line, along)
        copy = _beside(camera, foot, at)
        copies.append(mirrored(copy, at, lean_deg) if alternating and number % 2 else copy)
    return tuple(copies)


def _beside(camera: Camera, was: Foot, at: Foot) -> Camera:
    """Return a camera as far aside of another point of its line, turned with the line, masks too."""
    x, y = at.beside(was.aside_m)
    turn = at.bearing_deg - was.bearing_deg
    azimuth = None if camera.azimuth_deg is None else round((camera.azimuth_deg + turn) % 360.0, 1) % 360.0
    sectors = tuple(((start + turn) % 360.0, (stop + turn) % 360.0) for start, stop in camera.mask_sector_deg)
    return replace(camera, x_m=x, y_m=y, azimuth_deg=azimuth, mask_sector_deg=sectors)
