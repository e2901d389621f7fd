"""The panel that lists findings: filter, sort, and go to the place of one."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.listing_table import listing_table
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.models.findings import FindingsFilter, FindingsModel
from lhasaplan.app.models.listing import ROW_ROLE
from lhasaplan.app.panels.finding_detail import FindingDetail
from lhasaplan.app.panels.results_bar import ResultsBar
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Finding
from lhasaplan.report.text import words

CERTAINTY, TOLD_BESIDE = 1, (4, 5)
WIDTHS_PX = (78, 78, 120, 400, 220, 150)
NARROW_PX = 820  # a table less wide leaves cure and article to the finding in full


class FindingsPanel(QWidget):
    """A table, and beside it the chosen finding in full."""

    picked = Signal(object)  # Finding
    dropped = Signal()  # the finding that was told is gone

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._say, self._session = language, session
        self._is_following = False  # a choice on the map is shown here, and does not move the map again
        self.model = FindingsModel(language)
        self.filter = FindingsFilter()
        self.filter.setSourceModel(self.model)
        self.search = QLineEdit(clearButtonEnabled=True)
        self.severity = QComboBox(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.count, self.of_camera = plain_label(), QCheckBox()
        self.bar = ResultsBar(session, language)
        self.detail = FindingDetail(session, language)
        self.table = self._table()
        self._lay_out()
        language.bind(self.search.setPlaceholderText, marked("Search findings"))
        language.bind(self.of_camera.setText, marked("of the camera at hand"))
        language.changed.connect(self._reword)
        session.selection_changed.connect(self._follow_camera)
        session.project_changed.connect(self._strike)
        session.assessment_changed.connect(self._strike)
        session.assessment_changed.connect(self._list)
        self.search.textChanged.connect(self._narrow)
        self.of_camera.toggled.connect(self._narrow)
        self.severity.currentIndexChanged.connect(self._narrow)
        self._reword()

    def _table(self) -> QTableView:
        table = listing_table(self.filter, WIDTHS_PX)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.horizontalHeader().setSectionResizeMode(3, QHeaderView.ResizeMode.Stretch)
        table.selectionModel().currentRowChanged.connect(self._pick)
        table.clicked.connect(self._pick)
        return table

    def _lay_out(self) -> None:
        line = QHBoxLayout()
        line.addWidget(self.search, 1)
        for widget in (self.severity, self.of_camera, self.count):
            line.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addLayout(line)
        column.addWidget(self._halves(), 1)
        column.addWidget(self.bar)  # below: its coming and going moves no row under the pointer

    def _halves(self) -> QSplitter:
        halves = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        halves.addWidget(self.table)
        halves.addWidget(self.detail)
        halves.setStretchFactor(0, 3)
        halves.setStretchFactor(1, 2)
        return halves

    def show_findings(self, findings: tuple[Finding, ...]) -> None:
        """List these findings; the one that was chosen stays chosen while it is found."""
        chosen = self.detail.finding
        self.model.show(findings)
        self._show_detail(None)
        if chosen is not None:
            self._choose(next((one for one in findings if one.finding_id == chosen.finding_id), None))
        self._count()

    def _list(self) -> None:
        results = self._session.assessment
        self.show_findings(results.findings if results is not None else ())
        if self.detail.finding is None:
            self.dropped.emit()

    def _follow_camera(self) -> None:
        """Choose the gravest finding of the selected camera, unless one of its findings is chosen already."""
        camera_id, chosen = self._session.selected_id, self.detail.finding
        if self.of_camera.isChecked():
            self._narrow()
        if camera_id and (chosen is None or camera_id not in chosen.camera_ids):
            self._choose(self.model.first_of(camera_id))

    def _choose(self, finding: Finding | None) -> None:
        """Choose a finding without going to it; nothing where the list does not show it."""
        index = self.filter.mapFromSource(self.model.index_of(finding)) if finding is not None else QModelIndex()
        self._is_following = True
        self.table.setCurrentIndex(index)
        if not index.isValid():
            self._show_detail(None)
        self._is_following = False

    def _strike(self) -> None:
        self.model.strike(self._session.changed_ids)

    def _pick(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if index.isValid():
            finding = index.data(ROW_ROLE)
            self._show_detail(finding)
            if not self._is_following:
                self.picked.emit(finding)

    def _show_detail(self, finding: Finding | None) -> None:
        """Tell a finding in full beside the table, which then need not tell cure and article too."""
        self.detail.show_finding(finding)
        self._fit_columns()

    def _fit_columns(self) -> None:
        """Leave cure and article to the finding in full where it stands beside the table, or where there is no room."""
        is_told, is_narrow = not self.detail.isHidden(), self.width() < NARROW_PX
        for column in TOLD_BESIDE:
            self.table.setColumnHidden(column, is_told or is_narrow)
        self.table.setColumnHidden(CERTAINTY, is_told and is_narrow)  # the sentence says "can" or "may be able to"

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Fit the columns to another width."""
        super().resizeEvent(event)
        self._fit_columns()

    def _narrow(self) -> None:
        camera_id = self._session.selected_id if self.of_camera.isChecked() else ""
        self.filter.search(self.search.text(), self.severity.currentData() or "", camera_id)
        self._count()

    def _count(self) -> None:
        self.count.setText(self._say(_COUNT, shown=self.filter.rowCount(), all=self.model.rowCount()))

    def _reword(self) -> None:
        """Write the severities again, keeping the one that was chosen."""
        chosen = self.severity.currentIndex()
        self.severity.blockSignals(True)
        self.severity.clear()
        self.severity.addItem(self._say(_ALL), "")
        for severity, template in words.SEVERITIES.items():
            self.severity.addItem(self._say(template), severity)
        self.severity.setCurrentIndex(max(chosen, 0))
        self.severity.blockSignals(False)
        self._count()


_COUNT, _ALL = marked("{shown} of {all}"), marked("all severities")
