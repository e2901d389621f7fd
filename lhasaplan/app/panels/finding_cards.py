"""Findings as cards to read, beside their table: how grave, whose, what it is, and what ends it with before and after."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen, QTextLayout, QTextOption
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from lhasaplan.app.look.language import Language
from lhasaplan.app.look.theme import GAP_PX, HAIR_PX, NEAR_PX, ink
from lhasaplan.app.models.findings import FindingsSheet
from lhasaplan.app.models.listing import ROW_ROLE
from lhasaplan.app.models.sheet import HEADING_ROLE
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.finding import Finding

SHOW = marked("Show me")
BETWEEN = "  ·  "
SENTENCE_LINES, REMEDY_LINES, BAND_PX, LEAST_PX = 2, 2, 4, 300
Index = QModelIndex | QPersistentModelIndex


class FindingCards(QListView):
    """A card a finding in the order of the table; a click chooses it there too."""

    picked = Signal(object)  # Finding

    def __init__(self, sheet: FindingsSheet, table: SheetView[Finding], language: Language) -> None:
        super().__init__()
        self._table = table
        self.setModel(sheet)
        self.setItemDelegate(_Card(sheet, table, language, self))
        self.setUniformItemSizes(True)  # of thousands only those in view are written
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMinimumWidth(LEAST_PX)
        self.clicked.connect(self._pick)
        self.activated.connect(self._pick)
        table.chosen_changed.connect(self._follow)
        language.changed.connect(self.viewport().update)

    def _pick(self, index: QModelIndex) -> None:
        finding = index.data(ROW_ROLE)
        if isinstance(finding, Finding):
            self.picked.emit(finding)

    def _follow(self) -> None:
        """Bring the card of what was chosen last into view."""
        chosen = self._table.chosen_rows
        sheet = self.model()
        if chosen and isinstance(sheet, FindingsSheet):
            index = sheet.index_of(chosen[-1].finding_id)
            if index.isValid():
                self.scrollTo(index)
        self.viewport().update()


class _Card(QStyledItemDelegate):
    """Paints a card; one height for all, so that a list of thousands stands at once."""

    def __init__(self, sheet: FindingsSheet, table: SheetView[Finding], language: Language, view: FindingCards) -> None:
        super().__init__(view)
        self._sheet, self._table, self._say, self._view = sheet, table, language, view

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:  # noqa: N802
        """Return the size of any card."""
        lines = 1 + SENTENCE_LINES + REMEDY_LINES
        return QSize(LEAST_PX, lines * self._view.fontMetrics().lineSpacing() + 3 * GAP_PX)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint the card of a finding, or the heading of a group."""
        room: QRect = option.rect.adjusted(HAIR_PX, HAIR_PX, -HAIR_PX, -HAIR_PX)
        palette = self._view.palette()
        heading, finding = index.data(HEADING_ROLE), index.data(ROW_ROLE)
        painter.save()
        if heading is not None or not isinstance(finding, Finding):
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, str(index.data() or ""))
            painter.restore()
            return
        is_chosen = self._table.selectionModel().isRowSelected(index.row())
        painter.fillRect(room, palette.color(QPalette.ColorRole.AlternateBase))
        edge = palette.color(QPalette.ColorRole.Highlight if is_chosen else QPalette.ColorRole.Midlight)
        painter.setPen(QPen(edge, 2 if is_chosen else 1))
        painter.drawRect(room)
        painter.fillRect(QRect(room.topLeft(), QSize(BAND_PX, room.height())), ink(finding.severity.value))
        self._write(painter, room.adjusted(BAND_PX + GAP_PX, NEAR_PX, -GAP_PX, -NEAR_PX), finding, palette)
        painter.restore()

    def _write(self, painter: QPainter, room: QRect, finding: Finding, palette: QPalette) -> None:
        card = self._sheet.card_of(finding)
        letters = self._view.fontMetrics()
        line = letters.lineSpacing()
        bold = QFont(self._view.font())
        bold.setBold(True)
        show = self._say(SHOW)
        link = QRect(room.right() - letters.horizontalAdvance(show), room.top(), letters.horizontalAdvance(show) + 1, line)
        painter.setPen(palette.color(QPalette.ColorRole.Link))
        painter.drawText(link, Qt.AlignmentFlag.AlignLeft, show)
        painter.setFont(bold)
        painter.setPen(ink(finding.severity.value))
        grave = QFontMetrics(bold).horizontalAdvance(card.severity + BETWEEN)
        painter.drawText(QRect(room.left(), room.top(), grave, line), Qt.AlignmentFlag.AlignLeft, card.severity + BETWEEN)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        title = QFontMetrics(bold).elidedText(card.title, Qt.TextElideMode.ElideRight, link.left() - room.left() - grave - GAP_PX)
        painter.drawText(QRect(room.left() + grave, room.top(), room.width(), line), Qt.AlignmentFlag.AlignLeft, title)
        painter.setFont(self._view.font())
        low = room.topLeft() + QPoint(0, line + HAIR_PX)
        _lines(painter, card.sentence, QRect(low, QSize(room.width(), SENTENCE_LINES * line)), self._view.font())
        painter.setPen(ink("good" if card.change else "quiet"))  # what was tried out differs from what is only named
        remedy = f"→ {card.remedy} {card.change}" if card.remedy else ""
        low += QPoint(0, SENTENCE_LINES * line + HAIR_PX)
        _lines(painter, remedy, QRect(low, QSize(room.width(), REMEDY_LINES * line)), self._view.font())


def _lines(painter: QPainter, words: str, room: QRect, font: QFont) -> None:
    """Write words into as many lines as there is room for; the last one ends with dots where more would follow."""
    letters = QFontMetrics(font)
    layout = QTextLayout(words, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    layout.setTextOption(option)
    layout.beginLayout()
    most, written, top = room.height() // letters.lineSpacing(), 0, room.top()
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        start, length = line.textStart(), line.textLength()
        is_last = written + 1 == most and start + length < len(words)
        text = letters.elidedText(words[start:], Qt.TextElideMode.ElideRight, room.width()) if is_last else words[start:][:length]
        painter.drawText(QRect(room.left(), top, room.width(), letters.lineSpacing()), Qt.AlignmentFlag.AlignLeft, text)
        written, top = written + 1, top + letters.lineSpacing()
        if written == most:
            break
    layout.endLayout()
