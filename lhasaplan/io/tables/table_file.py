"""Read CSV and XLSX files as headings and rows of text, numbered as a person counts them."""

from __future__ import annotations  # types that are named here alone are not loaded

import csv
import io
import re
import zipfile
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain, pairwise
from pathlib import Path
from typing import IO, TYPE_CHECKING

from lhasaplan.core.base.spelling import printable
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.cell_values import number
from lhasaplan.io.parse.file_check import load_limits
from lhasaplan.io.parse.text_encoding import text_of
from lhasaplan.io.tables.table_rows import Note, TextRow, TextTable, notes_of, with_arcs_joined

if TYPE_CHECKING:
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

# What stands in the cells of a workbook beside their values: formulas without one, and cells that were merged.

_PIECE = 1 << 20
_LONGEST = 1 << 16  # bytes of one cell
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class SheetCells:
    """Cells by row and column, both counted from 1; of merged ones the first and last row, and the column."""

    without_value: tuple[tuple[int, int], ...] = ()
    merged_down: tuple[tuple[int, int, int], ...] = ()


def sheet_cells(path: Path, sheet: ReadOnlyWorksheet) -> SheetCells:
    """Return what stands in a sheet that openpyxl, reading in passing, does not tell."""
    member = str(sheet._worksheet_path).lstrip("/")  # in no other way is it known which file of the zip a sheet is
    formulas, merged = list[tuple[int, int]](), list[tuple[int, int, int]]()
    with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
        for text in _pieces(stream):
            for cell in _NO_VALUE.finditer(text) if b"<" in text and b"f" in text else ():
                # Of a formula whose value is a text without letters the program that computed it says that it is a text.
                if (place := _PLACE.search(cell[1])) and b't="str"' not in cell[1]:
                    formulas.append((int(place[2]), _column(place[1])))
            for left, top, right, bottom in _MERGED.findall(text):
                if left == right and top != bottom:
                    merged.append((int(top), int(bottom), _column(left)))
    return SheetCells(tuple(dict.fromkeys(formulas)), tuple(dict.fromkeys(merged)))


def filled_down(rows: list[list[str]], cells: SheetCells) -> list[list[str]]:
    """Return rows in which each cell that was merged with those above it has their value."""
    for first, last, column in cells.merged_down:
        if first > len(rows) or column > len(rows[first - 1]):
            continue
        for row in rows[first : min(last, len(rows))]:
            row[column - 1] = rows[first - 1][column - 1]
    return rows


def _column(letters: bytes) -> int:
    from openpyxl.utils import column_index_from_string  # noqa: PLC0415 - as in ``_xlsx_rows``

    return int(column_index_from_string(letters.decode()))


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield a text in pieces that overlap by as much as a cell is long; what is found twice counts once."""
    rest = b""
    while piece := stream.read(_PIECE):
        yield rest + piece
        rest = (rest + piece)[-_LONGEST:]


DELIMITERS = (",", ";", "\t", "|")
_FIRST_LETTERS = 10_000  # of such a line
_FIRST_LINES = 8  # a title and decimal commas may stand in some of them
_MOST_NOTES = 40  # rows of a sheet that is not read in which something may be said of the others
LEFT_OUT = "only the sheet {sheet} is read; these were left out: {others}"
VAST_CELL = marked("a cell of this row holds more than {most} letters; is a quotation mark or a sign between cells missing?")
HIDDEN = marked("the sheet {sheet}, which is read, is hidden in the workbook: no other holds a table")
MERGED = marked("in {count} places cells below each other were merged; each of them was read with their common value")
NO_VALUE = marked("this cell holds a formula whose value is not in the file; open the workbook in a spreadsheet and save it")
_XLSX = (".xlsx", ".xlsm")
TABLES = (".csv", ".tsv", ".txt", *_XLSX)  # endings of the files that are read as tables


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a table before its headings are known, and what is to be said of them."""

    cells: list[list[str]]
    remarks: tuple[Fault, ...] = ()
    notes: tuple[Note, ...] = ()
    without_value: tuple[tuple[int, int], ...] = ()  # row and column of formulas whose value nobody computed


