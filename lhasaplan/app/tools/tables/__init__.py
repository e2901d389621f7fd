"""The table of all cameras: one value for many, rows from and to spreadsheets, tied to the map both ways."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.tables.commands import TableEditing
from lhasaplan.app.tools.tables.panel import CamerasPanel
from lhasaplan.core.base.wording import marked

KEY = "cameras"
VIEW = marked("&View")


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    editing = TableEditing(bench)
    panel = CamerasPanel(bench, editing)
    panel.gone_to.connect(commands.looking.show_camera)
    panel.remove_wished.connect(commands.editing.remove)
    dock = Panel(KEY, marked("Cameras"), panel, Side.BottomDockWidgetArea, behind="parts")
    entry = Entry("camera_table", marked("Table of &cameras"), lambda: bench.session.attention.bring(KEY), "Ctrl+T")
    return Tool(KEY, panels=(dock,), entries=((VIEW, entry),), commands=editing)
