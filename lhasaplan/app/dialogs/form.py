"""A box with a sentence, rows, and buttons."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
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
        """Accept what the box holds, or leave it open where something in it is wrong and is told there."""
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
        roles = QFormLayout.ItemRole.FieldRole, QFormLayout.ItemRole.SpanningRole
        found = (self.rows.itemAt(row, role) for row in range(self.rows.rowCount()) for role in roles)
        widgets = [item.widget() for item in found if item is not None]
        fields = [widget for widget in widgets if widget is not None]
        for before, after in pairwise([*fields, *self.buttons.buttons()]):
            QWidget.setTabOrder(before, after)
        if fields:
            fields[0].setFocus()

    def need_words(self, *fields: QLineEdit | QPlainTextEdit) -> None:
        """Let the box be accepted only while each of these fields holds something."""

        def judge() -> None:
            texts = (field.text() if isinstance(field, QLineEdit) else field.toPlainText() for field in fields)
            self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(all(text.strip() for text in texts))

        for field in fields:
            field.textChanged.connect(judge)
        judge()

    def is_accepted(self) -> bool:
        """Show the box and say whether it was accepted."""
        self._order_tabs()
        return self.exec() == QDialog.DialogCode.Accepted
