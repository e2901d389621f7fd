"""The panel that lists findings, tied to the map both ways, and the chosen one in full."""

from collections.abc import Hashable

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHeaderView,
    QLabel,
    QPushButton,
    QScrollArea,
    QSplitter,
    QWidget,
)

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import HAIR_PX, NEAR_PX, NONE_PX, Language, fill_choices, in_column, in_row, ink, plain_label
from lhasaplan.app.models import ROW_ROLE
from lhasaplan.app.models.findings import GROUPS, FindingsSheet, article_text, finding_text
from lhasaplan.app.panels import SheetBar
from lhasaplan.app.panels.fields import ChoiceField
from lhasaplan.app.panels.finding_cards import FindingCards, MitigationsList
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import Finding
from lhasaplan.report.facts.summary import sighting_behind, surfaces_text
from lhasaplan.report.text import words
from lhasaplan.report.text.numerals import bound

# The chosen finding in full: what it says, what of protected places is in view, and what would end it.

SURFACES = marked("In view: {surfaces}.")


class FindingDetail(QWidget):
    """A page of the panel at the right: the sentence, what would end it with before and after, and what is in view."""

    told = Signal(bool)  # there is a finding to be told

    def __init__(self, session: Session, language: Language, names: Names, sheet: FindingsSheet) -> None:
        super().__init__()
        self._session, self._say, self._names, self._sheet = session, language, names, sheet
        self._finding: Finding | None = None
        self.text, self.change, self.surfaces = _paragraph(), _paragraph(), _paragraph()
        self.mitigations = MitigationsList(session, language)
        self.mitigations.list.currentRowChanged.connect(self._compare)
        self._lay_out()
        language.changed.connect(self._write)
        names.changed.connect(self._write)

    def _lay_out(self) -> None:
        body = QWidget()
        # Mitigations come before what is in view, so that a low window shows what the button applies.
        parts = self.text, self.mitigations, self.change, self.surfaces, 1
        in_column(*parts, of=body, margin_px=NEAR_PX, gap_px=NEAR_PX)
        in_column((scrolled_column(body), 1), self.mitigations.bar, of=self, margin_px=NONE_PX, gap_px=NONE_PX)

    @property
    def finding(self) -> Finding | None:
        """Return the finding that is shown."""
        return self._finding

    def show_finding(self, finding: Finding | None) -> None:
        """Tell a finding in full; None takes the page away."""
        self._finding = finding
        self._write()
        self.mitigations.show_finding(finding)
        self._compare()
        self.told.emit(finding is not None)

    def _compare(self, _row: int = 0) -> None:
        """Say what the chosen remedy does to what is in view."""
        choice, finding = self.mitigations.chosen, self._finding
        is_tried = choice is not None and choice.is_tried
        change = self._sheet.change_of(finding, choice.mitigation) if finding is not None and choice and is_tried else ""
        self.change.setText(change)
        self.change.setVisible(bool(change))

    def _write(self) -> None:
        finding = self._finding
        if finding is None:
            self.text.clear()
            self.surfaces.clear()
            return
        sentence, article = finding_text(finding, self._say, self._names), article_text(finding, self._say)
        self.text.setText(bound(f"{sentence}  [{article}]"))
        surfaces = self._surfaces(finding)
        self.surfaces.setText(bound(self._say(SURFACES, surfaces=surfaces)) if surfaces else "")
        self.surfaces.setVisible(bool(surfaces))
        self._compare()

    def _surfaces(self, finding: Finding) -> str:
        results = self._session.assessment
        sighting = sighting_behind(finding, results) if results is not None else None
        return (
            surfaces_text(sighting, results.terms, self._say.translations) if results is not None and sighting is not None else ""
        )


def scrolled_column(body: QWidget) -> QScrollArea:
    """Return what is written below one another, scrolled where there is less room."""
    scroll = QScrollArea(widgetResizable=True)
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(body)
    return scroll


def _paragraph() -> QLabel:
    return plain_label(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)


# The line below a list of results that says why it is empty or old, with the button that ends that.

NO_CITY = marked("Findings appear here after you import a city with its cameras and run the audit.")
NO_RESULTS = marked("No results yet.")
STALE = marked("The project was changed after these results. Findings of changed cameras are crossed out.")
NOTHING = marked("Nothing was found.")
RUN, AGAIN = marked("Run the audit"), marked("Run it again")


class ResultsBar(QWidget):
    """A sentence and a button; it is there while the results are missing, old or empty."""

    wished = Signal()  # run the analysis

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self.text, self.run = plain_label(wordWrap=True), QPushButton()
        self.run.clicked.connect(self.wished)
        in_row((self.text, 1), self.run, of=self, margin_px=0)
        for signal in (session.project_changed, session.assessment_changed, language.changed):
            signal.connect(self.write)
        self.write()

    def write(self) -> None:
        """Say what is the matter with the results now."""
        session = self._session
        results, is_stale = session.assessment, session.is_stale
        self.text.setText(self._say(self._reason()))
        sheet = f"color: {ink('due').name()};" if is_stale else ""
        if sheet != self.text.styleSheet():  # Qt works it out anew, as it is
            self.text.setStyleSheet(sheet)
        self.run.setText(self._say(AGAIN if is_stale else RUN))
        self.run.setVisible(bool(session.project.crs) and (results is None or is_stale))
        self.setVisible(results is None or is_stale or not results.findings)

    def _reason(self) -> str:
        if not self._session.project.crs:
            return NO_CITY
        if self._session.assessment is None:
            return NO_RESULTS
        return STALE if self._session.is_stale else NOTHING


