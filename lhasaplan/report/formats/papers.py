"""Write the papers for people: pages for residents, summaries, letters, impact assessments, and sheets of candidates."""

import html
import json
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import PictureRow, PlaceSheet, ShownAssessment, ShownProject
from lhasaplan.core.rules.forms import Dossier, Event, ImpactForm, Paper, Risk
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.draft_facts import DraftFacts, facts_of
from lhasaplan.report.chapters.impact_answers import answer
from lhasaplan.report.chapters.people_at_risk import FIGURES, likelihood, likelihood_text
from lhasaplan.report.documents.camera_pages import compose_camera_pages
from lhasaplan.report.documents.council_summary import compose_summary
from lhasaplan.report.documents.dossiers import compose_paper, file_name, papers_of
from lhasaplan.report.documents.letter import Letter, compose_letters
from lhasaplan.report.formats import docx, pdf, web_page
from lhasaplan.report.formats.pdf import pages_of
from lhasaplan.report.maps.base_map import BaseMap, Frame, attribution
from lhasaplan.report.maps.plan_figures import place_map
from lhasaplan.report.text.document import Block, Document, Figure, Heading, Paragraph
from lhasaplan.report.text.output_files import numbered_name, replacing, require_format
from lhasaplan.report.text.words import banners, in_language, term

# A small map of a candidate and its surroundings, and a sheet of them: outline, streets by name, scale, north.

STEP = marked("Drawing the places")
LEAST_M, AROUND = 60.0, 1.0  # half of the frame: so much at least, and of a candidate's longer side
WIDTH = 0.42
WRITERS: Mapping[str, Callable[[Document, Path, Translations], Path]] = {
    ".docx": docx.write_document,  # to fill in and send
    ".pdf": pdf.write_document,  # to print
    ".html": web_page.write_document,  # to read on a screen or to have read out
}
FIRST_WORDS = marked(
    "Each picture shows where a candidate lies and what density it would ask for. No picture says whether it may "
    "become demand, and none shows what is protected."
)


def write_place_sheet(sheet: PlaceSheet, path: Path, translations: Translations, progress: Progress = no_progress) -> Path:
    """Write the pictures as PDF or HTML, by the ending of the file; InputError for any other."""
    require_format(path)
    return WRITERS[path.suffix.casefold()](compose_places(sheet, translations, progress), path, translations)


def compose_places(sheet: PlaceSheet, translations: Translations, progress: Progress = no_progress) -> Document:
    """Return a section for each category, with a picture for each of its candidates."""
    draw, blocks = SheetPictures(sheet, translations), list[Block]([Paragraph(translations(FIRST_WORDS), "small")])
    done = 0
    for category, rows in groupby(sorted(sheet.rows, key=lambda row: (row.category, row.part_id)), lambda row: row.category):
        blocks.append(Heading(term(sheet.terms, f"category:{category}", translations), 2))
        for row in rows:
            progress(done / len(sheet.rows), STEP)
            blocks += draw.blocks(row)
            done += 1
    footer = " · ".join([sheet.project, *attribution(sheet)])
    title, heads = translations(marked("Candidates")), banners(sheet, translations)
    return Document(title, sheet.project, translations.language, heads, tuple(blocks), footer)


class SheetPictures:
    """Draws candidates of one town, whose map and street names are made once."""

    def __init__(self, sheet: PlaceSheet, translations: Translations) -> None:
        self._sheet, self._translations = sheet, translations
        self._base = BaseMap(sheet)

    def png(self, shape: BaseGeometry) -> bytes:
        """Return the picture of one place."""
        frame = _frame(shape)
        return place_map(self._base, shape, frame, self._base.streets.names(frame), self._sheet, self._translations)

    def blocks(self, row: PictureRow) -> list[Block]:
        """Return the picture, and under it what it is of: a paragraph, for small pictures stay with what follows."""
        caption = self.caption(row)
        alt = self._translations(marked("Map of the place: {text}"), text=caption)
        return [Figure(self.png(row.shape), "", WIDTH, alt=alt), Paragraph(caption, "small")]

    def caption(self, row: PictureRow) -> str:
        """Return name, street, place on Earth, what it would ask for, what was decided, and the id."""
        at = "" if row.lonlat is None else f"{row.lonlat[0]:.5f}, {row.lonlat[1]:.5f}"
        density = self._translations(marked("{density} px/m"), density=f"{row.density_px_m:g}")
        return " · ".join(filter(None, (row.name, row.street, at, density, self._translations(row.state), row.part_id)))


