"""Read a schedule that an office filled in: a row for each camera with unit price, year, decision, by whom and when."""

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from lhasaplan.core.base.plain_values import iso_date
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.work import CURRENCY, UNIT_PRICE
from lhasaplan.core.records.schedule import DECISIONS, MARKED, SCHEDULE, WORK_PRICES, YEARS, Scheduled
from lhasaplan.errors import Fault
from lhasaplan.io.parse.cell_values import number
from lhasaplan.io.tables.filled_table import FilledForm, read_rows
from lhasaplan.io.tables.pasted_rows import NO_ID
from lhasaplan.io.tables.table_rows import Row, TextTable

ID = "camera_id"
FORM = FilledForm(ID, NO_ID, SCHEDULE, MARKED, ("number", "quantity", "sum"), WORK_PRICES)
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
    return read_rows(path, FORM, _row)


def _row(table: TextTable, row: Row, columns: dict[str, int], faults: list[Fault]) -> Scheduled:
    values = stated_values(table, row, columns, faults, (*SCHEDULE, *WORK_PRICES))
    single = [name for name in WORK_PRICES if name in values]
    if single and UNIT_PRICE in values:
        faults.append(Fault(BOTH_PRICES, table.where(row, columns[UNIT_PRICE]), {"columns": ", ".join(single)}))
    return Scheduled(row.cells[columns[ID]].strip().removeprefix("'"), values, row.number)


def _value(name: str, text: str) -> str | tuple[str, dict[str, object]]:
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
    table: TextTable, row: Row, columns: Mapping[str, int], faults: list[Fault], known: Collection[str]
) -> dict[str, str]:
    """Return what the cells of a row state, as it is kept, by the names that are known; what is none is a fault with its cell."""
    values: dict[str, str] = {}
    for name, column in columns.items():
        text = row.cells[column].strip()
        if name not in known or not text:
            continue
        value = _value(name, text)
        if isinstance(value, str):
            values[name] = value
        else:
            template, params = value
            faults.append(Fault(template, table.where(row, column), params))
    return values
