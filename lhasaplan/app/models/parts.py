"""Confirmed parts as a table: the columns and words of the drafts, so that numbers agree."""

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_tip
from lhasaplan.core.results.assessment import Assessment, PartResult
from lhasaplan.report.facts.tables import part_table
from lhasaplan.report.text.columns import Table

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE, PART_ROLE = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
KEYS = ("label", "category", "verdict", "verdict_after", "share_served", "share_served_after", "cameras", "blockers")
NUMBERS = frozenset({"share_served", "share_served_after"})
_INK = {"met": "good", "gap": "error", "weak": "due", "partial": "due"}


class PartsModel(QAbstractTableModel):
    """A row a part."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._results: Assessment | None = None
        self._parts: tuple[PartResult, ...] = ()
        self._table: Table | None = None
        language.changed.connect(self._reword)

    def show(self, results: Assessment | None) -> None:
        """Show the parts of these results; none without results."""
        self.beginResetModel()
        self._results, self._parts = results, results.parts or () if results is not None else ()
        self._write()
        self.endResetModel()

    def _write(self) -> None:
        self._table = part_table(self._results, self._say.wording) if self._results is not None else None

    def _reword(self) -> None:
        self._write()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(KEYS) - 1)
        if self._parts:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._parts) - 1, len(KEYS) - 1))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many parts there are."""
        return 0 if parent is not None and parent.isValid() else len(self._parts)

    def columnCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many columns there are."""
        return 0 if parent is not None and parent.isValid() else len(KEYS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: N802
        """Return a column's name."""
        if self._table is None or role != Qt.ItemDataRole.DisplayRole or orientation != Qt.Orientation.Horizontal:
            return None
        return self._table.columns[self._place(section)].heading(self._say.wording)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Return text, colour or sorting value of a cell, or the part itself."""
        key = KEYS[index.column()]
        if role == PART_ROLE:
            return self._parts[index.row()]
        if role == SORT_ROLE and key in NUMBERS:
            return self._raw(index)
        if role in (Qt.ItemDataRole.DisplayRole, SORT_ROLE):
            return self._text(index)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._text(index))
        if role == Qt.ItemDataRole.ForegroundRole and key in ("verdict", "verdict_after"):
            meaning = _INK.get(self._raw(index))
            return ink(meaning) if meaning else None
        return None

    def _place(self, column: int) -> int:
        """Return where a column of the window stands among those of the drafts."""
        assert self._table is not None
        return [each.key for each in self._table.columns].index(KEYS[column])

    def _raw(self, index: Index) -> Any:
        assert self._table is not None
        return self._table.rows[index.row()][self._place(index.column())]

    def _text(self, index: Index) -> str:
        assert self._table is not None
        return self._table.columns[self._place(index.column())].text(self._raw(index), self._say.wording)


def parts_filter(model: PartsModel) -> QSortFilterProxyModel:
    """Return the parts that hold a searched text in any column, in the order of a column."""
    kept = QSortFilterProxyModel(filterKeyColumn=-1, filterCaseSensitivity=Qt.CaseSensitivity.CaseInsensitive)
    kept.setSortRole(SORT_ROLE)
    kept.setSourceModel(model)
    return kept
