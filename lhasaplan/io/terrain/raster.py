"""Read where a terrain raster lies (GeoTIFF, HGT, zipped HGT); its cells are stored by the project, and read for sight."""

import io
import math
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path, PurePath, PurePosixPath
from typing import IO

from rasterio import Affine
from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader
from rasterio.warp import transform_bounds

from lhasaplan.content import content_folder
from lhasaplan.core.base.crs import is_metric, transform
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import TerrainRecord
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.apart import gdal
from lhasaplan.io.parse.file_check import alone
from lhasaplan.io.parse.file_signatures import RASTERS, zipped_raster
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.terrain.raster_heights import check_size, remarks_on_heights

NO_NUMBER = marked("this row of the grid holds {value}, which is no number; write numbers with a decimal point")
_NUMERIC = b"0123456789+-.eE \t\r\n"
_UNKNOWN = {b"nan", b"-nan", b"inf", b"-inf"}
_SHOWN = 20


def check_grid(path: Path, member: str | None) -> None:
    """Look through all rows below the head.

    Raises
    ------
    InputError
        The first row that has something else than numbers, with its number.
    """
    with _opened(path, member) as stream:
        is_head = True
        for number, line in enumerate(stream, start=1):
            is_head = is_head and line.lstrip()[:1].isalpha()
            if not is_head and line.translate(None, _NUMERIC):
                _refuse(path.name, number, line)


def _refuse(file: str, number: int, line: bytes) -> None:
    """Raise for a cell that is no number; marks of no height in words are none."""
    odd = [cell for cell in line.split() if cell.translate(None, _NUMERIC) and cell.lower() not in _UNKNOWN]
    if odd:
        value = odd[0][:_SHOWN].decode("ascii", "replace")
        raise InputError(Fault(NO_NUMBER, Where(file, number), {"value": value}))


