"""A town as a surface of 1 m cells, for tools that know rasters only."""

import numpy as np
from rasterio.features import rasterize
from rasterio.transform import from_origin

from .town import CORNER_X_M, CORNER_Y_M, Town


def surface_of(town: Town, cell_m: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return roof heights (0 on the ground), row 0 in the north, and the frame: left, upper edge, cell width."""
    count = int(np.ceil(town.size_m / cell_m))
    frame = np.array((CORNER_X_M, CORNER_Y_M + count * cell_m, cell_m))
    place = from_origin(frame[0], frame[1], cell_m, cell_m)
    shapes = zip(town.polygons(), town.top_m, strict=True)
    return rasterize(shapes, out_shape=(count, count), transform=place, fill=0.0, dtype="float32"), frame
