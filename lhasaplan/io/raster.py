"""Read where a terrain raster lies (GeoTIFF, HGT, zipped HGT); its cells are stored by the project, not read here."""

import math
import zipfile
from dataclasses import dataclass
from pathlib import Path

import rasterio
from rasterio.errors import RasterioError
from rasterio.warp import transform_bounds

from lhasaplan.core.project import TerrainRecord
from lhasaplan.errors import Fault, InputError, Where

RASTERS = (".tif", ".tiff", ".hgt", ".asc")


@dataclass(frozen=True, slots=True)
class Raster:
    """One terrain raster in its own system: bounds are west, south, east, north."""

    file: str
    crs: str
    bounds: tuple[float, float, float, float]
    columns: int
    rows: int

    @property
    def middle(self) -> tuple[float, float]:
        """Return the middle of the raster in its own coordinates."""
        return (self.bounds[0] + self.bounds[2]) / 2.0, (self.bounds[1] + self.bounds[3]) / 2.0


def zipped_raster(path: Path) -> str | None:
    """Return the first raster inside a zip file, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            return next((name for name in archive.namelist() if name.casefold().endswith(RASTERS)), None)
    except zipfile.BadZipFile as error:
        raise InputError(Fault("this is no readable zip file", Where(path.name))) from error


def read_raster(path: Path, crs: str = "") -> Raster:
    """Return where a raster lies.

    Raises
    ------
    InputError
        The file is no raster, or it does not say its coordinate system and ``crs`` gives none.
    """
    member = zipped_raster(path) if path.suffix.casefold() == ".zip" else None
    try:
        with rasterio.open(f"/vsizip/{path.resolve()}/{member}" if member else path) as source:
            system = (source.crs.to_string() if source.crs else "") or crs
            raster = Raster(path.name, system, tuple(source.bounds), source.width, source.height)
    except RasterioError as error:
        raise InputError(Fault("this is no readable raster: {reason}", Where(path.name), {"reason": str(error)})) from error
    if not raster.crs:
        raise InputError(Fault("this raster does not say its coordinate system; give it as --crs EPSG:n", Where(path.name)))
    return raster


def terrain_record(raster: Raster, project_crs: str, sha256: str) -> TerrainRecord:
    """Return the raster as the project records it: bounds and cell size in project metres."""
    west, south, east, north = transform_bounds(raster.crs, project_crs, *raster.bounds)
    cell_m = math.sqrt((east - west) / raster.columns * (north - south) / raster.rows)
    return TerrainRecord(raster.file, (west, south, east, north), round(cell_m, 3), sha256)
