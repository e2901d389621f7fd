"""The tool of proposals: options beside each other, their trade-off, and what of one is taken over."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.siting.commands import LANE, Siting
from lhasaplan.app.tools.siting.panel import SitingPanel
from lhasaplan.core.base.wording import marked

KEY = "siting"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, jobs = bench.session, bench.jobs
    siting, panel = Siting(bench, commands.placing), SitingPanel(bench.names, bench.language)
    siting.found.connect(panel.show_found)
    siting.aged.connect(panel.show_age)
    panel.wished.connect(siting.propose)
    panel.cancel_wished.connect(siting.cancel)
    panel.shown.connect(siting.show)
    panel.shown.connect(lambda told, _ticked: siting.look_into(told))
    siting.hanging.connect(panel.show_hanging)
    panel.take_wished.connect(siting.take_over)
    panel.camera_picked.connect(commands.looking.show_camera)
    jobs.progressed.connect(lambda lane, share, _step: panel.show_progress(share) if lane == LANE else None)
    jobs.idle_changed.connect(lambda lane, idle: panel.show_busy(not idle) if lane == LANE else None)
    has_city = Condition(lambda: bool(session.project.crs), (session.project_changed,))

    def show() -> None:
        """Bring the panel forward."""
        session.attention.bring(KEY)

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Proposals"), panel, Side.BottomDockWidgetArea, behind="findings"),),
        entries=((marked("&Analysis"), Entry(KEY, marked("&Proposals of cameras"), show, condition=has_city)),),
        commands=siting,
    )
