"""What is to be noted about the selected camera: what sight assumes, what is unusual, what it costs and is needed for."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.panels.necessity import NecessityBlock
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault

STANDS_ON_ASSUMPTIONS = marked("Its sight is possible, not certain. Not recorded: {fields}.")


class CameraNotes(QScrollArea):
    """Sentences that come and go in a place of their own, so that no field moves under the pointer."""

    def __init__(self, session: Session, language: Language, names: Names, name_field: Callable[[str], str]) -> None:
        super().__init__()
        self._say, self._name_field = language, name_field
        self._assumed: tuple[str, ...] = ()
        self._remarks: tuple[Fault, ...] = ()
        self.assumed, self.remarks = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.necessity = NecessityBlock(session, language, names)
        body = QWidget()
        column = QVBoxLayout(body)
        for widget in (self.remarks, self.assumed, self.necessity):
            column.addWidget(widget)
        column.addStretch(1)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(body)
        language.changed.connect(self._write)
        self._write()

    def set_assumed(self, fields: tuple[str, ...]) -> None:
        """Say which values sight had to assume."""
        self._assumed = fields
        self._write()

    def set_remarks(self, remarks: Sequence[Fault]) -> None:
        """Say what is unusual."""
        self._remarks = tuple(remarks)
        self._write()

    def _write(self) -> None:
        names = ", ".join(map(self._name_field, self._assumed))
        self.assumed.setText(self._say(STANDS_ON_ASSUMPTIONS, fields=names) if names else "")
        self.remarks.setText("\n".join(self._say(each.template, **each.params) for each in self._remarks))
        sheet = f"color: {ink('due').name()};"
        if sheet != self.remarks.styleSheet():  # Qt works it out anew, as it is
            self.remarks.setStyleSheet(sheet)
        self.assumed.setVisible(bool(self._assumed))
        self.remarks.setVisible(bool(self._remarks))