def read_table(path: Path, passed_over: Collection[str] = (), *, is_form: bool = False) -> TextTable:
    """Return the first sheet with a table or the text table; blank rows and titles above the headings are left out but counted.

    ``passed_over`` are headings of columns that nobody reads, as the sums of a table that went out; ``is_form`` says that it is
    one.

    Raises
    ------
    InputError
        The file is empty or cannot be read as a table.
    """
    read = _xlsx_rows(path, is_form=is_form) if path.suffix.casefold() in _XLSX else _csv_rows(path)
    rows = read.cells
    if not any(any(cells) for cells in rows):
        empty = Fault("this table is empty", Where(path.name))
        raise InputError(empty, *(Fault(NO_VALUE, Where(path.name, row)) for row, _ in read.without_value[:1]))
    first = _heading_row(rows)
    headings, used = _headings(rows, first)
    below = first + used
    found = [TextRow(number, tuple(cells)) for number, cells in enumerate(rows[below:], start=below + 1) if any(cells)]
    notes = (*_titles(path.name, rows[:first]), *read.notes, *notes_of(path))
    table = TextTable(path.name, headings, tuple(found), remarks=read.remarks, heading_row=first + 1, notes=notes)
    faults = (*_twice(table), *_too_long(table), *_without_value(table, read.without_value, passed_over))
    long = {
        fault.where.row for fault in faults if fault.template != NO_VALUE
    }  # the cells of such a row stand under wrong headings
    rest = [row for row in found if row.number not in long]
    if faults and not rest:
        raise InputError(*faults)
    return with_arcs_joined(replace(table, rows=tuple(_padded(row, len(headings)) for row in rest), faults=faults))


def _titles(origin: str, rows: Sequence[Sequence[str]]) -> tuple[Note, ...]:
    """Return what stands above the headings or on a sheet that is not read: each cell, and each with the one to its left."""
    cells = [[cell.strip() for cell in row if cell.strip()] for row in rows]
    pairs = (Note(origin, right, left.rstrip(":：= ")) for row in cells for left, right in pairwise(row))
    return (*(Note(origin, cell) for row in cells for cell in row), *pairs)


def _headings(rows: Sequence[Sequence[str]], first: int) -> tuple[tuple[str, ...], int]:
    """Return the headings and how many rows they take: under a merged one stand the headings of its columns."""
    above = [cell.strip() for cell in rows[first]]
    under, data = ([cell.strip() for cell in row] for row in (*rows[first + 1 : first + 3], (), ())[:2])
    fills = any(cell and not (above[index] if index < len(above) else "") for index, cell in enumerate(under))
    is_second = fills and not _has_number(under) and _has_number(data)
    if not is_second or "" not in above:
        return tuple(above), 1
    width = max(len(above), len(under))
    above, under = (row + [""] * (width - len(row)) for row in (above, under))
    return tuple(low or high for high, low in zip(above, under, strict=True)), 2


def _has_number(cells: Sequence[str]) -> bool:
    return any(number(cell) is not None for cell in cells)


def _heading_row(rows: Sequence[Sequence[str]]) -> int:
    """Return which row holds the headings: the first that is not blank, unless it is a title above them.

    A title is the only filled cell of its row, and what stands below it are headings: several cells, none of them a number.
    """
    filled = [sum(map(bool, cells)) for cells in rows]
    first = next((index for index, count in enumerate(filled) if count), 0)
    below = next((index for index, count in enumerate(filled) if count > 1), first)
    return first if _has_number(rows[below]) else below


def _padded(row: TextRow, width: int) -> TextRow:
    return TextRow(row.number, (*row.cells[:width], *[""] * (width - len(row.cells))))


def _twice(table: TextTable) -> list[Fault]:
    seen = [heading for heading in table.headings if heading]
    return [
        Fault("the heading {heading} comes up more than once", Where(table.file, 1), {"heading": heading})
        for heading in dict.fromkeys(seen)
        if seen.count(heading) > 1
    ]


KEYED = re.compile(r".*\[([a-z]\w{2,})\]", re.DOTALL)  # no unit but deg is so long, and none is a column of a form


def own_key(heading: str) -> str:
    """Return the key that a form writes behind the words of its heading, else the heading.

    >>> own_key("Beschluss [decision]"), own_key("Height [m]")
    ('decision', 'Height [m]')
    """
    found = KEYED.fullmatch(heading.strip())
    return found[1] if found else heading


def _without_value(table: TextTable, cells: Sequence[tuple[int, int]], passed_over: Collection[str]) -> list[Fault]:
    """Return a fault for each cell under a heading that holds a formula whose value stands nowhere."""
    below = (
        (row, table.headings[column - 1]) for row, column in cells if row > table.heading_row and column <= len(table.headings)
    )
    return [
        Fault(NO_VALUE, Where(table.file, row, heading))
        for row, heading in below
        if heading and own_key(heading) not in passed_over
    ]


def _too_long(table: TextTable) -> list[Fault]:
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


def _csv_rows(path: Path) -> _Rows:
    found = text_of(path.read_bytes(), path.name)
    text = found.text
    reported, _, rest = text.partition("\n")
    if reported.casefold().startswith("sep="):  # Excel's own line, which names the sign between the cells
        text = "\n" + rest
    sign = _delimiter(text)
    _refuse_open_quote(text, sign, path.name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=False)
    rows, ends = [], []
    try:
        for cells in reader:
            rows.append([printable(cell).strip() for cell in cells])
            ends.append(reader.line_num)
    except csv.Error as error:
        raise InputError(Fault(VAST_CELL, Where(path.name, len(rows) + 1), {"most": f"{csv.field_size_limit():,}"})) from error
    return _Rows(rows, found.on_rows(path.name, lambda line: bisect_left(ends, line) + 1))


