"""The verb plan: what is planned upon what stands, how far each step has come, and what of it is done."""

from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.options import Project
from lhasaplan.cli.protection import open_bare, open_to_change
from lhasaplan.cli.screen import Terminal, terminal_of
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project as ProjectValue

NEEDS_STAGE = marked("Say how far it has come: --stage drafted, decided, ordered, done or dropped")
NEEDS_CAMERAS = marked("Say of which cameras, by their ids")


def add_planning(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "plan",
        help=marked(
            "List the plan of a project: each camera that comes, is changed or goes, how far that has come, and by whom.\n\n"
            "What stands is the same with any plan. With ids and --stage it says how far steps are: done alone moves a step "
            "into what stands, with its date; dropped takes it out of the plan. --take puts a kept version into the plan.\n\n"
            "\b\nExamples:\n"
            "  plan town.gpkg\n"
            '  plan town.gpkg --take "fewer cameras" --by "A. Example"\n'
            '  plan town.gpkg planned-1 HT-06 --stage decided --by "Council" --on 2026-05-04\n'
            '  plan town.gpkg HT-06 --stage done --by "A. Example" --on 2026-06-01'
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
    by: Annotated[str, typer.Option(help=marked("Who says so, by name."), show_default=False)] = "",
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
