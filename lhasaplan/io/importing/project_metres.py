"""Set what was found in a file into the project's metric grid."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.crs import GEOGRAPHIC, transform, undo_bd09, undo_gcj02
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Layer
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.raw_import import RawImport, first_ids

Pair = tuple[FloatArray, FloatArray]
OUT_OF_GRID = marked(
    "{count} features of {layer} cannot be set into {crs} ({ids}), and nothing was taken in; if the file is in another system, "
    "say --crs EPSG:n"
)
_OUTSIDE = "these coordinates cannot be set into {crs}; is the coordinate system of the file right?"


@dataclass(frozen=True, slots=True)
class Way:
    """Where coordinates come from and go to: the file, its datum, and the target system."""

    file: str
    datum: str
    target: str


def to_project(found: RawImport, way: Way) -> RawImport:
    """Return layers and cameras in project metres.

    Raises
    ------
    InputError
        Features or cameras that the grid cannot hold (all of them), or a source system that is not known.
    """
    layers = tuple(_layer(layer, found.crs, way) for layer in found.layers)
    xy = np.array([(camera.x_m, camera.y_m) for camera in found.cameras], float).reshape(-1, 2)
    x, y = _convert(xy, found.crs, way)
    faults = [
        Fault(_OUTSIDE, Where(way.file, item=camera.camera_id), {"crs": way.target})
        for camera, is_known in zip(found.cameras, np.isfinite(x) & np.isfinite(y), strict=True)
        if not is_known
    ]
    if faults:
        raise InputError(*faults)
    cameras = tuple(replace(c, x_m=float(e), y_m=float(n)) for c, e, n in zip(found.cameras, x, y, strict=True))
    return replace(found, layers=layers, cameras=cameras, crs=way.target)


def _layer(layer: Layer, source: str, way: Way) -> Layer:
    is_there = (
        source == way.target and way.datum == "wgs84" and bool((shapely.get_coordinate_dimension(layer.geometry) <= 2).all())
    )
    geometry = (
        layer.geometry if is_there else shapely.transform(layer.geometry, lambda xy: np.column_stack(_convert(xy, source, way)))
    )
    is_known = np.isfinite(shapely.bounds(geometry)).all(axis=1)
    if is_known.all():
        return replace(layer, geometry=geometry)
    lost = layer.ids[~is_known]
    words = {"count": len(lost), "layer": layer.name, "ids": first_ids(lost), "crs": way.target}
    raise InputError(Fault(OUT_OF_GRID, Where(way.file), words))


def _convert(xy: FloatArray, source: str, way: Way) -> Pair:
    x, y = xy[:, 0], xy[:, 1]
    try:
        CRS.from_user_input(source)
    except CRSError as error:
        text = "{crs} is not a known coordinate system; write it as EPSG:32632"
        raise InputError(Fault(text, Where(way.file), {"crs": source})) from error
    if way.datum == "wgs84":
        return transform(source, way.target, x, y)
    lon, lat = transform(source, GEOGRAPHIC, x, y)
    lon, lat = undo_gcj02(lon, lat) if way.datum == "gcj02" else undo_bd09(lon, lat)
    return transform(GEOGRAPHIC, way.target, lon, lat)


def middles_lonlat(places: Sequence[tuple[str, FloatArray]], datum: str, file: str) -> Pair:
    """Return longitude and latitude of positions given as (system, xy of shape (n, 2)).

    Raises
    ------
    InputError
        No position fits longitude and latitude: the file's coordinate system is not what it says.
    """
    way = Way(file, datum, GEOGRAPHIC)
    pairs = [_convert(xy, crs, way) for crs, xy in places if len(xy)]
    lon, lat = np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])
    fits = np.isfinite(lon) & np.isfinite(lat) & (abs(lon) <= 180.0) & (abs(lat) <= 90.0)
    if not fits.any():
        text = "no position of this file is a longitude and latitude; give its system as --crs EPSG:n"
        raise InputError(Fault(text, Where(file)))
    return lon[fits], lat[fits]


def middles(found: RawImport) -> tuple[str, FloatArray]:
    """Return the file's system and the middle of each feature's bounds and each camera, shape (n, 2)."""
    bounds = np.concatenate([shapely.bounds(layer.geometry) for layer in found.layers] or [np.empty((0, 4))])
    cameras = np.array([(camera.x_m, camera.y_m) for camera in found.cameras], float).reshape(-1, 2)
    places = (bounds[:, :2] + bounds[:, 2:]) / 2.0
    # A shape on both sides of the 180th meridian has its bounds around the world, and its middle on the other side of it.
    is_split = CRS.from_user_input(found.crs).is_geographic & (bounds[:, 2] - bounds[:, 0] > 180.0)
    places[is_split, 0] += 180.0
    return found.crs, np.concatenate([places, cameras])
