"""What views see by the plain way: every footprint near a line is asked, every shadow taken away; exact and slow.

Tests hold the kernels against it. It shares optics, masks and rooms with the program, and nothing of the sweep.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import shapely
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.camera import Field, Mount, View
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M
from lhasaplan.core.sight.lens.frustum import (
    are_sets,
    columns_of,
    density_limits_px_m,
    ground_limits_m,
    half_width_deg,
    in_range,
    optics_of,
    pixel_density_px_m,
)
from lhasaplan.core.sight.lens.masks import masked_ground, masked_points
from lhasaplan.core.sight.lines.pairs import _beside_picture
from lhasaplan.core.sight.obstacles.scene import NO_WALL, Scene, is_indoors, open_floor, wall_before
from lhasaplan.core.sight.sweep.density_bands import (
    ARC_STEP_DEG,
    Band,
    _rim,
    areas_only,
    bands_within,
    directions_deg,
    grounds_between,
)
from lhasaplan.core.sight.sweep.fields import bands_over_relief, blocking_span, hidden_over_relief, shadows_of

Span = tuple[FloatArray, FloatArray]  # shares of the way from lens to target, from and to

GRAZE_M = 1e-3  # a line that is inside a footprint for less than this passes by


def in_frame(view: View, xyz_m: FloatArray) -> BoolArray:
    """Return which points are within range and picture, walls and masks ignored."""
    dx, dy = xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m
    aside, below = _beside_picture(view, xyz_m)
    return in_range(view, dx, dy) & ~aside & ~below


def in_own_rooms(view: View, xyz_m: FloatArray, scene: Scene) -> BoolArray:
    """Return which points lie within an indoor view's footprint and before its walls; all of them for any other view."""
    if not is_indoors(view):
        return np.ones(len(xyz_m), bool)
    inside = shapely.intersects_xy(scene.buildings.polygons[view.own_building], xyz_m[:, 0], xyz_m[:, 1])
    return np.asarray(inside & (wall_before(view, xyz_m, scene) == NO_WALL))


def blocked_lines(view: View, xyz_m: FloatArray, scene: Scene) -> BoolArray:
    """Return which of the points, shape (P, 3), a building hides from the lens."""
    point, building, start, end = _meetings(view, xyz_m, scene)
    hidden = np.zeros(len(xyz_m), bool)
    hidden[point[_inside_length(view, xyz_m[point], building, (start, end), scene) > GRAZE_M]] = True
    return hidden


def _meetings(view: View, xyz_m: FloatArray, scene: Scene) -> tuple[IntArray, IntArray, FloatArray, FloatArray]:
    """Return the pairs of point and building that may block, with the share of the line between base and top."""
    point, building = scene.tree.query(_pieces(view, xyz_m, 0.0, 1.0), predicate="intersects")
    if view.mount is Mount.INDOOR:
        point, building = point[building != view.own_building], building[building != view.own_building]
    if view.lowest_lens_z_m is not None:
        point, building = point[~scene.is_raised[building]], building[~scene.is_raised[building]]
    base, top = scene.buildings.base_m[building], scene.buildings.top_m[building]
    start, end = blocking_span(view.lens_z_m, xyz_m[point, 2], base, top)
    keep = start < end
    return point[keep], building[keep], start[keep], end[keep]


def _inside_length(view: View, xyz_m: FloatArray, building: IntArray, span: Span, scene: Scene) -> FloatArray:
    """Return how long each line is inside its building while between base and top."""
    inside = shapely.intersection(_pieces(view, xyz_m, *span), scene.buildings.polygons[building])
    return np.asarray(shapely.length(inside))


def _pieces(view: View, xyz_m: FloatArray, start: FloatArray | float, end: FloatArray | float) -> FloatArray:
    """Return the parts of the lines from lens to points between two shares of their length."""
    lens = np.array([view.x_m, view.y_m])
    along = xyz_m[:, :2] - lens
    a, b = lens + along * np.reshape(start, (-1, 1)), lens + along * np.reshape(end, (-1, 1))
    return np.asarray(shapely.linestrings(np.stack([a, b], 1)))


def densities_by_lines(views: Sequence[View], xyz_m: FloatArray, scene: Scene) -> sparse.csr_array:
    """Return the density at which each view sees each point, by asking every footprint near each line; slow.

    Shape (P, V); an absent entry is an unseen point.
    """
    view, point = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for k, one in enumerate(views):
        near = np.flatnonzero(in_frame(one, xyz_m))
        near = near[~blocked_lines(one, xyz_m[near], scene)]
        near = near[_is_unmasked(one, xyz_m[near]) & in_own_rooms(one, xyz_m[near], scene)]
        point.append(near)
        view.append(np.full(len(near), k))
    view, point = np.concatenate(view), np.concatenate(point)
    lens = np.array([(v.x_m, v.y_m, v.lens_z_m) for v in views], float).reshape(-1, 3)
    along, columns = xyz_m[point] - lens[view], columns_of(views)
    plain = pixel_density_px_m(optics_of(views).of(view), along[:, 0], along[:, 1], -along[:, 2])
    highest = density_limits_px_m(columns.of(view), along[:, 0], along[:, 1], -along[:, 2])[1]
    density = np.where(are_sets(columns)[view], highest, plain)
    return sparse.csr_array(sparse.coo_array((density, (point, view)), shape=(len(xyz_m), len(views))))


