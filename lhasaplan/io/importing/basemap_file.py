"""Open a background map in the process that reads: a GeoTIFF, an .mbtiles file or a folder of tiles."""

import math
import sqlite3
from contextlib import closing
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import rasterio
from numpy.typing import NDArray
from rasterio.enums import ColorInterp, Resampling
from rasterio.io import DatasetReader
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT
from rasterio.warp import reproject, transform_bounds
from rasterio.windows import Window

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.apart import gdal
from lhasaplan.io.parse.file_check import alone, load_limits, look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.terrain.raster_heights import check_size, sampled, unpacked_bytes, window_under

Box = tuple[float, float, float, float]

# A GeoTIFF, in whatever system it is.

NO_SYSTEM = marked(
    "this picture does not say its coordinate system, so it cannot be laid under the map; save it as a GeoTIFF with one"
)
COLOURS = 3
MOST_BANDS = 16  # each is brought to the map's system, for none can be left out
MANY_BANDS = marked(
    "this picture has {count} bands, where three are colours; "
    "save those as a GeoTIFF of its own (gdal_translate -b 1 -b 2 -b 3 in.tif out.tif)"
)
NEAR_ALONE = marked(
    "this picture is too large to be drawn whole, so it shows only when you zoom in; "
    "give it overviews to see it from far (gdaladdo -r average in.tif)"
)


class GeoTiff:
    """Opened anew for each piece: GDAL's handles are of one thread each."""

    def __init__(self, path: Path, crs: str) -> None:
        self.name, self._path, self._crs = path.name, path, crs
        with alone(path) as file, gdal.raster(file, gdal.PICTURES) as source:
            if source.crs is None:
                raise InputError(Fault(NO_SYSTEM, Where(path.name)))
            check_size(source, path.name)
            if source.count > MOST_BANDS:
                raise InputError(Fault(MANY_BANDS, Where(path.name), {"count": source.count}))
            # A picture is not shown from far where even of its coarsest overview too much would be unpacked.
            whole, coarsest = Window(0, 0, source.width, source.height), max(source.overviews(1), default=1)
            is_shown = unpacked_bytes(source, whole, source.count) / coarsest**2 <= load_limits().raster.shown_bytes
            self.remarks = () if is_shown else (Fault(NEAR_ALONE, Where(path.name)),)
            self._stretch = _stretch_of(source)

    def picture(self, box_m: Box, width_px: int, height_px: int) -> NDArray[np.uint8] | None:
        """Return a box of it, north up; None where it has nothing."""
        place = {"transform": from_bounds(*box_m, width_px, height_px), "width": width_px, "height": height_px}
        with reading(self._path), alone(self._path) as file, gdal.raster(file, gdal.PICTURES) as source:
            left, bottom, right, top = source.bounds  # of a picture whose rows begin in the south bottom and top are exchanged
            bounds = left, min(bottom, top), right, max(bottom, top)
            west, south, east, north = transform_bounds(source.crs, self._crs, *bounds)
            if box_m[2] <= west or box_m[0] >= east or box_m[3] <= south or box_m[1] >= north:
                return None
            if _unpacked_bytes(source, self._crs, box_m, width_px, height_px) > load_limits().raster.shown_bytes:
                return None  # as a city of orthophotos without overviews, seen from far
            has_alpha = source.colorinterp[-1] is ColorInterp.alpha
            how = {"resampling": Resampling.bilinear, "add_alpha": not has_alpha, **place}
            with WarpedVRT(source, crs=self._crs, **how) as warped:
                bands = warped.read()
            colours = source.colormap(1) if source.colorinterp[0].name == "palette" else None
        return self._coloured(bands, colours)

    def _coloured(self, bands: NDArray[np.generic], colours: dict[int, tuple[int, ...]] | None) -> NDArray[np.uint8]:
        alpha = bands[-1] if bands.dtype == np.uint8 else (bands[-1] > 0).astype(np.uint8) * 255
        if colours is not None:
            table = np.zeros((256, COLOURS), np.uint8)
            for value, colour in colours.items():
                table[value] = colour[:COLOURS]
            return np.dstack([table[bands[0].astype(np.uint8)], alpha])
        low, high = self._stretch
        shown = bands[:COLOURS] if len(bands) > COLOURS else bands[:1].repeat(COLOURS, axis=0)
        levels = np.clip((shown.astype(float) - low) * 255.0 / max(high - low, 1e-9), 0.0, 255.0).astype(np.uint8)
        return np.dstack([*levels, alpha])


def _unpacked_bytes(source: rasterio.DatasetReader, crs: str, box_m: Box, width_px: int, height_px: int) -> float:
    """Return how many bytes are unpacked to draw a box, from the overview that GDAL takes for it."""
    window = window_under(box_m, source, source.crs.to_string(), crs)
    thinned = min(window.width / width_px, window.height / height_px)
    level = max((each for each in source.overviews(1) if each <= thinned), default=1)
    return unpacked_bytes(source, window, source.count) / level**2


