"""The tools that change what the map shows: today or the plan, night, counts of cameras, background maps from files."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from lhasaplan import io
from lhasaplan.app.commands import Commands
from lhasaplan.app.commands.workbench import Entry, Switch, Tool, ToolCondition, Workbench
from lhasaplan.app.look import HAIR_PX, space
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.painter import MapTool
from lhasaplan.app.map.rasters import Basemap
from lhasaplan.app.map.style import BY_DAY, INSTEAD, LIGHT, TODAY, WITH_PLAN
from lhasaplan.app.map.viewport import Viewport
from lhasaplan.app.state.selection import ShownLayers
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import replaced
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import leaving
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment

# The tool that turns the map to night: what cameras see in the dark in place of what they see by day.

NIGHT_KEY = "night"


def night_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    shown = bench.session.shown
    switch = Switch(
        partial(shown.put_instead, NIGHT_KEY, BY_DAY, INSTEAD), partial(shown.is_instead, NIGHT_KEY, BY_DAY), shown.changed
    )
    return Tool(NIGHT_KEY, entries=((marked("&View"), Entry(NIGHT_KEY, marked("Seen at &night only"), switch, "Ctrl+Shift+N")),))


# Round badges with numbers: how many cameras show each confirmed part, as the last results have it.
RADIUS_PX = 11.0
BADGE_INK = QColor("#ffffff")
Count = tuple[float, float, int]  # where, and how many


class CountBadges(QObject, MapTool):
    """Painted above the map while it is on and the results are of the project as it is."""

    turned = Signal()

    def __init__(self, bench: Workbench) -> None:
        QObject.__init__(self)
        self._session, self._canvas = bench.session, bench.canvas
        self.is_on = False
        self._of: Assessment | None = None  # the results whose parts were counted last
        self._counted: tuple[Count, ...] = ()
        bench.canvas.add_map_tool(self)

    @property
    def counts(self) -> tuple[Count, ...]:
        """Return the middle of each part and how many cameras show it."""
        results = self._session.current_results
        if results is not self._of:  # asked with every painting
            parts = results.parts or () if results is not None else ()
            middles = ((one.part.geometry.representative_point(), len(one.cameras)) for one in parts)
            self._of, self._counted = results, tuple((float(middle.x), float(middle.y), count) for middle, count in middles)
        return self._counted

    def turn(self, on: bool) -> None:
        """Write the counts onto the map, or take them away."""
        self.is_on = on
        self._canvas.update()
        self.turned.emit()

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint above the map."""
        for x_m, y_m, count in self.counts if self.is_on else ():
            at = QPointF(*viewport.to_screen(x_m, y_m))
            painter.setPen(QPen(BADGE_INK, 1.5))
            painter.setBrush(LIGHT.part if count else LIGHT.gap_line)  # white figures are read on these
            painter.drawEllipse(at, RADIUS_PX, RADIUS_PX)
            box = QRectF(at.x() - RADIUS_PX, at.y() - RADIUS_PX, 2 * RADIUS_PX, 2 * RADIUS_PX)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(count))


KEY, VIEW = "counts", marked("&View")


