"""New cameras that may be proposed: places that layers and rules yield, directions, generic classes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.model.camera import Camera, Mount
from lhasaplan.core.model.place import Part
from lhasaplan.core.remedies.new_mounts import Mounts, Spot, aimed, as_written
from lhasaplan.core.rules.option_rules import NewCameraRules
from lhasaplan.core.rules.siting_rules import GenericClass, SitingRules
from lhasaplan.core.rules.unusual_rules import TagValues, has_any

NAME = "proposed"


@dataclass(frozen=True, slots=True)
class NewCamera:
    """A camera on a place: cameras of one place exclude each other."""

    place: int
    camera: Camera
    class_name: str


def new_cameras(context: AuditContext, wanted: Sequence[tuple[Part, FloatArray]], rules: SitingRules) -> list[NewCamera]:
    """Return cameras on places near parts, aimed at their points (n, 3) and in directions all round, in each class.

    None stands on protected ground, on a building that is protected or of unknown use, in a tree, or on ground that the user
    forbids.
    """
    if not wanted:
        return []
    usual = context.reference_data.service.new
    near = replace(usual, reach_m=rules.reach_m, spacing_m=rules.spacing_m, positions=rules.positions)
    mounts = Mounts(context, [part for part, _ in wanted], near)
    closed = forbidden_ground(context, rules)
    poles = _mapped_poles(context, rules)
    found: dict[tuple[object, ...], NewCamera] = {}
    places: dict[tuple[float, float, Mount], int] = {}
    for part, xyz_m in wanted:
        for spot in _spots(mounts, part, poles, rules):
            if closed is not None and shapely.intersects_xy(closed, spot.x_m, spot.y_m):
                continue
            place = places.setdefault((round(spot.x_m, 1), round(spot.y_m, 1), spot.mount), len(places))
            for each, name in _directions(spot, xyz_m, context, rules):
                found.setdefault((place, each.azimuth_deg, each.tilt_deg, each.hfov_deg), NewCamera(place, each, name))
    return list(found.values())


def forbidden_ground(context: AuditContext, rules: SitingRules) -> BaseGeometry | None:
    """Return the ground on which the user wants no camera, None if there is none."""
    found = [shape for shape in _tagged(context, rules.forbidden) if int(shapely.get_dimensions(shape)) == 2]
    if not found:
        return None
    whole = shapely.union_all(found)
    shapely.prepare(whole)
    return whole


def _tagged(context: AuditContext, wanted: TagValues) -> Iterator[BaseGeometry]:
    for layer in context.project.layers.values():
        for shape, tags in zip(layer.geometry, layer.tags, strict=True):
            if has_any(tags, wanted):
                yield shape


def _mapped_poles(context: AuditContext, rules: SitingRules) -> FloatArray:
    """Return where poles and lamps are mapped, shape (n, 2); none on protected ground."""
    at = [shapely.get_coordinates(shape)[0] for shape in _tagged(context, rules.poles) if shapely.get_dimensions(shape) == 0]
    xy = np.array(at, float).reshape(-1, 2)
    return xy[~context.ground.covers_points(xy[:, 0], xy[:, 1])] if len(xy) else xy


def _spots(mounts: Mounts, part: Part, poles: FloatArray, rules: SitingRules) -> list[Spot]:
    """Return the mapped poles near a part, then places along kerbs and facades."""
    away = shapely.distance(shapely.points(poles), part.geometry) if len(poles) else np.empty(0)
    near = [at for at, far in zip(poles.tolist(), away.tolist(), strict=True) if mounts.rules.away_m <= far <= rules.reach_m]
    held = mounts.context.screened.hold_a_lens(np.array(near).reshape(-1, 2)) if near else np.empty(0, bool)
    height = mounts.rules.pole_height_m
    mapped = [Spot(x, y, Mount.POLE, height) for (x, y), in_tree in zip(near, held.tolist(), strict=True) if not in_tree]
    return [*as_written(mapped, mounts.context), *mounts.spots(part)][: rules.positions]


def _directions(spot: Spot, xyz_m: FloatArray, context: AuditContext, rules: SitingRules) -> Iterator[tuple[Camera, str]]:
    """Give the camera that is aimed at a part, in each class, and directions all round in which some point of it lies."""
    bearing = np.degrees(np.arctan2(xyz_m[:, 0] - spot.x_m, xyz_m[:, 1] - spot.y_m))
    lean = float(context.crs.convergence_deg(spot.x_m, spot.y_m))
    for each in rules.classes:
        camera = aimed(spot, NAME, xyz_m, context, _one(each))
        yield camera, each.name
        for azimuth in np.arange(0.0, 360.0, rules.azimuth_step_deg).tolist():
            off = np.abs((bearing + lean - azimuth + 180.0) % 360.0 - 180.0)
            if (off <= each.hfov_deg / 2.0).any():
                yield replace(camera, azimuth_deg=round(azimuth, 1)), each.name


def _one(each: GenericClass) -> NewCameraRules:
    return NewCameraRules(hfov_deg=(each.hfov_deg,), image_width_px=each.image_width_px, image_height_px=each.image_height_px)