def _is_unmasked(view: View, xyz_m: FloatArray) -> BoolArray:
    """Return which points no mask hides."""
    if not view.mask_px and not view.mask_sector_deg:
        return np.ones(len(xyz_m), bool)
    return ~masked_points(view, xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m, view.lens_z_m - xyz_m[:, 2])


def fields_by_shadows(views: Sequence[View], scene: Scene, target_height_m: float = 1.5) -> tuple[Field, ...]:
    """Return one field per view, by taking the shadows of all buildings away; exact and slow."""
    ground = np.empty(len(views), object)
    for k, view in enumerate(views):
        ground[k] = _lit_ground(view, scene, target_height_m)
    return tuple(_field(view, seen, scene, target_height_m) for view, seen in zip(views, ground, strict=True))


def _lit_ground(view: View, scene: Scene, target_height_m: float) -> BaseGeometry:
    """Return the plane of the target within sector and farthest limit without the shadows of buildings."""
    reach = open_ground(view, target_height_m, with_blind_zone=True)
    if reach.is_empty:
        return reach
    return shapely.difference(reach, shadows(view, scene, reach, target_height_m))


def _field(view: View, lit: BaseGeometry, scene: Scene, target_height_m: float) -> Field:
    """Return one view's field."""
    seen = lit
    for piece in _hidden(view, scene, target_height_m):
        seen = shapely.difference(seen, piece)
    if is_indoors(view):
        seen = shapely.intersection(seen, open_floor(view, scene))
    seen = areas_only(seen)
    return Field(view.basis, seen, _bands(view, seen, scene, target_height_m), float(seen.area))


def _hidden(view: View, scene: Scene, target_height_m: float) -> list[BaseGeometry]:
    """Return what is hidden beside the shadows that the sweep knows."""
    if not scene.relief.is_level:
        return [piece for _, piece in hidden_over_relief([view], scene, target_height_m)]
    pieces = [blind_zone(view, target_height_m), masked_ground(view, target_height_m)]
    return [piece for piece in pieces if piece is not None]


def _bands(view: View, seen: BaseGeometry, scene: Scene, target_height_m: float) -> tuple[Band, ...]:
    """Return (lower density, ground) from coarse to fine, disjoint; empty bands are left out."""
    if seen.is_empty:
        return ()
    if scene.relief.is_level:
        ends = pairwise((*DENSITY_BANDS_PX_M, np.inf))
        return bands_within(seen, [grounds_between([view], target_height_m, coarse, fine)[0] for coarse, fine in ends])
    return bands_within(seen, bands_over_relief(view, scene.relief, target_height_m, DENSITY_BANDS_PX_M))


def blockers(view: View, scene: Scene, near: BaseGeometry) -> IntArray:
    """Return the buildings that touch the area and may block the view; an indoor lens is not blocked by its own.

    A raised deck that hides a spot from one height of a set may not from another: it blocks nothing for certain.
    """
    found = np.sort(scene.tree.query(near, predicate="intersects")).astype(np.int64)
    found = found if view.lowest_lens_z_m is None else found[~scene.is_raised[found]]
    return found[found != view.own_building] if view.mount is Mount.INDOOR else found


def shadows(view: View, scene: Scene, near: BaseGeometry, target_z_m: float) -> BaseGeometry:
    """Return all that buildings hide within the area, on the plane at the target's height.

    A point is hidden when the sight line is inside a footprint while it is between base and top. Seen from the lens
    these are the footprint enlarged by every factor from 1/t1 to 1/t0 (``blocking_span``): the union of the
    least enlarged footprint and of what each wall sweeps. Exact at wall ends.
    """
    return shadows_of(view, scene, blockers(view, scene, near), target_z_m)


def open_ground(view: View, target_z_m: float, with_blind_zone: bool = False) -> BaseGeometry:
    """Return what the view would see on the plane of the target without any building or mask."""
    _, far = ground_limits_m(view, view.lens_z_m - target_z_m)
    if far <= 0.0:
        return shapely.Polygon()
    outer = _rim(view, directions_deg(view), far)
    if half_width_deg(view) < 180.0:
        outer = np.r_[outer, [(view.x_m, view.y_m)]]
    blind = None if with_blind_zone else blind_zone(view, target_z_m)
    return shapely.Polygon(outer) if blind is None else shapely.difference(shapely.Polygon(outer), blind)


def blind_zone(view: View, target_z_m: float) -> BaseGeometry | None:
    """Return the disc around the mount that the picture does not reach, None if there is none."""
    near, far = ground_limits_m(view, view.lens_z_m - target_z_m)
    if near <= 0.0 or far <= 0.0:
        return None
    bearing = np.radians(np.arange(0.0, 360.0, ARC_STEP_DEG))
    return shapely.Polygon(np.column_stack((view.x_m + near * np.sin(bearing), view.y_m + near * np.cos(bearing))))
