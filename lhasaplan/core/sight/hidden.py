"""What the picture and its masks leave out of a plane, for all views at once: circles, sectors and rings for the sweep.

The plain method, one view at a time, is ``mask.masked_ground``.
"""

import math
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.camera import View
from lhasaplan.core.optics import focal_length_px
from lhasaplan.core.sight.columns import ViewColumns, focal_lengths_px
from lhasaplan.core.sight.mask import EDGE_STEP_PX, is_panorama, pixel_masks_apply
from lhasaplan.core.sight.sweep import LEAST_DROP_M, Hidden

FAR = 20.0  # ranges: rays that never reach the plane are followed so far
STEEPEST = 1.57  # radians, just short of a quarter turn: masks are not followed to straight up, down or back
BESIDE_M = 1e-6  # an edge closer to the lens's foot than this is moved aside: the foot is on one side of each edge


class Samples(NamedTuple):
    """Points along the outlines of masks: the ring that each belongs to, its view, and its place in the picture."""

    ring: IntArray
    view: IntArray
    u_px: FloatArray
    v_px: FloatArray


def nothing_hidden(count: int) -> Hidden:
    """Return that nothing is left out, for so many views."""
    none = np.zeros(count + 1, np.int64)
    return Hidden(np.zeros(count), np.empty((0, 4)), none, np.empty((0, 2)), np.zeros(1, np.int64), none)


def hidden_on_plane(views: Sequence[View], columns: ViewColumns, nearest_m: FloatArray, plane_m: float) -> Hidden:
    """Return blind zones (radius, shape (V,)), masks by compass and masks of the picture on the plane.

    ``columns`` are those of the views.
    """
    sector, sector_view = _sectors(views)
    xy, ring_start, ring_view = _rings(views, columns, plane_m)
    of_view = np.arange(len(views) + 1)
    return Hidden(
        nearest_m,
        sector,
        np.searchsorted(sector_view, of_view).astype(np.int64),
        xy,
        ring_start,
        np.searchsorted(ring_view, of_view).astype(np.int64),
    )


def is_all_masked(view: View) -> bool:
    """Return whether a mask by compass takes the whole circle: equal azimuths mean that."""
    return any((last - first) % 360.0 == 0.0 for first, last in view.mask_sector_deg)


def _sectors(views: Sequence[View]) -> tuple[FloatArray, IntArray]:
    """Return the borders of masks by compass in their views' frames, and their views."""
    masked = [
        (k, view.azimuth_deg, *ends) for k, view in enumerate(views) if view.mask_sector_deg for ends in view.mask_sector_deg
    ]
    number, azimuth, first, last = np.array(masked, float).reshape(-1, 4).T
    start, end = np.radians(azimuth - last), np.radians(azimuth - first)
    return np.column_stack((np.cos(start), np.sin(start), np.cos(end), np.sin(end))), number.astype(np.int64)


def _rings(views: Sequence[View], columns: ViewColumns, plane_m: float) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the corners of masks on the plane relative to the lens, where each ring starts, and the rings' views."""
    nowhere = np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0, np.int64)
    drawn = [(k, ring) for k, view in enumerate(views) if view.mask_px and pixel_masks_apply(view) for ring in view.mask_px]
    if not drawn:
        return nowhere
    of_ring = np.array([k for k, _ in drawn])
    shape = _shapes([ring for _, ring in drawn])
    for j in np.flatnonzero(columns.is_equidistant[of_ring]):
        shape[j] = shapely.intersection(shape[j], _whole_sphere(views[of_ring[j]]))
    rings, owner = _oriented(shape, columns.lens_z_m[of_ring] >= plane_m)
    if not len(rings):
        return nowhere
    samples = _along(rings, of_ring[owner], columns)
    ground, start = _on_plane(samples, columns, plane_m)
    return _beside_foot(ground, start), start, of_ring[owner]


def _shapes(drawn: Sequence[Sequence[tuple[float, float]]]) -> ObjectArray:
    """Return masks as valid shapes in the picture."""
    corner = np.fromiter(chain.from_iterable(chain.from_iterable(drawn)), float).reshape(-1, 2)
    number = np.repeat(np.arange(len(drawn)), [len(ring) for ring in drawn])
    shape: ObjectArray = shapely.polygons(shapely.linearrings(corner, indices=number))
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


