"""The map alone on the whole screen: without menus, tools, panels and status line, and back as it was."""

from PySide6.QtCore import QByteArray, QObject, QTimer, Signal
from PySide6.QtWidgets import QDockWidget, QMainWindow, QToolBar

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
