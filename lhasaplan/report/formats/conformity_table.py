"""Write a district's differences from the city's plan: a workbook in which the office fills in why, for import to take back."""

import io
from collections.abc import Mapping
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.districts.conformity import NAMES, ConformityRow, row_in_words
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import DraftOrder
from lhasaplan.report.facts.called import called
from lhasaplan.report.formats.docx_parts import settled
from lhasaplan.report.formats.schedule import SAFE, Looks, help_sheet, looks_of
from lhasaplan.report.text.output_files import replacing

SHOWN, OPEN = ("subject", "difference", "name", "difference_told", "what"), ("reason", "reason_by", "reason_on")
WIDTHS = {"subject": 22, "difference": 12, "name": 32, "difference_told": 18, "what": 60, "reason": 60, "reason_by": 24}
HELP = (
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
        for column, heading in enumerate((*SHOWN, *OPEN)):
            sheet.write_string(0, column, heading, looks["head"])
            sheet.set_column(column, column, WIDTHS.get(heading, 12))
        for number, row in enumerate(rows, 1):
            _row(sheet, number, row, names.parts if row.is_part else names.cameras, translations, looks)
        sheet.freeze_panes(1, 3)
        sheet.autofilter(0, 0, len(rows), len(SHOWN) + len(OPEN) - 1)
        sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        help_sheet(book, assessment, translations, HELP)
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
    for column, text in enumerate(filled, len(SHOWN)):
        look = looks["decided_on"] if column == len(SHOWN) + 2 else looks["open"]
        if text:
            sheet.write_string(number, column, text, look)
        else:
            sheet.write_blank(number, column, None, look)
