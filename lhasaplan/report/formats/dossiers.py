"""Write papers that offices hand in, each as a Word file to fill in, a PDF and a web page."""

from pathlib import Path

from lhasaplan.core.base.wording import Wording
from lhasaplan.core.results.shown_values import ShownAssessment, ShownProject
from lhasaplan.core.rules.dossier import Paper
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.dossiers.compose import papers_of
from lhasaplan.report.formats.docx import write_document as write_word
from lhasaplan.report.formats.pdf import write_document as write_print
from lhasaplan.report.formats.web_page import write_document as write_page


def write_impact(
    project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write ``impact-assessment`` of the cameras that stand, or behind the gate of the plan; return the files."""
    return _write(Paper.IMPACT, project, assessment, folder, wording, order)


def write_authorisation(
    project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording, order: DraftOrder = WHOLE
) -> list[Path]:
    """Write the files for an authorisation that the packs ask for, behind the gate alone; return the files, or none."""
    return _write(Paper.AUTHORISATION, project, assessment, folder, wording, order)


def _write(  # noqa: PLR0917 - what every writer takes
    paper: Paper, project: ShownProject, assessment: ShownAssessment, folder: Path, wording: Wording, order: DraftOrder
) -> list[Path]:
    writers = {"docx": write_word, "pdf": write_print, "html": write_page}
    drafts = papers_of(paper, project, assessment, wording, order)
    return [write(draft, folder / f"{name}.{end}", wording) for name, draft in drafts.items() for end, write in writers.items()]
