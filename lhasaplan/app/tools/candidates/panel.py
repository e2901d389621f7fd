"""The panel where a person decides which candidates are demand."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.tools.candidates.model import LISTED_ROLE, STATES, CandidatesFilter, CandidatesModel
from lhasaplan.app.tools.candidates.place_picture import PlacePicture
from lhasaplan.core.base.wording import marked

if TYPE_CHECKING:
    from lhasaplan.workflow import Listing

SEARCH_PX = 110
WIDTHS_PX = (150, 170, 110, 120, 76, 72, 46, 260)
HINT = marked("Candidates are what the packs' duties could ask for. None is demand until a person confirms it by name.")
_COUNT, _ALL = marked("{shown} of {all}, {chosen} chosen"), marked("all states")


class CandidatesPanel(QWidget):
    """A table with search, and the two decisions."""

    wished = Signal()  # the list
    picked = Signal(object)  # Part
    confirm_wished = Signal(tuple)  # ids
    excuse_wished = Signal(tuple)

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self.model, self.filter = CandidatesModel(language), CandidatesFilter()
        self.filter.setSourceModel(self.model)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.state = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count, self.hint = plain_label(), plain_label(wordWrap=True)
        self.list, self.confirm, self.excuse = QPushButton(), QPushButton(), QPushButton()
        self.table, self.picture = self._table(), PlacePicture(language)
        self._lay_out()
        self._connect(language)
        self._reword()

    def _table(self) -> QTableView:
        table = QTableView(sortingEnabled=True, showGrid=False, wordWrap=False)
        table.setAlternatingRowColors(True)
        table.setModel(self.filter)
        table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # ids begin alike
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(24)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setHighlightSections(False)
        for column, width in enumerate(WIDTHS_PX):
            table.setColumnWidth(column, width)
        return table

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        for widget in (self.list, self.search, self.state, self.confirm, self.excuse):
            line.addWidget(widget, 1 if widget is self.search else 0)
        self.search.setMinimumWidth(SEARCH_PX)
        told = QHBoxLayout()
        told.addWidget(self.hint, 1)
        told.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(line)
        column.addLayout(told)
        beside = QSplitter()
        beside.addWidget(self.table)
        beside.addWidget(self.picture)
        beside.setStretchFactor(0, 1)
        beside.setCollapsible(0, False)
        column.addWidget(beside, 1)

    def _connect(self, language: Language) -> None:
        language.bind(self.search.setPlaceholderText, marked("Search candidates"))
        language.bind(self.list.setText, marked("Find candidates"))
        language.bind(self.confirm.setText, marked("Confirm…"))
        language.bind(self.excuse.setText, marked("Excuse…"))
        language.bind(self.hint.setText, HINT)
        language.changed.connect(self._reword)
        self.search.textChanged.connect(self._narrow)
        self.state.currentIndexChanged.connect(self._narrow)
        self.list.clicked.connect(self.wished)
        self.confirm.clicked.connect(lambda: self.confirm_wished.emit(self.chosen))
        self.excuse.clicked.connect(lambda: self.excuse_wished.emit(self.chosen))
        self.table.selectionModel().selectionChanged.connect(self._tell_chosen)
        self.table.selectionModel().currentRowChanged.connect(self._pick)

    def show_listing(self, listing: "Listing | None") -> None:
        """List these candidates, keeping what was chosen; None takes the list away."""
        chosen = set(self.chosen)
        self.model.show(listing.rows if listing else (), listing.terms if listing else {})
        if not listing:
            self.picture.show_png(b"")
        self.choose(chosen)
        self._tell_chosen()

    def choose(self, ids: set[str]) -> None:
        """Choose candidates by id."""
        table, mode = self.table, self.table.selectionMode()
        table.setSelectionMode(QAbstractItemView.SelectionMode.MultiSelection)
        table.clearSelection()
        for row in range(self.filter.rowCount()):
            if self.filter.index(row, 0).data(LISTED_ROLE).part.part_id in ids:
                table.selectRow(row)
        table.setSelectionMode(mode)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the ids of the chosen candidates."""
        rows = self.table.selectionModel().selectedRows()
        return tuple(index.data(LISTED_ROLE).part.part_id for index in rows)

    def _pick(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if index.isValid():
            self.picked.emit(index.data(LISTED_ROLE).part)

    def _narrow(self) -> None:
        self.filter.search(self.search.text(), self.state.currentData() or "")
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        chosen = self.table.selectionModel().selectedRows()
        states = {index.data(LISTED_ROLE).state for index in chosen}
        self.confirm.setEnabled(bool(states) and states <= {"open", "asked"})  # what is confirmed is confirmed once
        self.excuse.setEnabled(bool(states) and states <= {"confirmed", "excused"})
        shown, total = self.filter.rowCount(), self.model.rowCount()
        self.count.setText(self._say(_COUNT, shown=shown, all=total, chosen=len(chosen)))

    def _reword(self) -> None:
        at = self.state.currentIndex()
        self.state.blockSignals(True)
        self.state.clear()
        self.state.addItem(self._say(_ALL), "")
        for state, template in STATES.items():
            self.state.addItem(self._say(template), state)
        self.state.setCurrentIndex(max(at, 0))
        self.state.blockSignals(False)
        self._tell_chosen()
