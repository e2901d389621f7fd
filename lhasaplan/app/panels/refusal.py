"""A card under a field that says why its value cannot be taken, with the ways out as buttons; the form below stays put."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from lhasaplan.app.look.inks import ink
from lhasaplan.app.look.plain_text import plain_label

WayOut = tuple[str, Callable[[], object]]  # what the button says, and what it does


class Refusal(QFrame):
    """Lies over the form; it is there until a way out is taken or the form shows another record."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.text = plain_label(wordWrap=True)
        self.buttons = (QPushButton(), QPushButton())
        self._ways: tuple[WayOut, ...] = ()
        self._field = over
        column = QVBoxLayout(self)
        for widget in (self.text, *self.buttons):
            column.addWidget(widget)
        for number, button in enumerate(self.buttons):
            button.clicked.connect(lambda _on=False, number=number: self._take(number))
        self.hide()

    def show_under(self, field: QWidget, sentence: str, *ways: WayOut) -> None:
        """Say under a field why its value is refused."""
        self._ways, self._field = ways, field
        self.text.setText(sentence)
        self.text.setStyleSheet(f"color: {ink('error').name()};")
        for button, way in zip(self.buttons, (*ways, None, None), strict=False):
            button.setVisible(way is not None)
            button.setText(way[0] if way is not None else "")
        over = self._over
        width = over.width() - 8
        self.resize(width, self.heightForWidth(width) if self.hasHeightForWidth() else self.sizeHint().height())
        corner = field.mapTo(over, QPoint(0, field.height()))
        above = field.mapTo(over, QPoint(0, 0)).y() - self.height()
        self.move(4, corner.y() if corner.y() + self.height() <= over.height() else max(above, 0))
        self.show()
        self.raise_()

    def _take(self, number: int) -> None:
        run = self._ways[number][1]
        self._field.setFocus()
        self.hide()
        run()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Take the last way out, which keeps what is recorded, by Escape."""
        if event.key() == Qt.Key.Key_Escape and self._ways:
            self._take(len(self._ways) - 1)
        else:
            super().keyPressEvent(event)
