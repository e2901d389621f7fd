"""The tool that answers which cameras can see a spot or an address."""

from functools import partial

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Panel, SpotEntry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.who_sees.commands import Asking
from lhasaplan.app.tools.who_sees.panel import WhoSeesPanel
from lhasaplan.core.base.wording import marked

KEY = "who_sees"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, asking = WhoSeesPanel(bench.names, bench.language), Asking(bench, KEY)
    panel.picked.connect(commands.looking.show_camera)
    panel.address_wished.connect(asking.find_address)
    bench.spots.answered.connect(lambda *_answers: panel.set_complete(bench.sight.is_complete))
    bench.spots.answered.connect(panel.show_answers)
    bench.session.left.connect(partial(panel.show_answers, None))
    bench.canvas.spot_picked.connect(asking.ask)

    def find() -> None:
        """Lead to the field for an address."""
        bench.session.attention.bring(KEY)
        panel.edit_address()

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Who can see the spot"), panel, behind="camera"),),
        entries=((marked("&View"), Entry("find", marked("&Find an address…"), find, "Ctrl+Shift+F")),),
        spot_entries=(SpotEntry(marked("Who can see this spot?"), asking.ask),),
        commands=asking,
    )
