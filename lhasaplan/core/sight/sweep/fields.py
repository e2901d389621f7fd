"""Visibility polygons: what each view can see at target height, over relief too, and the part of it at a density."""

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from weakref import ref

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray, slices
from lhasaplan.core.base.kept_shapes import Shape
from lhasaplan.core.base.progress import Progress, in_threads, no_progress
from lhasaplan.core.model.camera import Field, View
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.core.sight.lens.frustum import half_width_deg
from lhasaplan.core.sight.lens.masks import mask_rays, pixel_masks_apply, sector_masks
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at
from lhasaplan.core.sight.obstacles.scene import ROUND_M, Scene, is_indoors, open_floor, walls_of
from lhasaplan.core.sight.sweep.density_bands import (
    Band,
    BandsOnDemand,
    DensityBands,
    areas_of,
    areas_only,
    bands_within,
    cut_at_density,
    directions_deg,
    ground_inside,
    is_dense_throughout,
)
from lhasaplan.core.sight.sweep.polygons import Swept

# Masks, density bands and raised decks over uneven ground.

# Shadows of buildings on the plane of the target: what a lens cannot see because a prism stands between.
LIFT_SLACK_M = 1e-9


def blocking_span(
    lens_z_m: float, target_z_m: FloatArray | float, base_m: FloatArray, top_m: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the shares of the way from lens to target on which the sight line is between base and top.

    (t0, t1) within 0 to 1; t0 >= t1 where the line never is: it passes over the roof or under a passage.
    """
    rise = np.asarray(target_z_m - lens_z_m, float)
    level = np.abs(rise) < LIFT_SLACK_M
    slope = np.where(level, 1.0, rise)
    a, b = (base_m - lens_z_m) / slope, (top_m - lens_z_m) / slope
    between = (base_m < lens_z_m) & (lens_z_m < top_m)
    low = np.where(level, np.where(between, 0.0, 1.0), np.clip(np.minimum(a, b), 0.0, 1.0))
    high = np.where(level, np.where(between, 1.0, 0.0), np.clip(np.maximum(a, b), 0.0, 1.0))
    return low, high


def shadows_of(view: View, scene: Scene, found: IntArray, target_z_m: float) -> BaseGeometry:
    """Return all that some buildings hide, on the plane at the target's height.

    A point is hidden when the sight line is inside a footprint while it is between base and top. Seen from the lens
    these are the footprint enlarged by every factor from 1/t1 to 1/t0 (``blocking_span``): the union of the
    least enlarged footprint and of what each wall sweeps. Exact at wall ends.
    """
    buildings = scene.buildings
    start, end = blocking_span(view.lens_z_m, target_z_m, buildings.base_m[found], buildings.top_m[found])
    blocks = start < end - 1e-12
    found, start, end = found[blocks], start[blocks], end[blocks]
    if not len(found):
        return shapely.Polygon()
    pieces = np.r_[_enlarged(view, scene, found, 1.0 / end), _swept(view, scene, found, start, end)]
    return shapely.union_all(pieces, grid_size=ROUND_M)


def _enlarged(view: View, scene: Scene, found: IntArray, factor: FloatArray) -> ObjectArray:
    """Return the footprints enlarged from the lens by a factor each."""
    polygons = scene.buildings.polygons[found]
    lens = np.array([view.x_m, view.y_m])
    for k in np.flatnonzero(factor > 1.0 + 1e-12):
        polygons[k] = shapely.transform(polygons[k], lambda xy, f=factor[k]: lens + (xy - lens) * f)
    return polygons


def _swept(view: View, scene: Scene, found: IntArray, start: FloatArray, end: FloatArray) -> ObjectArray:
    """Return the quadrilaterals that walls sweep between their least and their greatest enlargement."""
    walls, of = walls_of(scene.buildings.polygons[found])
    lens = np.array([view.x_m, view.y_m])
    a, b = walls[:, :2] - lens, walls[:, 2:] - lens
    reach = 3.0 * view.range_m / np.maximum(0.01, _distance(a, b)) + 1.0
    near = 1.0 / end[of]
    far = np.minimum(1.0 / np.maximum(start[of], 1e-12), np.maximum(near, reach))
    wide = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) > 1e-9 * np.hypot(*a.T) * np.hypot(*b.T)
    keep = wide & (far > near + 1e-12) & (near < reach)
    a, b, near, far = a[keep], b[keep], near[keep, None], far[keep, None]
    return np.asarray(shapely.polygons(np.stack([a * near, b * near, b * far, a * far, a * near], 1) + lens))


def _distance(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the distance of the origin from segments a to b."""
    along = b - a
    share = np.clip(-(a * along).sum(1) / np.maximum((along**2).sum(1), 1e-18), 0.0, 1.0)
    nearest = a + along * share[:, None]
    return np.asarray(np.hypot(nearest[:, 0], nearest[:, 1]))


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
    from lhasaplan.core.sight.obstacles.relief_lines import reach_at_densities  # noqa: PLC0415  (as in ``_masks_on_ground``)

    offsets = directions_deg(view)
    reaches = [*reach_at_densities(view, relief, target_height_m, limits, offsets).T, np.zeros(len(offsets))]
    is_full = half_width_deg(view) >= 180.0
    return [ground_inside(view, offsets, outer, inner, is_full) for outer, inner in pairwise(reaches)]


def _masks_on_ground(views: Sequence[View], relief: Relief, target_height_m: float) -> Iterator[tuple[int, BaseGeometry]]:
    """Yield where masks of the picture fall on the ground; rays that never meet it go far beyond the range."""
    outlines = [(k, rays) for k, view in enumerate(views) if pixel_masks_apply(view) for rays in mask_rays(view)]
    if not outlines:
        return
    from lhasaplan.core.sight.obstacles.relief_lines import meet_ground  # noqa: PLC0415  (numba is loaded when it is first needed)

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
    if not len(decks) or not len(views):
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


# The part of what views see that they show at a density or better, for many views at once.

VIEWS_A_BATCH = 64
_AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def ground_at_least(
    views: Sequence[View],
    fields: Sequence[Field],
    scene: Scene,
    density_px_m: float,
    *,
    target_height_m: float = 1.5,
    progress: Progress = no_progress,
) -> ObjectArray:
    """Return the ground that each view shows at the density or better, shape (V,); areas, empty where there is none.

    The same as the union of the field's bands from this density up, but cut once, and not at all where the range ends first.
    """
    found = np.array([*(field.geometry for field in fields), None], object)[:-1]
    batches = [range(len(views))[some] for some in slices(len(views), VIEWS_A_BATCH)]

    def cut(batch: range) -> None:
        some = [v for v in batch if not _is_sharp_throughout(views[v], scene, density_px_m, target_height_m)]
        mine = [views[v] for v in some]
        if scene.relief.is_level:
            sharp = cut_at_density(mine, target_height_m, found[some], density_px_m)
            found[some] = np.where(shapely.get_num_geometries(sharp) == 1, shapely.get_geometry(sharp, 0), sharp)
        else:
            near = (bands_over_relief(view, scene.relief, target_height_m, (density_px_m,))[0] for view in mine)
            sharp = shapely.intersection(found[some], np.array([*near, None], object)[:-1])
            mixed = np.flatnonzero(~np.isin(shapely.get_type_id(sharp), _AREAS))
            sharp[mixed] = areas_of(sharp[mixed])
            found[some] = sharp

    if batches:
        in_threads(cut, batches, progress)
    return found


def _is_sharp_throughout(view: View, scene: Scene, density_px_m: float, target_height_m: float) -> bool:
    """Tell whether the view ends before its density falls below the limit; over relief that is unknown beforehand."""
    return scene.relief.is_level and is_dense_throughout(view, target_height_m, density_px_m)


# Visibility polygons: what each view can see at target height, cut into density bands.


def fields_of_swept(views: Sequence[View], swept: Swept, scene: Scene, target_height_m: float) -> tuple[Field, ...]:
    """Return the fields of views from what the sweep found on level ground, masks taken off: made valid, indoor walls cut."""
    ground, area_m2 = settle(views, swept, scene)
    together: list[ref[DensityBands]] = []
    return tuple(
        Field(view.basis, seen, DensityBands(view, target_height_m, seen, together) if area else (), area)
        for view, seen, area in zip(views, ground, area_m2.tolist(), strict=True)
    )


def fields_over_relief(views: Sequence[View], swept: Swept, scene: Scene, target_height_m: float) -> tuple[Field, ...]:
    """Return the fields of views from what the sweep found over relief: masks and raised decks off, made valid, bands cut."""
    ground, area_m2, is_sound = swept.ground.copy(), swept.area_m2.copy(), swept.is_sound.copy()
    changed = set()
    for k, piece in hidden_over_relief(views, scene, target_height_m):
        if k not in changed and not is_sound[k] and not shapely.is_valid(ground[k]):
            ground[k] = areas_only(ground[k])  # GEOS cuts no polygon that touches itself
        ground[k] = shapely.difference(ground[k], piece)
        changed.add(k)
    for k in changed:
        ground[k] = areas_only(ground[k])
        area_m2[k] = ground[k].area
        is_sound[k] = True
    ground, area_m2 = settle(views, Swept(ground, area_m2, is_sound), scene)
    return tuple(
        Field(view.basis, seen, ReliefBands(view, target_height_m, seen, scene.relief) if area else (), area)
        for view, seen, area in zip(views, ground, area_m2.tolist(), strict=True)
    )


def settle(views: Sequence[View], swept: Swept, scene: Scene) -> tuple[ObjectArray, FloatArray]:
    """Return polygons and areas of a sweep, those in doubt made valid, and cut to their own floor where lenses are indoors."""
    ground, area_m2 = swept.ground.copy(), swept.area_m2.copy()
    doubtful = np.flatnonzero(~swept.is_sound)
    indoor = [k for k, view in enumerate(views) if is_indoors(view)]
    for k in indoor:
        ground[k] = shapely.intersection(shapely.make_valid(ground[k]), open_floor(views[k], scene))
    for k in {*indoor, *doubtful[~shapely.is_valid(ground[doubtful])].tolist()}:
        ground[k] = areas_only(ground[k])
        area_m2[k] = ground[k].area
    return ground, area_m2
