"""A box with a sentence, rows, and buttons."""

from collections.abc import Callable
from itertools import pairwise
from weakref import WeakKeyDictionary

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from lhasaplan.app.look.widgets import plain_label


class Form(QDialog):
    """A box with a sentence, rows, and buttons."""

    def __init__(self, parent: QWidget, title: str, text: str, can_refuse: bool = True) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(380)
        self.may_accept: Callable[[], bool] = lambda: True
        self._unsent: dict[str, list[str]] | None = None  # of the window, where this box keeps its words
        self.rows, self._middle = QFormLayout(), QHBoxLayout()
        self._middle.addLayout(self.rows)
        kinds = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel if can_refuse else kinds.Ok)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(plain_label(text, wordWrap=True))
        column.addLayout(self._middle, 1)
        column.addWidget(self.buttons)

    def accept(self) -> None:
        """Accept what the box holds, or leave it open where something in it is wrong and is reported there."""
        if self.may_accept():
            super().accept()

    def name_accepting(self, text: str) -> None:
        """Have the button that accepts say what it does."""
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(text)

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
            self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(all(text.strip() for text in texts))

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
