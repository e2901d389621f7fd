"""Confirmed parts as a table: the columns and words of the drafts, so that numbers agree."""

from typing import Any

from PySide6.QtCore import QSortFilterProxyModel, Qt

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.models.listing import SORT_ROLE, Index, ListingModel
from lhasaplan.core.results.assessment import Assessment, PartResult
from lhasaplan.report.facts.tables import part_table
from lhasaplan.report.text.columns import Table

KEYS = ("label", "category", "verdict", "verdict_after", "share_served", "share_served_after", "cameras", "blockers")
NUMBERS = frozenset({"share_served", "share_served_after"})
_INK = {"met": "good", "gap": "error", "weak": "due", "partial": "due"}


class PartsModel(ListingModel[PartResult]):
    """A row a part."""

    def __init__(self, language: Language) -> None:
        super().__init__(language, KEYS)
        self._results: Assessment | None = None
        self._table: Table | None = None

    def show(self, results: Assessment | None) -> None:
        """Show the parts of these results; none without results."""
        self._results = results
        self._write()
        self.set_rows(results.parts or () if results is not None else ())

    def _write(self) -> None:
        self._table = part_table(self._results, self._say.wording) if self._results is not None else None

    def _reword(self) -> None:
        self._write()
        super()._reword()

    def heading(self, column: int) -> str | None:
        """Return a column's name, as in the drafts; none without results."""
        return None if self._table is None else self._table.columns[self._place(column)].heading(self._say.wording)

    def text(self, _row: PartResult, index: Index) -> str:
        """Return what a cell reads, as in the drafts."""
        assert self._table is not None
        return self._table.columns[self._place(index.column())].text(self._raw(index), self._say.wording)

    def look(self, row: PartResult, index: Index, role: int) -> Any:
        """Return colour or sorting value of a cell."""
        key = KEYS[index.column()]
        if role == SORT_ROLE:
            return self._raw(index) if key in NUMBERS else self.text(row, index)
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


def parts_filter(model: PartsModel) -> QSortFilterProxyModel:
    """Return the parts that hold a searched text in any column, in the order of a column."""
    kept = QSortFilterProxyModel(filterKeyColumn=-1, filterCaseSensitivity=Qt.CaseSensitivity.CaseInsensitive)
    kept.setSortRole(SORT_ROLE)
    kept.setSourceModel(model)
    return kept
