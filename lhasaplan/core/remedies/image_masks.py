"""The mask in the picture that hides what is seen: its exact projection with a margin, in whole pixels and few corners."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.sight.lens.masks import is_panorama, pixels_of

Polygons = tuple[tuple[tuple[float, float], ...], ...]

MOST_CORNERS = 16  # of one mask: recorders take few
STEPS_A_SIDE = 8  # how finely a side is followed in the picture of a lens that bends it
BELOW_M = 1.5  # ground is masked from the feet to the head of who stands there


def lies_beside_picture(view: View, xyz_m: FloatArray) -> bool:
    """Tell whether any point lies beside the picture, where no mask in it reaches.

    Sight takes a bent lens by bearing and dip: it is a little wider than the picture at its corners.
    """
    if view.lens_class is LensClass.RECTILINEAR:
        return False
    u, v = _pixels(view, xyz_m)
    return bool(((u < -1.0) | (u > view.width_px + 1.0) | (v < -1.0) | (v > view.height_px + 1.0)).any())


def drawn_in_picture(view: View, seen: SeenWalls) -> ObjectArray:
    """Return the walls and the ground that a view has in sight as polygons in image pixels (origin top left)."""
    corner = seen.corners_m()[:, [0, 1, 3, 2]]  # round each piece: below and above its first end, above and below its last
    parts, row = shapely.get_parts(seen.ground.shape, return_index=True)
    heights = (view.lens_z_m - seen.ground.drop_m[row]).tolist()
    rings = (shapely.get_coordinates(part.exterior)[:-1] for part in parts)
    grounds = [shape for ring, z in zip(rings, heights, strict=True) for shape in _ground(view, ring, z)]
    return np.concatenate([_drawn(view, corner), np.array([*grounds, None], object)[:-1]])


def _ground(view: View, ring_m: FloatArray, z_m: float) -> ObjectArray:
    """Return ground in the picture, from the feet to the head of who stands on it: both outlines and what lies between."""
    then, low = np.roll(ring_m, -1, axis=0), z_m - BELOW_M
    walls = np.stack([_at(ring_m, low), _at(ring_m, z_m), _at(then, z_m), _at(then, low)], axis=1)
    return np.concatenate([_drawn(view, walls), *(_drawn(view, _at(ring_m, z)[None]) for z in (low, z_m))])


def _at(xy_m: FloatArray, z_m: float) -> FloatArray:
    return np.column_stack((xy_m, np.full(len(xy_m), z_m)))


def _drawn(view: View, rings_m: FloatArray) -> ObjectArray:
    """Return rings of points, shape (N, K, 3), as the picture shows them; a bent lens bends their sides."""
    rings = rings_m
    if view.lens_class is not LensClass.RECTILINEAR:
        share = np.arange(STEPS_A_SIDE)[None, None, :, None] / STEPS_A_SIDE
        sides = rings_m[:, :, None] + (np.roll(rings_m, -1, axis=1) - rings_m)[:, :, None] * share
        rings = sides.reshape(len(rings_m), -1, 3)
    if not len(rings):
        return np.zeros(0, object)
    u, v = _pixels(view, rings.reshape(-1, 3))
    pixels = np.stack([u, v], axis=1).reshape(*rings.shape[:2], 2)
    known = np.isfinite(pixels).all(axis=(1, 2))  # what is seen lies before the lens
    return np.asarray(shapely.make_valid(shapely.polygons(pixels[known])), object)


def _pixels(view: View, xyz_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    return pixels_of(view, xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m, view.lens_z_m - xyz_m[:, 2])


def picture_mask(view: View, drawn: ObjectArray, pad_px: float) -> Polygons:
    """Return polygons in whole image pixels that hide what is drawn with a margin; none where the picture has a seam in it."""
    if not len(drawn):
        return ()
    picture = shapely.box(0.0, 0.0, view.width_px, view.height_px)
    grown = shapely.union_all(shapely.buffer(drawn, pad_px, join_style="mitre"))
    shapes = [_few_corners(shapely.Polygon(part.exterior), pad_px) for part in shapely.get_parts(grown)]
    masks = [part for shape in shapes for part in shapely.get_parts(shapely.intersection(shape, picture)).tolist()]
    masks = [part for part in masks if part.geom_type == "Polygon" and part.area > 1.0]
    if is_panorama(view) and any(part.bounds[2] - part.bounds[0] > view.width_px / 2 for part in masks):
        return ()
    return tuple(tuple((float(round(u)), float(round(v))) for u, v in part.exterior.coords[:-1]) for part in masks)


def _few_corners(shape: shapely.Geometry, pad_px: float) -> shapely.Geometry:
    """Return a polygon with few corners that covers nearly all of a shape: what it cuts off is less than half of the margin."""
    found = shapely.simplify(shape, pad_px / 2.0)
    return found if len(found.exterior.coords) - 1 <= MOST_CORNERS else shapely.convex_hull(shape).simplify(pad_px / 2.0)
