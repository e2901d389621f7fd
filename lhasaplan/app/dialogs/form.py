"""A box with a sentence, rows and buttons, which keeps what was written in vain; and the row that names a template."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPlainTextEdit,
    QPushButton,
    QWidget,
)

from lhasaplan.app.look import Language, fill_choices, in_column, in_row, plain_label
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault

LINES_PX = 76
Field = TypeVar("Field", bound=QWidget)


class Form(QDialog):
    """A box with a sentence, rows, and buttons, in the language of the window."""

    def __init__(self, parent: QWidget | None, say: Language, title: str, text: str, can_refuse: bool = True) -> None:
        super().__init__(parent)
        self._say = say
        self.setWindowTitle(say(title))
        self.setMinimumWidth(380)
        self.may_accept: Callable[[], bool] = lambda: True
        self._unsent: dict[str, list[str]] | None = None  # of the window, where this box keeps its words
        self.rows = QFormLayout()
        self._middle = in_row(self.rows)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel if can_refuse else kinds.Ok)
        drop_icons(self.buttons)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        in_column(plain_label(say(text), wordWrap=True), (self._middle, 1), self.buttons, of=self)

    def add(self, title: str, field: Field) -> Field:
        """Add a row and return its field."""
        self.rows.addRow(self._say(title), field)
        return field

    def line(self, title: str, text: str = "") -> QLineEdit:
        """Add a row with a line to write into."""
        return self.add(title, QLineEdit(text))

    def lines(self, title: str) -> QPlainTextEdit:
        """Add a row with a field of a few lines, in which Tab goes on to the next field."""
        field = self.add(title, QPlainTextEdit(tabChangesFocus=True))
        field.setFixedHeight(LINES_PX)
        return field

    def choice(self, title: str, choices: Mapping[Any, str], chosen: object = None) -> QComboBox:
        """Add a row with values to choose from, by their words."""
        box = self.add(title, QComboBox())
        fill_choices(box, choices, chosen)
        return box

    @property
    def accepting(self) -> QPushButton:
        """Return the button that accepts."""
        return self.buttons.button(QDialogButtonBox.StandardButton.Ok)

    def accept(self) -> None:
        """Accept what the box holds, or leave it open where something in it is wrong and is reported there."""
        if self.may_accept():
            super().accept()

    def lay_beside(self, widget: QWidget) -> None:
        """Lay something to the right of the rows, with all the room that is left."""
        self._middle.addWidget(widget, 1)

    def _order_tabs(self) -> None:
        """Lead the Tab key from the first row to the buttons; Qt would go by the order in which they were made."""
        fields = self._fields()
        for before, after in pairwise([*fields, *self.buttons.buttons()]):
            QWidget.setTabOrder(before, after)
        if fields:
            fields[0].setFocus()

    def _fields(self) -> list[QWidget]:
        """Return the fields from the first row to the last."""
        roles = QFormLayout.ItemRole.LabelRole, QFormLayout.ItemRole.FieldRole, QFormLayout.ItemRole.SpanningRole
        found = (self.rows.itemAt(row, role) for row in range(self.rows.rowCount()) for role in roles)
        widgets = [item.widget() for item in found if item is not None]
        return [widget for widget in widgets if widget is not None and not isinstance(widget, QLabel)]

    def need_words(self, *fields: QLineEdit | QPlainTextEdit) -> None:
        """Let the box be accepted only while each of these fields holds something; what is written is kept until it is done."""

        def judge() -> None:
            texts = (field.text() if isinstance(field, QLineEdit) else field.toPlainText() for field in fields)
            self.accepting.setEnabled(all(text.strip() for text in texts))

        for field in fields:
            field.textChanged.connect(judge)
        parent = self.parentWidget()
        if parent is not None:
            self._unsent = _UNSENT.setdefault(parent, {})
        judge()

    def is_accepted(self) -> bool:
        """Show the box and say whether it was accepted; what was written in vain the last time stands in it again."""
        self._order_tabs()
        if self._unsent is not None:
            for field, text in zip(self._fields(), self._unsent.get(self.windowTitle(), ()), strict=False):
                _write(field, text)
        is_accepted = self.exec() == QDialog.DialogCode.Accepted
        if is_accepted and self._unsent is not None:
            self._unsent[self.windowTitle()] = [_text(field) for field in self._fields()]
        return is_accepted


def drop_icons(box: QDialogButtonBox | QMessageBox) -> None:
    """Leave the words on the buttons of a box alone: Qt puts pictures of an older desktop beside them on Linux."""
    for button in box.buttons():
        button.setIcon(QIcon())


# What was written into boxes of a window and has not led to anything yet, by their titles: a refusal loses no reasons.
_UNSENT: WeakKeyDictionary[QWidget, dict[str, list[str]]] = WeakKeyDictionary()


def forget_words(window: QWidget) -> None:
    """Begin with empty boxes again: what was written is done, or another project came."""
    _UNSENT.pop(window, None)


def _text(field: QWidget) -> str:
    if isinstance(field, QPlainTextEdit):
        return field.toPlainText()
    return field.currentText() if isinstance(field, QComboBox) else field.text() if isinstance(field, QLineEdit) else ""


def _write(field: QWidget, text: str) -> None:
    if isinstance(field, QPlainTextEdit):
        field.setPlainText(text)
    elif isinstance(field, QComboBox):
        field.setCurrentText(text)
    elif isinstance(field, QLineEdit):
        field.setText(text)


# A field for an office's own file that drafts are put in: its path, a button that looks for it, and what is wrong with it.
NONE = marked("none: the layout of the program")
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
        in_column(in_row((self.line, 1), self.button), self.faults, of=self, margin_px=0)
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
        self.faults.setText("\n".join(self._say.translations.fault(fault) for fault in faults))
        self.faults.setVisible(bool(faults))
        if faults:
            self.line.setFocus()
        return not faults
