"""The verb demo: the main job on a shipped city."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lhasaplan import workflow
from lhasaplan.cli.protection import open_bare
from lhasaplan.cli.screen import Private, Project, Terminal, terminal_of
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import DraftsError, Fault, InputError, require_package

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lhasaplan.core.rules.pack import Pack

# The verb journal: what happened to a project, in the reader's language.


def add_journal(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "journal",
        help=marked(
            "Say what happened to a project: when, by whom, and what. The oldest stands first; of one day, changes come before "
            "drafts and openings.\n\n"
            "Things that were declared are counted, not listed. Where a rule pack asks for coarse positions, cameras are counted "
            "and nobody is named, unless --private says so.\n\n"
            "Example: journal town.gpkg"
        ),
    )(_journal)


def _journal(context: typer.Context, project: Project, private: Private = False) -> None:
    from lhasaplan.core.project.journal_words import said  # noqa: PLC0415 - what changes of cameras need is loaded for them

    terminal = terminal_of(context)
    opened = open_bare(terminal, project)
    is_coarse = workflow.asks_for_coarse(terminal.services, opened.project) and not private
    heads = [terminal.translations(head) for head in (marked("Day"), marked("Who"), marked("What"))]
    rows = [
        (entry.when, "–" if is_coarse else entry.who or "–", said(entry.event, terminal.translations, is_coarse=is_coarse))
        for entry in workflow.journal(opened)
    ]
    terminal.table(
        terminal.translations(marked("Journal of {project}, the oldest first"), project=opened.store.name), heads, rows
    )


# The verb packs: which rule packs there are, what each lets plan, where it is law, and whether it was changed.

PLANNING = {
    "yes": marked("yes"),
    "none": marked("none, audit only"),
    "never": marked("never"),
    "duties": marked("duties, within a planning pack"),
}
EVERYWHERE = marked("everywhere")
FICTITIOUS = marked("fictitious: its own sample alone")
HEADS = (marked("Pack"), marked("Title"), marked("Planning"), marked("Territory"), marked("As shipped"))


def add_packs(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "packs",
        help=marked(
            "List the rule packs: what each lets plan, where it is law, and whether it differs from the shipped one.\n\n"
            "Example: packs"
        ),
    )(_packs)


def _packs(context: typer.Context) -> None:
    """Print every pack that can be read, then what is wrong with the others."""
    terminal = terminal_of(context)
    countries = terminal.services.content.load_country_names()
    faults: list[Fault] = []
    rows: list[tuple[str, ...]] = []
    for name in terminal.services.content.available_packs():
        try:
            rows += [_row(terminal, pack, countries) for pack in terminal.services.content.load_packs([name])]
        except InputError as error:
            faults += error.faults
    terminal.table(terminal.translations(marked("Rule packs")), [terminal.translations(head) for head in HEADS], rows)
    if faults:
        raise InputError(*faults)


def _row(terminal: Terminal, pack: "Pack", countries: "Mapping[str, str]") -> tuple[str, ...]:
    title = pack.title.get(terminal.translations.language) or pack.title.get("en", pack.name)
    planning = terminal.translations(PLANNING.get(pack.planning, pack.planning))
    seal = (
        terminal.translations(marked("not shipped"))
        if not pack.shipped
        else terminal.translations(marked("changed") if pack.changed else marked("unchanged"))
    )
    return pack.name, title, planning, territory_text(terminal, pack, countries), seal


def territory_text(terminal: Terminal, pack: "Pack", countries: "Mapping[str, str]") -> str:
    """Return where a pack is law: its countries by name, and whether only parts of them."""
    if not pack.countries and not pack.territory_wkt:
        return terminal.translations(EVERYWHERE)
    if pack.territory_wkt and not set(pack.countries) & countries.keys():
        return terminal.translations(FICTITIOUS)
    names = ", ".join(sorted(countries.get(code, code) for code in pack.countries))
    is_narrowed = bool(pack.territory_wkt or pack.excluded_wkt)
    return terminal.translations(marked("{countries} (parts of it)"), countries=names) if is_narrowed else names


# The verb open: the window, in a process of its own, since nothing else here knows Qt.

WINDOW = "lhasaplan.app"


def add_window(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("open", help=marked("Open the window, with a project if one is named.\n\nExample: open monaco.gpkg"))(_open)


def _open(
    context: typer.Context,
    project: Annotated[
        str | None,
        typer.Argument(
            metavar="[PROJECT]", help=marked("Project file (.gpkg), or its file: or postgresql: address."), show_default=False
        ),
    ] = None,
) -> None:
    terminal = terminal_of(context)
    if not _has_screen():
        raise InputError(Fault("There is no screen here; all other commands work without one (--help)"))
    require_package("PySide6")
    words = [sys.executable, "-m", WINDOW, *([] if project is None else [project])]
    asked = terminal.translations.language  # English is what nobody asked for too: the window then speaks as it did last
    named = {"LHASAPLAN_LANG": asked} if asked != "en" or any(word.startswith("--lang") for word in sys.argv) else {}
    raise typer.Exit(subprocess.call(words, env={**os.environ, **named}))


def _has_screen() -> bool:
    """Tell whether a window can be shown; Qt would end the process where it cannot."""
    named = any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
    return named or not sys.platform.startswith("linux")


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
    terminal.services.files.expect_files()
    with terminal.progress() as progress:
        shown = workflow.demo(
            terminal.services, city, out or Path("out") / city, terminal.translations.language, progress=progress
        )
    from lhasaplan.cli.tables import print_assessment, print_gate  # noqa: PLC0415 - what answers need is loaded when there are some

    print_assessment(terminal, workflow.shown(terminal.services, shown.project, shown.assessment)[1])
    if not shown.assessment.gate.open:
        print_gate(terminal, shown.assessment)
    heads = [terminal.translations(marked("Step")), terminal.translations(marked("Seconds"))]
    terminal.table(
        terminal.translations(marked("Time")),
        heads,
        [(terminal.step(step), f"{seconds:.2f}") for step, seconds in shown.timings_s],
    )
    terminal.files(shown.files)
    if shown.faults:
        raise DraftsError(shown.faults, shown.files)
