"""Write the workbooks that an office fills in: the schedule of a plan, and a district's differences from the city's."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.work import CURRENCY, PRICE_OF, UNIT_PRICE, Cost, Work, price_in
from lhasaplan.core.districts.conformity import NAMES, ConformityRow, row_in_words
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import DECISIONS, MARKED, ROW_MARK, SCHEDULE, WORK_PRICES, YEARS, row_mark
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import DraftOrder
from lhasaplan.report.chapters.delivery import cost_of_camera, cost_of_work
from lhasaplan.report.chapters.draft_facts import DraftFacts, facts_of
from lhasaplan.report.chapters.motions import worked_on
from lhasaplan.report.chapters.option_figures import WORK
from lhasaplan.report.facts.called import called
from lhasaplan.report.formats.docx_parts import settled
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.words import banners

# Write the schedule of a plan: a workbook in which the office fills in price, year and decision, for import to take back.

Looks = Mapping[str, Format]  # of cells, by what they are for
SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
SHOWN = ("camera_id", "number", "name", "work", "quantity")
WIDTHS = {"camera_id": 18, "number": 8, "name": 34, "work": 28, "decided_by": 22}
HELP = (
    marked("Fill in the white cells: unit price, year, decision, by whom and when. Grey cells are not read."),
    marked("Send this table back as it is. The program reads it with import and says what changed."),
    marked(
        "You may sort the rows, but the grey cells of a row belong together. A row with a changed id, name or work is refused."
    ),
    marked("The sheet computes the sum: quantity times unit price. Without a price there is no sum."),
    marked(
        "unit_price is for all the work on a camera. If there are several kinds of work, price_aim, price_lens … "
        "may state each price."
    ),
    marked("All prices are in one currency, written in three letters. Prices in several currencies have no sum."),
)


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A camera, what is done about it, and what that costs as far as it is stated."""

    camera: Camera
    cost: Cost

    @property
    def works(self) -> tuple[Work, ...]:
        """The kinds of work on it."""
        return tuple(line.work for line in self.cost.lines)

    @property
    def whole_price(self) -> float | None:
        """What is stated for all the work on it; None where each kind has a price of its own, or none."""
        first, *others = self.cost.lines
        return first.unit_price if all(line.is_included for line in others) else None

    @property
    def single_prices(self) -> Mapping[str, float | None]:
        """By their columns the prices of its kinds of work, where it has several; what is priced as one has none."""
        if len(self.cost.lines) < 2:
            return {}
        is_one = self.whole_price is not None
        return {PRICE_OF[line.work]: None if is_one else line.unit_price for line in self.cost.lines}


def schedule_rows(facts: DraftFacts) -> list[ScheduleRow]:
    """Return the cameras that come, go and are changed, with their work and its prices as the plan counts them."""
    found = [ScheduleRow(result.placed.camera, cost_of_camera(facts, result)) for result in worked_on(facts)]
    return [each for each in found if each.cost.lines]


def headings_of(rows: Sequence[ScheduleRow]) -> tuple[str, ...]:
    """Return the headings: a price of its own has each kind of work that is one of several on a camera."""
    single = [name for name in WORK_PRICES if any(name in each.single_prices for each in rows)]
    return (*SHOWN, UNIT_PRICE, *single, *SCHEDULE[1:], "sum", ROW_MARK)


def write_schedule(
    project: Project, assessment: Assessment, folder: Path, translations: Translations, order: DraftOrder
) -> list[Path]:
    """Write ``schedule.xlsx``; return the file, or none where nothing is planned and nothing goes."""
    facts = facts_of(project, assessment, translations, order)
    rows = schedule_rows(facts)
    if not rows:
        return []
    path, stream = folder / "schedule.xlsx", io.BytesIO()
    with Workbook(stream, SAFE) as book:
        book.set_properties({"title": translations(marked("Schedule")), "author": "lhasaplan"})
        _sheet(book, facts, rows)
        help_sheet(book, assessment, translations, HELP)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), order.date))
    return [path]


def _sheet(book: Workbook, facts: DraftFacts, rows: Sequence[ScheduleRow]) -> None:
    sheet, names, looks = book.add_worksheet("schedule"), facts.called, looks_of(book)
    headings = headings_of(rows)
    for column, heading in enumerate(headings):
        sheet.write_string(0, column, head_of(heading, HEADS, facts.translations), looks["head"])
        sheet.set_column(column, column, WIDTHS.get(heading, 13))
    for number, each in enumerate(rows, 1):
        camera, work = each.camera, facts.translations(marked("; ")).join(facts.translations(WORK[one]) for one in each.works)
        shown = (camera.camera_id, names.number(camera.camera_id), names.cameras[camera.camera_id], work)
        for column, text in enumerate(shown):
            sheet.write_string(number, column, text, looks["known"])
        sheet.write_number(number, SHOWN.index("quantity"), 1, looks["known"])
        texts = _open_texts(each)
        for name in headings[len(SHOWN) : headings.index("sum")]:
            if name in texts:
                open_cell(sheet, (number, headings.index(name)), name, texts[name], looks)
            else:
                sheet.write_blank(number, headings.index(name), None, looks["known"])
        _sum(sheet, headings, number, each, looks)
        reported = dict(zip(SHOWN, shown, strict=False))
        sheet.write_string(number, headings.index(ROW_MARK), row_mark(*(reported[name] for name in MARKED)), looks["known"])
    _total(sheet, headings, rows, cost_of_work(facts), looks)
    _validate(sheet, headings, len(rows))
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, len(rows), len(headings) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


