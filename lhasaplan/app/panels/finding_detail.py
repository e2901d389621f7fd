"""The chosen finding in full: what it says, what of protected places is in view, and what would end it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.models.findings import article_text, finding_text
from lhasaplan.app.panels.cures import CuresList
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import Finding
from lhasaplan.report.facts.surfaces import sighting_behind, surfaces_text

SURFACES = marked("What of it is in view: {surfaces}.")
LEAST_WIDTH_PX = 280


class FindingDetail(QWidget):
    """A column beside the table, there while a finding is chosen; ``text`` is its sentence, which stands below the table."""

    def __init__(self, session: Session, language: Language, names: Names) -> None:
        super().__init__()
        self._session, self._say, self._names = session, language, names
        self._finding: Finding | None = None
        self.text, self.surfaces = _paragraph(), _paragraph()
        self.cures = CuresList(session, language)
        self._lay_out()
        language.changed.connect(self._write)
        names.changed.connect(self._write)
        self.hide()

    def _lay_out(self) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(8, 0, 0, 0)
        column.addWidget(self.cures, 1)  # before what is in view, so that a low window shows what the button applies
        column.addWidget(self.surfaces)
        column.addStretch(0)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll, 1)
        whole.addWidget(self.cures.bar)
        self.setMinimumWidth(LEAST_WIDTH_PX)

    @property
    def finding(self) -> Finding | None:
        """Return the finding that is told."""
        return self._finding

    def show_finding(self, finding: Finding | None) -> None:
        """Tell a finding in full; None takes the column away."""
        self._finding = finding
        self._write()
        self.cures.show_finding(finding)
        self.setVisible(finding is not None)

    def _write(self) -> None:
        finding = self._finding
        if finding is None:
            self.text.clear()
            self.surfaces.clear()
            return
        sentence, article = finding_text(finding, self._say, self._names), article_text(finding, self._say)
        self.text.setText(f"{sentence}  [{article}]")
        surfaces = self._surfaces(finding)
        self.surfaces.setText(self._say(SURFACES, surfaces=surfaces) if surfaces else "")
        self.surfaces.setVisible(bool(surfaces))

    def _surfaces(self, finding: Finding) -> str:
        results = self._session.assessment
        sighting = sighting_behind(finding, results) if results is not None else None
        return surfaces_text(sighting, results.terms, self._say.wording) if results is not None and sighting is not None else ""


def _paragraph() -> QLabel:
    return plain_label(wordWrap=True, textInteractionFlags=Qt.TextInteractionFlag.TextSelectableByMouse)
