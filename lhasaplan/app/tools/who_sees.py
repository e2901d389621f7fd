"""The tool that answers which cameras can see a spot or an address."""

from collections.abc import Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QLineEdit, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Panel, SpotEntry, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look.language import Language
from lhasaplan.app.look.widgets import as_listing, plain_label, plain_tip
from lhasaplan.app.map.search import FoundOnMap, coordinates_in, find_address, spot_at
from lhasaplan.app.map.sheet import SightLine
from lhasaplan.app.panels.unseen_reasons import reason_text
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.site.mounting import OF_WALLS
from lhasaplan.report.text.numerals import density_text

# Ask who can see a spot, or find an address and ask about it.

NOT_FOUND = marked(
    "No street or house of this name is in the project's data. Write it as the map does, or give latitude, longitude."
)
OUTSIDE = marked("This place lies outside the city of the project.")
LEAST_M = 160.0  # of ground around what was found


class Asking:
    """Marks the spot on the map, asks about it, and draws the lines of sight that are answered."""

    def __init__(self, bench: Workbench, panel: str) -> None:
        self._bench, self._panel = bench, panel
        bench.spots.answered.connect(self._draw_lines)

    def ask(self, x_m: float, y_m: float) -> None:
        """Ask who may see a spot."""
        self._bench.canvas.mark_spot((x_m, y_m))
        self._bench.spots.ask(x_m, y_m)
        self._bench.session.attention.bring(self._panel)

    def _draw_lines(self, answers: Sequence[Witness], _of_walls: bool) -> None:
        """Draw lines from the cameras that can see the spot; none from those that only stand near."""
        seen = self._bench.sight.sight.seen
        found = ((seen[one.camera_id].placed.views[0], one.certainty) for one in answers if one.camera_id in seen)
        lines = (SightLine(v.x_m, v.y_m, certainty == "certain") for v, certainty in found if certainty != "not")
        self._bench.canvas.set_lines(tuple(lines))

    def find_address(self, text: str) -> None:
        """Go to an address or to coordinates and ask who may see them; a street is only shown."""
        project = self._bench.session.project
        if text.strip() and project.crs:
            self._bench.notices.start("find", lambda _report: self._found(project, text), self._show_found)

    def _found(self, project: Project, text: str) -> FoundOnMap | None:
        pair = coordinates_in(text)
        if pair is None:
            return find_address(project.layers, text)
        lat, lon = pair
        return spot_at(*self._bench.engine.xy(project, lon, lat))

    def _show_found(self, found: FoundOnMap | None) -> None:
        canvas = self._bench.canvas
        if found is None:
            self._bench.notices.note(NOT_FOUND, tone=Tone.NOTE)
        elif not canvas.has_ground_near(found.geometry):
            self._bench.notices.note(OUTSIDE, tone=Tone.NOTE)
        else:
            canvas.set_highlight(None if found.is_spot else found.geometry)
            canvas.show_box(found.geometry.bounds, LEAST_M)
            if found.is_spot:
                self.ask(found.geometry.x, found.geometry.y)


# The panel that answers which cameras may see the spot that was clicked.

COLUMNS = (marked("Camera"), marked("Can see the spot"), marked("Distance"))
CAMERA_WIDTH_PX = 150  # long names are cut, so that the reason stays in view; the tip shows them whole, with the id
ID_ROLE = Qt.ItemDataRole.UserRole
ANSWERS = {"certain": marked("yes, certain"), "possible": marked("possible"), "not": marked("no")}
HINT = marked("Click a spot on the map to ask which cameras may see it, or write an address above.")
ADDRESS = marked("Street and number, or latitude, longitude")
# One sentence wherever nobody sees: on protected ground it must not tell that cameras are near.
NOBODY = marked("No camera of the project is known to see this spot.")
PENDING = marked("Not every camera has been computed yet; the answer is still growing.")
COUNT = marked("{certain} can see this spot for certain, {possible} possibly.")


class WhoSeesAnswer(Protocol):
    """One camera's answer."""

    camera_id: str
    certainty: str
    density_px_m: tuple[float, float]
    reason: str
    distance_m: float | None  # None where it may not be told


