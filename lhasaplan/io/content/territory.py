"""Read the countries of the world and the table of shipped packs, once and only when the gate asks."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.content import content_digests, content_folder
from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.territory import Territory
from lhasaplan.core.gate.planning_ground import OUTLINES_SHA256
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import WRONG_FORM
from lhasaplan.io.content.packs import load_shipped
from lhasaplan.io.parse.toml_file import read_toml

COUNTRIES_FILE = "countries.npz"  # made by tools/pack_countries.py
FEWEST = 4  # positions of a ring


class Countries(Mapping[str, BaseGeometry]):
    """The countries of a folder, decoded when first asked for: an audit without a planning pack never asks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def _decoded(self) -> dict[str, BaseGeometry]:
        return read_countries(self._folder / COUNTRIES_FILE)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The English names of the countries, by their codes, read when first asked for."""
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
        return read_names(self._path)

    def __getitem__(self, code: str) -> str:
        return self._read[code]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


@cache
def load_territory() -> Territory:
    """Return the territory: countries by ISO number, exact where packs plan, and what the shipped packs may open.

    With other outlines than those that the core knows they open nothing.
    """
    countries = Countries(content_folder("data") / "territory")
    shipped = load_shipped() if outlines_sha256(content_folder("data").parent) == OUTLINES_SHA256 else {}
    return Territory(countries, shipped, countries.names, load_scripts())


def outlines_sha256(root: Path) -> str:
    """Return one digest of the files under ``data/territory``, which change once in years."""
    rows = content_digests(root, ("data/territory",)).items()
    return hashlib.sha256("".join(f"{path} {digest}\n" for path, digest in rows).encode()).hexdigest()


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
    return read_names(content_folder("data") / "territory" / COUNTRIES_FILE)


def read_names(path: Path) -> dict[str, str]:
    """Return the English names of the countries of a file, by their codes."""
    with np.load(path) as table:
        return dict(zip(table["codes"].tolist(), table["names"].tolist(), strict=True))


def read_countries(path: Path) -> dict[str, BaseGeometry]:
    """Return collections of polygons, longitude and latitude, by ISO 3166-1 numeric code, or ``name:…`` without one.

    They are as they are drawn: some cross themselves (``core/city/territory.py`` mends those that are asked for).
    """
    with np.load(path) as table:
        codes, pieces, country = table["codes"].tolist(), *_polygons(Outlines(*(table[name] for name in Outlines._fields)))
    parts: dict[str, list[BaseGeometry]] = {code: [] for code in codes}
    for number, piece in zip(country.tolist(), pieces.tolist(), strict=True):
        parts[codes[number]].append(piece)
    return {code: shapely.geometrycollections(each) for code, each in parts.items()}


class Outlines(NamedTuple):
    """Countries as chains of arcs that neighbours share; ~n is arc n walked backwards.

    Parameters
    ----------
    steps : shape (N, 2); steps of each arc in grid units, the first from 0.   arc_sizes : steps of each arc.
    arcs : arcs of all rings.   ring_sizes : arcs of each ring.   polygon_sizes : rings of each polygon, its shell first.
    country_sizes : polygons of each country.   scale, origin : degrees of a grid unit, and of the grid's corner, shape (2,).
    """

    steps: IntArray
    arc_sizes: IntArray
    arcs: IntArray
    ring_sizes: IntArray
    polygon_sizes: IntArray
    country_sizes: IntArray
    scale: FloatArray
    origin: FloatArray


def _polygons(reported: Outlines) -> tuple[ObjectArray, IntArray]:
    """Return all polygons, and the number of the country of each; what rounding left of islets is no ring and falls out."""
    row, ring = _rows_of_rings(reported)
    polygon = np.repeat(np.arange(len(reported.polygon_sizes)), reported.polygon_sizes)
    country = np.repeat(np.arange(len(reported.country_sizes)), reported.country_sizes)
    is_shell = np.diff(polygon, prepend=-1) != 0
    is_ring = np.bincount(ring, minlength=len(polygon)) >= FEWEST
    is_ring &= is_ring[np.flatnonzero(is_shell)][polygon]  # a hole goes with its shell
    kept = is_ring[ring]
    number = np.cumsum(is_ring) - 1
    rings = shapely.linearrings(_positions(reported)[row[kept]], indices=number[ring[kept]])
    left, of = np.unique(polygon[is_ring], return_inverse=True)
    return shapely.polygons(rings, indices=of), country[left]


def _positions(reported: Outlines) -> FloatArray:
    """Return the positions of all arcs, one behind the other, in degrees."""
    sums, ends = np.cumsum(reported.steps, axis=0, dtype=np.int64), np.cumsum(reported.arc_sizes)
    before = np.concatenate([np.zeros((1, 2), np.int64), sums[ends[:-1] - 1]])
    grid = sums - np.repeat(before, reported.arc_sizes, axis=0)
    return np.asarray(grid.astype(float) * reported.scale + reported.origin, float)


def _rows_of_rings(reported: Outlines) -> tuple[IntArray, IntArray]:
    """Return the rows of positions that rings are made of, and the ring of each; an arc begins where the one before ends."""
    ring = np.repeat(np.arange(len(reported.ring_sizes)), reported.ring_sizes)
    is_first = np.diff(ring, prepend=-1) != 0
    arc, is_backwards = np.where(reported.arcs < 0, ~reported.arcs, reported.arcs), reported.arcs < 0
    size, first = reported.arc_sizes[arc], (np.cumsum(reported.arc_sizes) - reported.arc_sizes)[arc]
    count = size - ~is_first
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(~is_first, count)
    row = np.where(np.repeat(is_backwards, count), np.repeat(size, count) - 1 - step, step) + np.repeat(first, count)
    return row.astype(np.int64), np.repeat(ring, count)
