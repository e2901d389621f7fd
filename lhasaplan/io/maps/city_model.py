"""Read the buildings of CityJSON and CityGML: footprints, parts, roofs taken flat at their mean height, uses, addresses.

A building is as high as its roof lies on average over its ground: what a gable hides more than that, and a low eave less, is
told in a remark. Parts of a building are buildings of their own height. Textures, rooms and other objects are not read.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

import numpy as np
import shapely
from defusedxml.ElementTree import iterparse
from pyproj import CRS
from pyproj.exceptions import CRSError

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import LayerSpecs
from lhasaplan.io.maps.layer_crs import Home
from lhasaplan.io.maps.map_file import ReadFeatures
from lhasaplan.io.maps.vector_file import Reading, layers_as
from lhasaplan.io.parse.file_signatures import seems
from lhasaplan.io.parse.raw_import import RawImport
from lhasaplan.io.tables.columns import folded

# Read the buildings of a CityJSON file: footprints, and roofs taken flat at their mean height (cityjson.org, 1.0 to 2.0).

CITY_JSON = "CityJSON"
BUILDINGS = ("Building", "BuildingPart")
GROUND, ROOF = "GroundSurface", "RoofSurface"
HEIGHTS = frozenset(map(folded, ("height", "measuredHeight", "roof_z_m", "min_height")))  # worked out from the shapes instead
FLAT_ROOFS = marked("the roofs of this city model are taken flat at their mean height; buildings: {count}")
NO_SOLIDS = marked(
    "this city model (CityJSON) has no buildings with shapes; export it with its buildings, "
    "or save their footprints with heights as GeoPackage"
)
BROKEN = marked("this city model (CityJSON) is damaged at the object {item}: {cause}; export it again")
NO_SYSTEM = marked("this city model does not say its coordinate system; give it as --crs EPSG:n")
_EPSG = re.compile(r"EPSG(?:/[\d.]+/|:[\d.]*:|:)(\d+)", re.IGNORECASE)

Face = list[FloatArray]  # rings of corners (x, y, z), the outer one first


@dataclass(frozen=True, eq=False, slots=True)
class ModelledBuilding:
    """A building or a part of one: its id, footprint, the heights of ground and roof, and what is said of it."""

    name: str
    footprint: shapely.Geometry
    ground_m: float
    roof_m: float
    attributes: Mapping[str, object]

    def turned(self) -> "ModelledBuilding":
        """Return it with its coordinates exchanged: latitudes came first."""
        return replace(self, footprint=shapely.transform(self.footprint, lambda xy: xy[:, ::-1]))


def is_city_json(path: Path) -> bool:
    """Say whether a file is CityJSON, or lines of it, by what it begins with."""
    kind = seems(path) if path.name.casefold().endswith((".json", ".jsonl", ".geojson", ".geojsonl")) else None
    return kind is not None and kind.params.get("kind") == CITY_JSON


def read_city_json(path: Path, specs: LayerSpecs, home: Home, datum: str) -> tuple[RawImport, ...]:
    """Return the buildings of the file in its own coordinates.

    Raises
    ------
    InputError
        The file has no building with a shape, no coordinate system, or an object whose corners are not there.
    """
    documents = _documents(path.read_text("utf-8-sig"))
    found = [each for document in documents for each in _buildings(document, documents[0], path)]
    if not found:
        raise InputError(Fault(NO_SOLIDS, Where(path.name)))
    crs, _ = ground_system(str((documents[0].get("metadata") or {}).get("referenceSystem", "")))
    return layers_of(path, crs, found, specs, home, datum)


def layers_of(  # noqa: PLR0917 - the file, its system and its buildings, and what is known besides
    path: Path, crs: str, found: Sequence[ModelledBuilding], specs: LayerSpecs, home: Home, datum: str
) -> tuple[RawImport, ...]:
    """Return buildings of a model as a layer, with a remark on their roofs; InputError where nothing says their system."""
    crs = crs or home.crs or home.project_crs
    if not crs:
        raise InputError(Fault(NO_SYSTEM, Where(path.name)))
    features = _features(path, crs, found)
    read = layers_as([lambda: features], specs, "buildings", Reading(home=home, datum=datum))
    return (*read, RawImport(remarks=(Fault(FLAT_ROOFS, Where(path.name), {"count": len(found)}),)))


def _documents(text: str) -> list[JsonObject]:
    """Return the model, or the models of a file of lines: the first says where all lie."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        whole = [json.loads(line) for line in text.splitlines() if line.strip()]
    return [each for each in (whole if isinstance(whole, list) else [whole]) if isinstance(each, dict)]


