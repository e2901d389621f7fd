"""Write the schedule of a plan: a workbook in which the office fills in price, year and decision, for import to take back."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.changes.work import UNIT_PRICE, Work, price_in
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.row_marks import ROW_MARK, row_mark
from lhasaplan.core.records.schedule import DECISIONS, MARKED, SCHEDULE, YEARS
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import DraftOrder
from lhasaplan.report.city_plan.asked_decisions import worked_on
from lhasaplan.report.city_plan.delivery import work_on
from lhasaplan.report.city_plan.option_figures import WORK
from lhasaplan.report.city_plan.plan_facts import PlanFacts, facts_of
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
    marked("The price of a row is for all the work on its camera; all prices are in one currency, by its three letters."),
)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A camera, what is done about it, and what that costs as far as it is stated."""

    camera: Camera
    works: tuple[Work, ...]
    price: float | None


def schedule_rows(facts: PlanFacts) -> list[ScheduleRow]:
    """Return the cameras that come, go and are changed, as the plan counts their work; each has one price for all of it."""
    cameras = [result.placed.camera for result in worked_on(facts)]
    found = [(camera, work_on(facts, camera)) for camera in cameras]
    return [ScheduleRow(camera, works, _price(camera, works, facts.order.unit_prices)) for camera, works in found if works]


def _price(camera: Camera, works: Sequence[Work], prices: Mapping[Work, float]) -> float | None:
    """Return what is stated for a camera, else what its work costs anywhere; None where either is missing."""
    stated = price_in(camera.extra.get(UNIT_PRICE, ""))
    if stated is not None:
        return stated
    known = [prices[work] for work in works if work in prices]
    return sum(known) if len(known) == len(works) else None


def write_schedule(project: Project, assessment: Assessment, folder: Path, wording: Wording, order: DraftOrder) -> list[Path]:
    """Write ``schedule.xlsx``; return the file, or none where nothing is planned and nothing goes."""
    facts = facts_of(project, assessment, wording, order)
    rows = schedule_rows(facts)
    if not rows:
        return []
    path, stream = folder / "schedule.xlsx", io.BytesIO()
    with xlsxwriter.Workbook(stream, SAFE) as book:
        book.set_properties({"title": wording(marked("Schedule")), "author": "lhasaplan"})
        _sheet(book, facts, rows)
        help_sheet(book, assessment, wording, HELP)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), order.date))
    return [path]


def _sheet(book: Any, facts: PlanFacts, rows: Sequence[ScheduleRow]) -> None:
    sheet, names, looks = book.add_worksheet("schedule"), facts.called, looks_of(book)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, heading, looks["head"])
        sheet.set_column(column, column, WIDTHS.get(heading, 13))
    for number, each in enumerate(rows, 1):
        camera, work = each.camera, facts.wording(marked("; ")).join(facts.wording(WORK[one]) for one in each.works)
        shown = (camera.camera_id, names.number(camera.camera_id), names.cameras[camera.camera_id], work)
        for column, text in enumerate(shown):
            sheet.write_string(number, column, text, looks["known"])
        sheet.write_number(number, SHOWN.index("quantity"), 1, looks["known"])
        for column, name in enumerate(SCHEDULE, len(SHOWN)):
            text = "" if each.price is None else str(each.price)
            open_cell(sheet, (number, column), name, text if name == UNIT_PRICE else camera.extra.get(name, ""), looks)
        _sum(sheet, number, each.price, looks)
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


def _sum(sheet: Any, row: int, known: float | None, looks: dict[str, Any]) -> None:
    quantity, price = (xl_rowcol_to_cell(row, HEADINGS.index(name)) for name in ("quantity", "unit_price"))
    formula = f'=IF(ISNUMBER({price}),{quantity}*{price},"")'
    sheet.write_formula(row, HEADINGS.index("sum"), formula, looks["sum"], "" if known is None else known)


def _total(sheet: Any, rows: Sequence[ScheduleRow], looks: dict[str, Any]) -> None:
    """Write the sum of all, and nothing while any price is missing: nothing is taken for free."""
    column, prices = HEADINGS.index("sum"), HEADINGS.index("unit_price")
    first, last = xl_rowcol_to_cell(1, column), xl_rowcol_to_cell(len(rows), column)
    asked = f"{xl_rowcol_to_cell(1, prices)}:{xl_rowcol_to_cell(len(rows), prices)}"
    known = [each.price for each in rows]
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
