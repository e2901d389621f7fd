"""What a tool lays over the map: it is painted above all else and may take mouse and keys before the map does."""

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from lhasaplan.app.map.viewport import Viewport

Modifiers = Qt.KeyboardModifier


class MapTool:
    """Does nothing by itself; a tool overrides what it needs. Points are pixels of the map."""

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint above the map."""

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Hear where the pointer is while no button is down; return its shape where it means something to this tool."""

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Say whether this tool takes the left button from here until it is released; the map hears nothing of it then."""
        return False

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Hear where the pointer is while the button is held by this tool."""

    def release(self, at: QPointF, modifiers: Modifiers) -> None:
        """Hear that the button was released."""

    def cancel(self) -> None:
        """Take back what was begun with the button: Esc was pressed while this tool held it."""

    def key(self, event: QKeyEvent) -> bool:
        """Say whether this tool takes a key that was pressed on the map."""
        return False
