"""The chosen part in full: which cameras show it, what hides it, and what would serve it; a click shows a change on the map."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QListWidget, QListWidgetItem, QPushButton, QScrollArea, QVBoxLayout, QWidget

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.panels.cures import APPLIES
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import PartResult, ServiceOption
from lhasaplan.core.results.verdict import NOT_MET
from lhasaplan.report.facts.part_options import blockers_text, in_view_then, none_text, planned_text, service_lines, views_text
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import grouped_text

SHOWN_BY, HIDDEN = marked("Shown by: {cameras}."), marked("Not seen because: {blockers}.")
WOULD_SERVE = marked("Each of these changes was tried out alone and would serve it better. Click one to see it on the map:")
SIDE_EFFECTS = marked("Protected in view then: {places}; ground without a stated purpose then: {area} m².")
STALE = marked("The project was changed since. Run the check again.")
OPTION_ROLE = Qt.ItemDataRole.UserRole + 1
LEAST_WIDTH_PX, LEAST_HEIGHT_PX = 340, 110


class PartDetail(QScrollArea):
    """A column beside the table; it is there while a part is chosen."""

    option_picked = Signal(object, object)  # PartResult, ServiceOption
    option_wished = Signal(object, object)  # the same, to be carried out

    def __init__(self, language: Language, names: Names) -> None:
        super().__init__()
        self._say, self._named = language, names.thing
        self._result: PartResult | None = None
        self._label = ""
        self.text, self.serves = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.options = QListWidget()
        self.options.setWordWrap(True)
        self.options.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.options.itemClicked.connect(self._pick)
        self.options.currentRowChanged.connect(self._judge)
        self.apply, self.reason, self._is_current = QPushButton(), plain_label(wordWrap=True), False
        language.bind(self.apply.setText, marked("Apply this change"))
        language.changed.connect(self._judge)
        self.apply.clicked.connect(self._wish)
        self.options.setMinimumHeight(LEAST_HEIGHT_PX)
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(8, 0, 0, 0)
        for widget in (self.text, self.serves):
            column.addWidget(widget)
        self.bar = QWidget()
        line = QHBoxLayout(self.bar)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.apply)
        line.addWidget(self.reason, 1)
        column.addWidget(self.bar)
        column.addWidget(self.options, 1)
        column.addStretch(0)
        self.setWidget(body)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(LEAST_WIDTH_PX)

    def show_part(self, result: PartResult | None, label: str = "") -> None:
        """Tell a part in full, called by its label; None takes the column away."""
        row = self.options.currentRow() if result is self._result else -1  # written anew, the chosen change stays chosen
        self._result, self._label = result, label
        self.options.clear()
        if result is not None:
            self._write(result, self._say.wording)
            self.options.setCurrentRow(row)
        self.setVisible(result is not None)
        self._judge()

    def set_current(self, is_current: bool) -> None:
        """Say whether the project is as it was when the changes were tried out: only then they hold."""
        self._is_current = is_current
        self._judge()

    def _judge(self, _row: int = 0) -> None:
        self.bar.setVisible(bool(self.options.count()))
        self.apply.setEnabled(self._is_current and self.options.currentItem() is not None)
        self.reason.setText(self._say(APPLIES if self._is_current else STALE))

    def _wish(self) -> None:
        item = self.options.currentItem()
        if self._is_current and item is not None:
            self.option_wished.emit(self._result, item.data(OPTION_ROLE))

    def _write(self, result: PartResult, wording: Wording) -> None:
        blockers = blockers_text(result, wording, self._named)
        hidden = [wording(HIDDEN, blockers=blockers)] if blockers else []
        asked = [wording(result.part.question)] if result.part.question else []
        verdict = f"{self._label}: {words.word(words.VERDICTS, result.verdict, wording)}"
        planned = [planned_text(result, wording, self._named)] if result.verdict in NOT_MET and result.service else []
        shown_by = wording(SHOWN_BY, cameras=views_text(result, wording, self._named))
        self.text.setText("\n".join(line for line in [verdict, *asked, shown_by, *planned, *hidden] if line))
        self.serves.setText(self._serves_text(result))
        self.serves.setVisible(bool(self.serves.text()))
        self.options.setVisible(bool(result.service))
        for option, line in zip(result.service, service_lines(result, wording, self._named), strict=True):
            effects = {"places": in_view_then(option, wording), "area": grouped_text(option.unasked_after_m2, wording)}
            item = QListWidgetItem(f"{line}\n{wording(SIDE_EFFECTS, **effects)}")
            item.setData(OPTION_ROLE, option)
            self.options.addItem(item)

    def _serves_text(self, result: PartResult) -> str:
        if result.service:
            return self._say(WOULD_SERVE)
        names = {result.part.part_id: self._label}
        return none_text(result, self._say.wording, names, self._named) if result.verdict in NOT_MET else ""

    def _pick(self, item: QListWidgetItem) -> None:
        option: ServiceOption = item.data(OPTION_ROLE)
        self.option_picked.emit(self._result, option)
