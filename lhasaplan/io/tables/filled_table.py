"""Read tables that a person fills in: sent back whole, rows copied from a spreadsheet, points to ask about."""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from lhasaplan.core.base.crs import GEOGRAPHIC
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera_fields import FIELD, FieldValues, typed, unrecorded
from lhasaplan.core.records.schedule import ROW_MARK, row_mark
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.tables.camera_table import fits_column
from lhasaplan.io.tables.columns import (
    TableColumn,
    folded,
    is_filled,
    load_columns,
    load_point_columns,
    measured,
    read_cell,
    understand,
    with_units,
)
from lhasaplan.io.tables.positions import find_positions
from lhasaplan.io.tables.table_file import TABLES, VAST_CELL, own_key, read_table
from lhasaplan.io.tables.table_rows import TextRow, TextTable, reported_with
from lhasaplan.ports import NamedPoint

# Read a table of points to ask about: point_id with lon, lat or x_m, y_m, and a height if it is not 1.5 m.

EYE_HEIGHT_M = 1.5  # docs/sight.md: the height of a target unless another is given


def read_points(path: Path, crs: str = "") -> tuple[tuple[NamedPoint, ...], tuple[Fault, ...]]:
    """Return the points of a table, CSV or XLSX as cameras come in, and remarks on how it was read.

    ``crs`` is the system of columns in metres: the project's.

    Raises
    ------
    InputError
        Every fault, each with row and column.
    """
    with reading(path):
        look_at(path)
        table = read_table(path)
        with reported_with(table.faults):
            return _points(table, crs)


def _points(table: TextTable, crs: str) -> tuple[tuple[NamedPoint, ...], tuple[Fault, ...]]:
    if not table.rows:
        raise InputError(Fault("This table has no rows", Where(file=table.file)))
    meaning = understand(table.headings, load_point_columns(), lambda index, column: fits_column(table, index, column))
    columns = with_units(load_point_columns(), table.headings, meaning)
    faults: list[Fault] = []
    places = find_positions(table, meaning, crs, faults)
    is_geographic = places.crs == GEOGRAPHIC
    lines = [_PointLine(table, row, meaning.known, columns, faults) for row in table.rows]
    points = tuple(_point(line, xy, is_geographic) for line, xy in zip(lines, places.xy, strict=True))
    faults += _same_ids(table, points)
    if faults:
        raise InputError(*faults)
    return points, (*table.remarks, *places.remarks)


def _same_ids(table: TextTable, points: tuple[NamedPoint, ...]) -> list[Fault]:
    """Return a fault for each point whose id an earlier row has: the pairs of both could not be distinguished."""
    first: dict[str, int] = {}
    numbered = zip((row.number for row in table.rows), points, strict=True)
    rows = [(number, point.point_id, first.setdefault(point.point_id, number)) for number, point in numbered]
    return [
        Fault(
            "the id {id} is already used in row {number}", Where(table.file, number, "point_id"), {"id": name, "number": earlier}
        )
        for number, name, earlier in rows
        if earlier != number
    ]


@dataclass(frozen=True, slots=True)
class _PointLine:
    """One row with what its headings mean; faults of its cells are added to ``faults``."""

    table: TextTable
    row: TextRow
    known: Mapping[str, int]
    columns: Mapping[str, TableColumn]
    faults: list[Fault]

    def text(self, name: str) -> str:
        return self.row.cells[self.known[name]].strip() if name in self.known else ""

    def number(self, name: str) -> float:
        text = self.text(name)
        value = measured(text, self.columns[name])
        if value is None:
            where = self.table.where(self.row, self.known[name])
            self.faults.append(Fault("{value} is not a number", where, {"value": text or "''"}))
        return 0.0 if value is None else value


def _point(line: _PointLine, xy: tuple[float, float], is_geographic: bool) -> NamedPoint:
    height_m = line.number("height_m") if line.text("height_m") else EYE_HEIGHT_M
    name = line.text("point_id") or str(line.row.number - 1)
    return NamedPoint(name, *xy, is_geographic, height_m)


# Read what comes back filled in: a whole file by the headings it is known by, or rows copied from a spreadsheet.

# Read rows that were copied from a spreadsheet: new values of cameras by id, every cell checked before anything counts.
ID = "camera_id"
NO_ROWS = marked("The clipboard holds no rows with headings. Copy rows of a table, the headings among them.")
NO_ID = marked("No heading says which cameras the rows are about; one column must hold their ids, as camera_id")
NOTHING_TO_SET = marked("No heading names a value of cameras that a table may set")
NO_CAMERA = marked("There is no camera {id}")
TWICE = marked("The camera {id} stands in row {number} already")
TOO_LONG = marked("This row has more cells than there are headings")


@dataclass(frozen=True, slots=True)
class PastedSaid:
    """What a window calls columns and words of cells, besides what tables call them: heading -> column, word -> value."""

    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PastedRows:
    """New values by id and field, the row of each id, and the headings of columns that set nothing."""

    values: Mapping[str, FieldValues]
    rows: Mapping[str, int]
    left: tuple[str, ...]


