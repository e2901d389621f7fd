"""The panel of confirmed parts: verdicts before and after planned cameras; empty outside the gate, with its reason."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.models.listing import ROW_ROLE
from lhasaplan.app.models.parts import PartsSheet
from lhasaplan.app.panels.part_detail import PartDetail
from lhasaplan.app.panels.sheet_bar import SheetBar
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.text import words

GROUPS = ("category", "verdict", "verdict_after", "responsible")
NO_CHECK = marked("Parts are judged by the check, behind the gate. Run it from the Analysis menu.")
CLOSED = marked("The gate is closed, so no part is judged. What is missing: {missing}")
NO_PARTS = marked("No part is confirmed. Candidates become parts in the panel beside this one.")
STALE = marked("The project was changed since these results. Run the analysis again.")


class PartsPanel(QWidget):
    """A table with search, and beside it the chosen part in full."""

    picked = Signal(object)  # Part

    def __init__(self, session: Session, language: Language, names: Names) -> None:
        super().__init__()
        self._session, self._say = session, language
        self._shown: Assessment | None = None
        self.model = self.filter = PartsSheet(language, names)
        self.hint = plain_label(wordWrap=True)
        self.table = SheetView("parts", self.model, language, session.preferences)
        self.sheet_bar = SheetBar(self.table, language, marked("Search parts"), GROUPS)
        self.search, self.detail = self.sheet_bar.search, PartDetail(language, names)
        self._lay_out()
        language.changed.connect(self._reword)
        names.changed.connect(self._reword)
        self.table.chosen_changed.connect(self._take_chosen)
        self.table.clicked.connect(self._pick_again)
        for signal in (session.assessment_changed, session.gate_changed, session.project_changed):
            signal.connect(self._follow)
        session.selection_changed.connect(self._follow_cameras)
        self._follow()

    def _lay_out(self) -> None:
        self.halves = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.halves.addWidget(self.table)
        self.halves.addWidget(self.detail)
        self.halves.setStretchFactor(0, 5)
        self.halves.setStretchFactor(1, 2)
        line = QHBoxLayout()
        line.addWidget(self.sheet_bar, 2)
        line.addWidget(self.hint, 1)
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
            self._show_detail()
        self.detail.set_current(self._session.current_results is not None)
        self._tell()

    def _tell(self) -> None:
        has_parts = bool(self.model.all_rows)
        self.sheet_bar.setVisible(has_parts)
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

    def _take_chosen(self) -> None:
        self._show_detail()
        chosen = self.table.chosen_rows
        if len(chosen) == 1:
            self.picked.emit(chosen[0].part)

    def _pick_again(self, index: QModelIndex) -> None:
        """Go to a part that is clicked once more."""
        result = index.data(ROW_ROLE)
        if result is not None and self.table.chosen_rows == (result,):
            self.picked.emit(result.part)

    def _follow_cameras(self) -> None:
        """Choose the parts that the selected cameras show, unless one of those is chosen already, or all this is old."""
        if self._session.is_stale:
            return
        wanted = set(self._session.selection.ids)
        shown = [each for each in self.model.all_rows if wanted & set(each.cameras)]
        chosen = self.table.chosen_rows
        if shown and not any(wanted & set(each.cameras) for each in chosen):
            self.table.choose_rows([each.part.part_id for each in shown])
            self._show_detail()

    def _show_detail(self) -> None:
        """Tell the part that was chosen last in full beside the table."""
        chosen = self.table.chosen_rows
        if chosen:
            self.detail.show_part(chosen[-1], self.model.label(chosen[-1]))
        else:
            self.detail.show_part(None)

    def _reword(self) -> None:
        if self.table.chosen_rows:
            self._show_detail()
        self._tell()
