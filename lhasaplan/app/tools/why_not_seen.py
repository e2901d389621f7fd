"""The tool that says why a spot is not seen: what stands between, where, and how high each camera would have to hang."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, SpotEntry, Tool, ToolCondition, Workbench
from lhasaplan.app.jobs import Report
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import NEAR_PX, Language, as_listing, in_column, plain_label, plain_tip
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.painter import MapTool
from lhasaplan.app.map.sight import who_sees
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.models.findings import reason_text
from lhasaplan.app.panels import wrap_cells
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Placed
from lhasaplan.core.site.mounting import ask_about
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.exposure.who_sees import WhyNot

# Ask why cameras near a spot do not see it.

LANE = "why"


@dataclass(frozen=True, eq=False, slots=True)
class WhyNotSeenAnswer:
    """What is known of a spot: how many cameras see it, for certain and possibly, and why others near it do not."""

    spot: tuple[float, float]
    certain: int
    possible: int
    why: "tuple[WhyNot, ...]"
    placed: dict[str, Placed]


class WhyNotSeen(QObject):
    """Asks in a job; the rule of what may be disclosed of a spot is that of who sees it."""

    answered = Signal(object)  # Answer

    def __init__(self, bench: Workbench, panel: str) -> None:
        super().__init__()
        self._bench, self._panel = bench, panel

    def ask_at_hand(self) -> None:
        """Ask about the spot that is marked, or about the middle of the map."""
        canvas = self._bench.canvas
        self.ask(*(canvas.marks.spot or (canvas.viewport.x_m, canvas.viewport.y_m)))

    def ask(self, x_m: float, y_m: float) -> None:
        """Ask about a spot."""
        city, sight = self._bench.sight.city, self._bench.sight.sight
        if city is None:
            return
        self._bench.canvas.mark_spot((x_m, y_m))
        self._bench.session.attention.bring(self._panel)

        def work(_report: Report) -> WhyNotSeenAnswer:
            from lhasaplan.core.exposure.who_sees import why_not_seen

            asked = ask_about(x_m, y_m, city.terrain, city.buildings)
            witnesses = who_sees(asked, sight, city)
            placed = {key: seen.placed for key, seen in sight.seen.items()}
            certain, possible = (sum(each.certainty == how for each in witnesses) for how in ("certain", "possible"))
            why = why_not_seen(witnesses, placed, asked, city.rooms, city.terrain)
            return WhyNotSeenAnswer((x_m, y_m), certain, possible, why, placed)

        self._bench.notices.start(LANE, work, self.answered.emit)


# The lines that do not reach a spot: whole to what blocks them, broken behind it.

CROSS_PX, THIN_PX, THICK_PX = 5.0, 1.2, 2.4
MOST_LINES = 12  # of the nearest cameras; of another one while its row is chosen: a hundred would hide the map


class BlockedLines(MapTool):
    """Painted above the map while the answer is of the spot that the map marks."""

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self._answer: WhyNotSeenAnswer | None = None
        self._camera_id = ""
        canvas.add_map_tool(self)

    def take(self, answer: WhyNotSeenAnswer | None) -> None:
        """Show the lines of an answer; None takes them away."""
        self._answer, self._camera_id = answer, ""
        self._canvas.update()

    def point_at(self, camera_id: str) -> None:
        """Draw the line of one camera stronger than the others."""
        self._camera_id = camera_id
        self._canvas.update()

    @property
    def drawn(self) -> "tuple[WhyNot, ...]":
        """Return what is drawn: the nearest cameras of which a line is known, and the one whose row is chosen."""
        blocked = [why for why in self._answer.why if why.obstruction is not None] if self._answer is not None else []
        return (*blocked[:MOST_LINES], *(why for why in blocked[MOST_LINES:] if why.witness.camera_id == self._camera_id))

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint above the map."""
        answer = self._answer
        if answer is None or self._canvas.marks.spot != answer.spot:
            return
        spot = QPointF(*viewport.to_screen(*answer.spot))
        for why in self.drawn:
            found = why.obstruction
            assert found is not None
            view = answer.placed[why.witness.camera_id].views[0]
            lens, at = (QPointF(*viewport.to_screen(*xy)) for xy in ((view.x_m, view.y_m), (found.x_m, found.y_m)))
            width = THICK_PX if why.witness.camera_id == self._camera_id else THIN_PX
            painter.setPen(QPen(self._canvas.palette_now.accent, width))
            painter.drawLine(lens, at)
            painter.setPen(QPen(self._canvas.palette_now.accent, width, Qt.PenStyle.DotLine))
            painter.drawLine(at, spot)
            painter.setPen(QPen(self._canvas.palette_now.accent, THICK_PX))
            painter.drawLine(at + QPointF(-CROSS_PX, -CROSS_PX), at + QPointF(CROSS_PX, CROSS_PX))
            painter.drawLine(at + QPointF(-CROSS_PX, CROSS_PX), at + QPointF(CROSS_PX, -CROSS_PX))


# The panel that says why cameras near a spot do not see it.

