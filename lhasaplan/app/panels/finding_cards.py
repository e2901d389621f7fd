"""Findings as cards to read, and the list of what would end the chosen one, with the button that applies it."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPalette, QPen, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from lhasaplan.app.look import GAP_PX, HAIR_PX, NEAR_PX, Language, in_column, ink, plain_label
from lhasaplan.app.models import HEADING_ROLE, ROW_ROLE
from lhasaplan.app.models.findings import Choice, FindingsSheet, choices_of
from lhasaplan.app.panels.sheet_view import SheetView
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.finding import Finding

# The list of what would end the chosen finding, and the button that applies a mitigation to the record of its camera.

CHOICE_ROLE = Qt.ItemDataRole.UserRole + 1
NOT_TRIED = marked("Only a computed remedy can be applied here.")
CHANGED = marked("The camera was changed after the analysis. Run the analysis again.")
APPLIES = marked("The program computed this remedy. You can undo it.")
APPLY, RECORD = marked("Apply this remedy"), marked("Record as carried out")
RECORDS = marked(
    "The gate is not open, so nothing can be planned. This step corrects the record, as if the camera were "
    "already changed. You can undo it."
)


class _WholeList(QListWidget):
    """A list as high as its lines: no empty ground below them, and nothing to scroll."""

    def fit(self) -> None:
        """Be as high as the lines are at the width of the moment."""
        self.doItemsLayout()
        lines = self.visualItemRect(self.item(self.count() - 1)).bottom() + 1 if self.count() else 0
        self.setFixedHeight(lines + self.verticalOffset() + 2 * self.frameWidth())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Wrap the words anew."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()


class MitigationsList(QWidget):
    """A line a mitigation; the chosen one can be applied when it was tried out on the camera as it is recorded now.

    The ``bar`` with the button stands apart, so that it stays in view while the list is scrolled.
    """

    apply_wished = Signal(object, object)  # Finding, Mitigation

    def __init__(self, session: Session, language: Language) -> None:
        super().__init__()
        self._session, self._say = session, language
        self._finding: Finding | None = None
        self.list = _WholeList()
        self.list.setWordWrap(True)
        self.list.setAlternatingRowColors(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.apply, self.reason = QPushButton(), plain_label(wordWrap=True)
        self._lay_out()
        language.changed.connect(self._write)
        for changed in (session.project_changed, session.assessment_changed, session.gate_changed):
            changed.connect(self._judge)
        self.list.currentRowChanged.connect(self._judge)
        self.apply.clicked.connect(self._wish)

    def _lay_out(self) -> None:
        self.bar = QWidget()
        # The reason is above the button: beside it long words of German were cut.
        foot = in_column(self.reason, self.apply, of=self.bar, margin_px=NEAR_PX, gap_px=HAIR_PX)
        foot.setAlignment(self.apply, Qt.AlignmentFlag.AlignLeft)
        in_column(self.list, of=self, margin_px=0)

    def show_finding(self, finding: Finding | None) -> None:
        """List the mitigations of a finding; nothing is shown where none is known."""
        self._finding = finding
        self._write()

    @property
    def chosen(self) -> Choice | None:
        """Return the chosen mitigation."""
        item = self.list.currentItem()
        choice: Choice | None = item.data(CHOICE_ROLE) if item is not None else None
        return choice

    def _write(self) -> None:
        row = max(self.list.currentRow(), 0)
        self.list.clear()
        for choice in choices_of(self._finding, self._say) if self._finding is not None else ():
            item = QListWidgetItem(choice.text)
            item.setData(CHOICE_ROLE, choice)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.list.fit()
        for widget in (self, self.bar):
            widget.setVisible(bool(self.list.count()))
        self._judge()

    def _judge(self) -> None:
        """Say whether the chosen mitigation can be applied, and what that does, or why not."""
        choice, plans = self.chosen, self._session.may_plan
        self.apply.setText(self._say(APPLY if plans else RECORD))
        if choice is None or self._finding is None:
            return
        is_current = self._session.is_as_assessed(self._finding.camera_id)
        self.apply.setEnabled(choice.is_tried and is_current)
        does = APPLIES if plans else RECORDS
        self.reason.setText(self._say(NOT_TRIED if not choice.is_tried else does if is_current else CHANGED))

    def _wish(self) -> None:
        if self.chosen is not None and self._finding is not None:
            self.apply_wished.emit(self._finding, self.chosen.mitigation)


# Findings as cards to read, beside their table: how grave, whose, what it is, and what ends it with before and after.

SHOW = marked("Show me")
BETWEEN = "  ·  "
SENTENCE_LINES, REMEDY_LINES, BAND_PX, LEAST_PX = 2, 2, 4, 300
Index = QModelIndex | QPersistentModelIndex


class FindingCards(QListView):
    """A card a finding in the order of the table; a click chooses it there too."""

    picked = Signal(object)  # Finding

    def __init__(self, sheet: FindingsSheet, table: SheetView[Finding], language: Language) -> None:
        super().__init__()
        self._table, self._sheet = table, sheet
        self.setModel(self._rows_of(sheet))
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
        table.chosen_changed.connect(self.follow)
        language.changed.connect(self.viewport().update)

    def _rows_of(self, sheet: FindingsSheet) -> QSortFilterProxyModel:
        """Return the same rows in a model of Qt's own: a list asks for thousands, and to ask Python holds the window up."""
        rows = QSortFilterProxyModel(self)
        rows.setSourceModel(sheet)
        return rows

    def _pick(self, index: QModelIndex) -> None:
        finding = index.data(ROW_ROLE)
        if isinstance(finding, Finding):
            self.picked.emit(finding)

    def follow(self) -> None:
        """Bring the card of what was chosen last into view."""
        chosen, rows = self._table.chosen_rows, self.model()
        line = self._sheet.line_of(chosen[-1].finding_id) if chosen else -1
        if line >= 0:
            self.scrollTo(rows.index(line, 0))
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
