"""The tool that measures: a line laid on the map, its length and the area between its ends."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, SpotEntry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.measure.commands import Measuring
from lhasaplan.core.base.wording import marked

KEY = "measure"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    measuring = Measuring(bench.session, bench.canvas, bench.language, KEY)
    switch = Switch(measuring.turn, measuring.is_on, bench.session.mode.changed)
    return Tool(
        KEY,
        entries=((marked("&View"), Entry(KEY, marked("&Measure"), switch, "Ctrl+M")),),
        spot_entries=(SpotEntry(marked("Measure from here"), measuring.begin_at),),
        commands=measuring,
    )
