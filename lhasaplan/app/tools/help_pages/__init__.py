"""The tool that shows the pages of help, with pictures, in the language of the window."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.help_pages.viewer import HelpPages
from lhasaplan.core.base.wording import marked

KEY = "help"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    pages = HelpPages(bench.canvas, bench.language)
    return Tool(KEY, entries=((marked("&Help"), Entry(KEY, marked("&Help pages"), pages.open, "F1")),), commands=pages)
