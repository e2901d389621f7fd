"""The verb packs: which rule packs there are, what each lets plan, where it is law, and whether it was changed."""

from typing import TYPE_CHECKING

import typer

from lhasaplan.cli.screen import Terminal, terminal_of
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lhasaplan.core.rules.pack import Pack

PLANNING = {"yes": marked("yes"), "never": marked("never"), "duties": marked("duties, within a planning pack")}
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
    countries = terminal.services.load_country_names()
    faults: list[Fault] = []
    rows: list[tuple[str, ...]] = []
    for name in terminal.services.available_packs():
        try:
            rows += [_row(terminal, pack, countries) for pack in terminal.services.load_packs([name])]
        except InputError as error:
            faults += error.faults
    terminal.table(terminal.wording(marked("Rule packs")), [terminal.wording(head) for head in HEADS], rows)
    if faults:
        raise InputError(*faults)


def _row(terminal: Terminal, pack: "Pack", countries: "Mapping[str, str]") -> tuple[str, ...]:
    title = pack.title.get(terminal.wording.language) or pack.title.get("en", pack.name)
    planning = terminal.wording(PLANNING.get(pack.planning, pack.planning))
    return pack.name, title, planning, territory_text(terminal, pack, countries), _seal_text(terminal, pack)


def territory_text(terminal: Terminal, pack: "Pack", countries: "Mapping[str, str]") -> str:
    """Return where a pack is law: its countries by name, and whether only parts of them."""
    if not pack.countries and not pack.territory_wkt:
        return terminal.wording(EVERYWHERE)
    if pack.territory_wkt and not set(pack.countries) & countries.keys():
        return terminal.wording(FICTITIOUS)
    names = ", ".join(sorted(countries.get(code, code) for code in pack.countries))
    is_narrowed = bool(pack.territory_wkt or pack.excluded_wkt)
    return terminal.wording(marked("{countries} (parts of it)"), countries=names) if is_narrowed else names


def _seal_text(terminal: Terminal, pack: "Pack") -> str:
    if not pack.shipped:
        return terminal.wording(marked("not shipped"))
    return terminal.wording(marked("changed") if pack.changed else marked("unchanged"))
