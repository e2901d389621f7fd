"""Write what comes back filled in: a questionnaire a controller, and the minutes of a meeting as workbook and Word file."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_fields import FIELD, keys_where
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import MINUTES
from lhasaplan.core.records.schedule import ASKED, BY, DECISIONS, ON, ROW_MARK, asked_of, row_mark, to_ask, written
from lhasaplan.core.results.assessment import Assessment, ShownAssessment, ShownProject
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.draft_facts import LEVELS, facts_of
from lhasaplan.report.chapters.motions import Motion, camera_motions, motions
from lhasaplan.report.documents.audit_and_plan import TITLE, compose_minutes
from lhasaplan.report.formats.docx import write_document
from lhasaplan.report.formats.docx_parts import settled
from lhasaplan.report.formats.schedule import HEADS, SAFE, head_of, help_sheet, looks_of, open_cell
from lhasaplan.report.formats.xlsx import SAFE_ON_DISK, STAMP
from lhasaplan.report.text.output_files import inert, numbered_name, replacing
from lhasaplan.report.text.words import FIELDS, banners

# Write the minutes of a meeting: a workbook for import to take back, and the same questions as a Word file.

MINUTES_SHOWN = ("item", "question")
MINUTES_HEADINGS = (*MINUTES_SHOWN, *MINUTES, ROW_MARK)
MINUTES_WIDTHS = {"item": 18, "question": 60, "outcome": 40, "decided_by": 24}
MINUTES_HELP = (
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
        help_sheet(book, assessment, translations, MINUTES_HELP)
    with replacing(path) as draft:
        draft.write_bytes(settled(stream.getvalue(), order.date))
    return path


def _sheet(book: Workbook, rows: Sequence[Motion], marks: Sequence[str], translations: Translations) -> None:
    sheet, look = book.add_worksheet("minutes"), looks_of(book)
    for column, heading in enumerate(MINUTES_HEADINGS):
        sheet.write_string(0, column, head_of(heading, HEADS, translations), look["head"])
        sheet.set_column(column, column, MINUTES_WIDTHS.get(heading, 13))
    for number, motion in enumerate(rows, 1):
        question = (
            motion.text
            if not motion.choices
            else translations(WITH_CHOICES, question=motion.text, choices=translations("; ").join(motion.choices))
        )
        reported = motion.item, question
        for column, text in enumerate(reported):
            sheet.write_string(number, column, text, look["known_words"])
        sheet.write_string(number, MINUTES_HEADINGS.index(ROW_MARK), row_mark(*reported), look["known"])
        for column, name in enumerate(MINUTES, len(MINUTES_SHOWN)):
            known = "" if motion.resolution is None else getattr(motion.resolution, name)
            open_cell(sheet, (number, column), name, known, look)
    decision = MINUTES_HEADINGS.index("decision")
    if rows:
        sheet.data_validation(1, decision, len(rows), decision, {"validate": "list", "source": list(DECISIONS)})
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(MINUTES_HEADINGS) - 1)
    sheet.protect("", {"autofilter": True, "sort": True, "format_columns": True, "select_locked_cells": True})
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    # Excel takes 255 letters in the head of printed pages and reads & as a command.
    header = " · ".join(marks).replace("&", "&&")[:250]
    sheet.set_header(f"&L{header}")


# Write a questionnaire for each controller, as CSV and Excel: what the records lack, to be filled in and taken back.

SHOWN = ("camera_id", "name", "lat", "lon")  # to know a camera by; never read back
HEADINGS = (*SHOWN, *ASKED, BY, ON)
WIDTHS = {"camera_id": 18, "name": 22, "purpose": 28, "sign": 22, "mask_sector_deg": 18, BY: 20}
COARSE = marked(
    "A rule pack of this project asks for coarse positions and running numbers. No answer could come back under "
    "these, so questionnaires are written only with --private"
)
FIRST_ROW = 1
TEXT_AT_MOST = 2000  # characters of an answer in words
# Questions that no field of a camera has.
MORE = {BY: marked("Who answers?"), ON: marked("When was this answered?")}
OWN_HEADS = {BY: marked("Answered by"), ON: marked("Answered on")}
HELP = (
    marked("Fill in the white cells. An empty cell, or one that says unknown, counts as no answer. Grey cells are not read."),
    marked("Angles are in degrees, azimuths clockwise from true north, tilt down from the horizon; lengths in metres."),
    marked("Send this table back as it is, as CSV or Excel. The program reads it with import and says what changed."),
)


@dataclass(frozen=True, slots=True)
class QuestionnaireForm:
    """One controller's questionnaire: rows of cells, and which cells are asked."""

    controller: str
    rows: tuple[tuple[object, ...], ...]
    asked: tuple[frozenset[str], ...]


