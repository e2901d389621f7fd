"""The verb declare: say of buildings, cells and indoor parts what only a person knows, singly, by a table or by an area."""

# ruff: noqa: PLR0917  (typer reads the words of a command from its parameters)

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import Project
from lhasaplan.cli.protection import open_to_change
from lhasaplan.cli.screen import Terminal, terminal_of
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project as ProjectValue

ONE_WAY = marked("Say what it is about in one way: ids, --within AREA, --area FILE, or --table FILE")
NEEDS_FACT = marked("Say what is declared: --as dwelling, not_dwelling or no_buildings; a table says it in each row")


def add_declaring(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "declare",
        help=marked(
            "Declare what only a person knows: that a building is a dwelling or not_dwelling, that a cell has no_buildings.\n\n"
            "By id, of every building of unknown use in an area of the project or of a polygon file, or by a table (CSV, Excel) "
            "with id, declaration, reason, by and, if it is not today, date. All faults are told at once; then nothing is "
            "declared. Every declaration stands in the project and its journal with name, day and reason.\n\n"
            "\b\nExamples:\n"
            '  declare town.gpkg way/12 --as dwelling --reason "bells at the door" --by "A. Example"\n'
            '  declare town.gpkg --as not_dwelling --within Harbour --reason "sheds, seen on 3 May" --by "A. Example"\n'
            '  declare town.gpkg --as dwelling --area old-town.geojson --reason "register of homes" --by "A. Example"\n'
            "  declare town.gpkg --table uses.csv"
        ),
    )(_declare)


def _declare(
    context: typer.Context,
    project: Project,
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help=marked("Buildings, cells or parts by id."), show_default=False)
    ] = None,
    *,
    fact: Annotated[
        str,
        typer.Option(
            "--as",
            metavar="FACT",
            help=marked("dwelling, not_dwelling, not_as_named, no_buildings, declared."),
            show_default=False,
        ),
    ] = "",
    within: Annotated[
        str,
        typer.Option(metavar="AREA", help=marked("Of all buildings of unknown use in an area."), show_default=False),
    ] = "",
    area: Annotated[
        Path | None,
        typer.Option("--area", metavar="FILE", help=marked("Of all such buildings in its polygons."), show_default=False),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--table", metavar="FILE", help=marked("A table of declarations, CSV or Excel."), show_default=False),
    ] = None,
    reason: Annotated[str, typer.Option(help=marked("Why it is so; needed for more than one thing."), show_default=False)] = "",
    by: Annotated[str, typer.Option(help=marked("Who declares it, by name."), show_default=False)] = "",
    date: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=marked("Date of the declaration; today unless given."), show_default=False)
    ] = "",
) -> None:
    terminal, chosen = terminal_of(context), tuple(ids or ())
    if sum(map(bool, (chosen, within, area, table))) != 1:
        raise InputError(Fault(ONE_WAY))
    if not (fact or table):
        raise InputError(Fault(NEEDS_FACT))
    opened, said = open_to_change(terminal, project), workflow.Said(fact, reason, by, date)
    before = opened.project
    changed, count = _changed(terminal, before, chosen, within or area, table, said)
    workflow.save(opened.holding(changed))
    terminal.say(terminal.translations(marked("Recorded for {count}."), count=count))
    terminal.remark(workflow.remarks_on_inert(terminal.services, before, changed))


def _changed(
    terminal: Terminal,
    before: "ProjectValue",
    ids: tuple[str, ...],
    area: str | Path | None,
    table: Path | None,
    said: "workflow.Said",
) -> "tuple[ProjectValue, int]":
    """Return the project with what is declared, and of how many things; remarks are printed."""
    if ids:
        return workflow.declare(terminal.services, before, ids, said), len(dict.fromkeys(ids))
    if table is not None:
        changed, count, remarks = workflow.declare_table(terminal.services, before, table)
    else:
        changed, count, remarks = workflow.declare_area(terminal.services, before, area or "", said)
    terminal.remark(remarks)
    return changed, count
