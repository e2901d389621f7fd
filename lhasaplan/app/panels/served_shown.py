"""A small chart of what each choice serves, to the right, against the ground it shows that nobody asks for, to the left."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import GAP_PX, HAIR_PX, ink, plain_tip
from lhasaplan.core.base.translations import marked
from lhasaplan.report.facts.part_options import SERVED, UNASKED
from lhasaplan.report.text.numerals import number_text

NAME = marked("What it serves against what it shows")
IN_WORDS = marked("{name}: serves {share} %, shows {unasked} m² that nobody asks for")
MOST_ROWS, NAME_SHARE, WIDTH_PX = 8, 0.42, 260


class ServedShownRow(NamedTuple):
    """A choice: what it is called, the share of what is asked that it serves, and the ground it shows beside that."""

    name: str
    share: float
    unasked_m2: float
    is_chosen: bool = False


class ServedShownChart(QWidget):
    """A row a choice with two bars and their figures; the same in words for people who do not see it."""

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say, self.rows = language, tuple[ServedShownRow, ...]()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        language.changed.connect(self._write)
        self.show_rows(())

    def show_rows(self, rows: Sequence[ServedShownRow]) -> None:
        """Draw other choices; none takes the chart away."""
        self.rows = tuple(rows[:MOST_ROWS])
        self.setVisible(bool(self.rows))
        self.updateGeometry()
        self._write()

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of a heading and all rows."""
        return QSize(WIDTH_PX, (1 + len(self.rows)) * self._line_px() + HAIR_PX)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a size at which it is still read."""
        return QSize(WIDTH_PX // 2, self.sizeHint().height())

    @property
    def in_words(self) -> str:
        """Return every row as a sentence."""
        return "\n".join(
            self._say(IN_WORDS, name=each.name, share=self._percent(each), unasked=self._area(each)) for each in self.rows
        )

    def _write(self) -> None:
        self.setAccessibleName(self._say(NAME))
        self.setAccessibleDescription(self.in_words)
        self.setToolTip(plain_tip(self.in_words))
        self.update()

    def _line_px(self) -> int:
        return self.fontMetrics().height() + HAIR_PX

    def _percent(self, row: ServedShownRow) -> str:
        return number_text(100.0 * row.share, self._say.translations)

    def _area(self, row: ServedShownRow) -> str:
        return number_text(row.unasked_m2, self._say.translations)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw the headings, then each row from the line in the middle to both sides."""
        painter, line_px = QPainter(self), float(self._line_px())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics, font = painter.fontMetrics(), painter.font()
        text = self.palette().color(QPalette.ColorRole.WindowText)
        names_px = self.width() * NAME_SHARE
        figures_px = max([float(metrics.horizontalAdvance(self._area(row))) for row in self.rows], default=0.0) + HAIR_PX
        percent_px = metrics.horizontalAdvance("100") + 2 * HAIR_PX
        side_px = max((self.width() - names_px - figures_px - percent_px - GAP_PX) / 2.0, 8.0)
        middle = names_px + GAP_PX + figures_px + side_px
        most_m2 = max([1.0, *(row.unasked_m2 for row in self.rows)])
        self._head(painter, middle, line_px)
        for number, row in enumerate(self.rows, start=1):
            room = QRectF(0.0, number * line_px, self.width(), line_px)
            painter.setPen(text)
            font.setBold(row.is_chosen)
            painter.setFont(font)
            name = painter.fontMetrics().elidedText(row.name, Qt.TextElideMode.ElideRight, round(names_px))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), name)
            left, right = side_px * row.unasked_m2 / most_m2, side_px * row.share
            self._bar(painter, QRectF(middle - left, room.y(), left, line_px), ink("due") if self.isEnabled() else text)
            self._bar(painter, QRectF(middle, room.y(), right, line_px), ink("good") if self.isEnabled() else text)
            painter.setPen(text)
            beside = QRectF(0.0, room.y(), middle - left - HAIR_PX, line_px)
            painter.drawText(beside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), self._area(row))
            after = QRectF(middle + right + HAIR_PX, room.y(), percent_px, line_px)
            painter.drawText(after, int(Qt.AlignmentFlag.AlignVCenter), self._percent(row))
        painter.setPen(text)
        painter.drawLine(round(middle), round(line_px), round(middle), round((1 + len(self.rows)) * line_px))
        painter.end()

    def _head(self, painter: QPainter, middle: float, line_px: float) -> None:
        painter.setPen(ink("due"))
        painter.drawText(QRectF(0.0, 0.0, middle - HAIR_PX, line_px), int(Qt.AlignmentFlag.AlignRight), self._say(UNASKED))
        painter.setPen(ink("good"))
        painter.drawText(QRectF(middle + HAIR_PX, 0.0, self.width(), line_px), int(Qt.AlignmentFlag.AlignLeft), self._say(SERVED))

    @staticmethod
    def _bar(painter: QPainter, room: QRectF, colour: QColor) -> None:
        painter.fillRect(room.adjusted(0.0, 3.0, 0.0, -3.0), colour)
