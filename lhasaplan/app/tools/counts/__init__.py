"""The tool that shows how many cameras see each place, and writes onto the map how many show each confirmed part."""

from functools import partial

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.style import BY_DAY, INSTEAD
from lhasaplan.app.tools.counts.badges import CountBadges
from lhasaplan.core.base.wording import marked

KEY, VIEW = "counts", marked("&View")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench; outside the gate there are no parts, so that nothing is counted."""
    session, badges = bench.session, CountBadges(bench)
    news = (session.assessment_changed, session.project_changed)
    switch = Switch(badges.turn, lambda: badges.is_on, badges.turned)
    has_parts = Condition(lambda: bool(badges.counts), news)
    shown = session.shown
    everywhere = Switch(partial(shown.put_instead, KEY, BY_DAY, INSTEAD), partial(shown.is_instead, KEY, BY_DAY), shown.changed)
    on_map = Entry("count_map", marked("How many cameras see each &place"), everywhere, "Ctrl+Shift+M")
    entry = Entry(KEY, marked("&Count of cameras at each part"), switch, "Ctrl+Shift+C", has_parts)
    return Tool(KEY, entries=((VIEW, on_map), (VIEW, entry)), commands=badges)
