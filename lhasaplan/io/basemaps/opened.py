"""Open a background map by its path, in the process that reads; one that was opened stays so until the file changes."""

from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.basemaps.geotiff import GeoTiff
from lhasaplan.io.basemaps.tiles import FolderTiles, MbTiles, TilePicture
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading

Box = tuple[float, float, float, float]
UNKNOWN = marked("this is no background map: a GeoTIFF (.tif), an .mbtiles file, or a folder of tiles z/x/y.png can be one")


def check(path: Path, crs: str) -> tuple[Fault, ...]:
    """Open a background map for a project in a system and return remarks on it; InputError says what the file lacks."""
    with reading(path):
        return _opened(path, crs, _state(path)).remarks


def picture(
    path: Path, crs: str, box_m: tuple[float, float, float, float], width_px: int, height_px: int
) -> NDArray[np.uint8] | None:
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
    raise InputError(Fault(UNKNOWN, Where(path.name)))


def _state(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns
