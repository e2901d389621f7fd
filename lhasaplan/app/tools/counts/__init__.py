"""The tool that writes onto the map how many cameras show each confirmed part."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.counts.badges import CountBadges
from lhasaplan.core.base.wording import marked

KEY = "counts"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench; outside the gate there are no parts, so that nothing is counted."""
    session, badges = bench.session, CountBadges(bench)
    news = (session.assessment_changed, session.project_changed)
    switch = Switch(badges.turn, lambda: badges.is_on, badges.turned)
    has_parts = Condition(lambda: bool(badges.counts), news)
    entry = Entry(KEY, marked("&Count of cameras at each part"), switch, "Ctrl+Shift+C", has_parts)
    return Tool(KEY, entries=((marked("&View"), entry),), commands=badges)
