"""New cameras that may be proposed: places that layers and rules yield, directions, generic classes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.model.camera import Camera, Mount
from lhasaplan.core.model.place import Part
from lhasaplan.core.remedies.new_mounts import Mounts, Spot, aimed, as_written
from lhasaplan.core.rules.audit_policy import NewCameraRules, TagValues, has_any
from lhasaplan.core.rules.siting_rules import GenericClass, SitingRules

NAME = "proposed"


def new_places(context: AuditContext, parts: Sequence[Part], rules: SitingRules) -> list[Spot]:
    """Return the places near parts at which a new camera may hang, each once at each height.

    None lies on protected ground, on a building that is protected or of unknown use, in a tree, or on ground that the user
    forbids.
    """
    if not parts:
        return []
    usual = replace(
        context.reference_data.service.new,
        reach_m=rules.reach_m,
        spacing_m=rules.spacing_m,
        positions=rules.positions,
        corners=rules.corners,
    )
    closed, poles = forbidden_ground(context, rules), _mapped_poles(context, rules)
    found: dict[tuple[float, float, Mount, float], Spot] = {}
    for pole_m, wall_m in rules.heights_m:
        mounts = Mounts(context, parts, replace(usual, pole_height_m=pole_m, wall_height_m=wall_m))
        for spot in (each for part in parts for each in _spots(mounts, part, poles, rules)):
            if closed is None or not shapely.intersects_xy(closed, spot.x_m, spot.y_m):
                found.setdefault((*_place(spot), spot.height_m), spot)
    return list(found.values())


def place_numbers(spots: Sequence[Spot]) -> list[int]:
    """Return a number for each spot, the same for those that are one place at several heights: one camera may hang there."""
    known: dict[tuple[float, float, Mount], int] = {}
    return [known.setdefault(_place(spot), len(known)) for spot in spots]


def _place(spot: Spot) -> tuple[float, float, Mount]:
    return round(spot.x_m, 1), round(spot.y_m, 1), spot.mount


def looking(spot: Spot, azimuth_deg: float, tilt_deg: float, lens: GenericClass, context: AuditContext) -> Camera:
    """Return a camera of a class on a place; ``azimuth_deg`` is from grid north."""
    ahead = np.array([[spot.x_m, spot.y_m + 1.0, 0.0]])
    lean = float(context.crs.convergence_deg(spot.x_m, spot.y_m))
    camera = aimed(spot, NAME, ahead, context, _one(lens))
    return replace(camera, azimuth_deg=round((azimuth_deg + lean) % 360.0, 1), tilt_deg=tilt_deg)


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


def _one(each: GenericClass) -> NewCameraRules:
    return NewCameraRules(hfov_deg=(each.hfov_deg,), image_width_px=each.image_width_px, image_height_px=each.image_height_px)
