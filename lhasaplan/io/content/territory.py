"""Read the countries of the world and the table of shipped packs, once and only when the gate asks."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.content import content_folder
from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.garbage_collection import paused
from lhasaplan.core.city.territory import Territory, whole
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import WRONG_FORM
from lhasaplan.io.content.shipped_data import load_data_state
from lhasaplan.io.content.shipped_table import load_shipped
from lhasaplan.io.parse.toml_file import read_toml

COUNTRIES_FILE = "countries-10m.topojson.gz"
SUPPLEMENT_FILE = "supplement.toml"


class Countries(Mapping[str, BaseGeometry]):
    """The countries of a folder, decoded when first asked for: an audit without a planning pack never asks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _decoded(self) -> dict[str, BaseGeometry]:
        states, _ = read_toml(self._folder / SUPPLEMENT_FILE)
        with paused():  # half a million positions, each a list of its own
            return with_states(read_countries(self._folder / COUNTRIES_FILE), states["states"])

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The English names of the countries, by their codes, decoded when first asked for."""
        return CountryNames(self._folder / COUNTRIES_FILE)

    def __getitem__(self, code: str) -> BaseGeometry:
        return self._decoded[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._decoded)

    def __len__(self) -> int:
        return len(self._decoded)


class CountryNames(Mapping[str, str]):
    """The names of the countries of a file, read when first asked for."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def _read(self) -> dict[str, str]:
        topology = json.loads(gzip.decompress(self._path.read_bytes()))
        return {_code(each): str(each["properties"]["name"]) for each in topology["objects"]["countries"]["geometries"]}

    def __getitem__(self, code: str) -> str:
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


@cache
def load_territory() -> Territory:
    """Return the territory: Natural Earth 1:10m countries by ISO number, and what the shipped packs may open.

    With outlines that are not the sealed ones they open nothing.
    """
    countries = Countries(content_folder("data") / "territory")
    shipped = load_shipped() if load_data_state().has_territory else {}
    return Territory(countries, shipped, countries.names, load_scripts())


def load_scripts(path: Path | None = None) -> dict[str, frozenset[str]]:
    """Return the scripts in which names are written, by country; InputError for a file of another form."""
    path = path or content_folder("data") / "scripts.toml"
    table = read_toml(path)[0].get("scripts")
    if not isinstance(table, dict) or not all(isinstance(each, list) for each in table.values()):
        raise InputError(Fault(WRONG_FORM, Where(file=path.name), {"key": "scripts"}))
    return {code: frozenset(map(str, scripts)) for code, scripts in table.items()}


@cache
def load_country_names() -> Mapping[str, str]:
    """Return the English names of the countries by the codes that packs name them by."""
    topology = json.loads(gzip.decompress((content_folder("data") / "territory" / COUNTRIES_FILE).read_bytes()))
    return {_code(each): str(each["properties"]["name"]) for each in topology["objects"]["countries"]["geometries"]}


def read_countries(path: Path) -> dict[str, BaseGeometry]:
    """Return collections of polygons, longitude and latitude, by ISO 3166-1 numeric code, or ``name:…`` without one.

    They are as they are drawn: some cross themselves (``core/city/territory.py`` mends those that are asked for).
    """
    topology = json.loads(gzip.decompress(path.read_bytes()))
    arcs = decode_arcs(topology)
    pieces: dict[str, list[BaseGeometry]] = defaultdict(list)
    for feature in topology["objects"]["countries"]["geometries"]:
        pieces[_code(feature)].extend(shapely.get_parts(polygons_of(feature, arcs)))
    return {code: shapely.geometrycollections(parts) for code, parts in pieces.items()}


def with_states(countries: Mapping[str, BaseGeometry], states: Mapping[str, str]) -> dict[str, BaseGeometry]:
    """Return the countries with small states (code -> WKT) cut out of what surrounds them and added."""
    cut = dict(countries)
    for code, wkt in states.items():
        state = shapely.from_wkt(wkt)
        for other, ground in cut.items():
            pieces = shapely.get_parts(ground)
            near = np.flatnonzero(shapely.intersects(shapely.envelope(pieces), state))
            if len(near):
                pieces[near] = [shapely.difference(whole(piece), state) for piece in pieces[near]]
                cut[other] = shapely.geometrycollections(list(pieces))
        cut[code] = state
    return cut


def decode_arcs(topology: dict[str, Any]) -> list[FloatArray]:
    """Return the arcs of a quantised TopoJSON: each is a chain of steps from its first position, in grid units."""
    scale, origin = np.array(topology["transform"]["scale"]), np.array(topology["transform"]["translate"])
    arcs = topology["arcs"]
    steps = np.fromiter(chain.from_iterable(chain.from_iterable(arcs)), float).reshape(-1, 2)
    ends = np.cumsum([len(arc) for arc in arcs])
    return [np.cumsum(arc, axis=0) * scale + origin for arc in np.split(steps, ends[:-1])]


def polygons_of(feature: dict[str, Any], arcs: list[FloatArray]) -> BaseGeometry:
    """Return the geometry of one TopoJSON Polygon or MultiPolygon; ~n is arc n walked backwards."""
    polygons = [feature["arcs"]] if feature["type"] == "Polygon" else feature["arcs"]
    rings = [[_ring(ring, arcs) for ring in polygon] for polygon in polygons]
    return shapely.MultiPolygon(
        [(shell, [hole for hole in holes if _is_ring(hole)]) for shell, *holes in rings if _is_ring(shell)]
    )


def _ring(indices: list[int], arcs: list[FloatArray]) -> FloatArray:
    pieces = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def _is_ring(ring: FloatArray) -> bool:
    """Return whether rounding left a ring: islets of less than a grid step have collapsed to two or three positions."""
    return len(ring) >= 4


def _code(feature: dict[str, Any]) -> str:
    number = str(feature.get("id", ""))
    return number if len(number) == 3 and number.isdigit() else f"name:{feature['properties']['name']}"
