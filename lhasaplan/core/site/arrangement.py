"""Several cameras laid out at once: rows along a street, mirrors, copies, alignment."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import keys_where, unrecorded
from lhasaplan.core.site.snapping import Carriageways, Foot, SnapTargets, foot_at, foot_on

# Mirror cameras over a line: place, direction and masks with it.


def mirrored(camera: Camera, axis: Foot, lean_deg: float) -> Camera:
    """Return a camera as a mirror along a line would show it.

    Parameters
    ----------
    axis : a point of the line and its grid bearing.
    lean_deg : true azimuth minus grid azimuth there.
    """
    turn = math.radians(axis.bearing_deg)
    along = (camera.x_m - axis.x_m) * math.sin(turn) + (camera.y_m - axis.y_m) * math.cos(turn)
    foot = axis.x_m + along * math.sin(turn), axis.y_m + along * math.cos(turn)
    turned = _looking_back(camera, axis.bearing_deg + lean_deg)
    return replace(turned, x_m=2.0 * foot[0] - camera.x_m, y_m=2.0 * foot[1] - camera.y_m)


def _looking_back(camera: Camera, axis_deg: float) -> Camera:
    """Return the camera with azimuth and masks mirrored over a true bearing; in the picture left and right change places."""
    azimuth, width_px = camera.azimuth_deg, camera.image_width_px
    sectors = tuple(((2.0 * axis_deg - stop) % 360.0, (2.0 * axis_deg - start) % 360.0) for start, stop in camera.mask_sector_deg)
    kept = camera.mask_px if width_px is not None else ()
    polygons = tuple(tuple((float(width_px or 0) - u, v) for u, v in polygon) for polygon in kept)
    turned = None if azimuth is None else round((2.0 * axis_deg - azimuth) % 360.0, 1) % 360.0
    return replace(camera, azimuth_deg=turned, mask_sector_deg=sectors, mask_px=polygons)


# Copies of cameras as plans: what they see stays, what is on record of the original does not.


def as_plan(camera: Camera, camera_id: str, source: str, date: str) -> Camera:
    """Return a planned camera with the place, lens, mount and masks of another; nothing of its history."""
    bare = replace_kept(camera, **{key: unrecorded(key) for key in keys_where(lambda each: each.is_own)})
    return replace(bare, camera_id=camera_id, status=Status.PLANNED, source=source, source_date=date)


def shifted_to(cameras: Sequence[Camera], x_m: float, y_m: float) -> tuple[Camera, ...]:
    """Return cameras moved together so that the middle of their places is here."""
    middle_x = sum(camera.x_m for camera in cameras) / len(cameras)
    middle_y = sum(camera.y_m for camera in cameras) / len(cameras)
    dx, dy = x_m - middle_x, y_m - middle_y
    return tuple(replace(camera, x_m=camera.x_m + dx, y_m=camera.y_m + dy) for camera in cameras)


# Align several cameras: on one line, the same distance apart, or looking the same way.

Cameras = tuple[Camera, ...]


def on_a_line(cameras: Sequence[Camera]) -> Cameras:
    """Return cameras moved square onto the line from the first to the last; two that stand on one spot make none."""
    (x0, y0), (x1, y1) = _ends(cameras)
    length2 = (x1 - x0) ** 2 + (y1 - y0) ** 2
    if length2 == 0.0:
        return tuple(cameras)
    shares = [((c.x_m - x0) * (x1 - x0) + (c.y_m - y0) * (y1 - y0)) / length2 for c in cameras]
    placed = (replace(c, x_m=x0 + s * (x1 - x0), y_m=y0 + s * (y1 - y0)) for c, s in zip(cameras, shares, strict=True))
    return (cameras[0], *tuple(placed)[1:-1], cameras[-1])


def evenly_spaced(cameras: Sequence[Camera]) -> Cameras:
    """Return cameras the same distance apart on the line from the first to the last, in the order that they stand in along it."""
    (x0, y0), (x1, y1) = _ends(cameras)
    between = sorted(cameras[1:-1], key=lambda c: (c.x_m - x0) * (x1 - x0) + (c.y_m - y0) * (y1 - y0))
    steps = len(cameras) - 1
    placed = {
        each.camera_id: replace(each, x_m=x0 + k * (x1 - x0) / steps, y_m=y0 + k * (y1 - y0) / steps)
        for k, each in enumerate(between, start=1)
    }
    return tuple(placed.get(camera.camera_id, camera) for camera in cameras)


def turned_alike(cameras: Sequence[Camera]) -> Cameras:
    """Return cameras that look where the last one looks."""
    return tuple(replace(camera, azimuth_deg=cameras[-1].azimuth_deg) for camera in cameras)


def _ends(cameras: Sequence[Camera]) -> tuple[tuple[float, float], tuple[float, float]]:
    first, last = cameras[0], cameras[-1]
    return (first.x_m, first.y_m), (last.x_m, last.y_m)


# Repeat a camera along a street: each copy as far aside of the street's line, and turned with it.

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


def row_on(
    targets: SnapTargets | None,
    corners: Sequence[tuple[float, float]],
    camera: Camera,
    lean_deg: float,
    *,
    spacing_m: float,
    aside_m: float,
    alternating: bool = False,
) -> tuple[Camera, ...]:
    """Return copies of a camera along a drawn line from its start, each a spacing farther, that look the way it runs.

    They stand ``aside_m`` to the right of it; with ``alternating`` every other one stands to the left and looks back. Those that
    would stand on a carriageway or in a building are left out.
    """
    line, copies = shapely.LineString(corners), list[Camera]()
    for number in range(min(int(line.length / spacing_m + 1e-9) + 1, MOST_IN_ROW) if line.length else 0):
        at = foot_at(line, number * spacing_m)
        is_back = alternating and number % 2 == 1
        x, y = at.beside(-aside_m if is_back else aside_m)
        azimuth = round((at.bearing_deg + lean_deg + (180.0 if is_back else 0.0)) % 360.0, 1) % 360.0
        copies.append(replace(camera, x_m=x, y_m=y, azimuth_deg=azimuth, mask_sector_deg=()))
    return tuple(each for each in copies if targets is None or not _is_in_the_way(targets, each))


def _beside(camera: Camera, was: Foot, at: Foot) -> Camera:
    """Return a camera as far aside of another point of its line, turned with the line, masks too."""
    x, y = at.beside(was.aside_m)
    turn = at.bearing_deg - was.bearing_deg
    azimuth = None if camera.azimuth_deg is None else round((camera.azimuth_deg + turn) % 360.0, 1) % 360.0
    sectors = tuple(((start + turn) % 360.0, (stop + turn) % 360.0) for start, stop in camera.mask_sector_deg)
    return replace(camera, x_m=x, y_m=y, azimuth_deg=azimuth, mask_sector_deg=sectors)
