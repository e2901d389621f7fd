"""The tools for several cameras: select them by a box or a lasso, copy, mirror and align them, lay rows along a street."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPen
from PySide6.QtWidgets import (
    QCheckBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QPushButton,
    QWidget,
)

from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.placing import Placing, refused_ground
from lhasaplan.app.commands.workbench import Entry, Panel, Switch, Tool, ToolCondition, Workbench
from lhasaplan.app.look import Language, add_row, in_column, plain_label, push_button
from lhasaplan.app.map.cones import draw_symbol, symbol_of
from lhasaplan.app.map.drawing import LEAST_OF_LINE, LINING, Corners, ShapeDrawing
from lhasaplan.app.map.painter import MapTool
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.panels.fields import Amount, WholeAmount
from lhasaplan.app.state import edits
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.site.arrangement import evenly_spaced, on_a_line, shifted_to, turned_alike

# The tool that selects many cameras: by a box, by a lasso, all of them.

BOX, LASSO = "select_box", "select_lasso"
HINTS = {
    BOX: marked("Draw a box around cameras; with Ctrl they join the selection; Esc ends."),
    LASSO: marked("Draw a line around cameras; with Ctrl they join the selection; Esc ends."),
}
SELECTED = marked("{count} cameras selected")
TOLD_MS = 6000


class Selecting:
    """Takes what a box or a lasso holds as the selection."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        bench.canvas.cameras_chosen.connect(self.choose)
        bench.session.mode.changed.connect(self._follow_mode)

    def turning(self, key: str) -> Callable[[bool], None]:
        """Return what begins a way to select, or ends it."""
        return lambda on: self._bench.session.mode.switch(key, on)

    def asking(self, key: str) -> Callable[[], bool]:
        """Return what says whether a way to select is in use."""
        return lambda: self._bench.session.mode.tool == key

    def choose(self, camera_ids: tuple[str, ...], adds: bool) -> None:
        """Select these cameras, or add them to those that are selected."""
        selection = self._bench.session.selection
        selection.choose(*(selection.ids if adds else ()), *camera_ids)
        say = self._bench.language
        self._bench.session.attention.say(say(SELECTED, count=len(selection.ids)), TOLD_MS)

    def select_all(self) -> None:
        """Select every camera of the project."""
        self.choose(tuple(camera.camera_id for camera in self._bench.session.project.cameras), adds=False)

    def _follow_mode(self) -> None:
        now = self._bench.session.mode.tool
        self._bench.session.attention.guide("selecting", self._bench.language(HINTS[now]) if now in HINTS else "")


SELECTING_MENU = marked("&Edit")


def selecting_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    selecting, mode = Selecting(bench), bench.session.mode
    box, lasso = (Switch(selecting.turning(key), selecting.asking(key), mode.changed) for key in (BOX, LASSO))
    has_cameras = ToolCondition(lambda: bool(bench.session.project.cameras), (bench.session.project_changed,))
    return Tool(
        "selecting",
        entries=(
            (SELECTING_MENU, Entry("select_all", marked("Select &all cameras"), selecting.select_all, "Ctrl+A", has_cameras)),
            (SELECTING_MENU, Entry(BOX, marked("Select by &box"), box, "Ctrl+Shift+B")),
            (SELECTING_MENU, Entry(LASSO, marked("Select by la&sso"), lasso, "Ctrl+Shift+L")),
        ),
        commands=selecting,
    )


# Copy, paste, mirror and align cameras, and repeat one along its street; what adds cameras is a plan behind the gate.
NO_STREET = marked("No street is near this camera, so it cannot be mirrored or lined up.")
NONE_ON_LINE = marked("No camera has room on this line: where it runs there are carriageways or buildings.")
DRAW_ROW, ASIDE_M = "draw_row", 5.0
COPIED = marked("Copied: {count}. Ctrl+V over the map pastes them at the pointer, as planned cameras.")
Cameras = tuple[Camera, ...]


@dataclass(frozen=True, slots=True)
class StreetRow:
    """How a camera is repeated along its street."""

    spacing_m: float = 30.0
    count: int = 5
    is_alternating: bool = False
    aside_m: float = ASIDE_M  # to the right of a line that is drawn


