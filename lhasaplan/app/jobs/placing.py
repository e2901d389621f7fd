"""What a planned camera snaps to, and whether the gate lets it stand where it was put."""

from bisect import bisect_left, bisect_right
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from lhasaplan.app.jobs.city import City
from lhasaplan.app.jobs.engine import AppContext
from lhasaplan.app.jobs.jobs import Jobs, Report
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.state.session import Session
from lhasaplan.core.changes import replaced
from lhasaplan.core.model.camera import Camera, Mount, Status
from lhasaplan.errors import UserError

if TYPE_CHECKING:
    from lhasaplan.core.site.snap_targets import SnapTargets
    from lhasaplan.core.site.snapping import Snapped

# Judges the gate again when planned cameras were placed or moved: each must stand where planning is allowed.

GATE_LANE = "gate"


class GateWatch:
    """Orders a judgement after each edit of planned cameras; all else is as the last check had it."""

    def __init__(self, session: Session, engine: AppContext, jobs: Jobs, sight: LiveSight) -> None:
        self._session, self._engine, self._jobs, self._sight = session, engine, jobs, sight
        self._judged: tuple[Camera, ...] = ()
        session.left.connect(self._forget)
        session.project_changed.connect(self._order)

    def _forget(self) -> None:
        self._jobs.cancel(GATE_LANE)
        self._judged = ()

    def _order(self) -> None:
        session, city = self._session, self._sight.city
        project, results = session.project, session.assessment
        if city is None or results is None or session.gate is None:
            return
        planned = tuple(c for c in project.cameras if c.status is Status.PLANNED)
        if planned != self._judged:
            self._judged = planned
            judge = partial(self._engine.judge_gate, project, city.buildings, results)
            self._jobs.start(GATE_LANE, lambda _report: judge(), session.set_gate, self._fail, follow=True)

    def _fail(self, _error: UserError) -> None:
        """Judge at the next edit; the last judgement stands till then."""
        self._judged = ()


# Finds what a place on the map snaps to; what there is to snap to is made ready beside the window.

LANE = "snap"
REACH_PX = 12.0
Pole = tuple[float, float, str]  # place, and the camera that hangs there
SUSPENDED = Qt.KeyboardModifier.ControlModifier  # held, nothing snaps


class Snapper(QObject):
    """Knows the targets of the city that is shown; without them nothing snaps."""

    ready = Signal()

    def __init__(  # noqa: PLR0917 - state, engine and the work that it follows
        self, session: Session, engine: AppContext, jobs: Jobs, canvas: MapCanvas, city: City, sight: LiveSight
    ) -> None:
        super().__init__()
        self._session, self._engine, self._jobs, self._canvas, self._sight = session, engine, jobs, canvas, sight
        self.targets: SnapTargets | None = None
        self._poles_of: tuple[Camera, ...] = ()
        self._known_poles: list[Pole] = []
        session.left.connect(self._forget)
        city.set_up.connect(lambda _live: self._order())

    def _forget(self) -> None:
        self._jobs.cancel(LANE)
        self.targets = None

    def _order(self) -> None:
        city, engine = self._sight.city, self._engine
        if city is None:
            return

        def work(_report: Report) -> "SnapTargets":
            return engine.snap_targets(city)

        self._jobs.start(LANE, work, self._take, self._fail)

    def _take(self, targets: "SnapTargets") -> None:
        self.targets = targets
        self.ready.emit()

    def _fail(self, _error: UserError) -> None:
        """Continue without an answer; the job that sets the city up reports its faults."""
        self.targets = None

    def snap(self, x_m: float, y_m: float, modifiers: Qt.KeyboardModifier, but_id: str = "") -> "Snapped | None":
        """Return what a place snaps to; None in the open and while snapping is suspended."""
        if self.targets is None or modifiers & SUSPENDED:
            return None
        from lhasaplan.core.site.snapping import snap  # noqa: PLC0415  (loads the core)

        reach_m = REACH_PX * self._canvas.viewport.metres_per_px
        return snap(self.targets, x_m, y_m, reach_m, self._poles(x_m, y_m, reach_m, but_id))

    def _poles(self, x_m: float, y_m: float, reach_m: float, but_id: str) -> list[tuple[float, float]]:
        """Return the poles near a place on which other cameras hang."""
        poles = self._sorted_poles(but_id)
        near = poles[bisect_left(poles, (x_m - reach_m,)) : bisect_right(poles, (x_m + reach_m, inf))]
        return [(x, y) for x, y, camera_id in near if abs(y - y_m) <= reach_m and camera_id != but_id]

    def _sorted_poles(self, but_id: str) -> list[Pole]:
        """Return all poles from west to east; those of before still hold while one camera alone, which does not count, moves."""
        cameras = self._session.project.cameras
        rows = replaced(self._poles_of, cameras)
        if rows is None or any(cameras[row].camera_id != but_id for row in rows):
            hanging = (c for c in cameras if c.mount is Mount.POLE and c.status is not Status.REMOVED)
            self._known_poles, self._poles_of = sorted((c.x_m, c.y_m, c.camera_id) for c in hanging), cameras
        return self._known_poles
