"""The tool that says why a spot is not seen: what stands between, where, and how high each camera would have to hang."""

from functools import partial

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Panel, SpotEntry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.why_not_seen.commands import WhyNotSeen
from lhasaplan.app.tools.why_not_seen.lines import BlockedLines
from lhasaplan.app.tools.why_not_seen.panel import WhyNotSeenPanel
from lhasaplan.core.base.wording import marked

KEY = "why_not_seen"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    asking, panel, lines = WhyNotSeen(bench, KEY), WhyNotSeenPanel(bench.names, bench.language), BlockedLines(bench.canvas)
    panel.picked.connect(commands.looking.show_camera)
    panel.pointed.connect(lines.point_at)
    for take in (panel.show_answer, lines.take):
        asking.answered.connect(take)
        bench.session.left.connect(partial(take, None))
        bench.session.project_changed.connect(partial(take, None))
    has_city = Condition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    entry = Entry(KEY, marked("Why is the spot &not seen?"), asking.ask_at_hand, "Ctrl+Shift+W", has_city)
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Why not seen"), panel, behind="who_sees", on_demand=True),),
        entries=((marked("&Analysis"), entry),),
        spot_entries=(SpotEntry(marked("Why is this spot not seen?"), asking.ask),),
        commands=asking,
    )
