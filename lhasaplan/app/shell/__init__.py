"""The main window, and how it starts: fonts, language, a project if named; place, panels and colours kept from day to day."""

import gc
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from traceback import print_exception
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QLocale, QMimeData, QObject, QPoint, QSettings, QSize, QStandardPaths, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu

from lhasaplan import io
from lhasaplan.app.jobs import UNEXPECTED
from lhasaplan.app.jobs.app_context import AppContext, Named
from lhasaplan.app.jobs.map_updater import Ahead, is_quick
from lhasaplan.app.look import NAMES, Language, use_own_font
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.style import LAYERS
from lhasaplan.app.state.selection import Look
from lhasaplan.app.theme import SCHEMES, Scheme, use_own_icons, use_scheme
from lhasaplan.core.base.translations import marked

if TYPE_CHECKING:
    from lhasaplan.app.dialogs import Dialogs

# The main window: a frame round the map with menus, panels and status line; it holds the parts and does nothing itself. The
# frame with the map can be shown before the rest is loaded and made (``is_bare``, then ``furnish``).

SIZE_PX, FRAME_PX = (1480, 920), (8, 40)
TITLE = marked("lhasaplan: what fixed public cameras can see")
UNNAMED = marked("new project")


class MainWindow(QMainWindow):
    """The frame; commands and panels know nothing of it."""

    def __init__(
        self, context: AppContext, language: Language, today: str, dialogs: "Dialogs | None" = None, *, is_bare: bool = False
    ) -> None:
        super().__init__()
        self._context, self._today = context, today
        self.language, self.scheme, self.canvas = language, Scheme(), MapCanvas(language)
        self.setCentralWidget(self.canvas)
        self.resize(*SIZE_PX)
        self.is_furnished = False
        if not is_bare:
            self.furnish(dialogs)

    def furnish(self, dialogs: "Dialogs | None" = None) -> None:
        """Put menus, tools, panels and status line round the map."""
        from lhasaplan.app.shell.window_parts import furnish

        layout = self.layout()
        assert layout is not None
        layout.setEnabled(False)  # laid out once, not for each panel that is put into a window on the screen
        window_parts = furnish(self, self.canvas, self._context, self.language, self._today, self.scheme, dialogs)
        layout.setEnabled(True)
        layout.activate()
        bench = self.bench = window_parts.assembly.bench
        self.commands, self.tools = window_parts.assembly.commands, {tool.key: tool for tool in window_parts.assembly.tools}
        self._assembly, self.session = window_parts.assembly, bench.session
        self.status, self.menus, self.docks = window_parts.status, window_parts.menus, window_parts.docks
        self.workspaces = window_parts.workspaces
        self.toolbar, self.start, self.strip = window_parts.toolbar, window_parts.start, window_parts.strip
        self._menu_keys, self._bare, self.panel_keys = window_parts.menu_keys, window_parts.bare, window_parts.panel_keys
        self.setAcceptDrops(True)
        self.is_furnished = True
        self._connect()

    def fit_screen(self) -> None:
        """Become no larger than the screen, with room for the frame that the desktop draws round the window."""
        self.resize(self.size().boundedTo(self.screen().availableSize() - QSize(*FRAME_PX)))

    def _connect(self) -> None:
        session, language = self.session, self.language
        session.attention.panel_wished.connect(self.docks.bring)
        session.attention.panel_offered.connect(self.docks.turn_to)
        session.attention.leave_wished.connect(self.close)
        session.attention.bare_wished.connect(self._bare.turn)
        self._bare.arranged.connect(self.docks.tidy)
        session.selection_changed.connect(lambda: self.docks.bring_camera(session.selected_id))
        self.canvas.camera_picked.connect(self.docks.bring_camera)  # also where it is selected already
        self.canvas.menu_wished.connect(self._show_spot_menu)
        self.status.stop.clicked.connect(self.commands.analysing.cancel)
        for signal in (session.document_changed, language.changed):
            signal.connect(self._name_window)
        for signal in (session.steps_changed, language.changed):
            signal.connect(lambda: self.menus.name_steps(session.history))
        language.changed.connect(self._write_numbers)
        self._write_numbers()
        self._name_window()

    def _write_numbers(self) -> None:
        """Let the fields of numbers have the decimal mark of the language."""
        self.setLocale(QLocale(self.language.code))

    def spot_menu(self, x_m: float, y_m: float) -> QMenu:
        """Return the menu of a spot on the map."""
        from lhasaplan.app.tools import spot_entries, spot_menu

        return spot_menu(self, spot_entries(self.bench, self.commands, self.tools.values()), self.bench, x_m, y_m)

    def _show_spot_menu(self, at: QPoint, x_m: float, y_m: float) -> None:
        """Open the menu where the pointer is; nothing on an empty map."""
        if self.bench.sight.city is not None:
            self.spot_menu(x_m, y_m).popup(at)

    def _name_window(self) -> None:
        store = self.session.store
        name = store.name if store is not None else self.session.project.name or self.language(UNNAMED)
        self.setWindowModified(self.session.is_dirty)
        name = name.replace("[*]", "[*][*]")  # Qt's own mark of unsaved changes
        self.setWindowTitle(f"{name}[*] – {self.language(TITLE)}")

    def open_address(self, address: str) -> None:
        """Open the project that is kept at an address, as the command line asks."""
        self.commands.opening.open_address(address)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Write coloured words anew when the window turns light or dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self.language.rewrite()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        """Let files come that are dragged over the window."""
        if dropped_files(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        """Open or import what is dropped, once the drag is over: a box would hold the other program up."""
        files = dropped_files(event.mimeData())
        event.acceptProposedAction()
        QTimer.singleShot(0, self, lambda: self.commands.dropping.take(files))

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802
        """Ask about unsaved changes, then wait for the threads."""
        if not self.is_furnished:
            self.canvas.stop()
            event.accept()
            return
        if not self.commands.leaving.may_leave():
            event.ignore()
            return
        self.hide()  # at once: a thread may need a while to its next step
        self.bench.jobs.stop()
        self.commands.recovering.autosave.end()
        self.commands.holding.end()
        self.canvas.stop()
        event.accept()


def dropped_files(data: QMimeData) -> tuple[Path, ...]:
    """Return the files of this computer that are dragged; folders are none."""
    paths = (Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile())
    return tuple(path for path in paths if path.is_file())


# What the window remembers from day to day: place, panels, language, colours, and where projects lie; nothing in them.


def settings() -> QSettings:
    """Return where the window keeps what it remembers."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "lhasaplan", "window")


def recovery_folder() -> Path:
    """Return where notes of unsaved work lie, and copies of what is kept nowhere yet."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "recovery"


def remembered_language(kept: QSettings, otherwise: str, asked: str = "") -> str:
    """Return the language that the start asks for (``--lang``, ``LHASAPLAN_LANG``), else the one that was chosen last."""
    code = asked if asked in NAMES else str(kept.value("language", otherwise))
    return code if code in NAMES else otherwise


def remember(window: MainWindow, kept: QSettings) -> None:
    """Keep place, panels, language, colours and which layers are shown."""
    kept.setValue("geometry", window.saveGeometry())
    window.workspaces.keep_in(kept)
    kept.setValue("language", window.language.code)
    kept.setValue("colours", window.scheme.key)
    kept.setValue("clear_colours", window.menus["clear_colours"].isChecked())
    keys, opacity = window.session.shown.look
    kept.setValue("layers", json.dumps({"on": sorted(keys), "known": [key for key, _, _ in LAYERS], "opacity": dict(opacity)}))
    kept.setValue("recent", list(window.session.recent.addresses))


def remembered_scheme(kept: QSettings) -> str:
    """Return the colours that were chosen last, those of the system at a first start."""
    scheme = str(kept.value("colours", "system"))
    return scheme if scheme in SCHEMES else "system"


def recall_place(window: MainWindow, kept: QSettings) -> None:
    """Give a bare window its place on the screen and the map its layers; a first start fits the screen."""
    if kept.contains("geometry"):
        window.restoreGeometry(kept.value("geometry"))
    window.fit_screen()
    window.canvas.set_visible(*_look(str(kept.value("layers", "")), (window.canvas.visible, window.canvas.opacity)))


def recall(window: MainWindow, kept: QSettings) -> None:
    """Give the window what was kept; a first start fits the screen."""
    window.menus[f"scheme_{remembered_scheme(kept)}"].trigger()
    window.menus["clear_colours"].setChecked(kept.value("clear_colours", False, bool) is True)
    if kept.contains("geometry"):
        window.restoreGeometry(kept.value("geometry"))
    window.workspaces.recall(kept)
    window.session.shown.take(_look(str(kept.value("layers", "")), window.session.shown.look))
    stored = kept.value("recent")  # one address alone is kept as a word, none as nothing
    recent = [stored] if isinstance(stored, str) else stored if isinstance(stored, list) else []
    files = {each: QUrl(each).toLocalFile() if each.startswith("file:") else "" for each in map(str, recent)}
    window.session.recent.take([each for each, file in files.items() if not file or Path(file).is_file()])  # not what is gone
    window.fit_screen()


def _look(text: str, otherwise: Look) -> Look:
    """Return the layers that were on; one that is newer than what was kept is shown as at a first start."""
    try:
        reported = json.loads(text)
        on, known = frozenset(map(str, reported["on"])), frozenset(map(str, reported["known"]))
        opacity = {str(key): float(value) for key, value in reported["opacity"].items() if 0.0 <= float(value) < 1.0}
    except (ValueError, TypeError, KeyError, AttributeError):
        return otherwise
    keys = frozenset(key for key, _, _ in LAYERS)
    return (on & keys) | (otherwise[0] - known), {key: value for key, value in opacity.items() if key in keys}


# Collect garbage in the window's thread only.
MANY = 100_000  # objects that are looked through at once: some 20 ms; only the values of a city are more


class Collector(QObject):
    """Takes the cyclic collector over from Python.

    Python collects in whichever thread makes the next object. A widget or timer that is part of a cycle would then be
    destroyed by a worker, and Qt ends the process.
    """

    def __init__(self, parent: QObject | None = None, every_ms: int = 1000) -> None:
        super().__init__(parent)
        self._kept = 0  # objects that are looked through with the oldest, at the most
        gc.disable()
        gc.freeze()  # what is loaded at a start stays
        self._timer = QTimer(self, interval=every_ms)
        self._timer.timeout.connect(self.collect)
        self._timer.start()

    def collect(self) -> None:
        """Collect the generations that are due, and look no more through what is there to stay.

        A city is millions of objects that hang on no cycle; looking through them would hold the window up for a second. Where an
        older generation has grown that large, the youngest alone is looked through, and all are left alone from then on.
        """
        made, limits = gc.get_count(), gc.get_threshold()
        due = max((age for age, (count, limit) in enumerate(zip(made, limits, strict=True)) if count > limit), default=None)
        self._kept += made[0] if due is not None else 0
        if made[0] <= MANY and due is not None:
            gc.collect(due if self._kept <= MANY else 0)
        if made[0] > MANY or (due and self._kept > MANY):
            gc.freeze()
            self._kept = 0

    def stop(self) -> None:
        """Give the collector back to Python, when no worker runs any more."""
        self._timer.stop()
        gc.enable()


# How long a worker may keep Python to itself: the window asks for it at each call into Qt, and would wait 5 ms every time.
TURN_S = 0.0005


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, with the project or the sample that is named, and return the exit code."""
    named = _named(list(sys.argv[1:] if arguments is None else arguments))
    running = QApplication.instance()
    app = running if isinstance(running, QApplication) else QApplication(["lhasaplan"])
    app.setApplicationName("lhasaplan")
    app.setStyle("Fusion")
    use_own_font(app)
    use_own_icons()
    collector = Collector()
    sys.setswitchinterval(TURN_S)
    context = AppContext()
    logging.captureWarnings(True)  # what libraries warn of is for who develops: it goes to the log "py.warnings"
    logging.getLogger("py.warnings").addHandler(logging.NullHandler())
    kept = settings()
    asked = os.environ.get("LHASAPLAN_LANG", "")
    language = Language(io.load_translations, remembered_language(kept, system_language(), asked))
    context.file_language = lambda: language.code
    use_scheme(remembered_scheme(kept))
    window = MainWindow(context, language, date.today().isoformat(), is_bare=True)
    recall_place(window, kept)
    if named is not None and is_quick(named):
        _come_forward(window)
        ahead = Ahead(window.canvas, context, named)
        ahead.ended.connect(lambda: QTimer.singleShot(0, window, lambda: _open_round(ahead, window, kept, named)))
        ahead.begin()
    else:
        _furnish(window, kept)
        if named is None:
            QTimer.singleShot(400, window.commands.analysing.warm_up)
        else:
            QTimer.singleShot(0, window, lambda: _open(window, named))
    code = app.exec()
    if window.is_furnished:
        remember(window, kept)
    collector.stop()
    sys.excepthook = sys.__excepthook__
    logging.captureWarnings(False)
    return code


def _named(words: Sequence[str]) -> Named | None:
    """Return what the words after the program's name open: a project by its address, or after ``--sample`` a shipped city."""
    if not words:
        return None
    return Named(sample=words[1]) if words[0] == "--sample" and len(words) > 1 else Named(address=words[0])


def _furnish(window: MainWindow, kept: QSettings) -> None:
    """Put everything round the map and begin what runs beside it."""
    from lhasaplan.app.shell.window_parts import IdleLock

    window.furnish()
    window.session.preferences.keep_in(kept)
    alarm = Alarm(window)
    sys.excepthook = alarm.ring
    recall(window, kept)
    _come_forward(window)
    window.commands.recovering.begin(recovery_folder())
    window.commands.holding.begin(recovery_folder() / "backups")
    IdleLock(window, window.bench).begin()


def _come_forward(window: MainWindow) -> None:
    """Show the window and give it the keys: where no window manager does, its keys would mean nothing until a click."""
    window.show()
    window.activateWindow()


def _open(window: MainWindow, named: Named) -> None:
    """Open what a start names."""
    # The map first: loading the kernels takes a second of a start.
    window.bench.city.drawn.connect(window.commands.analysing.warm_up, Qt.ConnectionType.SingleShotConnection)
    if named.sample:
        window.commands.opening.open_sample(named.sample)
    else:
        window.commands.opening.open_address(named.address)


def _open_round(ahead: Ahead, window: MainWindow, kept: QSettings, named: Named) -> None:
    """Furnish the window round the map that stands already, and open the project that it is of."""
    _furnish(window, kept)
    bench = window.bench
    bench.city.early, bench.map.is_ahead = ahead.early, window.canvas.has_ground
    ahead.early = None  # the city has it until it is drawn
    _open(window, named)
    if window.canvas.has_ground:  # the card of an empty window would lie over it until the project is there
        window.start.hide()
        bench.jobs.idle_changed.connect(window.start.follow, Qt.ConnectionType.SingleShotConnection)


def system_language() -> str:
    """Return the language of the user's system if the window speaks it, else English."""
    name = QLocale.system().name()
    return next((code for code in NAMES if name == code or name.split("_")[0] == code.split("_")[0]), "en")


class Alarm(QObject):
    """Shows an unexpected error as a sentence; the traceback goes to the terminal, for a bug report."""

    _rang = Signal(str)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._reported: set[str] = set()
        self._rang.connect(self._show)

    def ring(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Take an exception from any thread."""
        print_exception(kind, error, trace)
        self._rang.emit(f"{kind.__name__}: {error}")

    def _show(self, what: str) -> None:
        say = self._window.language
        if what in self._reported:  # it stands in the terminal each time, in a box once
            self._window.session.attention.say(say(UNEXPECTED, what=what))
            return
        self._reported.add(what)
        self._window.bench.dialogs.tell(say(marked("This did not work")), [say(UNEXPECTED, what=what)])
