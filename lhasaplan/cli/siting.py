"""The verb propose: what can go, what existing cameras could do, and the least that serves the confirmed parts."""

from typing import Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import open_project
from lhasaplan.cli.screen import Json, Private, Project, require_folder, terminal_of
from lhasaplan.cli.writing import write_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError

ONE_AT_A_TIME = marked("name one of --remove-only, --change-only, --budget and --all; without one you get all options")
NOTHING_TO_SAVE = marked("--save keeps one option: name it by --remove-only, --change-only, --budget or --all")
NO_BUDGET = marked("--budget takes a number of new cameras, 0 or more")
SAVED = marked("kept as the plan {name}; the cameras of the project are unchanged")


def add_siting(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "propose",
        help=marked(
            "With an open gate: which cameras can be removed together, what existing ones could do, and the "
            "least that serves the confirmed parts. Each option states the ground that nobody asks for and how "
            "much better any option could be.\n\n“Nothing changes” is always one of the options. Without a "
            "choice all options are listed, with what each further camera would bring.\n\n\b\nExamples:\n  "
            "propose town.gpkg --json proposals.json\n  propose town.gpkg --budget 3 --save three"
        ),
    )(_propose)


def _propose(
    context: typer.Context,
    project: Project,
    *,
    remove_only: Annotated[
        bool, typer.Option("--remove-only", help=marked("Only cameras that can be removed together."))
    ] = False,
    change_only: Annotated[
        bool,
        typer.Option("--change-only", help=marked("Only changes of existing cameras: turn, tilt, height, lens, mask.")),
    ] = False,
    budget: Annotated[
        int | None,
        typer.Option(
            metavar="N", help=marked("The most that changes and this number of new cameras can serve."), show_default=False
        ),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help=marked("Keep, change, remove and add in one option."))] = False,
    json: Json = None,
    save: Annotated[
        str, typer.Option(metavar="NAME", help=marked("Keep the option as a plan of this name."), show_default=False)
    ] = "",
    private: Private = False,
) -> None:
    terminal = terminal_of(context)
    require_folder(json)
    kinds = _kinds(remove_only, change_only, budget, everything)
    if save and not kinds:
        raise InputError(Fault(NOTHING_TO_SAVE))
    opened = open_project(terminal, project)
    if json is not None:
        workflow.require_exact(terminal.services, opened.project, private)
    with terminal.progress() as progress:
        found = workflow.propose(terminal.services, opened.project, kinds, budget, progress)
    from lhasaplan.cli.siting_tables import print_proposals  # noqa: PLC0415 - what answers need is loaded when there are some

    print_proposals(terminal, opened.store.name, found, private=private)
    if json is not None:
        write_plain(workflow.proposals_json(found, private=private), json)
        terminal.files([json])
    if save:
        kept = workflow.keep_proposal(terminal.services, opened.project, found.options[-1], save)
        workflow.save(opened.holding(kept))
        terminal.say(terminal.translations(SAVED, name=kept.versions[-1].name))


def _kinds(remove_only: bool, change_only: bool, budget: int | None, everything: bool) -> tuple[str, ...]:
    """Return the option that is asked for; InputError where several are, or a budget is none."""
    if budget is not None and budget < 0:
        raise InputError(Fault(NO_BUDGET))
    asked = {"remove-only": remove_only, "change-only": change_only, "budget": budget is not None, "all": everything}
    kinds = tuple(name for name, is_asked in asked.items() if is_asked)
    if len(kinds) > 1:
        raise InputError(Fault(ONE_AT_A_TIME))
    return kinds
