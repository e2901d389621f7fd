"""The tool that prints the map to scale, on paper of A4 to A0, as PDF or PNG."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.print_layout.commands import Printing
from lhasaplan.core.base.wording import marked

KEY = "print_layout"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    printing = Printing(bench)
    has_city = Condition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    entry = Entry(KEY, marked("&Print the map…"), printing.print, "Ctrl+P", has_city)
    return Tool(KEY, entries=((marked("&File"), entry),), commands=printing)
