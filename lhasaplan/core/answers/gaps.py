"""The ground of a part that is not served, as a polygon: the cells of its unserved points."""

import numpy as np
import shapely

from lhasaplan.core.arrays import BoolArray, FloatArray
from lhasaplan.core.place import Part

LINE_HALF_WIDTH_M = 1.0  # a line part is drawn as a strip


def gap_polygon(part: Part, xy_m: FloatArray, weight: FloatArray, is_served: BoolArray) -> shapely.Geometry | None:
    """Return the area around the unserved points, None when every point is served.

    Parameters
    ----------
    xy_m : shape (N, 2); the part's demand points.
    weight : shape (N,); metres of a line, square metres else.
    """
    if not len(xy_m) or is_served.all():
        return None
    cells = sample_cells(part, xy_m[~is_served], weight)
    whole = shapely.union_all(cells)
    return whole if not whole.is_empty else None


def sample_cells(part: Part, xy_m: FloatArray, weight: FloatArray) -> "np.typing.NDArray[np.object_]":
    """Return the cell that each point stands for, clipped to the part."""
    if part.shape == "line":
        spacing = float(weight.max())
        stretch = shapely.intersection(part.geometry, shapely.buffer(shapely.points(xy_m), spacing / 2.0))
        return np.asarray(shapely.buffer(stretch, LINE_HALF_WIDTH_M, cap_style="flat"), object)
    # Cells at the edge are cut, so the heaviest point tells the spacing of the grid.
    half = float(np.sqrt(weight.max())) / 2.0
    cells = shapely.box(xy_m[:, 0] - half, xy_m[:, 1] - half, xy_m[:, 0] + half, xy_m[:, 1] + half)
    clip = part.geometry if shapely.get_dimensions(part.geometry) == 2 else None
    return np.asarray(cells if clip is None else shapely.intersection(cells, clip), object)
