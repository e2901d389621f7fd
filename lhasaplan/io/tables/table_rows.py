"""A table of text as its readers give it: headings and rows, numbered as a person counts them, its angles in one column each."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache

from lhasaplan.content import content_folder
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.coordinates.likely_systems import plain
from lhasaplan.io.parse.toml_file import read_toml
from lhasaplan.io.tables.coordinate_notes import Note


@dataclass(frozen=True, slots=True)
class TextRow:
    """One row: its number (the headings are row 1) or the feature's number, and its cells in the order of the headings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text. ``counts`` says what a row is called in faults: ``row`` or ``feature``."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[TextRow, ...]
    counts: str = "row"
    remarks: tuple[Fault, ...] = ()
    heading_row: int = 1
    faults: tuple[Fault, ...] = ()  # rows that are too long and headings that come twice, to be told with those of the cells
    notes: tuple[Note, ...] = ()  # what is said around the table: titles, other sheets, the file's name, texts beside it

    def where(self, row: TextRow, column: int | None = None) -> Where:
        """Return the place of a row, or of one of its cells."""
        heading = None if column is None else self.headings[column].strip() or str(column + 1)
        if self.counts == "row":
            return Where(self.file, row.number, heading)
        return Where(self.file, None, heading, f"{self.counts} {row.number}")


@contextmanager
def reported_with(faults: Sequence[Fault]) -> Iterator[None]:
    """Read the cells of a table inside this block; its faults and those of the table are raised together, by row."""
    try:
        yield
    except InputError as error:
        raise InputError(*sorted((*faults, *error.faults), key=lambda fault: fault.where.row or 0)) from error
    if faults:
        raise InputError(*faults)


# Join degrees, minutes and seconds that stand in columns of their own: lat_deg, lat_min, lat_sec are one latitude.

PIECES = ("degrees", "minutes", "seconds", "side")
SIGNS = {"degrees": "°", "minutes": "'", "seconds": '"', "side": ""}
JOINED = marked("the columns {columns} are read together as degrees, minutes and seconds")
_WORDS = re.compile(r"[^\W\d_]+")
_Arc = Mapping[str, int]  # piece -> index of its column


@cache
def _words() -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Return word -> axis and word -> piece of an arc."""
    content = read_toml(content_folder("data") / "columns.toml")[0]
    axes = {plain(word): axis for axis in ("lon", "lat") for word in content["axes"][axis]}
    return axes, {plain(word): piece for piece in PIECES for word in content["arcs"][piece]}


def with_arcs_joined(table: TextTable) -> TextTable:
    """Return the table with one column for each axis whose degrees and minutes stand apart; any other table as it is."""
    arcs = {axis: arc for axis, arc in _arcs(table.headings).items() if {"degrees", "minutes"} <= arc.keys()}
    if not arcs:
        return table
    gone = {index for arc in arcs.values() for piece, index in arc.items() if piece != "degrees"}
    kept = [index for index in range(len(table.headings)) if index not in gone]
    first = {arc["degrees"]: (axis, arc) for axis, arc in arcs.items()}
    headings = tuple(first[i][0] if i in first else table.headings[i] for i in kept)
    rows = tuple(replace(row, cells=tuple(_cell(row, i, first) for i in kept)) for row in table.rows)
    names = ", ".join(table.headings[i] for arc in arcs.values() for i in sorted(arc.values()))
    remark = Fault(JOINED, Where(table.file, table.heading_row), {"columns": names})
    return replace(table, headings=headings, rows=rows, remarks=(*table.remarks, remark))


def _arcs(headings: Sequence[str]) -> dict[str, dict[str, int]]:
    """Return the columns that a heading names as a piece of an axis; the first one of each counts.

    >>> _arcs(["id", "lat_deg", "lat_min", "Longitude (degrees)", "Longitude minutes", "lon_dir"])
    {'lat': {'degrees': 1, 'minutes': 2}, 'lon': {'degrees': 3, 'minutes': 4, 'side': 5}}
    """
    found: dict[str, dict[str, int]] = {}
    for index, heading in enumerate(headings):
        named = _piece_of(heading)
        if named is not None:
            found.setdefault(named[0], {}).setdefault(named[1], index)
    return found


def _piece_of(heading: str) -> tuple[str, str] | None:
    """Return axis and piece of a heading of nothing but these two; Chinese writes them as one word."""
    axes, pieces = _words()
    words = [word for run in _WORDS.findall(plain(heading)) for word in _apart(run)]
    if len(words) != 2 or words[0] not in axes or words[1] not in pieces:
        return None
    return axes[words[0]], pieces[words[1]]


def _apart(run: str) -> list[str]:
    axes, pieces = _words()
    start = next((axis for axis in axes if run.startswith(axis) and run[len(axis) :] in pieces), "")
    return [start, run[len(start) :]] if start else [run]


def _cell(row: TextRow, index: int, first: Mapping[int, tuple[str, _Arc]]) -> str:
    """Return a cell, that of an axis as degrees, minutes, seconds and side in one text."""
    if index not in first:
        return row.cells[index]
    reported = ((piece, row.cells[first[index][1][piece]].strip()) for piece in PIECES if piece in first[index][1])
    return "".join(f"{text.rstrip(SIGNS[piece] or None)}{SIGNS[piece]}" for piece, text in reported if text)