def _open_texts(row: ScheduleRow) -> dict[str, str]:
    """Return what stands in the cells of a row that may be filled in; prices of a kind of work it has not are none of them."""
    prices = {UNIT_PRICE: row.whole_price, **row.single_prices}
    stated = {name: row.camera.extra.get(name, "") for name in SCHEDULE[1:]}
    stated[CURRENCY] = stated[CURRENCY] or row.cost.currency
    return {**stated, **{name: "" if price is None else str(price) for name, price in prices.items()}}


HEADS = {
    "camera_id": marked("Identifier"),
    "number": marked("No."),
    "name": marked("Camera"),
    "work": marked("Work"),
    "quantity": marked("Quantity"),
    UNIT_PRICE: marked("Unit price"),
    CURRENCY: marked("Currency"),
    "phase": marked("Year"),
    "sum": marked("Sum"),
    "item": marked("Item"),
    "question": marked("Question"),
    "decision": marked("Decision"),
    "outcome": marked("Outcome in words"),
    "decided_by": marked("By whom"),
    "decided_on": marked("Decided on"),
    "due_on": marked("Until when"),
    ROW_MARK: marked("Mark of the row"),
    **{PRICE_OF[work]: text for work, text in WORK.items() if work in PRICE_OF},
}


def head_of(name: str, words: Mapping[str, str], translations: Translations) -> str:
    """Return the heading of a column of a form: its words, and its key, by which import knows it in every language."""
    word = translations(words.get(name, name))
    return name if translations.language == "en" or word == name else f"{word} [{name}]"


def looks_of(book: Workbook) -> Looks:
    """Return the looks of cells: heads, grey ones that are known, white ones to be filled in."""
    grey = {"bg_color": "#EEEEEE", "border": 1}
    return {
        "head": book.add_format({"bold": True, "bg_color": "#E4EBF2", "border": 1, "text_wrap": True, "valign": "top"}),
        "known": book.add_format(grey),
        "known_words": book.add_format({**grey, "text_wrap": True, "valign": "top"}),
        "sum": book.add_format({**grey, "num_format": "#,##0.00"}),
        "open": book.add_format({"locked": False, "border": 1}),
        **dict.fromkeys((UNIT_PRICE, *WORK_PRICES), book.add_format({"locked": False, "border": 1, "num_format": "#,##0.00"})),
        **dict.fromkeys(("decided_on", "due_on"), book.add_format({"locked": False, "border": 1, "num_format": "yyyy-mm-dd"})),
    }


def open_cell(sheet: Worksheet, at: tuple[int, int], name: str, text: str, formats: Looks) -> None:
    """Write a cell that the office fills in, with what is stated already."""
    look = formats.get(name, formats["open"])
    number = price_in(text) if name in (UNIT_PRICE, *WORK_PRICES, "phase") else None
    if number is not None:
        sheet.write_number(*at, number, look)
    elif text:
        sheet.write_string(*at, text, look)
    else:
        sheet.write_blank(*at, None, look)


def _sum(sheet: Worksheet, headings: Sequence[str], number: int, row: ScheduleRow, looks: Looks) -> None:
    """Write the sum of a row: its price for all, else those of all its kinds of work, else nothing."""
    quantity, price = (xl_rowcol_to_cell(number, headings.index(name)) for name in ("quantity", UNIT_PRICE))
    single = ",".join(xl_rowcol_to_cell(number, headings.index(name)) for name in row.single_prices)
    others = f'IF(COUNT({single})={len(row.single_prices)},{quantity}*SUM({single}),"")' if single else '""'
    formula = f"=IF(ISNUMBER({price}),{quantity}*{price},{others})"
    total = row.cost.total
    sheet.write_formula(number, headings.index("sum"), formula, looks["sum"], "" if total is None else total)


