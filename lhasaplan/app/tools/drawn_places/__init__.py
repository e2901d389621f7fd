"""The tool that takes drawn protected places out: an act of its own, by name, that can be taken back."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.drawn_places.commands import TakingOut
from lhasaplan.core.base.wording import marked

KEY = "drawn_places"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    taking = TakingOut(bench)
    entry = Entry("take_out", marked("&Take out drawn protected places…"), taking.take_out)
    return Tool(KEY, entries=((marked("&Edit"), entry),), commands=taking)
