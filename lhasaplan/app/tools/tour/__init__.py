"""The tool that leads through the window on a sample, bubble by bubble, and the pages of help."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.tour.commands import Tour
from lhasaplan.core.base.wording import marked

KEY = "tour"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    tour = Tour(bench, commands)
    return Tool(KEY, entries=((marked("&Help"), Entry(KEY, marked("&Tour on the sample"), tour.begin)),), commands=tour)
