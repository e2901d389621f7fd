"""What every background map can do, and how one is opened by its path."""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lhasaplan.errors import Fault
from lhasaplan.io.apart.process import apart, bounds_of

Box = tuple[float, float, float, float]
Picture = NDArray[np.uint8]  # shape (rows, columns, 4): red, green, blue, opacity; rows from north to south
_OPENED = "lhasaplan.io.basemaps.opened"


class BasemapFile(Protocol):
    """A picture of the ground that can be asked for any box of it; may be asked by several threads."""

    name: str
    remarks: tuple[Fault, ...]

    def picture(self, box_m: Box, width_px: int, height_px: int) -> Picture | None:
        """Return the box in the project's system, None where the basemap has nothing; InputError if the file broke."""


def open_basemap(path: Path, crs: str) -> BasemapFile:
    """Return a background map for a project in a system; InputError says what the file lacks."""
    remarks: tuple[Fault, ...] = apart(_OPENED, "check", path, crs, of=path.name, bounds=bounds_of(path))
    return _PictureApart(path, crs, remarks)


class _PictureApart:
    """A background map whose files are opened and decoded in the process that reads."""

    def __init__(self, path: Path, crs: str, remarks: tuple[Fault, ...]) -> None:
        self.remarks = remarks
        self.name, self._path, self._crs = path.name, path, crs

    def picture(self, box_m: Box, width_px: int, height_px: int) -> Picture | None:
        """Return a box of it, north up; None where it has nothing."""
        asked = self._path, self._crs, box_m, width_px, height_px
        found: Picture | None = apart(_OPENED, "picture", *asked, of=self.name, bounds=bounds_of(self._path))
        return found
