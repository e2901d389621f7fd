"""Read where a terrain raster lies (GeoTIFF, HGT, zipped HGT); its cells are stored by the project, and read for sight."""

import io
import math
import zipfile
from dataclasses import dataclass
from itertools import product
from pathlib import Path, PurePosixPath

from rasterio import Affine
from rasterio.warp import transform_bounds

from lhasaplan.core.base.crs import transform
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import TerrainRecord
from lhasaplan.errors import Fault, Where
from lhasaplan.io.apart import gdal
from lhasaplan.io.parse.alone import alone
from lhasaplan.io.terrain.ascii_grid import check_grid
from lhasaplan.io.terrain.raster_files import RASTERS, zipped_raster
from lhasaplan.io.terrain.raster_heights import remarks_on_heights
from lhasaplan.io.terrain.raster_kind import has_world_file, refuse_no_terrain
from lhasaplan.io.terrain.raster_size import check_size
from lhasaplan.io.terrain.surface_names import remarks_on_name

_ASSUMED = marked(
    "this raster does not say its coordinate system; that of the project, {crs}, is taken; "
    "if it is another, give it as --crs EPSG:n"
)


@dataclass(frozen=True, slots=True)
class Raster:
    """One terrain raster in its own system; ``transform`` leads from (column, row) to there, turned or not."""

    file: str
    crs: str
    transform: Affine
    columns: int
    rows: int
    remarks: tuple[Fault, ...] = ()

    @property
    def middle(self) -> tuple[float, float]:
        """Return the middle of the raster in its own coordinates."""
        x, y = self.transform @ (self.columns / 2.0, self.rows / 2.0)
        return float(x), float(y)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """Return west, south, east, north of its four corners."""
        ends = [self.transform @ corner for corner in product((0, self.columns), (0, self.rows))]
        x, y = zip(*ends, strict=True)
        return min(x), min(y), max(x), max(y)


def raster_member(content: bytes) -> tuple[str, bytes]:
    """Return the first raster inside a zip file that was stored, by name and content; KeyError if there is none any more."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = next(name for name in archive.namelist() if name.casefold().endswith(RASTERS))
            return PurePosixPath(member).name, archive.read(member)
    except (zipfile.BadZipFile, StopIteration) as error:
        raise KeyError("zip") from error


def read_raster(path: Path, crs: str = "", project_crs: str = "") -> Raster:
    """Return where a raster lies.

    Parameters
    ----------
    crs : the system of a raster that does not say its own; without it the project's, which is told.

    Raises
    ------
    InputError
        The file is no raster or is a picture, it does not say where it lies, or not in which system and none is known.
    """
    member = zipped_raster(path) if path.suffix.casefold() == ".zip" else None
    with alone(path) as file, gdal.raster(f"/vsizip/{file}/{member}" if member else file, gdal.TERRAIN) as source:
        refuse_no_terrain(source, path.name, crs or project_crs, has_world_file(path))
        check_size(source, path.name)
        if source.driver == "AAIGrid":
            check_grid(path, member)
        said = source.crs.to_string() if source.crs else ""
        remarks = (
            *remarks_on_name(member or path.name),
            *_on_system(path.name, said, crs, project_crs),
            *remarks_on_heights(source, path.name),
        )
        return Raster(path.name, said or crs or project_crs, source.transform, source.width, source.height, remarks)


def _on_system(file: str, said: str, given: str, project_crs: str) -> tuple[Fault, ...]:
    """Return a remark where the system of a raster is neither in the file nor given."""
    if said or given:
        return ()
    return (Fault(_ASSUMED, Where(file), {"crs": project_crs}),)


def terrain_record(raster: Raster, project_crs: str, sha256: str) -> TerrainRecord:
    """Return the raster as the project records it: bounds in project metres, and the cell as the side of a square."""
    west, south, east, north = transform_bounds(raster.crs, project_crs, *raster.bounds)
    cell = round(_cell_m(raster, project_crs), 3)
    return TerrainRecord(raster.file, (west, south, east, north), cell, sha256, crs=raster.crs)


def _cell_m(raster: Raster, project_crs: str) -> float:
    """Return the root of the area of the middle cell; the bounds will not do, for a tile of degrees is turned in the grid."""
    place = raster.transform, raster.columns, raster.rows
    (right_x, right_y), (down_x, down_y) = sides_m(*place, raster.crs, project_crs)
    return math.sqrt(abs(right_x * down_y - right_y * down_x))


def sides_m(grid: Affine, columns: int, rows: int, crs: str, project_crs: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how the middle cell of a grid goes on to the next column and to the next row, in project metres."""
    column, row = columns / 2.0, rows / 2.0
    x, y = zip(*(grid @ each for each in ((column, row), (column + 1, row), (column, row + 1))), strict=True)
    xs, ys = transform(crs, project_crs, list(x), list(y))
    return (xs[1] - xs[0], ys[1] - ys[0]), (xs[2] - xs[0], ys[2] - ys[0])
