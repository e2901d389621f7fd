"""Where one new camera could stand for a part: poles along public ground, and facades that are not protected."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.changes.camera_change import AddCamera
from lhasaplan.core.city.streets import public_ground
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.mitigation.part_option_changes import NEW, Attempt
from lhasaplan.core.model.camera import Camera, Kind, Mount, Status
from lhasaplan.core.model.optics import SEEN_PX_M, LensClass, depth_for_density_m, focal_length_px
from lhasaplan.core.model.place import Part
from lhasaplan.core.results.finding import ChangeFigures
from lhasaplan.core.rules.audit_policy import NewCameraRules
from lhasaplan.core.site.mounting import BELOW_EAVES_M, FACADE_GAP_M, WALL_REACH_M

CORNER_M = 0.5  # an outline that bends by less has no corner there
KERB_M = 0.5  # a pole stands this far inside public ground
_MARGIN_DEG = 2.0
LONLAT_DECIMALS = 7  # about a centimetre


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for a lens: metres of the project, mount and height above ground; ``building`` is the id of its facade."""

    x_m: float
    y_m: float
    mount: Mount
    height_m: float
    building: str = ""


class MountPlaces:
    """Finds spots near parts; public ground and footprints are made ready once for all of them."""

    def __init__(self, context: AuditContext, parts: Sequence[Part], rules: NewCameraRules) -> None:
        self.context, self.rules = context, rules
        near = shapely.union_all([shapely.buffer(part.geometry, self.rules.reach_m) for part in parts])
        ground = public_ground(context.project.layers, near, context.reference_data.widths)
        self.kerbs = shapely.boundary(shapely.buffer(ground, -KERB_M))
        self.footprints = shapely.STRtree(context.buildings.polygons)
        self.is_protected = protected_buildings(context)

    def spots(self, part: Part) -> list[Spot]:
        """Return spots within reach of a part, the nearest first; none lies on protected ground or hangs on such a building."""
        near = shapely.buffer(part.geometry, self.rules.reach_m)
        found = as_written([*self._poles(near), *self._facades(near)], self.context)
        xy = np.array([(spot.x_m, spot.y_m) for spot in found]).reshape(-1, 2)
        away = shapely.distance(shapely.points(xy), part.geometry)
        keep = (away >= self.rules.away_m) & ~self.context.ground.covers_points(xy[:, 0], xy[:, 1])
        keep &= ~self.context.screened.hold_a_lens(xy)  # there the tree would go, and with it what it hides from others
        order = np.argsort(away, kind="stable")
        return [found[i] for i in order[keep[order]].tolist()][: self.rules.positions]

    def _poles(self, near: BaseGeometry) -> Iterator[Spot]:
        """Give spots along public ground, none so near to a wall that a camera there would be a wall mount (docs/glossary.md)."""
        at = along(shapely.intersection(self.kerbs, near), self.rules.spacing_m)
        beside = self.footprints.query(shapely.points(at), predicate="dwithin", distance=WALL_REACH_M)[0]
        for x, y in np.delete(at, np.unique(beside), axis=0).tolist():
            yield Spot(x, y, Mount.POLE, self.rules.pole_height_m)

    def _facades(self, near: BaseGeometry) -> Iterator[Spot]:
        buildings = self.context.buildings
        for b in np.sort(self.footprints.query(near, predicate="intersects")).tolist():
            high_enough = buildings.top_m[b] - BELOW_EAVES_M >= self.rules.wall_height_m
            if high_enough and buildings.base_m[b] <= 0 and not self.is_protected[b]:
                yield from self._on_walls(buildings.polygons[b], str(buildings.ids[b]), near)

    def _on_walls(self, footprint: BaseGeometry, building: str, near: BaseGeometry) -> Iterator[Spot]:
        """Give spots just before the walls of one building, in open air."""
        outline = shapely.boundary(shapely.buffer(footprint, FACADE_GAP_M, join_style="mitre"))
        at = along(shapely.intersection(outline, near), self.rules.spacing_m)
        if self.rules.corners:
            corners = shapely.get_coordinates(shapely.simplify(outline, CORNER_M))
            at = np.concatenate([at, corners[shapely.intersects_xy(near, *corners.T)]])
        inside = self.footprints.query(shapely.points(at), predicate="intersects")[0]
        for x, y in np.delete(at, np.unique(inside), axis=0).tolist():
            yield Spot(x, y, Mount.WALL, self.rules.wall_height_m, building)


