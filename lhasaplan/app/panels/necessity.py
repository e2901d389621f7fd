"""What the selected camera costs and is needed for: the row of the drafts' table, so that numbers agree."""

from dataclasses import replace
from html import escape

from PySide6.QtWidgets import QLabel

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.facts.necessity import necessity_table
from lhasaplan.report.facts.tables import part_labels

TITLE = marked("What it costs and is needed for")
NOT_ANSWERED = marked("Run the audit to see what this camera costs and is needed for.")
BEFORE_CHANGE = marked("The camera was changed since. Run the analysis again.")
ABOUT = ("area_m2", "unasked_percent", "night_percent", "homes", "protected", "likely", "lost", "milder")


class NecessityBlock(QLabel):
    """A small table of the selected camera; a sentence where the analysis has not looked at it."""

    def __init__(self, session: Session, language: Language, names: Names) -> None:
        super().__init__(wordWrap=True)
        self._session, self._say, self._names = session, language, names
        signals = (
            session.selection_changed,
            session.project_changed,
            session.assessment_changed,
            language.changed,
            names.changed,
        )
        for signal in signals:
            signal.connect(self._write)
        self._write()

    def _write(self) -> None:
        self.setVisible(self._session.selected is not None)
        results, result = self._session.assessment, self._result()
        if results is None or result is None:
            self.setText(f"<p>{escape(self._say(NOT_ANSWERED))}</p>" if results is None else "")
            self.setVisible(results is None and self._session.selected is not None)
            return
        is_current = self._session.is_as_assessed(self._session.selected_id)
        note = "" if is_current else f"<p style='color:{ink('due').name()}; margin:2px 0'>{escape(self._say(BEFORE_CHANGE))}</p>"
        self.setText(f"<p style='margin:4px 0 2px 0'><b>{escape(self._say(TITLE))}</b></p>{note}{self._table(results, result)}")

    def _result(self) -> CameraResult | None:
        results, wanted = self._session.assessment, self._session.selected_id
        each = results.cameras if results is not None else ()
        return next((one for one in each if one.placed.camera.camera_id == wanted), None)

    def _table(self, results: Assessment, result: CameraResult) -> str:
        """Return the lines about one camera; what is not known has a dash, as in the drafts."""
        wording = worded(self._say.wording, results)
        labels = {part: self._names.part(part) or label for part, label in part_labels(results, wording).items()}
        table = necessity_table(replace(results, cameras=(result,)), wording, labels)
        cells = zip(table.columns, table.rows[0], strict=True)
        told = ((c, self._names.camera(raw) if c.key == "milder" else raw) for c, raw in cells if c.key in ABOUT)
        lines = [(c.heading(wording), c.text(raw, wording)) for c, raw in told]
        rows = "".join(f"<tr><td>{escape(name)}</td><td align='right'>{escape(text)}</td></tr>" for name, text in lines)
        return f"<table width='100%' cellpadding='2'>{rows}</table>"
