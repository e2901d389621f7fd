"""A list as a table that the window shows: a row a thing, its columns named in the chosen language, and a search."""

from collections.abc import Sequence
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.widgets import plain_tip

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
SORT_ROLE, ROW_ROLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1


class ListingModel(QAbstractTableModel, Generic[Row]):
    """A row a thing; who lists things of some kind says what a cell reads, and how it looks."""

    def __init__(self, language: Language, columns: Sequence[str]) -> None:
        super().__init__()
        self._say, self._columns = language, columns
        self._rows: tuple[Row, ...] = ()
        language.changed.connect(self._reword)

    def heading(self, column: int) -> str | None:
        """Return a column's name."""
        return self._say(self._columns[column])

    def text(self, row: Row, index: Index) -> str:
        """Return what a cell reads."""
        raise NotImplementedError

    def look(self, _row: Row, _index: Index, _role: int) -> object:
        """Return colour, font or sorting value of a cell; None for the usual one."""
        return None

    def set_rows(self, rows: tuple[Row, ...]) -> None:
        """List other things."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def redraw(self) -> None:
        """Have all cells read again."""
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(self._columns) - 1))

    def _reword(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(self._columns) - 1)
        self.redraw()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many things are listed."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(self._columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:  # noqa: N802
        """Return a column's name."""
        is_heading = role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal
        return self.heading(section) if is_heading else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return text or look of a cell, or the thing itself."""
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.text(row, index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.text(row, index))
        return self.look(row, index, role)