def _stretch_of(source: rasterio.DatasetReader) -> tuple[float, float]:
    """Return the values that are drawn black and white: those of bytes as they are, of others from the data themselves."""
    if source.dtypes[0] == "uint8":
        return 0.0, 255.0
    known = next(sampled(source, 256)).compressed().astype(float)
    known = known[np.isfinite(known)]
    return (float(np.percentile(known, 2)), float(np.percentile(known, 98))) if len(known) else (0.0, 255.0)


# Square tiles of the Web Mercator grid: an MBTiles file or a folder z/x/y.png, y from the north (XYZ).

MERCATOR, HALF_M, SIDE_PX = "EPSG:3857", 20_037_508.342789244, 256
MOST_TILES = 64  # put together for one piece of the map; of more a coarser level is taken, and none where there is no coarser one
PICTURES = (".png", ".jpg", ".jpeg", ".webp")
NO_TABLE = marked("this file has no tiles: an MBTiles file has a table of that name")
VECTORS = marked("the tiles of this file are vectors ({format}); only pictures (png, jpg, webp) can be laid under the map")
MOST_PX = 4096  # of a tile, each way; one of 256 is usual
VAST_TILE = marked("a tile of {width} x {height} pixels is no tile; {most} each way are the most")
NO_TILES = marked("this folder has no tiles z/x/y.png in it")
Bytes = bytes | None


class TileSource(Protocol):
    """Where tiles are kept: their levels, and each as the bytes of a picture."""

    path: Path
    levels: tuple[int, int]

    def tile(self, level: int, column: int, row: int) -> Bytes:
        """Return a tile, rows from the north; None where there is none."""


class MbTiles:
    """Tiles in an SQLite file (MBTiles 1.3), whose rows count from the south, unless its metadata say that they do not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with closing(self._open()) as kept:
            names = {name for (name,) in kept.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")}
            if "tiles" not in names:
                raise InputError(Fault(NO_TABLE, Where(path.name)))
            reported = dict(kept.execute("SELECT name, value FROM metadata").fetchall()) if "metadata" in names else {}
            if str(reported.get("format", "png")).lower() == "pbf":
                raise InputError(Fault(VECTORS, Where(path.name), {"format": reported["format"]}))
            self._is_from_north = str(reported.get("scheme", "tms")).casefold() == "xyz"
            low, high = kept.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles").fetchone()
        if low is None:
            raise InputError(Fault(NO_TABLE, Where(path.name)))
        self.levels = int(low), int(high)

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)

    def tile(self, level: int, column: int, row: int) -> Bytes:
        """Return a tile, rows from the north; None where there is none."""
        where = "zoom_level = ? AND tile_column = ? AND tile_row = ?"
        with closing(self._open()) as kept:
            counted = row if self._is_from_north else 2**level - 1 - row
            found = kept.execute(f"SELECT tile_data FROM tiles WHERE {where}", (level, column, counted)).fetchone()
        return bytes(found[0]) if found is not None else None


class FolderTiles:
    """Tiles in folders: a folder a level, in it a folder a column, in that a picture a row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        levels = [int(each.name) for each in path.iterdir() if each.is_dir() and each.name.isdigit()]
        filled = [level for level in levels if next((path / str(level)).glob("*/*"), None) is not None]
        if not filled:
            raise InputError(Fault(NO_TILES, Where(path.name)))
        self.levels = min(filled), max(filled)

    def tile(self, level: int, column: int, row: int) -> Bytes:
        """Return a tile, rows from the north; None where there is none."""
        files = (self.path / str(level) / str(column) / f"{row}{ending}" for ending in PICTURES)
        found = next((file for file in files if file.is_file()), None)
        return found.read_bytes() if found is not None else None


class TilePicture:
    """Tiles put together and laid into the project's system."""

    def __init__(self, source: TileSource, crs: str) -> None:
        self.name, self._source, self._crs = source.path.name, source, crs
        self.remarks: tuple[Fault, ...] = ()

    def picture(self, box_m: Box, width_px: int, height_px: int) -> NDArray[np.uint8] | None:
        """Return a box of it, north up; None where it has nothing."""
        with reading(self._source.path):
            around = transform_bounds(self._crs, MERCATOR, *box_m)
            level = self._level_for((around[2] - around[0]) / width_px)
            while level > self._source.levels[0] and _count(around, level) > MOST_TILES:
                level -= 1
            if _count(around, level) > MOST_TILES:
                return None
            mosaic, bounds = self._put_together(around, level)
            if mosaic is None:
                return None
            found = np.zeros((4, height_px, width_px), np.uint8)
            rows, columns = mosaic.shape[1:]
            reproject(
                mosaic,
                found,
                src_transform=from_bounds(*bounds, columns, rows),
                src_crs=MERCATOR,
                dst_transform=from_bounds(*box_m, width_px, height_px),
                dst_crs=self._crs,
                resampling=Resampling.bilinear,
            )
        return np.moveaxis(found, 0, -1)

    def _level_for(self, metres_per_px: float) -> int:
        """Return the level whose pixels are as fine as asked, of those that there are."""
        wanted = math.ceil(math.log2(2 * HALF_M / SIDE_PX / metres_per_px) - 0.5)
        return min(max(wanted, self._source.levels[0]), self._source.levels[1])

    def _put_together(self, around_m: Box, level: int) -> tuple[NDArray[np.uint8] | None, Box]:
        first_column, first_row, last_column, last_row = _tiles(around_m, level)
        across, down = last_column - first_column + 1, last_row - first_row + 1
        mosaic, is_found = np.zeros((4, down * SIDE_PX, across * SIDE_PX), np.uint8), False
        for column in range(across):
            for row in range(down):
                content = self._source.tile(level, first_column + column, first_row + row)
                if content is not None:
                    rows, columns = (slice(n * SIDE_PX, (n + 1) * SIDE_PX) for n in (row, column))
                    mosaic[:, rows, columns], is_found = _decoded(content), True
        side = 2 * HALF_M / 2**level
        west, north = first_column * side - HALF_M, HALF_M - first_row * side
        return (mosaic if is_found else None), (west, north - down * side, west + across * side, north)