def _frame(shape: BaseGeometry) -> Frame:
    """Return a square round a place that shows some of its surroundings."""
    west, south, east, north = shape.bounds
    half = max(LEAST_M, (0.5 + AROUND) * max(east - west, north - south))
    x, y = (west + east) / 2, (south + north) / 2
    return x - half, y - half, x + half, y + half


# The tool's numbers: a feared event has questions of its own, in this order.
EVENTS = {Event.ACCESS: 320, Event.CHANGE: 330, Event.LOSS: 340}
IMPACTS, THREATS, SOURCES, MEASURES, SEVERITY, LIKELIHOOD = 1, 2, 3, 4, 5, 6
OVERVIEW = 111  # its first question: here stands what every output says of itself
Row = dict[str, object]


def write_pia(draft: Document, dossier: Dossier, facts: DraftFacts, path: Path) -> Path:
    """Write the file, whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(json.dumps(pia_values(draft, dossier, facts), ensure_ascii=False, indent=1) + "\n", "utf-8")
    return path


def pia_values(draft: Document, dossier: Dossier, facts: DraftFacts) -> Row:
    """Return what the tool imports; the file bears the day of the draft, for no clock is read here."""
    when = f"{draft.date or '1970-01-01'}T00:00:00.000Z"
    answers = [*_answers(draft, dossier.impact, facts), *_risks(dossier.impact, facts)]
    measures = list(dict.fromkeys(in_language(risk.measure, facts.translations) for risk in dossier.impact.risks))
    of_all: Row = {"pia_id": 1, "created_at": when, "updated_at": when}
    return {
        "pia": _assessment(draft, facts, when),
        "answers": [{**of_all, "id": number, **each} for number, each in enumerate(answers, 1)],
        "measures": [
            {**of_all, "id": number, "title": text, "content": "", "placeholder": ""} for number, text in enumerate(measures, 1)
        ],
        "evaluations": [],
        "comments": [],
    }


def _assessment(draft: Document, facts: DraftFacts, when: str) -> Row:
    return {
        "id": 1,
        "status": 0,  # being written
        "is_example": 0,
        "is_archive": 0,
        "name": f"{draft.title} · {draft.subtitle}",
        "category": "",
        "author_name": facts.mandate.controller,
        "evaluator_name": "",
        "validator_name": "",
        "progress": 0,
        "structure_id": None,
        "created_at": when,
        "updated_at": when,
    }


def _answers(draft: Document, form: ImpactForm, facts: DraftFacts) -> list[Row]:
    """Return an answer to each question in words; what the project does not say is put as the open question."""
    rows: list[Row] = []
    for field in form.fields:
        found = answer(field, facts)
        is_open = not found.is_whole and field.asks is not None
        texts = [found.text, in_language(field.asks, facts.translations) if is_open and field.asks else ""]
        for number in field.cnil:
            marks = list(draft.banners) if number == OVERVIEW else []
            paragraphs = [text for text in (*marks, *texts) if text]
            if number >= OVERVIEW and paragraphs:
                rows.append(_answer(number, text=paragraphs))
    # The first answer to a question: the tool shows no second.
    return list({row["reference_to"]: row for row in reversed(rows)}.values())[::-1]


def _risks(form: ImpactForm, facts: DraftFacts) -> list[Row]:
    return [
        row
        for event, base in EVENTS.items()
        for row in _of_event(base, [risk for risk in form.risks if event in risk.events], form, facts)
    ]


def _of_event(base: int, risks: Sequence[Risk], form: ImpactForm, facts: DraftFacts) -> list[Row]:
    """Return the six answers about a feared event; a gauge that nobody knows stays empty."""
    if not risks:
        return []
    translations = facts.translations
    gravest = max(risk.severity for risk in risks)
    found = [likelihood(facts, risk) for risk in risks]
    known = [levels[1] for levels in found if levels is not None]
    reasons = [f"{in_language(r.text, translations)} {FIGURES[r.figure](facts)} {likelihood_text(facts, r, form)}" for r in risks]
    return [
        _answer(base + IMPACTS, listed=[in_language(risk.harm, translations) for risk in risks]),
        _answer(base + THREATS, listed=[in_language(risk.text, translations) for risk in risks]),
        _answer(base + SOURCES, listed=[in_language(each, translations) for each in form.sources]),
        _answer(base + MEASURES, listed=[in_language(risk.measure, translations) for risk in risks]),
        _answer(base + SEVERITY, text=[in_language(form.levels[gravest - 1].severity, translations)], gauge=gravest),
        _answer(base + LIKELIHOOD, text=reasons, gauge=max(known, default=None)),
    ]


def _answer(number: int, *, text: Sequence[str] = (), listed: Sequence[str] = (), gauge: int | None = None) -> Row:
    """Return one answer; its text is HTML in the tool, so that a user's words are escaped."""
    paragraphs = "".join(f"<p>{html.escape(each)}</p>" for each in text)
    return {"reference_to": number, "data": {"text": paragraphs or None, "gauge": gauge, "list": list(dict.fromkeys(listed))}}


