"""The mask in the picture that hides seen frontage and ground: a few padded polygons in image pixels."""

from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.sight.lens.masks import is_panorama, pixels_of

Polygons = tuple[tuple[tuple[float, float], ...], ...]

ABOVE_M = 2.0  # a mask reaches this far above the highest sample that is seen: to the next one up
BELOW_M = 1.5  # the lowest samples stand at eye height; a mask begins at the ground
GROUND_HALF_M = 3.0  # half the 4 m grid on which open ground is sampled, and what of an edge lies beyond its last point
_ALONG = (-1.0, -0.5, 0.0, 0.5, 1.0)


def are_in_picture(view: View, xyz_m: FloatArray) -> BoolArray:
    """Return which points, shape (N, 3), fall into the picture, its edges included: no other can a mask in it hide."""
    dx, dy, z = xyz_m.T
    u, v = pixels_of(view, dx - view.x_m, dy - view.y_m, view.lens_z_m - z)
    return np.asarray((u >= 0.0) & (u <= view.width_px) & (v >= 0.0) & (v <= view.height_px), bool)


@dataclass(frozen=True, eq=False, slots=True)
class Outline:
    """What must be hidden: upright strips, one per seen sample. Arrays have shape (N, 10, 2) for the feet, (N,) for heights."""

    feet_xy_m: FloatArray
    low_m: FloatArray
    high_m: FloatArray


@dataclass(frozen=True, eq=False, slots=True)
class Strips:
    """The strips as the picture shows them, from left to right: pixels (N, 20, 2), NaN behind the lens; first and last column."""

    pixels: FloatArray
    left_px: FloatArray
    right_px: FloatArray


def outline_of(samples: ProtectedSamples, directions: FloatArray, seen: IntArray) -> Outline:
    """Return the strips of wall, from the ground to above the highest sample seen, and of open ground.

    Parameters
    ----------
    directions : shape (S, 2); of the samples' walls, zero for ground.
    seen : rows of ``samples``.
    """
    at, wall = samples.xyz_m[seen], directions[seen]
    is_wall = (wall != 0).any(axis=1)
    along = np.where(is_wall[:, None], wall, (1.0, 0.0))
    half = np.where(is_wall, samples.length_m[seen] / 2.0, GROUND_HALF_M)
    feet = at[:, None, :2] + np.asarray(_ALONG)[None, :, None] * (along * half[:, None])[:, None, :]
    across = np.stack([-along[:, 1], along[:, 0]], axis=1) * np.where(is_wall, 0.0, GROUND_HALF_M)[:, None]
    feet = np.concatenate([feet - across[:, None, :], feet + across[:, None, :]], axis=1)
    lowest = samples.xyz_m[np.searchsorted(samples.column, samples.column[seen]), 2]
    high = at[:, 2] + np.where(is_wall, ABOVE_M, 0.0)
    return Outline(feet, np.minimum(lowest, at[:, 2]) - BELOW_M, high)


def strips_of(view: View, outline: Outline) -> Strips:
    """Return each strip in the picture; one that lies behind the lens is left out."""
    feet = outline.feet_xy_m - (view.x_m, view.y_m)
    count = feet.shape[1]
    dx, dy = np.tile(feet[..., 0], (1, 2)), np.tile(feet[..., 1], (1, 2))
    z = np.repeat(np.stack([outline.low_m, outline.high_m], axis=1), count, axis=1)
    u, v = pixels_of(view, dx.ravel(), dy.ravel(), view.lens_z_m - z.ravel())
    pixels = np.stack([u.reshape(dx.shape), v.reshape(dx.shape)], axis=2)
    shown = np.isfinite(pixels[..., 0]) & np.isfinite(pixels[..., 1])
    left = np.where(shown, pixels[..., 0], np.inf).min(axis=1)
    right = np.where(shown, pixels[..., 0], -np.inf).max(axis=1)
    order = np.argsort(left, kind="stable")
    order = order[np.isfinite(left[order])]
    return Strips(np.where(shown[..., None], pixels, np.nan)[order], left[order], right[order])


def picture_mask(view: View, strips: Strips, pad_px: float) -> Polygons:
    """Return polygons in image pixels (origin top left) that hide the strips; none where the picture has a seam in it."""
    if not len(strips.left_px):
        return ()
    picture = shapely.box(0.0, 0.0, view.width_px, view.height_px)
    drawn = shapely.intersection(_padded(_hulls(strips, pad_px), pad_px), picture)
    drawn = [shape for shape in drawn.tolist() if shape.geom_type == "Polygon" and shape.area > 1.0]
    if is_panorama(view) and any(shape.bounds[2] - shape.bounds[0] > view.width_px / 2 for shape in drawn):
        return ()
    return tuple(tuple((round(u, 1), round(v, 1)) for u, v in shape.exterior.coords[:-1]) for shape in drawn)


def _hulls(strips: Strips, pad_px: float) -> ObjectArray:
    """Return the hulls of strips that stand beside each other in the picture, from left to right."""
    reached = np.maximum.accumulate(strips.right_px)
    opens = np.r_[True, strips.left_px[1:] > reached[:-1] + 2.0 * pad_px]
    group = np.repeat(np.cumsum(opens) - 1, strips.pixels.shape[1])
    points = strips.pixels.reshape(-1, 2)
    shown = ~np.isnan(points[:, 0])
    points, group = points[shown], group[shown]
    first = np.flatnonzero(np.diff(group, prepend=-1))  # once more at the end: a line needs two points
    back = np.argsort(np.r_[group, group[first]], kind="stable")
    lines = shapely.linestrings(np.concatenate([points, points[first]])[back], indices=np.r_[group, group[first]][back])
    return np.asarray(shapely.convex_hull(lines), object)  # of all points on a line the hull is theirs


def _padded(shapes: ObjectArray, pad_px: float) -> ObjectArray:
    """Return the shapes grown; what a simpler outline cuts off is less than the padding."""
    return np.asarray(shapely.simplify(shapely.buffer(shapes, pad_px, join_style="mitre"), pad_px / 2.0), object)
