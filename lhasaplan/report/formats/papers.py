"""Write the papers for people: pages for residents, a summary for a council, a letter to the controller."""

from collections.abc import Sequence
from pathlib import Path

from lhasaplan.core.base.wording import Wording
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.report.drafts.camera_pages import compose_camera_pages
from lhasaplan.report.drafts.council import compose_summary
from lhasaplan.report.drafts.letter import compose_letter
from lhasaplan.report.formats.docx import write_document as write_word
from lhasaplan.report.formats.pdf import write_document
from lhasaplan.report.formats.web_page import write_document as write_page
from lhasaplan.report.text.document import Document


def write_pages(
    project: ShownProject,
    assessment: ShownAssessment,
    folder: Path,
    wording: Wording,
    *,
    cameras: Sequence[str] = (),
) -> list[Path]:
    """Write ``camera-pages.pdf`` and ``.html``, a page for each camera named or for the gravest; return the files."""
    draft = compose_camera_pages(project, assessment, wording, cameras)
    return _pdf_and_web(draft, folder, "camera-pages", wording)


def write_summary(project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording) -> list[Path]:
    """Write ``council-summary.pdf`` and ``.html``; return the files."""
    return _pdf_and_web(compose_summary(project, assessment, wording), folder, "council-summary", wording)


def write_letter(
    project: ShownProject,
    assessment: ShownAssessment,
    folder: Path,
    wording: Wording,
    *,
    cameras: Sequence[str] = (),
) -> list[Path]:
    """Write ``letter.docx``, to be filled in and sent, and ``letter.pdf``; return the files."""
    draft = compose_letter(project, assessment, wording, cameras)
    return [write_word(draft, folder / "letter.docx", wording), write_document(draft, folder / "letter.pdf", wording)]


def _pdf_and_web(draft: Document, folder: Path, name: str, wording: Wording) -> list[Path]:
    """Write a paper to print, and the same to read on a screen or to have read out."""
    return [
        write_document(draft, folder / f"{name}.pdf", wording),
        write_page(draft, folder / f"{name}.html", wording),
    ]
