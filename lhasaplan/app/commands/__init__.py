"""All commands at one workbench."""

from collections.abc import Callable
from dataclasses import dataclass

from lhasaplan import __version__
from lhasaplan.app.commands.analysing import Analysing, Exporting
from lhasaplan.app.commands.looking import Looking, Searching
from lhasaplan.app.commands.opening import ClosedPlacesCommands, Leaving, Opening, ReadingBeside, Recovering
from lhasaplan.app.commands.placing import Dragging, Editing, Mitigating, Placing
from lhasaplan.app.commands.project_files import Dropping, Holding, Importing, Saving
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.translations import marked

# Tell how the window works and what the program is.

MOUSE_AND_KEYS = (
    marked("Drag the map to pan, turn the wheel to zoom. The arrow keys, plus and minus do the same. Home shows the whole city."),
    marked(
        "Click a camera to select it. Drag it to move it; drag its handles to turn it, open its angle or set its "
        "range. Esc cancels a drag or deselects the camera."
    ),
    marked(
        "A dragged camera snaps to facades, roofs, poles, kerbs and crossings; Ctrl held down suspends that. "
        "Shift turns by whole 15°."
    ),
    marked("Ctrl and a click add a camera to the selection, or take it out. Delete removes all selected cameras in one step."),
    marked(
        "Shift and a drag select the cameras in a box. Ctrl+D keeps the view as a bookmark; Ctrl+PgDown goes to the next one."
    ),
    marked("Click any other spot to ask which cameras may see it."),
    marked("Without a mouse: Enter on the map acts at its middle, also with a tool. F6 goes to the next part of the window."),
    marked(
        "Shift and an arrow key move the selected cameras by 1 m. Alt and left or right turn the camera by 1°. "
        "Alt and up or down change its range by 1 m. Alt and PgUp or PgDn change its angle by 1°. With Shift the "
        "steps are 15°, 10 m and 10°."
    ),
    marked("In the picture of a camera, the arrows and the space bar set the corners of a mask. The help page on keys has more."),
    marked("In a table, Alt and the arrow down open the menu of a column."),
    marked("Ctrl+M measures: each click sets a point. A right click shows what you can do at a spot."),
    marked("Every change can be undone and is kept with its source and date."),
)
ABOUT = (
    marked("lhasaplan {version}: planning and audit of fixed public cameras."),
    marked(
        "It shows what each camera can see, what it must not see, and how to end that. It takes no pictures and "
        "recognises nobody."
    ),
    marked("Free software under the Apache License 2.0. Map data: see the line on the map."),
)


class Helping:
    """Boxes with sentences."""

    def __init__(self, bench: Workbench) -> None:
        self._dialogs, self._say = bench.dialogs, bench.language
        self.menu_keys: Callable[[], list[str]] = list  # the keys of the menus, a line each

    def tell_keys(self) -> None:
        """Tell how mouse and keys work, then the keys of all menus."""
        lines = [self._say(line) for line in MOUSE_AND_KEYS]
        self._dialogs.tell(self._say(marked("Mouse and keys")), [*lines, "", *self.menu_keys()])

    def tell_about(self) -> None:
        """Tell what this is."""
        lines = [self._say(line, version=__version__) if "{" in line else self._say(line) for line in ABOUT]
        self._dialogs.tell(self._say(marked("About")), lines)


@dataclass(frozen=True, eq=False, slots=True)
class Commands:
    """What menus, panels and tools can have done."""

    leaving: Leaving
    opening: Opening
    saving: Saving
    importing: Importing
    dropping: Dropping
    exporting: Exporting
    analysing: Analysing
    editing: Editing
    dragging: Dragging
    placing: Placing
    looking: Looking
    searching: Searching
    mitigating: Mitigating
    helping: Helping
    recovering: Recovering
    holding: Holding
    beside: ReadingBeside


def make_commands(bench: Workbench) -> Commands:
    """Return the commands, each with the ones that it builds upon."""
    leaving, analysing, closed = Leaving(bench), Analysing(bench), ClosedPlacesCommands(bench)
    looking = Looking(bench)
    opening, importing = Opening(bench, leaving, closed, analysing), Importing(bench)
    return Commands(
        leaving,
        opening,
        Saving(bench, leaving, opening, closed),
        importing,
        Dropping(bench, opening, importing),
        Exporting(bench),
        analysing,
        Editing(bench),
        Dragging(bench),
        Placing(bench),
        looking,
        Searching(bench, looking),
        Mitigating(bench),
        Helping(bench),
        Recovering(bench, leaving, closed),
        Holding(bench),
        ReadingBeside(bench, closed),
    )
