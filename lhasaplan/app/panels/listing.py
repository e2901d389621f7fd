"""A panel with a list that is asked for, a search, and how many rows are shown and chosen."""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.listing_table import listing_table
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.models.listing import ROW_ROLE, ListingFilter, ListingModel
from lhasaplan.core.base.wording import marked

Row = TypeVar("Row")
_COUNT = marked("{shown} of {all}, {chosen} chosen")


class ListingPanel(QWidget, Generic[Row]):
    """The list, its search and its count; a panel of some kind adds its buttons, and what it does with chosen rows."""

    wished = Signal()  # the list

    def __init__(self, language: Language, model: ListingModel[Row], kept: ListingFilter[Row], widths_px: Sequence[int]) -> None:
        super().__init__()
        self._say = language
        self.model, self.filter = model, kept
        self.filter.setSourceModel(self.model)
        self.search, self.list = QLineEdit(clearButtonEnabled=True), QPushButton()
        self.count, self.hint = plain_label(), plain_label(wordWrap=True)
        self.table = listing_table(self.filter, widths_px)
        self.table.horizontalHeader().setStretchLastSection(True)

    def lay_out(self, beside_search: Sequence[QWidget], body: QWidget) -> None:
        """Lay out the list's button, the search and what stands beside it over the hint, the count and the body."""
        line = QHBoxLayout()
        for widget in (self.list, self.search, *beside_search):
            line.addWidget(widget, 1 if widget is self.search else 0)
        told = QHBoxLayout()
        told.addWidget(self.hint, 1)
        told.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(line)
        column.addLayout(told)
        column.addWidget(body, 1)

    def connect_list(self) -> None:
        """Follow the search, the list's button, and what is chosen in the table."""
        self.search.textChanged.connect(self.narrow)
        self.list.clicked.connect(self.wished)
        self.table.selectionModel().selectionChanged.connect(self.tell_chosen)
        self.table.selectionModel().currentRowChanged.connect(self._pick)

    @property
    def chosen_rows(self) -> tuple[Row, ...]:
        """Return the rows that are chosen."""
        return tuple(index.data(ROW_ROLE) for index in self.table.selectionModel().selectedRows())

    def pick(self, row: Row) -> None:
        """Go to a row."""
        raise NotImplementedError

    def enable_for(self, chosen: tuple[Row, ...]) -> None:
        """Enable what can be done with the chosen rows."""
        raise NotImplementedError

    def keep(self) -> None:
        """Have the filter keep what is looked for."""
        self.filter.search(self.search.text())

    def narrow(self) -> None:
        """Show only what is looked for."""
        self.keep()
        self.tell_chosen()

    def tell_chosen(self) -> None:
        """Say how many rows are shown and chosen."""
        chosen = self.chosen_rows
        self.enable_for(chosen)
        self.count.setText(self._say(_COUNT, shown=self.filter.rowCount(), all=self.model.rowCount(), chosen=len(chosen)))

    def _pick(self, index: Any, _before: Any = None) -> None:
        if index.isValid():
            self.pick(index.data(ROW_ROLE))