def write_questionnaire(
    project: ShownProject,
    assessment: ShownAssessment,
    folder: Path,
    translations: Translations,
    *,
    cameras: Sequence[str] = (),
) -> list[Path]:
    """Write ``questionnaire-NN-CONTROLLER.csv`` and ``.xlsx`` for each controller of whom something is asked.

    Columns are those of a camera table. InputError where only coarse positions may be passed on.
    """
    if assessment.public_precision_deg is not None:
        raise InputError(Fault(COARSE))
    forms = forms_of(project, assessment, cameras)
    names = [file_name(number, form.controller) for number, form in enumerate(forms, 1)]
    return [
        path
        for name, form in zip(names, forms, strict=True)
        for path in (
            _write_csv(form, folder / f"{name}.csv"),
            _write_xlsx(form, folder / f"{name}.xlsx", translations, banners(assessment, translations)),
        )
    ]


def forms_of(project: Project, assessment: Assessment, cameras: Sequence[str] = ()) -> list[QuestionnaireForm]:
    """Return the questionnaire of each controller, by name; ``cameras`` limits them."""
    at = {result.placed.camera.camera_id: (result.lat, result.lon) for result in assessment.cameras}
    wanted = [camera for camera in project.cameras if camera.camera_id in (cameras or at)]
    return [
        QuestionnaireForm(
            owner, tuple(_row(camera, at) for camera in some), tuple(frozenset(asked_of(camera)) for camera in some)
        )
        for owner, some in sorted(to_ask(wanted).items())
    ]


def _row(camera: Camera, at: Mapping[str, tuple[float, float]]) -> tuple[object, ...]:
    lat, lon = at.get(camera.camera_id, (None, None))
    place = ("" if lat is None else f"{lat:.6f}", "" if lon is None else f"{lon:.6f}")
    return (camera.camera_id, camera.name, *place, *(_cell(getattr(camera, name)) for name in ASKED), "", "")


def _cell(value: object) -> object:
    """Return a recorded value as its column is read: pairs of azimuths with a comma."""
    if isinstance(value, tuple):
        return "; ".join(f"{low:g},{high:g}" for low, high in value)
    return value if isinstance(value, (int, float)) else written(value)


def file_name(number: int, controller: str) -> str:
    """Return a name that no letter of a controller's own makes unsafe.

    >>> file_name(2, "Straßen- & Tiefbauamt / Süd"), file_name(1, "")
    ('questionnaire-02-strassen-tiefbauamt-sud', 'questionnaire-01-controller-not-recorded')
    """
    return numbered_name("questionnaire", number, controller, "controller" if controller else "controller-not-recorded")


def _write_csv(form: QuestionnaireForm, path: Path) -> Path:
    with replacing(path) as draft, draft.open("w", newline="", encoding="utf-8-sig") as file:
        table = csv.writer(file, lineterminator="\r\n")
        table.writerow(HEADINGS)
        table.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in form.rows)
    return path


