"""The tool with which a person decides which candidates are demand."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Panel, Side, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.candidates.commands import Deciding
from lhasaplan.app.tools.candidates.panel import CandidatesPanel
from lhasaplan.core.base.wording import marked

KEY = "candidates"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, deciding = CandidatesPanel(bench.language, bench.names, bench.session.preferences), Deciding(bench)
    deciding.listed.connect(panel.show_listing)
    panel.wished.connect(deciding.list_candidates)
    panel.picked.connect(commands.looking.show_part)
    panel.picked.connect(deciding.draw)
    panel.picture_wished.connect(deciding.draw)
    deciding.drawn.connect(panel.picture.show_png)
    bench.canvas.spot_picked.connect(panel.choose_at)
    panel.confirm_wished.connect(deciding.confirm)
    panel.excuse_wished.connect(deciding.excuse)
    dock = Panel(KEY, marked("Candidates"), panel, Side.BottomDockWidgetArea, behind="findings")
    return Tool(KEY, panels=(dock,), commands=deciding)
