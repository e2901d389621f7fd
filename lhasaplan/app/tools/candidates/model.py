"""Candidates as a table: what could be demand, and what was decided about it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSortFilterProxyModel, Qt

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_tip
from lhasaplan.core.base.wording import marked
from lhasaplan.report.text import words

Index = QModelIndex | QPersistentModelIndex
LISTED_ROLE = Qt.ItemDataRole.UserRole + 1
COLUMNS = (
    *(marked("Category"), marked("Part"), marked("Name"), marked("Street"), marked("Longitude"), marked("Latitude")),
    *(marked("px/m"), marked("State")),
)

if TYPE_CHECKING:
    from lhasaplan.workflow.listing import Listed
STATES = {
    "open": marked("not requested"),
    "confirmed": marked("confirmed"),
    "excused": marked("excused"),
    "asked": marked("data missing, asked"),
    "refused": marked("refused"),
}
_INK = {"confirmed": "good", "refused": "error", "asked": "note"}


class CandidatesModel(QAbstractTableModel):
    """A row a candidate."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self._rows: tuple[Listed, ...] = ()
        self._terms: Mapping[str, Mapping[str, str]] = {}
        language.changed.connect(self._reword)

    def show(self, rows: "tuple[Listed, ...]", terms: Mapping[str, Mapping[str, str]]) -> None:
        """Show another list."""
        self.beginResetModel()
        self._rows, self._terms = tuple(sorted(rows, key=lambda each: (each.part.category, each.part.part_id))), terms
        self.endResetModel()

    def _reword(self) -> None:
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)
        if self._rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802
        """Return how many candidates there are."""
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
        """Return text or colour of a cell, or the candidate itself."""
        listed = self._rows[index.row()]
        if role == LISTED_ROLE:
            return listed
        if role == Qt.ItemDataRole.DisplayRole:
            return self._texts(listed)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self._texts(listed)[index.column()])
        if role == Qt.ItemDataRole.ForegroundRole and index.column() == len(COLUMNS) - 1:
            meaning = _INK.get(listed.state)
            return ink(meaning) if meaning else None
        return None

    def _texts(self, listed: "Listed") -> tuple[str, ...]:
        part = listed.part
        category = words.term(self._terms, f"category:{part.category}", self._say.wording) or part.category
        at = ("", "") if listed.lonlat is None else tuple(f"{degrees:.5f}" for degrees in listed.lonlat)
        asked = f"{part.required.density_px_m:g}", self._say(listed.text, **listed.params)
        return category, part.part_id, part.name, listed.street, *at, *asked


class CandidatesFilter(QSortFilterProxyModel):
    """Shows the candidates of some state that hold a text."""

    def __init__(self) -> None:
        super().__init__()
        self._text, self._state = "", ""

    def search(self, text: str, state: str) -> None:
        """Keep the candidates with this text, and in this state unless it is empty."""
        self.beginFilterChange()
        self._text, self._state = text.casefold(), state
        self.endFilterChange()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:  # noqa: N802
        """Say whether a row is kept."""
        model = self.sourceModel()
        if self._state and model.data(model.index(row, 0, parent), LISTED_ROLE).state != self._state:
            return False
        cells = (model.data(model.index(row, column, parent)) for column in range(model.columnCount()))
        return not self._text or any(self._text in str(cell).casefold() for cell in cells)
