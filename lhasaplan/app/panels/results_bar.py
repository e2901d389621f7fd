"""The line below a list of results that says why it is empty or old, with the button that ends that."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked

NO_CITY = marked("Findings appear here once a city and its cameras are taken in and the audit is run.")
NO_RESULTS = marked("No results yet.")
STALE = marked("The project was changed since these results. Findings of changed cameras are struck out.")
NOTHING = marked("The analysis found nothing to tell.")
RUN, AGAIN = marked("Run the audit"), marked("Run it again")


class ResultsBar(QWidget):
    """A sentence and a button; it is there while the results are missing, old or empty."""

    wished = Signal()  # run the analysis

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self.text, self.run = plain_label(wordWrap=True), QPushButton()
        self.run.clicked.connect(self.wished)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self.text, 1)
        line.addWidget(self.run)
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