def _lines(text: str) -> list[list[str]]:
    lines: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter="\t"):
            lines.append(line)
    except csv.Error as error:
        raise InputError(Fault(VAST_CELL, Where(row=len(lines) + 1), {"most": f"{csv.field_size_limit():,}"})) from error
    return [line for line in lines if any(map(str.strip, line))]


def read_pasted(text: str, known: Collection[str], said: PastedSaid | None = None) -> PastedRows:
    """Return what pasted rows set; an empty cell leaves what is recorded.

    Raises InputError with every fault of every cell, by row (the headings are row 1) and column.
    """
    said = said or PastedSaid()
    lines = _lines(text)
    if len(lines) < 2:
        raise InputError(Fault(NO_ROWS))
    sheet = _understood(lines[0], said)
    faults: list[Fault] = []
    values: dict[str, dict[str, object]] = {}
    rows: dict[str, int] = {}
    for number, cells in enumerate(lines[1:], 2):
        ident = _cell(cells, sheet.id_at)
        faults += _wrong_id(ident, number, known, rows)
        faults += [Fault(TOO_LONG, Where(row=number))] if any(map(str.strip, cells[len(lines[0]) :])) else []
        rows.setdefault(ident, number)
        read = {name: _read(_cell(cells, at), sheet.columns[name], number, lines[0][at], said) for name, at in sheet.at.items()}
        faults += [value for value in read.values() if isinstance(value, Fault)]
        values.setdefault(ident, {}).update({name: value for name, value in read.items() if value is not None})
    if faults:
        raise InputError(*sorted(faults, key=lambda fault: fault.where.row or 0))
    left = tuple(heading for place, heading in enumerate(lines[0]) if place not in {*sheet.at.values(), sheet.id_at})
    return PastedRows(values, rows, left)


@dataclass(frozen=True, slots=True)
class _Understood:
    """What headings mean: the columns with their units, where those that set something stand, and where the ids do."""

    columns: Mapping[str, TableColumn]
    at: Mapping[str, int]
    id_at: int


def _understood(headings: Sequence[str], said: PastedSaid) -> _Understood:
    plain = [said.columns.get(heading.strip(), heading.strip()) for heading in headings]
    meaning = understand(plain, load_columns())
    if ID not in meaning.known:
        raise InputError(Fault(NO_ID, Where(row=1)))
    taken = {name: place for name, place in meaning.known.items() if name in FIELD and FIELD[name].is_settable}
    if not taken:
        raise InputError(Fault(NOTHING_TO_SET, Where(row=1)))
    return _Understood(with_units(load_columns(), headings, meaning), taken, meaning.known[ID])


def _wrong_id(ident: str, number: int, known: Collection[str], rows: Mapping[str, int]) -> Iterator[Fault]:
    if ident not in known:
        yield Fault(NO_CAMERA, Where(row=number), {"id": ident or "–"})
    elif ident in rows:
        yield Fault(TWICE, Where(row=number), {"id": ident, "number": rows[ident]})


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _read(text: str, column: TableColumn, number: int, heading: str, said: PastedSaid) -> object:
    """Return the value of a cell, its fault, or None where it says nothing."""
    text = said.words.get(column.name, {}).get(text, text)
    return _typed(read_cell(text, column, Where(row=number, column=heading)), column) if is_filled(text, column) else None


def read_value(text: str, name: str, said: PastedSaid | None = None) -> object:
    """Return the value that a person gives one field, or its fault; an empty text says that it is not recorded."""
    text, column = text.strip(), load_columns()[name]
    text = (said or PastedSaid()).words.get(name, {}).get(text, text)
    if not text:
        return unrecorded(name)
    return _typed(read_cell(text, column, Where()), column)


def _typed(value: object, column: TableColumn) -> object:
    return value if isinstance(value, Fault) else typed(value, column.name)


# Read a table that was given out, filled in elsewhere and sent back: the whole file, and by which headings it is known.
BLANK_ID = marked("this row does not say which camera it is about")
CHANGED = marked(
    "this row is no more what it was when the table went out: its cells {columns} do not belong together; were ids moved or work "
    "changed? fill in a fresh table"
)
NO_KEY = marked("this row is filled in, but does not say what it is about")
NOT_TAKEN = marked("the column {column} is none of this table, and what stands in it was not taken (rows {rows})")
RENAMED = marked(
    "the column {column} is none of this table, and what stands in it would not be taken (rows {rows}); was it renamed? "
    "these are missing: {missing}"
)
SAME_ID = marked("the id {id} is already used in row {number}")
Stated = TypeVar("Stated")
ReadRow = Callable[[TextTable, TextRow, dict[str, int], list[Fault]], Stated]  # columns by name; faults are added to


def filled_table(path: Path, passed_over: Collection[str] = ()) -> TextTable:
    """Return the table of a file; InputError says what the file is instead. Columns that are passed over are not looked at."""
    with reading(path):
        look_at(path)
        table = read_table(path, passed_over, is_form=True)
    return replace(table, headings=tuple(own_key(heading) for heading in table.headings))