class Arranging(QObject):
    """Acts on the selected cameras; each act is one step that can be taken back."""

    changed = Signal()  # what was copied, or what there is to go along

    def __init__(self, bench: Workbench, placing: Placing) -> None:
        super().__init__()
        self._bench, self._placing = bench, placing
        self._pointed: tuple[float, float] | None = None
        self.copied: Cameras = ()
        self.wished: Callable[[], StreetRow] = StreetRow  # what the fields of the panel describe
        self.drawing = ShapeDrawing(
            bench.canvas, bench.session.mode, DRAW_ROW, lambda line: self.add_drawn_row(self.wished(), line), is_area=False
        )
        bench.session.mode.changed.connect(self._follow_mode)
        bench.canvas.pointed.connect(self._point)
        bench.snapper.ready.connect(self.changed)
        bench.session.left.connect(self._forget)

    def _point(self, x_m: float, y_m: float) -> None:
        self._pointed = (x_m, y_m)

    def _forget(self) -> None:
        """Drop copies and pointer: another project may have another grid."""
        self.copied, self._pointed = (), None
        self.changed.emit()

    @property
    def chosen(self) -> Cameras:
        """Return the selected cameras that stand, in the order in which they were chosen."""
        session = self._bench.session
        found = map(session.camera, session.selection.ids)
        return tuple(camera for camera in found if camera is not None and camera.status is not Status.REMOVED)

    def has(self, count: int) -> bool:
        """Say whether at least so many cameras are selected."""
        return len(self.chosen) >= count

    # Copies

    def copy(self) -> None:
        """Keep the selected cameras to paste them."""
        self.copied = self.chosen
        if self.copied:
            self._bench.session.attention.say(self._bench.language(COPIED, count=len(self.copied)))
        self.changed.emit()

    def paste(self) -> None:
        """Add what was copied as plans where the pointer is, or in the middle of the map."""
        viewport = self._bench.canvas.viewport
        x0, y0, x1, y1 = viewport.box_m
        at = self._pointed
        here = at if at is not None and x0 <= at[0] <= x1 and y0 <= at[1] <= y1 else (viewport.x_m, viewport.y_m)
        if self.copied:
            self._placing.add(marked("Paste cameras"), shifted_to(self.copied, *here))

    # Mirrors

    def mirror(self) -> None:
        """Move the selected cameras over their streets, as in a mirror."""
        self._change(marked("Mirror cameras"), tuple(self._mirrored(camera) or camera for camera in self.chosen))

    def mirror_copies(self) -> None:
        """Add the selected cameras as plans on the other side of their streets."""
        copies = [copy for camera in self.chosen if (copy := self._mirrored(camera)) is not None]
        self._placing.add(marked("Mirror cameras"), copies)

    def _mirrored(self, camera: Camera) -> Camera | None:
        from lhasaplan.core.site.arrangement import over_street

        targets, lean = self._bench.snapper.targets, self._bench.city.convergence_deg
        found = over_street(targets.carriageways, camera, lean) if targets is not None else None
        if found is None:
            self._bench.session.attention.say(self._bench.language(NO_STREET))
        return found

    # Alignment

    def align(self) -> None:
        """Move the selected cameras onto the line from the first to the last."""
        self._arrange(marked("Align cameras"), on_a_line, 3)

    def space(self) -> None:
        """Space the selected cameras evenly on the line from the first to the last."""
        self._arrange(marked("Space cameras evenly"), evenly_spaced, 3)

    def turn_alike(self) -> None:
        """Turn the selected cameras as the last of them."""
        self._arrange(marked("Turn cameras alike"), turned_alike, 2)

    def _arrange(self, template: str, arrange: Callable[[Cameras], Cameras], least: int) -> None:
        chosen = self.chosen
        if len(chosen) >= least:
            self._change(template, arrange(chosen))

    def _change(self, template: str, cameras: Cameras) -> None:
        """Change cameras, but where a planned one would come to stand on protected ground."""
        session, bench = self._bench.session, self._bench
        planned = [camera for camera in cameras if camera.status is Status.PLANNED]
        refused = refused_ground(bench, planned)
        if refused:
            session.attention.say(refused)
        elif cameras:
            session.edit(template, edits.changed_to(cameras, session.author))

    # Rows

    def turn(self, on: bool) -> None:
        """Begin to draw the street of a row, or say why no row may be planned; or end it."""
        if not on:
            self._bench.session.mode.switch(DRAW_ROW, False)
        elif self._placing.may_plan():
            self.drawing.begin()

    def is_on(self) -> bool:
        """Say whether clicks draw the street of a row."""
        return self.drawing.is_on

    def drawn_row(self, row: StreetRow, corners: Corners) -> Cameras:
        """Return the cameras of a row along a drawn line: copies of the selected one, or of one as it is placed by a click."""
        if len(corners) < LEAST_OF_LINE:
            return ()
        from lhasaplan.core.site.arrangement import row_on

        chosen = self._bench.session.selected
        camera = chosen if chosen is not None and chosen.status is not Status.REMOVED else edits.new_camera(0.0, 0.0)
        targets, lean = self._bench.snapper.targets, self._bench.city.convergence_deg
        how = {"spacing_m": row.spacing_m, "aside_m": row.aside_m}
        return row_on(targets, corners, camera, lean, **how, alternating=row.is_alternating)

    def add_drawn_row(self, row: StreetRow, corners: Corners) -> None:
        """Add a row along a drawn line as plans, in one step."""
        cameras = self.drawn_row(row, corners)
        if not cameras:
            self._bench.session.attention.say(self._bench.language(NONE_ON_LINE))
        self._placing.add(marked("Add a row of cameras"), cameras)

    def _follow_mode(self) -> None:
        self._bench.session.attention.guide("row", self._bench.language(LINING) if self.is_on() else "")

    def row(self, row: StreetRow) -> Cameras:
        """Return the cameras of a row along the street of the selected one; empty without a street."""
        from lhasaplan.core.site.arrangement import row_at_street

        camera, targets = self._bench.session.selected, self._bench.snapper.targets
        if camera is None or targets is None or camera.status is Status.REMOVED:
            return ()
        lean = self._bench.city.convergence_deg
        return row_at_street(targets, camera, row.spacing_m, row.count, lean, alternating=row.is_alternating)

    def add_row(self, row: StreetRow) -> None:
        """Add a row as plans."""
        cameras = self.row(row)
        if not cameras:
            self._bench.session.attention.say(self._bench.language(NO_STREET))
        self._placing.add(marked("Add a row of cameras"), cameras)


