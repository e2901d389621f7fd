"""A list of cameras that something would change; a tick says which of them are taken over."""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from lhasaplan.app.look.listing_table import as_listing
from lhasaplan.app.look.plain_text import plain_tip

ID_ROLE = Qt.ItemDataRole.UserRole


class CameraRow(NamedTuple):
    """A camera, what its cells read, and their tips."""

    camera_id: str
    texts: tuple[str, ...]
    tips: tuple[str, ...]


class TickedCameras(QTreeWidget):
    """A row a camera; what was not ticked stays so when the same cameras are listed again."""

    camera_picked = Signal(str)
    ticks_changed = Signal()

    def __init__(self, columns: int) -> None:
        super().__init__(columnCount=columns)
        as_listing(self)
        self.itemActivated.connect(lambda item, _column: self.camera_picked.emit(str(item.data(0, ID_ROLE))))
        self.itemChanged.connect(lambda *_: self.ticks_changed.emit())

    @property
    def ticked(self) -> tuple[str, ...]:
        """Return the cameras that are ticked."""
        return self._listed(Qt.CheckState.Checked)

    def _listed(self, state: Qt.CheckState) -> tuple[str, ...]:
        items = (self.topLevelItem(row) for row in range(self.topLevelItemCount()))
        return tuple(str(item.data(0, ID_ROLE)) for item in items if item is not None and item.checkState(0) is state)

    def show_rows(self, rows: Iterable[CameraRow], *, has_ticks: bool) -> None:
        """List these cameras instead, with or without something to tick."""
        unticked, blocker = self._listed(Qt.CheckState.Unchecked), QSignalBlocker(self)
        self.clear()
        for row in rows:
            item = QTreeWidgetItem(list(row.texts))
            item.setData(0, ID_ROLE, row.camera_id)
            for column, tip in enumerate(row.tips):
                item.setToolTip(column, plain_tip(tip))
            if has_ticks:
                item.setCheckState(0, Qt.CheckState.Unchecked if row.camera_id in unticked else Qt.CheckState.Checked)
            self.addTopLevelItem(item)
        blocker.unblock()
