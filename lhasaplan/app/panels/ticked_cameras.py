"""A list of cameras that something would change; a tick says which of them are taken over."""

from collections.abc import Iterable
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from lhasaplan.app.look.listing_table import as_listing
from lhasaplan.app.look.plain_text import plain_tip
from lhasaplan.app.look.spacing import NEAR_PX

ID_ROLE = Qt.ItemDataRole.UserRole
BESIDE_PX, TICK_PX = 10, 24  # of a cell, what its words do not get
Index = QModelIndex | QPersistentModelIndex


class CameraRow(NamedTuple):
    """A camera, what its cells read, and their tips."""

    camera_id: str
    texts: tuple[str, ...]
    tips: tuple[str, ...]


class _Wrapped(QStyledItemDelegate):
    """Makes a row as high as its longest cell needs in its column; a tree by itself would cut what is longer."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:  # noqa: N802
        """Return the size of a cell whose words are wrapped."""
        size, tree = super().sizeHint(option, index), self.parent()
        if not isinstance(tree, QTreeWidget):
            return size
        taken = BESIDE_PX + (TICK_PX if index.column() == 0 else 0)
        room = QRect(0, 0, max(tree.columnWidth(index.column()) - taken, 1), 10_000)
        words = option.fontMetrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), str(index.data() or ""))
        return QSize(size.width(), max(size.height(), words.height() + NEAR_PX))


class TickedCameras(QTreeWidget):
    """A row a camera; what was not ticked stays so when the same cameras are listed again."""

    camera_picked = Signal(str)
    ticks_changed = Signal()

    def __init__(self, columns: int, *, is_wrapped: bool = False) -> None:
        super().__init__(columnCount=columns)
        as_listing(self)
        if is_wrapped:
            self.setWordWrap(True)
            self.setItemDelegate(_Wrapped(self))
            self.header().sectionResized.connect(lambda *_: self.scheduleDelayedItemsLayout())
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
