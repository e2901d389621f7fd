"""Read the heights of a terrain raster in their unit, within those that earth has, and bring one to the grid of the ground."""

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import PurePath

import numpy as np
import rasterio
from pyproj import CRS
from pyproj.exceptions import CRSError
from rasterio import Affine
from rasterio.enums import Resampling
from rasterio.errors import RasterioError
from rasterio.io import DatasetReader
from rasterio.transform import from_origin
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import load_limits

# Keep rasters within what the machine can bear: refuse those that are too large, look at the others in windows.
#
# A raster is packed in blocks, and a block is unpacked whole, with all of its bands where these are packed together. So
# limits count the bytes of the blocks that a window needs: a file of a few kilobytes can declare any number of cells, and one
# of a few megabytes can unpack to thousands of them.

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


# The shore of the Dead Sea lies at -430 m, Everest at 8849 m: beyond are marks of "no height" that a file does not declare.
LOWEST_M, HIGHEST_M = -1000.0, 9000.0
MARKS = (-999.0, -9999.0, -99999.0, -32768.0, -32767.0)  # whatever the unit
FOOT_M, SURVEY_FOOT_M = 0.3048, 1200.0 / 3937.0
_METRES = {"m", "metre", "metres", "meter", "meters"}
_OTHERS = {
    **dict.fromkeys(("ft", "foot", "feet", "international foot", "international feet"), FOOT_M),
    **dict.fromkeys(("us survey foot", "us survey feet", "us-ft", "ftus", "us foot", "survey foot", "foot_us"), SURVEY_FOOT_M),
    **dict.fromkeys(("dm", "decimetre", "decimeter", "decimeters"), 0.1),
    **dict.fromkeys(("cm", "centimetre", "centimeter", "centimeters"), 0.01),
    **dict.fromkeys(("mm", "millimetre", "millimeter", "millimeters"), 0.001),
}
UNDECLARED = marked(
    "{percent} % of the values, such as {value}, are no heights on earth; they are not declared as void, and count as such"
)
_NAMED = re.compile(r"[_ -](ft|feet|usft)$", re.IGNORECASE)
_SAMPLE = 512  # rows and columns that are looked at


@dataclass(frozen=True, slots=True)
class Measure:
    """Heights in metres are ``value * scale_m + offset_m``; ``unit`` is as the file says it, empty when it does not."""

    unit: str
    scale_m: float = 1.0
    offset_m: float = 0.0

    @property
    def is_metres(self) -> bool:
        """Say whether the numbers are heights in metres as they stand."""
        return self.scale_m == 1.0 and self.offset_m == 0.0

    def metres(self, values: FloatArray) -> FloatArray:
        """Return heights in metres, same shape."""
        return values if self.is_metres else values * self.scale_m + self.offset_m

    def is_mark(self, values: FloatArray) -> np.ndarray:
        """Say which values no ground on earth has."""
        heights_m = self.metres(values)
        return np.asarray((heights_m < LOWEST_M) | (heights_m > HIGHEST_M) | np.isin(values, MARKS))


METRES = Measure("m")


def measure_of(source: DatasetReader, name: str) -> Measure:
    """Return what the first band counts in: its unit, that of a vertical system, or ``_ft`` at the end of the file's name."""
    unit, factor = _unit(source, name)
    return Measure(unit, source.scales[0] * factor, source.offsets[0] * factor)


def _unit(source: DatasetReader, name: str) -> tuple[str, float]:
    said = (source.units[0] or "").strip().casefold()
    if said in _METRES:
        return "m", 1.0
    if said in _OTHERS:
        return said, _OTHERS[said]
    stem = PurePath(name.removesuffix(".zip").removesuffix(".ZIP")).stem
    if found := _NAMED.search(stem):
        return found[1].casefold(), SURVEY_FOOT_M if found[1].casefold() == "usft" else FOOT_M
    return _unit_of_system(source)


def _unit_of_system(source: DatasetReader) -> tuple[str, float]:
    try:
        parts = CRS.from_wkt(source.crs.to_wkt()).sub_crs_list if source.crs else []
    except CRSError:
        return "", 1.0
    vertical = next((axis for part in parts if part.is_vertical for axis in part.axis_info), None)
    if vertical is None:
        return "", 1.0
    factor = float(vertical.unit_conversion_factor)
    return ("m", 1.0) if factor == 1.0 else (vertical.unit_name, factor)


def remarks_on_heights(source: DatasetReader, name: str) -> tuple[Fault, ...]:
    """Return what is to be said of a raster's numbers.

    Raises
    ------
    InputError
        No value of it is a height.
    """
    measure, where = measure_of(source, name), Where(name)
    heights_m, marks = _sampled_m(source, measure)
    if not len(heights_m):
        raise InputError(Fault("no value of this raster is a height", where))
    span = {"low": f"{heights_m.min():.0f}", "high": f"{heights_m.max():.0f}"}
    remarks = [Fault(_text_on(measure, source), where, {**span, **({} if measure.is_metres else {"unit": measure.unit or "?"})})]
    if len(marks):
        percent = f"{100.0 * len(marks) / (len(marks) + len(heights_m)):.2g}"
        remarks.append(Fault(UNDECLARED, where, {"percent": percent, "value": f"{float(np.median(marks)):.6g}"}))
    if source.count > 1:
        remarks.append(Fault("only the first of {count} bands is read", where, {"count": source.count}))
    if source.dtypes[0] == "uint8":
        remarks.append(Fault("these heights are whole numbers up to 255, as in a shaded picture; is this terrain?", where))
    return tuple(remarks)


def _text_on(measure: Measure, source: DatasetReader) -> str:
    if not measure.is_metres:
        return "heights were turned from {unit} into metres; they lie between {low} and {high} m"
    if measure.unit:
        return "heights lie between {low} and {high} m"
    if source.crs and "foot" in (source.crs.linear_units or "").casefold():
        return (
            "coordinates are in feet, and the unit of the heights is not said; they are taken as metres, {low} to {high} m; "
            "if they are feet, let the name of the file end in _ft"
        )
    return (
        "the unit of the heights is not said; they are taken as metres, {low} to {high} m; "
        "if they are feet, let the name of the file end in _ft"
    )


def _sampled_m(source: DatasetReader, measure: Measure) -> tuple[FloatArray, FloatArray]:
    """Return heights of some cells, or of the first window with one where none of those has one; and values that are none."""
    marks = np.empty(0)
    for values in sampled(source, _SAMPLE):
        found = values.compressed().astype(float)
        is_mark = measure.is_mark(found) | ~np.isfinite(found)
        marks = found[is_mark & ~np.isnan(found)]
        if not is_mark.all():
            return np.asarray(measure.metres(found[~is_mark])), marks
    return np.empty(0), marks


# Onto the grid of the ground, where a value that no ground on earth has counts as unknown.
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
