"""The verbs declare, decisions and plan: what only a person knows, what people decided, how far what is planned has come."""

# ruff: noqa: PLR0917  (typer reads the words of a command from its parameters)

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import open_bare, open_to_change
from lhasaplan.cli.screen import Private, Project, Terminal, require_folder, terminal_of, write_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project as ProjectValue

# declare: of buildings, cells and indoor parts, singly, by a table or by an area.


ONE_WAY = marked("Name the subject in one way: ids, --within AREA, --area FILE, or --table FILE")
NEEDS_FACT = marked("State what is declared: --as dwelling, not_dwelling or no_buildings; a table states it in each row")


def add_declaring(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "declare",
        help=marked(
            "Declare what only a person knows: a building is a dwelling or not_dwelling, a cell has "
            "no_buildings.\n\nBy id, of every building of unknown use in an area of the project or of a polygon "
            "file, or by a table (CSV, Excel) with id, declaration, reason, by and, if it is not today, date. "
            "All faults are listed at once; then nothing is declared. The project and its journal keep every "
            "declaration with name, day and reason.\n\n\b\nExamples:\n  declare town.gpkg way/12 --as dwelling "
            '--reason "bells at the door" --by "A. Example"\n  declare town.gpkg --as not_dwelling --within '
            'Harbour --reason "sheds, seen on 3 May" --by "A. Example"\n  declare town.gpkg --as dwelling '
            '--area old-town.geojson --reason "register of homes" --by "A. Example"\n  declare town.gpkg '
            "--table uses.csv"
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
        typer.Option(metavar="AREA", help=marked("For all buildings of unknown use in an area."), show_default=False),
    ] = "",
    area: Annotated[
        Path | None,
        typer.Option("--area", metavar="FILE", help=marked("For all such buildings in its polygons."), show_default=False),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--table", metavar="FILE", help=marked("A table of declarations, CSV or Excel."), show_default=False),
    ] = None,
    reason: Annotated[
        str, typer.Option(help=marked("Why it is so; required for more than one object."), show_default=False)
    ] = "",
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


# decisions: what counts as not made, and how that is made anew or dropped.
SCHEMA = "lhasaplan-decisions/1"
NONE = marked("No decision is suspended.")
SUSPENDED = marked("Suspended decisions: they count as not made")
ONE_OF = marked("Say --renew or --drop, one at a time")
NO_TO = marked("--to works only with --renew: a dropped decision has no subject")
ALONE = marked("--to, --reason, --by and --date need --renew or --drop: state which decision they are about")
RENEWED = marked("The decision is renewed.")
DROPPED = marked("The suspended decision is dropped.")


def add_decided(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "decisions",
        help=marked(
            "List what people decided: confirmed and excused parts, declared facts, decisions of meetings, "
            "prices and years, approvals and withdrawals. Each has its person, day, sheet and row.\n\nSuspended "
            "decisions come last: their subject is missing or has become something else. They count as not made, "
            "and each row says what to do. --renew makes one again for what is there now, as if decided today; "
            "--drop removes it from the list. Name a decision by its number in the list, or by its "
            "subject.\n\n\b\nExamples:\n  decisions town.gpkg\n  decisions town.gpkg --suspended\n  decisions "
            'town.gpkg --renew 1 --to way/77 --reason "the same shed, drawn anew" --by "A. Example"\n  '
            'decisions town.gpkg --drop 2 --reason "the shed was pulled down" --by "A. Example"\n  decisions '
            "town.gpkg --json decisions.json"
        ),
    )(_decisions)


def _decisions(
    context: typer.Context,
    project: Project,
    *,
    suspended: Annotated[bool, typer.Option("--suspended", help=marked("Only those that count as not made."))] = False,
    json: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help=marked("Write them as JSON."), show_default=False)
    ] = None,
    private: Private = False,
    renew: Annotated[str, typer.Option(metavar="WHICH", help=marked("Renew this suspended decision."), show_default=False)] = "",
    drop: Annotated[str, typer.Option(metavar="WHICH", help=marked("Drop this suspended decision."), show_default=False)] = "",
    to: Annotated[str, typer.Option("--to", metavar="ID", help=marked("Its subject now, by id."), show_default=False)] = "",
    reason: Annotated[str, typer.Option(help=marked("Why it is renewed or dropped."), show_default=False)] = "",
    by: Annotated[str, typer.Option(help=marked("Who states it, by name."), show_default=False)] = "",
    date: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=marked("On which day; today unless given."), show_default=False)
    ] = "",
) -> None:
    from lhasaplan.core.records.register_rows import DecisionRegister  # noqa: PLC0415 - loaded where it is asked for
    from lhasaplan.report.facts.project_words import HEADINGS, decided_json, decided_rows  # noqa: PLC0415

    terminal = terminal_of(context)
    require_folder(json)
    if renew and drop:
        raise InputError(Fault(ONE_OF))
    if drop and to:
        raise InputError(Fault(NO_TO))
    if not (renew or drop) and (to or reason or by or date):
        raise InputError(Fault(ALONE))
    if renew or drop:
        value = _ended(terminal, project, renew or drop, workflow.Ending(by, reason, date), to if renew else None)
    else:
        value = open_bare(terminal, project).project
    register = DecisionRegister(value)
    is_coarse = workflow.asks_for_coarse(terminal.services, value) and not private
    if not suspended:
        made = [each for each in register.entries if not each.suspended]
        heads = [terminal.translations(head) for head in HEADINGS]
        title = terminal.translations(marked("Decisions of {project}"), project=value.name)
        terminal.table(title, heads, decided_rows(made, terminal.translations, is_coarse=is_coarse))
    if not tell_suspended(terminal, value, is_coarse=is_coarse):
        terminal.say(terminal.translations(NONE))
    if json is not None:
        reported = register.suspended if suspended else register.entries
        found = {
            "schema": SCHEMA,
            "project": value.name,
            "decisions": [decided_json(one, is_coarse=is_coarse) for one in reported],
        }
        write_plain(found, json)
        terminal.files([json])