def headings_of(path: Path) -> frozenset[str]:
    """Return the folded headings of a table; a file that is none, or cannot be read, has none."""
    if not path.name.casefold().endswith(TABLES):
        return frozenset()
    try:
        return frozenset(map(folded, filled_table(path).headings))
    except InputError:
        return frozenset()


def columns_of(table: TextTable, names: Iterable[str]) -> dict[str, int]:
    """Return the columns that have one of these headings, by name."""
    index = {folded(heading): number for number, heading in enumerate(table.headings)}
    return {name: index[folded(name)] for name in names if folded(name) in index}


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A table that went out: the heading of its keys and what is said where it is gone, what is filled in, and what it shows.

    ``marked`` are the headings of what a row is about, of which its mark is made.
    """

    key: str
    no_key: str
    filled: tuple[str, ...]
    marked: tuple[str, ...]
    shown: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()  # filled in, too, where they are there


def read_rows(path: Path, form: FilledForm, read: ReadRow[Stated]) -> tuple[tuple[Stated, ...], tuple[Fault, ...]]:
    """Return what each row states that has a key, and remarks on each column of filled cells that is not taken.

    Raises
    ------
    InputError
        The column of keys is missing, keys come twice, a row is filled in but has no key, a row is no more what its mark was
        made of, a column that is filled in was renamed, and all that ``read`` finds wrong; nothing is taken then.
    """
    table = filled_table(path, form.shown)
    with reported_with(table.faults):
        columns = columns_of(table, (form.key, *form.filled, *form.optional, *form.marked, ROW_MARK))
        if form.key not in columns:
            raise InputError(Fault(form.no_key, Where(table.file, table.heading_row)))
        named = [row for row in table.rows if row.cells[columns[form.key]].strip()]
        faults = [*faults_of_ids(table, named, columns[form.key]), *_changed(table, named, columns, form)]
        faults += _without_key(table, columns, form)
        others = _not_taken(table, form)
        # Where a column that is to be filled in is not there, it may be one of the others.
        missing = [name for name in form.filled if name not in columns]
        words = {"missing": ", ".join(missing)}
        renamed = [replace(each, template=RENAMED, params={**each.params, **words}) for each in others if missing]
        faults += renamed
        rows = tuple(read(table, row, columns, faults) for row in named)
        if faults:
            raise InputError(*faults)
        return rows, (*table.remarks, *others)


def _changed(table: TextTable, rows: Sequence[TextRow], columns: dict[str, int], form: FilledForm) -> list[Fault]:
    """Return a fault for each row whose mark is not that of what stands in it; a row without one is taken as it is."""
    if not {ROW_MARK, *form.marked} <= columns.keys():
        return []
    faults = []
    for row in rows:
        parts = [row.cells[columns[name]].removeprefix("'") for name in form.marked]
        if (mark := row.cells[columns[ROW_MARK]].strip()) and mark != row_mark(*parts):
            faults.append(Fault(CHANGED, table.where(row), {"columns": ", ".join(form.marked)}))
    return faults


def _without_key(table: TextTable, columns: dict[str, int], form: FilledForm) -> list[Fault]:
    """Return a fault for each row that is filled in and does not say what it is about."""
    filled = [columns[name] for name in (*form.filled, *form.optional) if name in columns]
    key = columns[form.key]
    return [
        Fault(NO_KEY, table.where(row, key))
        for row in table.rows
        if not row.cells[key].strip() and any(row.cells[column].strip() for column in filled)
    ]


def _not_taken(table: TextTable, form: FilledForm) -> list[Fault]:
    """Return a remark on each column with filled cells that the table did not have when it went out."""
    known = {folded(name) for name in (form.key, *form.filled, *form.optional, *form.marked, *form.shown, ROW_MARK)}
    remarks = []
    for column, heading in enumerate(table.headings):
        filled = [row for row in table.rows if row.cells[column].strip()]
        if folded(heading) not in known and filled:
            words = {"column": heading or str(column + 1), "rows": few_numbers([row.number for row in filled])}
            remarks.append(Fault(NOT_TAKEN, Where(table.file, table.heading_row), words))
    return remarks


def few_numbers(numbers: Sequence[int], most: int = 20) -> str:
    """Return numbers of rows in a line, the first of them where they are many.

    >>> few_numbers([2, 3, 5]), few_numbers(range(2, 40), 3)
    ('2, 3, 5', '2, 3, 4 …')
    """
    return ", ".join(map(str, numbers[:most])) + (" …" if len(numbers) > most else "")


def faults_of_ids(table: TextTable, rows: Sequence[TextRow], column: int) -> list[Fault]:
    """Return a fault for each row without an id, and for each whose id an earlier row has."""
    first: dict[str, int] = {}
    faults = []
    for row in rows:
        camera_id, where = row.cells[column].strip(), table.where(row, column)
        if not camera_id:
            faults.append(Fault(BLANK_ID, where))
        elif first.setdefault(camera_id, row.number) != row.number:
            faults.append(Fault(SAME_ID, where, {"id": camera_id, "number": first[camera_id]}))
    return faults
