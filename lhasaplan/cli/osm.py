"""The verb that writes corrections of cameras for OpenStreetMap; a person looks at them and uploads them."""

from pathlib import Path
from typing import Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import Project
from lhasaplan.cli.protection import open_project
from lhasaplan.cli.screen import terminal_of
from lhasaplan.core.base.translations import marked

PRINTED = 40


def add_osm(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "osm",
        help=marked(
            "Write what you corrected of cameras back for OpenStreetMap: direction, tilt, height, kind and mount.\n\n"
            "EXTRACT is the file that the cameras were imported from. Each node keeps all its other tags and the version that "
            "was read. Nothing is uploaded: look at the changes in JOSM, and give only what you may give. Operators, purposes "
            "and what a camera can see stay out.\n\n"
            "\b\nExample:\n"
            '  osm city.gpkg city.osm.pbf --out fixes.osm --comment "Directions as surveyed on 1 December"'
        ),
    )(_osm)


def _osm(
    context: typer.Context,
    project: Project,
    extract: Annotated[
        Path, typer.Argument(metavar="EXTRACT", help=marked("The extract that was imported."), show_default=False)
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", metavar="FILE", help=marked("File to write: .osc, or .osm for JOSM."), show_default=False)
    ],
    comment: Annotated[
        str, typer.Option("--comment", metavar="TEXT", help=marked("Comment of the changeset."), show_default=False)
    ] = "Correct direction, height or kind of cameras",
) -> None:
    terminal = terminal_of(context)
    services, say = terminal.services, terminal.translations
    found = workflow.osm_changes(services, open_project(terminal, project).project, extract)
    rows = [
        (f"node/{each.node.node_id}", each.node.version, key, old, new)
        for each in found.changes
        for key, (old, new) in each.changed.items()
    ]
    heads = [say(each) for each in (marked("node"), marked("version"), marked("tag"), marked("so far"), marked("to be"))]
    text = marked("Changes of tags: {count}; cameras of the extract that cannot be written back: {left}")
    terminal.table(say(text, count=len(rows), left=found.left), heads, rows[:PRINTED])
    if found.changes:
        terminal.files([services.drafts.write_osm_changes(out, found.changes, comment)])
