"""Sample confirmed parts by points: a half disc before a door, a line by its length, ground by its area."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.point_groups import grid_points
from lhasaplan.core.demand.outdoor_parts import outdoors_of
from lhasaplan.core.demand.part_shapes import HALF_DISC_M
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import Demand, Part
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.site.terrain import Terrain, level

SPACING_M = {"point": 1.0, "line": 4.0, "area": 4.0}
LOST = 0.5  # a part that loses more than this share of its points is no demand at all


def sample_demand(
    parts: Sequence[Part], ground: ProtectedGround, buildings: Buildings | None = None, terrain: Terrain | None = None
) -> Demand:
    """Return the demand points of parts; none lies on protected ground or, where footprints are given, inside one.

    A part's weights sum to the length or area that is left of it; a part that loses more than half its points has none.
    Indoor parts keep points inside buildings but never on protected ground.

    Parameters
    ----------
    parts : confirmed parts that the guard let through.
    terrain : the ground that target heights count from; level if not given.
    """
    footprints = None if buildings is None or not len(buildings) else shapely.STRtree(buildings.polygons)
    sampled = [_left(part, ground, footprints) for part in parts]
    index = np.repeat(np.arange(len(sampled)), [len(weight) for _, weight in sampled])
    xy = np.concatenate([np.empty((0, 2)), *(points for points, _ in sampled)])
    height = np.array([part.target_height_m for part in parts], float)[index] if len(index) else np.empty(0)
    weights = np.concatenate([np.empty(0), *(weight for _, weight in sampled)])
    xyz = (terrain or level()).lifted(np.column_stack([xy, height]))
    return Demand(tuple(parts), index.astype(np.int64), xyz, weights)


def part_points(part: Part) -> tuple[FloatArray, FloatArray]:
    """Return all points (n, 2) of a part and their weights, before anything is dropped; weights sum to its length or area."""
    spacing_m = part.spacing_m or SPACING_M[part.shape]
    shape = ground_of(part)
    if int(shapely.get_dimensions(shape)) == 1:
        return _along(shape, spacing_m)
    points = np.concatenate([np.empty((0, 2)), *(grid_points(area, spacing_m) for area in shapely.get_parts(shape))])
    return points, np.full(len(points), shapely.area(shape) / max(1, len(points)))


def ground_of(part: Part) -> BaseGeometry:
    """Return the shape that is sampled; a bare point has a disc, whatever it is called."""
    if int(shapely.get_dimensions(part.geometry)) == 0:
        return shapely.union_all(shapely.buffer(shapely.get_parts(part.geometry), HALF_DISC_M))
    return part.geometry


def _along(line: BaseGeometry, spacing_m: float) -> tuple[FloatArray, FloatArray]:
    """Return the middles of equal pieces of at most the spacing, with their lengths."""
    points, weights = [np.empty((0, 2))], [np.empty(0)]
    for piece in shapely.get_parts(line):
        length = float(shapely.length(piece))
        count = max(1, int(np.ceil(length / spacing_m - 1e-9)))
        at = (np.arange(count) + 0.5) * length / count
        points.append(shapely.get_coordinates(shapely.line_interpolate_point(piece, at)))
        weights.append(np.full(count, length / count))
    return np.concatenate(points), np.concatenate(weights)


def _left(part: Part, ground: ProtectedGround, footprints: shapely.STRtree | None) -> tuple[FloatArray, FloatArray]:
    points, weights = part_points(part)
    lost = ground.covers_points(points[:, 0], points[:, 1], outdoors_of(part, ground))
    if footprints is not None and not part.indoor:
        lost |= _inside(points, footprints)
    keep = ~lost if weights[lost].sum() <= LOST * weights.sum() else np.zeros(len(points), bool)
    return points[keep], weights[keep]


def _inside(points: FloatArray, footprints: shapely.STRtree) -> BoolArray:
    inside = np.zeros(len(points), bool)
    inside[footprints.query(shapely.points(points), predicate="within")[0]] = True
    return inside
