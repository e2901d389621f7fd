"""The tools that lay a line on the map: to measure it, and to say what cameras can see along a walk, which is kept nowhere."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QHeaderView, QTreeWidget, QTreeWidgetItem, QWidget

from lhasaplan import workflow
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Panel, SpotEntry, Switch, Tool, Workbench
from lhasaplan.app.jobs.names import Names
from lhasaplan.app.look import NEAR_PX, Language, as_listing, in_column, in_row, length_text, plain_label, plain_tip, push_button
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.measuring import MeasuredLine
from lhasaplan.app.map.painter import MapTool
from lhasaplan.app.map.style import LIGHT
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.report.text.numerals import number_text

if TYPE_CHECKING:
    from lhasaplan.core.exposure.along_lines import Stretch, Walk

# Measure on the map: a mode in which each click lays a point.
MEASURING = marked("Click to draw a line; Backspace removes a point, Esc ends.")


class Measuring:
    """Lays an empty line when its mode begins, takes the line away when it ends."""

    def __init__(self, session: Session, canvas: MapCanvas, language: Language, mode: str) -> None:
        self._session, self._canvas, self._say, self._mode = session, canvas, language, mode
        session.mode.changed.connect(self._follow_mode)

    def turn(self, on: bool) -> None:
        """Begin to measure, or end it."""
        self._session.mode.switch(self._mode, on)

    def is_on(self) -> bool:
        """Say whether clicks lay points."""
        return self._session.mode.tool == self._mode

    def begin_at(self, x_m: float, y_m: float) -> None:
        """Begin to measure at a spot."""
        self.turn(True)
        self._canvas.set_measure(MeasuredLine(((x_m, y_m),)))

    def _follow_mode(self) -> None:
        self._canvas.set_measure(MeasuredLine() if self.is_on() else None)
        self._session.attention.guide(MEASURE_KEY, self._say(MEASURING) if self.is_on() else "")


MEASURE_KEY = "measure"


def measure_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    measuring = Measuring(bench.session, bench.canvas, bench.language, MEASURE_KEY)
    switch = Switch(measuring.turn, measuring.is_on, bench.session.mode.changed)
    return Tool(
        MEASURE_KEY,
        entries=((marked("&View"), Entry(MEASURE_KEY, marked("&Measure"), switch, "Ctrl+M")),),
        spot_entries=(SpotEntry(marked("Measure from here"), measuring.begin_at),),
        commands=measuring,
    )


# The tool that says what cameras can see along a walk: laid on the map by clicks or read from a file, and kept nowhere.

KEY, LANE = "walk", "walk"
LAYING = marked("Click to draw a walk; Backspace removes a point, Esc ends.")
HINT = marked("Draw a walk on the map by clicks, or read one from a file (GPX, GeoJSON …). It is not saved.")
SUM = marked("{length} in all, {minutes} min at {speed} km/h")
PART = marked("{state}: {length}, {share} %")
SUMS_ALONE = marked("A rule pack of this project allows only the sums of a walk.")
COLUMNS = (marked("From – to, m"), marked("State"), marked("px/m at least"), marked("Cameras"))
FROM_FILE, TAKE_AWAY = marked("From a &file…"), marked("&Take away")
CLASSES_PX_M = (25.0, 62.5, 125.0, 250.0)
Point = tuple[float, float]
Lines = tuple[tuple[Point, ...], ...]
COLOURS = {"certain": LIGHT.sight_line, "possible": LIGHT.possible_line, "not_mapped": QColor("#6f757d")}


class WalkOnMap(QObject, MapTool):
    """The lines of a walk with what is in view along them; clicks lay more of it while its mode is on."""

    answered = Signal(object)  # Walk, None for no walk

    def __init__(self, bench: Workbench) -> None:
        QObject.__init__(self)
        self._bench = bench
        self.lines: Lines = ()
        self.walk: Walk | None = None
        bench.canvas.add_map_tool(self)
        bench.canvas.tool_used.connect(self._lay)
        bench.session.mode.changed.connect(self._follow_mode)
        bench.session.left.connect(self.drop)
        bench.session.project_changed.connect(self._ask)

    def turn(self, on: bool) -> None:
        """Begin to lay a walk, or end it; what was laid stays until it is taken away."""
        self._bench.session.mode.switch(KEY, on)
        if on:
            self._bench.session.attention.bring(KEY)

    def is_on(self) -> bool:
        """Say whether clicks lay a walk."""
        return self._bench.session.mode.tool == KEY

    def begin_at(self, x_m: float, y_m: float) -> None:
        """Begin a walk at a spot."""
        self.turn(True)
        self._put((((x_m, y_m),),))

    def read_file(self) -> None:
        """Ask for a file and take its lines as the walk."""
        path = self._bench.dialogs.ask_route()
        if path is None:
            return
        project, services = self._bench.session.project, self._bench.services

        def work(_report: object) -> Lines:
            return workflow.places_on(workflow.read_route(services, project, path)[0])

        self._bench.notices.start(LANE, work, self._put)

    def drop(self) -> None:
        """Take the walk off the map."""
        self._bench.jobs.cancel(LANE)
        self._put(())

    def key(self, event: QKeyEvent) -> bool:
        """Take the last point back."""
        is_taken = self.is_on() and bool(self.lines) and Qt.Key(event.key()) == Qt.Key.Key_Backspace
        if is_taken:
            rest = self.lines[-1][:-1]
            self._put((*self.lines[:-1], *((rest,) if rest else ())))
        return is_taken

    def _lay(self, tool: str, x_m: float, y_m: float) -> None:
        if tool == KEY:
            last = self.lines[-1] if self.lines else ()
            self._put((*self.lines[:-1], (*last, (x_m, y_m))))

    def _follow_mode(self) -> None:
        self._bench.session.attention.guide(KEY, self._bench.language(LAYING) if self.is_on() else "")

    def _put(self, lines: Lines) -> None:
        self.lines, self.walk = lines, None
        self._bench.canvas.update()
        self.answered.emit(None)
        self._ask()

    def _ask(self) -> None:
        """Ask what is in view along the walk; only the newest question is answered."""
        lines = [line for line in self.lines if len(line) > 1]
        if not lines:
            return
        project, services = self._bench.session.project, self._bench.services
        self._bench.notices.start(
            LANE, lambda report: workflow.exposure(services, project, workflow.drawn_lines(lines), progress=report), self._show
        )

    def _show(self, walk: "Walk") -> None:
        self.walk = walk
        self._bench.canvas.update()
        self.answered.emit(walk)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the walk, and over it what is in view: certain whole, possible dashed, not mapped dotted."""
        dashes = {"certain": Qt.PenStyle.SolidLine, "possible": Qt.PenStyle.DashLine, "not_mapped": Qt.PenStyle.DotLine}
        for line in self.lines:
            _stroke(painter, viewport, line, QPen(LIGHT.casing, 2.0))
            painter.drawEllipse(QPointF(*viewport.to_screen(*line[0])), 3.0, 3.0)
        for each, shape in self._stretches():
            _stroke(painter, viewport, shape, QPen(COLOURS[each.state], 5.0, dashes[each.state]))

    def _stretches(self) -> Iterator["tuple[Stretch, Sequence[Point]]"]:
        if self.walk is not None:
            for each, shape in zip(self.walk.stretches or (), self.walk.shapes, strict=True):
                yield each, list(shape.coords)