def _on_plane(samples: Samples, columns: ViewColumns, plane_m: float) -> tuple[FloatArray, IntArray]:
    """Return where samples fall on the plane, relative to the lens, and where each ring starts.

    Straight lenses: rings are cut where the plane is beyond FAR ranges, since straight edges run on to the horizon.
    Others: rays that do not reach the plane within FAR ranges end there.
    """
    drop, far = columns.lens_z_m[samples.view] - plane_m, FAR * columns.range_m[samples.view]
    is_straight = ~columns.is_equidistant[samples.view]
    ray = _directions(columns, samples)
    ray[:, 2] *= np.where(drop >= 0.0, 1.0, -1.0)  # towards the plane positive
    drop = np.maximum(np.abs(drop), LEAST_DROP_M)
    ray, source, start = _cut(ray, samples.ring, np.where(is_straight, drop / far, -np.inf))
    drop, far, toward, level = drop[source], far[source], ray[:, 2], np.hypot(ray[:, 0], ray[:, 1])
    falls = is_straight[source] | (toward * far > drop * level)
    reach = np.where(falls, drop / np.where(falls, toward, 1.0), far / np.maximum(level, 1e-12))
    return ray[:, :2] * reach[:, None], start


def _cut(ray: FloatArray, ring: IntArray, least: FloatArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return rings of directions cut to those at least so steep, the sample before each, and where each ring starts."""
    first = np.flatnonzero(np.r_[True, ring[1:] != ring[:-1]])
    following = np.arange(1, len(ring) + 1)
    following[np.r_[first[1:], len(ring)] - 1] = first
    steep, then = ray[:, 2] - least, ray[following, 2] - least[following]
    keeps, crosses = steep >= 0.0, (steep >= 0.0) != (then >= 0.0)
    count = keeps.astype(np.int64) + crosses
    place = np.cumsum(count) - count
    start = np.r_[place[first], count.sum()]
    if count.min() == 1 == count.max() and not crosses.any():
        return ray, np.arange(len(ring)), start
    cut, source = np.empty((count.sum(), 3)), np.repeat(np.arange(len(ring)), count)
    cut[place[keeps]] = ray[keeps]
    share = (steep[crosses] / (steep - then)[crosses])[:, None]
    met = ray[crosses] + share * (ray[following[crosses]] - ray[crosses])
    met[:, 2] = least[crosses]
    cut[(place + keeps)[crosses]] = met
    return cut, source, start


def _directions(columns: ViewColumns, samples: Samples) -> FloatArray:
    """Return the direction (east, north, down) of samples, shape (n, 3)."""
    focal, at = focal_lengths_px(columns), samples.view
    azimuth, tilt = np.radians(columns.azimuth_deg[at]), np.radians(columns.tilt_deg[at])
    is_bent = columns.is_equidistant[at]
    is_unrolled = is_bent & (columns.hfov_deg[at] >= 360.0 - 1e-9)
    right = (samples.u_px - columns.width_px[at] / 2) / focal[at]
    below = (samples.v_px - columns.height_px[at] / 2) / focal[at]
    angle = np.where(is_bent, np.hypot(right, below), 0.0)
    scale = np.where(is_bent, np.sin(angle) / np.maximum(angle, 1e-12), 1.0)
    ahead, aside, under = np.cos(angle), right * scale, below * scale
    forward, down = ahead * np.cos(tilt) - under * np.sin(tilt), ahead * np.sin(tilt) + under * np.cos(tilt)
    turned = azimuth + np.where(is_unrolled, right, 0.0)
    forward, aside = np.where(is_unrolled, 1.0, forward), np.where(is_unrolled, 0.0, aside)
    down = np.where(is_unrolled, np.tan(np.clip(tilt + below, -STEEPEST, STEEPEST)), down)
    east, north = forward * np.sin(turned) + aside * np.cos(turned), forward * np.cos(turned) - aside * np.sin(turned)
    return np.column_stack((east, north, down))


def _beside_foot(xy: FloatArray, start: IntArray) -> FloatArray:
    """Return the corners, rings with an edge through the lens's foot moved aside by a hair."""
    ring = np.repeat(np.arange(len(start) - 1), np.diff(start))
    following = np.arange(1, len(xy) + 1)
    some = np.flatnonzero(np.diff(start))
    following[start[some + 1] - 1] = start[some]
    along = xy[following] - xy
    share = np.clip(-(xy * along).sum(1) / np.maximum((along**2).sum(1), 1e-30), 0.0, 1.0)
    touches = np.hypot(*(xy + share[:, None] * along).T) < BESIDE_M
    if not touches.any():
        return xy
    moved = np.zeros(len(start) - 1, bool)
    moved[ring[touches]] = True
    return xy + np.where(moved[ring, None], 4.0 * BESIDE_M * np.array((math.cos(1.0), math.sin(1.0))), 0.0)
