"""The menu of a spot on the map: who sees it, its coordinates, and what can be done there."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu

from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.app.shell.window import MainWindow

WHO, COPY = marked("Who can see this spot?"), marked("Copy latitude and longitude")
MEASURE, PLACE = marked("Measure from here"), marked("Place a planned camera here")
DECIMALS = 6


def spot_menu(window: "MainWindow", x_m: float, y_m: float) -> QMenu:
    """Return the menu of a spot; planning is offered only while it is allowed."""
    menu, tasks, say = QMenu(window), window.tasks, window.language
    menu.addAction(say(WHO), lambda: tasks.ask_spot(x_m, y_m))
    lonlat = window.desk.lonlat(x_m, y_m)
    if lonlat is not None:
        text = f"{lonlat[1]:.{DECIMALS}f}, {lonlat[0]:.{DECIMALS}f}"
        menu.addAction(say(COPY), lambda: QGuiApplication.clipboard().setText(text))
    menu.addAction(say(MEASURE), lambda: tasks.measure_from(x_m, y_m))
    if window.session.may_plan:
        menu.addAction(say(PLACE), lambda: tasks.place_camera(x_m, y_m))
    return menu


def show_spot_menu(window: "MainWindow", at: QPoint, x_m: float, y_m: float) -> None:
    """Open the menu where the pointer is; nothing on an empty map."""
    if window.desk.city is not None:
        spot_menu(window, x_m, y_m).popup(at)
