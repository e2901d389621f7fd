"""The verb that writes who can see what: pairs of cameras and points, and the grid of how many cameras can see the ground."""

# ruff: noqa: PLR0917  (typer reads the words of a command from its parameters)

import csv
from collections import Counter
from collections.abc import Sequence
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import Private, Project, Scheduler
from lhasaplan.cli.protection import open_project
from lhasaplan.cli.screen import Terminal, terminal_of
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.errors import Fault, InputError
from lhasaplan.files.replacing import replacing
from lhasaplan.ports import SightPair
from lhasaplan.report.text.output_files import inert

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project as ProjectValue


def add_sight(app: typer.Typer) -> None:
    """Add the verb ``sight``."""
    app.command(
        "sight",
        help=marked(
            "Write who can see what: every camera and point in range, with density or the reason it is not seen.\n\n"
            "Points are a table with lon,lat or x_m,y_m and point_id; without them, behind the gate, the points of the confirmed "
            "parts. A possible pair may be seen, between two densities. Of points on protected ground no distance and no reason "
            "is told.\n\n"
            "With --grid, how many cameras can see each square metre of the ground: of cameras with recorded direction and lens "
            "that operate today.\n\n"
            "\b\nExamples:\n"
            "  sight monaco.gpkg --points points.csv --out pairs.csv\n"
            "  sight monaco.gpkg --grid counts.tif"
        ),
    )(_sight)


def _sight(
    context: typer.Context,
    project: Project,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="CSV", help=marked("Table of pairs to write."), show_default=False)
    ] = None,
    points: Annotated[
        Path | None, typer.Option("--points", metavar="CSV", help=marked("Table of points."), show_default=False)
    ] = None,
    grid: Annotated[
        Path | None,
        typer.Option("--grid", metavar="TIF", help=marked("Count grid to write, a GeoTIFF of 1 m cells."), show_default=False),
    ] = None,
    private: Private = False,
    scheduler: Scheduler = "",
) -> None:
    terminal = terminal_of(context)
    value = open_project(terminal, project).project
    if out is None and (grid is None or points is not None):
        raise InputError(Fault("Say what to write: --out PAIRS.csv, --grid COUNTS.tif, or both"))
    workflow.require_exact(terminal.services, value, private)
    if out is not None:
        _pairs(terminal, value, points, out, scheduler)
    if grid is not None:
        _grid(terminal, value, grid, scheduler)


def _pairs(terminal: Terminal, project: "ProjectValue", points: Path | None, out: Path, scheduler: str) -> None:
    """Write the table of pairs and say how many there are, and how a table of points was read."""
    remarks: Sequence[Fault] = ()
    with terminal.progress() as progress:
        if points is None:
            asked = workflow.demand_points(terminal.services, project, progress)
        else:
            asked, remarks = terminal.services.read_points(points, project.crs)
        pairs = workflow.sight_pairs(terminal.services, project, asked, progress, scheduler, of_parts=points is None)
    terminal.remark(remarks)
    from lhasaplan.report.text.words import banners  # noqa: PLC0415 - what answers need is loaded when there are some

    write_pairs(pairs, out, banners(workflow.sheet_of(terminal.services, project), Wording()))
    seen = Counter(pair.certainty for pair in pairs if pair.seen)
    text = marked("{file}: {pairs} pairs in range, {certain} can be seen, {possible} more may be seen")
    counts = {"pairs": len(pairs), "certain": seen["certain"], "possible": seen["possible"]}
    terminal.say(terminal.wording(text, file=str(out), **counts))


def _grid(terminal: Terminal, project: "ProjectValue", path: Path, scheduler: str) -> None:
    """Write the count grid and say how many cameras it counts."""
    with terminal.progress() as progress:
        counted = workflow.write_count_grid(terminal.services, project, path, progress, scheduler)
    template = marked("{file}: {cameras} cameras with recorded direction and lens counted in cells of 1 m; not counted: {left}")
    terminal.say(terminal.wording(template, file=str(path), cameras=counted.cameras, left=counted.left_out))


def write_pairs(pairs: Sequence[SightPair], path: Path, heads: Sequence[str] = ()) -> None:
    """Write the pairs as a CSV table; what is not told stays empty.

    A table has no head: what others say there (made-up data, changed data) is a last column, where there is anything to say.
    """
    remark = (" ".join(heads),) if heads else ()
    with replacing(path) as draft, draft.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow([*(field.name for field in fields(SightPair)), *(("remark",) if remark else ())])
        table.writerows([*(_cell(value) for value in astuple(pair)), *remark] for pair in pairs)


def _cell(value: object) -> object:
    if isinstance(value, str):
        return inert(value)
    return str(value).lower() if isinstance(value, bool) else "" if value is None else value
