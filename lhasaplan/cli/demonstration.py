"""The verb demo: the main job on a shipped city."""

from pathlib import Path
from typing import Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.screen import terminal_of
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import DraftsError


def add_demo(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "demo",
        help=marked(
            "Run the main job on a shipped city and write its drafts: "
            "helsinki (real, an audit) or hilltown (fictitious, a plan).\n\n"
            "It ends with exit code 0 whatever it finds.\n\n"
            "Example: demo --city hilltown --out drafts"
        ),
    )(_demo)


def _demo(
    context: typer.Context,
    city: Annotated[str, typer.Option(help=marked("Which shipped city."))] = "helsinki",
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="DIR", help=marked("Folder for the files; out/CITY unless given."), show_default=False),
    ] = None,
) -> None:
    terminal = terminal_of(context)
    with terminal.progress() as progress:
        shown = workflow.demo(terminal.services, city, out or Path("out") / city, terminal.wording.language, progress=progress)
    from lhasaplan.cli.tables import print_assessment, print_gate  # noqa: PLC0415 - what answers need is loaded when there are some

    print_assessment(terminal, workflow.shown(terminal.services, shown.project, shown.assessment)[1])
    if not shown.assessment.gate.open:
        print_gate(terminal, shown.assessment)
    heads = [terminal.wording(marked("Step")), terminal.wording(marked("Seconds"))]
    terminal.table(
        terminal.wording(marked("Time")), heads, [(terminal.step(step), f"{seconds:.2f}") for step, seconds in shown.timings_s]
    )
    terminal.files(shown.files)
    if shown.faults:
        raise DraftsError(shown.faults, shown.files)
