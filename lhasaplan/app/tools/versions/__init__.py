"""The tool of plan versions: keep one, set two side by side under a line that is swiped, take one over in whole or in part."""

from functools import partial

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Panel, Side, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.versions.commands import Versioning
from lhasaplan.app.tools.versions.compared_map import ComparedMap
from lhasaplan.app.tools.versions.panel import VersionsPanel
from lhasaplan.core.base.wording import marked

KEY, MODE = "versions", "compare"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session = bench.session
    versioning = Versioning(bench, commands.looking, MODE)
    panel = VersionsPanel(session, bench.names, bench.language)
    compared = ComparedMap(bench, versioning, MODE)
    panel.keep_wished.connect(versioning.keep)
    panel.drop_wished.connect(versioning.drop)
    panel.compare_wished.connect(versioning.compare)
    panel.take_wished.connect(versioning.take_over)
    panel.camera_picked.connect(commands.looking.show_camera)
    versioning.found.connect(panel.show_comparison)
    bench.proposals.beside_wished.connect(versioning.lay_beside)
    has_city = Condition(lambda: bool(session.project.crs), (session.project_changed,))
    switch = Switch(partial(_turn, versioning, panel), versioning.is_on, session.mode.changed)
    cure = Condition(lambda: versioning.chosen_cure is not None, (commands.looking.finding_shown, session.project_changed))
    analysis = marked("&Analysis")

    def show() -> None:
        """Bring the panel forward."""
        session.attention.bring(KEY)

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Versions"), panel, Side.BottomDockWidgetArea, behind="findings"),),
        entries=(
            (analysis, Entry("versions", marked("&Versions of the plan"), show, "Ctrl+Shift+V")),
            (analysis, Entry("keep_version", marked("&Keep this plan as a version…"), versioning.keep, condition=has_city)),
            (analysis, Entry("compare", marked("Compare &two plans"), switch, "Ctrl+Shift+D", has_city)),
            (analysis, Entry("compare_cure", marked("&Before and after the cure"), versioning.compare_cure, condition=cure)),
        ),
        commands=(versioning, compared),
    )


def _turn(versioning: Versioning, panel: VersionsPanel, on: bool) -> None:
    """Compare the plans that are chosen in the panel, or end it."""
    if on:
        versioning.compare(*panel.chosen)
    else:
        versioning.end()
