"""The menu of a spot on the map: who sees it, its coordinates, and what can be done there."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtWidgets import QMenu, QWidget

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import SpotEntry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.translations import marked

COPY, PLACE = marked("Copy latitude and longitude"), marked("Place a planned camera here")


def spot_entries(bench: Workbench, commands: Commands, tools: Iterable[Tool]) -> tuple[SpotEntry, ...]:
    """Return what can be done at a spot; planning is offered only while it is allowed."""
    return (
        *(entry for tool in tools for entry in tool.spot_entries),
        SpotEntry(COPY, commands.looking.copy_lonlat),
        SpotEntry(PLACE, commands.placing.place, lambda: bench.session.may_plan),
    )


def spot_menu(parent: QWidget, entries: Iterable[SpotEntry], bench: Workbench, x_m: float, y_m: float) -> QMenu:
    """Return the menu of a spot."""
    menu = QMenu(parent)
    for entry in entries:
        if entry.is_offered():
            menu.addAction(bench.language(entry.text), partial(entry.run, x_m, y_m))
    return menu
