"""The tools that go to a place on the map: by search, and by named views that are kept."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QGridLayout, QListWidget, QListWidgetItem, QWidget

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, Side, Tool, ToolCondition, Workbench
from lhasaplan.app.look import NEAR_PX, Language, in_column, push_button
from lhasaplan.app.panels.fields import SearchField
from lhasaplan.app.state import Bookmarks
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Bookmark

# The tool that finds cameras, streets, addresses, bookmarks and coordinates, and goes there.

WIDTH_PX, EDGE_PX = 380, 12


class SearchBox(QFrame):
    """Stands in the corner of the map while one searches."""

    def __init__(self, over: QWidget, search: SearchField) -> None:
        super().__init__(over, frameShape=QFrame.Shape.StyledPanel)
        self._over, self.search = over, search
        self.field, self.list = search.field, search.list
        self.setAutoFillBackground(True)
        in_column(search, of=self, margin_px=NEAR_PX)
        search.resized.connect(self._fit)
        search.closed.connect(self.close_box)
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

    def _fit(self) -> None:
        self.resize(WIDTH_PX, self.sizeHint().height())


SEARCH_KEY = "search"


def search_tool(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    searching = commands.searching
    box = SearchBox(bench.canvas, SearchField(bench.language, searching.find))
    box.search.picked.connect(searching.go)
    searching.ready.connect(box.search.ask_again)
    bench.session.left.connect(box.close_box)

    def begin() -> None:
        """Open the field and index the city once."""
        searching.prepare()
        box.open_box()

    has_ground = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    entry = Entry(SEARCH_KEY, marked("&Search and go to…"), begin, "Ctrl+F", has_ground)
    return Tool(SEARCH_KEY, entries=((marked("&View"), entry),), commands=searching)


# Keep the view of the moment, and go to one that was kept.
NAME = marked("View")


class Bookmarking:
    """Makes bookmarks of what the map shows, and shows on the map what they say."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        bench.bookmarks.visited.connect(self._show)

    def add(self) -> int:
        """Keep what the map shows now; returns the number of the bookmark."""
        bench = self._bench
        x_m, y_m, width_m = bench.canvas.view_now
        bench.bookmarks.add(Bookmark(bench.language(NAME), x_m, y_m, width_m, bench.session.selected_id))
        return len(bench.bookmarks.views) - 1

    def _show(self, view: Bookmark) -> None:
        if view.camera_id:
            self._bench.session.select(view.camera_id)
        self._bench.canvas.show_view(view.x_m, view.y_m, view.width_m)


# The panel of named views: a list to go through, name and order.
class BookmarksPanel(QWidget):
    """A double click goes to a view, F2 names it anew."""

    def __init__(self, bookmarks: Bookmarks, language: Language) -> None:
        super().__init__()
        self._bookmarks = bookmarks
        self.list = QListWidget()
        self.list.setEditTriggers(QListWidget.EditTrigger.EditKeyPressed)
        self.add, self.remove = push_button(language, marked("Add")), push_button(language, marked("Remove"))
        self.up, self.down = push_button(language, marked("Up")), push_button(language, marked("Down"))
        grid = QGridLayout(self)
        grid.setContentsMargins(6, 6, 6, 6)
        grid.addWidget(self.list, 0, 0, 1, 2)
        for place, button in enumerate((self.add, self.remove, self.up, self.down)):
            grid.addWidget(button, 1 + place // 2, place % 2)
        language.bind(self.list.setAccessibleName, marked("Bookmarks"))
        self._connect()
        self._follow()

    def _connect(self) -> None:
        rows = self.list
        self.remove.clicked.connect(lambda: self._bookmarks.remove(rows.currentRow()))
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        rows.itemActivated.connect(lambda item: self._bookmarks.visit(rows.row(item)))
        rows.itemChanged.connect(self._rename)
        rows.currentRowChanged.connect(lambda _row: self._enable())
        self._bookmarks.changed.connect(self._follow)
        self._bookmarks.visited.connect(lambda _view: rows.setCurrentRow(self._bookmarks.at))

    def edit_name(self, number: int) -> None:
        """Let a person name a view."""
        self.list.setCurrentRow(number)
        self.list.editItem(self.list.item(number))

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        self._bookmarks.move(row, row + by)
        self.list.setCurrentRow(row + by)

    def _rename(self, item: QListWidgetItem) -> None:
        """Take the new name once the field that it was written into is closed."""
        row, name = self.list.row(item), item.text()
        QTimer.singleShot(0, lambda: self._take_name(row, name))

    def _take_name(self, row: int, name: str) -> None:
        if 0 <= row < len(self._bookmarks.views):
            self._bookmarks.rename(row, name)
        self._follow()

    def _follow(self) -> None:
        row = self.list.currentRow()
        self.list.blockSignals(True)
        self.list.clear()
        for view in self._bookmarks.views:
            item = QListWidgetItem(view.name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addItem(item)
        self.list.setCurrentRow(min(row, self.list.count() - 1))
        self.list.blockSignals(False)
        self._enable()

    def _enable(self) -> None:
        row, last = self.list.currentRow(), self.list.count() - 1
        self.remove.setEnabled(row >= 0)
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < last)


KEY, VIEW = "bookmarks", marked("&View")


def bookmarks_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    bookmarks, bookmarking = bench.bookmarks, Bookmarking(bench)
    panel = BookmarksPanel(bookmarks, bench.language)
    panel.add.clicked.connect(bookmarking.add)

    def add() -> None:
        """Keep the view and let it be named."""
        bench.session.attention.bring(KEY)
        panel.edit_name(bookmarking.add())

    has_ground = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    has_views = ToolCondition(lambda: bool(bookmarks.views), (bookmarks.changed,))
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Bookmarks"), panel, Side.LeftDockWidgetArea, behind="layers"),),
        entries=(
            (VIEW, Entry("bookmark", marked("&Bookmark this view"), add, "Ctrl+D", has_ground)),
            (VIEW, Entry("next_bookmark", marked("&Next bookmark"), lambda: bookmarks.step(1), "Ctrl+PgDown", has_views)),
            (VIEW, Entry("last_bookmark", marked("&Previous bookmark"), lambda: bookmarks.step(-1), "Ctrl+PgUp", has_views)),
        ),
        commands=bookmarking,
    )
