"""The tool that shows what stands in the picture of the selected camera."""

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Panel, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.picture.panel import PicturePanel
from lhasaplan.app.tools.picture.pictures import Pictures
from lhasaplan.core.base.wording import marked

KEY = "picture"


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel = PicturePanel(bench.language)
    pictures = Pictures(bench.session, bench.sight, bench.jobs)
    pictures.drawn.connect(panel.show_picture)
    pictures.missing.connect(panel.tell)
    bench.session.attention.panel_seen.connect(lambda key, is_seen: pictures.look(is_seen) if key == KEY else None)
    pictures.failed.connect(bench.notices.tell_once)
    return Tool(KEY, panels=(Panel(KEY, marked("Its picture"), panel, behind="camera", stays=True),), commands=pictures)