def _stroke(painter: QPainter, viewport: Viewport, line: Sequence[Point], pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF([QPointF(*viewport.to_screen(*place)) for place in line]))


# The panel: the sums, the profile, and the stretches.
class WalkProfile(QWidget):
    """Metres across, the class of density up."""

    def __init__(self) -> None:
        super().__init__()
        self.walk: Walk | None = None
        self.setMinimumHeight(60)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the usual size."""
        return QSize(260, 80)

    def show_walk(self, walk: "Walk | None") -> None:
        """Draw another walk."""
        self.walk = walk
        self.setVisible(walk is not None and walk.stretches is not None)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        """Draw a bar for each stretch in view."""
        if self.walk is None or not self.walk.lengths.length_m:
            return
        painter, per_m = QPainter(self), self.width() / self.walk.lengths.length_m
        fills = {
            "certain": Qt.BrushStyle.SolidPattern,
            "possible": Qt.BrushStyle.BDiagPattern,
            "not_mapped": Qt.BrushStyle.Dense6Pattern,
        }
        for each in self.walk.stretches or ():
            px_m = _px_m(each)  # a low mark where nothing is in view
            high = self.height() * (CLASSES_PX_M.index(px_m) + 1.0 if px_m > 0.0 else 0.2) / len(CLASSES_PX_M)
            box = QRectF(each.from_m * per_m, self.height() - high, (each.to_m - each.from_m) * per_m, high)
            painter.fillRect(box, QBrush(COLOURS[each.state], fills[each.state]))
        painter.setPen(QPen(self.palette().mid().color()))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _px_m(stretch: "Stretch") -> float:
    return stretch.certain_px_m if stretch.state == "certain" else stretch.highest_px_m


class WalkPanel(QWidget):
    """What is in view along the walk."""

    def __init__(self, tool: WalkOnMap, names: Names, language: Language) -> None:
        super().__init__()
        self._names, self._say, self._walk = names, language, tool.walk
        self.head, self.profile = plain_label(wordWrap=True), WalkProfile()
        self.list = QTreeWidget(columnCount=len(COLUMNS))
        as_listing(self.list)
        self.list.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.from_file, self.take_away = push_button(language, FROM_FILE), push_button(language, TAKE_AWAY)
        buttons = in_row(self.from_file, self.take_away)
        in_column(buttons, self.head, self.profile, (self.list, 1), of=self, margin_px=NEAR_PX)
        self.from_file.clicked.connect(tool.read_file)
        self.take_away.clicked.connect(tool.drop)
        tool.answered.connect(self._show)
        language.changed.connect(self._write)
        names.changed.connect(self._write)
        self._write()

    def _show(self, walk: "Walk | None") -> None:
        self._walk = walk
        self._write()

    def _write(self) -> None:
        walk = self._walk
        self.list.setHeaderLabels([self._say(name) for name in COLUMNS])
        self.list.clear()
        self.profile.show_walk(walk)
        self.head.setText(self._say(HINT) if walk is None else "\n".join(self._sums(walk)))
        for each in (walk.stretches or ()) if walk is not None else ():
            self.list.addTopLevelItem(self._row(each))

    def _sums(self, walk: "Walk") -> list[str]:
        from lhasaplan.core.exposure.along_lines import STATES

        say, lengths, words = self._say, walk.lengths, self._say.translations
        minutes = number_text(walk.seconds(lengths.length_m) / 60.0, words, 1)
        said = [say(SUM, length=length_text(lengths.length_m, words), minutes=minutes, speed=f"{walk.speed_km_h:g}")]
        for name in lengths.states:
            metres = getattr(lengths, f"{name}_m")
            share = number_text(100.0 * lengths.share(metres), words)
            said.append(say(PART, state=say(STATES[name]), length=length_text(metres, words), share=share))
        return [*said, *([say(SUMS_ALONE)] if walk.stretches is None else [])]

    def _row(self, stretch: "Stretch") -> QTreeWidgetItem:
        from lhasaplan.core.exposure.along_lines import STATES

        named = [self._names.camera(each) for each in (*stretch.certain, *stretch.possible)]
        px_m = _px_m(stretch)
        cells = [f"{stretch.from_m:.0f} – {stretch.to_m:.0f}", self._say(STATES[stretch.state]), f"{px_m:g}" if px_m else ""]
        item = QTreeWidgetItem([*cells, str(len(named))])
        item.setToolTip(3, plain_tip("\n".join(named)))
        return item


def walk_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    walking = WalkOnMap(bench)
    panel = WalkPanel(walking, bench.names, bench.language)
    switch = Switch(walking.turn, walking.is_on, bench.session.mode.changed)
    return Tool(
        KEY,
        panels=(Panel(KEY, marked("A walk"), panel, behind="selected"),),
        entries=((marked("&View"), Entry(KEY, marked("What sees me on a &walk?"), switch)),),
        spot_entries=(SpotEntry(marked("Begin a walk here"), walking.begin_at),),
        commands=walking,
    )
