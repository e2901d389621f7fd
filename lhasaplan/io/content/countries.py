"""Read the outlines of countries from their packed file: a piece is decoded when somebody asks about the ground around it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple, overload

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.content import content_folder
from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.city.territory import CountryPieces, InPieces
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import WRONG_FORM
from lhasaplan.io.parse.toml_file import read_toml

FEWEST = 4  # positions of a ring


def countries_file() -> Path:
    """Return the file of the shipped outlines, which ``tools/pack_countries.py`` makes."""
    return content_folder("data") / "territory" / "countries.npz"


class Countries(InPieces):
    """The countries of a file by ISO 3166-1 numeric code, or ``name:…`` without one, each a collection of its pieces.

    They are as they are drawn: some cross themselves (``core/city/territory.py`` mends those that are asked for).
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The English names of the countries by their codes."""
        return read_names(self._path)

    @cached_property
    def pieces(self) -> CountryPieces:
        """The polygons of all countries, each with its code and box."""
        with np.load(self._path) as table:
            codes, outlines = table["codes"].tolist(), Outlines(*(table[name] for name in Outlines._fields))
        drawn = PackedPolygons(outlines)
        return CountryPieces([codes[number] for number in drawn.country.tolist()], drawn.boxes(), drawn)

    def __getitem__(self, code: str) -> BaseGeometry:
        if code not in self.names:
            raise KeyError(code)
        rows = (row for row, each in enumerate(self.pieces.codes) if each == code)
        return shapely.geometrycollections([self.pieces.drawn[row] for row in rows])

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


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
    return read_names(countries_file())


def read_names(path: Path) -> dict[str, str]:
    """Return the English names of the countries of a file, by their codes."""
    with np.load(path) as table:
        return dict(zip(table["codes"].tolist(), table["names"].tolist(), strict=True))


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


class PackedPolygons(Sequence[BaseGeometry]):
    """The polygons of outlines, in degrees, each decoded when it is asked for; what rounding left of islets is none.

    ``country`` is the number of the country of each, shape (n,).
    """

    def __init__(self, packed: Outlines) -> None:
        row, ring = _rows_of_rings(packed)
        polygon = np.repeat(np.arange(len(packed.polygon_sizes)), packed.polygon_sizes)
        is_shell = np.diff(polygon, prepend=-1) != 0
        size = np.bincount(ring, minlength=len(polygon))
        is_ring = size >= FEWEST
        is_ring &= is_ring[np.flatnonzero(is_shell)][polygon]  # a hole goes with its shell
        left, first_ring = np.unique(polygon[is_ring], return_index=True)
        self._rings = np.append(first_ring, is_ring.sum())  # of polygon k: those from k to k + 1
        self._ring_ends = np.concatenate([[0], np.cumsum(size[is_ring])])
        self._xy_deg = _positions(packed)[row[is_ring[ring]]]
        self.country: IntArray = np.repeat(np.arange(len(packed.country_sizes)), packed.country_sizes)[left]

    def boxes(self) -> FloatArray:
        """Return west, south, east and north of each polygon, shape (n, 4)."""
        starts = self._ring_ends[self._rings[:-1]]
        return np.hstack([np.minimum.reduceat(self._xy_deg, starts), np.maximum.reduceat(self._xy_deg, starts)])

    def __len__(self) -> int:
        return len(self.country)

    @overload
    def __getitem__(self, row: int) -> BaseGeometry: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[BaseGeometry]: ...
    def __getitem__(self, row: int | slice) -> BaseGeometry | Sequence[BaseGeometry]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        ends = self._ring_ends[self._rings[row] : self._rings[row + 1] + 1]
        shell, *holes = (self._xy_deg[a:b] for a, b in pairwise(ends))
        return shapely.Polygon(shell, holes)


def _positions(packed: Outlines) -> FloatArray:
    """Return the positions of all arcs, one behind the other, in degrees."""
    sums, ends = np.cumsum(packed.steps, axis=0, dtype=np.int64), np.cumsum(packed.arc_sizes)
    before = np.concatenate([np.zeros((1, 2), np.int64), sums[ends[:-1] - 1]])
    grid = sums - np.repeat(before, packed.arc_sizes, axis=0)
    return np.asarray(grid.astype(float) * packed.scale + packed.origin, float)


def _rows_of_rings(packed: Outlines) -> tuple[IntArray, IntArray]:
    """Return the rows of positions that rings are made of, and the ring of each; an arc begins where the one before ends."""
    ring = np.repeat(np.arange(len(packed.ring_sizes)), packed.ring_sizes)
    is_first = np.diff(ring, prepend=-1) != 0
    arc, is_backwards = np.where(packed.arcs < 0, ~packed.arcs, packed.arcs), packed.arcs < 0
    size, first = packed.arc_sizes[arc], (np.cumsum(packed.arc_sizes) - packed.arc_sizes)[arc]
    count = size - ~is_first
    step = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count) + np.repeat(~is_first, count)
    row = np.where(np.repeat(is_backwards, count), np.repeat(size, count) - 1 - step, step) + np.repeat(first, count)
    return row.astype(np.int64), np.repeat(ring, count)
