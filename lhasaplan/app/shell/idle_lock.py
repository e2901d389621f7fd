"""Hide the window of a sealed project after idle time until the passphrase is given."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QMainWindow

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import UserError

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
