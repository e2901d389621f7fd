"""Verbs that write: export and sight."""

import csv
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import Folder, Private, Project, listed
from lhasaplan.cli.screen import desk_of
from lhasaplan.cli.tables import print_gate
from lhasaplan.core.wording import marked
from lhasaplan.errors import Fault, GateError, InputError
from lhasaplan.ports import SightPair

CITY = "city"  # --plan city: the draft of the whole project


def add_drafts(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command(
        "export",
        help=marked(
            "Write drafts: audit report (docx, pdf), camera and finding table (xlsx), "
            "map layers (gpkg), one self-contained map (html).\n\n"
            "Papers for people: a page a camera (pages), a summary for a council (summary), a letter to the controller (letter), "
            "and the cameras as a public register (register). --camera limits pages and letter to some cameras.\n\n"
            "With --plan, behind the gate, also the plan draft of the city or of one area.\n\n"
            "\b\nExamples:\n"
            "  export monaco.gpkg --format docx,html --out drafts\n"
            "  export monaco.gpkg --format pages,letter --camera node/123,node/456 --out drafts\n"
            "  export town.gpkg --format docx --plan city --out drafts"
        ),
    )(_export)
    app.command(
        "sight",
        help=marked(
            "Write who can see what: every camera and point in range, with density or the reason it is not seen.\n\n"
            "Points are a CSV with lon,lat or x_m,y_m and point_id; without them, behind the gate, the points of the confirmed "
            "parts. Of points on protected ground only seen and density are told.\n\n"
            "Example: sight monaco.gpkg --points points.csv --out pairs.csv"
        ),
    )(_sight)


def _export(
    context: typer.Context,
    project: Project,
    *,
    out: Folder,
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            metavar="FORMAT[,FORMAT]",
            help=marked("Any of docx, xlsx, gpkg, html, pdf, pages, summary, letter, register."),
        ),
    ] = "docx,xlsx,gpkg,html",
    plan: Annotated[
        str, typer.Option(metavar="city|AREA", help=marked("Also the plan draft, of the city or of an area."), show_default=False)
    ] = "",
    camera: Annotated[
        str,
        typer.Option(metavar="ID[,ID]", help=marked("Limit camera pages and letter to these cameras."), show_default=False),
    ] = "",
    private: Private = False,
) -> None:
    desk = desk_of(context)
    value = workflow.load(desk.rooms, project)
    with desk.progress() as progress:
        assessment = (workflow.check if plan else workflow.audit)(desk.rooms, value, progress)
        area = "" if plan in ("", CITY) or not assessment.gate.open else plan
        files = workflow.export(
            desk.rooms,
            value,
            assessment,
            listed(formats),
            out,
            language=desk.wording.language,
            private=private,
            area=area,
            cameras=listed(camera),
        )
    desk.files(files)
    if plan and not assessment.gate.open:
        print_gate(desk, assessment)
        raise typer.Exit(GateError.exit_code)


def _sight(
    context: typer.Context,
    project: Project,
    out: Annotated[Path, typer.Option("--out", metavar="CSV", help=marked("Table to write."), show_default=False)],
    points: Annotated[
        Path | None, typer.Option("--points", metavar="CSV", help=marked("Table of points."), show_default=False)
    ] = None,
    private: Private = False,
) -> None:
    desk = desk_of(context)
    value = workflow.load(desk.rooms, project)
    if workflow.asks_for_coarse(desk.rooms, value) and not private:
        raise InputError(Fault("A rule pack of this project asks for coarse positions: pairs are written with --private only"))
    with desk.progress() as progress:
        asked = workflow.demand_points(desk.rooms, value, progress) if points is None else desk.rooms.read_points(points)
        pairs = workflow.sight_pairs(desk.rooms, value, asked, progress)
    write_pairs(pairs, out)
    seen = sum(pair.seen for pair in pairs)
    desk.say(
        desk.wording(marked("{file}: {pairs} pairs in range, {seen} can be seen"), file=str(out), pairs=len(pairs), seen=seen)
    )


def write_pairs(pairs: Sequence[SightPair], path: Path) -> None:
    """Write the pairs as a CSV table; what is not told stays empty."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([field.name for field in fields(SightPair)])
        table.writerows([_cell(value) for value in astuple(pair)] for pair in pairs)


def _cell(value: object) -> object:
    return str(value).lower() if isinstance(value, bool) else "" if value is None else value