HINT = marked("Choose cameras on the map, several with Ctrl. Adding cameras is planning, so the gate must be open.")
ACTS = (
    ("copy", marked("Copy"), 1),
    ("paste", marked("Paste"), 0),
    ("mirror", marked("Mirror across the street"), 1),
    ("mirror_copies", marked("Copy across the street"), 1),
    ("align", marked("Onto a line"), 3),
    ("space", marked("Evenly spaced"), 3),
    ("turn_alike", marked("Turn like the last one"), 2),
)  # what it runs, what it is called, and how many cameras it needs
ADDS = ("paste", "mirror_copies", "row")
ROW, ADD_ROW = marked("Row along the street"), marked("Add the row: {count}")


class ArrangingPanel(QWidget):
    """Buttons for what can be done with the selected cameras, and the figures of a row."""

    acted = Signal(str)
    row_changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._say = language
        self.buttons = {key: push_button(language, title) for key, title, _ in ACTS}
        self.spacing = Amount(decimals=0, minimum=1.0, maximum=500.0, value=30.0, suffix=" m")
        self.count = WholeAmount(minimum=1, maximum=100, value=5)
        self.aside = Amount(decimals=1, minimum=0.0, maximum=50.0, value=ASIDE_M, suffix=" m")
        self.alternating, self.add_row = QCheckBox(), QPushButton()
        self.draw = push_button(language, marked("Draw the street of the row"))
        self.draw.setCheckable(True)
        self.hint = plain_label(wordWrap=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        for number, button in enumerate(self.buttons.values()):
            grid.addWidget(button, number // 2, number % 2)
        box = QGroupBox()
        self._say.bind(box.setTitle, ROW)
        rows = QFormLayout(box)
        for title, field in ((marked("Spacing"), self.spacing), (marked("Cameras"), self.count)):
            add_row(rows, self._say, title, field)
        rows.addRow(self.alternating)
        rows.addRow(self.add_row)
        add_row(rows, self._say, marked("Beside a drawn line"), self.aside)
        rows.addRow(self.draw)
        self._say.bind(self.alternating.setText, marked("on both sides in turn"))
        self._say.bind(self.hint.setText, HINT)
        in_column(grid, box, self.hint, 1, of=self)

    def _connect(self) -> None:
        for key, button in self.buttons.items():
            button.clicked.connect(lambda _on=False, key=key: self.acted.emit(key))
        self.add_row.clicked.connect(lambda: self.acted.emit("row"))
        self.aside.valueChanged.connect(self.row_changed)
        self.spacing.valueChanged.connect(self.row_changed)
        self.count.valueChanged.connect(self.row_changed)
        self.alternating.toggled.connect(self.row_changed)

    @property
    def row(self) -> StreetRow:
        """Return the row that the fields describe."""
        return StreetRow(self.spacing.value(), self.count.value(), self.alternating.isChecked(), self.aside.value())

    def enable_for(self, chosen: int, copied: int, may_plan: bool, row: int) -> None:
        """Enable what can be done with so many chosen and copied cameras, while planning is allowed or not."""
        for key, _, least in ACTS:
            is_enough = chosen >= least if key != "paste" else copied > 0
            self.buttons[key].setEnabled(is_enough and (may_plan or key not in ADDS))
        self.add_row.setEnabled(may_plan and row > 0)
        self.add_row.setText(self._say(ADD_ROW, count=row))


# Shows on the map where the cameras of a row would stand, and takes the keys that copy and paste.
RADIUS_PX, RING_PX = 5.0, 11.0


class Preview(MapTool):
    """Draws the row that the panel describes while this lies in front."""

    def __init__(self, bench: Workbench, copy: Callable[[], None], paste: Callable[[], None]) -> None:
        self._bench, self._copy, self._paste = bench, copy, paste
        self._cameras: tuple[Camera, ...] = ()

    def show(self, cameras: tuple[Camera, ...]) -> None:
        """Draw these cameras as proposed."""
        if cameras != self._cameras:
            self._cameras = cameras
            self._bench.canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        """Copy and paste by the usual keys, while the map has them."""
        for keys, run in ((QKeySequence.StandardKey.Copy, self._copy), (QKeySequence.StandardKey.Paste, self._paste)):
            if event.matches(keys):
                run()
                return True
        return False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint each camera of the row with a dashed ring."""
        colours = self._bench.canvas.palette_now
        for camera in self._cameras:
            at = QPointF(*viewport.to_screen(camera.x_m, camera.y_m))
            painter.setPen(QPen(colours.accent, 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, RING_PX, RING_PX)
            symbol = symbol_of(camera, None, self._bench.city.convergence_deg)
            draw_symbol(painter, at, symbol, RADIUS_PX, colours.planned, colours)


KEY = "arranging"
EDIT = marked("&Edit")


def arranging_tool(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session, arranging, panel = bench.session, Arranging(bench, commands.placing), ArrangingPanel(bench.language)
    preview = Preview(bench, arranging.copy, arranging.paste)
    arranging.wished = lambda: panel.row
    for map_tool in (arranging.drawing, preview):
        bench.canvas.add_map_tool(map_tool)
    in_front = {"is": False}

    def follow(*_news: object) -> None:
        """Keep buttons and preview up to what is selected, copied and allowed."""
        row = arranging.row(panel.row) if in_front["is"] else ()
        preview.show(arranging.drawn_row(panel.row, arranging.drawing.line) if arranging.is_on() else row)
        panel.draw.setChecked(arranging.is_on())
        panel.enable_for(len(arranging.chosen), len(arranging.copied), session.may_plan, len(row))

    def see(key: str, is_seen: bool) -> None:
        """Draw the row only while the panel lies in front."""
        if key == KEY:
            in_front["is"] = is_seen
            follow()

    acts = {key: getattr(arranging, key) for key in panel.buttons} | {"row": lambda: arranging.add_row(panel.row)}
    panel.acted.connect(lambda key: acts[key]())
    arranging.drawing.changed = follow

    def draw(on: bool) -> None:
        """Draw the street of a row; the button shows whether one is drawn, also where none may be."""
        arranging.turn(on)
        panel.draw.setChecked(arranging.is_on())

    panel.draw.clicked.connect(draw)
    signals = (session.selection_changed, session.project_changed, session.gate_changed, session.assessment_changed)
    for signal in (*signals, arranging.changed, panel.row_changed, bench.language.changed):
        signal.connect(follow)
    session.attention.panel_seen.connect(see)
    follow()
    some = ToolCondition(lambda: arranging.has(1), (session.selection_changed, session.project_changed))
    kept = ToolCondition(lambda: bool(arranging.copied), (arranging.changed,))
    draw_row = Switch(draw, arranging.is_on, session.mode.changed)
    entries = (
        (EDIT, Entry("copy_cameras", marked("&Copy cameras"), arranging.copy, condition=some)),
        (EDIT, Entry("paste_cameras", marked("Pa&ste as planned cameras"), arranging.paste, condition=kept)),
        (EDIT, Entry("draw_row", marked("&Draw a row of cameras along a street"), draw_row)),
        (EDIT, Entry("arrange_cameras", marked("A&rrange cameras"), lambda: session.attention.bring(KEY))),
    )
    dock = Panel(KEY, marked("Arrange"), panel, behind="selected", stays=True)
    return Tool(KEY, panels=(dock,), entries=entries, commands=arranging)
