"""Refuse a raster that is no terrain or lies nowhere: pictures, complex numbers, no place on earth."""

import math
from pathlib import Path

from rasterio.enums import ColorInterp
from rasterio.io import DatasetReader

from lhasaplan.core.base.crs import is_metric
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where

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
