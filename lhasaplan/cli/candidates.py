"""Print the candidates of a project and what people decided about them."""

from typing import TYPE_CHECKING

from lhasaplan import workflow
from lhasaplan.cli.options import require_folder
from lhasaplan.cli.screen import Terminal
from lhasaplan.core.base.translations import marked
from lhasaplan.report.formats.sheet_formats import require_format

if TYPE_CHECKING:
    from pathlib import Path

    from lhasaplan.core.project.project import Project


def list_candidates(terminal: Terminal, project: "Project") -> None:
    """Print each candidate with its category, what it would ask for, and whether it may and did become demand."""
    w = terminal.translations
    heads = [
        *(marked("Part"), marked("Category"), marked("Name"), marked("Street"), marked("Longitude"), marked("Latitude")),
        *(marked("px/m"), marked("State")),
    ]
    rows = [
        (
            *(each.part.part_id, each.part.category, each.part.name, each.street or "–"),
            *("–" if each.lonlat is None else f"{degrees:.5f}" for degrees in each.lonlat or (None, None)),
            *(each.part.required.density_px_m, w(each.text, **each.params)),
        )
        for each in workflow.list_candidates(terminal.services, project).rows
    ]
    terminal.table(w(marked("Candidates")), [w(head) for head in heads], rows)


def write_pictures(terminal: Terminal, project: "Project", selection: "workflow.CandidateSelection", path: "Path") -> None:
    """Write a picture of each selected candidate, of all where none is selected, and say how many there are."""
    require_folder(path)
    require_format(path)
    with terminal.progress() as progress:
        sheet = workflow.place_sheet(terminal.services, project, selection)
        terminal.services.drafts.write_place_sheet(sheet, path, terminal.translations, progress)
    terminal.say(
        terminal.translations(marked("Pictures of candidates in {file}: {count}"), file=str(path), count=len(sheet.rows))
    )
