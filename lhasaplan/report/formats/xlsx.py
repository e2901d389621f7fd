"""Write the tables as an Excel workbook: numbers as numbers, text never as a formula, units in the headings."""

import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import xlsxwriter

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.facts.basis import basis_name, worded
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.workbook import SHEETS, all_tables
from lhasaplan.report.formats.conformity_table import write_conformity
from lhasaplan.report.formats.office_package import settled
from lhasaplan.report.formats.schedule import write_schedule
from lhasaplan.report.formats.sheet_totals import add_totals
from lhasaplan.report.maps.base_map import attribution
from lhasaplan.report.text.columns import Column, Table
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.whole_files import replacing
from lhasaplan.report.text.words import banners

SAFE = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
PRINTED_WIDTH = 205  # characters across an A4 page on its side, at about 8 points
LONG = frozenset(["sightings", "surfaces", "findings", "alternatives"])  # many rows a camera
HEADER = 250  # characters that Excel has for a page header, less its codes
STAMP = datetime.datetime(2000, 1, 1)


def write_xlsx(
    project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``audit.xlsx`` with a sheet a table, behind the gate ``schedule.xlsx``, of a district ``conformity.xlsx``, too."""
    wording = worded(wording, assessment)
    path, names = folder / "audit.xlsx", called(project, assessment, wording)
    with replacing(path) as draft:
        with xlsxwriter.Workbook(str(draft), _kept(draft)) as book:
            book.set_properties({"title": assessment.project, "author": "lhasaplan", "created": STAMP})
            formats = _formats(book)
            tables = _shown_tables(assessment, names, wording)
            tops = [_sheet(book, table, assessment, wording, formats) for table in tables]
            heads = banners(assessment, wording)
            sheet, totals = add_totals(book, list(zip(tables, tops, strict=True)), heads, wording, formats)
            _view(sheet, totals, len(heads), assessment, wording)
        draft.write_bytes(settled(draft.read_bytes(), order.date))
    is_plan = assessment.gate.open and assessment.parts is not None
    filled = (write_conformity, write_schedule) if is_plan else ()  # what the office fills in and import takes back
    return [path, *(each for write in filled for each in write(project, assessment, folder, wording, order))]


def _kept(draft: Path) -> dict[str, Any]:
    """Return the options of the book: a row is let go once the next begins; its own temporary files lie beside the draft."""
    return {**SAFE, "tmpdir": str(draft.parent), "constant_memory": True}


def _shown_tables(assessment: Assessment, called: Called, wording: Wording) -> list[Table]:
    """Return the tables; those on parts and overlaps are absent outside the gate, other cures where none is."""
    closed = {"parts", "part_views", "service", "sums"} if assessment.parts is None else set()
    closed |= {"overlaps"} if assessment.overlaps is None else set()
    tables = [table for table in all_tables(assessment, wording, called) if table.name not in closed]
    return [table for table in tables if table.rows or table.name != "alternatives"]


def _formats(book: Any) -> dict[str, Any]:
    head = {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E4EBF2", "border": 1}
    numbers = {f"number{digits}": book.add_format({"num_format": _number_format(digits), "valign": "top"}) for digits in range(8)}
    banner = book.add_format({"bold": True, "font_color": "#B00000"})
    return {
        "head": book.add_format(head),
        "text": book.add_format({"valign": "top", "indent": 1, "text_wrap": True}),
        "unwrapped": book.add_format({"valign": "top", "indent": 1}),
        "banner": banner,
        **numbers,
    }


def _number_format(digits: int) -> str:
    """Return the format of a number: thousands set apart, but for degrees."""
    whole = "#,##0" if digits <= 3 else "0"
    return f"{whole}.{'0' * digits}" if digits else whole


def _sheet(book: Any, table: Table, assessment: Assessment, wording: Wording, formats: dict[str, Any]) -> int:
    """Write the sheet of one table and return the row of its heading."""
    sheet = book.add_worksheet(wording(SHEETS[table.name]))
    top = 0
    for top, banner in enumerate(banners(assessment, wording), 1):
        sheet.write_string(top - 1, 0, banner, formats["banner"])
    for index, column in enumerate(table.columns):
        sheet.write_string(top, index, column.heading(wording), formats["head"])
        sheet.set_column(index, index, column.width)
    printed = printed_columns(table)
    for number, row in enumerate(table.rows, top + 1):
        for index, (column, raw) in enumerate(zip(table.columns, row, strict=True)):
            _cell(sheet, (number, index), column, column.value(raw, wording), formats, printed=printed)
    _view(sheet, table, top, assessment, wording)
    return top


def _cell(sheet: Any, at: tuple[int, int], column: Column, value: Any, formats: dict[str, Any], *, printed: int) -> None:
    """Write one cell; a text beside the printed page does not make its row tall."""
    row, index = at
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, index, value)
    elif isinstance(value, (int, float)):
        digits = column.digits if isinstance(value, float) else 0
        sheet.write_number(row, index, value, formats[f"number{digits}"])
    else:
        sheet.write_string(row, index, str(value), formats["text" if index < printed else "unwrapped"])


def _view(sheet: Any, table: Table, top: int, assessment: Assessment, wording: Wording) -> None:
    """Freeze the heading, filter it, and set the printed page."""
    last = len(table.columns) - 1
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + max(len(table.rows), 1), last)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    printed = printed_rows(table)
    sheet.print_area(0, 0, top + max(printed, 1), printed_columns(table) - 1)
    sheet.repeat_rows(0, top)
    banner = "".join(f" - {each}" for each in banners(assessment, wording))
    told = f"{_quiet(wording(table.title))} - {_quiet(basis_name(assessment, wording))}"
    rest = f" - {told}{_quiet(banner)}{_cut(table, wording)}"
    sheet.set_header(f"&L{_quiet(assessment.project, HEADER - len(rest))}{rest}")
    sheet.set_footer(f"&L{_quiet(' · '.join(attribution(assessment)))}&R{wording(marked('Page'))} &P / &N")


def printed_columns(table: Table) -> int:
    """Return how many columns from the left a landscape page carries in letters that can be read; the rest are for the screen."""
    widths = accumulate(column.width for column in table.columns)
    return max(1, sum(width <= PRINTED_WIDTH for width in widths))


def printed_rows(table: Table) -> int:
    """Return how many rows are printed: of a hundred pages nobody reads the last, and the sheet has all."""
    limit = int(load_style()["limits"]["printed_rows"])
    return min(len(table.rows), limit) if table.name in LONG else len(table.rows)


def _cut(table: Table, wording: Wording) -> str:
    """Return what a page header says where rows are left out of the print."""
    shown, count = printed_rows(table), len(table.rows)
    text = marked("printed: the first {shown} of {count} rows")
    return f" - {_quiet(wording(text, shown=shown, count=count))}" if shown < count else ""


def _quiet(text: str, room: int = 110) -> str:
    """Return text for a page header, where an ampersand starts a code; too long for its room, it ends early."""
    while len(text.replace("&", "&&")) > room:
        text = text[:-1]
    return text.replace("&", "&&")
