"""The tool that writes queries and corrections for OpenStreetMap; a person takes them there, the program sends nothing."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QLineEdit, QPlainTextEdit, QPushButton

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Tool, Workbench
from lhasaplan.app.look import in_column, plain_label
from lhasaplan.app.state.selection import Tone
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
        in_column(plain_label(self._say(HINT), wordWrap=True), self.box, self.text, self.copy, of=self)
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


class GivingBack:
    """Writes corrections and finds of a survey as osmChange or for JOSM, once a person has seen each."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def begin(self) -> None:
        """Ask for the extract that was imported and look what it says otherwise."""
        bench, project = self._bench, self._bench.session.project
        extract = bench.dialogs.ask_extract()
        if extract is not None:
            bench.notices.start("file", lambda _report: workflow.osm_changes(bench.services, project, extract), self._ask)

    def _ask(self, found: workflow.OsmChanges) -> None:
        bench = self._bench
        if not found.changes:
            bench.notices.note(NOTHING_TO_GIVE, tone=Tone.NOTE)
            return
        lines = [
            f"node/{each.node.node_id} · {key}: {old or '–'} → {new}"
            for each in found.changes
            for key, (old, new) in each.changed.items()
        ]
        wish = bench.dialogs.ask_osm_file(lines)
        if wish is None:
            return
        path, comment = wish

        def work(_report: object) -> object:
            return bench.services.drafts.write_osm_changes(path, found.changes, comment)

        bench.notices.start("file", work, lambda _path: bench.notices.note(GIVEN))


NOTHING_TO_GIVE = marked("The project says nothing otherwise than this extract that can be written back.")
GIVEN = marked("The changes are written. Look at each in JOSM before you upload them.")
KEY, TITLE, BACK = (
    "overpass",
    marked("&Query for OpenStreetMap data…"),
    marked("&Corrections for OpenStreetMap…"),
)


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    file, giving = marked("&File"), GivingBack(bench)
    entries = (
        (file, Entry(KEY, TITLE, lambda: QueryDialog(bench).open())),
        (file, Entry("osm_changes", BACK, giving.begin)),
    )
    return Tool(KEY, entries=entries, commands=giving)
