"""Which cameras are chosen; the last of them is the selected camera, whose record the panels show."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Selection(QObject):
    """Ids in the order in which they were chosen."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ids: tuple[str, ...] = ()

    @property
    def last(self) -> str:
        """Return the camera that was chosen last; empty for none."""
        return self.ids[-1] if self.ids else ""

    def choose(self, *camera_ids: str) -> None:
        """Choose these cameras and no other."""
        self._take(tuple(dict.fromkeys(camera_ids)))

    def toggle(self, camera_id: str) -> None:
        """Choose one camera more, or let it go if it is chosen."""
        others = tuple(one for one in self.ids if one != camera_id)
        self._take(others if camera_id in self.ids else (*others, camera_id))

    def keep(self, is_known: Callable[[str], bool]) -> None:
        """Let go of cameras that are gone."""
        self._take(tuple(filter(is_known, self.ids)))

    def _take(self, camera_ids: tuple[str, ...]) -> None:
        if camera_ids != self.ids:
            self.ids = camera_ids
            self.changed.emit()
