"""The tool with which a person declares what buildings of unknown use are used for: some of a list, by a table, by an area."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.unknown_use.commands import Declaring
from lhasaplan.app.tools.unknown_use.panel import UnknownUsePanel
from lhasaplan.core.base.wording import marked

KEY = "unknown_use"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, declaring = UnknownUsePanel(bench.language, bench.session.preferences), Declaring(bench)
    declaring.listed.connect(panel.show_listing)
    panel.wished.connect(declaring.list_buildings)
    panel.picked.connect(declaring.show)
    panel.declared.connect(declaring.declare)
    panel.table_wished.connect(declaring.declare_table)
    panel.pasted.connect(declaring.declare_pasted)
    bench.canvas.spot_picked.connect(panel.choose_at)
    panel.area_wished.connect(declaring.declare_area)
    panel.name_wished.connect(declaring.declare_name)
    panel.country_wished.connect(declaring.declare_country)
    dock = Panel(KEY, marked("Unknown use"), panel, Side.BottomDockWidgetArea, behind="findings")
    return Tool(KEY, panels=(dock,), commands=declaring)