def as_written(spots: Sequence[Spot], context: AuditContext) -> list[Spot]:
    """Return spots where outputs will say that they are, to seven decimals of a degree: what is tried is what is read back."""
    xy = np.array([(spot.x_m, spot.y_m) for spot in spots]).reshape(-1, 2)
    lon, lat = (np.round(each, LONLAT_DECIMALS) for each in context.crs.to_lonlat(xy[:, 0], xy[:, 1]))
    at = zip(*(each.tolist() for each in context.crs.from_lonlat(lon, lat)), strict=True)
    return [replace(spot, x_m=x, y_m=y) for spot, (x, y) in zip(spots, at, strict=True)]


def protected_buildings(context: AuditContext) -> BoolArray:
    """Return which buildings belong to a protected place; use unknown counts as protected for proposals."""
    mine = [b for place in context.protected for b in (place.buildings or (place.building,)) if b >= 0]
    is_protected = np.zeros(len(context.buildings), bool)
    is_protected[np.array(mine, np.int64)] = True
    return is_protected


def along(lines: BaseGeometry, spacing_m: float) -> FloatArray:
    """Return points every ``spacing_m`` along lines, the first half a step from each start; shape (n, 2)."""
    found = [np.empty((0, 2))]
    for line in shapely.get_parts(shapely.line_merge(lines)):
        if int(shapely.get_dimensions(line)) == 1:
            steps = np.arange(spacing_m / 2.0, max(line.length, spacing_m / 2.0 + 1e-9), spacing_m)
            found.append(shapely.get_coordinates(shapely.line_interpolate_point(line, steps)))
    return np.concatenate(found)


def new_attempts(number: int, part: Part, xyz_m: FloatArray, mounts: MountPlaces) -> Iterator[Attempt]:
    """Give one new camera for each spot near a part, aimed at its points (n, 3)."""
    for spot in mounts.spots(part):
        camera = aimed(spot, f"proposed:{part.part_id}", xyz_m, mounts.context, mounts.rules)
        away = float(np.hypot(xyz_m[:, 0] - spot.x_m, xyz_m[:, 1] - spot.y_m).mean())
        figures = _figures(camera, spot, away, mounts.context)
        yield Attempt("new", number, NEW, camera, figures, away, (AddCamera(camera),))


def aimed(spot: Spot, name: str, xyz_m: FloatArray, context: AuditContext, rules: NewCameraRules) -> Camera:
    """Return a fixed camera on a spot, aimed at points (n, 3), with the narrowest lens that takes them in.

    Its range ends where its picture falls to 25 px/m: a shorter one would be a promise, and hide homes in the answers alone.
    """
    dx, dy = xyz_m[:, 0] - spot.x_m, xyz_m[:, 1] - spot.y_m
    middle = math.degrees(math.atan2(dx.mean(), dy.mean()))
    off = (np.degrees(np.arctan2(dx, dy)) - middle + 180.0) % 360.0 - 180.0
    left, right = float(off.min()), float(off.max())
    wide = right - left + 2.0 * _MARGIN_DEG
    hfov = next((angle for angle in rules.hfov_deg if angle >= wide), rules.hfov_deg[-1])
    lean = float(context.crs.convergence_deg(spot.x_m, spot.y_m))
    # The range ends where the picture falls to 25 px/m.
    focal = focal_length_px(rules.image_width_px, hfov, LensClass.RECTILINEAR)
    # The tilt halves the angle between the nearest and the farthest point.
    lens = context.terrain.lifted(np.array([[spot.x_m, spot.y_m, spot.height_m]]))[0, 2]
    down = np.degrees(np.arctan2(lens - xyz_m[:, 2], np.maximum(np.hypot(dx, dy), 0.1)))
    return Camera(
        name,
        spot.x_m,
        spot.y_m,
        mount_height_m=spot.height_m,
        azimuth_deg=round((middle + (left + right) / 2.0 + lean) % 360.0, 1),
        tilt_deg=round(float(np.clip((down.min() + down.max()) / 2.0, 0.0, 85.0)), 1),
        hfov_deg=hfov,
        lens_class=LensClass.RECTILINEAR,
        image_width_px=rules.image_width_px,
        image_height_px=rules.image_height_px,
        range_m=float(math.ceil(depth_for_density_m(SEEN_PX_M, focal))),
        kind=Kind.FIXED,
        mount=spot.mount,
        status=Status.PLANNED,
    )


def _figures(camera: Camera, spot: Spot, away_m: float, context: AuditContext) -> ChangeFigures:
    """Return what is reported of a new camera: place in longitude and latitude, true azimuth."""
    lon, lat = context.crs.to_lonlat(np.array([spot.x_m]), np.array([spot.y_m]))
    return ChangeFigures(
        lon=round(float(lon[0]), LONLAT_DECIMALS),
        lat=round(float(lat[0]), LONLAT_DECIMALS),
        distance_m=round(away_m, 1),
        mount=str(spot.mount),
        building=spot.building or None,
    ).with_record(camera)
