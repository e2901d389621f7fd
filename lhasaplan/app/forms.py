"""A box with a sentence, rows, and buttons."""

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget


class Form(QDialog):
    """A box with a sentence, rows, and buttons."""

    def __init__(self, parent: QWidget, title: str, text: str, can_refuse: bool = True) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setMinimumWidth(380)
        self.rows = QFormLayout()
        kinds = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(kinds.Ok | kinds.Cancel if can_refuse else kinds.Ok)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(QLabel(text, wordWrap=True))
        column.addLayout(self.rows)
        column.addWidget(buttons)

    def is_accepted(self) -> bool:
        """Show the box and say whether it was accepted."""
        return self.exec() == QDialog.DialogCode.Accepted
