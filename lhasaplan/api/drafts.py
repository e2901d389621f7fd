"""Write the drafts of an answer, as the command line and the window do."""

import warnings
from collections.abc import Sequence
from pathlib import Path

from lhasaplan import workflow
from lhasaplan.api.answers import Answer
from lhasaplan.api.projects import StrPath
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.errors import InputError
from lhasaplan.files.held import account

NOT_LOGGED = "The drafts were written, but the journal of the project does not say so:"


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

    The journal of a project that is kept notes it, as it does for the command line.

    Parameters
    ----------
    formats : those of ``lhasaplan.core.results.formats``, as the help of the command ``export`` lists them.
    language : as the option ``--lang`` of the command line takes it.
    area : narrows plan drafts to one area by name; ``cameras`` narrow pages, letters and questionnaires by identifier.

    Raises
    ------
    InputError
        An unknown format, language or area, before anything is written.
    DraftsError
        A format could not be written; all others were, and ``files`` of the error names them.
    """
    values = answer.project, answer.assessment
    files = workflow.export_shown(
        answer.services, *values, formats, Path(folder), language=language, area=area, cameras=cameras, progress=progress
    )
    _note(answer, formats, files)
    return files


def _note(answer: Answer, formats: Sequence[str], files: Sequence[Path]) -> None:
    """Keep with the project that drafts were written; that it could not be kept is a warning and takes nothing back."""
    if answer.store is None:
        return
    try:
        workflow.log_export(answer.services, answer.store, formats, answer.is_private, files=files, who=account())
    except InputError as error:
        warnings.warn(f"{NOT_LOGGED} {error}", stacklevel=3)
