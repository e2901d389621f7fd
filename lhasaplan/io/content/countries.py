"""Read the outlines of countries from their packed file: a piece is decoded when somebody asks about the ground around it."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
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
STEPS, STEPS_A_PART, BOXES = "steps_", 1 << 15, "boxes_deg"  # of the file


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
            boxes_deg = table[BOXES]
        drawn = PackedPolygons(outlines, ArcSteps(self._path))
        return CountryPieces([codes[number] for number in drawn.country.tolist()], boxes_deg, drawn)

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


class ArcSteps:
    """The steps of the arcs of a file, shape (N, 2), in grid units, the first of each arc from 0.

    They are read part by part, each when it is asked for: a town needs few of 1.7 million.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._parts: dict[int, IntArray] = {}

    def __getitem__(self, rows: slice) -> IntArray:
        first, last = rows.start // STEPS_A_PART, (rows.stop - 1) // STEPS_A_PART
        steps = np.concatenate([self._part(number) for number in range(first, last + 1)])
        return steps[rows.start - first * STEPS_A_PART : rows.stop - first * STEPS_A_PART]

    def _part(self, number: int) -> IntArray:
        if number not in self._parts:
            with np.load(self._path) as table:
                self._parts[number] = table[f"{STEPS}{number}"]
        return self._parts[number]


class Outlines(NamedTuple):
    """Countries as chains of arcs that neighbours share; ~n is arc n walked backwards.

    Parameters
    ----------
    arc_sizes : steps of each arc.   arcs : arcs of all rings.   ring_sizes : arcs of each ring.
    polygon_sizes : rings of each polygon, its shell first.   country_sizes : polygons of each country.
    scale, origin : degrees of a grid unit, and of the grid's corner, shape (2,).
    """

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

    def __init__(self, packed: Outlines, steps: "ArcSteps | IntArray") -> None:
        self._packed, self._steps, self._arc_ends = packed, steps, _ends(packed.arc_sizes)
        self._arc = np.where(packed.arcs < 0, ~packed.arcs, packed.arcs)
        self._ring_arcs = _ends(packed.ring_sizes)  # of ring r: those from r to r + 1
        polygon = np.repeat(np.arange(len(packed.polygon_sizes)), packed.polygon_sizes)
        is_shell = np.diff(polygon, prepend=-1) != 0
        # An arc begins where the one before ends.
        size = np.diff(_ends(packed.arc_sizes[self._arc])[self._ring_arcs]) - np.maximum(packed.ring_sizes - 1, 0)
        is_ring = size >= FEWEST
        is_ring &= is_ring[np.flatnonzero(is_shell)][polygon]  # a hole goes with its shell
        self._ring = np.flatnonzero(is_ring)
        left, first_ring = np.unique(polygon[is_ring], return_index=True)
        self._rings = np.append(first_ring, len(self._ring))  # of polygon k: those from k to k + 1
        self.country: IntArray = np.repeat(np.arange(len(packed.country_sizes)), packed.country_sizes)[left]

    def _degrees(self, grid: IntArray) -> FloatArray:
        return np.asarray(grid.astype(float) * self._packed.scale + self._packed.origin, float)

    def _ring_deg(self, ring: int) -> FloatArray:
        """Return the positions of a ring, shape (n, 2)."""
        found: list[IntArray] = []
        for k in range(self._ring_arcs[ring], self._ring_arcs[ring + 1]):
            start, end = self._arc_ends[self._arc[k] : self._arc[k] + 2]
            grid = np.cumsum(self._steps[start:end], axis=0, dtype=np.int64)
            found.append((grid[::-1] if self._packed.arcs[k] < 0 else grid)[1 if found else 0 :])
        return self._degrees(np.concatenate(found))

    def __len__(self) -> int:
        return len(self.country)

    @overload
    def __getitem__(self, row: int) -> BaseGeometry: ...
    @overload
    def __getitem__(self, row: slice) -> Sequence[BaseGeometry]: ...
    def __getitem__(self, row: int | slice) -> BaseGeometry | Sequence[BaseGeometry]:
        if isinstance(row, slice):
            return [self[each] for each in range(*row.indices(len(self)))]
        shell, *holes = (self._ring_deg(ring) for ring in self._ring[self._rings[row] : self._rings[row + 1]].tolist())
        return shapely.Polygon(shell, holes)


def _ends(sizes: IntArray) -> IntArray:
    """Return where groups of these sizes begin and, last, where the last one ends; shape (n + 1,)."""
    return np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes, dtype=np.int64)])
