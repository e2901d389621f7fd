"""Read the lines of a route from a file: GPX tracks and routes, or the lines of any map file; nothing else of it is kept."""

from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import GEOGRAPHIC, transform
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.maps.map_file import layer_names, opened, read_features
from lhasaplan.io.parse.file_check import file_of, look_at
from lhasaplan.io.parse.foreign import reading

NO_LINES = marked("there is no line in this file; a route is a GPX track or route, or a layer of lines")
NOT_LINES = marked("not taken as a route: {count} points and areas")
GPX = "GPX"
_GPX_LINES = ("tracks", "routes")


def read_route(path: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
    """Return the lines of a file as single lines in the project's system, in the file's order, and remarks.

    ``city.gpkg|layername=walks`` reads that layer alone.

    Raises
    ------
    InputError
        The file cannot be read, or holds no line.
    """
    file = file_of(path)
    lines, remarks = _gpx(file, crs) if file.name.casefold().endswith(".gpx") else _map(path, crs)
    parts = shapely.get_parts(lines)
    kept = parts[(shapely.get_dimensions(parts) == 1) & (shapely.length(parts) > 0.0)]
    if not len(kept):
        raise InputError(Fault(NO_LINES, Where(file.name)))
    left = len(lines) - int((shapely.get_dimensions(lines) == 1).sum())
    return kept, (*remarks, *((Fault(NOT_LINES, Where(file.name), {"count": left}),) if left else ()))


def _map(path: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
    """Return what a map file has, read as streets are: in any layer and system, cleaned, set into the project's metres."""
    found = read_file(path, kind="roads", project_crs=crs)
    shapes = [layer.geometry for layer in found.layers]
    return np.concatenate([*shapes, np.empty(0, object)]), found.remarks


def _gpx(file: Path, crs: str) -> tuple[ObjectArray, tuple[Fault, ...]]:
    """Return tracks and routes of a GPX file, which is in longitude and latitude; heights and times are left."""
    with reading(file):
        look_at(file, read_here=GPX)
        with opened(file) as readable:
            layers = [name for name in layer_names(readable) if name in _GPX_LINES]
            found = [read_features(readable, name, GEOGRAPHIC).geometry for name in layers]
    shapes = np.concatenate([*found, np.empty(0, object)])
    there = shapes[~shapely.is_missing(shapes)]
    return shapely.transform(there, lambda xy: np.column_stack(transform(GEOGRAPHIC, crs, xy[:, 0], xy[:, 1]))), ()