class WhoSeesPanel(QWidget):
    """A sentence and a list, sharpest first."""

    picked = Signal(str)
    address_wished = Signal(str)

    def __init__(self, names: Names, language: Language) -> None:
        super().__init__()
        self._names, self._say = names, language
        self._answers: Sequence[WhoSeesAnswer] | None = None
        self._is_of_walls, self._is_complete = False, True
        self.address, self.head = QLineEdit(clearButtonEnabled=True), plain_label(wordWrap=True)
        language.bind(self.address.setPlaceholderText, ADDRESS)
        self.address.returnPressed.connect(lambda: self.address_wished.emit(self.address.text()))
        self.list = QTreeWidget(columnCount=len(COLUMNS))
        as_listing(self.list)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.header().resizeSection(0, CAMERA_WIDTH_PX)
        self.list.itemActivated.connect(lambda item, _column: self.picked.emit(item.data(0, ID_ROLE)))
        self.list.itemDoubleClicked.connect(lambda item, _column: self.picked.emit(item.data(0, ID_ROLE)))
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.addWidget(self.address)
        column.addWidget(self.head)
        column.addWidget(self.list, 1)
        language.changed.connect(self._write)
        names.changed.connect(self._write)
        self._write()

    def edit_address(self) -> None:
        """Lead the keys to the field for an address."""
        self.address.setFocus()
        self.address.selectAll()

    def show_answers(self, answers: Sequence[WhoSeesAnswer] | None, is_of_walls: bool = False) -> None:
        """Show the answers for a spot, or for the walls of the building there; None when no spot was asked about."""
        self._answers, self._is_of_walls = answers, is_of_walls
        self._write()

    def set_complete(self, is_complete: bool) -> None:
        """Say whether every camera has been asked, or some are still being computed."""
        if is_complete != self._is_complete:
            self._is_complete = is_complete
            self._write()

    def _write(self) -> None:
        self.list.setHeaderLabels([self._say(name) for name in COLUMNS])
        self.list.clear()
        self.head.setText(self._sentence())
        for answer in self._answers or ():
            self.list.addTopLevelItem(self._row(answer))

    def _sentence(self) -> str:
        if self._answers is None:
            return self._say(HINT)
        about = [self._say(OF_WALLS)] if self._is_of_walls else []
        counted = [self._counted(self._answers)] if self._answers or self._is_complete else []
        pending = [] if self._is_complete else [self._say(PENDING)]
        return "\n".join([*about, *counted, *pending])

    def _counted(self, answers: Sequence[WhoSeesAnswer]) -> str:
        if not answers:
            return self._say(NOBODY)
        counts = {key: sum(a.certainty == key for a in answers) for key in ("certain", "possible")}
        return self._say(COUNT, **counts)

    def _row(self, answer: WhoSeesAnswer) -> QTreeWidgetItem:
        distance = "" if answer.distance_m is None else f"{answer.distance_m:.0f} m"
        seen = "\n".join(line for line in (self._say(ANSWERS[answer.certainty]), self._why(answer)) if line)
        name = self._names.camera(answer.camera_id)
        item = QTreeWidgetItem([name, seen, distance])
        item.setData(0, ID_ROLE, answer.camera_id)
        item.setToolTip(0, plain_tip("\n".join(dict.fromkeys((name, answer.camera_id)))))
        item.setToolTip(1, plain_tip(seen))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _why(self, answer: WhoSeesAnswer) -> str:
        """Return how sharply a camera sees the spot, or why it does not."""
        if answer.certainty == "not":
            return reason_text(answer.reason, self._say)
        return self._say(_SHARPNESS, density=density_text(*answer.density_px_m, self._say.translations))


_SHARPNESS = marked("{density} px/m")


KEY = "who_sees"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    panel, asking = WhoSeesPanel(bench.names, bench.language), Asking(bench, KEY)
    panel.picked.connect(commands.looking.show_camera)
    panel.address_wished.connect(asking.find_address)
    bench.spots.answered.connect(lambda *_answers: panel.set_complete(bench.sight.is_complete))
    bench.spots.answered.connect(panel.show_answers)
    bench.session.left.connect(partial(panel.show_answers, None))
    bench.canvas.spot_picked.connect(asking.ask)

    def find() -> None:
        """Lead to the field for an address."""
        bench.session.attention.bring(KEY)
        panel.edit_address()

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Who can see the spot"), panel, behind="camera"),),
        entries=((marked("&View"), Entry("find", marked("&Find an address…"), find, "Ctrl+Shift+F")),),
        spot_entries=(SpotEntry(marked("Who can see this spot?"), asking.ask),),
        commands=asking,
    )
