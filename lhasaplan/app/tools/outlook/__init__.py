"""The tool that shows the selected camera, its cone and the ground that it shows from any spot around it."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Panel, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.outlook.outlooks import Outlooks
from lhasaplan.app.tools.outlook.panel import OutlookPanel
from lhasaplan.core.base.wording import marked

KEY = "outlook"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session = bench.session
    panel, outlooks = OutlookPanel(bench.language), Outlooks(session, bench.engine, bench.sight, bench.jobs)
    outlooks.following.drawn.connect(panel.show_view)
    outlooks.following.missing.connect(panel.tell)
    outlooks.following.failed.connect(lambda error: panel.tell(bench.language.fault(error.faults[0])))
    panel.view.walked.connect(outlooks.walk)
    panel.view.neared.connect(outlooks.go_nearer)
    panel.view.reset_wished.connect(outlooks.start_anew)
    panel.resized.connect(outlooks.following.fit)
    session.attention.panel_seen.connect(lambda key, is_seen: outlooks.following.look(is_seen) if key == KEY else None)
    show = Entry(KEY, marked("From out&side"), lambda: session.attention.panel_wished.emit(KEY), "Ctrl+Shift+O")
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("From outside"), panel, behind="camera", stays=True),),
        entries=((marked("&View"), show),),
        commands=outlooks,
    )
