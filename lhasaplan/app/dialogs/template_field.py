"""A field for an office's own file that drafts are put in: its path, a button that looks for it, and what is wrong with it."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault

NONE = marked("none: as the program sets drafts")
CHOOSE = marked("Choose a template")
ROOM_PX = 320
Judge = Callable[[Sequence[Path]], Sequence[Fault]]


class TemplateField(QWidget):
    """Where one file is named; nothing in it is no template. What is wrong stands below it until it is changed."""

    def __init__(self, say: Language, name: str, path: str, look_for: Callable[[], str]) -> None:
        super().__init__()
        self._say, self._look_for = say, look_for
        self.line, self.button = QLineEdit(path, placeholderText=say(NONE)), QPushButton("…")
        self.line.setAccessibleName(say(name))
        self.line.setMinimumWidth(ROOM_PX)
        self.button.setAutoDefault(False)  # the Return key accepts the box
        self.button.setAccessibleName(say(CHOOSE))
        self.button.setToolTip(say(CHOOSE))
        self.faults = plain_label("", wordWrap=True)
        self.faults.setObjectName("warning")
        self.faults.hide()
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self.faults)
        self.setFocusProxy(self.line)
        self.button.clicked.connect(self._choose)
        self.line.textChanged.connect(self.faults.hide)

    def _choose(self) -> None:
        found = self._look_for()
        if found:
            self.line.setText(found)

    @property
    def path(self) -> Path | None:
        """The file that is named, None where none is."""
        text = self.line.text().strip()
        return Path(text).expanduser() if text else None

    def is_sound(self, judge: Judge) -> bool:
        """Say whether the file can be a template; what is wrong is shown here, all at once."""
        faults = judge([self.path]) if self.path is not None else ()
        self.faults.setText("\n".join(self._say.wording.fault(fault) for fault in faults))
        self.faults.setVisible(bool(faults))
        if faults:
            self.line.setFocus()
        return not faults
