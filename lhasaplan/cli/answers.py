"""Verbs that answer: audit, check and propose."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.planning import tell_suspended
from lhasaplan.cli.protection import open_project
from lhasaplan.cli.screen import (
    Json,
    Out,
    Private,
    Project,
    Scheduler,
    Strict,
    Terminal,
    Written,
    log_export,
    require_folder,
    spot,
    terminal_of,
    write_drafts,
    write_json,
    write_plain,
)
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.file_kinds import FORMATS
from lhasaplan.errors import Fault, GateError, InputError

if TYPE_CHECKING:
    from lhasaplan.core.project.project import Project as ProjectValue
    from lhasaplan.core.protection.undisclosed import Witness
    from lhasaplan.core.results.assessment import Assessment
    from lhasaplan.ports import KeptProject

# The verb propose: what can go, what existing cameras could do, and the least that serves the confirmed parts.

ONE_AT_A_TIME = marked("name one of --remove-only, --change-only, --budget and --all; without one you get all options")
NOTHING_TO_SAVE = marked("--save keeps one option: name it by --remove-only, --change-only, --budget or --all")
NO_BUDGET = marked("--budget takes a number of new cameras, 0 or more")
SAVED = marked("kept as the plan {name}; the cameras of the project are unchanged")


def add_siting(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "propose",
        help=marked(
            "Say which cameras can be removed together, what existing ones could do, and the least that serves "
            "the confirmed parts. Needs an open gate. Each option states the ground that nobody asks for and how "
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


# Verbs that answer: audit and check.

FOUND = 1  # exit code of a finding that is due or severe


def add_answers(app: typer.Typer) -> None:
    """Add these verbs."""
    app.command(
        "audit",
        help=marked(
            "Say what each camera can see, what it must not, and what would end that. "
            "Needs cameras and buildings; works with the gate closed.\n\n"
            "\b\nExamples:\n"
            "  audit monaco.gpkg --json audit.json --out drafts\n"
            "  audit monaco.gpkg --at 7.4246,43.7384     (which cameras may see this address)"
        ),
    )(_audit)
    app.command(
        "check",
        help=marked(
            "Say which confirmed parts are served, weak or gaps, what is seen twice, and which cameras can be "
            "removed. Needs an open gate.\n\nWith a closed gate it writes the audit and lists what is missing (exit "
            "code 3).\n\nExample: check town.gpkg --json check.json --out drafts"
        ),
    )(_check)


def _audit(
    context: typer.Context,
    project: Project,
    *,
    json: Json = None,
    out: Out = None,
    at: Annotated[
        str, typer.Option(metavar="LON,LAT", help=marked("Only say which cameras may see this spot."), show_default=False)
    ] = "",
    private: Private = False,
    scheduler: Scheduler = "",
    strict: Strict = False,
) -> None:
    require_folder(json)
    if at:
        terminal = terminal_of(context)
        value = open_project(terminal, project).project
        coarse = workflow.asks_for_coarse(terminal.services, value) and not private
        with terminal.progress() as progress:
            witnesses, is_inside = workflow.who_sees_spot(terminal.services, value, *spot(at), progress)
        _print_spot(terminal, witnesses, at, is_inside=is_inside, coarse=coarse)
        if not workflow.is_surveyed(terminal.services, value, *spot(at)):
            from lhasaplan.core.city.surveys import NOT_LOOKED  # noqa: PLC0415 - what answers need is loaded for them

            terminal.say(terminal.translations(NOT_LOOKED))
        return
    _assess(terminal_of(context), project, json=json, out=out, private=private, scheduler=scheduler, strict=strict)


def _print_spot(terminal: Terminal, witnesses: "Sequence[Witness]", at: str, *, is_inside: bool, coarse: bool) -> None:
    """Print which cameras may see a spot; of one inside a building its walls are asked."""
    from lhasaplan.cli.tables import print_witnesses  # noqa: PLC0415 - what answers need is loaded when there are some
    from lhasaplan.core.site.mounting import OF_WALLS  # noqa: PLC0415

    if is_inside:
        terminal.say(terminal.translations(OF_WALLS))
    print_witnesses(terminal, witnesses, at, coarse)


def _check(
    context: typer.Context,
    project: Project,
    *,
    json: Json = None,
    out: Out = None,
    private: Private = False,
    scheduler: Scheduler = "",
    strict: Strict = False,
) -> None:
    terminal = terminal_of(context)
    _assess(terminal, project, json=json, out=out, private=private, scheduler=scheduler, strict=strict, with_parts=True)


def _assess(
    terminal: Terminal,
    address: str,
    *,
    json: Path | None,
    out: Path | None,
    private: bool,
    scheduler: str,
    strict: bool,
    with_parts: bool = False,
) -> None:
    """Audit or check the project at an address, print and write the answers, keep them, and leave with the code of the verb."""
    require_folder(json)
    opened = open_project(terminal, address)
    value = opened.project
    with terminal.progress() as progress:
        keep = workflow.sink_of(terminal.services, opened)
        assessment = workflow.audit(terminal.services, value, progress, scheduler, with_parts=with_parts, keep=keep)
    written = deliver(terminal, value, assessment, json=json, out=out, private=private)
    keep_results(terminal, opened, assessment)
    formats = (*(() if json is None else ("json",)), *(() if out is None else _formats(assessment, private)))
    if formats:
        log_export(terminal, opened.store, written.files, formats=formats, private=private)
    if with_parts and not assessment.gate.open:
        from lhasaplan.cli.tables import print_gate  # noqa: PLC0415 - what answers need is loaded when there are some

        print_gate(terminal, assessment)
        raise typer.Exit(written.code or GateError.exit_code)
    raise typer.Exit(written.code or _exit_code(assessment, strict=strict))


def deliver(
    terminal: Terminal, project: "ProjectValue", assessment: "Assessment", *, json: Path | None, out: Path | None, private: bool
) -> Written:
    """Print the answers, and write what was asked for; return the files, and the exit code when one could not be written."""
    from lhasaplan.cli.tables import print_assessment  # noqa: PLC0415 - what answers need is loaded when there are some

    _, reported = workflow.shown(terminal.services, project, assessment, private)
    print_assessment(terminal, reported)
    tell_suspended(terminal, project, is_coarse=reported.public_precision_deg is not None)
    failed = 0 if json is None else write_json(terminal, reported, json)
    written = Written(() if json is None or failed else (json,), failed)
    if out is not None:
        drafts = write_drafts(terminal, project, assessment, _formats(assessment, private), out, private=private)
        written = Written((*written.files, *drafts.files), drafts.code or failed)
    if json is not None or out is not None:
        terminal.remark(workflow.remarks_on_outputs(assessment, private))
    return written


def _formats(assessment: "Assessment", private: bool) -> tuple[str, ...]:
    """Return every format; no questionnaire without exact positions, whose running numbers no answer could come back under."""
    is_coarse = assessment.public_precision_deg is not None and not private
    return tuple(name for name in FORMATS if not (is_coarse and name == "questionnaire"))


def keep_results(terminal: Terminal, opened: "KeptProject", assessment: "Assessment") -> None:
    """Keep the answers with the project; one that cannot be written is reported but takes no answer back."""
    try:
        workflow.save(opened, assessment)
    except InputError as error:
        terminal.say_faults(error)


def _exit_code(assessment: "Assessment", *, strict: bool) -> int:
    """Return 1 for a finding that is due or severe; ``strict`` counts views that may be one, too."""
    from lhasaplan.core.audit.totals import would_reach  # noqa: PLC0415 - what answers need is loaded when there are some
    from lhasaplan.core.results.finding import GRAVE  # noqa: PLC0415

    found = any(finding.severity in GRAVE for finding in assessment.findings)
    ends = (end for by_end in would_reach(assessment.cameras).values() for end in by_end.values()) if strict else ()
    return FOUND if found or any(end[str(grade)] for end in ends for grade in GRAVE) else 0
