"""Add a sheet of totals to a workbook: formulas over its other sheets, beside the figures of the program."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.report.facts.workbook import SHEETS
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Column, Table

TITLE = marked("totals")
SUMMED = (
    *(("cameras", "area_m2"), ("cameras", "unasked_m2"), ("cameras", "not_mapped_m2")),
    *(("parts", "gap_m2"), ("overlaps", "area_m2")),
)
COUNTED = (
    ("cameras", "status", ("operating", "planned")),
    ("findings", "severity", tuple(map(str, GRAVEST_FIRST))),
    ("parts", "verdict", tuple(words.VERDICTS)),
    ("parts", "verdict_after", tuple(words.VERDICTS)),
)


@dataclass(frozen=True, slots=True)
class _Line:
    """One total: what it is, its formula, and the figure of the program."""

    title: str
    formula: str
    figure: float
    digits: int = 0


COLUMNS = (
    Column("title", marked("What"), width=60),
    Column("by_sheets", marked("By the sheets"), width=18),
    Column("by_program", marked("By the program"), width=18),
    Column("agree", marked("Agree"), width=12),
)


def add_totals(
    book: Any, tables: Sequence[tuple[Table, int]], heads: Sequence[str], wording: Wording, formats: dict[str, Any]
) -> tuple[Any, Table]:
    """Add the sheet under what every sheet must say; return it with its table. Each line says whether both figures agree.

    ``tables`` are those of the book, each with the row of its heading.
    """
    sheet, top = book.add_worksheet(wording(TITLE)), len(heads)
    for row, text in enumerate(heads):
        sheet.write_string(row, 0, text, formats["banner"])
    for index, column in enumerate(COLUMNS):
        sheet.write_string(top, index, column.heading(wording), formats["head"])
        sheet.set_column(index, index, column.width)
    lines = tuple(_lines({table.name: (table, row) for table, row in tables}, wording))
    for row, line in enumerate(lines, top + 1):
        _write(sheet, row, line, wording, formats)
    return sheet, Table("totals", TITLE, COLUMNS, tuple((line.title, line.figure, line.figure, "") for line in lines))


def _write(sheet: Any, row: int, line: _Line, wording: Wording, formats: dict[str, Any]) -> None:
    yes, no = (wording(text).replace('"', "") for text in (marked("yes"), marked("no")))
    look, both = formats[f"number{line.digits}"], (xl_rowcol_to_cell(row, 1), xl_rowcol_to_cell(row, 2))
    sheet.write_string(row, 0, line.title, formats["text"])
    sheet.write_formula(row, 1, line.formula, look, line.figure)
    sheet.write_number(row, 2, line.figure, look)
    sheet.write_formula(row, 3, f'=IF(ABS({both[0]}-{both[1]})<0.5,"{yes}","{no}")', formats["text"], yes)


def _lines(tables: dict[str, tuple[Table, int]], wording: Wording) -> Iterator[_Line]:
    for name, key, values in COUNTED:
        if name in tables:
            yield from _counted(*tables[name], key, values, wording)
    for name, key in SUMMED:
        if name in tables and tables[name][0].rows:
            yield _summed(*tables[name], key, wording)


def _counted(table: Table, top: int, key: str, values: tuple[str, ...], wording: Wording) -> Iterator[_Line]:
    """Give how many rows have each value, those that some row has."""
    column, cells = _range(table, top, key, wording)
    counts = Counter(map(str, table.column(key)))
    for value in (value for value in values if counts[value]):
        said = words.word(column.words or {}, value, wording)
        quoted = said.replace('"', '""')
        title = f"{wording(SHEETS[table.name])}: {column.heading(wording)} = {said}"
        yield _Line(title, f'=COUNTIF({cells},"{quoted}")', float(counts[value]))


def _summed(table: Table, top: int, key: str, wording: Wording) -> _Line:
    column, cells = _range(table, top, key, wording)
    total = sum(value for value in table.column(key) if isinstance(value, (int, float)))
    return _Line(f"{wording(SHEETS[table.name])}: {column.heading(wording)}", f"=SUM({cells})", total, column.digits)


def _range(table: Table, top: int, key: str, wording: Wording) -> tuple[Column, str]:
    """Return a column and where its cells stand."""
    index = [column.key for column in table.columns].index(key)
    ends = (xl_rowcol_to_cell(row, index, row_abs=True, col_abs=True) for row in (top + 1, top + max(len(table.rows), 1)))
    sheet = wording(SHEETS[table.name]).replace("'", "''")
    return table.columns[index], f"'{sheet}'!{':'.join(ends)}"
