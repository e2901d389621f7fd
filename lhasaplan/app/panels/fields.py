"""Fields to write in: numbers that may be unknown, masked sectors, a search; a quiet remark, and why a value is refused."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QPoint, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSpinBox,
    QWidget,
)

from lhasaplan.app.look import HAIR_PX, NONE_PX, Language, in_column, in_row, ink, plain_label, plain_tip, push_button
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.address_search import Hit, HitKind
from lhasaplan.core.model.camera_fields import CameraField, Steps

# The wheel scrolls a form; of its fields it changes the one that was clicked or reached by keys.


class _InForm(QWidget if TYPE_CHECKING else object):  # type: ignore[misc]  # of a field that names its class of Qt besides
    """Leaves the wheel to what scrolls the form. A filter of events would be asked about every event of every field."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Refuse a turn of the wheel over a field without the focus."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()


class ChoiceField(_InForm, QComboBox):
    """A list to choose from in a form."""


class Amount(_InForm, QDoubleSpinBox):
    """A number in a form."""


class WholeAmount(_InForm, QSpinBox):
    """A whole number in a form."""


# A small editor for masked sectors: pairs of true azimuths, clockwise.

Sectors = tuple[tuple[float, float], ...]


class MaskEditor(QWidget):
    """A list of sectors with buttons to add and to drop one."""

    changed = Signal(object)  # Sectors

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._sectors: Sectors = ()
        self.list = QListWidget()
        self.list.setMaximumHeight(62)
        self.start, self.stop = self._angle(), self._angle()
        self.add = push_button(language, marked("Mask"), marked("Mask from the first to the second azimuth, clockwise"))
        self.drop = push_button(language, marked("Remove the mask"), marked("Take the chosen sector out of the masks"))
        self._lay_out()
        self.add.clicked.connect(lambda: self._put((*self._sectors, (self.start.value(), self.stop.value()))))
        self.drop.clicked.connect(self._drop_chosen)

    @staticmethod
    def _angle() -> Amount:
        box = Amount(decimals=0, maximum=360.0, suffix="°")
        box.setWrapping(True)
        box.setSingleStep(5)
        return box

    def _lay_out(self) -> None:
        in_column(self.list, in_row(self.start, self.stop), in_row(self.add, self.drop), of=self, margin_px=0)

    def show_sectors(self, sectors: Sectors) -> None:
        """Show a camera's masks."""
        if sectors == self._sectors and self.list.count() == len(sectors):
            return
        self._sectors = sectors
        self.list.clear()
        self.list.addItems([f"{start:g}° – {stop:g}°" for start, stop in sectors])

    def _put(self, sectors: Sectors) -> None:
        if all(start != stop for start, stop in sectors):
            self.changed.emit(sectors)

    def _drop_chosen(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self._put(self._sectors[:row] + self._sectors[row + 1 :])


# A card under a field that says why its value cannot be taken, with the ways out as buttons; the form below stays put.

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
        in_column(self.text, *self.buttons, of=self)
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


# A quiet sign beside a field whose value is unusual; its place is kept while there is none, so no field moves.

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
        reported = "\n".join(sentences)
        shown = reported, ink("due").name()
        if shown == self._shown:  # a drag asks at each step, and a style sheet is slow
            return
        self._shown = shown
        self.setText(SIGN if reported else "")
        self.setStyleSheet(f"color: {shown[1]}; font-weight: bold;")
        self.setToolTip(plain_tip(reported))
        self.setAccessibleDescription(reported)


def with_sign(field: QWidget, sign: RemarkSign) -> QWidget:
    """Return a field with its sign beside it."""
    both = QWidget()
    in_row((field, 1), sign, of=both, margin_px=NONE_PX, gap_px=HAIR_PX)
    return both


# Numbers that are asked for, and a field of one that may also be unknown.


class Number(NamedTuple):
    """A number that is asked for: its field, title, range, step, unit and decimals."""

    name: str
    title: str
    lowest: float
    highest: float
    step: float
    unit: str
    decimals: int = 1


def number_of(each: CameraField) -> Number:
    """Return a number of a camera's record as the table of camera fields has it asked for."""
    steps = each.steps or Steps(0.0, 0.0, 0.0)
    lowest = steps.lowest if each.low is None else max(steps.lowest, each.low)
    return Number(each.key, each.form, lowest, steps.highest, steps.step, each.unit, steps.decimals)


def take_words_whole(box: QDoubleSpinBox) -> None:
    """Mark words that stand for no number as a whole wherever they are clicked, so that a number takes their place."""
    line = box.lineEdit()

    def mark() -> None:
        words = box.specialValueText()
        if words and line.text() == words != line.selectedText():
            line.selectAll()

    line.selectionChanged.connect(mark)
    line.cursorPositionChanged.connect(mark)


class NumberField(Amount):
    """A spin box whose lowest position means *not recorded*; it tells only what a person changed."""

    changed_by_hand = Signal(object)  # float, or None for not recorded

    def __init__(self, asked: Number) -> None:
        super().__init__()
        self._lowest = asked.lowest
        ask_in(self, asked)
        self.setMinimum(asked.lowest - asked.step)
        self.setValue(self.minimum())
        take_words_whole(self)
        self.valueChanged.connect(self._tell)

    def show_value(self, value: float | None) -> None:
        """Show a value without telling; what was refused or is being written goes."""
        self.mark_refused(False)
        if value == self.number and not self.is_written_in:
            return
        blocker = QSignalBlocker(self)
        self.setValue(self.minimum() if value is None else value)
        self.lineEdit().setText(self._shown)
        blocker.unblock()

    def mark_refused(self, is_refused: bool) -> None:
        """Write the number as a wrong one."""
        palette = QPalette()
        if is_refused:
            palette.setColor(QPalette.ColorRole.Text, ink("error"))
        self.setPalette(palette)

    @property
    def _shown(self) -> str:
        """Return what the field shows while nothing is being written."""
        is_special = self.value() == self.minimum() and self.specialValueText()
        return self.specialValueText() if is_special else f"{self.prefix()}{self.textFromValue(self.value())}{self.suffix()}"

    @property
    def is_written_in(self) -> bool:
        """Say whether something was written that is not entered yet."""
        return bool(self.text() != self._shown)

    def take_back(self) -> bool:
        """Go back to the number as entered; say whether something had been written."""
        was_written_in = self.is_written_in
        if was_written_in:
            self.lineEdit().setText(self._shown)
        return was_written_in

    @property
    def number(self) -> float | None:
        """Return the value, None when it is not recorded."""
        return None if self.value() < self._lowest else self.value()

    def _tell(self, _value: float) -> None:
        self.changed_by_hand.emit(self.number)


def ask_in(box: QDoubleSpinBox, asked: Number) -> None:
    """Have a box take a number once it is written, with its range, step and unit."""
    box.setDecimals(asked.decimals)
    box.setRange(asked.lowest, asked.highest)
    box.setSingleStep(asked.step)
    box.setSuffix(f" {asked.unit}" if asked.unit else "")
    box.setKeyboardTracking(False)


# A field for what is searched, with the list of what was found under it; the arrow keys go through the list, Enter picks.

ROWS = 9
HINT = marked("Address, street, crossing, camera or coordinates")
NOTHING = marked("The project has nothing of this name")
NEAREST = marked("{number} is not mapped; nearest: {what}")
KINDS = {
    HitKind.CAMERA: marked("{what} · camera"),
    HitKind.BOOKMARK: marked("{what} · bookmark"),
    HitKind.COORDINATES: "{what}",
    HitKind.CROSSING: marked("{what} · crossing"),
    HitKind.STREET: marked("{what} · street"),
    HitKind.ADDRESS: "{what}",
}
HIT = Qt.ItemDataRole.UserRole
ENTER_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def hit_text(hit: Hit, say: Language) -> str:
    """Return what was found in words; of the nearest house which number is not mapped."""
    what = say(KINDS[hit.kind], what=hit.label)
    return say(NEAREST, number=hit.unmapped, what=what) if hit.unmapped else what


class SearchField(QWidget):
    """Asks ``find`` as one writes; a text that is written over takes what was picked with it."""

    edited = Signal(str)
    picked = Signal(object)  # Hit
    missed = Signal()  # Enter, and nothing was found
    closed = Signal()  # Esc
    resized = Signal()

    def __init__(self, language: Language, find: Callable[[str], Sequence[Hit]]) -> None:
        super().__init__()
        self._say, self._find = language, find
        self.field, self.list = QLineEdit(clearButtonEnabled=True), QListWidget()
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # it would lie over the last row
        in_column(self.field, self.list, of=self, margin_px=0)
        language.bind(self.field.setPlaceholderText, HINT)
        language.bind(self.field.setAccessibleName, HINT)
        self.setFocusProxy(self.field)
        for part in (self.field, self.list):
            part.installEventFilter(self)
        self.field.textEdited.connect(self._search)
        self.field.textChanged.connect(lambda text: None if text else self._search(text))
        self.field.returnPressed.connect(self._pick_current)
        self.list.itemClicked.connect(lambda item: self._pick(item.data(HIT)))
        self.show_hits(())

    def ask_again(self) -> None:
        """Search once more: more is known than a moment ago."""
        if self.isVisible() and self.field.text():
            self._search(self.field.text())

    def _search(self, text: str) -> None:
        self.show_hits(self._find(text) if text.strip() else ())
        self.edited.emit(text)

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """List what was found."""
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(hit_text(hit, self._say))
            item.setData(HIT, hit)
            item.setToolTip(plain_tip(item.text()))  # what is too long is cut at its end
            self.list.addItem(item)
        if not hits and self.field.text().strip():
            nothing = QListWidgetItem(self._say(NOTHING))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)
        elif hits:
            self.list.setCurrentRow(0)
        self._fit()

    def fold(self) -> None:
        """Take the list away: what was meant is picked."""
        self.list.clear()
        self._fit()

    def _fit(self) -> None:
        rows = min(self.list.count(), ROWS)
        self.list.setVisible(rows > 0)
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 1) + 2 * self.list.frameWidth() if rows else 0)
        self.resized.emit()

    def _pick_current(self) -> None:
        if not self.list.count() and self.field.text().strip():
            self._search(self.field.text())
        item = self.list.currentItem()
        if item is not None and item.data(HIT) is not None:
            self._pick(item.data(HIT))
        else:
            self.missed.emit()

    def _pick(self, hit: Hit | None) -> None:
        if hit is not None:
            self.picked.emit(hit)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let Esc put the field away, Enter pick, and the arrow keys go through the list while one writes."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            event.accept()  # of a shortcut: Esc is meant for this field, and comes again as a key
            if event.type() == QEvent.Type.KeyPress:
                self.closed.emit()
            return True
        if watched is self.field and event.type() == QEvent.Type.KeyPress and event.key() in ENTER_KEYS:
            self.field.returnPressed.emit()
            return True  # or the map below would take the key too, and choose what is in its middle then
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if watched is self.field and event.type() == QEvent.Type.KeyPress and event.key() in steps and self.list.count():
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
            return True
        return False