def _total(sheet: Worksheet, headings: Sequence[str], rows: Sequence[ScheduleRow], cost: Cost, looks: Looks) -> None:
    """Write the sum of all, and nothing while any price is missing or they are in several currencies: nothing is for free."""
    sums, currencies = (
        f"{xl_rowcol_to_cell(1, headings.index(name))}:{xl_rowcol_to_cell(len(rows), headings.index(name))}"
        for name in ("sum", CURRENCY)
    )
    is_one = f'ROUND(SUMPRODUCT(({currencies}<>"")/COUNTIF({currencies},{currencies}&"")),6)<=1'
    formula = f'=IF(AND(COUNT({sums})={len(rows)},{is_one}),SUM({sums}),"")'
    sheet.write_formula(len(rows) + 1, headings.index("sum"), formula, looks["sum"], "" if cost.total is None else cost.total)


def _validate(sheet: Worksheet, headings: Sequence[str], count: int) -> None:
    """Let cells take only what import takes: a price above nothing, a year, a word of the list."""
    columns = {name: column for column, name in enumerate(headings)}
    is_price = {"validate": "decimal", "criteria": ">", "value": 0}
    rules = {
        **{name: is_price for name in (UNIT_PRICE, *WORK_PRICES) if name in columns},
        "phase": {"validate": "integer", "criteria": "between", "minimum": YEARS[0], "maximum": YEARS[-1]},
        "decision": {"validate": "list", "source": list(DECISIONS)},
    }
    for name, rule in rules.items():
        sheet.data_validation(1, columns[name], count, columns[name], rule)


def help_sheet(book: Workbook, assessment: Assessment, translations: Translations, lines: Sequence[str]) -> None:
    """Add the sheet that says how a workbook is filled in, below what every page must say."""
    sheet = book.add_worksheet(translations(marked("How to fill this in")))
    sheet.set_column(0, 0, 80)
    whole = book.add_format({"text_wrap": True, "valign": "top"})
    for row, text in enumerate((*banners(assessment, translations), *map(translations, lines))):
        sheet.write_string(row, 0, text, whole)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)


# Write a district's differences from the city's plan: a workbook in which the office fills in why, for import to take back.

DIFFERENCE_SHOWN, DIFFERENCE_OPEN = (
    ("subject", "difference", "name", "difference_told", "what"),
    ("reason", "reason_by", "reason_on"),
)
DIFFERENCE_WIDTHS = {
    "subject": 22,
    "difference": 12,
    "name": 32,
    "difference_told": 18,
    "what": 60,
    "reason": 60,
    "reason_by": 24,
}
DIFFERENCE_HELP = (
    marked("Fill in the white cells: the reason why the district's plan differs here from the city's, by whom and when."),
    marked("Send this table back as it is. The program reads it with import and prints the reasons in the district's plan."),
    marked("A cell that stays empty is printed as “to be filled in”."),
)


def write_conformity(
    project: Project, assessment: Assessment, folder: Path, translations: Translations, order: DraftOrder
) -> list[Path]:
    """Write ``conformity.xlsx``; return the file, or none where nothing differs, or where no more than counts may be told."""
    found = order.conformity
    rows = [row for row in found.rows if row.asks_reason] if found is not None else []
    if not rows or assessment.public_precision_deg is not None:
        return []
    path, stream = folder / "conformity.xlsx", io.BytesIO()
    names = called(project, assessment, translations)
    with Workbook(stream, SAFE) as book:
        book.set_properties({"title": translations(marked("Differences from the city's plan, and why")), "author": "lhasaplan"})
        sheet, looks = book.add_worksheet("conformity"), looks_of(book)
        for column, heading in enumerate((*DIFFERENCE_SHOWN, *DIFFERENCE_OPEN)):
            sheet.write_string(0, column, heading, looks["head"])
            sheet.set_column(column, column, DIFFERENCE_WIDTHS.get(heading, 12))
        for number, row in enumerate(rows, 1):
            _row(sheet, number, row, names.parts if row.is_part else names.cameras, translations, looks)
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, len(rows), len(DIFFERENCE_SHOWN) + len(DIFFERENCE_OPEN) - 1)
        sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        help_sheet(book, assessment, translations, DIFFERENCE_HELP)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), order.date))
    return [path]


def _row(  # noqa: PLR0917 - where it stands, and what is said of it
    sheet: Worksheet, number: int, row: ConformityRow, names: Mapping[str, str], translations: Translations, looks: Looks
) -> None:
    camera = row.before or row.after
    name = names.get(row.subject) or (camera.name if camera is not None else "") or row.subject
    shown = (row.subject, str(row.difference), name, translations(NAMES[row.difference]), row_in_words(row, translations))
    for column, text in enumerate(shown):
        sheet.write_string(number, column, text, looks["known"])
    stated = row.reason
    filled = ("", "", "") if stated is None else (stated.reason, stated.by, stated.on)
    for column, text in enumerate(filled, len(DIFFERENCE_SHOWN)):
        look = looks["decided_on"] if column == len(DIFFERENCE_SHOWN) + 2 else looks["open"]
        if text:
            sheet.write_string(number, column, text, look)
        else:
            sheet.write_blank(number, column, None, look)
