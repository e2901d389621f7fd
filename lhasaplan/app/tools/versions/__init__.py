"""The tool of plan versions: keep one, set two side by side under a line that is swiped, take one over in whole or in part."""

from functools import partial

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Condition, Entry, Panel, Side, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.ground import DrawnGround
from lhasaplan.app.map.guest import Guest, Modifiers
from lhasaplan.app.map.plan_sheet import PlanSheet
from lhasaplan.app.tools.versions.commands import Found, Versioning
from lhasaplan.app.tools.versions.panel import VersionsPanel
from lhasaplan.core.base.wording import marked

# Two plans on one map: the first left of a line, the other right of it, and the line is swiped over the map.

GRAB_PX, STEP_PX, LEAST_PX = 12.0, 24.0, 40.0


class ComparedMap(QObject, Guest):
    """Lays two sheets over the map while a comparison is shown, and takes the mouse at the line between them."""

    def __init__(self, bench: Workbench, versioning: Versioning, mode: str) -> None:
        QObject.__init__(self)
        self._bench, self._versioning, self._mode = bench, versioning, mode
        self._ground = DrawnGround()
        self.sheets: tuple[PlanSheet, PlanSheet] | None = None
        self.share = 0.5  # of the map's width, left of the line
        self._before = 0.5
        canvas = bench.canvas
        canvas.add_guest(self)
        canvas.installEventFilter(self)
        canvas.viewport_changed.connect(self._place)
        bench.city.drawn.connect(self._take_ground)
        bench.session.shown.changed.connect(self._follow_layers)
        versioning.found.connect(self._show)

    @property
    def line_px(self) -> float:
        """Return where the line is, from the map's left edge."""
        return round(self.share * self._bench.canvas.width())

    def _take_ground(self, ground: DrawnGround, _is_first: bool) -> None:
        self._ground = ground
        for sheet in self.sheets or ():
            sheet.set_ground(ground)

    def _follow_layers(self) -> None:
        self._bench.canvas.explained_too = frozenset()
        for sheet in self.sheets or ():
            sheet.show_layers_of(self._bench.canvas)
            self._bench.canvas.explained_too |= sheet.contents

    def _show(self, found: Found | None) -> None:
        """Lay the sheets over the map, or take them away."""
        for sheet in self.sheets or ():
            sheet.stop()
            sheet.hide()
            sheet.deleteLater()
        self.sheets = None
        canvas = self._bench.canvas
        canvas.explained_too = frozenset()
        if found is None:
            return
        self.share = 0.5
        self.sheets = (
            PlanSheet(canvas, self._bench.language, is_left=True),
            PlanSheet(canvas, self._bench.language, is_left=False),
        )
        for sheet, name, overlays in zip(self.sheets, found.names, found.overlays, strict=True):
            sheet.name = name
            sheet.set_ground(self._ground)
            sheet.set_overlays(overlays)
            sheet.show_layers_of(canvas)
            sheet.show()
            canvas.explained_too |= sheet.contents
        self._place()

    def _place(self) -> None:
        if self.sheets is None:
            return
        canvas, line = self._bench.canvas, self.line_px
        top, height = canvas.top_px, canvas.height() - canvas.top_px
        left, right = self.sheets
        left.lay(QRectF(0, top, line, height), canvas.viewport)
        right.lay(QRectF(line, top, canvas.width() - line, height), canvas.viewport)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Keep the line where it is when the map becomes wider or narrower."""
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    # Mouse and keys, before the map

    def _is_at(self, at: QPointF) -> bool:
        return self.sheets is not None and abs(at.x() - self.line_px) <= GRAB_PX

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Show that the line can be swiped."""
        return Qt.CursorShape.SplitHCursor if self._is_at(at) else None

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Take the line."""
        self._before = self.share
        return self._is_at(at)

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Swipe."""
        self._move_to(at.x())

    def cancel(self) -> None:
        """Put the line back."""
        self._move_to(self._before * self._bench.canvas.width())

    def key(self, event: QKeyEvent) -> bool:
        """Swipe by comma and full stop, which lie beside each other on every keyboard."""
        ways = {Qt.Key.Key_Comma: -1.0, Qt.Key.Key_Less: -1.0, Qt.Key.Key_Period: 1.0, Qt.Key.Key_Greater: 1.0}
        way = ways.get(Qt.Key(event.key()))
        if self.sheets is None or way is None:
            return False
        self._move_to(self.line_px + way * STEP_PX)
        return True

    def _move_to(self, x_px: float) -> None:
        width = max(self._bench.canvas.width(), 1)
        self.share = min(max(x_px, LEAST_PX), width - LEAST_PX) / width
        self._place()


KEY, MODE = "versions", "compare"


def make(bench: Workbench, commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    session = bench.session
    versioning = Versioning(bench, commands.looking, MODE)
    panel = VersionsPanel(session, bench.names, bench.language)
    compared = ComparedMap(bench, versioning, MODE)
    panel.keep_wished.connect(versioning.keep)
    panel.drop_wished.connect(versioning.drop)
    panel.compare_wished.connect(versioning.compare)
    panel.take_wished.connect(versioning.take_over)
    panel.camera_picked.connect(commands.looking.show_camera)
    versioning.found.connect(panel.show_comparison)
    bench.proposals.beside_wished.connect(versioning.lay_beside)
    has_city = Condition(lambda: bool(session.project.crs), (session.project_changed,))
    switch = Switch(partial(_turn, versioning, panel), versioning.is_on, session.mode.changed)
    cure = Condition(lambda: versioning.chosen_cure is not None, (commands.looking.finding_shown, session.project_changed))
    analysis = marked("&Analysis")

    def show() -> None:
        """Bring the panel forward."""
        session.attention.bring(KEY)

    return Tool(
        KEY,
        panels=(Panel(KEY, marked("Versions"), panel, Side.BottomDockWidgetArea, behind="findings"),),
        entries=(
            (analysis, Entry("versions", marked("&Versions of the plan"), show, "Ctrl+Shift+V")),
            (analysis, Entry("keep_version", marked("&Keep this plan as a version…"), versioning.keep, condition=has_city)),
            (analysis, Entry("compare", marked("Compare &two plans"), switch, "Ctrl+Shift+D", has_city)),
            (analysis, Entry("compare_cure", marked("&Before and after the cure"), versioning.compare_cure, condition=cure)),
        ),
        commands=(versioning, compared),
    )


def _turn(versioning: Versioning, panel: VersionsPanel, on: bool) -> None:
    """Compare the plans that are chosen in the panel, or end it."""
    if on:
        versioning.compare(*panel.chosen)
    else:
        versioning.end()
