"""Masks, density bands and raised decks over uneven ground."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.frustum import half_width_deg
from lhasaplan.core.sight.lens.masks import mask_rays, pixel_masks_apply, sector_masks
from lhasaplan.core.sight.lens.open_ground import directions_deg, ground_inside
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.deck_shadows import deck_shadow


def hidden_over_relief(views: Sequence[View], scene: Scene, target_height_m: float) -> Iterator[tuple[int, BaseGeometry]]:
    """Yield what masks and raised decks hide of the ground within range, each with its view's position."""
    for k, view in enumerate(views):
        if view.mask_sector_deg:
            for piece in sector_masks(view):
                yield k, piece
    yield from _masks_on_ground(views, scene.relief, target_height_m)
    yield from _deck_shadows(views, scene, target_height_m)


def bands_over_relief(view: View, relief: Relief, target_height_m: float, limits: tuple[float, ...]) -> list[BaseGeometry]:
    """Return, between each two of the descending reaches of ascending densities, the ground that has that density.

    Walls and range are ignored. Found by following each direction until the density falls below the limit.
    """
    from lhasaplan.core.sight.obstacles.ground_lines import reach_at_densities  # noqa: PLC0415  (as in ``_masks_on_ground``)

    offsets = directions_deg(view)
    reaches = [*reach_at_densities(view, relief, target_height_m, limits, offsets).T, np.zeros(len(offsets))]
    is_full = half_width_deg(view) >= 180.0
    return [ground_inside(view, offsets, outer, inner, is_full) for outer, inner in pairwise(reaches)]


def _masks_on_ground(views: Sequence[View], relief: Relief, target_height_m: float) -> Iterator[tuple[int, BaseGeometry]]:
    """Yield where masks of the picture fall on the ground; rays that never meet it go far beyond the range."""
    outlines = [(k, rays) for k, view in enumerate(views) if pixel_masks_apply(view) for rays in mask_rays(view)]
    if not outlines:
        return
    from lhasaplan.core.sight.obstacles.ground_lines import meet_ground  # noqa: PLC0415  (numba is loaded when it is first needed)

    size = [len(rays) for _, rays in outlines]
    ray, number = np.concatenate([rays for _, rays in outlines]), np.repeat([k for k, _ in outlines], size)
    lens = np.array([(v.x_m, v.y_m, v.lens_z_m - target_height_m, 1.5 * v.range_m) for v in views])[number]
    along = ray / np.maximum(np.hypot(ray[:, 0], ray[:, 1]), 1e-9)[:, None]
    reach = meet_ground(relief, lens, along)
    ground = np.split(lens[:, :2] + along[:, :2] * reach[:, None], np.cumsum(size)[:-1])
    for (k, _), outline in zip(outlines, ground, strict=True):
        yield k, shapely.make_valid(shapely.Polygon(outline)).buffer(0)


def _deck_shadows(views: Sequence[View], scene: Scene, target_height_m: float) -> Iterator[tuple[int, BaseGeometry]]:
    """Yield the shadow of each raised deck in range of a view, on the level of the ground below it."""
    decks = np.flatnonzero(scene.is_raised)
    if not len(decks):
        return
    outlines = scene.buildings.polygons[decks]
    feet, reach = shapely.points([(v.x_m, v.y_m) for v in views]), [v.range_m for v in views]
    near = shapely.STRtree(outlines).query(feet, predicate="dwithin", distance=reach)
    middle = shapely.get_coordinates(shapely.centroid(outlines))
    level = ground_at(scene.relief, middle[:, 0], middle[:, 1]) + target_height_m
    for k, j in near.T.tolist():
        if decks[j] != views[k].own_building and views[k].lowest_lens_z_m is None:
            shadow = deck_shadow(views[k], scene, int(decks[j]), float(level[j]))
            if not shadow.is_empty and math.isfinite(shadow.area):
                yield k, shadow
