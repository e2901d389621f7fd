"""The tool that writes a query for Overpass: a person copies it and asks with it outside the program."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton, QVBoxLayout

from lhasaplan import workflow
from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Tool, Workbench
from lhasaplan.app.look.theme import plain_label
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import InputError

HINT = marked(
    "A rectangle in degrees: west,south,east,north. The program fetches nothing: paste the query into overpass-turbo.eu or "
    "another service, export the answer as OSM data and import it."
)
SIZE_PX = (560, 380)


class QueryDialog(QDialog):
    """A rectangle that can be changed, and the query for it, or why there is none."""

    def __init__(self, bench: Workbench) -> None:
        super().__init__(bench.canvas.window())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._say = bench.language
        self.setWindowTitle(self._say(TITLE).replace("&", "").rstrip("…"))
        self.box, self.text, self.copy = QLineEdit(), QPlainTextEdit(readOnly=True), QPushButton(self._say(marked("Copy")))
        column = QVBoxLayout(self)
        for widget in (plain_label(self._say(HINT), wordWrap=True), self.box, self.text, self.copy):
            column.addWidget(widget)
        self.box.textChanged.connect(self._write)
        self.copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text.toPlainText()))
        self.resize(*SIZE_PX)
        try:
            self.box.setText(workflow.overpass_box(bench.session.project))
        except InputError:  # an empty project: the rectangle is written by hand
            self._write("")

    def _write(self, box: str) -> None:
        try:
            text, is_query = workflow.overpass_query(box), True
        except InputError as error:
            text, is_query = "\n".join(self._say(each.template, **each.params) for each in error.faults), False
        self.text.setPlainText(text)
        self.copy.setEnabled(is_query)


KEY, TITLE = "overpass", marked("&Query for OpenStreetMap data…")


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    return Tool(KEY, entries=((marked("&File"), Entry(KEY, TITLE, lambda: QueryDialog(bench).open())),))