# Write papers that offices hand in, each as a Word file to fill in, a PDF and a web page.
def write_impact(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``impact-assessment`` of the cameras that stand, or behind the gate of the plan; return the files.

    ``impact-assessment.pia.json`` is the same for the CNIL's PIA tool to import.
    """
    files = _write(Paper.IMPACT, project, assessment, folder, translations, order)
    for dossier in (each for each in order.dossiers if each.paper is Paper.IMPACT):
        draft = compose_paper(dossier, project, assessment, translations, order)
        facts = facts_of(project, assessment, translations, order)
        files.append(write_pia(draft, dossier, facts, folder / f"{file_name(dossier)}.pia.json"))
    return files


def write_authorisation(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write the files for an authorisation that the packs ask for, behind the gate alone; return the files, or none."""
    return _write(Paper.AUTHORISATION, project, assessment, folder, translations, order)


def _write(  # noqa: PLR0917 - what every writer takes
    paper: Paper, project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder
) -> list[Path]:
    drafts = papers_of(paper, project, assessment, translations, order)
    return [path for name, draft in drafts.items() for path in _in_formats(draft, folder, name, WRITERS, translations)]


def _in_formats(draft: Document, folder: Path, name: str, endings: Iterable[str], translations: Translations) -> list[Path]:
    """Write one document in several formats; return the files."""
    return [WRITERS[ending](draft, folder / f"{name}{ending}", translations) for ending in endings]


MAPS_CM = (14.0, 13.0, 12.0, 11.0, 10.0, 8.5, 7.0)  # heights of the map of the summary, the tallest first
LETTERS = {"controller": "letter", "body": "body-letter", "access": "letter-of-access"}


def write_pages(
    project: ShownProject,
    assessment: ShownAssessment,
    folder: Path,
    translations: Translations,
    order: DraftOrder = WHOLE,
) -> list[Path]:
    """Write ``camera-pages.pdf`` and ``.html``, a page for each camera named or for the gravest; return the files."""
    draft = compose_camera_pages(project, assessment, translations, order)
    return _in_formats(draft, folder, "camera-pages", (".pdf", ".html"), translations)


def write_summary(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``council-summary.pdf`` and ``.html``; return the files."""
    draft = one_page_summary(project, assessment, translations, order)
    return _in_formats(draft, folder, "council-summary", (".pdf", ".html"), translations)


def one_page_summary(
    project: ShownProject, assessment: ShownAssessment, translations: Translations, order: DraftOrder = WHOLE
) -> Document:
    """Return the summary with the tallest map that leaves it on one page; the map is drawn once."""

    def is_one_page(map_cm: float) -> bool:
        return pages_of(compose_summary(project, assessment, translations, order, map_cm, is_drawn=False), translations) == 1

    fitting = 0 if is_one_page(MAPS_CM[0]) else bisect_left(MAPS_CM, True, 1, len(MAPS_CM) - 1, key=is_one_page)
    return compose_summary(project, assessment, translations, order, MAPS_CM[fitting])


def write_letter(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``letter-NN-CONTROLLER`` for each controller on record, ``body-letter-NN-BODY``, and ``letter-of-access``.

    Each is a Word file, to be filled in and sent, and a PDF; return the files.
    """
    letters = compose_letters(project, assessment, translations, order)
    names = [name for about, name in LETTERS.items() for name in _names([one for one in letters if one.about == about], name)]
    ordered = [one for about in LETTERS for one in letters if one.about == about]
    return [
        path
        for name, letter in zip(names, ordered, strict=True)
        for path in _in_formats(letter.draft, folder, name, (".docx", ".pdf"), translations)
    ]


def _names(letters: Sequence[Letter], name: str) -> list[str]:
    """Return a file name for each letter, by number and receiver; one that has no receiver of its own is alone."""
    return [numbered_name(name, number, one.to) if one.to else name for number, one in enumerate(letters, 1)]
