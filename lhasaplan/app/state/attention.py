"""Which panel comes forward, and which sentence the status line shows."""

from PySide6.QtCore import QObject, Signal


class Attention(QObject):
    """Wishes that the window's frame follows; whoever has them knows no frame."""

    panel_wished = Signal(str)  # key of a panel
    panel_seen = Signal(str, bool)  # key of a panel; does it lie in front, or behind another?
    leave_wished = Signal()  # close the window
    said = Signal(str, int)  # a sentence, and for how many milliseconds; 0 until the next

    def bring(self, panel: str) -> None:
        """Bring a panel forward."""
        self.panel_wished.emit(panel)

    def leave(self) -> None:
        """Ask the window to close."""
        self.leave_wished.emit()

    def say(self, sentence: str, for_ms: int = 0) -> None:
        """Write a sentence into the status line; an empty one clears it."""
        self.said.emit(sentence, for_ms)
