"""Write the minutes of a meeting: a workbook for import to take back, and the same questions as a Word file."""

import io
from collections.abc import Sequence
from pathlib import Path

from xlsxwriter import Workbook

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.records.minutes import MINUTES
from lhasaplan.core.records.schedule import DECISIONS, ROW_MARK, row_mark
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.asked_decisions import camera_motions, motions
from lhasaplan.report.city_plan.compose import LEVELS, TITLE, compose_minutes
from lhasaplan.report.city_plan.plan_facts import facts_of
from lhasaplan.report.drafts.plan_chapters import Motion
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.formats.docx import write_document
from lhasaplan.report.formats.docx_parts import settled
from lhasaplan.report.formats.schedule import HEADS, SAFE, head_of, help_sheet, looks_of, open_cell
from lhasaplan.report.text.output_files import replacing
from lhasaplan.report.text.words import banners

SHOWN = ("item", "question")
HEADINGS = (*SHOWN, *MINUTES, ROW_MARK)
WIDTHS = {"item": 18, "question": 60, "outcome": 40, "decided_by": 24}
HELP = (
    marked("Fill in the white cells: decision, outcome in words, by whom, by when, and the day. Grey cells are not read."),
    marked(
        "You may sort the rows, but the grey cells of a row belong together. A row with a changed item or question is refused."
    ),
    marked("The decision is one of approved, changed, refused, open. The outcome names the option chosen."),
    marked("Send this table back as it is. The program reads it with import and says what changed."),
)
WITH_CHOICES = marked("{question} ({choices})")


def write_minutes(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``minutes.xlsx`` and ``minutes.docx``; return the files.

    Where positions are coarse cameras are no rows of theirs: no decision could come back under a running number.
    """
    translations = worded(translations, assessment)
    facts = facts_of(project, assessment, translations, order)
    is_coarse = assessment.public_precision_deg is not None
    rows = (*motions(facts), *(() if is_coarse else camera_motions(facts)))
    draft = compose_minutes(project, assessment, translations, order)
    return [
        _write_book(rows, assessment, folder / "minutes.xlsx", translations, order),
        write_document(draft, folder / "minutes.docx", translations),
    ]


def _write_book(
    rows: Sequence[Motion], assessment: ShownAssessment, path: Path, translations: Translations, order: DraftOrder
) -> Path:
    stream, marks = io.BytesIO(), (translations(LEVELS[order.level]), *banners(assessment, translations))
    with Workbook(stream, SAFE) as book:
        book.set_properties({"title": translations(TITLE), "author": "lhasaplan"})
        _sheet(book, rows, marks, translations)
        help_sheet(book, assessment, translations, HELP)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), order.date))
    return path


def _sheet(book: Workbook, rows: Sequence[Motion], marks: Sequence[str], translations: Translations) -> None:
    sheet, look = book.add_worksheet("minutes"), looks_of(book)
    for column, heading in enumerate(HEADINGS):
        sheet.write_string(0, column, head_of(heading, HEADS, translations), look["head"])
        sheet.set_column(column, column, WIDTHS.get(heading, 13))
    for number, motion in enumerate(rows, 1):
        reported = motion.item, _asked(motion, translations)
        for column, text in enumerate(reported):
            sheet.write_string(number, column, text, look["known_words"])
        sheet.write_string(number, HEADINGS.index(ROW_MARK), row_mark(*reported), look["known"])
        for column, name in enumerate(MINUTES, len(SHOWN)):
            known = "" if motion.resolution is None else getattr(motion.resolution, name)
            open_cell(sheet, (number, column), name, known, look)
    decision = HEADINGS.index("decision")
    if rows:
        sheet.data_validation(1, decision, len(rows), decision, {"validate": "list", "source": list(DECISIONS)})
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(HEADINGS) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{_printed(marks)}")


def _asked(motion: Motion, translations: Translations) -> str:
    if not motion.choices:
        return motion.text
    return translations(WITH_CHOICES, question=motion.text, choices=translations("; ").join(motion.choices))


def _printed(marks: Sequence[str], most: int = 250) -> str:
    """Return the marks for the head of printed pages, where Excel takes 255 letters and reads & as a command."""
    return " · ".join(marks).replace("&", "&&")[:most]
