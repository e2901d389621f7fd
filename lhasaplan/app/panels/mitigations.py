"""The list of what would end the chosen finding, and the button that applies a mitigation to the record of its camera."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.widgets import plain_label
from lhasaplan.app.models.findings import Choice, choices_of
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.finding import Finding

LEAST_HEIGHT_PX = 88
CHOICE_ROLE = Qt.ItemDataRole.UserRole + 1
NOT_TRIED = marked("Only a computed remedy can be applied here.")
CHANGED = marked("The camera was changed after the analysis. Run the analysis again.")
APPLIES = marked("The program computed this remedy. You can undo it.")
APPLY, RECORD = marked("Apply this remedy"), marked("Record as carried out")
RECORDS = marked(
    "The gate is not open, so nothing can be planned. This step corrects the record, as if the camera were "
    "already changed. You can undo it."
)


class MitigationsList(QWidget):
    """A line a mitigation; the chosen one can be applied when it was tried out on the camera as it is recorded now.

    The ``bar`` with the button stands apart, so that it stays in view while the list is scrolled.
    """

    apply_wished = Signal(object, object)  # Finding, Mitigation

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self._finding: Finding | None = None
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMinimumHeight(LEAST_HEIGHT_PX)
        self.apply, self.reason = QPushButton(), plain_label(wordWrap=True)
        self._lay_out()
        language.changed.connect(self._write)
        for changed in (session.project_changed, session.assessment_changed, session.gate_changed):
            changed.connect(self._judge)
        self.list.currentRowChanged.connect(self._judge)
        self.apply.clicked.connect(self._wish)

    def _lay_out(self) -> None:
        self.bar = QWidget()
        line = QHBoxLayout(self.bar)
        line.setContentsMargins(8, 0, 0, 0)
        line.addWidget(self.apply)
        line.addWidget(self.reason, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.list, 1)

    def show_finding(self, finding: Finding | None) -> None:
        """List the mitigations of a finding; nothing is shown where none is known."""
        self._finding = finding
        self._write()

    @property
    def chosen(self) -> Choice | None:
        """Return the chosen mitigation."""
        item = self.list.currentItem()
        choice: Choice | None = item.data(CHOICE_ROLE) if item is not None else None
        return choice

    def _write(self) -> None:
        row = max(self.list.currentRow(), 0)
        self.list.clear()
        for choice in choices_of(self._finding, self._say) if self._finding is not None else ():
            item = QListWidgetItem(choice.text)
            item.setData(CHOICE_ROLE, choice)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        for widget in (self, self.bar):
            widget.setVisible(bool(self.list.count()))
        self._judge()

    def _judge(self) -> None:
        """Say whether the chosen mitigation can be applied, and what that does, or why not."""
        choice, plans = self.chosen, self._session.may_plan
        self.apply.setText(self._say(APPLY if plans else RECORD))
        if choice is None or self._finding is None:
            return
        is_current = self._session.is_as_assessed(self._finding.camera_id)
        self.apply.setEnabled(choice.is_tried and is_current)
        does = APPLIES if plans else RECORDS
        self.reason.setText(self._say(NOT_TRIED if not choice.is_tried else does if is_current else CHANGED))

    def _wish(self) -> None:
        if self.chosen is not None and self._finding is not None:
            self.apply_wished.emit(self._finding, self.chosen.mitigation)
