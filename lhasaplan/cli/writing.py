"""Write drafts with a progress bar, and print which were written and what stopped the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from lhasaplan import workflow
from lhasaplan.cli.screen import Terminal
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import DraftsError, InputError
from lhasaplan.files.scratch import account

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project
    from lhasaplan.core.results.assessment import Assessment, ShownAssessment
    from lhasaplan.ports import Store
    from lhasaplan.workflow.drafting import DraftWish

NOT_LOGGED = marked("The drafts were written, but the journal of the project does not say so:")


@dataclass(frozen=True, slots=True)
class Written:
    """The drafts that were written, and the exit code: 0, or that of a format that could not be."""

    files: tuple[Path, ...]
    code: int = 0


def write_drafts(
    terminal: Terminal,
    project: "Project",
    assessment: "Assessment",
    formats: Sequence[str],
    folder: Path,
    **how: "Unpack[DraftWish]",
) -> Written:
    """Write drafts in the reader's language, and say which were written."""
    try:
        with terminal.progress() as progress:
            language = terminal.translations.language
            files = workflow.export(
                terminal.services, project, assessment, formats, folder, language=language, progress=progress, **how
            )
    except DraftsError as error:
        return Written(tuple(map(Path, error.files)), _tell(terminal, error))
    terminal.files(files)
    return Written(tuple(files))


def write_json(terminal: Terminal, assessment: "ShownAssessment", path: Path) -> int:
    """Write the answers as JSON; return 0, or the exit code when that could not be done: drafts may follow all the same."""
    files, faults = workflow.written("json", lambda: [terminal.services.drafts.write_json(assessment, path)])
    if faults:
        return _tell(terminal, DraftsError(faults, files))
    terminal.files(files)
    return 0


def write_plain(value: object, path: Path) -> None:
    """Write plain values as JSON, whole or not at all."""
    import json  # noqa: PLC0415 - written when asked for

    from lhasaplan.files.replacing import replacing  # noqa: PLC0415

    with replacing(path) as aside:
        aside.write_text(json.dumps(value, ensure_ascii=False, indent=1), "utf-8")


def log_export(
    terminal: Terminal, store: "Store", files: Sequence[Path], *, formats: Sequence[str], private: bool, level: str = ""
) -> None:
    """Keep with the project that these drafts were written; that it could not be kept is reported and takes nothing back."""
    try:
        workflow.log_export(terminal.services, store, formats, private, level=level, files=files, who=account())
    except InputError as error:
        terminal.complain(terminal.translations(NOT_LOGGED))
        terminal.say_faults(error)


def _tell(terminal: Terminal, error: DraftsError) -> int:
    terminal.files(error.files)
    terminal.say_faults(error)
    return error.exit_code
