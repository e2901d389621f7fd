"""Start the window: fonts, language, one project if named."""

import gc
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date
from traceback import print_exception
from types import TracebackType

from PySide6.QtCore import QLocale, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication

from lhasaplan import io
from lhasaplan.app.jobs.engine import AppContext, Named
from lhasaplan.app.jobs.jobs import UNEXPECTED
from lhasaplan.app.jobs.map_updater import Ahead, is_quick
from lhasaplan.app.look.language import NAMES, Language, use_own_font
from lhasaplan.app.look.theme import use_scheme
from lhasaplan.app.shell.memory import (
    recall,
    recall_place,
    recovery_folder,
    remember,
    remembered_language,
    remembered_scheme,
    settings,
)
from lhasaplan.app.shell.window import MainWindow
from lhasaplan.core.base.translations import marked

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
    collector = Collector()
    sys.setswitchinterval(TURN_S)
    engine = AppContext()
    logging.captureWarnings(True)  # what libraries warn of is for who develops: it goes to the log "py.warnings"
    logging.getLogger("py.warnings").addHandler(logging.NullHandler())
    kept = settings()
    asked = os.environ.get("LHASAPLAN_LANG", "")
    language = Language(io.load_translations, remembered_language(kept, system_language(), asked))
    engine.file_language = lambda: language.code
    use_scheme(remembered_scheme(kept))
    window = MainWindow(engine, language, date.today().isoformat(), is_bare=True)
    recall_place(window, kept)
    if named is not None and is_quick(named):
        window.show()
        ahead = Ahead(window.canvas, engine, named)
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
    from lhasaplan.app.shell.idle_lock import IdleLock  # noqa: PLC0415 - with the window_parts, after the map

    window.furnish()
    window.session.preferences.keep_in(kept)
    alarm = Alarm(window)
    sys.excepthook = alarm.ring
    recall(window, kept)
    window.show()
    window.commands.recovering.begin(recovery_folder())
    window.commands.holding.begin(recovery_folder() / "backups")
    IdleLock(window, window.bench).begin()


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
