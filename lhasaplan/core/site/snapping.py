"""Snap a place to a pole, a crossing, a facade, a kerb or a roof near it, and hang a camera there; what a city has to snap to."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated

import numpy as np
import shapely
from annotated_types import Interval
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.city.streets import MOST_CARRIAGEWAY_M, SHIPPED, StreetWidths, is_driven_by_all
from lhasaplan.core.model.camera import Camera, CameraClass, Mount, apart_deg
from lhasaplan.core.model.layer import Buildings, Layer, empty_layer
from lhasaplan.core.model.optics import RECTILINEAR_LIMIT_DEG, LensClass, vertical_angle_after_deg
from lhasaplan.core.rules.audit_policy import TagValues, has_any
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at
from lhasaplan.core.site.mounting import BELOW_EAVES_M, FACADE_GAP_M, ROOF_RISE_M, nearest_wall

# What a camera that is drawn by hand snaps to: which tags are poles and crossings, and how far from a kerb a pole stands.


@dataclass(frozen=True, eq=False, slots=True)
class SnapRules:
    """Figures and tags of ``data/snapping.toml``.

    Parameters
    ----------
    kerb_m : how far behind the edge of a carriageway a pole stands.
    crossing_reach_m : how near to the middle of a street a crossing is one of that street.
    poles, crossings : by tags; ``*`` is any value but no.
    """

    kerb_m: Annotated[float, Interval(ge=0, le=50)]
    crossing_reach_m: Annotated[float, Interval(ge=0, le=50)]
    poles: TagValues
    crossings: TagValues


# A place beside a line: where its foot is, how far along, how far aside, and which way the line runs there.


@dataclass(frozen=True, slots=True)
class Foot:
    """The point of a line nearest to a place.

    Parameters
    ----------
    along_m : from the start of the line.
    aside_m : of the place from the line, positive to the right of where the line runs.
    bearing_deg : where the line runs there, clockwise from grid north.
    """

    x_m: float
    y_m: float
    along_m: float
    aside_m: float
    bearing_deg: float

    def beside(self, aside_m: float) -> tuple[float, float]:
        """Return the place at a distance to the right of the foot, to the left below zero."""
        right = math.radians(self.bearing_deg + 90.0)
        return self.x_m + aside_m * math.sin(right), self.y_m + aside_m * math.cos(right)


def foot_on(line: BaseGeometry, x_m: float, y_m: float) -> Foot:
    """Return the foot of a place on a line of one part."""
    along = float(shapely.line_locate_point(line, shapely.Point(x_m, y_m)))
    at = foot_at(line, along)
    right = math.radians(at.bearing_deg + 90.0)
    aside = (x_m - at.x_m) * math.sin(right) + (y_m - at.y_m) * math.cos(right)
    return Foot(at.x_m, at.y_m, along, aside, at.bearing_deg)


def foot_at(line: BaseGeometry, along_m: float) -> Foot:
    """Return the point of a line so far from its start, with nothing aside of it; the ends beyond the ends."""
    [(x, y, along, bearing)] = _feet_at(line, np.array([along_m])).tolist()
    return Foot(x, y, along, 0.0, bearing)


def _feet_at(line: BaseGeometry, along_m: FloatArray) -> FloatArray:
    """Return place, way from the start and bearing of each point of a line, (n, 4)."""
    corners = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(corners, axis=0).T)
    ends = np.cumsum(steps)
    along = np.clip(along_m, 0.0, ends[-1])
    k = np.searchsorted(ends, along, side="left")
    start, step = corners[k], corners[k + 1] - corners[k]
    share = (along - (ends[k] - steps[k])) / np.maximum(steps[k], 1e-12)
    bearing = np.degrees(np.arctan2(step[:, 0], step[:, 1])) % 360.0
    return np.column_stack((start + share[:, None] * step, along, bearing))


EMPTY = np.empty(0, object)
SLACK_M = 0.05  # a pole that snapped to a kerb is behind it


@dataclass(frozen=True, eq=False, slots=True)
class Carriageways:
    """Middle lines of streets that the public drives on, with half of what they take up to a pole behind the kerb, and names."""

    lines: ObjectArray
    half_m: FloatArray
    names: tuple[str, ...]
    tree: shapely.STRtree

    def near(self, at: BaseGeometry, away_m: float) -> BaseGeometry:
        """Return the ground of the carriageways that may lie within a distance of a place, up to a pole behind their kerbs."""
        found = self.tree.query(at, predicate="dwithin", distance=away_m + float(self.half_m.max(initial=0.0)))
        return shapely.union_all(shapely.buffer(self.lines[found], self.half_m[found], quad_segs=8))

    def holds(self, at: BaseGeometry) -> bool:
        """Say whether a place is nearer to a carriageway than a pole behind its kerb."""
        found = self.tree.query(at, predicate="dwithin", distance=float(self.half_m.max(initial=0.0)))
        return bool(np.any(shapely.distance(self.lines[found], at) < self.half_m[found] - SLACK_M))


@dataclass(frozen=True, eq=False, slots=True)
class SnapTargets:
    """All that there is to snap to.

    ``buildings`` have heights above the datum of ``relief``; ``is_raised`` says which of them bridge the ground and have no
    wall at a lens. ``poles`` and ``crossings`` are places, shape (n, 2); a crossing has one on either side of its street.
    """

    buildings: Buildings
    is_raised: BoolArray
    footprints: shapely.STRtree
    relief: Relief
    carriageways: Carriageways
    poles: FloatArray
    crossings: FloatArray


def make_snap_targets(
    buildings: Buildings,
    is_raised: BoolArray,
    relief: Relief,
    layers: Mapping[str, Layer],
    rules: SnapRules,
    *,
    widths: StreetWidths = SHIPPED,
) -> SnapTargets:
    """Return what there is to snap to in a city; worth keeping while layers and terrain stay."""
    carriageways = _carriageways(layers.get("roads"), widths, rules.kerb_m)
    return SnapTargets(
        buildings,
        is_raised,
        shapely.STRtree(buildings.polygons),
        relief,
        carriageways,
        _points(layers, rules.poles),
        _crossings(layers, carriageways, rules),
    )


def _carriageways(roads: Layer | None, widths: StreetWidths, kerb_m: float) -> Carriageways:
    layer = empty_layer("roads") if roads is None else roads
    drawn = zip(layer.geometry, layer.tags, strict=True)
    rows = [(line, tags) for line, tags in drawn if shapely.get_dimensions(line) == 1 and is_driven_by_all(tags)]
    lines = np.array([*(line for line, _ in rows), None], object)[:-1]
    half = [min(widths.carriageway_m(tags), MOST_CARRIAGEWAY_M) / 2.0 + kerb_m for _, tags in rows]
    names = tuple(tags.get("name", "") for _, tags in rows)
    return Carriageways(lines, np.array(half, float), names, shapely.STRtree(lines))


def _points(layers: Mapping[str, Layer], wanted: TagValues) -> FloatArray:
    """Return the points with some tags in any layer, (n, 2)."""
    chosen = [np.array([has_any(tags, wanted) for tags in layer.tags], bool) for layer in layers.values()]
    shapes = np.concatenate([EMPTY, *(layer.geometry[some] for layer, some in zip(layers.values(), chosen, strict=True))])
    found: FloatArray = shapely.get_coordinates(shapes[shapely.get_type_id(shapes) == shapely.GeometryType.POINT])
    return found


def _crossings(layers: Mapping[str, Layer], streets: Carriageways, rules: SnapRules) -> FloatArray:
    """Return the places behind both kerbs where people cross, (n, 2); a crossing without a street near has none.

    For all at once: a city has thousands, and who looks at its map would wait for each.
    """
    spots = shapely.points(_points(layers, rules.crossings))
    which, row = streets.tree.query_nearest(spots, max_distance=rules.crossing_reach_m, all_matches=False)
    along, found = shapely.line_locate_point(streets.lines[row], spots[which]), np.empty((len(row), 2, 2))
    for street in np.unique(row).tolist():
        mine = np.flatnonzero(row == street)
        feet = _feet_at(streets.lines[street], along[mine])
        right = np.radians(feet[:, 3] + 90.0)
        kerb = streets.half_m[street] * np.column_stack((np.sin(right), np.cos(right)))
        found[mine] = np.stack((feet[:, :2] - kerb, feet[:, :2] + kerb), axis=1)
    return found.reshape(-1, 2)


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
    half = apart_deg(edge_deg, axis_deg)
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
