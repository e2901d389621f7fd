"""A town as a surface of 1 m cells, for tools that know rasters only."""

import numpy as np
from rasterio.features import rasterize
from rasterio.transform import from_origin

from .relief import ground_at, roofs
from .town import CORNER_X_M, CORNER_Y_M, Town


def surface_of(town: Town, hilly: bool = False, cell_m: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Return heights of roofs and ground (level: 0), row 0 in the north, and the frame: left, upper edge, cell width."""
    count = int(np.ceil(town.size_m / cell_m))
    frame = np.array((CORNER_X_M, CORNER_Y_M + count * cell_m, cell_m))
    place = from_origin(frame[0], frame[1], cell_m, cell_m)
    shapes = zip(town.polygons(), roofs(town) if hilly else town.top_m, strict=True)
    built = rasterize(shapes, out_shape=(count, count), transform=place, fill=np.nan, dtype="float32")
    middle = (np.arange(count) + 0.5) * cell_m
    ground = ground_at(frame[0] + middle[None, :], frame[1] - middle[:, None]) if hilly else 0.0
    return np.where(np.isnan(built), ground, built).astype(np.float32), frame
