"""Read tables that come back filled in: schedules, answers, reasons, minutes, and what people declare."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.spelling import is_answer, iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.work import CURRENCY, UNIT_PRICE
from lhasaplan.core.districts.conformity import Difference
from lhasaplan.core.model.camera_fields import typed
from lhasaplan.core.project.decisions import Declaration
from lhasaplan.core.project.project import Reason
from lhasaplan.core.records.filled_in import DIFFERENCES, FILLED_IN, MINUTED, QUESTIONNAIRE, SCHEDULED
from lhasaplan.core.records.minutes import CAMERA, MARKED, MINUTES, Item, Minute
from lhasaplan.core.records.schedule import ASKED, BY, DECISIONS, ON, SCHEDULE, WORK_PRICES, YEARS, ControllerAnswer, Scheduled
from lhasaplan.core.records.schedule import MARKED as OF_A_ROW
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.cell_values import number
from lhasaplan.io.parse.file_check import look_at
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.tables.camera_table import contradictions_of
from lhasaplan.io.tables.columns import (
    Meaning,
    TableColumn,
    folded,
    is_filled,
    load_columns,
    load_declaration_columns,
    nobody_knows,
    read_cell,
    understand,
    with_units,
)
from lhasaplan.io.tables.filled_table import NO_ID as NO_CAMERA_ID
from lhasaplan.io.tables.filled_table import FilledForm, columns_of, faults_of_ids, filled_table, headings_of, read_rows
from lhasaplan.io.tables.table_file import read_table
from lhasaplan.io.tables.table_rows import TextRow, TextTable, reported_with
from lhasaplan.ports import DeclarationTable, DeclaredRow

# Read a schedule that an office filled in: a row for each camera with unit price, year, decision, by whom and when.

CAMERA_ID = "camera_id"
SCHEDULE_FORM = FilledForm(CAMERA_ID, NO_CAMERA_ID, SCHEDULE, OF_A_ROW, ("number", "quantity", "sum"), WORK_PRICES)
_LETTERS = re.compile(r"[A-Za-z]{3}")  # of ISO 4217
_EITHER = re.compile(r"\d{1,3}[.,]\d{3}")  # thousands, or three decimals
NO_PRICE = marked("{value} is no price: state a number above 0, or leave the cell empty until it is known")
TWO_PRICES = marked("{value} may be {small} or {large}; write the price without a sign between thousands")
BOTH_PRICES = marked(
    "a price for all the work stands beside one for a part of it ({columns}); state either the one or the others"
)
NO_CURRENCY = marked("{value} is no currency: write its three letters, such as EUR")
NO_YEAR = marked("{value} is no year between 2000 and 2100")
NO_DECISION = marked("{value} is no decision; there are: {known}")
NO_DATE = marked("{value} is no day; write it as 2027-03-31")


def read_schedule(path: Path) -> tuple[tuple[Scheduled, ...], tuple[Fault, ...]]:
    """Return what each row states, and what was not taken; a row without an id, as that of the sum, is passed over.

    Raises
    ------
    InputError
        No column of ids, ids that come twice, rows that are no more what they were, every cell that is no price, year,
        decision or day; nothing is taken then.
    """
    return read_rows(path, SCHEDULE_FORM, _scheduled)


def _scheduled(table: TextTable, row: TextRow, columns: dict[str, int], faults: list[Fault]) -> Scheduled:
    values = stated_values(table, row, columns, faults, (*SCHEDULE, *WORK_PRICES))
    single = [name for name in WORK_PRICES if name in values]
    if single and UNIT_PRICE in values:
        faults.append(Fault(BOTH_PRICES, table.where(row, columns[UNIT_PRICE]), {"columns": ", ".join(single)}))
    return Scheduled(row.cells[columns[CAMERA_ID]].strip().removeprefix("'"), values, row.number)


def _as_kept(name: str, text: str) -> str | tuple[str, dict[str, object]]:
    """Return a cell as it is kept, or what is wrong with it."""
    if name == UNIT_PRICE or name in WORK_PRICES:
        return _price(text)
    if name == CURRENCY:
        return text.upper() if _LETTERS.fullmatch(text) else (NO_CURRENCY, {"value": text})
    if name == "phase":
        year = number(text)
        return str(int(year)) if year is not None and year in YEARS else (NO_YEAR, {"value": text})
    if name == "decision":
        word = text.casefold()
        return word if word in DECISIONS else (NO_DECISION, {"value": text, "known": ", ".join(DECISIONS)})
    if name in {"decided_on", "due_on"}:
        day = text[: len("2027-03-31")]
        return day if iso_date(day) else (NO_DATE, {"value": text})
    return text


def _price(text: str) -> str | tuple[str, dict[str, object]]:
    if _EITHER.fullmatch(text):
        plain = re.sub(r"[.,]", "", text)
        return TWO_PRICES, {"value": text, "small": f"{float(text.replace(',', '.')):g}", "large": plain}
    price = number(text)
    return f"{price:.15g}" if price is not None and price > 0.0 else (NO_PRICE, {"value": text})


def stated_values(
    table: TextTable, row: TextRow, columns: Mapping[str, int], faults: list[Fault], known: Collection[str]
) -> dict[str, str]:
    """Return what the cells of a row state, as it is kept, by the names that are known; what is none is a fault with its cell."""
    values: dict[str, str] = {}
    for name, column in columns.items():
        text = row.cells[column].strip()
        if name not in known or not text:
            continue
        value = _as_kept(name, text)
        if isinstance(value, str):
            values[name] = value
        else:
            template, params = value
            faults.append(Fault(template, table.where(row, column), params))
    return values


# Read a district's table of differences, in which the office filled in why its plan differs from the city's.

COLUMNS = (*DIFFERENCES.known_by, "reason_by", "reason_on")
NO_REASON_COLUMN = marked("the column {column} is missing")
NO_DIFFERENCE = marked("{value} is no difference; there are: {known}")
NO_SUBJECT = marked("this row does not say which camera or part it is about")


def read_reasons(path: Path) -> tuple[tuple[Reason, ...], tuple[Fault, ...]]:
    """Return the reasons that were filled in, and no remarks; a row whose cell of the reason is empty is still to be filled.

    Raises
    ------
    InputError
        Every column that is missing, every row without its camera or part, and every cell that is no difference or day.
    """
    table = filled_table(path)
    with reported_with(table.faults):
        return _reasons(table), ()


def _reasons(table: TextTable) -> tuple[Reason, ...]:
    columns = columns_of(table, COLUMNS)
    missing = [name for name in DIFFERENCES.known_by if name not in columns]
    if missing:
        raise InputError(*(Fault(NO_REASON_COLUMN, Where(table.file, table.heading_row), {"column": name}) for name in missing))
    faults: list[Fault] = []
    stated = [row for row in table.rows if row.cells[columns["reason"]].strip()]
    reasons = tuple(_reason(table, row, columns, faults) for row in stated)
    if faults:
        raise InputError(*faults)
    return reasons


def _reason(table: TextTable, row: TextRow, columns: dict[str, int], faults: list[Fault]) -> Reason:
    cells = {name: row.cells[column].strip() for name, column in columns.items()}
    known = [str(each) for each in Difference if each is not Difference.KEPT]
    if not cells["subject"]:
        faults.append(Fault(NO_SUBJECT, table.where(row, columns["subject"])))
    if cells["difference"] not in known:
        params = {"value": cells["difference"], "known": ", ".join(known)}
        faults.append(Fault(NO_DIFFERENCE, table.where(row, columns["difference"]), params))
    day = cells.get("reason_on", "")[: len("2027-03-31")]
    if day and iso_date(day) is None:
        faults.append(Fault(NO_DATE, table.where(row, columns["reason_on"]), {"value": cells["reason_on"]}))
    subject = cells["subject"].removeprefix("'")
    return Reason(subject, cells["difference"], cells["reason"], cells.get("reason_by", ""), day)


# Read the minutes of a meeting: a row for each question and each camera, with what was decided, by whom and until when.

ITEM, QUESTION = "item", "question"
NO_ITEM = marked("the column item is missing: it says which question a row is about")
UNKNOWN = marked("{value} is no question of a meeting; there are: {known}, and camera: with the id of a camera")
NO_PERSON = marked("who decided this? a decision other than open needs decided_by")
NOTHING = marked("what was decided? state the decision beside by whom, until when or the outcome")


def read_minutes(path: Path) -> tuple[tuple[Minute, ...], tuple[Fault, ...]]:
    """Return what each row states, and what was not taken; a row without an item is passed over.

    Raises
    ------
    InputError
        No column of items, items that come twice or that no meeting knows, every cell that is no decision or day, and a
        decision that nobody made; nothing is taken then.
    """
    return read_rows(path, FilledForm(ITEM, NO_ITEM, MINUTES, MARKED), _row)


def _row(table: TextTable, row: TextRow, columns: dict[str, int], faults: list[Fault]) -> Minute:
    item, values = row.cells[columns[ITEM]].strip().removeprefix("'"), stated_values(table, row, columns, faults, MINUTES)
    if not item.startswith(CAMERA) and item not in set(Item):
        known = ", ".join(map(str, Item))
        faults.append(Fault(UNKNOWN, table.where(row, columns[ITEM]), {"value": item, "known": known}))
    if values.get("decision", "open") != "open" and not values.get("decided_by"):
        faults.append(Fault(NO_PERSON, table.where(row, columns.get("decided_by", columns[ITEM]))))
    is_wrong = "decision" in columns and bool(row.cells[columns["decision"]].strip())
    if values and "decision" not in values and not is_wrong:
        faults.append(Fault(NOTHING, table.where(row, columns.get("decision", columns[ITEM]))))
    question = row.cells[columns[QUESTION]].strip() if QUESTION in columns else ""
    return Minute(item, question, values, row.number)


# Read a table of what people declare, CSV or Excel: id, declaration, reason, by whom, and the day if it is not today.

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
    can be held against the project, and everything is reported at once.

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
    found = [_declared_row(table, row, meaning, columns, faults) for row in table.rows]
    faults += (*_same_ids(table, found, meaning), *table.faults)
    unread = ", ".join(table.headings[index] for index in meaning.unknown)
    remarks = (*table.remarks, *((Fault(UNREAD, Where(table.file), {"columns": unread}),) if unread else ()))
    bad = {fault.where.row for fault in faults}
    return DeclarationTable(tuple(row for row in found if row.where.row not in bad), tuple(faults), remarks)


def _declared_row(
    table: TextTable, row: TextRow, meaning: Meaning, columns: Mapping[str, TableColumn], faults: list[Fault]
) -> DeclaredRow:
    values = {name: _cell(table, row, meaning.known[name], columns[name], faults) for name in columns if name in meaning.known}
    said = Declaration(values["id"], values["declaration"], values["by"], values.get("date", ""), values["reason"])
    return DeclaredRow(said, table.where(row))


def _cell(table: TextTable, row: TextRow, index: int, column: TableColumn, faults: list[Fault]) -> str:
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


# Read a questionnaire that a controller filled in: rows by camera_id, cells as in a camera table, no position needed.

NO_ID = marked("the column camera_id is missing: an answer must say which camera it is about")


def read_answers(path: Path) -> tuple[tuple[ControllerAnswer, ...], tuple[Fault, ...]]:
    """Return an answer for each row, and remarks on the table; a cell that is empty or says "unknown" answers nothing.

    Raises
    ------
    InputError
        Every cell that cannot be read, rows without id, ids that come twice; nothing is taken then.
    """
    table = filled_table(path)
    with reported_with(table.faults):
        return _answers(table), table.remarks


def _answers(table: TextTable) -> tuple[ControllerAnswer, ...]:
    own = {name: column for name, column in load_columns().items() if name in (*ASKED, "camera_id")}
    dated = replace(load_columns()["installed_on"], name=ON, headings=(ON,), weak=())
    asked = {**own, BY: replace(own["purpose"], name=BY, headings=(BY,), weak=()), ON: dated}
    meaning = understand(table.headings, asked)
    if "camera_id" not in meaning.known:
        raise InputError(Fault(NO_ID, Where(table.file, table.heading_row)))
    columns = with_units(asked, table.headings, meaning)
    faults: list[Fault] = []
    answers = [_answer(table, row, meaning, columns, faults) for row in table.rows]
    faults += faults_of_ids(table, table.rows, meaning.known["camera_id"])
    for row, answer in zip(table.rows, answers, strict=True):
        faults += contradictions_of(table, row, answer.values, meaning)
    if faults:
        raise InputError(*sorted(faults, key=lambda fault: fault.where.row or 0))
    return tuple(answers)


def _answer(
    table: TextTable, row: TextRow, meaning: Meaning, columns: Mapping[str, TableColumn], faults: list[Fault]
) -> ControllerAnswer:
    values: dict[str, object] = {}
    for name, index in meaning.known.items():
        text = row.cells[index].strip()
        if name == "camera_id" or not is_filled(text, columns[name]) or nobody_knows(text):
            continue
        value = read_cell(text, columns[name], table.where(row, index))
        if isinstance(value, Fault):
            faults.append(value)
        else:
            values[name] = typed(value, name)
    by, on = str(values.pop(BY, "")), str(values.pop(ON, ""))
    return ControllerAnswer(row.cells[meaning.known["camera_id"]].strip(), values, by, on)


# Tell the tables apart, and read each in its own way.

Rows = tuple[tuple[object, ...], tuple[Fault, ...]]  # and remarks
READERS: Mapping[str, Callable[[Path], Rows]] = {
    QUESTIONNAIRE.name: read_answers,
    SCHEDULED.name: read_schedule,
    MINUTED.name: read_minutes,
    DIFFERENCES.name: read_reasons,
}


def filled_in_name(path: Path) -> str:
    """Return which of the tables a file is by its headings; empty for none, and for one that cannot be read."""
    headings = headings_of(path)
    return next((each.name for each in FILLED_IN if frozenset(map(folded, each.known_by)) <= headings), "")


def read_filled_in(path: Path, name: str) -> Rows:
    """Return what each row of a table states, and remarks; InputError with every fault of the table."""
    return READERS[name](path)