def _ended(terminal: Terminal, address: str, which: str, said: "workflow.Ending", to: str | None) -> "ProjectValue":
    """Make a suspended decision anew, or drop it where ``to`` is None; return the project, which is kept."""
    opened = open_to_change(terminal, address)
    if to is None:
        changed = workflow.drop_suspended(terminal.services, opened.project, which, said)
    else:
        changed = workflow.renew_suspended(terminal.services, opened.project, which, said, to)
    workflow.save(opened.holding(changed))
    terminal.say(terminal.translations(DROPPED if to is None else RENEWED))
    return changed


def tell_suspended(terminal: Terminal, project: "ProjectValue", *, is_coarse: bool) -> bool:
    """Print the suspended decisions with what to do; say whether there are any."""
    if not project.suspended:
        return False
    from lhasaplan.core.records.register_rows import DecisionRegister  # noqa: PLC0415 - loaded where there are any
    from lhasaplan.report.facts.project_words import SUSPENDED_HEADINGS, suspended_rows  # noqa: PLC0415

    heads = [terminal.translations(head) for head in SUSPENDED_HEADINGS]
    rows = suspended_rows(DecisionRegister(project).suspended, terminal.translations, is_coarse=is_coarse)
    terminal.table(terminal.translations(SUSPENDED), heads, rows)
    return True


# plan: what is planned upon what stands, how far each step has come, and what of it is done.
NEEDS_STAGE = marked("State the progress: --stage drafted, decided, ordered, done or dropped")
NEEDS_CAMERAS = marked("State the cameras by their ids")


def add_planning(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "plan",
        help=marked(
            "List the plan of a project: each camera that is added, changed or removed, with progress and "
            "person.\n\nA plan does not change the existing cameras. With ids and --stage you state the progress "
            "of steps. Only done moves a step into the existing cameras, with its date; dropped takes it out of "
            "the plan. --take puts a kept version into the plan.\n\n\b\nExamples:\n  plan town.gpkg\n  plan "
            'town.gpkg --take "fewer cameras" --by "A. Example"\n  plan town.gpkg planned-1 HT-06 --stage '
            'decided --by "Council" --on 2026-05-04\n  plan town.gpkg HT-06 --stage done --by "A. Example" '
            "--on 2026-06-01"
        ),
    )(_plan)


def _plan(
    context: typer.Context,
    project: Project,
    ids: Annotated[list[str] | None, typer.Argument(metavar="[ID...]", help=marked("Cameras by id."), show_default=False)] = None,
    *,
    stage: Annotated[
        str,
        typer.Option(metavar="STAGE", help=marked("drafted, decided, ordered, done, dropped."), show_default=False),
    ] = "",
    take: Annotated[
        str, typer.Option(metavar="VERSION", help=marked("Put a kept version into the plan."), show_default=False)
    ] = "",
    by: Annotated[str, typer.Option(help=marked("Who states it, by name."), show_default=False)] = "",
    on: Annotated[
        str, typer.Option(metavar="YYYY-MM-DD", help=marked("On which day; today unless given."), show_default=False)
    ] = "",
) -> None:
    terminal, chosen = terminal_of(context), tuple(ids or ())
    if not (chosen or stage or take):
        _listed(terminal, open_bare(terminal, project).project)
        return
    if not take and not (chosen and stage):
        raise InputError(Fault(NEEDS_STAGE if chosen else NEEDS_CAMERAS))
    opened = open_to_change(terminal, project)
    changed = opened.project
    if take:
        with terminal.progress() as progress:
            changed = workflow.take_version(terminal.services, changed, take, by, progress)
    if chosen:
        changed = workflow.state_steps(terminal.services, changed, chosen, stage, by, on)
    workflow.save(opened.holding(changed))
    _listed(terminal, changed)


def _listed(terminal: Terminal, project: "ProjectValue") -> None:
    from lhasaplan.core.project.numbering import labels, numbered  # noqa: PLC0415 - loaded where it is asked for
    from lhasaplan.core.project.plan import inventory, replacing, with_plan  # noqa: PLC0415
    from lhasaplan.report.text.words import ACTIONS_PLANNED, STAGES, word  # noqa: PLC0415

    translations = terminal.translations
    called = labels(project.cameras, numbered(project).numbers, replacing(project))
    heads = [
        translations(head)
        for head in (
            marked("No."),
            marked("Camera"),
            marked("What is done"),
            marked("Stage"),
            marked("By"),
            marked("Day"),
            marked("From"),
        )
    ]
    rows = [
        (
            called.get(step.camera_id, ""),
            step.camera_id,
            word(ACTIONS_PLANNED, step.action, translations),
            word(STAGES, step.stage, translations),
            step.by or "–",
            step.on or "–",
            step.plan or step.reason or "–",
        )
        for step in workflow.steps_of(project)
    ]
    terminal.table(translations(marked("Plan of {project}"), project=project.name), heads, rows)
    standing = (sum(camera.status != "removed" for camera in cameras) for cameras in (inventory(project), with_plan(project)))
    now, then = standing
    terminal.say(translations(marked("Cameras today: {now}; with the plan: {then}"), now=now, then=then))
