"""What every background map can do, and how one is opened by its path."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.underlays.geotiff import GeoTiff
from lhasaplan.io.underlays.tiles import FolderTiles, MbTiles, TilePicture

Box = tuple[float, float, float, float]
Picture = NDArray[np.uint8]  # shape (rows, columns, 4): red, green, blue, opacity; rows from north to south

UNKNOWN = marked("this is no background map: a GeoTIFF (.tif), an .mbtiles file, or a folder of tiles z/x/y.png can be one")


class Underlay(Protocol):
    """A picture of the ground that can be asked for any box of it; may be asked by several threads."""

    name: str

    def picture(self, box_m: Box, width_px: int, height_px: int) -> Picture | None:
        """Return the box in the project's system, None where the underlay has nothing; InputError if the file broke."""


def open_underlay(path: Path, crs: str) -> Underlay:
    """Return a background map for a project in a system; InputError says what the file lacks."""
    with reading(path):
        if path.is_dir():
            return TilePicture(FolderTiles(path), crs)
        if path.suffix.lower() == ".mbtiles":
            return TilePicture(MbTiles(path), crs)
        if path.suffix.lower() in (".tif", ".tiff"):
            return GeoTiff(path, crs)
    raise InputError(Fault(UNKNOWN, Where(path.name)))
