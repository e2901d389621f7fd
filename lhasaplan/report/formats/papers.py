"""Write the papers for people: pages for residents, a summary for a council, letters to controllers, bodies and for residents."""

from collections.abc import Sequence
from pathlib import Path

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.core.rules.forms import Paper
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.council_summary import compose_summary
from lhasaplan.report.city_plan.plan_facts import facts_of
from lhasaplan.report.dossiers.compose import compose_paper, file_name, papers_of
from lhasaplan.report.drafts.camera_pages import compose_camera_pages
from lhasaplan.report.drafts.letter import Letter, compose_letters
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.formats.docx import write_document as write_word
from lhasaplan.report.formats.pdf import pages_of, write_document
from lhasaplan.report.formats.pdf import write_document as write_print
from lhasaplan.report.formats.pia_json import write_pia
from lhasaplan.report.formats.web_page import write_document as write_page
from lhasaplan.report.text.document import Document
from lhasaplan.report.text.output_files import numbered_name

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
        facts = facts_of(project, assessment, worded(translations, assessment), order)
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
    writers = {"docx": write_word, "pdf": write_print, "html": write_page}
    drafts = papers_of(paper, project, assessment, translations, order)
    return [
        write(draft, folder / f"{name}.{end}", translations) for name, draft in drafts.items() for end, write in writers.items()
    ]


MAPS_CM = (14.0, 13.0, 12.0, 11.0, 10.0, 8.5, 7.0)  # heights of the map of the summary, tried one after the other
LETTERS = {"controller": "letter", "body": "body-letter", "access": "letter-of-access"}


def write_pages(
    project: ShownProject,
    assessment: ShownAssessment,
    folder: Path,
    translations: Translations,
    order: DraftOrder = WHOLE,
) -> list[Path]:
    """Write ``camera-pages.pdf`` and ``.html``, a page for each camera named or for the gravest; return the files."""
    draft = compose_camera_pages(project, assessment, translations, order.cameras, order.date)
    return _pdf_and_web(draft, folder, "camera-pages", translations)


def write_summary(
    project: ShownProject, assessment: ShownAssessment, folder: Path, translations: Translations, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``council-summary.pdf`` and ``.html``; return the files."""
    return _pdf_and_web(one_page_summary(project, assessment, translations, order), folder, "council-summary", translations)


def one_page_summary(
    project: ShownProject, assessment: ShownAssessment, translations: Translations, order: DraftOrder = WHOLE
) -> Document:
    """Return the summary with the tallest map that leaves it on one page."""
    drafts = (compose_summary(project, assessment, translations, order, map_cm) for map_cm in MAPS_CM)
    return next(draft for number, draft in enumerate(drafts, 1) if number == len(MAPS_CM) or pages_of(draft, translations) == 1)


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
        for path in (
            write_word(letter.draft, folder / f"{name}.docx", translations),
            write_document(letter.draft, folder / f"{name}.pdf", translations),
        )
    ]


def _names(letters: Sequence[Letter], name: str) -> list[str]:
    """Return a file name for each letter, by number and receiver; one that has no receiver of its own is alone."""
    return [numbered_name(name, number, one.to) if one.to else name for number, one in enumerate(letters, 1)]


def _pdf_and_web(draft: Document, folder: Path, name: str, translations: Translations) -> list[Path]:
    """Write a paper to print, and the same to read on a screen or to have read out."""
    return [
        write_document(draft, folder / f"{name}.pdf", translations),
        write_page(draft, folder / f"{name}.html", translations),
    ]
