"""The tool that finds cameras, streets, addresses, bookmarks and coordinates, and goes there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Tool, ToolCondition
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.panels.search_field import SearchField
from lhasaplan.core.base.translations import marked

WIDTH_PX, EDGE_PX = 380, 12


class SearchBox(QFrame):
    """Stands in the corner of the map while one searches."""

    def __init__(self, over: QWidget, search: SearchField) -> None:
        super().__init__(over, frameShape=QFrame.Shape.StyledPanel)
        self._over, self.search = over, search
        self.field, self.list = search.field, search.list
        self.setAutoFillBackground(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(search)
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


KEY = "search"


def make(bench: Workbench, commands: Commands) -> Tool:
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
    entry = Entry(KEY, marked("&Search and go to…"), begin, "Ctrl+F", has_ground)
    return Tool(KEY, entries=((marked("&View"), entry),), commands=searching)
