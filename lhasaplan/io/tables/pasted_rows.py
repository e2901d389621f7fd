"""Read rows that were copied from a spreadsheet: new values of cameras by id, every cell checked before anything counts."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera_fields import FIELD, FieldValues, typed, unrecorded
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.tables.cells import read_cell
from lhasaplan.io.tables.columns import TableColumn, is_filled, load_columns, understand, with_units
from lhasaplan.io.tables.table_file import VAST_CELL

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
