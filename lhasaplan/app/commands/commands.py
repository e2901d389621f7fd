"""All commands at one workbench."""

from dataclasses import dataclass

from lhasaplan.app.commands.analysing import Analysing
from lhasaplan.app.commands.closed_places import ClosedPlaces
from lhasaplan.app.commands.curing import Curing
from lhasaplan.app.commands.dragging import Dragging
from lhasaplan.app.commands.dropping import Dropping
from lhasaplan.app.commands.editing import Editing
from lhasaplan.app.commands.exporting import Exporting
from lhasaplan.app.commands.helping import Helping
from lhasaplan.app.commands.holding import Holding
from lhasaplan.app.commands.importing import Importing
from lhasaplan.app.commands.leaving import Leaving
from lhasaplan.app.commands.looking import Looking
from lhasaplan.app.commands.opening import Opening
from lhasaplan.app.commands.placing import Placing
from lhasaplan.app.commands.reading_beside import ReadingBeside
from lhasaplan.app.commands.recovering import Recovering
from lhasaplan.app.commands.saving import Saving
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
    leaving, analysing, closed = Leaving(bench), Analysing(bench), ClosedPlaces(bench)
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
