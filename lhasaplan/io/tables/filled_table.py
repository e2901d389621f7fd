"""Read a table that was given out, filled in elsewhere and sent back: the whole file, and by which headings it is known."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.tables.columns import folded
from lhasaplan.io.tables.table_faults import told_with
from lhasaplan.io.tables.table_file import TABLES, read_table
from lhasaplan.io.tables.table_rows import Row, Table

BLANK_ID = marked("this row does not say which camera it is about")
SAME_ID = marked("the id {id} is already used in row {number}")
Stated = TypeVar("Stated")
ReadRow = Callable[[Table, Row, dict[str, int], list[Fault]], Stated]  # columns by name; faults are added to


def filled_table(path: Path) -> Table:
    """Return the table of a file; InputError says what the file is instead."""
    with reading(path):
        look_at(path)
        return read_table(path)


def has_headings(path: Path, names: Iterable[str]) -> bool:
    """Tell whether a file is a table with all of these headings; one that cannot be read has none."""
    if not path.name.casefold().endswith(TABLES):
        return False
    try:
        headings = {folded(heading) for heading in filled_table(path).headings}
    except InputError:
        return False
    return {folded(name) for name in names} <= headings


def columns_of(table: Table, names: Iterable[str]) -> dict[str, int]:
    """Return the columns that have one of these headings, by name."""
    index = {folded(heading): number for number, heading in enumerate(table.headings)}
    return {name: index[folded(name)] for name in names if folded(name) in index}


def read_rows(path: Path, key: str, names: Iterable[str], no_key: str, read: ReadRow[Stated]) -> tuple[Stated, ...]:
    """Return what each row states that has something in the column ``key``; others, as that of a sum, are passed over.

    Raises InputError where that column is missing (``no_key`` says so), with keys that come twice and with all that ``read``
    finds wrong; nothing is taken then.
    """
    table = filled_table(path)
    with told_with(table.faults):
        columns = columns_of(table, (key, *names))
        if key not in columns:
            raise InputError(Fault(no_key, Where(table.file, table.heading_row)))
        named = [row for row in table.rows if row.cells[columns[key]].strip()]
        faults = faults_of_ids(table, named, columns[key])
        rows = tuple(read(table, row, columns, faults) for row in named)
        if faults:
            raise InputError(*faults)
        return rows


def faults_of_ids(table: Table, rows: Sequence[Row], column: int) -> list[Fault]:
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
