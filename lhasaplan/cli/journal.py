"""The verb journal: what happened to a project, in the reader's language."""

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import Project
from lhasaplan.cli.screen import desk_of
from lhasaplan.core.base.wording import marked


def add_journal(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "journal",
        help=marked(
            "Say what happened to a project: when, by whom, and what.\n\n"
            "Things that were declared are counted, not listed.\n\n"
            "Example: journal town.gpkg"
        ),
    )(_journal)


def _journal(context: typer.Context, project: Project) -> None:
    from lhasaplan.core.project.journal_words import said  # noqa: PLC0415 - what changes of cameras need is loaded for them

    desk = desk_of(context)
    opened = workflow.open_project(desk.rooms, project)
    heads = [desk.wording(head) for head in (marked("Day"), marked("Who"), marked("What"))]
    rows = [(entry.when, entry.who or "–", said(entry.event, desk.wording)) for entry in workflow.journal(opened)]
    desk.table(desk.wording(marked("Journal of {project}"), project=opened.store.name), heads, rows)
