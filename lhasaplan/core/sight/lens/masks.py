"""Masks: parts of the picture or of the compass that the camera hides, on the ground and for single points."""

import math
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.camera import View, ViewColumns
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.sight.lens.frustum import NEAREST_M, WIDEST_DEG, columns_of, focal_lengths_px

# Where points fall in pictures, many views at once.

LEAST_AHEAD_M = 1e-9  # nearer to the lens's plane nothing is in a rectilinear picture


def pixels_at(views: ViewColumns, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return image columns and rows (origin top left) of points; NaN behind a rectilinear lens.

    Parameters
    ----------
    views : one for each point, or one for all.   dx_m, dy_m, drop_m : shape (n,); east, north and down from the lens.
    """
    focal = focal_lengths_px(views)
    ahead, aside, below = _in_lens_frame(views, dx_m, dy_m, drop_m)
    scale = np.where(views.is_equidistant, _equidistant_scale(ahead, aside, below), _rectilinear_scale(ahead)) * focal
    across, down = aside * scale, below * scale
    unrolled = views.is_equidistant & (views.hfov_deg >= 360.0 - 1e-9)  # a full circle; see ``is_panorama``
    if unrolled.any():
        turn = (np.degrees(np.arctan2(dx_m, dy_m)) - views.azimuth_deg + 180.0) % 360.0 - 180.0
        dip = np.arctan2(drop_m, np.hypot(dx_m, dy_m)) - np.radians(views.tilt_deg)
        across = np.where(unrolled, np.radians(turn) * focal, across)
        down = np.where(unrolled, dip * focal, down)
    return views.width_px / 2.0 + across, views.height_px / 2.0 + down


def _equidistant_scale(ahead: FloatArray, aside: FloatArray, below: FloatArray) -> FloatArray:
    """Return how far from the middle a metre aside is, in focal lengths."""
    side = np.hypot(aside, below)
    return np.arctan2(side, ahead) / np.maximum(side, 1e-12)


def _rectilinear_scale(ahead: FloatArray) -> FloatArray:
    """Return the same for a rectilinear lens."""
    is_ahead = ahead > LEAST_AHEAD_M
    return np.where(is_ahead, 1.0 / np.where(is_ahead, ahead, 1.0), np.nan)


def _in_lens_frame(
    views: ViewColumns, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return distances along the optical axis, to its right, and below it in the picture."""
    azimuth, tilt = np.radians(views.azimuth_deg), np.radians(views.tilt_deg)
    forward = dx_m * np.sin(azimuth) + dy_m * np.cos(azimuth)
    right = dx_m * np.cos(azimuth) - dy_m * np.sin(azimuth)
    ahead = forward * np.cos(tilt) + drop_m * np.sin(tilt)
    return ahead, right, drop_m * np.cos(tilt) - forward * np.sin(tilt)


EDGE_STEP_PX = 8.0  # mask edges are followed in steps of this size where the lens bends straight lines


def pixel_masks_apply(view: View) -> bool:
    """Return whether masks drawn in the picture can be placed: only where there is one picture."""
    return bool(view.mask_px) and view.is_one_lens


def is_panorama(view: View) -> bool:
    """Return whether the picture is an unrolled full circle."""
    return view.lens_class is LensClass.EQUIDISTANT and view.hfov_deg >= 360.0 - 1e-9


def masked_points(view: View, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray) -> BoolArray:
    """Return which points a mask hides."""
    hidden = np.zeros(len(dx_m), bool)
    bearing = np.degrees(np.arctan2(dx_m, dy_m))
    for first, last in view.mask_sector_deg:
        hidden |= (bearing - first) % 360.0 <= sweep_deg(first, last)
    if pixel_masks_apply(view):
        u, v = pixels_of(view, dx_m, dy_m, drop_m)
        for ring in view.mask_px:
            hidden |= shapely.intersects_xy(shapely.Polygon(ring), u, v)
    return hidden


def masked_ground(view: View, target_z_m: float) -> BaseGeometry | None:
    """Return the part of the plane at the target's height that masks hide, None without masks."""
    pieces = sector_masks(view)
    if pixel_masks_apply(view):
        pieces += [_on_plane(view, rays, view.lens_z_m - target_z_m) for rays in mask_rays(view)]
    return shapely.union_all(pieces) if pieces else None


def sector_masks(view: View) -> list[BaseGeometry]:
    """Return the sectors that masks by compass hide, well beyond the range."""
    return [_wedge(view, first, last) for first, last in view.mask_sector_deg]


def mask_rays(view: View) -> list[FloatArray]:
    """Return the directions (east, north, down) of points along the outline of each mask of the picture, shape (n, 3)."""
    outlines = [shapely.segmentize(shapely.Polygon(ring), EDGE_STEP_PX).exterior.coords for ring in view.mask_px]
    return [rays_of(view, *np.asarray(outline).T) for outline in outlines]


def pixels_of(view: View, dx_m: FloatArray, dy_m: FloatArray, drop_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return image columns and rows (origin top left) of points; NaN behind a rectilinear lens."""
    return pixels_at(columns_of([view]), dx_m, dy_m, drop_m)


def sweep_deg(first_deg: float, last_deg: float) -> float:
    """Return the clockwise angle from the first to the last azimuth; equal azimuths mean the whole circle."""
    return (last_deg - first_deg) % 360.0 or 360.0


def _wedge(view: View, first_deg: float, last_deg: float) -> BaseGeometry:
    """Return the sector from the first azimuth clockwise to the last, well beyond the range."""
    sweep = sweep_deg(first_deg, last_deg)
    bearing = np.radians(first_deg + np.linspace(0.0, sweep, max(2, math.ceil(sweep)) + 1))
    reach = 1.1 * view.range_m + 1.0
    rim = np.c_[view.x_m + reach * np.sin(bearing), view.y_m + reach * np.cos(bearing)]
    return shapely.Polygon(rim if sweep >= 360.0 else np.r_[[(view.x_m, view.y_m)], rim])


def picture_on_plane(view: View, drop_m: float) -> BaseGeometry:
    """Return where the picture of a straight lens falls on the plane ``drop_m`` below the lens.

    It is cut just before the horizon, which is a level line in it: beyond, a side of the picture leads nowhere on the plane.
    """
    focal, width, height = focal_length_px(view.width_px, view.hfov_deg, view.lens_class), view.width_px, view.height_px
    horizon = height / 2.0 - focal * math.tan(math.radians(max(-WIDEST_DEG, min(view.tilt_deg, WIDEST_DEG))))
    short = focal * max(abs(drop_m), NEAREST_M) / (20.0 * view.range_m)
    top, low = (max(0.0, horizon + short), float(height)) if drop_m >= 0.0 else (0.0, min(height, horizon - short))
    if top >= low:
        return shapely.Polygon()
    u, v = np.array([(0.0, top), (width, top), (width, low), (0.0, low)]).T
    return _on_plane(view, rays_of(view, u, v), drop_m)


def _on_plane(view: View, direction: FloatArray, drop_m: float) -> BaseGeometry:
    """Return where a mask of the picture falls on the plane ``drop_m`` below the lens.

    A plane at or above the lens is treated alike: rays that never reach it are followed to far beyond the range.
    """
    toward = direction[:, 2] * (1.0 if drop_m >= 0 else -1.0)  # downwards positive
    level = np.hypot(direction[:, 0], direction[:, 1])
    far = 20.0 * view.range_m
    reach = np.where(
        toward * far > abs(drop_m) * level, abs(drop_m) / np.where(toward > 0, toward, 1.0), far / np.maximum(level, 1e-12)
    )
    ground = np.c_[view.x_m + direction[:, 0] * reach, view.y_m + direction[:, 1] * reach]
    return shapely.make_valid(shapely.Polygon(ground)).buffer(0)


def rays_of(view: View, u_px: FloatArray, v_px: FloatArray) -> FloatArray:
    """Return the direction (east, north, down) of pixels, shape (n, 3)."""
    focal = focal_length_px(view.width_px, view.hfov_deg, view.lens_class)
    right, below = (u_px - view.width_px / 2) / focal, (v_px - view.height_px / 2) / focal
    az, tilt = math.radians(view.azimuth_deg), math.radians(view.tilt_deg)
    if is_panorama(view):
        down = np.tan(np.clip(tilt + below, -1.57, 1.57))
        return np.column_stack((np.sin(az + right), np.cos(az + right), down))
    ahead = np.ones(len(right))
    if view.lens_class is LensClass.EQUIDISTANT:
        angle = np.hypot(right, below)
        scale = np.sin(angle) / np.maximum(angle, 1e-12)
        ahead, right, below = np.cos(angle), right * scale, below * scale
    forward, down = ahead * math.cos(tilt) - below * math.sin(tilt), ahead * math.sin(tilt) + below * math.cos(tilt)
    east = forward * math.sin(az) + right * math.cos(az)
    return np.column_stack((east, forward * math.cos(az) - right * math.sin(az), down))


# Outlines of masks drawn in the picture, as samples along rings: hidden on their left once they lie on the plane.
STEEPEST = 1.57  # radians, just short of a quarter turn: masks are not followed to straight up, down or back
Ring = Sequence[tuple[float, float]]


class Samples(NamedTuple):
    """Points along the outlines of masks: the ring that each belongs to, its view, and its place in the picture."""

    ring: IntArray
    view: IntArray
    u_px: FloatArray
    v_px: FloatArray


def nowhere() -> Samples:
    """Return no samples."""
    none = np.empty(0, np.int64)
    return Samples(none, none, np.empty(0), np.empty(0))


def first_of_each(ring: IntArray) -> IntArray:
    """Return the first sample of each ring; those of a ring lie together."""
    return np.flatnonzero(np.concatenate(([True], ring[1:] != ring[:-1])))


def outlines_of(
    of_view: Sequence[int], drawn: Sequence[Ring], views: Sequence[View], plane: tuple[ViewColumns, float]
) -> Samples:
    """Return samples along the outlines of masks, those of a view together.

    Nearly every mask is a box, or has four corners: under a straight lens these are their own samples.

    Parameters
    ----------
    of_view : the number of each mask's view, ascending.
    drawn : its corners in the picture.
    plane : columns of the views, and the height of the plane in m.
    """
    columns, plane_m = plane
    view = np.array(of_view)
    is_below = columns.lens_z_m[view] >= plane_m
    four = np.flatnonzero(np.array([len(ring) == 4 for ring in drawn]) & ~columns.is_equidistant[view])
    corner, is_convex = _convex([drawn[j] for j in four.tolist()], is_below[four])
    box, rest = four[is_convex], np.ones(len(drawn), bool)
    rest[box] = False
    boxes = Samples(np.repeat(np.arange(len(box)), 4), np.repeat(view[box], 4), *corner[is_convex].reshape(-1, 2).T)
    if not rest.any():
        return boxes
    other = np.flatnonzero(rest)
    return _together(boxes, _followed([drawn[j] for j in other.tolist()], view[other], views, (columns, is_below[other])))


def _corners(drawn: Sequence[Ring]) -> FloatArray:
    """Return all corners, shape (N, 2)."""
    return np.fromiter(chain.from_iterable(chain.from_iterable(drawn)), float).reshape(-1, 2)


def _convex(drawn: Sequence[Ring], is_below: BoolArray) -> tuple[FloatArray, BoolArray]:
    """Return the corners of masks with four, shape (M, 4, 2), the way round that is asked for, and which are convex.

    Four turns to the same side, each less than a half, make one turn in all: no edges cross.
    """
    corner = _corners(drawn).reshape(-1, 4, 2)
    along = np.roll(corner, -1, axis=1) - corner
    then = np.roll(along, -1, axis=1)
    turn = along[:, :, 0] * then[:, :, 1] - along[:, :, 1] * then[:, :, 0]
    is_left = (turn > 0.0).all(axis=1)
    turned = is_left == is_below
    corner[turned] = corner[turned, ::-1]
    return corner, np.asarray(is_left | (turn < 0.0).all(axis=1))


def _together(one: Samples, other: Samples) -> Samples:
    """Return the samples of both, in the order of their views."""
    ring = np.concatenate((one.ring, other.ring + len(one.ring)))
    view, u_px, v_px = (np.concatenate(pair) for pair in zip(one[1:], other[1:], strict=True))
    order = np.argsort(view, kind="stable")
    begins = np.zeros(len(order), np.int64)
    begins[first_of_each(ring[order])] = 1
    return Samples(np.cumsum(begins) - 1, view[order], u_px[order], v_px[order])


def _followed(drawn: Sequence[Ring], view: IntArray, views: Sequence[View], plane: tuple[ViewColumns, BoolArray]) -> Samples:
    """Return samples of masks of any shape, under any lens; ``plane``: columns of the views, whose plane is below."""
    columns, is_below = plane
    shape = _shapes(drawn)
    for j in np.flatnonzero(columns.is_equidistant[view]):
        shape[j] = shapely.intersection(shape[j], _whole_sphere(views[view[j]]))
    rings, owner = _oriented(shape, is_below)
    return _along(rings, view[owner], columns) if len(rings) else nowhere()


def _shapes(drawn: Sequence[Ring]) -> ObjectArray:
    """Return masks as valid shapes in the picture."""
    number = np.repeat(np.arange(len(drawn)), [len(ring) for ring in drawn])
    shape: ObjectArray = shapely.polygons(shapely.linearrings(_corners(drawn), indices=number))
    is_crossed = ~shapely.is_valid(shape)
    shape[is_crossed] = shapely.make_valid(shape[is_crossed])
    return shape


def _whole_sphere(view: View) -> BaseGeometry:
    """Return the pixels that look anywhere: an unrolled circle once around, a round picture not as far as straight back."""
    focal = focal_length_px(view.width_px, view.hfov_deg, view.lens_class)
    if not is_panorama(view):
        return shapely.Point(view.width_px / 2, view.height_px / 2).buffer(2.0 * STEEPEST * focal, quad_segs=64)
    level = view.height_px / 2 - math.radians(view.tilt_deg) * focal
    return shapely.box(0.0, level - STEEPEST * focal, view.width_px, level + STEEPEST * focal)


def _oriented(shape: ObjectArray, is_below: BoolArray) -> tuple[ObjectArray, IntArray]:
    """Return the rings of masks as shapely has them, hidden on their left once on the plane, and the mask of each.

    Rows of the picture count downwards, so a plane below the lens shows them mirrored.
    """
    parts, owner = shape, np.arange(len(shape))
    if not (shapely.get_type_id(shape) == shapely.GeometryType.POLYGON).all():
        parts, owner = shapely.get_parts(shape, return_index=True)
        parts, inner = shapely.get_parts(parts, return_index=True)
        is_area = shapely.get_dimensions(parts) == 2
        parts, owner = parts[is_area], owner[inner][is_area]
    parts = shapely.orient_polygons(parts)
    parts[is_below[owner]] = shapely.reverse(parts[is_below[owner]])
    rings, part = shapely.get_rings(parts, return_index=True)
    return rings, owner[part]


def _along(rings: ObjectArray, of_ring: IntArray, columns: ViewColumns) -> Samples:
    """Return the corners of each ring once; where the lens bends straight lines, points every few pixels between them."""
    corner, ring = shapely.get_coordinates(rings, return_index=True)
    joined = ring[1:] == ring[:-1]
    start, end, ring = corner[:-1][joined], corner[1:][joined], ring[:-1][joined]
    pieces = (
        np.where(columns.is_equidistant[of_ring[ring]], np.ceil(np.hypot(*(end - start).T) / EDGE_STEP_PX), 1.0)
        .clip(1.0)
        .astype(np.int64)
    )
    edge = np.repeat(np.arange(len(ring)), pieces)
    share = (np.arange(len(edge)) - np.repeat(np.cumsum(pieces) - pieces, pieces)) / pieces[edge]
    place = start[edge] + share[:, None] * (end - start)[edge]
    return Samples(ring[edge], of_ring[ring[edge]], place[:, 0], place[:, 1])