# The panel that lists findings: search, sort, group and filter, tied to the map both ways.

NARROW_PX = 700  # a panel less wide has the table alone
_ALL = marked("all severities")


class FindingsPanel(QWidget):
    """A table, and beside it the same findings as cards to read; the chosen one stands in full in the panel at the right."""

    picked = Signal(object)  # Finding
    dropped = Signal()  # the finding that was told is gone

    def __init__(self, session: Session, language: Language, names: Names) -> None:
        super().__init__()
        self._say, self._session = language, session
        self._is_following = False  # a choice on the map is shown here, and does not move the map again
        self.model = self.filter = FindingsSheet(language, names)
        self.severity = ChoiceField(sizeAdjustPolicy=QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.of_camera = QCheckBox()
        self.results = ResultsBar(session, language)
        self.detail = FindingDetail(session, language, names, self.model)
        self.table = SheetView("findings", self.model, language, session.preferences)
        self.cards = FindingCards(self.model, self.table, language)
        self.sheet_bar = SheetBar(
            self.table, language, marked("Search findings"), GROUPS, widgets=(self.severity, self.of_camera)
        )
        self.search, self.count, self.bar = self.sheet_bar.search, self.sheet_bar.count, self.results
        self._lay_out()
        language.bind(self.of_camera.setText, marked("only of the selected camera"))
        language.changed.connect(self._reword)
        session.selection_changed.connect(self._follow_cameras)
        session.project_changed.connect(self._strike)
        session.assessment_changed.connect(self._strike)
        session.assessment_changed.connect(self._list)
        self.of_camera.toggled.connect(self._narrow)
        self.severity.currentIndexChanged.connect(self._narrow)
        self.table.chosen_changed.connect(self._take_chosen)
        self.table.clicked.connect(self._pick_again)
        self.cards.picked.connect(self._pick_card)
        self._reword()

    def _lay_out(self) -> None:
        self.table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        self.halves = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        for widget, stretch in ((self.table, 4), (self.cards, 3)):
            self.halves.addWidget(widget)
            self.halves.setStretchFactor(self.halves.count() - 1, stretch)
        # The results are below: their coming and going moves no row under the pointer.
        in_column(self.sheet_bar, (self.halves, 1), self.results, of=self, margin_px=NEAR_PX, gap_px=HAIR_PX)

    def show_findings(self, findings: tuple[Finding, ...], results: Assessment | None = None) -> None:
        """List these findings; those that were chosen stay chosen while they are found."""
        self.model.show(findings, results)
        self._tell_chosen()

    def _list(self) -> None:
        results = self._session.assessment
        self.show_findings(results.findings if results is not None else (), results)
        if self.detail.finding is None:
            self.dropped.emit()

    # Tied to the map

    def _follow_cameras(self) -> None:
        """Choose the gravest finding of each selected camera, unless findings of these cameras are chosen already."""
        if self.of_camera.isChecked():
            self._narrow()
        wanted = self._session.selection.ids
        chosen = self.table.chosen_rows
        if not wanted or (chosen and {one for finding in chosen for one in finding.camera_ids} >= set(wanted)):
            return
        kept: list[Hashable] = [each.finding_id for each in chosen if set(each.camera_ids) & set(wanted)]
        reported = {one for each in chosen for one in each.camera_ids}
        firsts = (self.model.first_of(one) for one in wanted if one not in reported)
        self._is_following = True
        self.table.choose_rows([*kept, *(each.finding_id for each in firsts if each is not None)])
        self._is_following = False
        self._tell_chosen()

    def _take_chosen(self) -> None:
        """Tell the finding that was chosen last; go to it on the map, and select the cameras of all that are chosen."""
        self._tell_chosen()
        chosen = self.table.chosen_rows
        if self._is_following or not chosen:
            return
        if len(chosen) == 1:
            self.picked.emit(chosen[0])
        else:
            self._session.selection.choose(*(one for finding in chosen for one in finding.camera_ids))

    def _pick_again(self, index: QModelIndex) -> None:
        """Go to a finding that is clicked once more."""
        finding = index.data(ROW_ROLE)
        if finding is not None and self.table.chosen_rows == (finding,):
            self.picked.emit(finding)

    def _pick_card(self, finding: Finding) -> None:
        """Go to the finding of a card."""
        self._is_following = True
        self.table.choose_rows([finding.finding_id])
        self._is_following = False
        self._tell_chosen()
        self.picked.emit(finding)

    def _strike(self) -> None:
        self.model.strike(self._session.changed_ids)

    def _tell_chosen(self) -> None:
        chosen = self.table.chosen_rows
        self.detail.show_finding(chosen[-1] if chosen else None)
        self.cards.follow()  # also what was chosen on the map, of which the table says nothing

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Leave a narrow panel to the table."""
        super().resizeEvent(event)
        self.cards.setVisible(self.width() >= NARROW_PX)

    def _narrow(self) -> None:
        severity, ids = self.severity.currentData() or "", frozenset(self._session.selection.ids)
        is_of = self.of_camera.isChecked() and bool(ids)
        if not severity and not is_of:
            self.model.keep(None)
        else:
            self.model.keep(lambda f: severity in ("", f.severity) and (not is_of or not ids.isdisjoint(f.camera_ids)))

    def _reword(self) -> None:
        """Write the severities again, keeping the one that was chosen."""
        fill_choices(self.severity, {"": self._say(_ALL), **self._say.words(words.SEVERITIES)})
