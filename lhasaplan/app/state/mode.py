"""What a click on the map does: look around, or what the tool in use makes of it."""

from PySide6.QtCore import QObject, Signal

LOOK = ""  # a click chooses a camera or asks about a spot


class Mode(QObject):
    """The tool that takes the clicks on the map; one at a time."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.tool = LOOK

    def use(self, tool: str) -> None:
        """Let a tool take the clicks; the one before lets go."""
        if tool != self.tool:
            self.tool = tool
            self.changed.emit()

    def switch(self, tool: str, on: bool) -> None:
        """Take a tool, or put it away if it is in use."""
        if on:
            self.use(tool)
        elif self.tool == tool:
            self.use(LOOK)
