"""What stands round the map: menus, toolbar, panels, status line, the card of an empty window, the strip of notices."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCursor, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QDockWidget, QLabel, QMainWindow, QProgressBar, QPushButton, QStatusBar, QToolBar, QWidget

from lhasaplan import workflow
from lhasaplan.app.commands import Commands, make_commands
from lhasaplan.app.commands.workbench import Notices, Tool, Workbench
from lhasaplan.app.dialogs import Dialogs
from lhasaplan.app.jobs import Jobs, Pace
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.jobs.city import City, GateWatch, Snapper, SpotQuestions
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.jobs.map_updater import MapUpdater, ShownProposals
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import Language, plain_label, plain_tip, scale_text
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.style import SHOWN_AT_FIRST
from lhasaplan.app.panels.start import NoticeStrip, StartCard
from lhasaplan.app.shell.docks import Docks, PanelKeys, UndoKeys
from lhasaplan.app.shell.menus import Menus, Toolbar
from lhasaplan.app.shell.workspaces import Workspaces, plans
from lhasaplan.app.state import Bookmarks, Session
from lhasaplan.app.theme import Scheme
from lhasaplan.app.tools import TOOLS, menus_of
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import UserError
from lhasaplan.report.text.numerals import area_text, number_text

if TYPE_CHECKING:
    from lhasaplan.core.live.effect import ChangeEffect

# The texts below the map: what a change does, where the pointer is, and the scale of the map.

# The line below the map that says where the pointer is, and at which scale the map is shown.
PLACE = marked("{lat}°, {lon}°   x {x} m, y {y} m   {scale}")
READOUT_TIP = marked("Latitude and longitude (WGS 84), place in the project's grid {crs}, scale on this screen")
DECIMALS = 5  # of a degree: about a metre

Where = Callable[[float, float], tuple[float, float] | None]  # longitude and latitude of a place; None without a city


class Readout(QLabel):
    """Follows pointer and scale; empty while there is no city."""

    def __init__(self, canvas: MapCanvas, session: Session, language: Language, where: Where) -> None:
        super().__init__()
        self._canvas, self._session, self._say, self._where = canvas, session, language, where
        self._at: tuple[float, float] | None = None
        session.left.connect(self._forget)
        canvas.pointed.connect(self._point)
        canvas.viewport_changed.connect(self._write)
        language.changed.connect(self._write)

    def _forget(self) -> None:
        """Say nothing of a place in another project."""
        self._at = None
        self._write()

    def _point(self, x_m: float, y_m: float) -> None:
        # A place that was pointed at before there was a city is none of the city that is opened then.
        self._at = (x_m, y_m) if self._where(x_m, y_m) is not None else None
        self._write()

    def _write(self) -> None:
        lonlat = self._where(*self._at) if self._at is not None else None
        self.setText(self._line(*self._at, *lonlat) if self._at is not None and lonlat is not None else "")
        self.setToolTip(plain_tip(self._say(READOUT_TIP, crs=self._session.project.crs)))

    def _line(self, x_m: float, y_m: float, lon: float, lat: float) -> str:
        translations = self._say.translations
        lat_text, lon_text = (number_text(value, translations, DECIMALS) for value in (lat, lon))
        x, y = (number_text(value, translations) for value in (x_m, y_m))
        scale = scale_text(self._canvas.viewport.metres_per_px, self._canvas.logicalDpiX(), translations)
        return self._say(PLACE, lat=lat_text, lon=lon_text, x=x, y=y, scale=scale)


# The line that says, while a camera is drawn or dragged, what that does: parts, protected places by grade, unasked ground.
PLACES = marked("Protected places in view: note {note}, due {due}, severe {error}, possible {possible}")
UNASKED = marked("unasked ground {area}")
GAINED, LOST = marked("parts gained: {count}"), marked("parts lost: {count}")
TIP = marked("Effect of the change to this camera, before and after. Run the analysis for remedies and all other findings.")
BETWEEN = "  ·  "


class EffectLine(QLabel):
    """Follows what is done to the selected camera; empty while nothing is."""

    def __init__(self, effects: SignalInstance, language: Language) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._say = language
        self._effect: ChangeEffect | None = None
        effects.connect(self._take)
        language.changed.connect(self._write)

    def _take(self, effect: "ChangeEffect | None") -> None:
        self._effect = effect
        self._write()

    def _write(self) -> None:
        self.setText(BETWEEN.join(self._pieces(self._effect)) if self._effect is not None else "")
        self.setToolTip(plain_tip(self._say(TIP)) if self._effect is not None else "")

    def _pieces(self, effect: "ChangeEffect") -> list[str]:
        before, after = (area_text(area_m2, self._say.translations) for area_m2 in effect.unasked_m2)
        pieces = [self._say(PLACES, **{grade: _pair(*map(str, pair)) for grade, pair in effect.places_by_grade.items()})]
        pieces.append(self._say(UNASKED, area=_pair(before, after)))
        reported = ((GAINED, effect.gained), (LOST, effect.lost))
        return [*pieces, *(self._say(template, count=len(parts)) for template, parts in reported if parts)]


def _pair(before: str, after: str) -> str:
    """Return both values, or the one that stayed."""
    return after if before == after else f"{before} → {after}"


# What the steps of an analysis are called.
STEPS = {
    "protected": marked("find protected places"),
    "sight": marked("compute what cameras see"),
    "cures": marked("try remedies"),
    "findings": marked("write findings"),
    "siting": marked("choose among proposals"),
}
BEGINNING = marked("Preparing")
WARMING = marked("Preparing the computation of sight; the first start takes longer")
SIGHT = "sight"
SHOWN_LANES = ("warm", "file", "saving", "table", "analysis", "ground", "city", "siting", SIGHT)
LONG_LANES = ("warm", "file", "saving", "analysis", "siting")
SECONDS, MINUTES = marked("{step}, about {seconds} s left"), marked("{step}, about {minutes} min left")
MINUTE_S, ROUND_S = 90.0, 5
STOPPABLE_LANES = ("analysis", "file")
FULL, WIDTH_PX = 1000, 220
BESIDE_PX, GRIP_PX = 8, 24  # between what stands in the line, and at its end


def _width_of(widget: QWidget) -> int:
    """Return how wide a widget of the line is: a bar as wide as it may be."""
    return BESIDE_PX + (WIDTH_PX if isinstance(widget, QProgressBar) else widget.sizeHint().width())


class StatusLine(QStatusBar):
    """Follows the work beside the window."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._jobs, self._map, self._say, self._step = bench.jobs, bench.map, bench.language, ""
        self._pace = Pace()
        self._left_s: float | None = None
        self.step, self.bar, self.stop = plain_label(), QProgressBar(), QPushButton()
        self.bar.setMaximumWidth(WIDTH_PX)
        self.bar.setRange(0, FULL)
        bench.language.bind(self.stop.setText, marked("Cancel"))
        self.readout = Readout(bench.canvas, bench.session, bench.language, bench.city.lonlat)
        self.effect = EffectLine(bench.sight.effect_changed, bench.language)
        self.addWidget(self.effect)
        self.addPermanentWidget(self.readout)
        for widget in (self.step, self.bar, self.stop):
            self.addPermanentWidget(widget)
            widget.hide()
        self._jobs.progressed.connect(self._show_progress)
        self._jobs.idle_changed.connect(self._show_idle)
        bench.language.changed.connect(self._name_step)
        self._is_busy = False
        bench.session.attention.said.connect(self.showMessage)
        self.messageChanged.connect(self._make_room)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep what is said whole."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Hide what stands at the right as far as a sentence would be cut by it: how a tool is used counts more."""
        shown = [self.bar, self.step, self.readout] if self._is_busy else [self.readout]  # the last goes first
        if self.currentMessage():
            kept = [self.stop] if not self.stop.isHidden() else []
            free = self.width() - self.fontMetrics().horizontalAdvance(self.currentMessage()) - GRIP_PX
            while shown and sum(map(_width_of, (*kept, *shown))) > free:
                shown.pop()
        for widget in (self.step, self.bar, self.readout):
            if widget.isHidden() is (widget in shown):
                widget.setVisible(widget in shown)

    def _show_progress(self, lane: str, share: float, step: str) -> None:
        if lane not in SHOWN_LANES or self.bar.isHidden():  # a bar that nobody sees is not laid out at each step of a drag
            return
        self._step, self._left_s = STEPS.get(step, step), self._pace.left_s(lane, share, monotonic())
        self._name_step()
        self._show_share(share)

    def _show_share(self, share: float) -> None:
        """Show how much is done; while that is not known the bar only moves, so that it does not look stuck."""
        most = FULL if share > 0.0 else 0
        self.bar.setUpdatesEnabled(False)  # Qt would paint a bar at once, and all that waits to be painted
        if self.bar.maximum() != most:  # laying it out anew is slow, and a drag tells ten times a step
            self.bar.setRange(0, most)
        self.bar.setValue(round(share * FULL))
        self.bar.setUpdatesEnabled(True)

    def _name_step(self) -> None:
        """Say what is done, and how long it will still take where that can be said."""
        step, left_s = self._say(self._step) if self._step else "", self._left_s
        if not step or left_s is None:
            self.step.setText(step)
        elif left_s > MINUTE_S:
            self.step.setText(self._say(MINUTES, step=step, minutes=round(left_s / 60.0)))
        else:
            self.step.setText(self._say(SECONDS, step=step, seconds=ROUND_S * max(round(left_s / ROUND_S), 1)))
        if self.currentMessage():  # which a longer name would cut
            self._make_room()

    def _show_idle(self, lane: str, idle: bool) -> None:
        # While something is dragged its sight is computed at each step: the map shows that, and a bar would only flicker.
        lanes = (one for one in SHOWN_LANES if one != SIGHT or not self._map.is_dragging)
        self._is_busy = any(map(self._jobs.is_busy, lanes))
        self.stop.setVisible(any(map(self._jobs.is_busy, STOPPABLE_LANES)))
        self._make_room()
        if not idle and lane in LONG_LANES:
            self._pace.begin(lane, monotonic())
            self._left_s = None
            self._show_share(0.0)
            self._step = WARMING if self._jobs.is_busy("warm") else BEGINNING
            self._name_step()


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
    undo_keys: UndoKeys
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
        assembly, menus, docks, workspaces, toolbar, status, start, strip, panel_keys, UndoKeys(window), BareWindow(window)
    )
