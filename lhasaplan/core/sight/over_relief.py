"""What depends on the shape of the ground beside the sweep itself: masks, density bands and raised decks over relief."""

import math
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.arrays import FloatArray
from lhasaplan.core.camera import View
from lhasaplan.core.sight.frustum import density_px_m, half_width_deg
from lhasaplan.core.sight.mask import mask_rays, pixel_masks_apply, sector_masks
from lhasaplan.core.sight.outline import directions_deg, ground_inside
from lhasaplan.core.sight.relief import Relief, ground_at
from lhasaplan.core.sight.scene import Scene
from lhasaplan.core.sight.shadow import shadows_of

STEPS = 160  # along a ray, to find where a density ends or a mask's edge meets the ground


def hidden_over_relief(view: View, scene: Scene, target_height_m: float) -> list[BaseGeometry]:
    """Return what masks and raised decks hide of the ground within range."""
    pieces = list(sector_masks(view))
    if pixel_masks_apply(view):
        pieces += [_mask_on_ground(view, rays, scene.relief, target_height_m) for rays in mask_rays(view)]
    return pieces + _deck_shadows(view, scene, target_height_m)


def bands_over_relief(view: View, relief: Relief, target_height_m: float, limits: tuple[float, ...]) -> list[BaseGeometry]:
    """Return, between each two of the descending reaches of ascending densities, the ground that has that density.

    Walls and range are ignored. Found by following each direction until the density falls below the limit.
    """
    offsets = directions_deg(view)
    away = np.linspace(0.0, view.range_m, STEPS + 1)
    bearing = np.radians(view.azimuth_deg + offsets)[:, None]
    dx, dy = away * np.sin(bearing), away * np.cos(bearing)
    drop = view.lens_z_m - ground_at(relief, view.x_m + dx, view.y_m + dy) - target_height_m
    density = density_px_m(view, dx, dy, drop)
    reaches = [_last_above(density, away, limit) for limit in limits] + [np.zeros(len(offsets))]
    is_full = half_width_deg(view) >= 180.0
    return [ground_inside(view, offsets, outer, inner, is_full) for outer, inner in pairwise(reaches)]


def _last_above(density: FloatArray, away_m: FloatArray, limit: float) -> FloatArray:
    """Return, per direction, where the density first falls below the limit; twice the range if nowhere."""
    below = density < limit
    k = np.where(below.any(axis=1), below.argmax(axis=1), 0)
    row = np.arange(len(density))
    before, after = density[row, np.maximum(k - 1, 0)], density[row, k]
    share = np.where(k > 0, (before - limit) / np.maximum(before - after, 1e-12), 0.0)
    reach = away_m[np.maximum(k - 1, 0)] + share * (away_m[1] - away_m[0])
    return np.where(below.any(axis=1), np.where(below[:, 0], 0.0, reach), 2.0 * away_m[-1])


def _mask_on_ground(view: View, rays: FloatArray, relief: Relief, target_height_m: float) -> BaseGeometry:
    """Return where a mask of the picture falls on the ground; rays that never meet it go far beyond the range."""
    level = np.maximum(np.hypot(rays[:, 0], rays[:, 1]), 1e-9)
    away = np.linspace(0.0, 1.5 * view.range_m, 2 * STEPS + 1)
    x = view.x_m + rays[:, :1] / level[:, None] * away
    y = view.y_m + rays[:, 1:2] / level[:, None] * away
    above = view.lens_z_m - rays[:, 2:] / level[:, None] * away - ground_at(relief, x, y) - target_height_m
    reach = _last_above(above + 1.0, away, 1.0)
    ground = np.column_stack((view.x_m + rays[:, 0] / level * reach, view.y_m + rays[:, 1] / level * reach))
    return shapely.make_valid(shapely.Polygon(ground)).buffer(0)


def _deck_shadows(view: View, scene: Scene, target_height_m: float) -> list[BaseGeometry]:
    """Return the shadow of each raised deck in range, on the level of the ground below it."""
    near = shapely.Point(view.x_m, view.y_m).buffer(view.range_m)
    found = np.sort(scene.tree.query(near, predicate="intersects")).astype(np.int64)
    decks = found[scene.is_raised[found] & (found != view.own_building)]
    middle = shapely.get_coordinates(shapely.centroid(scene.buildings.polygons[decks]))
    ground = ground_at(scene.relief, middle[:, 0], middle[:, 1]) if len(decks) else np.empty(0)
    cast = [shadows_of(view, scene, np.array([k]), z + target_height_m) for k, z in zip(decks, ground, strict=True)]
    return [shadow for shadow in cast if not shadow.is_empty and math.isfinite(shadow.area)]
