"""Keep rasters within what the machine can bear: refuse those that are too large, look at the others in windows."""

from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from rasterio.io import DatasetReader
from rasterio.windows import Window

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.limits import load_limits

_concatenate: Callable[..., np.ma.MaskedArray] = np.ma.concatenate  # untyped in numpy
_WINDOW = 2048  # rows and columns of a window, unless a block of the file is wider
_WINDOW_CELLS = _WINDOW**2
_SPREAD, _FEW = 16, 32  # windows each way, and rows and columns of such a window
_WHOLE_CELLS = 50_000_000  # a raster of so many cells can be read at once, thinned out


def check_size(source: DatasetReader, file: str) -> None:
    """Refuse a raster that declares more cells than the limits allow; a sparse file of a few bytes can declare any number."""
    most = load_limits().raster.most_cells
    if source.width * source.height > most:
        text = "this raster declares {columns} x {rows} cells, beyond the limit of {most} million; cut out the city"
        size = {"columns": f"{source.width:,}", "rows": f"{source.height:,}", "most": f"{most / 1e6:,.0f}"}
        raise InputError(Fault(text, Where(file), size))


def sampled(source: DatasetReader, side: int) -> Iterator[np.ma.MaskedArray]:
    """Yield cells of a raster from coarse to fine: first about ``side`` x ``side`` of them, then window after window.

    It ends where the limits end it, so that a large raster without any height does not take forever.
    """
    if source.width * source.height <= _WHOLE_CELLS:
        yield source.read(1, out_shape=(min(source.height, side), min(source.width, side)), masked=True)
    else:
        yield _concatenate([source.read(1, window=window, masked=True).ravel() for window in _spread(source)])
    looked_at = 0
    for window in _windows(source):
        if looked_at > load_limits().raster.looked_at_cells:
            return
        looked_at += window.width * window.height
        yield source.read(1, window=window, masked=True)


def _spread(source: DatasetReader) -> Iterator[Window]:
    """Yield windows of a few cells all over a large raster: thinned out, GDAL would read all of its rows."""
    for row, column in product(np.linspace(0, 1, _SPREAD), repeat=2):
        width, height = min(_FEW, source.width), min(_FEW, source.height)
        yield Window(int(column * (source.width - width)), int(row * (source.height - height)), width, height)


def _windows(source: DatasetReader) -> Iterator[Window]:
    wide = min(max(_WINDOW, source.block_shapes[0][1]), source.width)
    high = min(max(_WINDOW_CELLS // wide, 1), source.height)
    for top, left in product(range(0, source.height, high), range(0, source.width, wide)):
        yield Window(left, top, min(wide, source.width - left), min(high, source.height - top))
