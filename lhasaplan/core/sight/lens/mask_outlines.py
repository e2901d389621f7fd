"""Outlines of masks drawn in the picture, as samples along rings: hidden on their left once they lie on the plane."""

import math
from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import focal_length_px
from lhasaplan.core.sight.lens.masks import EDGE_STEP_PX, is_panorama
from lhasaplan.core.sight.lens.view_columns import ViewColumns

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