def counts_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench; outside the gate there are no parts, so that nothing is counted."""
    session, badges = bench.session, CountBadges(bench)
    news = (session.assessment_changed, session.project_changed)
    switch = Switch(badges.turn, lambda: badges.is_on, badges.turned)
    has_parts = ToolCondition(lambda: bool(badges.counts), news)
    shown = session.shown
    everywhere = Switch(partial(shown.put_instead, KEY, BY_DAY, INSTEAD), partial(shown.is_instead, KEY, BY_DAY), shown.changed)
    on_map = Entry("count_map", marked("How many cameras see each &place"), everywhere, "Ctrl+Shift+M")
    entry = Entry(KEY, marked("&Count of cameras at each part"), switch, "Ctrl+Shift+C", has_parts)
    return Tool(KEY, entries=((VIEW, on_map), (VIEW, entry)), commands=badges)


# Lay background maps from files under the map, and take them away; they are no part of the project.
BASEMAPS_KEY = "basemap"
LAID = marked("The background map is in place. Please note:")


class BasemapCommands(QObject):
    """Opens background maps in a job, and shows them while their layer is on."""

    changed = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._bench = bench
        bench.session.left.connect(self.clear)

    def has_some(self) -> bool:
        """Say whether a background map is laid."""
        return bool(self._bench.canvas.basemaps)

    def add_file(self) -> None:
        """Lay a file that a person chooses."""
        self.add(self._bench.dialogs.ask_basemap())

    def add_folder(self) -> None:
        """Lay a folder of tiles that a person chooses."""
        self.add(self._bench.dialogs.ask_basemap_folder())

    def add(self, path: Path | None) -> None:
        """Lay a file or folder; what is wrong with it is reported."""
        if path is None:
            return
        crs = self._bench.session.project.crs
        self._bench.notices.start("basemap", lambda _report: io.open_basemap(path, crs), self._lay)

    def _lay(self, basemap: Basemap) -> None:
        canvas = self._bench.canvas
        canvas.set_basemaps((*canvas.basemaps, basemap))
        self._bench.session.shown.switch(BASEMAPS_KEY, True)
        self.changed.emit()
        if basemap.remarks:
            self._bench.notices.note_remarks(LAID, basemap.remarks)

    def clear(self) -> None:
        """Take all background maps away."""
        if self._bench.canvas.basemaps:
            self._bench.canvas.set_basemaps(())
            self.changed.emit()


BASEMAPS_MENU = marked("&View")


def basemaps_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    laying = BasemapCommands(bench)
    has_ground = ToolCondition(lambda: bool(bench.session.project.crs), (bench.session.project_changed,))
    has_some = ToolCondition(laying.has_some, (laying.changed,))
    return Tool(
        "basemaps",
        entries=(
            (BASEMAPS_MENU, Entry("basemap", marked("Background map from a &file…"), laying.add_file, condition=has_ground)),
            (
                BASEMAPS_MENU,
                Entry(
                    "basemap_folder", marked("Background map from a &folder of tiles…"), laying.add_folder, condition=has_ground
                ),
            ),
            (BASEMAPS_MENU, Entry("no_basemap", marked("Remove b&ackground maps"), laying.clear, condition=has_some)),
        ),
        commands=laying,
    )


# The tool that shows the map as it is today, with the plan, or both with what goes, stays and is new.

BOTH = TODAY | WITH_PLAN
# Of the layers that differ, those that each state shows.
STATES = {"map_today": TODAY, "map_plan": WITH_PLAN, "map_difference": BOTH}
STATE_WORDS = {
    "map_today": (marked("Today"), marked("Today's cameras and the gaps between them")),
    "map_plan": (
        marked("With the plan"),
        marked("The cameras with the plan carried out, and the remaining gaps"),
    ),
    "map_difference": (
        marked("What changes"),
        marked("Removed (cross), kept (dot) and new cameras (plus), with the gaps before and after"),
    ),
}
ENTRIES = {
    "map_today": marked("Map as of &today"),
    "map_plan": marked("Map with the &plan"),
    "map_difference": marked("Map with the &difference of both"),
}
ABOVE_SCALE_PX, EDGE_PX = 58, 10


def show_state(shown: ShownLayers, key: str, on: bool = True) -> None:
    """Show a state of the plan: one step that can be undone."""
    if on:
        shown.exchange(STATES[key], BOTH - STATES[key])


def is_shown(shown: ShownLayers, key: str) -> bool:
    """Say whether the map shows this state."""
    return shown.keys & BOTH == STATES[key]


def has_plan(project: Project) -> bool:
    """Say whether today and the plan differ."""
    return bool(leaving(project)) or any(camera.status is Status.PLANNED for camera in project.cameras)


class PlanSwitch(QFrame):
    """Three buttons over the map, there while the project has a plan."""

    def __init__(self, over: MapCanvas, bench: Workbench) -> None:
        super().__init__(over)
        self._over, self._session = over, bench.session
        self._judged: tuple[tuple[Camera, ...], object] = ((), None)  # for which it was asked whether there is a plan
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        row = QHBoxLayout(self)
        space(row, HAIR_PX, HAIR_PX)
        self.buttons = {key: QToolButton() for key in STATES}
        for key, button in self.buttons.items():
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.clicked.connect(lambda _on=False, key=key: self._choose(key))
            words, tip = STATE_WORDS[key]
            bench.language.bind(button.setText, words)
            bench.language.bind(button.setToolTip, tip)
            row.addWidget(button)
        over.installEventFilter(self)
        bench.session.shown.changed.connect(self._tick)
        bench.session.project_changed.connect(self._follow)
        bench.language.changed.connect(self._stand)
        self._tick()
        self.hide()

    def _choose(self, key: str) -> None:
        show_state(self._session.shown, key)
        self._tick()

    def _tick(self) -> None:
        for key, button in self.buttons.items():
            button.setChecked(is_shown(self._session.shown, key))

    def _follow(self) -> None:
        project, (cameras, plan) = self._session.project, self._judged
        self._judged = project.cameras, project.plan
        rows = replaced(cameras, project.cameras) if project.plan is plan else None
        # A step of a drag exchanges one camera: the others of a city are not gone through for it.
        if rows is None or any(cameras[row].status is not project.cameras[row].status for row in rows):
            self.setVisible(has_plan(project))
            self._stand()

    def _stand(self) -> None:
        """Stand above the scale of the map."""
        self.adjustSize()
        self.move(EDGE_PX, self._over.height() - ABOVE_SCALE_PX - self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Follow the size of the map."""
        if event.type() == QEvent.Type.Resize:
            self._stand()
        return super().eventFilter(watched, event)


def plan_states_tool(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    shown = bench.session.shown
    switch = PlanSwitch(bench.canvas, bench)
    entries = tuple(
        (marked("&View"), Entry(key, text, Switch(partial(show_state, shown, key), partial(is_shown, shown, key), shown.changed)))
        for key, text in ENTRIES.items()
    )
    return Tool("plan_states", entries=entries, commands=switch)
