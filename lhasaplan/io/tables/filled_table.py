"""Read a table that was given out, filled in elsewhere and sent back: the whole file, and by which headings it is known."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from lhasaplan.core.base.translations import marked
from lhasaplan.core.records.schedule import ROW_MARK, row_mark
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.tables.columns import folded
from lhasaplan.io.tables.table_file import TABLES, own_key, read_table
from lhasaplan.io.tables.table_rows import TextRow, TextTable, reported_with

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
        table = read_table(path, passed_over)
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
        faults += _renamed(others, [name for name in form.filled if name not in columns])
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


def _renamed(others: Sequence[Fault], missing: Sequence[str]) -> list[Fault]:
    """Return faults instead of the remarks where a column that is to be filled in is not there: it may be one of the others."""
    words = {"missing": ", ".join(missing)}
    return [replace(each, template=RENAMED, params={**each.params, **words}) for each in others if missing]


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
