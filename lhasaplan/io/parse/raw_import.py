"""What a reader found in a file: in the file's own coordinates, and then in the metres of the project."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.base.crs import GEOGRAPHIC, transform, undo_bd09, undo_gcj02
from lhasaplan.core.base.translations import marked, with_counts
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.layer import InputRecord, Layer, Tags
from lhasaplan.core.project.project import TerrainRecord
from lhasaplan.errors import Fault, InputError, Where

# Ids of what a file brings without any: made from where each thing is, so that the order of rows says nothing.
_DECIMALS = 7  # of degrees, a centimetre: what is written again is the same place
_DIGITS = 10


def ids_of_places(places: Sequence[tuple[float, float]], texts: Sequence[str]) -> list[str]:
    """Return an id for each point; ``texts`` distinguish those that are at one place, as their whole row says it.

    >>> ids_of_places([(7.5, 43.7), (7.6, 43.7)], ["a", "b"]) == ids_of_places([(7.6, 43.7), (7.5, 43.7)], ["b", "a"])[::-1]
    True
    """
    return _ids([f"{x:.{_DECIMALS}f} {y:.{_DECIMALS}f}".encode() for x, y in places], texts)


def ids_of_shapes(shapes: ObjectArray, texts: Sequence[str]) -> list[str]:
    """Return an id for each shape, wherever its rings begin; ``texts`` distinguish those of one shape, and those of none."""
    rounded = shapely.transform(shapes, lambda xy: np.round(xy, _DECIMALS) + 0.0)  # no zero below zero
    grounds = shapely.to_wkb(shapely.normalize(rounded), include_srid=False)
    for row in np.flatnonzero(shapely.is_missing(shapes)).tolist():
        grounds[row] = texts[row].encode("utf-8", "surrogatepass")
    return _ids(grounds.tolist(), texts)


def _ids(grounds: Sequence[bytes], texts: Sequence[str]) -> list[str]:
    """Return the digest of each ground; of several of one ground the later ones, by their texts, have a number behind it."""
    sha256 = hashlib.sha256
    digests = [sha256(ground).hexdigest()[:_DIGITS] for ground in grounds]
    if len(set(digests)) == len(digests):  # nearly every building of a town has a ground of its own
        return digests
    found, seen = [""] * len(digests), dict[str, int]()
    for row in sorted(range(len(digests)), key=texts.__getitem__):
        digest = digests[row]
        seen[digest] = seen.get(digest, 0) + 1
        found[row] = digest if seen[digest] == 1 else f"{digest}-{seen[digest]}"
    return found


SHAPES = {0: "point", 1: "line", 2: "line", 3: "polygon", 4: "point", 5: "line", 6: "polygon"}  # by shapely type id
NAMED = 5  # ids that a sentence gives before it only counts
LISTED = 50  # a remark that comes up more often than this is counted, not repeated


@dataclass(frozen=True, eq=False, slots=True)
class RawImport:
    """Layers and cameras of one file; a camera's ``x_m`` and ``y_m`` hold the file's coordinates, whatever their unit.

    ``date`` is the date that the data themselves carry; ``crs`` the system of all coordinates.
    """

    layers: tuple[Layer, ...] = ()
    cameras: tuple[Camera, ...] = ()
    crs: str = GEOGRAPHIC
    date: str = ""
    licence: str = ""
    remarks: tuple[Fault, ...] = ()
    unread: int = 0  # protected features whose outline is broken, cut off or nowhere
    is_wgs84: bool = False  # the file says its datum, and what that shifts is undone
    columns: tuple[tuple[str, str], ...] = ()  # of a table: each heading with the column that it was read as, empty for none


@dataclass(slots=True)
class Pile:
    """Features of one layer while a file is being read."""

    name: str
    ids: list[str] = field(default_factory=list)
    wkb: list[bytes | str] = field(default_factory=list)
    tags: list[Tags] = field(default_factory=list)

    def add(self, feature_id: str, wkb: bytes | str, tags: Tags) -> None:
        """Put one feature on the pile."""
        self.ids.append(feature_id)
        self.wkb.append(wkb)
        self.tags.append(tags)

    def layer(self) -> Layer:
        """Return the pile as a layer; a multipolygon of one polygon becomes that polygon."""
        return Layer(self.name, np.array(self.ids, object), unwrapped(shapely.from_wkb(self.wkb)), tuple(self.tags))


def unwrapped(geometry: ObjectArray) -> ObjectArray:
    """Return geometries where each collection of one member is that member."""
    result = np.array(geometry, object, ndmin=1)
    single = (shapely.get_type_id(result) >= 4) & (shapely.get_num_geometries(result) == 1)
    result[single] = shapely.get_geometry(result[single], 0)
    return result


def first_ids(ids: Sequence[object]) -> str:
    """Return the first few ids in a line, and that there are more."""
    return ", ".join(map(str, ids[:NAMED])) + (" …" if len(ids) > NAMED else "")


def few(remarks: Sequence[Fault]) -> tuple[Fault, ...]:
    """Return the remarks sentence by sentence, the first ones of each listed and the rest counted.

    A table of 500,000 buildings without heights must not give 500,000 lines.
    """
    return with_counts(remarks, LISTED)


@dataclass(frozen=True, eq=False, slots=True)
class Imported:
    """What one file gave, in project metres. ``crs`` is the project's system, fixed by this file if it had none."""

    crs: str
    layers: tuple[Layer, ...]
    cameras: tuple[Camera, ...]
    baseline: tuple[Camera, ...]
    terrain: tuple[TerrainRecord, ...]
    record: InputRecord
    remarks: tuple[Fault, ...]
    columns: tuple[tuple[str, str], ...] = ()


# Set what was found in a file into the project's metric grid.

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
