"""All commands at one workbench."""

from dataclasses import dataclass

from lhasaplan.app.commands.analysing import Analysing
from lhasaplan.app.commands.closed_places import ClosedPlacesCommands, ReadingBeside
from lhasaplan.app.commands.editing import Curing, Editing
from lhasaplan.app.commands.exporting import Exporting
from lhasaplan.app.commands.helping import Helping
from lhasaplan.app.commands.importing import Dropping, Importing
from lhasaplan.app.commands.looking import Looking
from lhasaplan.app.commands.opening import Leaving, Opening, Recovering
from lhasaplan.app.commands.placing import Dragging, Placing
from lhasaplan.app.commands.saving import Holding, Saving
from lhasaplan.app.commands.workbench import Workbench


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
    curing: Curing
    helping: Helping
    recovering: Recovering
    holding: Holding
    beside: ReadingBeside


def make_commands(bench: Workbench) -> Commands:
    """Return the commands, each with the ones that it builds upon."""
    leaving, analysing, closed = Leaving(bench), Analysing(bench), ClosedPlacesCommands(bench)
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
        Looking(bench),
        Curing(bench),
        Helping(bench),
        Recovering(bench, leaving, closed),
        Holding(bench),
        ReadingBeside(bench, closed),
    )