def _refuse_open_quote(text: str, sign: str, file: str) -> None:
    """Raise where a quotation mark is never closed: all that stands after it would be one cell, and its rows lost."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True)
    whole = 0
    try:
        for _ in reader:
            whole += 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            text = "a quotation mark in this row is never closed, so the rows after it would be lost"
            raise InputError(Fault(text, Where(file, whole + 1))) from error


def _delimiter(text: str) -> str:
    """Return the sign that parts most of the first lines into the same number of cells; the widest wins a tie."""
    lines = [line[:_FIRST_LETTERS] for line in text.splitlines() if line.strip()][:_FIRST_LINES]

    def agreement(sign: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in csv.reader(lines, delimiter=sign) if len(row) > 1)
        return max(((lines_alike, width) for width, lines_alike in widths.items()), default=(0, 0))

    return max(DELIMITERS, key=agreement)


def _xlsx_rows(path: Path, *, is_form: bool) -> _Rows:
    """Return the rows of the first sheet that looks like a table, those that can be seen before those that are hidden.

    Remarks name the sheets that are not read, a hidden one that is, and cells that were merged. In a form that went out the sheet
    that says how it is filled in is not named: it holds no table.
    """
    import openpyxl  # noqa: PLC0415 - half a second, which other files need not wait for

    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        filled = {sheet.title: rows for sheet in book.worksheets if any(rows := _sheet_rows(sheet, path.name))}
        hidden = {sheet.title for sheet in book.worksheets if sheet.sheet_state != "visible"}
        names = sorted(filled, key=lambda name: (not _is_table(filled[name]), name in hidden))
        chosen = names[0] if names else ""
        besides = sheet_cells(path, book[chosen] if chosen else book.worksheets[0]) if book.worksheets else SheetCells()
    finally:
        book.close()
    others = [name for name in filled if name != chosen]
    left_out = [name for name in others if not is_form or _is_table(filled[name])]
    where = Where(path.name)
    remarks = (
        *([Fault(LEFT_OUT, where, {"sheet": chosen, "others": ", ".join(left_out)})] if left_out else []),
        *([Fault(HIDDEN, where, {"sheet": chosen})] if chosen in hidden else []),
        *([Fault(MERGED, where, {"count": len(besides.merged_down)})] if besides.merged_down else []),
    )
    notes = (Note(name, name) for name in filled), (_titles(name, filled[name][:_MOST_NOTES]) for name in others)
    rows = filled_down(filled.get(chosen, []), besides)
    return _Rows(rows, remarks, (*notes[0], *chain.from_iterable(notes[1])), besides.without_value)


def _sheet_rows(sheet: ReadOnlyWorksheet, file: str) -> list[list[str]]:
    """Return the cells of a sheet as text, without the blank ones to the right and below that a format leaves behind."""
    sheet.reset_dimensions()  # a sheet may claim a million rows of sixteen thousand cells
    rows = [_trimmed([cell_text(value) for value in row]) for row in sheet.iter_rows(values_only=True)]
    last = max((number for number, cells in enumerate(rows, start=1) if cells), default=0)
    width = max(map(len, rows), default=0)
    _refuse_vast(sheet.title, file, last, width)
    return [cells + [""] * (width - len(cells)) for cells in rows[:last]]


def _refuse_vast(sheet: str, file: str, rows: int, columns: int) -> None:
    """Raise where one stray cell far below or to the right makes a sheet larger than the limits."""
    if rows * columns > load_limits().workbook.most_cells:
        text = (
            "the sheet {sheet} reaches over {rows} rows and {columns} columns; delete the stray cells far below or to the right"
        )
        raise InputError(Fault(text, Where(file), {"sheet": sheet, "rows": f"{rows:,}", "columns": f"{columns:,}"}))


def _trimmed(cells: list[str]) -> list[str]:
    last = max((number for number, cell in enumerate(cells, start=1) if cell), default=0)
    return cells[:last]


def _is_table(rows: Sequence[Sequence[str]]) -> bool:
    """Say whether a sheet has more than one column with more than one cell; a sheet of notes has one."""
    return sum(sum(map(bool, column)) > 1 for column in zip(*rows, strict=True)) > 1


def number_text(value: float) -> str:
    """Return a number as text: a whole one without a point.

    >>> number_text(12.0), number_text(12.5)
    ('12', '12.5')
    """
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def cell_text(value: object) -> str:
    """Return a cell as text: whole numbers without a point, dates as YYYY-MM-DD, yes and no for truth."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else printable(str(value)).strip()