def _write_xlsx(form: QuestionnaireForm, path: Path, translations: Translations, heads: Sequence[str]) -> Path:
    """Write the table with its open cells, and a sheet that says what is asked; text is never a formula."""
    with replacing(path) as draft, Workbook(str(draft), {**SAFE_ON_DISK, "tmpdir": str(draft.parent)}) as book:
        book.set_properties({"title": translations(marked("Questionnaire")), "author": "lhasaplan", "created": STAMP})
        looks = {
            "head": book.add_format({"bold": True, "bg_color": "#E4EBF2", "border": 1, "text_wrap": True, "valign": "top"}),
            "open": book.add_format({"locked": False, "border": 1}),
            "date": book.add_format({"locked": False, "border": 1, "num_format": "yyyy-mm-dd"}),
            "shut": book.add_format({"bg_color": "#EDEDED", "font_color": "#555555", "border": 1}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        sheet = book.add_worksheet(translations(marked("answers")))
        _fill(sheet, form, looks, translations)
        for column, name in enumerate(HEADINGS):
            if name not in SHOWN:
                sheet.data_validation(
                    FIRST_ROW, column, FIRST_ROW + max(len(form.rows), 1) - 1, column, rule_of(name, translations)
                )
        _explain(book.add_worksheet(translations(marked("what is asked"))), form, translations, heads, looks)
    return path


def _fill(sheet: Worksheet, form: QuestionnaireForm, looks: Mapping[str, Format], translations: Translations) -> None:
    named = {**FIELDS, **OWN_HEADS}
    dates = {ON, *keys_where(lambda each: each.type == "date")}
    for column, name in enumerate(HEADINGS):
        sheet.write_string(0, column, head_of(name, named, translations), looks["head"])
        sheet.set_column(column, column, WIDTHS.get(name, 15))
    for number, (row, asked) in enumerate(zip(form.rows, form.asked, strict=True), FIRST_ROW):
        for column, (name, cell) in enumerate(zip(HEADINGS, row, strict=True)):
            look = looks["shut" if name not in asked | {BY, ON} else "date" if name in dates else "open"]
            if cell in (None, ""):
                sheet.write_blank(number, column, None, look)
            elif isinstance(cell, (int, float)):
                sheet.write_number(number, column, cell, look)
            else:
                sheet.write_string(number, column, str(cell), look)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True, "select_locked_cells": True})


def rule_of(name: str, translations: Translations) -> dict[str, object]:
    """Return what a cell of a column may hold: a word of a list, a number within limits, a date, or text of some length."""
    asked = FIELD["installed_on" if name == ON else "purpose" if name == BY else name]
    tip = {"input_title": name[:32], "input_message": question_of(name, translations)[:255], "ignore_blank": True}
    if asked.type == "word":
        return {"validate": "list", "source": [*asked.words, "unknown"], **tip}
    if asked.is_number:
        low = asked.low if asked.above is None else asked.above
        limits = {"minimum": -1e9 if low is None else low, "maximum": 1e9 if asked.high is None else asked.high}
        return {"validate": "decimal", "criteria": "between", **limits, **tip, **_MILD}
    if asked.type == "date":
        return {"validate": "any", **tip}
    return {"validate": "length", "criteria": "<=", "value": TEXT_AT_MOST, **tip}


# A number out of its limits is asked about again and may stay: "unknown" and "NNE" are answers, too.
_MILD: dict[str, str] = {"error_type": "warning"}


def question_of(name: str, translations: Translations) -> str:
    """Return the question that a column asks."""
    return translations(MORE[name] if name in MORE else FIELD[name].question)


def _explain(
    sheet: Worksheet, form: QuestionnaireForm, translations: Translations, heads: Sequence[str], looks: Mapping[str, Format]
) -> None:
    """Write what is asked, column by column, with the words that a cell may have."""
    to = form.controller or translations(marked("the controller of the cameras listed below"))
    lines = [*heads, translations(marked("To: {name}"), name=to), *(translations(each) for each in HELP)]
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 1, 80)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for number, line in enumerate(lines):
        sheet.write_string(number, 1, line, looks["text"])
    for number, name in enumerate((*ASKED, BY, ON), len(lines) + 1):
        known = FIELD[name].words if name in FIELD else {}
        allowed = f" ({', '.join([*known, 'unknown'])})" if known else ""
        sheet.write_string(number, 0, name, looks["head"])
        sheet.write_string(number, 1, question_of(name, translations) + allowed, looks["text"])