@contextmanager
def _opened(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb") as stream:
            yield stream
    else:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            yield stream


_PICTURE_BANDS = 3  # bytes of red, green and blue
_COLOURS = {ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.cyan, ColorInterp.magenta, ColorInterp.yellow}
_MOST_DEG = 180.0
_WORLD_FILES = (".tfw", ".tifw", ".tiffw", ".wld")
PICTURE = marked("this raster is a picture of {count} bands, no terrain")
PALETTE = marked("the numbers of this raster are colours of a palette, no heights")
COMPLEX = marked("the numbers of this raster are complex, as of a radar picture, no heights")
NOWHERE = marked("this raster does not say where it lies; save it as a GeoTIFF with its place and coordinate system")
WORLD_FILE = marked(
    "the place of this raster stands in a world file beside it, which the project does not keep; "
    "save both as one GeoTIFF (gdal_translate in.tif out.tif)"
)
CONTROL_POINTS = marked("this raster has control points but no grid; rectify it first (gdalwarp)")
NO_SYSTEM = marked("this raster does not say its coordinate system; give it as --crs EPSG:n")
DEGREES = marked(
    "this raster does not say its coordinate system, and its corners look like degrees, not like metres of {crs}; "
    "give it as --crs EPSG:n"
)


def has_world_file(path: Path) -> bool:
    """Say whether the place of a raster stands in a file beside it, which no reader is given."""
    return any(path.with_suffix(ending).is_file() for ending in _WORLD_FILES)


def refuse_no_terrain(source: DatasetReader, name: str, crs: str, has_place_beside: bool = False) -> None:
    """Raise InputError with all that keeps a raster from being terrain; ``crs`` is its system where it says none."""
    faults = [*_on_content(source, name), *_on_place(source, name, crs, has_place_beside)]
    if faults:
        raise InputError(*faults)


def _on_content(source: DatasetReader, name: str) -> list[Fault]:
    where = Where(name)
    if source.dtypes[0].startswith("complex"):
        return [Fault(COMPLEX, where)]
    if ColorInterp.palette in source.colorinterp:
        return [Fault(PALETTE, where)]
    if _COLOURS.intersection(source.colorinterp) or (source.count >= _PICTURE_BANDS and source.dtypes[0] == "uint8"):
        return [Fault(PICTURE, where, {"count": source.count})]
    return []


def _on_place(source: DatasetReader, name: str, crs: str, has_place_beside: bool) -> list[Fault]:
    where = Where(name)
    if has_place_beside and source.transform.is_identity:
        return [Fault(WORLD_FILE, where)]
    if source.transform.is_identity or not 0.0 < abs(source.transform.determinant) < math.inf:
        return [Fault(CONTROL_POINTS if source.gcps[0] or source.rpcs else NOWHERE, where)]
    if source.crs:
        return []
    if not crs:
        return [Fault(NO_SYSTEM, where)]
    ends = (source.transform @ corner for corner in ((0, 0), (source.width, source.height)))
    if is_metric(crs) and all(abs(x) <= _MOST_DEG and abs(y) <= _MOST_DEG / 2.0 for x, y in ends):
        return [Fault(DEGREES, where, {"crs": crs})]
    return []


_WORDS = re.compile(r"[^\W\d_]+")  # letters: dsm1m, dom1 and lidar_DSM-2020 have the words dsm and dom
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
SURFACE_NAME = marked(
    "the name of this raster says that it is a surface model or heights above the ground ({word}), in which houses stand twice "
    "and trees are ground; import a model of the bare ground instead (DTM, DGM, MNT)"
)


def remarks_on_name(name: str) -> tuple[Fault, ...]:
    """Return a remark where a word of the name says that the raster is no bare ground."""
    stem = PurePath(name).name.split(".")[0]
    words = [word.casefold() for text in (stem, _CAMEL.sub(" ", stem)) for word in _WORDS.findall(text)]
    found = next((word for word in words if _is_surface(word)), None)
    return (Fault(SURFACE_NAME, Where(name), {"word": found}),) if found else ()


def _is_surface(word: str) -> bool:
    return any(word.startswith(known[:-1]) if known.endswith("*") else word == known for known in _known())


@cache
def _known() -> tuple[str, ...]:
    content, _ = read_toml(content_folder("data") / "terrain.toml")
    return tuple(str(word).casefold() for word in content["surface_model"]["words"])


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
    crs : the system of a raster that does not say its own; without it the project's, which is reported.

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
            *(() if said or crs else (Fault(_ASSUMED, Where(path.name), {"crs": project_crs}),)),
            *remarks_on_heights(source, path.name),
        )
        return Raster(path.name, said or crs or project_crs, source.transform, source.width, source.height, remarks)


def terrain_record(raster: Raster, project_crs: str, sha256: str) -> TerrainRecord:
    """Return the raster as the project records it: bounds in project metres, and the cell as the side of a square."""
    west, south, east, north = transform_bounds(raster.crs, project_crs, *raster.bounds)
    # The root of the area of the middle cell: the bounds will not do, for a tile of degrees is turned in the grid.
    place = raster.transform, raster.columns, raster.rows
    (right_x, right_y), (down_x, down_y) = sides_m(*place, raster.crs, project_crs)
    cell_m = math.sqrt(abs(right_x * down_y - right_y * down_x))
    cell = round(cell_m, 3)
    return TerrainRecord(raster.file, (west, south, east, north), cell, sha256, crs=raster.crs)


def sides_m(grid: Affine, columns: int, rows: int, crs: str, project_crs: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Return how the middle cell of a grid goes on to the next column and to the next row, in project metres."""
    column, row = columns / 2.0, rows / 2.0
    x, y = zip(*(grid @ each for each in ((column, row), (column + 1, row), (column, row + 1))), strict=True)
    xs, ys = transform(crs, project_crs, list(x), list(y))
    return (xs[1] - xs[0], ys[1] - ys[0]), (xs[2] - xs[0], ys[2] - ys[0])
