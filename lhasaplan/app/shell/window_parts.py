"""What stands round the map: menus, toolbar, panels, status line, the card of an empty window, the strip of notices."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar

from lhasaplan import workflow
from lhasaplan.app.commands import Commands, make_commands
from lhasaplan.app.commands.workbench import Notices, Tool, Workbench
from lhasaplan.app.dialogs import Dialogs
from lhasaplan.app.jobs import Jobs
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.jobs.city import City, GateWatch, Snapper, SpotQuestions
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.jobs.map_updater import MapUpdater, ShownProposals
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import Language
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.style import SHOWN_AT_FIRST
from lhasaplan.app.panels.start import NoticeStrip, StartCard
from lhasaplan.app.shell.docks import Docks, MenuKeys, PanelKeys
from lhasaplan.app.shell.menus import Menus, Toolbar
from lhasaplan.app.shell.status_line import StatusLine
from lhasaplan.app.shell.workspaces import Workspaces, plans
from lhasaplan.app.state import Bookmarks, Session
from lhasaplan.app.theme import Scheme
from lhasaplan.app.tools import TOOLS, menus_of
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import UserError

# Hide the window of a sealed project after idle time until the passphrase is given.
IDLE_MINUTES, LOOK_MS = 10, 5_000
LOCKED = marked(
    "The window is locked, because nobody used it for a while. The passphrase of the project opens it; without "
    "it the window closes."
)
State = tuple[object, ...]


class IdleLock(QObject):
    """Looks every few seconds whether anything moved: pointer, focus, selection or project."""

    def __init__(self, window: QMainWindow, bench: Workbench) -> None:
        super().__init__(window)
        self._window, self._bench = window, bench
        self._last: State = ()
        self._still = 0
        self._most = IDLE_MINUTES * 60_000 // LOOK_MS
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)

    def begin(self, look_ms: int = LOOK_MS, idle_ms: int = IDLE_MINUTES * 60_000) -> None:
        """Look from now on; after so long without a movement the window is locked."""
        self._most = max(1, idle_ms // look_ms)
        self._timer.start(look_ms)

    def look(self) -> None:
        """Count how often nothing had moved."""
        now = self._state()
        self._still = self._still + 1 if now == self._last else 0
        self._last = now
        store = self._bench.session.store
        if self._still >= self._most and store is not None and store.has_passphrase:
            self._timer.stop()
            self._lock(store.unseal)
            self._still = 0
            self._timer.start()

    def _state(self) -> State:
        session = self._bench.session
        return QCursor.pos(), id(session.project), session.selection.ids, id(QGuiApplication.focusObject())

    def _lock(self, check: Callable[[str], None]) -> None:
        """Hide the window until the passphrase is given; without one it closes, after asking about unsaved changes."""
        quits = QGuiApplication.quitOnLastWindowClosed()
        QGuiApplication.setQuitOnLastWindowClosed(False)  # a box that is answered is the last window just then
        self._window.hide()
        try:
            while not self._is_opened(check):
                pass
        finally:
            QGuiApplication.setQuitOnLastWindowClosed(quits)

    def _is_opened(self, check: Callable[[str], None]) -> bool:
        """Ask once; say whether the window is open again, or closed for good."""
        passphrase = self._bench.dialogs.ask_passphrase(self._bench.language(LOCKED))
        if not passphrase:
            if not self._window.close():
                return False
            QGuiApplication.quit()
            return True
        try:
            check(passphrase)
        except UserError as error:
            self._bench.notices.tell_error(error)
            return False
        self._window.show()
        return True


# Put the window's parts together: state, work, map, commands and tools, each given what it needs.
@dataclass(frozen=True, eq=False, slots=True)
class Assembly:
    """A workbench with all that stands on it."""

    bench: Workbench
    commands: Commands
    tools: tuple[Tool, ...]
    gate: GateWatch


def assemble(context: AppContext, canvas: MapCanvas, today: str, language: Language, dialogs: Dialogs) -> Assembly:
    """Return the parts of a window round its map."""
    bench = make_workbench(context, language, today, dialogs, canvas)
    gate = GateWatch(bench.session, context.services, bench.jobs, bench.sight)
    commands = make_commands(bench)
    return Assembly(bench, commands, tuple(make(bench, commands) for make in TOOLS), gate)


def make_workbench(
    context: AppContext, language: Language, today: str, dialogs: Dialogs, canvas: MapCanvas | None = None
) -> Workbench:
    """Return a workbench, which works without a window; make the map where there is none yet."""
    session, jobs, canvas = Session(today, SHOWN_AT_FIRST), Jobs(), canvas if canvas is not None else MapCanvas(language)
    session.history.lost_by_undo = partial(workflow.lost_by_undo, context.services)
    city, sight = City(session, context, jobs), LiveSight(session, context, jobs)
    follower = MapUpdater(session, canvas, city, sight, jobs)
    spots = SpotQuestions(session, jobs, sight, canvas)
    proposals = ShownProposals(session, jobs, canvas, city, sight)
    dialogs.preferences = session.preferences
    dialogs.list_layers = lambda path, show: jobs.start(
        "list", lambda _report: context.services.files.layers_in(path), show, lambda _error: None
    )
    dialogs.template_faults = lambda paths: context.services.drafts.template_faults(paths)  # noqa: PLW0108 - asked when it is needed
    notices = Notices(session, dialogs, language, jobs)
    city.walls_up.connect(sight.take_walls)
    sight.cones_stand.connect(city.go_on)
    city.set_up.connect(sight.take_city)
    canvas.viewport_changed.connect(sight.rest)
    sight.middle = lambda: canvas.view_now[:2]
    city.known = lambda: sight.live
    for work in (city, follower, spots, proposals):
        work.failed.connect(notices.tell_once)
    bookmarks, snapper = Bookmarks(session, session), Snapper(session, context.services.content, jobs, canvas, city, sight)
    shown, names = (canvas, city, sight, follower, spots, proposals), Names(session, jobs, language)
    canvas.called, names.are_held = names.camera, lambda: follower.is_dragging
    return Workbench(session, context, jobs, language, dialogs, notices, *shown, bookmarks, snapper, names)


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
class WindowParts:
    """The parts of a window besides its map."""

    assembly: Assembly
    menus: Menus
    docks: Docks
    workspaces: Workspaces
    toolbar: Toolbar
    status: StatusLine
    start: StartCard
    strip: NoticeStrip
    panel_keys: PanelKeys
    menu_keys: MenuKeys
    bare: BareWindow


def furnish(  # noqa: PLR0917 - a window and its map, what it works with, and how it looks
    window: QMainWindow,
    canvas: MapCanvas,
    context: AppContext,
    language: Language,
    today: str,
    scheme: Scheme,
    dialogs: Dialogs | None,
) -> WindowParts:
    """Make the parts and put them round the map of a window."""
    assembly = assemble(context, canvas, today, language, dialogs or Dialogs(window, language))
    bench, commands = assembly.bench, assembly.commands
    menus = Menus(window, language, menus_of(bench, commands, assembly.tools))
    status = StatusLine(bench)
    window.setStatusBar(status)
    panels = (panel for tool in assembly.tools for panel in tool.panels)
    docks = Docks(window, language, bench.session.attention, panels)
    panel_keys = PanelKeys(canvas, docks)
    menus.add_panels(docks, panel_keys)
    workspaces = Workspaces(window, bench.session, docks, partial(plans, context))
    menus.add_workspaces(workspaces)
    menus.add_languages()
    menus.add_schemes(scheme, canvas.use_clear_colours)
    menus.add_recent(bench.session.recent, commands.opening.reopen)
    commands.helping.menu_keys = menus.keys
    toolbar = Toolbar(language, menus.by_key, workspaces)
    window.addToolBar(toolbar)
    workspaces.take_toolbar(toolbar)
    start = StartCard(canvas, bench.session, language, {key: action.trigger for key, action in menus.by_key.items()})
    start.recent_wished.connect(commands.opening.reopen)
    strip = NoticeStrip(canvas, bench.session, language)
    strip.room_taken.connect(start.stand_below)
    panel_keys.over = (strip, start)
    return WindowParts(
        assembly, menus, docks, workspaces, toolbar, status, start, strip, panel_keys, MenuKeys(window), BareWindow(window)
    )
