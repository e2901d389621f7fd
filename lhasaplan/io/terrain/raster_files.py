"""Tell terrain rasters by the names of their files, without a library that reads them."""

import zipfile
from pathlib import Path

from lhasaplan.errors import Fault, InputError, Where

RASTERS = (".tif", ".tiff", ".hgt", ".asc")


def zipped_raster(path: Path) -> str | None:
    """Return the first raster inside a zip file, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            return next((name for name in archive.namelist() if name.casefold().endswith(RASTERS)), None)
    except zipfile.BadZipFile as error:
        raise InputError(Fault("this is no readable zip file", Where(path.name))) from error
