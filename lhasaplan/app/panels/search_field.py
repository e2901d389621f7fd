"""A field for what is searched, with the list of what was found under it; the arrow keys go through the list, Enter picks."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from lhasaplan.app.look.language import Language
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.address_search import Hit, HitKind

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
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.field)
        column.addWidget(self.list)
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
        """Let Esc put the field away, and the arrow keys go through the list while one writes."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            event.accept()  # of a shortcut: Esc is meant for this field, and comes again as a key
            if event.type() == QEvent.Type.KeyPress:
                self.closed.emit()
            return True
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if watched is self.field and event.type() == QEvent.Type.KeyPress and event.key() in steps and self.list.count():
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
            return True
        return False
