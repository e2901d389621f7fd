"""A quiet sign beside a field whose value is unusual; its place is kept while there is none, so no field moves."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.plain_text import plain_tip

SIGN, WIDTH_PX = "!", 12


class RemarkSign(QLabel):
    """Empty, or a mark whose tip says what is unusual."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = ("", "")  # sentences and colour
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFixedWidth(WIDTH_PX)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)

    def show_remarks(self, sentences: Sequence[str]) -> None:
        """Show the mark with these sentences in its tip; without any it goes."""
        told = "\n".join(sentences)
        shown = told, ink("due").name()
        if shown == self._shown:  # a drag asks at each step, and a style sheet is slow
            return
        self._shown = shown
        self.setText(SIGN if told else "")
        self.setStyleSheet(f"color: {shown[1]}; font-weight: bold;")
        self.setToolTip(plain_tip(told))
        self.setAccessibleDescription(told)


def with_sign(field: QWidget, sign: RemarkSign) -> QWidget:
    """Return a field with its sign beside it."""
    both = QWidget()
    row = QHBoxLayout(both)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(4)
    row.addWidget(field, 1)
    row.addWidget(sign)
    return both
