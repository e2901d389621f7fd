"""The tool that turns the map to night: what cameras see in the dark in place of what they see by day."""

from functools import partial

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state.shown_layers import ShownLayers
from lhasaplan.core.base.wording import marked

KEY = "night"
BY_DAY = frozenset({"certain", "possible", "far"})


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    shown = bench.session.shown
    switch = Switch(partial(turn, shown), partial(is_night, shown), shown.changed)
    return Tool(KEY, entries=((marked("&View"), Entry(KEY, marked("Seen at &night only"), switch, "Ctrl+Shift+N")),))


def is_night(shown: ShownLayers) -> bool:
    """Say whether the map shows what is seen at night and nothing that is seen by day."""
    return KEY in shown.keys and not BY_DAY & shown.keys


def turn(shown: ShownLayers, on: bool) -> None:
    """Show night in place of day, or day in place of night."""
    shown.exchange(*(({KEY}, BY_DAY) if on else (BY_DAY, {KEY})))
