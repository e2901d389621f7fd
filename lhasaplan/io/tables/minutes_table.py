"""Read the minutes of a meeting: a row for each question and each camera, with what was decided, by whom and until when."""

from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.records.minutes import CAMERA, MARKED, MINUTES, Item, Minute
from lhasaplan.errors import Fault
from lhasaplan.io.tables.filled_table import FilledForm, has_headings, read_rows
from lhasaplan.io.tables.schedule_table import stated_values
from lhasaplan.io.tables.table_rows import Row, TextTable

ITEM, QUESTION = "item", "question"
KNOWN_BY = (ITEM, QUESTION, "decision")  # the headings that no other table has together
NO_ITEM = marked("the column item is missing: it says which question a row is about")
UNKNOWN = marked("{value} is no question of a meeting; there are: {known}, and camera: with the id of a camera")
NO_PERSON = marked("who decided this? a decision other than open needs decided_by")
NOTHING = marked("what was decided? state the decision beside by whom, until when or the outcome")


def is_minutes(path: Path) -> bool:
    """Tell whether a file is a table with the headings of minutes; one that cannot be read is none."""
    return has_headings(path, KNOWN_BY)


def read_minutes(path: Path) -> tuple[tuple[Minute, ...], tuple[Fault, ...]]:
    """Return what each row states, and what was not taken; a row without an item is passed over.

    Raises
    ------
    InputError
        No column of items, items that come twice or that no meeting knows, every cell that is no decision or day, and a
        decision that nobody made; nothing is taken then.
    """
    return read_rows(path, FilledForm(ITEM, NO_ITEM, MINUTES, MARKED), _row)


def _row(table: TextTable, row: Row, columns: dict[str, int], faults: list[Fault]) -> Minute:
    item, values = row.cells[columns[ITEM]].strip().removeprefix("'"), stated_values(table, row, columns, faults, MINUTES)
    if not item.startswith(CAMERA) and item not in set(Item):
        known = ", ".join(map(str, Item))
        faults.append(Fault(UNKNOWN, table.where(row, columns[ITEM]), {"value": item, "known": known}))
    if values.get("decision", "open") != "open" and not values.get("decided_by"):
        faults.append(Fault(NO_PERSON, table.where(row, columns.get("decided_by", columns[ITEM]))))
    if values and "decision" not in values and not _is_wrong(row, columns):
        faults.append(Fault(NOTHING, table.where(row, columns.get("decision", columns[ITEM]))))
    question = row.cells[columns[QUESTION]].strip() if QUESTION in columns else ""
    return Minute(item, question, values, row.number)


def _is_wrong(row: Row, columns: dict[str, int]) -> bool:
    """Say whether the cell of the decision holds something, which then was told as a fault of its own."""
    return "decision" in columns and bool(row.cells[columns["decision"]].strip())
