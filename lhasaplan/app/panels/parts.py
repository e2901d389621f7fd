"""The panel of confirmed parts: verdicts before and after planned cameras; empty outside the gate, with its reason."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QSplitter, QTableView, QVBoxLayout, QWidget

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.listing_table import listing_table
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.models.listing import ROW_ROLE
from lhasaplan.app.models.parts import KEYS, PartsModel, parts_filter
from lhasaplan.app.panels.part_detail import PartDetail
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.text import words

HEADINGS = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
WIDTHS_PX = (230, 150, 110, 130, 100, 130, 130)
TOLD_BESIDE = tuple(map(KEYS.index, ("category", "cameras", "blockers")))
NO_CHECK = marked("Parts are judged by the check, behind the gate. Run it from the Analysis menu.")
CLOSED = marked("The gate is closed, so no part is judged. What is missing: {missing}")
NO_PARTS = marked("No part is confirmed. Candidates become parts in the panel beside this one.")
STALE = marked("The project was changed since these results. Run the analysis again.")


class PartsPanel(QWidget):
    """A table with search, and beside it the chosen part in full."""

    picked = Signal(object)  # Part

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self._shown: Assessment | None = None
        self.model = PartsModel(language)
        self.filter = parts_filter(self.model)
        self.search, self.hint = QLineEdit(clearButtonEnabled=True), plain_label(wordWrap=True)
        self.table, self.detail = self._table(), PartDetail(language)
        self._lay_out()
        language.bind(self.search.setPlaceholderText, marked("Search parts"))
        self.search.textChanged.connect(self.filter.setFilterFixedString)
        language.changed.connect(self._reword)
        for signal in (session.assessment_changed, session.gate_changed, session.project_changed):
            signal.connect(self._follow)
        self._follow()

    def _table(self) -> QTableView:
        table = listing_table(self.filter, WIDTHS_PX)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setDefaultAlignment(HEADINGS)
        table.horizontalHeader().setMinimumHeight(2 * table.fontMetrics().lineSpacing() + 6)
        table.horizontalHeader().setStretchLastSection(True)
        table.selectionModel().currentRowChanged.connect(self._pick)
        table.clicked.connect(self._pick)
        return table

    def _lay_out(self) -> None:
        self.halves = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.halves.addWidget(self.table)
        self.halves.addWidget(self.detail)
        self.halves.setStretchFactor(0, 3)
        self.halves.setStretchFactor(1, 2)
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        line.addWidget(self.hint, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(line)
        column.addWidget(self.halves, 1)
        column.addStretch(0)

    def _follow(self) -> None:
        """List the parts of the last check while the gate is open as judged for what is now; else say why there are none."""
        results = self._session.assessment
        shown = results if results is not None and results.parts is not None and self._session.may_plan else None
        if shown is not self._shown:
            self._shown = shown
            self.model.show(shown)
            self._show_detail(None)
        self.detail.set_current(self._session.current_results is not None)
        self._tell()

    def _tell(self) -> None:
        has_parts = bool(self.model.rowCount())
        self.search.setVisible(has_parts)
        self.halves.setVisible(has_parts)
        self.hint.setText(self._reason())
        self.hint.setStyleSheet(f"color: {ink('due').name()};" if has_parts else "")

    def _reason(self) -> str:
        if self._shown is not None:
            return self._say(NO_PARTS) if not self._shown.parts else self._say(STALE) if self._session.is_stale else ""
        gate = self._session.gate
        if gate is None or gate.open:
            return self._say(NO_CHECK)
        return self._say(CLOSED, missing=words.running_text(words.said(pair, self._say.wording) for pair in gate.missing))

    def _pick(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if index.isValid():
            self._show_detail(index)
            self.picked.emit(index.data(ROW_ROLE).part)

    def _show_detail(self, index: QModelIndex | None) -> None:
        """Tell a part in full beside the table, which then need not tell all of it too."""
        if index is None:
            self.detail.show_part(None)
        else:
            self.detail.show_part(index.data(ROW_ROLE), index.siblingAtColumn(0).data())
        for column in TOLD_BESIDE:
            self.table.setColumnHidden(column, index is not None)

    def _reword(self) -> None:
        index = self.table.currentIndex()
        if index.isValid():
            self._show_detail(index)
        self._tell()
