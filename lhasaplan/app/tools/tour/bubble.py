"""A bubble of the tour: it points at a part of the window, frames it, and leads on."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.plain_text import plain_label
from lhasaplan.app.look.spacing import GAP_PX, WIDE_PX, space
from lhasaplan.app.look.type_scale import Letters, write_as
from lhasaplan.app.tools.tour.steps import Step
from lhasaplan.core.base.wording import marked

COUNT = marked("{number} of {count}")
WIDTH_PX, AWAY_PX, FRAME_PX = 400, 14, 3
WAYS = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}
ACCENT = QColor("#ff7a00")


class Outline(QWidget):
    """A frame round a part of the window; the mouse passes through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Paint the frame."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ACCENT, FRAME_PX))
        painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 6, 6)


class Bubble(QFrame):
    """Stands inside the window, near what it tells of; Esc leaves, the arrows and Enter lead on."""

    stepped = Signal(int)
    left = Signal()

    def __init__(self, window: QWidget, language: Language) -> None:
        super().__init__(window)
        self._window, self._say = window, language
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.ToolTipBase)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.outline = Outline(window)
        self.title, self.words, self.count = plain_label(wordWrap=True), plain_label(wordWrap=True), plain_label()
        write_as(self.title, Letters.HEADING)
        self.end, self.before, self.next = QPushButton(), QPushButton(), QPushButton()
        self.end.clicked.connect(self.left)
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        foot = QHBoxLayout()
        foot.setSpacing(GAP_PX)
        foot.addWidget(self.count)
        foot.addStretch(1)
        for button in (self.end, self.before, self.next):
            button.installEventFilter(self)
            foot.addWidget(button)
        column = QVBoxLayout(self)
        space(column, WIDE_PX, GAP_PX)
        for widget in (self.title, self.words):
            column.addWidget(widget)
        column.addLayout(foot)
        self.setFixedWidth(WIDTH_PX)

    def tell(self, step: Step, number: int, count: int, target: QWidget) -> None:
        """Tell a step beside its part of the window."""
        say, is_last = self._say, number == count - 1
        self.title.setText(say(step.title))
        self.words.setText(say(step.words))
        self.count.setText(say(COUNT, number=number + 1, count=count))
        self.end.setText(say(marked("Leave")))
        self.before.setText(say(marked("Back")))
        self.next.setText(say(marked("Done") if is_last else marked("Next")))
        self.before.setEnabled(number > 0)
        frame = QRect(target.mapTo(self._window, QPoint(0, 0)), target.size())
        self.outline.setGeometry(frame)
        self._stand_at(frame)
        for each in (self.outline, self):
            each.show()
            each.raise_()
        self.next.setFocus()

    def _stand_at(self, frame: QRect) -> None:
        """Stand right of a part, else left of it, else inside it, and never beyond the window."""
        room = self._window.rect().adjusted(AWAY_PX, AWAY_PX, -AWAY_PX, -AWAY_PX)
        height = max(self.heightForWidth(WIDTH_PX), self.sizeHint().height())
        self.resize(WIDTH_PX, height)
        right, left = frame.right() + AWAY_PX, frame.left() - AWAY_PX - WIDTH_PX
        x = right if right + WIDTH_PX <= room.right() else left if left >= room.left() else frame.center().x() - WIDTH_PX // 2
        below = frame.bottom() + AWAY_PX
        y = below if frame.height() < height and below + height <= room.bottom() else frame.top() + AWAY_PX
        self.move(
            min(max(x, room.left()), room.right() - WIDTH_PX),
            min(max(y, room.top()), max(room.bottom() - height, room.top())),
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Take the arrows from the buttons: they would give the keys away, to the map in the end."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and Qt.Key(event.key()) in WAYS:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave by Esc; go on and back by the arrows."""
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in WAYS:
            self.stepped.emit(WAYS[key])
        else:
            super().keyPressEvent(event)
