"""The ground of a part that is not served, as a polygon: the cells of its unserved points."""

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.demand.demand_points import SPACING_M, ground_of
from lhasaplan.core.model.place import Part

LINE_HALF_WIDTH_M = 1.0  # a line part is drawn as a strip


def gap_polygon(part: Part, xy_m: FloatArray, is_served: BoolArray) -> shapely.Geometry | None:
    """Return the area around the unserved points, None when every point is served.

    Parameters
    ----------
    xy_m : shape (N, 2); the part's demand points.
    """
    if not len(xy_m) or is_served.all():
        return None
    whole = _whole(part) if not is_served.any() else shapely.union_all(sample_cells(part, xy_m[~is_served]))
    return None if whole.is_empty else whole


def sample_cells(part: Part, xy_m: FloatArray) -> ObjectArray:
    """Return the cell that each point stands for, clipped to the part."""
    half = (part.spacing_m or SPACING_M[part.shape]) / 2.0
    shape = ground_of(part)
    if int(shapely.get_dimensions(shape)) == 1:
        stretch = shapely.intersection(shape, shapely.buffer(shapely.points(xy_m), half))
        return np.asarray(shapely.buffer(stretch, LINE_HALF_WIDTH_M, cap_style="flat"), object)
    cells = shapely.box(xy_m[:, 0] - half, xy_m[:, 1] - half, xy_m[:, 0] + half, xy_m[:, 1] + half)
    return np.asarray(shapely.intersection(cells, shape), object)


def _whole(part: Part) -> shapely.Geometry:
    """Return all of the part: the cells leave slivers at its edge."""
    shape = ground_of(part)
    is_line = int(shapely.get_dimensions(shape)) == 1
    return shapely.buffer(shape, LINE_HALF_WIDTH_M, cap_style="flat") if is_line else shape
