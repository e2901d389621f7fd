"""Snap a place to a pole, a crossing, a facade, a kerb or a roof near it, and hang a camera there."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.model.camera import Camera, CameraClass, Mount
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, vertical_angle_after_deg
from lhasaplan.core.sight.obstacles.relief import ground_at
from lhasaplan.core.site.mounting import BELOW_EAVES_M, FACADE_GAP_M, ROOF_RISE_M, nearest_wall
from lhasaplan.core.site.snap_targets import SnapTargets

# What a pointer says about a camera: where it is aimed, how wide its angle is, how far it reaches.

LEAST_ANGLE_DEG, LEAST_RANGE_M, MOST_RANGE_M = 1.0, 1.0, 2000.0
Place = tuple[float, float]


def bearing_deg(start: Place, end: Place) -> float:
    """Return the grid bearing from one place to another, clockwise from north.

    >>> [bearing_deg((0.0, 0.0), end) for end in ((0.0, 5.0), (5.0, 0.0), (0.0, -5.0), (-5.0, 0.0))]
    [0.0, 90.0, 180.0, 270.0]
    """
    return math.degrees(math.atan2(end[0] - start[0], end[1] - start[1])) % 360.0


def ahead(start: Place, bearing: float, away_m: float) -> Place:
    """Return the place so far away on a grid bearing."""
    turn = math.radians(bearing)
    return start[0] + away_m * math.sin(turn), start[1] + away_m * math.cos(turn)


def stepped_deg(bearing: float, step_deg: float) -> float:
    """Return the nearest bearing that is a whole number of steps.

    >>> stepped_deg(358.0, 15.0), stepped_deg(52.4, 15.0)
    (0.0, 45.0)
    """
    return round(bearing / step_deg) * step_deg % 360.0


def opening_deg(axis_deg: float, edge_deg: float, lens_class: LensClass) -> float:
    """Return the horizontal angle whose edge lies on a bearing, no wider than the lens can be.

    >>> opening_deg(350.0, 20.0, LensClass.RECTILINEAR), opening_deg(0.0, 100.0, LensClass.RECTILINEAR)
    (60.0, 120.0)
    """
    most = RECTILINEAR_LIMIT_DEG if lens_class is LensClass.RECTILINEAR else 360.0
    half = abs((edge_deg - axis_deg + 180.0) % 360.0 - 180.0)
    return min(max(2.0 * half, LEAST_ANGLE_DEG), most)


def range_after_m(range_m: float, axis_deg: float, start: Place, now: Place) -> float:
    """Return a range after its handle was pulled from one place to another: what it moved along the axis is added.

    >>> range_after_m(30.0, 90.0, (30.0, 1.0), (42.0, 5.0))
    42.0
    """
    turn = math.radians(axis_deg)
    pulled = (now[0] - start[0]) * math.sin(turn) + (now[1] - start[1]) * math.cos(turn)
    return min(max(range_m + pulled, LEAST_RANGE_M), MOST_RANGE_M)


def vertical_angle_with_deg(vfov_deg: float | None, hfov_deg: float | None, new_hfov_deg: float) -> float | None:
    """Return the recorded vertical angle as another lens on the same sensor has it; None where none is recorded."""
    if vfov_deg is None or hfov_deg is None or max(hfov_deg, new_hfov_deg) > RECTILINEAR_LIMIT_DEG:
        return vfov_deg
    return vertical_angle_after_deg(vfov_deg, hfov_deg, new_hfov_deg)


Places = Sequence[tuple[float, float]]


class SnapKind(StrEnum):
    """What a place was snapped to."""

    POLE = "pole"
    CROSSING = "crossing"
    FACADE = "facade"
    KERB = "kerb"
    ROOF = "roof"


MOUNTS = {
    SnapKind.POLE: Mount.POLE,
    SnapKind.CROSSING: Mount.POLE,
    SnapKind.KERB: Mount.POLE,
    SnapKind.FACADE: Mount.WALL,
    SnapKind.ROOF: Mount.ROOF,
}


@dataclass(frozen=True, slots=True)
class Snapped:
    """A place that was snapped.

    Parameters
    ----------
    outward_deg : the grid bearing that a facade looks to; None elsewhere.
    roof_m : the height of the roof above the ground at the place, of facades and roofs.
    """

    kind: SnapKind
    x_m: float
    y_m: float
    outward_deg: float | None = None
    roof_m: float | None = None


def snap(targets: SnapTargets, x_m: float, y_m: float, reach_m: float, more_poles: Places = ()) -> Snapped | None:
    """Return what a place snaps to within reach; None in the open.

    A pole goes before a crossing, this before a facade, a facade before a kerb: what is smaller is meant when it is near. Well
    inside a footprint the roof is meant. ``more_poles`` are those on which cameras hang already.
    """
    tries: tuple[Callable[[], Snapped | None], ...] = (
        lambda: _to_point(SnapKind.POLE, np.vstack([targets.poles, *([more_poles] if more_poles else [])]), x_m, y_m, reach_m),
        lambda: _to_point(SnapKind.CROSSING, targets.crossings, x_m, y_m, reach_m),
        lambda: _to_facade(targets, x_m, y_m, reach_m),
        lambda: _to_roof(targets, x_m, y_m),
        lambda: _to_kerb(targets, x_m, y_m, reach_m),
    )
    return next((found for each in tries if (found := each()) is not None), None)


def hung(camera: Camera, at: Snapped, usual: CameraClass) -> Camera:
    """Return a camera hung where it was snapped to: mount and height come from there.

    On a wall the recorded height stays as far as it is below the eaves; a roof mount stands above its roof. On a pole it stays,
    unless it was one above a roof, which becomes the usual height of its kind.
    """
    mount, height = MOUNTS[at.kind], camera.mount_height_m
    if height is None or camera.mount is Mount.ROOF:
        height = usual.mount_height_m.typical
    if at.kind is SnapKind.FACADE and at.roof_m is not None:
        height = min(height, max(at.roof_m - BELOW_EAVES_M, 0.0))
    elif at.kind is SnapKind.ROOF and at.roof_m is not None:
        height = at.roof_m + ROOF_RISE_M
    return replace(camera, x_m=at.x_m, y_m=at.y_m, mount=mount, mount_height_m=round(height, 1), lens_z_m=None)


def _to_point(kind: SnapKind, places: FloatArray, x_m: float, y_m: float, reach_m: float) -> Snapped | None:
    """Return the nearest of some places within reach."""
    away = np.hypot(places[:, 0] - x_m, places[:, 1] - y_m)
    if not len(away) or away.min() > reach_m:
        return None
    x, y = places[int(np.argmin(away))].tolist()
    return Snapped(kind, x, y)


def _to_facade(targets: SnapTargets, x_m: float, y_m: float, reach_m: float) -> Snapped | None:
    """Return the nearest wall within reach that open air is before."""
    at = shapely.Point(x_m, y_m)
    found = targets.footprints.query(at, predicate="dwithin", distance=reach_m)
    tried = (_wall(targets, int(row), at, reach_m) for row in found if not targets.is_raised[row])
    walls = [wall for wall in tried if wall is not None]
    return min(walls, key=lambda wall: math.hypot(wall.x_m - x_m, wall.y_m - y_m), default=None)


def _wall(targets: SnapTargets, row: int, at: shapely.Point, reach_m: float) -> Snapped | None:
    """Return the place just before the nearest wall of a building; None out of reach or where another building is."""
    (x, y), outward = nearest_wall(targets.buildings.polygons[row], at)
    if math.hypot(x - at.x, y - at.y) > reach_m:
        return None
    x, y = x + FACADE_GAP_M * math.sin(outward), y + FACADE_GAP_M * math.cos(outward)
    beside = targets.footprints.query(shapely.Point(x, y), predicate="intersects")
    roof_m = _roof_m(targets, row, x, y)
    if any(not targets.is_raised[other] for other in beside) or roof_m <= BELOW_EAVES_M:
        return None
    return Snapped(SnapKind.FACADE, x, y, math.degrees(outward) % 360.0, roof_m)


def _to_roof(targets: SnapTargets, x_m: float, y_m: float) -> Snapped | None:
    """Return the highest roof at a place."""
    found = targets.footprints.query(shapely.Point(x_m, y_m), predicate="intersects")
    if not len(found):
        return None
    highest = int(found[np.argmax(targets.buildings.top_m[found])])
    return Snapped(SnapKind.ROOF, x_m, y_m, None, _roof_m(targets, highest, x_m, y_m))


def _roof_m(targets: SnapTargets, row: int, x_m: float, y_m: float) -> float:
    """Return the height of a roof above the ground at a place."""
    return float(targets.buildings.top_m[row] - ground_at(targets.relief, np.array([x_m]), np.array([y_m]))[0])


def _to_kerb(targets: SnapTargets, x_m: float, y_m: float, reach_m: float) -> Snapped | None:
    """Return the nearest place behind a kerb."""
    at = shapely.Point(x_m, y_m)
    ground = targets.carriageways.near(at, reach_m)
    edge = shapely.boundary(ground) if not ground.is_empty else ground
    if edge.is_empty or shapely.distance(edge, at) > reach_m:
        return None
    x, y = shapely.get_coordinates(shapely.shortest_line(at, edge))[1].tolist()
    return Snapped(SnapKind.KERB, x, y)
