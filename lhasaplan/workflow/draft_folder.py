"""Keep the drafts of two projects apart: a folder notes whose drafts it holds, and another project's are refused."""

import json
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.replacing import replacing

NOTE = ".lhasaplan-drafts.json"  # in the folder: the project and the names of its drafts
OTHERS_DRAFTS = marked(
    "The folder holds drafts of another project, {other}, such as {file}. Drafts of {project} could replace them. Name another "
    "folder, or move these drafts away"
)


def refuse_other_drafts(folder: Path, project: str) -> None:
    """Raise InputError where drafts of a project of another name are still in the folder."""
    other, files = _noted(folder)
    left = next((name for name in files if (folder / name).exists()), None)
    if left is not None and other != project:
        params = {"other": other, "file": left, "project": project}
        raise InputError(Fault(OTHERS_DRAFTS, Where(file=str(folder)), params))


def note_drafts(folder: Path, project: str, files: Iterable[Path]) -> None:
    """Note in the folder that these files are drafts of the project, beside those that were noted before."""
    other, before = _noted(folder)
    names = {path.relative_to(folder).as_posix() for path in files if path.is_relative_to(folder)}
    kept = sorted(names | (set(before) if other == project else set()))
    if not kept:
        return
    with suppress(OSError), replacing(folder / NOTE) as aside:  # a folder that takes drafts and no note keeps its drafts
        aside.write_text(json.dumps({"project": project, "drafts": kept}, ensure_ascii=False, indent=1), "utf-8")


def _noted(folder: Path) -> tuple[str, tuple[str, ...]]:
    """Return the project and the drafts that the folder notes; nothing where there is no note that can be read."""
    try:
        note = json.loads((folder / NOTE).read_text("utf-8"))
        return str(note["project"]), tuple(map(str, note["drafts"]))
    except (OSError, ValueError, KeyError, TypeError):
        return "", ()
