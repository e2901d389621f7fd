"""The tool that answers which cameras can see a spot or an address."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, SpotEntry, Tool, Workbench
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import NEAR_PX, Language, as_listing, in_column, plain_label, plain_tip
from lhasaplan.app.map.live import SightLine
from lhasaplan.app.models.findings import reason_text
from lhasaplan.app.panels import wrap_cells
from lhasaplan.app.panels.fields import SearchField, hit_text
from lhasaplan.app.state.selection import Tone
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.address_search import Hit
from lhasaplan.core.city.surveys import NOT_LOOKED
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.site.mounting import OF_WALLS
from lhasaplan.report.text.numerals import density_text

# Ask who can see a spot, or find an address and ask about it.

OUTSIDE = marked("This place lies outside the city of the project.")
LEAST_M = 160.0  # of ground around what was found
MOST_LINES = 24  # of possible views, the first of the list; all certain ones are drawn: a hundred lines would hide the map


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
        """Draw lines from the cameras that can see the spot, the sharpest of many possible ones; none from others near it."""
        seen = self._bench.sight.sight.seen
        certain = [one for one in answers if one.certainty == "certain"]
        possible = [one for one in answers if one.certainty == "possible"][:MOST_LINES]
        views = [(seen[one.camera_id].placed.views[0], one in certain) for one in (*certain, *possible) if one.camera_id in seen]
        self._bench.canvas.set_lines(tuple(SightLine(view.x_m, view.y_m, is_certain) for view, is_certain in views))

    def show(self, hit: Hit) -> None:
        """Go to what was found and ask who may see it; a street is only shown."""
        canvas = self._bench.canvas
        if not canvas.ground.is_near(hit.geometry):
            self._bench.notices.note(OUTSIDE, tone=Tone.NOTE)
            return
        canvas.set_highlight(None if hit.is_spot else hit.geometry)
        canvas.show_box(hit.geometry.bounds, LEAST_M)
        if hit.is_spot:
            spot = hit.geometry.centroid
            self.ask(spot.x, spot.y)

    def forget(self) -> None:
        """Take spot, lines and street off the map: another question is being written."""
        canvas = self._bench.canvas
        canvas.mark_spot(None)
        canvas.set_lines(())
        canvas.set_highlight(None)


# The panel that answers which cameras may see the spot that was clicked.

COLUMNS = (marked("Camera"), marked("Can see the spot"), marked("Distance"))
ID_ROLE = Qt.ItemDataRole.UserRole
ANSWERS = {"certain": marked("yes, certain"), "possible": marked("possible"), "not": marked("no")}
HINT = marked("Click a spot on the map to see which cameras may see it, or type an address above.")
NOT_FOUND = marked(
    "The project has no address, street, crossing or camera of this name. Try a part of the name, or latitude, longitude."
)
CHOOSE_HOUSE = marked("{street}: choose a house in the list, or click a spot on the map.")
SPOT = marked("Spot at {lat}, {lon}")
# One sentence wherever nobody sees: on protected ground it must not tell that cameras are near.
NOBODY = marked("No camera of the project is known to see this spot.")
PENDING = marked("Some cameras are still being computed; more may be found.")
COUNT = marked("Cameras that can see this spot: certain {certain}, possible {possible}.")


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
    wished = Signal(object)  # Hit
    dropped = Signal()  # another question is being written

    def __init__(self, names: Names, language: Language, find: Callable[[str], Sequence[Hit]]) -> None:
        super().__init__()
        self._names, self._say = names, language
        self._about: Callable[[], str] | None = None  # what the answer is about, in the language of now
        self._answers: Sequence[WhoSeesAnswer] | None = None
        self._is_of_walls, self._is_complete, self.is_surveyed = False, True, True
        self.search, self.about, self.head = SearchField(language, find), plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.address = self.search.field
        self.about.setStyleSheet("font-weight: bold;")
        self.search.edited.connect(self._begin)
        self.search.picked.connect(self._pick)
        self.search.missed.connect(lambda: self._tell(partial(self._say, NOT_FOUND)))
        self.list = QTreeWidget(columnCount=len(COLUMNS))
        as_listing(self.list)
        wrap_cells(self.list)  # so that name and reason are whole: what differs of names stands at their end
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.header().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.list.itemActivated.connect(lambda item, _column: self.picked.emit(item.data(0, ID_ROLE)))
        self.list.itemDoubleClicked.connect(lambda item, _column: self.picked.emit(item.data(0, ID_ROLE)))
        in_column(self.search, self.about, self.head, (self.list, 1), of=self, margin_px=NEAR_PX)
        language.changed.connect(self._write)
        names.changed.connect(self._write)
        self._write()

    def edit_address(self) -> None:
        """Lead the keys to the field for an address."""
        self.address.setFocus()
        self.address.selectAll()

    def ask_about(self, x: float, y: float) -> None:
        """Head the answer by the place of a spot that was clicked, latitude and longitude."""
        self.search.fold()
        self._tell(partial(self._say, SPOT, lat=f"{y:.5f}", lon=f"{x:.5f}"))

    def _begin(self, _text: str) -> None:
        """Take the answer away: it is of another question than the one that is being written."""
        self._answers, self._about = None, None
        self._write()
        self.dropped.emit()

    def _pick(self, hit: Hit) -> None:
        if hit.is_spot:
            self.search.fold()
            self._tell(lambda: hit_text(hit, self._say))
        else:
            self._tell(partial(self._say, CHOOSE_HOUSE, street=hit.label))
        self.wished.emit(hit)

    def _tell(self, about: Callable[[], str]) -> None:
        self._answers, self._about = None, about
        self._write()

    def show_answers(self, answers: Sequence[WhoSeesAnswer] | None, is_of_walls: bool = False) -> None:
        """Show the answers for a spot, or for the walls of the building there; None when no spot was asked about."""
        self._answers, self._is_of_walls = answers, is_of_walls
        self._about = None if answers is None else self._about
        self._write()

    def set_complete(self, is_complete: bool) -> None:
        """Say whether every camera has been asked, or some are still being computed."""
        if is_complete != self._is_complete:
            self._is_complete = is_complete
            self._write()

    def _write(self) -> None:
        self.list.setHeaderLabels([self._say(name) for name in COLUMNS])
        self.list.clear()
        self.about.setText(self._about() if self._about is not None else "")
        self.about.setVisible(self._about is not None)
        self.head.setText(self._sentence())
        self.head.setVisible(bool(self.head.text()))
        for answer in self._answers or ():
            self.list.addTopLevelItem(self._row(answer))

    def _sentence(self) -> str:
        if self._answers is None:
            return "" if self._about is not None else self._say(HINT)
        about = [self._say(OF_WALLS)] if self._is_of_walls else []
        counted = [self._counted(self._answers)] if self._answers or self._is_complete else []
        pending = [] if self._is_complete else [self._say(PENDING)]
        unknown = [] if self.is_surveyed else [self._say(NOT_LOOKED)]
        return "\n".join([*about, *counted, *pending, *unknown])

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
    searching = commands.searching
    panel, asking = WhoSeesPanel(bench.names, bench.language, searching.find), Asking(bench, KEY)
    panel.picked.connect(commands.looking.show_camera)
    panel.wished.connect(asking.show)
    panel.dropped.connect(asking.forget)
    searching.ready.connect(panel.search.ask_again)
    bench.spots.answered.connect(lambda *_answers: panel.set_complete(bench.sight.is_complete))

    def look_up_surveys(*_answers: object) -> None:
        """Say of the spot on the map whether somebody looked for cameras there."""
        if bench.canvas.marks.spot is not None:
            lonlat = bench.context.lonlat(bench.session.project, *bench.canvas.marks.spot)
            panel.is_surveyed = workflow.is_surveyed(bench.services, bench.session.project, *lonlat)

    bench.spots.answered.connect(look_up_surveys)
    bench.spots.answered.connect(panel.show_answers)
    bench.session.left.connect(partial(panel.show_answers, None))
    bench.session.left.connect(panel.address.clear)
    bench.session.attention.panel_seen.connect(lambda key, is_seen: searching.prepare() if key == KEY and is_seen else None)

    def ask_at(x_m: float, y_m: float) -> None:
        """Ask about a spot that was clicked; on a map that stands before its project nothing is asked yet."""
        if not bench.session.project.crs:
            return
        panel.ask_about(*bench.context.lonlat(bench.session.project, x_m, y_m))
        asking.ask(x_m, y_m)

    bench.canvas.spot_picked.connect(ask_at)

    def find() -> None:
        """Lead to the field for an address."""
        searching.prepare()
        bench.session.attention.bring(KEY)
        panel.edit_address()

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Who can see it"), panel, within="selected"),),
        entries=((marked("&View"), Entry("find", marked("&Find an address…"), find, "Ctrl+Shift+F")),),
        spot_entries=(SpotEntry(marked("Who can see this spot?"), ask_at),),
        commands=asking,
    )
