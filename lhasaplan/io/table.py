"""Read CSV and XLSX files as headings and rows of text, numbered as a person counts them."""

import csv
import io
import zipfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.text_encoding import decoded
from lhasaplan.io.values import number

DELIMITERS = (",", ";", "\t", "|")
_FIRST_LINES = 8  # a title and decimal commas may stand in some of them
_XLSX = {".xlsx", ".xlsm"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number (the headings are row 1) or the feature's number, and its cells in the order of the headings."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text. ``counts`` says what a row is called in faults: ``row`` or ``feature``."""

    file: str
    headings: tuple[str, ...]
    rows: tuple[Row, ...]
    counts: str = "row"

    def where(self, row: Row, column: int | None = None) -> Where:
        """Return the place of a row, or of one of its cells."""
        heading = None if column is None else self.headings[column].strip() or str(column + 1)
        if self.counts == "row":
            return Where(self.file, row.number, heading)
        return Where(self.file, None, heading, f"{self.counts} {row.number}")


def read_table(path: Path) -> Table:
    """Return the first sheet or the text table; blank rows and titles above the headings are left out but counted.

    Raises
    ------
    InputError
        The file is empty, cannot be read as a table, or rows have more cells than there are headings (all such rows).
    """
    rows = _xlsx_rows(path) if path.suffix.casefold() in _XLSX else _csv_rows(path)
    if not rows:
        raise InputError(Fault("this table is empty", Where(path.name)))
    first = _heading_row(rows)
    headings = tuple(cell.strip() for cell in rows[first])
    found = [Row(number, tuple(cells)) for number, cells in enumerate(rows[first + 1 :], start=first + 2) if any(cells)]
    table = Table(path.name, headings, tuple(found))
    faults = [*_twice(table), *_too_long(table)]
    if faults:
        raise InputError(*faults)
    return Table(path.name, headings, tuple(_padded(row, len(headings)) for row in found))


def _heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Return which row holds the headings: the first that is not blank, unless it is a title above them.

    A title is the only filled cell of its row, and what stands below it are headings: several cells, none of them a number.
    """
    filled = [sum(map(bool, cells)) for cells in rows]
    first = next((index for index, count in enumerate(filled) if count), 0)
    below = next((index for index, count in enumerate(filled) if count > 1), first)
    return first if any(number(cell) is not None for cell in rows[below]) else below


def _padded(row: Row, width: int) -> Row:
    return Row(row.number, (*row.cells[:width], *[""] * (width - len(row.cells))))


def _twice(table: Table) -> list[Fault]:
    seen = [heading for heading in table.headings if heading]
    return [
        Fault("the heading {heading} comes up more than once", Where(table.file, 1), {"heading": heading})
        for heading in dict.fromkeys(seen)
        if seen.count(heading) > 1
    ]


def _too_long(table: Table) -> list[Fault]:
    width = len(table.headings)
    return [
        Fault(
            "this row has {count} cells, but there are {width} headings",
            table.where(row),
            {"count": len(row.cells), "width": width},
        )
        for row in table.rows
        if any(cell for cell in row.cells[width:])
    ]


def _csv_rows(path: Path) -> list[list[str]]:
    text = decoded(path.read_bytes(), path.name)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=False))
    except csv.Error as error:
        raise InputError(Fault("this table cannot be read: {reason}", Where(path.name), {"reason": str(error)})) from error
    return [[cell.strip() for cell in cells] for cells in rows]


def _delimiter(text: str) -> str:
    """Return the sign that parts most of the first lines into the same number of cells; the widest wins a tie."""
    lines = [line for line in text.splitlines() if line.strip()][:_FIRST_LINES]

    def agreement(sign: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if len(row) > 1)
        return max(((lines_alike, width) for width, lines_alike in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=agreement)


def _xlsx_rows(path: Path) -> list[list[str]]:
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, OSError, ValueError) as error:
        raise InputError(Fault("this is no readable Excel file: {reason}", Where(path.name), {"reason": str(error)})) from error
    try:
        return _without_tail([[cell_text(value) for value in row] for row in _first_filled(book.worksheets)])
    finally:
        book.close()


def _first_filled(sheets: Sequence[Any]) -> Iterable[Sequence[Any]]:
    for sheet in sheets:
        rows = list(sheet.iter_rows(values_only=True))
        if any(value is not None for row in rows for value in row):
            return rows
    return []


def _without_tail(rows: list[list[str]]) -> list[list[str]]:
    """Return the rows without the empty columns to the right, which a sheet has when they were once formatted."""
    width = max((index + 1 for row in rows for index, cell in enumerate(row) if cell), default=0)
    return [row[:width] for row in rows]


def cell_text(value: Any) -> str:
    """Return a cell as text: whole numbers without a point, dates as YYYY-MM-DD, yes and no for truth."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value).strip()
