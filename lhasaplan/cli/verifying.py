"""The verb that checks a bundle somebody handed on."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.screen import Terminal, terminal_of
from lhasaplan.core.base.translations import marked

if TYPE_CHECKING:
    from lhasaplan.workflow.verifying import Verification

FAILED = 1  # exit code where something is not as stated
MOST_LINES = 20
VALUES = marked(
    "Computed anew: {equal} values are equal, {nearly} nearly (a millionth), {differ} differ, {withheld} are withheld."
)
WITHHELD = marked("Withheld values rest on places that are not handed on; they cannot be computed from the bundle.")
ALL_FILES = marked("All {count} files of the bundle are as it names them.")
CHANGED = marked("Not as the bundle names it: {name}")
OTHER_VERSION = marked("{name} is {here} here, and was {stated} where the bundle was made.")
HOLDS, FAILS = (
    marked("Everything that can be checked is as the bundle states it."),
    marked("Not everything is as the bundle states it."),
)
MORE = marked("… and {count} more")
STATES = {
    "equal": marked("equal"),
    "different": marked("another file of this name"),
    "missing": marked("not in the folder"),
    "unreadable": marked("cannot be read"),
}


def add_verifying(app: typer.Typer) -> None:
    """Add the verb ``verify``."""
    app.command(
        "verify",
        help=marked(
            "Check a bundle that somebody handed on: compute its answers anew and compare them value by value. "
            "With --inputs, also compare its project with the files that it names.\n\n"
            "The exit code is 1 where something is not as stated.\n\n"
            "\b\nExamples:\n"
            "  verify bundle.zip\n"
            "  verify bundle.zip --inputs downloads"
        ),
    )(_verify)


def _verify(
    context: typer.Context,
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help=marked("Bundle to check, a .zip."))],
    *,
    inputs: Annotated[
        Path | None,
        typer.Option(
            "--inputs",
            metavar="FOLDER",
            help=marked("Folder with the files that the bundle names as inputs."),
            show_default=False,
        ),
    ] = None,
) -> None:
    terminal = terminal_of(context)
    with terminal.progress() as progress:
        found = workflow.verify(terminal.services, bundle, inputs, progress)
    _tell(terminal, found)
    if not found.holds:
        raise typer.Exit(FAILED)


def _tell(terminal: Terminal, found: "Verification") -> None:
    words = terminal.translations
    for name in found.changed:
        terminal.say(words(CHANGED, name=name))
    if not found.changed:
        terminal.say(words(ALL_FILES, count=len(found.contents["files"])))
    if found.why_not is not None:
        terminal.remark([found.why_not])
    _tell_values(terminal, found)
    if found.inputs:
        heads = [words(head) for head in (marked("Input"), marked("File"), marked("Features as in it"), marked("Others"))]
        rows = [(each.name, words(STATES[each.state]), str(each.same), str(each.other)) for each in found.inputs]
        terminal.table(words(marked("Inputs")), heads, rows)
        terminal.remark([fault for each in found.inputs for fault in each.why])
    for name, stated, here in found.versions:
        terminal.say(words(OTHER_VERSION, name=name, stated=stated, here=here))
    terminal.say(words(HOLDS if found.holds else FAILS))


def _tell_values(terminal: Terminal, found: "Verification") -> None:
    if found.comparison is None:
        return
    words, each = terminal.translations, found.comparison
    counts = {"equal": each.equal, "nearly": each.nearly, "differ": len(each.differences), "withheld": len(each.withheld)}
    terminal.say(words(VALUES, **counts))
    if each.withheld:
        terminal.say(words(WITHHELD))
    if each.differences:
        heads = [words(head) for head in (marked("Value"), marked("Stated"), marked("Computed"))]
        rows = [(one.path, repr(one.stated)[:60], repr(one.computed)[:60]) for one in each.differences[:MOST_LINES]]
        terminal.table("", heads, rows)
        if len(each.differences) > MOST_LINES:
            terminal.say(words(MORE, count=len(each.differences) - MOST_LINES))
