"""Read a table of what people declare, CSV or Excel: id, declaration, reason, by whom, and the day if it is not today."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.blank_answers import is_answer
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.tables.cells import read_cell
from lhasaplan.io.tables.columns import Meaning, TableColumn, load_declaration_columns, understand
from lhasaplan.io.tables.table_file import read_table
from lhasaplan.io.tables.table_rows import Row, TextTable
from lhasaplan.ports import DeclarationTable, DeclaredRow

NEEDED = ("id", "declaration", "reason", "by")
NO_COLUMN = marked("the column {column} is missing; a table of declarations has id, declaration, reason and by")
SAYS_NOTHING = marked("this cell says nothing; every declaration has an id, what is declared, a reason and a name")
NOT_A_FACT = marked("{value} is nothing that can be declared; there are: {known}")
SAME_ID = marked("the id {id} is already used in row {number}")
NO_ROWS = marked("This table has no rows")
UNREAD = marked("not read: {columns}")
QUOTE = "'"  # before a text that a spreadsheet would run


def read_declarations(path: Path) -> DeclarationTable:
    """Return what each row declares, with its place in the file; the day is empty where none is given.

    Cells that say nothing or cannot be read and ids that come twice are faults beside the rows that can be read, so that these
    can be held against the project, and everything is told at once.

    Raises
    ------
    InputError
        The file is no table, has no rows, or lacks columns.
    """
    with reading(path):
        look_at(path)
        table = read_table(path)
        return _read(table)


def _read(table: TextTable) -> DeclarationTable:
    if not table.rows:
        raise InputError(Fault(NO_ROWS, Where(table.file)))
    columns = load_declaration_columns()
    meaning = understand(table.headings, columns)
    missing = [name for name in NEEDED if name not in meaning.known]
    if missing:
        lacking = (Fault(NO_COLUMN, Where(table.file, table.heading_row), {"column": name}) for name in missing)
        raise InputError(*lacking, *table.faults)
    faults: list[Fault] = []
    found = [_row(table, row, meaning, columns, faults) for row in table.rows]
    faults += (*_same_ids(table, found, meaning), *table.faults)
    unread = ", ".join(table.headings[index] for index in meaning.unknown)
    remarks = (*table.remarks, *((Fault(UNREAD, Where(table.file), {"columns": unread}),) if unread else ()))
    bad = {fault.where.row for fault in faults}
    return DeclarationTable(tuple(row for row in found if row.where.row not in bad), tuple(faults), remarks)


def _row(table: TextTable, row: Row, meaning: Meaning, columns: Mapping[str, TableColumn], faults: list[Fault]) -> DeclaredRow:
    values = {name: _cell(table, row, meaning.known[name], columns[name], faults) for name in columns if name in meaning.known}
    said = Declaration(values["id"], values["declaration"], values["by"], values.get("date", ""), values["reason"])
    return DeclaredRow(said, table.where(row))


def _cell(table: TextTable, row: Row, index: int, column: TableColumn, faults: list[Fault]) -> str:
    """Return what a cell says; the fault of one that says nothing, or no fact, is kept."""
    text, where = row.cells[index].strip(), table.where(row, index)
    if column.name == "id":
        text = text.removeprefix(QUOTE)
    if (column.name in ("reason", "by") and not is_answer(text)) or (column.name in NEEDED and not text):
        faults.append(Fault(SAYS_NOTHING, where))
        return ""
    value = read_cell(text, column, where) if text else ""
    if not isinstance(value, Fault):
        return str(value)
    is_word = column.type == "word"
    faults.append(Fault(NOT_A_FACT, where, {"value": text, "known": ", ".join(column.words)}) if is_word else value)
    return ""


def _same_ids(table: TextTable, found: Sequence[DeclaredRow], meaning: Meaning) -> list[Fault]:
    first: dict[str, int] = {}
    faults = []
    for row, each in zip(table.rows, found, strict=True):
        name = each.declaration.subject
        if name and first.setdefault(name, row.number) != row.number:
            faults.append(Fault(SAME_ID, table.where(row, meaning.known["id"]), {"id": name, "number": first[name]}))
    return faults
