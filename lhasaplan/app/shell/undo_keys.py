"""Undo and redo of the project while a field has the focus: Qt's fields would keep these keys for their own letters."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QDockWidget, QLineEdit, QMainWindow, QWidget

from lhasaplan.app.panels.numbers import NumberField

KEYS = (QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo)


class UndoKeys(QObject):
    """Watches the widget with the focus and leaves these keys to the window's menu.

    A text that is being written keeps them: in a line of text they take letters back, and a number that is not entered yet
    goes back to the one that is recorded.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    def _follow_focus(self, before: QWidget | None, now: QWidget | None) -> None:
        if before is not None:
            before.removeEventFilter(self)
        if now is not None and (now.window() is self._window or isinstance(now.window(), QDockWidget)):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let the menu have the keys, unless something is being written."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        if not any(event.matches(key) for key in KEYS) or _is_written_in(watched):
            return super().eventFilter(watched, event)
        event.ignore()
        return True


def _is_written_in(field: QObject) -> bool:
    """Say whether a field has something of its own to take back."""
    if isinstance(field, NumberField):
        return field.take_back()
    return isinstance(field, QLineEdit) and field.isUndoAvailable()
