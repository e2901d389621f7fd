"""The tool that turns the map to night: what cameras see in the dark in place of what they see by day."""

from functools import partial

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.style import BY_DAY, INSTEAD
from lhasaplan.core.base.translations import marked

KEY = "night"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    shown = bench.session.shown
    switch = Switch(partial(shown.put_instead, KEY, BY_DAY, INSTEAD), partial(shown.is_instead, KEY, BY_DAY), shown.changed)
    return Tool(KEY, entries=((marked("&View"), Entry(KEY, marked("Seen at &night only"), switch, "Ctrl+Shift+N")),))
