"""Keep rasters within what the machine can bear: refuse those that are too large, look at the others in windows.

A raster is packed in blocks, and a block is unpacked whole, with all of its bands where these are packed together. So limits
count the bytes of the blocks that a window needs: a file of a few kilobytes can declare any number of cells, and one of a few
megabytes can unpack to thousands of them.
"""

import math
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np
from rasterio.io import DatasetReader
from rasterio.windows import Window

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.limits import load_limits

BLOCKS = marked(
    "this raster is packed in blocks of {size} MB, and each can only be unpacked whole; "
    "save it in smaller ones (gdal_translate -co TILED=YES -co COMPRESS=DEFLATE in.tif out.tif)"
)
_concatenate: Callable[..., np.ma.MaskedArray] = np.ma.concatenate  # untyped in numpy
_SIDE = 2048  # rows and columns that are read at once, unless a block of the file is larger
_MOST_CELLS = _SIDE**2
_SPREAD, _FEW = 16, 32  # windows each way, and rows and columns of such a window


def check_size(source: DatasetReader, file: str) -> None:
    """Refuse a raster that declares more cells than the limits allow, or blocks that the memory does not bear."""
    limits = load_limits().raster
    if source.width * source.height > limits.most_cells:
        text = "this raster declares {columns} x {rows} cells, beyond the limit of {most} million; cut out the city"
        size = {"columns": f"{source.width:,}", "rows": f"{source.height:,}", "most": f"{limits.most_cells / 1e6:,.0f}"}
        raise InputError(Fault(text, Where(file), size))
    if block_bytes(source) > limits.most_block_bytes:
        raise InputError(Fault(BLOCKS, Where(file), {"size": f"{block_bytes(source) / 1e6:,.0f}"}))


def block_bytes(source: DatasetReader) -> int:
    """Return how many bytes one block has once it is unpacked, of all bands that are packed together."""
    rows, columns = source.block_shapes[0]
    return int(rows * columns * np.dtype(source.dtypes[0]).itemsize * (source.count if _are_together(source) else 1))


def _are_together(source: DatasetReader) -> bool:
    """Say whether all bands of a block are packed together."""
    return bool(source.tags(ns="IMAGE_STRUCTURE").get("INTERLEAVE") == "PIXEL")


def unpacked_bytes(source: DatasetReader, window: Window, bands: int = 1) -> int:
    """Return how many bytes are unpacked to read a window of so many bands."""
    rows, columns = source.block_shapes[0]
    across = (window.col_off + window.width - 1) // columns - window.col_off // columns + 1
    down = (window.row_off + window.height - 1) // rows - window.row_off // rows + 1
    return int(across * down * block_bytes(source) * (1 if _are_together(source) else bands))


def sampled(source: DatasetReader, side: int) -> Iterator[np.ma.MaskedArray]:
    """Yield cells of a raster from coarse to fine: first about ``side`` x ``side`` of them, then window after window.

    It ends where the limits end it, so that a large raster without any height does not take forever.
    """
    whole, most = Window(0, 0, source.width, source.height), load_limits().raster.looked_at_bytes
    if unpacked_bytes(source, whole) <= most:
        yield source.read(1, out_shape=(min(source.height, side), min(source.width, side)), masked=True)
    else:
        yield _concatenate([source.read(1, window=window, masked=True).ravel() for window in _spread(source, most)])
    looked_at = 0
    for chunk in _chunks(source, whole):
        if looked_at > most:
            return
        looked_at += unpacked_bytes(source, chunk)
        yield from (source.read(1, window=window, masked=True) for window in _cut(chunk))


def pieces(source: DatasetReader, window: Window) -> Iterator[Window]:
    """Yield the parts of a window of which each can be held in memory, so that no block is unpacked again and again."""
    for chunk in _chunks(source, window):
        yield from _cut(chunk)


def _spread(source: DatasetReader, most_bytes: int) -> Iterator[Window]:
    """Yield windows of a few cells all over a large raster, at corners of blocks: thinned out, GDAL would read it all."""
    rows, columns = source.block_shapes[0]
    width, height = min(_FEW, source.width), min(_FEW, source.height)
    one = unpacked_bytes(source, Window(0, 0, width, height))
    count = min(max(math.isqrt(most_bytes // one), 1), _SPREAD)
    shares = np.linspace(0, 1, count) if count > 1 else np.array([0.5])
    for down, across in product(shares, repeat=2):
        left, top = int(across * (source.width - width)) // columns * columns, int(down * (source.height - height)) // rows * rows
        yield Window(left, top, width, height)


def _chunks(source: DatasetReader, window: Window) -> Iterator[Window]:
    """Yield the parts of a window whose edges are edges of blocks, as far as the window goes, about ``_SIDE`` each way."""
    rows, columns = source.block_shapes[0]
    high, wide = (max(_SIDE // each, 1) * each for each in (rows, columns))
    bottom, right = window.row_off + window.height, window.col_off + window.width
    for top in range(window.row_off // high * high, bottom, high):
        for left in range(window.col_off // wide * wide, right, wide):
            first_row, first_column = max(top, window.row_off), max(left, window.col_off)
            yield Window(first_column, first_row, min(left + wide, right) - first_column, min(top + high, bottom) - first_row)


def _cut(chunk: Window) -> Iterator[Window]:
    """Yield a part in bands of rows that the memory bears."""
    high = max(_MOST_CELLS // chunk.width, 1)
    for top in range(chunk.row_off, chunk.row_off + chunk.height, high):
        yield Window(chunk.col_off, top, chunk.width, min(high, chunk.row_off + chunk.height - top))
