"""The mask in the picture that hides seen frontage and ground: a few padded polygons in image pixels."""

from dataclasses import dataclass

import numpy as np
import shapely

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.camera import View
from lhasaplan.core.protected import ProtectedSamples
from lhasaplan.core.sight.mask import is_panorama, pixels_of

Polygons = tuple[tuple[tuple[float, float], ...], ...]

ABOVE_M = 2.0  # a mask reaches this far above the highest sample that is seen: to the next one up
BELOW_M = 1.5  # the lowest samples stand at eye height; a mask begins at the ground
GROUND_HALF_M = 2.0  # half the grid on which open ground is sampled
_ALONG = (-1.0, -0.5, 0.0, 0.5, 1.0)


@dataclass(frozen=True, eq=False, slots=True)
class Outline:
    """What must be hidden: upright strips, one per seen sample. Arrays have shape (N, 5, 2) for the feet, (N,) for heights."""

    feet_xy_m: FloatArray
    low_m: FloatArray
    high_m: FloatArray


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
    lowest = np.full(int(samples.column.max(initial=-1)) + 1, np.inf)
    np.minimum.at(lowest, samples.column, samples.xyz_m[:, 2])
    high = at[:, 2] + np.where(is_wall, ABOVE_M, 0.0)
    return Outline(feet, np.minimum(lowest[samples.column[seen]], at[:, 2]) - BELOW_M, high)


def picture_mask(view: View, outline: Outline, pad_px: float) -> Polygons:
    """Return polygons in image pixels (origin top left) that hide the outline; none where the picture has a seam in it."""
    shapes = _shadows(view, outline)
    if not shapes:
        return ()
    picture = shapely.box(0.0, 0.0, view.width_px, view.height_px)
    drawn = [shapely.intersection(_padded(shape, pad_px), picture) for shape in _joined(shapes, pad_px)]
    drawn = [shape for shape in drawn if shape.geom_type == "Polygon" and shape.area > 1.0]
    if is_panorama(view) and any(shape.bounds[2] - shape.bounds[0] > view.width_px / 2 for shape in drawn):
        return ()
    return tuple(tuple((round(u, 1), round(v, 1)) for u, v in shape.exterior.coords[:-1]) for shape in drawn)


def _shadows(view: View, outline: Outline) -> list[shapely.Geometry]:
    """Return the hull of each strip in the picture; points behind the lens are left out."""
    feet = outline.feet_xy_m - (view.x_m, view.y_m)
    count = feet.shape[1]
    dx, dy = np.tile(feet[..., 0], (1, 2)), np.tile(feet[..., 1], (1, 2))
    z = np.repeat(np.stack([outline.low_m, outline.high_m], axis=1), count, axis=1)
    u, v = pixels_of(view, dx.ravel(), dy.ravel(), view.lens_z_m - z.ravel())
    pixels = np.stack([u.reshape(dx.shape), v.reshape(dx.shape)], axis=2)
    hulls = [shapely.convex_hull(shapely.multipoints(each[np.isfinite(each).all(axis=1)])) for each in pixels]
    return [hull for hull in hulls if not hull.is_empty]


def _joined(shapes: list[shapely.Geometry], pad_px: float) -> list[shapely.Geometry]:
    """Return the hulls of strips that stand beside each other in the picture, from left to right."""
    groups: list[list[shapely.Geometry]] = []
    right = -np.inf
    for shape in sorted(shapes, key=lambda each: each.bounds[0]):
        if shape.bounds[0] <= right + 2.0 * pad_px:
            groups[-1].append(shape)
        else:
            groups.append([shape])
        right = max(right, shape.bounds[2])
    return [shapely.convex_hull(shapely.union_all(group)) for group in groups]


def _padded(shape: shapely.Geometry, pad_px: float) -> shapely.Geometry:
    """Return the shape grown; what a simpler outline cuts off is less than the padding."""
    return shapely.simplify(shapely.buffer(shape, pad_px, join_style="mitre"), pad_px / 2.0)
