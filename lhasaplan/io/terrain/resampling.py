"""Bring one raster to the grid of the ground; a value that no ground on earth has counts as unknown."""

import math
from dataclasses import dataclass

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.transform import from_origin
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.io.terrain.raster_heights import METRES, Measure
from lhasaplan.io.terrain.raster_size import pieces


@dataclass(frozen=True, slots=True)
class Frame:
    """The grid of the ground in project metres: outer corner, cell and size."""

    west: float
    north: float
    cell: float
    columns: int
    rows: int

    @property
    def transform(self) -> Affine:
        """Return where its cells lie."""
        return from_origin(self.west, self.north, self.cell, self.cell)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north."""
        return self.west, self.north - self.rows * self.cell, self.west + self.columns * self.cell, self.north


def heights_on(  # noqa: PLR0917 - one raster and where it goes
    frame: Frame, source: DatasetReader, system: str, crs: str, resampling: Resampling, measure: Measure = METRES
) -> FloatArray:
    """Return a raster's heights on the grid in metres, shape (rows, columns), NaN where it has none.

    Parameters
    ----------
    system : the raster's coordinate system, which it may not say itself.
    crs : the system of the grid.
    measure : what its numbers count in.
    """
    window = window_under(frame.bounds, source, system, crs)
    if source.crs is not None and not _has_marks(source, window, measure):  # in pieces, so that no large raster fills the memory
        band = {"source": rasterio.band(source, 1), "src_nodata": source.nodata, "src_crs": system}
        return measure.metres(_warped(frame, crs, resampling, **band))
    height = source.read(1, window=window, masked=True).astype("float32").filled(np.nan)
    height[measure.is_mark(height)] = np.nan
    placed = source.transform @ Affine.translation(window.col_off, window.row_off)
    cells = {"source": height, "src_nodata": np.nan, "src_crs": system, "src_transform": placed}
    return measure.metres(_warped(frame, crs, resampling, **cells))


def _warped(frame: Frame, crs: str, resampling: Resampling, **source: object) -> FloatArray:
    height = np.full((frame.rows, frame.columns), np.nan, np.float32)
    grid = {"dst_transform": frame.transform, "dst_crs": crs, "dst_nodata": np.nan, "init_dest_nodata": True}
    reproject(destination=height, resampling=resampling, **grid, **source)
    return height.astype(float)


def window_under(box: tuple[float, float, float, float], source: DatasetReader, system: str, crs: str) -> Window:
    """Return the part of a raster that lies under a box of another system, with two cells around it; at least one cell."""
    west, south, east, north = transform_bounds(crs, system, *box)
    corners = [~source.transform @ corner for corner in ((west, south), (west, north), (east, south), (east, north))]
    if not np.isfinite(corners).all():
        raise RasterioError("the box lies nowhere in the system of this raster")
    (left, right), (top, bottom) = (
        _clipped(ends, size) for ends, size in zip(zip(*corners, strict=True), (source.width, source.height), strict=True)
    )
    return Window(left, top, right - left, bottom - top)


def _clipped(ends: tuple[float, ...], size: int) -> tuple[int, int]:
    first = min(max(math.floor(min(ends)) - 2, 0), size - 1)
    return first, max(min(math.ceil(max(ends)) + 2, size), first + 1)


def _has_marks(source: DatasetReader, window: Window, measure: Measure) -> bool:
    """Say whether a value is no height on earth and is not declared as void either."""
    return any(_is_mark(source.read(1, window=piece), source.nodata, measure).any() for piece in pieces(source, window))


def _is_mark(values: FloatArray, declared: float | None, measure: Measure) -> BoolArray:
    odd = measure.is_mark(values)
    return np.asarray(odd if declared is None else odd & (values != declared))
