"""Write the drafts of an answer, as the command line and the window do."""

from collections.abc import Sequence
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.api.answers import Answer
from lhasaplan.api.projects import StrPath
from lhasaplan.core.base.progress import Progress, no_progress


def export(
    answer: Answer,
    folder: StrPath,
    formats: Sequence[str] = ("docx", "html", "gpkg"),
    *,
    language: str = "en",
    area: str = "",
    cameras: Sequence[str] = (),
    progress: Progress = no_progress,
) -> list[Path]:
    """Write drafts of an answer into a folder, which is made where it is missing, and return the files.

    Parameters
    ----------
    formats : docx, xlsx, gpkg, html, pdf, pptx, pages, summary, letter, register, questionnaire.
    language : en, fr or zh_CN.
    area : narrows plan drafts to one area by name; ``cameras`` narrow pages, letters and questionnaires by identifier.

    Raises
    ------
    InputError
        An unknown format, language or area, before anything is written.
    DraftsError
        A format could not be written; all others were, and ``files`` of the error names them.
    """
    values = answer.project, answer.assessment
    return workflow.export_shown(
        answer.services, *values, formats, Path(folder), language=language, area=area, cameras=cameras, progress=progress
    )