def ground_system(name: str) -> tuple[str, bool]:
    """Return the horizontal system of a name, of a compound one its part for the ground, and whether it is in degrees."""
    said = _EPSG.search(name)
    if said is None:
        return "", False
    try:
        crs = CRS.from_epsg(int(said[1]))
    except CRSError:
        return f"EPSG:{said[1]}", False
    ground = crs.sub_crs_list[0] if crs.is_compound else crs.to_2d()
    code = ground.to_epsg()
    return f"EPSG:{code}" if code else ground.to_wkt(), ground.is_geographic


def _buildings(model: JsonObject, first: JsonObject, path: Path) -> Iterator[ModelledBuilding]:
    objects = model.get("CityObjects") or {}
    corners = _corners(model, first)
    for name, each in objects.items():
        if not isinstance(each, dict) or each.get("type") not in BUILDINGS:
            continue
        try:
            built = _building(name, each, objects, corners)
        except (IndexError, TypeError, ValueError, KeyError) as error:
            raise InputError(
                Fault(BROKEN, Where(path.name), {"item": name, "cause": str(error) or type(error).__name__})
            ) from error
        if built is not None:
            yield built


def _corners(model: JsonObject, first: JsonObject) -> FloatArray:
    """Return the corners of a model in its system, shape (V, 3)."""
    corners = np.array(model.get("vertices") or np.zeros((0, 3)), float).reshape(-1, 3)
    transform = model.get("transform") or first.get("transform")
    return corners * transform["scale"] + transform["translate"] if transform else corners


def _building(name: str, each: JsonObject, objects: JsonObject, corners: FloatArray) -> ModelledBuilding | None:
    shapes = [shape for shape in each.get("geometry") or () if shape.get("type") in SHELLS]
    if not shapes:
        return None
    shape = max(shapes, key=lambda one: float(str(one.get("lod", 0)) or 0))
    faces = [[_ring(corners, ring) for ring in face] for face in _faces(shape)]
    whole = objects.get((each.get("parents") or [""])[0]) or {}
    attributes = {**(whole.get("attributes") or {}), **(each.get("attributes") or {})}
    return built_of(name, faces, _kinds(shape), attributes)


def built_of(name: str, faces: Sequence[Face], kinds: Sequence[str], attributes: Mapping[str, object]) -> ModelledBuilding | None:
    """Return the building that faces enclose; None where they cover no ground. ``kinds`` says of each what it is, or nothing."""
    grounds = [face for face, kind in zip(faces, kinds, strict=True) if kind == GROUND]
    roofs = [face for face, kind in zip(faces, kinds, strict=True) if kind == ROOF]
    footprint = _footprint(grounds or roofs or faces)
    if footprint.is_empty:
        return None
    lowest = min(float(face[0][:, 2].min()) for face in faces)
    ground_m = min(float(face[0][:, 2].min()) for face in grounds) if grounds else lowest
    roof_m = _mean_height(roofs) if roofs else max(float(face[0][:, 2].max()) for face in faces)
    return ModelledBuilding(name, footprint, ground_m, roof_m, attributes)


def _ring(corners: FloatArray, numbers: Sequence[int]) -> FloatArray:
    if numbers and min(numbers) < 0:
        raise IndexError(min(numbers))
    return np.asarray(corners[numbers])


