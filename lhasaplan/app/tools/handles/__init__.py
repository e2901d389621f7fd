"""The tool with which cameras are placed, moved, turned and opened on the map itself, and snap to what they hang on."""

from dataclasses import dataclass

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.handles.guest import Handles
from lhasaplan.app.tools.handles.placing import PlacingByHand

KEY = "handles"


@dataclass(frozen=True, eq=False, slots=True)
class ByHand:
    """What lies over the map."""

    handles: Handles
    placing: PlacingByHand


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    handles = Handles(bench, commands.dragging)
    placing = PlacingByHand(bench, commands.placing, commands.dragging)
    for guest in (handles, placing):
        bench.canvas.add_guest(guest)
    return Tool(KEY, commands=ByHand(handles, placing))
