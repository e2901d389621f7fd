"""The tool for a meeting: full screen, large letters, one thing after the other, and nothing can be changed."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.meeting.bar import MeetingBar
from lhasaplan.app.tools.meeting.commands import Meeting
from lhasaplan.core.base.wording import marked

KEY = "meeting"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    meeting = Meeting(bench, commands, KEY)
    bar = MeetingBar(bench.canvas, bench.language, meeting)
    has_city = Condition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    switch = Switch(meeting.turn, meeting.is_on, meeting.turned)
    entry = Entry(KEY, marked("&Meeting: full screen, nothing can be changed"), switch, "F11", has_city)
    return Tool(KEY, entries=((marked("&View"), entry),), commands=(meeting, bar))
