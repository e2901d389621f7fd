"""The tool with which cameras are placed, moved, turned and opened on the map itself, and snap to what they hang on."""

from dataclasses import dataclass

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.tools.handles.guest import Handles
from lhasaplan.app.tools.handles.placing import PlacingByHand
from lhasaplan.app.tools.handles.snapper import Snapper

KEY = "handles"


@dataclass(frozen=True, eq=False, slots=True)
class ByHand:
    """What lies over the map, and what it snaps to."""

    handles: Handles
    placing: PlacingByHand
    snapper: Snapper


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    snapper = Snapper(bench)
    handles = Handles(bench, commands.dragging, snapper)
    placing = PlacingByHand(bench, commands.placing, commands.dragging, snapper)
    for guest in (handles, placing):
        bench.canvas.add_guest(guest)
    return Tool(KEY, commands=ByHand(handles, placing, snapper))
