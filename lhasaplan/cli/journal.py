"""The verb journal: what happened to a project, in the reader's language."""

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import Private, Project
from lhasaplan.cli.protection import open_bare
from lhasaplan.cli.screen import terminal_of
from lhasaplan.core.base.wording import marked


def add_journal(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "journal",
        help=marked(
            "Say what happened to a project: when, by whom, and what.\n\n"
            "Things that were declared are counted, not listed. Where a rule pack asks for coarse positions, cameras are counted "
            "and nobody is named, unless --private says so.\n\n"
            "Example: journal town.gpkg"
        ),
    )(_journal)


def _journal(context: typer.Context, project: Project, private: Private = False) -> None:
    from lhasaplan.core.project.journal_words import said  # noqa: PLC0415 - what changes of cameras need is loaded for them

    terminal = terminal_of(context)
    opened = open_bare(terminal, project)
    is_coarse = workflow.asks_for_coarse(terminal.services, opened.project) and not private
    heads = [terminal.wording(head) for head in (marked("Day"), marked("Who"), marked("What"))]
    rows = [
        (entry.when, "–" if is_coarse else entry.who or "–", said(entry.event, terminal.wording, is_coarse=is_coarse))
        for entry in workflow.journal(opened)
    ]
    terminal.table(terminal.wording(marked("Journal of {project}"), project=opened.store.name), heads, rows)
