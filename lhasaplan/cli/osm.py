"""The verbs to and from OpenStreetMap: a query to copy, and corrections that a person looks at and uploads."""

from pathlib import Path
from typing import Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import open_project
from lhasaplan.cli.screen import Project, terminal_of
from lhasaplan.core.base.translations import marked

PRINTED = 40


def add_osm(app: typer.Typer) -> None:
    """Add the verbs."""
    app.command(
        "overpass",
        help=marked(
            "Print a query that asks Overpass for everything in a rectangle of OpenStreetMap.\n\n"
            "WHERE is west,south,east,north in degrees, or a project: then the ground that it holds. Nothing is fetched: paste "
            "the text into overpass-turbo.eu or another service, and import the answer (.osm).\n\n"
            "\b\nExamples:\n"
            "  overpass 24.94,60.16,24.96,60.17\n"
            "  overpass city.gpkg"
        ),
    )(_overpass)
    app.command(
        "osm",
        help=marked(
            "Write what you corrected of cameras back for OpenStreetMap: direction, tilt, height, kind and mount.\n\n"
            "EXTRACT is the file that the cameras were imported from. Each node keeps all its other tags and the version that "
            "was read. Cameras that observers of a survey recorded and the map lacks are new nodes. Nothing is uploaded: look at "
            "the changes in JOSM, and give only what you may give. Operators, purposes and what a camera can see stay out.\n\n"
            "\b\nExample:\n"
            '  osm city.gpkg city.osm.pbf --out fixes.osm --comment "Directions as surveyed on 1 December"'
        ),
    )(_osm)


def _overpass(
    context: typer.Context,
    where: Annotated[
        str,
        typer.Argument(metavar="WHERE", help=marked("A rectangle in degrees, or a project."), show_default=False),
    ],
) -> None:
    terminal = terminal_of(context)
    is_box = where.count(",") == 3
    box = where if is_box else workflow.overpass_box(open_project(terminal, where).project)
    terminal.say(workflow.overpass_query(box).rstrip())


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
    if found.doubtful:
        from lhasaplan.core.records.osm_changes import SAME_M  # noqa: PLC0415 - loads arrays, which a page of help does without

        text = marked(
            "Finds of a survey within {metres} m of a camera of the map, or inside a building: {count}. They may be that camera, "
            "or hang indoors; compare them"
        )
        terminal.say(say(text, count=found.doubtful, metres=f"{SAME_M:g}"))
    if found.changes:
        terminal.files([services.drafts.write_osm_changes(out, found.changes, comment)])
