"""The tool that shows the map as it is today, with the plan, or both with what goes, stays and is new."""

from functools import partial

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton

from lhasaplan.app.commands.commands import Commands
from lhasaplan.app.commands.tool import Entry, Switch, Tool
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.look.theme import HAIR_PX, space
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.style import TODAY, WITH_PLAN
from lhasaplan.app.state.selection import ShownLayers
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes import replaced
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import leaving
from lhasaplan.core.project.project import Project

BOTH = TODAY | WITH_PLAN
# Of the layers that differ, those that each state shows.
STATES = {"map_today": TODAY, "map_plan": WITH_PLAN, "map_difference": BOTH}
WORDS = {
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
            words, tip = WORDS[key]
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


def make(bench: Workbench, _commands: Commands) -> Tool:
    """Return the tool at a workbench."""
    shown = bench.session.shown
    switch = PlanSwitch(bench.canvas, bench)
    entries = tuple(
        (marked("&View"), Entry(key, text, Switch(partial(show_state, shown, key), partial(is_shown, shown, key), shown.changed)))
        for key, text in ENTRIES.items()
    )
    return Tool("plan_states", entries=entries, commands=switch)