def _tiles(around_m: Box, level: int) -> tuple[int, int, int, int]:
    """Return first column, first row, last column and last row over a box of Web Mercator."""
    side, last = 2 * HALF_M / 2**level, 2**level - 1
    west, south, east, north = around_m
    numbers = (west + HALF_M) / side, (HALF_M - north) / side, (east + HALF_M) / side, (HALF_M - south) / side
    first_column, first_row, last_column, last_row = (min(max(math.floor(each), 0), last) for each in numbers)
    return first_column, first_row, last_column, last_row


def _count(around_m: Box, level: int) -> int:
    first_column, first_row, last_column, last_row = _tiles(around_m, level)
    return (last_column - first_column + 1) * (last_row - first_row + 1)


def _decoded(content: bytes) -> NDArray[np.uint8]:
    """Return a picture of 256 pixels a side as red, green, blue and opacity."""
    with gdal.raster_bytes(content, gdal.TILES) as picture:
        return _colours_of(picture)


def _colours_of(picture: DatasetReader) -> NDArray[np.uint8]:
    if picture.width * picture.height > MOST_PX**2:
        words = {"width": picture.width, "height": picture.height, "most": MOST_PX}
        raise InputError(Fault(VAST_TILE, params=words))
    colours = picture.colormap(1) if picture.colorinterp[0].name == "palette" else None
    if colours is not None:
        bands = picture.read(1, out_shape=(SIDE_PX, SIDE_PX))
        table = np.zeros((256, 4), np.uint8)
        for value, colour in colours.items():
            table[value] = colour
        return np.moveaxis(table[bands], -1, 0)
    said = picture.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", "")
    depth = int(said) if said.isdigit() else 8 * np.dtype(picture.dtypes[0]).itemsize
    bands = _as_bytes(picture.read(out_shape=(picture.count, SIDE_PX, SIDE_PX)), depth)
    full = np.full((1, SIDE_PX, SIDE_PX), 255, np.uint8)
    if len(bands) <= 2:
        return np.concatenate([bands[:1].repeat(3, axis=0), bands[1:2] if len(bands) == 2 else full])
    return np.asarray(bands[:4] if len(bands) >= 4 else np.concatenate([bands, full]), np.uint8)


def _as_bytes(bands: NDArray[np.generic], bits: int) -> NDArray[np.uint8]:
    """Return values as bytes: the highest that the bits can hold is white."""
    if bits == 8 and bands.dtype == np.uint8:
        return np.asarray(bands, np.uint8)
    return np.asarray(np.rint(bands.astype(float) * (255.0 / (2**bits - 1))).clip(0, 255), np.uint8)


# One that was opened stays so until the file changes.

NO_BASEMAP = marked("this is no background map: a GeoTIFF (.tif), an .mbtiles file, or a folder of tiles z/x/y.png can be one")


def check(path: Path, crs: str) -> tuple[Fault, ...]:
    """Open a background map for a project in a system and return remarks on it; InputError says what the file lacks."""
    with reading(path):
        return _opened(path, crs, _state(path)).remarks


def picture(path: Path, crs: str, box_m: Box, width_px: int, height_px: int) -> NDArray[np.uint8] | None:
    """Return a box of it, north up; None where it has nothing, InputError if the file broke."""
    with reading(path):
        return _opened(path, crs, _state(path)).picture(box_m, width_px, height_px)


@lru_cache(maxsize=8)
def _opened(path: Path, crs: str, state: tuple[int, int]) -> GeoTiff | TilePicture:
    if path.is_dir():
        return TilePicture(FolderTiles(path), crs)
    if path.suffix.lower() == ".mbtiles":
        return TilePicture(MbTiles(path), crs)
    if path.suffix.lower() in (".tif", ".tiff"):
        look_at(path)
        return GeoTiff(path, crs)
    raise InputError(Fault(NO_BASEMAP, Where(path.name)))


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
