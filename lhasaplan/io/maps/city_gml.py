"""Read the buildings of CityGML 1.0 to 3.0: footprints, parts, roofs taken flat at their mean height, uses and addresses."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

import numpy as np
from defusedxml.ElementTree import iterparse

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.io.content.layer_spec import LayerSpecs
from lhasaplan.io.maps.city_model import GROUND, ROOF, Face, ModelledBuilding, built_of, ground_system, layers_of
from lhasaplan.io.maps.layer_crs import Home
from lhasaplan.io.parse.file_signatures import seems
from lhasaplan.io.parse.raw_import import RawImport

CITY_GML = "CityGML"
BUILDINGS = ("Building", "BuildingPart")
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
        reading.rings.append(_ring(reading))
    elif name == "Polygon" and reading.rings:
        reading.open[-1].faces.append((*_role(reading.path), reading.rings))
    elif name in SAID and text and _is_own(reading.path, name):
        reading.open[-1].attributes.setdefault(SAID[name], text)
    elif name in BUILDINGS:
        _close(reading)
        element.clear()


def _is_own(path: Sequence[str], name: str) -> bool:
    """Say whether an element is said of the building itself: of its surfaces and rooms nothing is taken."""
    inside = path[len(path) - 1 - next(n for n, each in enumerate(reversed(path)) if each in BUILDINGS) :]
    return len(inside) == 2 or name.startswith("Thoroughfare")


def _ring(reading: _OpenModel) -> FloatArray:
    corners = np.array(reading.corners, float).reshape(-1, reading.dimension)
    return corners if reading.dimension == 3 else np.column_stack([corners, np.zeros(len(corners))])


def _role(path: Sequence[str]) -> tuple[int, str]:
    """Return how fine a face is drawn, and what it is."""
    fine = next((int(found[1]) for each in reversed(path) if (found := _LOD.match(each))), 1)
    return fine, next((KINDS[each] for each in reversed(path) if each in KINDS), "")


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
