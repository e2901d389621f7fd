"""The tool that finds cameras, streets, addresses, bookmarks and coordinates, and goes there."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.looking import CAMERA_M, Looking
from lhasaplan.app.commands.tool import Entry, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.look.language import Language
from lhasaplan.app.map.search import Hit, HitKind, SearchIndex, find
from lhasaplan.core.base.translations import marked

# The field above the map into which one writes what is searched, with a list of what was found.

WIDTH_PX, ROWS, EDGE_PX = 380, 9, 12
HINT = marked("Camera, street and number, bookmark, or two coordinates")
NOTHING = marked("Nothing of this name")
KINDS = {
    HitKind.CAMERA: marked("{what} · camera"),
    HitKind.BOOKMARK: marked("{what} · bookmark"),
    HitKind.COORDINATES: "{what}",
    HitKind.STREET: marked("{what} · street"),
    HitKind.ADDRESS: "{what}",
}
HIT = Qt.ItemDataRole.UserRole


class SearchBox(QFrame):
    """Stands in the corner of the map while one searches; the arrow keys go through the list, Enter goes there."""

    edited = Signal(str)
    picked = Signal(object)  # Hit

    def __init__(self, over: QWidget, language: Language) -> None:
        super().__init__(over, frameShape=QFrame.Shape.StyledPanel)
        self._over, self._say = over, language
        self.setAutoFillBackground(True)
        self.field, self.list = QLineEdit(clearButtonEnabled=True), QListWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.field)
        column.addWidget(self.list)
        language.bind(self.field.setPlaceholderText, HINT)
        language.bind(self.field.setAccessibleName, HINT)
        self.field.installEventFilter(self)
        self.list.installEventFilter(self)
        self.field.textEdited.connect(self.edited)
        self.field.textChanged.connect(lambda text: None if text else self.show_hits(()))
        self.field.returnPressed.connect(self._pick_current)
        self.list.itemClicked.connect(lambda item: self.picked.emit(item.data(HIT)))
        self.hide()

    def open_box(self) -> None:
        """Show the field with its words ready to be written over."""
        self.move(EDGE_PX, EDGE_PX + round(getattr(self._over, "top_px", 0.0)))
        self._fit()
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_box(self) -> None:
        """Put the field away."""
        if self.isVisible():
            self.hide()
            self._over.setFocus(Qt.FocusReason.OtherFocusReason)

    def ask_again(self) -> None:
        """Search once more: more is known than a moment ago."""
        if self.isVisible() and self.field.text():
            self.edited.emit(self.field.text())

    def show_hits(self, hits: Sequence[Hit]) -> None:
        """List what was found."""
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(self._say(KINDS[hit.kind], what=hit.label))
            item.setData(HIT, hit)
            self.list.addItem(item)
        if not hits and self.field.text():
            nothing = QListWidgetItem(self._say(NOTHING))
            nothing.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(nothing)
        elif hits:
            self.list.setCurrentRow(0)
        self._fit()

    def _fit(self) -> None:
        rows = min(self.list.count(), ROWS)
        self.list.setVisible(rows > 0)
        self.list.setFixedHeight(rows * max(self.list.sizeHintForRow(0), 1) + 2 * self.list.frameWidth() if rows else 0)
        self.resize(WIDTH_PX, self.sizeHint().height())

    def _pick_current(self) -> None:
        item = self.list.currentItem()
        if item is not None and item.data(HIT) is not None:
            self.picked.emit(item.data(HIT))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Let Esc put the field away, and the arrow keys go through the list while one writes."""
        if isinstance(event, QKeyEvent) and event.type() in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride):
            return self._key(watched, event)
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape:
            event.accept()  # of a shortcut: Esc is meant for this field, and comes again as a key
            if event.type() == QEvent.Type.KeyPress:
                self.close_box()
            return True
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if watched is self.field and event.type() == QEvent.Type.KeyPress and event.key() in steps and self.list.count():
            row = self.list.currentRow() + steps[Qt.Key(event.key())]
            self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
            return True
        return False


# Find what a text means in the project, and show it on the map.

LANE = "search"


class Searching(QObject):
    """Looks through the city once in a job, and answers from then on at once."""

    ready = Signal()  # streets and addresses are found from now on

    def __init__(self, bench: Workbench, looking: Looking) -> None:
        super().__init__()
        self._bench, self._looking = bench, looking
        self._index, self._of = SearchIndex(), object()
        bench.session.left.connect(self._forget)

    def _forget(self) -> None:
        self._bench.jobs.cancel(LANE)
        self._index, self._of = SearchIndex(), object()

    def prepare(self) -> None:
        """Look through the streets and houses of the city, unless that was done."""
        layers = self._bench.session.project.layers
        if layers is self._of:
            return

        def take(index: SearchIndex) -> None:
            self._index, self._of = index, layers
            self.ready.emit()

        self._bench.jobs.start(LANE, lambda _report: SearchIndex.of(layers), take, self._bench.notices.tell_once)

    def find(self, text: str) -> list[Hit]:
        """Return what a text may mean."""
        project, engine = self._bench.session.project, self._bench.engine
        return find(text, self._index, project.cameras, project.bookmarks, lambda lon, lat: engine.xy(project, lon, lat))

    def go(self, hit: Hit) -> None:
        """Show what was found."""
        if hit.kind is HitKind.CAMERA:
            self._looking.show_camera(hit.key)
        elif hit.kind is HitKind.BOOKMARK:
            self._bench.bookmarks.visit(int(hit.key))
        else:
            self._bench.canvas.set_highlight(hit.geometry)
            self._bench.canvas.show_box(hit.geometry.bounds, CAMERA_M)


KEY = "search"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    box, searching = SearchBox(bench.canvas, bench.language), Searching(bench, commands.looking)
    box.edited.connect(lambda text: box.show_hits(searching.find(text)))
    box.picked.connect(searching.go)
    searching.ready.connect(box.ask_again)
    bench.session.left.connect(box.close_box)

    def begin() -> None:
        """Open the field and look through the city once."""
        searching.prepare()
        box.open_box()

    has_ground = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    entry = Entry(KEY, marked("&Search and go to…"), begin, "Ctrl+F", has_ground)
    return Tool(KEY, entries=((marked("&View"), entry),), commands=searching)