# How many lists the faces of each type of shape are gathered in.
SHELLS = {"MultiSurface": 0, "CompositeSurface": 0, "Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}


def _faces(shape: JsonObject) -> list[list[list[int]]]:
    """Return the faces of a shape: of each its rings, the numbers of their corners."""
    found = shape["boundaries"]
    for _ in range(SHELLS[shape["type"]]):
        found = [face for shell in found for face in shell]
    faces: list[list[list[int]]] = found
    return faces


def _kinds(shape: JsonObject) -> list[str]:
    """Return what each face is, in the order of the faces; empty where nothing is said."""
    semantics = shape.get("semantics") or {}
    surfaces, count = semantics.get("surfaces") or (), len(_faces(shape))
    values = list(_flat(semantics.get("values") or ()))
    if len(values) != count:
        return [""] * count
    return ["" if value is None else str(surfaces[value].get("type", "")) for value in values]


def _flat(values: Sequence[object]) -> Iterator[int | None]:
    for each in values:
        if isinstance(each, list):
            yield from _flat(each)
        else:
            yield each if isinstance(each, int) else None


def _footprint(faces: Sequence[Face]) -> shapely.Geometry:
    """Return the ground that faces cover, seen from above."""
    flat = [shapely.Polygon(face[0][:, :2], [ring[:, :2] for ring in face[1:]]) for face in faces if len(face[0]) >= 3]
    return shapely.union_all([shapely.make_valid(each) for each in flat if each.area > 0.0])


def _mean_height(faces: Sequence[Face]) -> float:
    """Return the mean height of faces, weighed by the ground that they cover."""
    heights = np.array([float(face[0][:, 2].mean()) for face in faces])
    weights = np.array([shapely.Polygon(face[0][:, :2]).area for face in faces])
    return float(np.average(heights, weights=weights)) if weights.sum() > 0.0 else float(heights.max())


def _features(path: Path, crs: str, found: Sequence[ModelledBuilding]) -> ReadFeatures:
    """Return the buildings as a layer: height, roof above the datum, and every attribute that is text or a number."""
    said = dict.fromkeys(key for each in found for key, value in each.attributes.items() if _is_cell(value))
    keys = [key for key in said if folded(key) not in HEIGHTS and folded(key) != "id"]
    heights = [f"{each.roof_m - each.ground_m:.2f}" if each.roof_m > each.ground_m else "" for each in found]
    roofs = [f"{each.roof_m:.2f}" if height else "" for each, height in zip(found, heights, strict=True)]
    columns = [
        [str(each.attributes.get(key, "")) if _is_cell(each.attributes.get(key)) else "" for each in found] for key in keys
    ]
    return ReadFeatures(
        file=path.name,
        stem=path.name.split(".")[0],
        layer=path.name.split(".")[0],
        crs=crs,
        geometry=np.array([*(each.footprint for each in found), None], object)[:-1],
        headings=("id", "height", "roof_z_m", *keys),
        columns=([each.name for each in found], heights, roofs, *columns),
        fids=list(range(1, len(found) + 1)),
    )


def _cell(value: object) -> str:
    return str(value) if _is_cell(value) else ""


def _is_cell(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


# Read the buildings of CityGML 1.0 to 3.0: footprints, parts, roofs taken flat at their mean height, uses and addresses.

CITY_GML = "CityGML"
KINDS = {"GroundSurface": GROUND, "RoofSurface": ROOF, "lod0FootPrint": GROUND}
SAID = {  # what is said of a building, by the name of its element, as columns
    **{name: name for name in ("function", "usage", "class", "name")},
    "ThoroughfareName": "addr:street",
    "ThoroughfareNumber": "addr:housenumber",
    "storeysAboveGround": "building:levels",
}
_LOD = re.compile(r"lod(\d)")
_GERMAN = re.compile(r"ETRS89_UTM(\d\d)")  # urn:adv:crs:ETRS89_UTM32*DE_DHHN2016_NH


@dataclass(eq=False, slots=True)
class _Open:
    """A building that is being read: its faces with what they are and how fine, and what is said of it."""

    name: str
    attributes: dict[str, str]
    faces: list[tuple[int, str, Face]] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class _OpenModel:
    """A model as far as it was read: where the reader is in the file, and the buildings that are whole."""

    system: str = ""
    is_named_by_urn: bool = False
    path: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    rings: Face = field(default_factory=list)
    corners: list[float] = field(default_factory=list)
    dimension: int = 3
    found: list[ModelledBuilding] = field(default_factory=list)


def is_city_gml(path: Path) -> bool:
    """Say whether a file is CityGML, by what it begins with."""
    kind = seems(path) if path.name.casefold().endswith((".gml", ".xml")) else None
    return kind is not None and kind.params.get("kind") == CITY_GML


def read_city_gml(path: Path, specs: LayerSpecs, home: Home, datum: str) -> tuple[RawImport, ...]:
    """Return the buildings of the file in its own coordinates; nothing where none has a shape, or the XML is wrong."""
    reading = _OpenModel()
    try:
        with path.open("rb") as stream:
            _read(reading, stream)
    except ParseError:
        return ()  # GDAL's reader, which comes next, tells it
    if not reading.found:
        return ()
    return layers_of(path, _system(reading), reading.found, specs, home, datum)


def _read(reading: _OpenModel, stream: BinaryIO) -> None:
    for event, element in iterparse(stream, events=("start", "end")):
        name = str(element.tag).rpartition("}")[2]
        if event == "start":
            _begin(reading, name, element)
        else:
            _end(reading, name, element)
            reading.path.pop()


def _begin(reading: _OpenModel, name: str, element: Element) -> None:
    reading.path.append(name)
    said = element.get("srsName")
    if said and not reading.system:
        reading.system, reading.is_named_by_urn = said, said.startswith(("urn:", "http"))
    if element.get("srsDimension"):
        reading.dimension = 2 if element.get("srsDimension") == "2" else 3
    if name in BUILDINGS:
        ident = next((text for key, text in element.attrib.items() if key.rpartition("}")[2] == "id"), "")
        inherited = dict(reading.open[-1].attributes) if reading.open else {}
        reading.open.append(_Open(ident or f"building-{len(reading.found) + len(reading.open)}", inherited))
    elif name == "Polygon":
        reading.rings = []
    elif name == "LinearRing":
        reading.corners = []


def _end(reading: _OpenModel, name: str, element: Element) -> None:
    if not reading.open:
        if name.endswith("ityObjectMember"):
            element.clear()
        return
    text = (element.text or "").strip()
    if name in ("posList", "pos"):
        reading.corners += map(float, text.split())
    elif name == "LinearRing":
        corners = np.array(reading.corners, float).reshape(-1, reading.dimension)
        reading.rings.append(corners if reading.dimension == 3 else np.column_stack([corners, np.zeros(len(corners))]))
    elif name == "Polygon" and reading.rings:
        fine = next((int(found[1]) for each in reversed(reading.path) if (found := _LOD.match(each))), 1)
        role = fine, next((KINDS[each] for each in reversed(reading.path) if each in KINDS), "")
        reading.open[-1].faces.append((*role, reading.rings))
    elif name in SAID and text and _is_own(reading.path, name):
        reading.open[-1].attributes.setdefault(SAID[name], text)
    elif name in BUILDINGS:
        _close(reading)
        element.clear()


def _is_own(path: Sequence[str], name: str) -> bool:
    """Say whether an element is said of the building itself: of its surfaces and rooms nothing is taken."""
    inside = path[len(path) - 1 - next(n for n, each in enumerate(reversed(path)) if each in BUILDINGS) :]
    return len(inside) == 2 or name.startswith("Thoroughfare")


def _close(reading: _OpenModel) -> None:
    """Make the building that ends of its finest faces."""
    closed = reading.open.pop()
    finest = max((fine for fine, _, _ in closed.faces), default=0)
    faces = [(kind, face) for fine, kind, face in closed.faces if fine == finest]
    if faces:
        kinds, shapes = zip(*faces, strict=True)
        built = built_of(closed.name, shapes, kinds, closed.attributes)
        reading.found += [] if built is None else [built]


def _system(reading: _OpenModel) -> str:
    """Return the system of the ground; corners in degrees come latitude first where a URN names their system."""
    german = _GERMAN.search(reading.system)
    crs, is_geographic = (f"EPSG:258{german[1]}", False) if german else ground_system(reading.system)
    if is_geographic and reading.is_named_by_urn:
        reading.found = [each.turned() for each in reading.found]
    return crs
