"""The panel where a person declares what buildings of unknown use are used for."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QPushButton, QTableView, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.tools.unknown_use.model import ROW_ROLE, UnknownUseFilter, UnknownUseModel, rows_of
from lhasaplan.core.base.wording import marked

WIDTHS_PX = (200, 160, 220, 90)
HINT = marked(
    "Nobody knows the use of these buildings: they count as protected for proposals, and in grading at most as a note, likely "
    "dwellings as due. Say by name what you know; what you say leaves the list and can be taken back."
)

if TYPE_CHECKING:
    from lhasaplan.workflow import UnknownListing
_COUNT = marked("{shown} of {all}, {chosen} chosen")


class UnknownUsePanel(QWidget):
    """A table with search; what is said of the buildings that are chosen, of a table, or of an area."""

    wished = Signal()  # the list
    picked = Signal(object)  # Row
    declared = Signal(tuple, str)  # ids, dwelling or not_dwelling
    table_wished = Signal()
    area_wished = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self.model, self.filter = UnknownUseModel(language), UnknownUseFilter()
        self.filter.setSourceModel(self.model)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.count, self.hint = plain_label(), plain_label(wordWrap=True)
        self.list, self.dwelling, self.not_dwelling = QPushButton(), QPushButton(), QPushButton()
        self.by_table, self.by_area = QPushButton(), QPushButton()
        self.table = self._table()
        self._lay_out()
        self._connect(language)
        self._tell_chosen()

    def _table(self) -> QTableView:
        table = QTableView(sortingEnabled=True, showGrid=False, wordWrap=False)
        table.setAlternatingRowColors(True)
        table.setModel(self.filter)
        table.sortByColumn(2, Qt.SortOrder.AscendingOrder)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
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
        for widget in (self.list, self.search, self.dwelling, self.not_dwelling, self.by_table, self.by_area):
            line.addWidget(widget, 1 if widget is self.search else 0)
        told = QHBoxLayout()
        told.addWidget(self.hint, 1)
        told.addWidget(self.count, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(line)
        column.addLayout(told)
        column.addWidget(self.table, 1)

    def _connect(self, language: Language) -> None:
        language.bind(self.search.setPlaceholderText, marked("Search buildings"))
        language.bind(self.list.setText, marked("Find buildings"))
        language.bind(self.dwelling.setText, marked("Lived in…"))
        language.bind(self.not_dwelling.setText, marked("Not lived in…"))
        language.bind(self.by_table.setText, marked("By a table…"))
        language.bind(self.by_area.setText, marked("By area…"))
        language.bind(self.hint.setText, HINT)
        language.changed.connect(self._tell_chosen)
        self.search.textChanged.connect(self._narrow)
        self.list.clicked.connect(self.wished)
        self.by_table.clicked.connect(self.table_wished)
        self.by_area.clicked.connect(self.area_wished)
        self.dwelling.clicked.connect(lambda: self.declared.emit(self.chosen, "dwelling"))
        self.not_dwelling.clicked.connect(lambda: self.declared.emit(self.chosen, "not_dwelling"))
        self.table.selectionModel().selectionChanged.connect(self._tell_chosen)
        self.table.selectionModel().currentRowChanged.connect(self._pick)

    def show_listing(self, listing: "UnknownListing | None") -> None:
        """List these buildings; None takes the list away."""
        self.model.show(rows_of(listing) if listing is not None else ())
        self._tell_chosen()

    @property
    def chosen(self) -> tuple[str, ...]:
        """Return the ids of the chosen buildings."""
        return tuple(index.data(ROW_ROLE).identity for index in self.table.selectionModel().selectedRows())

    def _pick(self, index: Any, _before: Any = None) -> None:
        if index.isValid():
            self.picked.emit(index.data(ROW_ROLE))

    def _narrow(self) -> None:
        self.filter.search(self.search.text())
        self._tell_chosen()

    def _tell_chosen(self) -> None:
        chosen = len(self.table.selectionModel().selectedRows())
        for button in (self.dwelling, self.not_dwelling):
            button.setEnabled(chosen > 0)
        self.count.setText(self._say(_COUNT, shown=self.filter.rowCount(), all=self.model.rowCount(), chosen=chosen))
