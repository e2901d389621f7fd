"""What stands round the map: menus, toolbar, panels, status line, the card of an empty window, the strip of notices."""

from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar

from lhasaplan.app.dialogs.dialogs import Dialogs
from lhasaplan.app.jobs.engine import AppContext
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import Scheme
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.panels.notice_strip import NoticeStrip
from lhasaplan.app.panels.start import StartCard
from lhasaplan.app.shell.assembly import Assembly, assemble
from lhasaplan.app.shell.docks import Docks, PanelKeys, UndoKeys
from lhasaplan.app.shell.menu_table import menus_of
from lhasaplan.app.shell.menus import Menus, Toolbar
from lhasaplan.app.shell.status_line import StatusLine

# The map alone on the whole screen: without menus, tools, panels and status line, and back as it was.

SETTLED_MS = 150


class BareWindow(QObject):
    """Remembers how the window was arranged."""

    arranged = Signal()  # all is back where it was

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._arranged: QByteArray | None = None
        self._placed = QByteArray()
        self._was_full = False

    def turn(self, on: bool) -> None:
        """Show the map alone, or everything again. Keys of hidden menus do nothing."""
        window = self._window
        if on and self._arranged is None:
            self._arranged, self._placed, self._was_full = window.saveState(), window.saveGeometry(), window.isFullScreen()
            for part in (*window.findChildren(QDockWidget), *window.findChildren(QToolBar)):
                part.hide()
            window.menuBar().hide()
            window.statusBar().hide()
            window.showFullScreen()
        elif not on and self._arranged is not None:
            window.menuBar().show()
            window.statusBar().show()
            if not self._was_full:
                window.showNormal()
                window.restoreGeometry(self._placed)
            arranged, self._arranged = self._arranged, None
            window.restoreState(arranged)
            QTimer.singleShot(SETTLED_MS, self, lambda: self._arrange(arranged))

    def _arrange(self, arranged: QByteArray) -> None:
        """Give the panels their sizes again once the window has its own: a desktop takes a while to give it back."""
        if self._arranged is None:
            self._window.restoreState(arranged)
            self.arranged.emit()


@dataclass(frozen=True, eq=False, slots=True)
class Furniture:
    """The parts of a window besides its map."""

    assembly: Assembly
    menus: Menus
    docks: Docks
    toolbar: Toolbar
    status: StatusLine
    start: StartCard
    strip: NoticeStrip
    panel_keys: PanelKeys
    undo_keys: UndoKeys
    bare: BareWindow


def furnish(  # noqa: PLR0917 - a window and its map, what it works with, and how it looks
    window: QMainWindow,
    canvas: MapCanvas,
    engine: AppContext,
    language: Language,
    today: str,
    scheme: Scheme,
    dialogs: Dialogs | None,
) -> Furniture:
    """Make the parts and put them round the map of a window."""
    assembly = assemble(engine, canvas, today, language, dialogs or Dialogs(window, language))
    bench, commands = assembly.bench, assembly.commands
    menus = Menus(window, language, menus_of(bench, commands, assembly.tools))
    status = StatusLine(bench)
    window.setStatusBar(status)
    panels = (panel for tool in assembly.tools for panel in tool.panels)
    docks = Docks(window, language, bench.session.attention, panels)
    panel_keys = PanelKeys(canvas, docks)
    menus.add_panels(docks, panel_keys)
    menus.add_languages()
    menus.add_schemes(scheme)
    menus.add_recent(bench.session.recent, commands.opening.reopen)
    commands.helping.menu_keys = menus.keys
    toolbar = Toolbar(language, menus.by_key)
    window.addToolBar(toolbar)
    start = StartCard(canvas, bench.session, language, {key: action.trigger for key, action in menus.by_key.items()})
    start.recent_wished.connect(commands.opening.reopen)
    strip = NoticeStrip(canvas, bench.session, language)
    strip.room_taken.connect(start.stand_below)
    panel_keys.over = (strip, start)
    return Furniture(assembly, menus, docks, toolbar, status, start, strip, panel_keys, UndoKeys(window), BareWindow(window))
