"""Square tiles of the Web Mercator grid as a background map: an MBTiles file or a folder z/x/y.png, y from the north (XYZ)."""

import math
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from rasterio.enums import Resampling
from rasterio.io import DatasetReader
from rasterio.transform import from_bounds
from rasterio.warp import reproject, transform_bounds

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.apart import gdal
from lhasaplan.io.parse.foreign import reading

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

    def picture(self, box_m: tuple[float, float, float, float], width_px: int, height_px: int) -> NDArray[np.uint8] | None:
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

    def _put_together(
        self, around_m: tuple[float, float, float, float], level: int
    ) -> tuple[NDArray[np.uint8] | None, tuple[float, float, float, float]]:
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


def _tiles(around_m: tuple[float, float, float, float], level: int) -> tuple[int, int, int, int]:
    """Return first column, first row, last column and last row over a box of Web Mercator."""
    side, last = 2 * HALF_M / 2**level, 2**level - 1
    west, south, east, north = around_m
    numbers = (west + HALF_M) / side, (HALF_M - north) / side, (east + HALF_M) / side, (HALF_M - south) / side
    first_column, first_row, last_column, last_row = (min(max(math.floor(each), 0), last) for each in numbers)
    return first_column, first_row, last_column, last_row


def _count(around_m: tuple[float, float, float, float], level: int) -> int:
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
    bands = _as_bytes(picture.read(out_shape=(picture.count, SIDE_PX, SIDE_PX)), _bits(picture))
    full = np.full((1, SIDE_PX, SIDE_PX), 255, np.uint8)
    if len(bands) <= 2:
        return np.concatenate([bands[:1].repeat(3, axis=0), bands[1:2] if len(bands) == 2 else full])
    return np.asarray(bands[:4] if len(bands) >= 4 else np.concatenate([bands, full]), np.uint8)


def _bits(picture: DatasetReader) -> int:
    """Return of how many bits each value is: 1, 2 and 4 stand in bytes of their own."""
    said = picture.tags(1, ns="IMAGE_STRUCTURE").get("NBITS", "")
    return int(said) if said.isdigit() else 8 * np.dtype(picture.dtypes[0]).itemsize


def _as_bytes(bands: NDArray[np.generic], bits: int) -> NDArray[np.uint8]:
    """Return values as bytes: the highest that the bits can hold is white."""
    if bits == 8 and bands.dtype == np.uint8:
        return np.asarray(bands, np.uint8)
    return np.asarray(np.rint(bands.astype(float) * (255.0 / (2**bits - 1))).clip(0, 255), np.uint8)
