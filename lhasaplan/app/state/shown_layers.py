"""Which layers of the map are shown."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal


class ShownLayers(QObject):
    """Keys of the layers that are switched on."""

    changed = Signal()

    def __init__(self, keys: Iterable[str] = (), parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.keys = frozenset(keys)

    def switch(self, key: str, on: bool) -> None:
        """Show or hide a layer."""
        keys = self.keys | {key} if on else self.keys - {key}
        if keys != self.keys:
            self.keys = keys
            self.changed.emit()
