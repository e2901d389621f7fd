"""Write the schedule of a plan: a workbook in which the office fills in price, year and decision, for import to take back."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.changes.work import NEW, UNIT_PRICE, Work, price_in
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.row_marks import ROW_MARK, row_mark
from lhasaplan.core.records.schedule import DECISIONS, MARKED, SCHEDULE, YEARS
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import DraftOrder
from lhasaplan.report.city_plan.option_figures import WORK
from lhasaplan.report.facts.called import called
from lhasaplan.report.formats.office_package import settled
from lhasaplan.report.text.whole_files import replacing
from lhasaplan.report.text.words import banners

SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
SHOWN = ("camera_id", "number", "name", "work", "quantity")
HEADINGS = (*SHOWN, *SCHEDULE, "sum", ROW_MARK)
WIDTHS = {"camera_id": 18, "number": 8, "name": 34, "work": 28, "decided_by": 22}
HELP = (
    marked("Fill in the white cells: unit price, year, decision, by whom and when. Grey cells are not read."),
    marked("Send this table back as it is; the program reads it with import and says what it changed."),
    marked("Rows may be sorted, but their grey cells belong together: a row whose id, name or work was changed is refused."),
    marked("The sum is worked out by the sheet: quantity times unit price, and nothing where no price stands."),
)


def schedule_rows(assessment: Assessment, order: DraftOrder) -> list[tuple[Camera, Work]]:
    """Return the planned cameras, and those that operate and that no part misses, each with its work."""
    rows: list[tuple[Camera, Work]] = []
    fewer = next((each.proposal.camera_ids for each in order.options if each.key == "fewer"), None)
    for result in assessment.cameras:
        camera = result.placed.camera
        if camera.status is Status.PLANNED:
            rows.append((camera, NEW[camera.mount]))
        elif camera.camera_id in fewer if fewer is not None else result.removable:
            rows.append((camera, Work.TAKE_AWAY))
    return rows


def write_schedule(project: Project, assessment: Assessment, folder: Path, wording: Wording, order: DraftOrder) -> list[Path]:
    """Write ``schedule.xlsx``; return the file, or none where nothing is planned and nothing goes."""
    rows = schedule_rows(assessment, order)
    if not rows:
        return []
    path, stream = folder / "schedule.xlsx", io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as book:
        book.set_properties({"title": wording(marked("Schedule")), "author": "lhasaplan"})
        _sheet(book, project, assessment, rows, wording)
        help_sheet(book, assessment, wording, HELP)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), order.date))
    return [path]


def _sheet(book: Any, project: Project, assessment: Assessment, rows: list[tuple[Camera, Work]], wording: Wording) -> None:
    sheet, names = book.add_worksheet("schedule"), called(project, assessment, wording)
    looks = looks_of(book)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading, looks["head"])
        sheet.set_column(column, column, WIDTHS.get(heading, 13))
    for number, (camera, work) in enumerate(rows, 1):
        shown = (camera.camera_id, names.number(camera.camera_id), names.cameras[camera.camera_id], wording(WORK[work]))
        for column, text in enumerate(shown):
            sheet.write_string(number, column, text, looks["known"])
        sheet.write_number(number, SHOWN.index("quantity"), 1, looks["known"])
        for column, name in enumerate(SCHEDULE, len(SHOWN)):
            open_cell(sheet, (number, column), name, camera.extra.get(name, ""), looks)
        _sum(sheet, number, camera, looks)
        told = dict(zip(SHOWN, shown, strict=False))
        sheet.write_string(number, HEADINGS.index(ROW_MARK), row_mark(*(told[name] for name in MARKED)), looks["known"])
    _total(sheet, rows, looks)
    _validate(sheet, len(rows))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(rows), len(HEADINGS) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def looks_of(book: Any) -> dict[str, Any]:
    """Return the looks of cells: heads, grey ones that are known, white ones to be filled in."""
    grey = {"bg_color": "#EEEEEE", "border": 1}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E4EBF2", "border": 1}),
        "known": book.add_format(grey),
        "known_words": book.add_format({**grey, "text_wrap": True, "valign": "top"}),
        "sum": book.add_format({**grey, "num_format": "#,##0.00"}),
        "open": book.add_format({"locked": False, "border": 1}),
        "unit_price": book.add_format({"locked": False, "border": 1, "num_format": "#,##0.00"}),
        **dict.fromkeys(("decided_on", "due_on"), book.add_format({"locked": False, "border": 1, "num_format": "yyyy-mm-dd"})),
    }


def open_cell(sheet: Any, at: tuple[int, int], name: str, text: str, formats: dict[str, Any]) -> None:
    """Write a cell that the office fills in, with what is stated already."""
    look = formats.get(name, formats["open"])
    number = price_in(text) if name in ("unit_price", "phase") else None
    if number is not None:
        sheet.write_number(*at, number, look)
    elif text:
        sheet.write_string(*at, text, look)
    else:
        sheet.write_blank(*at, None, look)


def _sum(sheet: Any, row: int, camera: Camera, looks: dict[str, Any]) -> None:
    quantity, price = (xl_rowcol_to_cell(row, HEADINGS.index(name)) for name in ("quantity", "unit_price"))
    known = price_in(camera.extra.get(UNIT_PRICE, ""))
    formula = f'=IF(ISNUMBER({price}),{quantity}*{price},"")'
    sheet.write_formula(row, HEADINGS.index("sum"), formula, looks["sum"], "" if known is None else known)


def _total(sheet: Any, rows: list[tuple[Camera, Work]], looks: dict[str, Any]) -> None:
    """Write the sum of all, and nothing while any price is missing: nothing is taken for free."""
    column, prices = HEADINGS.index("sum"), HEADINGS.index("unit_price")
    first, last = xl_rowcol_to_cell(1, column), xl_rowcol_to_cell(len(rows), column)
    asked = f"{xl_rowcol_to_cell(1, prices)}:{xl_rowcol_to_cell(len(rows), prices)}"
    known = [price_in(camera.extra.get(UNIT_PRICE, "")) for camera, _ in rows]
    total = sum(each for each in known if each is not None) if None not in known else ""
    sheet.write_formula(len(rows) + 1, column, f'=IF(COUNT({asked})={len(rows)},SUM({first}:{last}),"")', looks["sum"], total)


def _validate(sheet: Any, count: int) -> None:
    """Let cells take only what import takes: a price above nothing, a year, a word of the list."""
    columns = {name: HEADINGS.index(name) for name in SCHEDULE}
    rules = {
        "unit_price": {"validate": "decimal", "criteria": ">", "value": 0},
        "phase": {"validate": "integer", "criteria": "between", "minimum": YEARS[0], "maximum": YEARS[-1]},
        "decision": {"validate": "list", "source": list(DECISIONS)},
    }
    for name, rule in rules.items():
        sheet.data_validation(1, columns[name], count, columns[name], rule)


def help_sheet(book: Any, assessment: Assessment, wording: Wording, lines: Sequence[str]) -> None:
    """Add the sheet that says how a workbook is filled in, below what every page must say."""
    sheet = book.add_worksheet(wording(marked("How to fill this in")))
    sheet.set_column(0, 0, 80)
    whole = book.add_format({"text_wrap": True, "valign": "top"})
    for row, text in enumerate((*banners(assessment, wording), *map(wording, lines))):
        sheet.write_string(row, 0, text, whole)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
