"""The tool by which a person makes suspended decisions anew or drops them, one at a time; each can be taken back."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.suspended.commands import Suspending
from lhasaplan.core.base.wording import marked

KEY = "suspended"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    suspending, session = Suspending(bench), bench.session
    are_there = Condition(lambda: bool(session.project.suspended), (session.project_changed,))
    entry = Entry(KEY, marked("Suspended decisions…"), suspending.ask, condition=are_there)
    return Tool(KEY, entries=((marked("&Edit"), entry),), commands=suspending)