COLUMNS = (marked("Camera"), marked("Why not"), marked("Height needed"))
HINT = marked("Right-click a spot on the map and ask why it is not seen.")
SEEN = marked("Cameras that see this spot: certain {certain}, possible {possible}.")
NONE = marked("For no camera nearby can the program state why it does not see this spot.")
NEEDS = marked("The height is that of the lens above the ground. The camera would have to be aimed again.")
WHERE = marked("{metres} m in front of the spot")
NO_HEIGHT, METRES = marked("no height is enough"), marked("{height} m")
WITHHELD = marked("not said of protected ground")  # of the disclosed map
CAMERA_PX, HEIGHT_PX = 120, 64


class WhyNotSeenPanel(QWidget):
    """How many see the spot, and a row a camera that does not; the nearest first."""

    picked = Signal(str)
    pointed = Signal(str)  # the camera whose row is chosen

    def __init__(self, names: Names, language: Language) -> None:
        super().__init__()
        self._names, self._say = names, language
        self._answer: WhyNotSeenAnswer | None = None
        self.head, self.note = plain_label(wordWrap=True), plain_label(wordWrap=True)
        self.list = QTreeWidget(columnCount=len(COLUMNS))
        as_listing(self.list)
        wrap_cells(self.list)
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        header.resizeSection(0, CAMERA_PX)
        header.resizeSection(2, HEIGHT_PX)
        self.list.itemActivated.connect(lambda item, _column: self.picked.emit(str(item.data(0, Qt.ItemDataRole.UserRole))))
        self.list.currentItemChanged.connect(self._point)
        in_column(self.head, (self.list, 1), self.note, of=self, margin_px=NEAR_PX, gap_px=NEAR_PX)
        for signal in (language.changed, names.changed):
            signal.connect(self._write)
        self._write()

    def show_answer(self, answer: "WhyNotSeenAnswer | None") -> None:
        """Show what was answered of a spot; None when none was asked about."""
        if answer is not self._answer:
            self._answer = answer
            self._write()

    def _point(self, item: QTreeWidgetItem | None, _before: object) -> None:
        self.pointed.emit(str(item.data(0, Qt.ItemDataRole.UserRole)) if item is not None else "")

    def _write(self) -> None:
        answer = self._answer
        *names, height = (self._say(name) for name in COLUMNS)
        self.list.setHeaderLabels([*names, as_heading(height)])
        header = self.list.header()
        header.resizeSection(2, max(HEIGHT_PX, header.sectionSizeHint(2)))  # on two lines: names of cameras are long
        self.list.clear()
        why = answer.why if answer is not None else ()
        for one in why:
            self.list.addTopLevelItem(self._row(one))
        self.head.setText(self._sentence())
        self.note.setText(self._say(NEEDS))
        self.note.setVisible(any(one.obstruction is not None for one in why))

    def _sentence(self) -> str:
        answer = self._answer
        if answer is None:
            return self._say(HINT)
        counted = self._say(SEEN, certain=answer.certain, possible=answer.possible)
        return counted if answer.why else f"{counted}\n{self._say(NONE)}"

    def _row(self, why: "WhyNot") -> QTreeWidgetItem:
        camera_id = why.witness.camera_id
        item = QTreeWidgetItem([self._name_of(camera_id), self._reason(why), self._height(why)])
        item.setData(0, Qt.ItemDataRole.UserRole, camera_id)
        item.setToolTip(0, plain_tip(camera_id))
        item.setToolTip(1, plain_tip(" · ".join(filter(None, (item.text(1).replace("\n", ", "), why.witness.blocker_id)))))
        item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return item

    def _name_of(self, camera_id: str) -> str:
        placed = self._answer.placed.get(camera_id) if self._answer is not None else None
        return (placed.camera.name if placed is not None else "") or self._names.camera(camera_id)

    def _reason(self, why: "WhyNot") -> str:
        """Return what stands between, and how far before the spot."""
        reason = self._say(WITHHELD) if not why.witness.reason else reason_text(why.witness.reason, self._say)
        if why.obstruction is None or self._answer is None:
            return reason
        x_m, y_m = self._answer.spot
        away_m = ((why.obstruction.x_m - x_m) ** 2 + (why.obstruction.y_m - y_m) ** 2) ** 0.5
        return f"{reason}\n{self._say(WHERE, metres=f'{away_m:.0f}')}"

    def _height(self, why: "WhyNot") -> str:
        if why.height_m is not None:
            return self._say(METRES, height=number_text(why.height_m, self._say.translations, 1))
        return self._say(NO_HEIGHT) if why.obstruction is not None else ""


def as_heading(name: str) -> str:
    """Return a heading with its last word on a line of its own."""
    return "\n".join(name.rsplit(" ", 1))


KEY = "why_not_seen"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    asking, panel, lines = WhyNotSeen(bench, KEY), WhyNotSeenPanel(bench.names, bench.language), BlockedLines(bench.canvas)
    panel.picked.connect(commands.looking.show_camera)
    panel.pointed.connect(lines.point_at)
    for take in (panel.show_answer, lines.take):
        asking.answered.connect(take)
        bench.session.left.connect(partial(take, None))
        bench.session.project_changed.connect(partial(take, None))
    has_city = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    entry = Entry(KEY, marked("Why is the spot &not seen?"), asking.ask_at_hand, "Ctrl+Shift+W", has_city)
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Why not seen"), panel, behind="selected"),),
        entries=((marked("&Analysis"), entry),),
        spot_entries=(SpotEntry(marked("Why is this spot not seen?"), asking.ask),),
        commands=asking,
    )
