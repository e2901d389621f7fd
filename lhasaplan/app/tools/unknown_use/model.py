"""Buildings of unknown use as a table: where each lies, and whether house numbers or entrances make it a dwelling, likely."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_tip
from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.workflow import UnknownListing

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
COLUMNS = (marked("Building"), marked("Told as"), marked("Street"), marked("Longitude"), marked("Latitude"))
UNKNOWN, LIKELY = marked("of unknown use"), marked("dwelling, likely")


@dataclass(frozen=True, eq=False, slots=True)
class Row:
    """One building."""

    identity: str
    is_likely: bool
    street: str
    lonlat: tuple[float, float] | None
    shape: Any


def rows_of(listing: "UnknownListing") -> tuple[Row, ...]:
    """Return a row for each building."""
    found = listing.buildings
    parts = zip(found.ids, found.likely.tolist(), listing.streets, listing.lonlat, found.shapes.tolist(), strict=True)
    return tuple(Row(*part) for part in parts)


class UnknownUseModel(QAbstractTableModel):
    """A row a building."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._rows: tuple[Row, ...] = ()
        language.changed.connect(self._reword)

    def show(self, rows: tuple[Row, ...]) -> None:
        """Show another list."""
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _reword(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many buildings there are."""
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return a column's name."""
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._say(COLUMNS[section])
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return the text of a cell, or the building itself."""
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(row)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._texts(row)[index.column()])
        return None

    def _texts(self, row: Row) -> tuple[str, ...]:
        at = ("", "") if row.lonlat is None else tuple(f"{degrees:.5f}" for degrees in row.lonlat)
        return row.identity, self._say(LIKELY if row.is_likely else UNKNOWN), row.street, *at


class UnknownUseFilter(QSortFilterProxyModel):
    """Shows the buildings that hold a text."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""

    def search(self, text: str) -> None:
        """Keep the buildings with this text."""
        self.beginFilterChange()
        self._text = text.casefold()
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802
        """Say whether a row is kept."""
        model = self.sourceModel()
        cells = (model.data(model.index(row, column, parent)) for column in range(model.columnCount()))
        return not self._text or any(self._text in str(cell).casefold() for cell in cells)
