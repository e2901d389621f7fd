"""Masks, density bands and raised decks over uneven ground."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.kept_shapes import Shape
from lhasaplan.core.model.camera import View
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M
from lhasaplan.core.sight.lens.frustum import half_width_deg
from lhasaplan.core.sight.lens.masks import mask_rays, pixel_masks_apply, sector_masks
from lhasaplan.core.sight.lens.open_ground import directions_deg, ground_inside
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.visibility.density_bands import Band, BandsOnDemand, bands_within
from lhasaplan.core.sight.visibility.shadows import blocking_span, shadows_of

# Shadow of one raised deck: a crown, a bridge or a roof on posts; most are convex, and a convex one's is a single hull.

LEAST_M = 0.01  # a lens nearer to a deck than this counts as this near: the shadow only has to pass its range
CONVEX_SHARE = 1.0 - 1e-9


def deck_shadow(view: View, scene: Scene, number: int, target_z_m: float) -> BaseGeometry:
    """Return what a building hides on the plane at the target's height, out to three ranges at least.

    A point is hidden in the footprint enlarged from the lens by any factor between two (``shadow.shadows``). Of a convex
    footprint these fill the hull of the least and the most enlarged one: a point between a * p and b * q is f * r, with f
    between a and b, and r between p and q.
    """
    outline = scene.buildings.polygons[number]
    if not is_convex(outline):
        return shadows_of(view, scene, np.array([number]), target_z_m)
    base_m, top_m = scene.buildings.base_m[[number]], scene.buildings.top_m[[number]]
    start, end = (float(share[0]) for share in blocking_span(view.lens_z_m, target_z_m, base_m, top_m))
    if start >= end - 1e-12:
        return shapely.Polygon()
    enough = 3.0 * view.range_m / max(LEAST_M, shapely.distance(outline, shapely.Point(view.x_m, view.y_m))) + 1.0
    near = 1.0 / end
    return _hull(view, outline, (near, max(near, min(1.0 / max(start, 1e-12), enough))))


def is_convex(outline: BaseGeometry) -> bool:
    """Return whether an area fills its hull."""
    return bool(outline.area >= CONVEX_SHARE * outline.convex_hull.area)


def _hull(view: View, outline: BaseGeometry, factors: tuple[float, float]) -> BaseGeometry:
    """Return the hull of an outline enlarged from the lens by two factors."""
    lens = np.array([view.x_m, view.y_m])
    corner = shapely.get_coordinates(outline) - lens
    hull: BaseGeometry = shapely.convex_hull(shapely.MultiPoint(lens + np.concatenate([corner * f for f in factors])))
    return hull


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


# Density bands of a field over relief, cut when somebody asks, as those on level land are.


class ReliefBands(BandsOnDemand):
    """The bands above uneven ground, ``plane_m`` being the height above it that is looked at.

    It goes to other processes as the tuple that it stands for, without the ground of the city.
    """

    __slots__ = ("_relief",)

    def __init__(self, view: View, plane_m: float, ground: Shape, relief: Relief) -> None:
        super().__init__(view, plane_m, ground)
        self._relief = relief

    def __reduce__(self) -> tuple[type[tuple[Band, ...]], tuple[tuple[Band, ...]]]:
        return tuple, (self._read(),)

    def over(self, ground: Shape) -> "ReliefBands":
        """Return the same bands over ground that is kept elsewhere."""
        return ReliefBands(self._view, self._plane_m, ground, self._relief)

    def _cut(self) -> tuple[Band, ...]:
        return bands_within(self._ground, bands_over_relief(self._view, self._relief, self._plane_m, DENSITY_BANDS_PX_M))
