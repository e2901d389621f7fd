"""The city under the cameras: the base map, live answers about what cameras see, what a planned camera snaps to, and the gate."""

import operator
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from math import inf
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal

from lhasaplan import workflow
from lhasaplan.app.jobs import Jobs, Report, Work
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.ground import DrawnGround, prepare_ground, with_place_names, with_surveys
from lhasaplan.app.map.sight import who_sees
from lhasaplan.app.state import Session
from lhasaplan.core.base.progress import part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import replaced
from lhasaplan.core.model.camera import Camera, Mount, Status
from lhasaplan.core.model.layer import Buildings, Layer
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.results.assessment import Assessment, Gate
from lhasaplan.core.site.mounting import ask_about
from lhasaplan.errors import UserError
from lhasaplan.ports import Content, Services

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import TownWalls
    from lhasaplan.core.live.live_answers import Live
    from lhasaplan.core.site.snapping import Snapped, SnapTargets

# Asks which cameras may see a spot, and asks again as their sight is computed.
LANE = "who"


class SpotQuestions(QObject):
    """One spot at a time, the one that the map marks."""

    answered = Signal(object, bool)  # tuple of Witness for the spot; is it about the walls of a building?
    failed = Signal(object)  # UserError

    def __init__(self, session: Session, jobs: Jobs, sight: LiveSight, canvas: MapCanvas) -> None:
        super().__init__()
        self._jobs, self._sight, self._canvas = jobs, sight, canvas
        session.left.connect(lambda: jobs.cancel(LANE))
        sight.sight_changed.connect(self._ask_again)

    def _ask_again(self) -> None:
        if self._canvas.marks.spot is not None:
            self.ask(*self._canvas.marks.spot)

    def ask(self, x_m: float, y_m: float) -> None:
        """Ask which cameras may see a spot; the answer comes as ``answered``."""
        city, sight = self._sight.city, self._sight.sight
        if city is None:
            return

        def work(_report: Report) -> tuple[tuple[Witness, ...], bool]:
            asked = ask_about(x_m, y_m, city.terrain, city.buildings)
            return who_sees(asked, sight, city), asked.footprint is not None

        self._jobs.start(LANE, work, lambda found: self.answered.emit(*found), self.failed.emit)


STEP_GROUND = marked("Drawing the map")


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """The ground as the map needs it."""

    ground: DrawnGround
    convergence_deg: float


@dataclass(frozen=True, eq=False, slots=True)
class EarlyPlace:
    """The ground of a project's layers, prepared before the window had the project: no place on it has its name yet."""

    layers: Mapping[str, Layer]
    place: DrawnPlace


class City(QObject):
    """Prepares ground and town in jobs whenever what they are made from changes."""

    drawn = Signal(object, bool)  # DrawnGround; is it the first of this project?
    walls_up = Signal(object, object)  # Project, Walls: what cones can be drawn in, long before the town is set up
    set_up = Signal(object)  # Live: the town without cameras
    failed = Signal(object)  # UserError

    def __init__(self, session: Session, context: AppContext, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._context, self._jobs = session, context, jobs
        self.convergence_deg = 0.0  # true bearing = bearing on the map + convergence
        self.is_drawn = False
        self.known: Callable[[], Live | None] = lambda: None  # the answers in the city as it is now: what stays of them is kept
        self._made_from: tuple[object, ...] = ()
        self._begun: tuple[Project, TownWalls] | None = None  # a town of which only the walls stand
        self.early: EarlyPlace | None = None
        session.left.connect(self._forget)
        session.layers_changed.connect(self._order_ground)
        session.project_changed.connect(self._order_town)

    def lonlat(self, x_m: float, y_m: float) -> tuple[float, float] | None:
        """Return longitude and latitude of a place; None until the map is drawn."""
        return self._context.lonlat(self._session.project, x_m, y_m) if self.is_drawn else None

    def _forget(self) -> None:
        for lane in ("ground", "city"):
            self._jobs.cancel(lane)
        self.is_drawn, self._made_from, self._begun = False, (), None

    def _order_ground(self) -> None:
        project, context, early = self._session.project, self._context, self.early
        self.early = None
        if project.crs:
            self._jobs.start("ground", lambda report: _prepare(project, context, early, report), self._show, self.failed.emit)

    def _show(self, place: DrawnPlace) -> None:
        is_first, self.is_drawn = not self.is_drawn, True
        self.convergence_deg = place.convergence_deg
        self.drawn.emit(place.ground, is_first)
        self._order_town()

    def _order_town(self) -> None:
        """Set the town up anew when what it is made from was changed: layers, terrain, grid, packs, declarations."""
        project, context = self._session.project, self._context
        made_from = (project.layers, project.terrain, project.crs, project.packs, project.declarations, project.models)
        is_same = bool(self._made_from) and all(map(operator.is_, made_from, self._made_from))  # no arrays
        if not self.is_drawn or not project.crs or is_same:
            return
        self._made_from = made_from

        self._begun = None
        known = self.known()
        if known is None:
            work: Work = lambda report: context.open_walls(project, part_of(report, 0.0, 0.3))  # noqa: E731
            self._jobs.start("city", work, lambda walls: self._take_walls(project, walls), self._fail)
        else:
            self._jobs.start("city", lambda report: context.reopen(known, project, report), self.set_up.emit, self._fail)

    def _take_walls(self, project: Project, walls: "TownWalls") -> None:
        """Hand the walls on: the cones of many cameras are drawn in them, before protected places take the interpreter."""
        self._begun = project, walls
        self.walls_up.emit(project, walls)

    def go_on(self) -> None:
        """Set up the rest of a town whose walls stand: no cones are drawn in these alone, or no more."""
        if self._begun is None:
            return
        (project, walls), self._begun = self._begun, None
        context = self._context

        def work(report: Report) -> "Live":
            from lhasaplan.core.live.live_answers import make_live

            return make_live(context.open_city(project, walls, part_of(report, 0.3, 1.0)))

        self._jobs.start("city", work, self.set_up.emit, self._fail)

    def _fail(self, error: UserError) -> None:
        self._made_from = ()
        self.failed.emit(error)


def _prepare(project: Project, context: AppContext, early: EarlyPlace | None, report: Report) -> DrawnPlace:
    report(0.1, STEP_GROUND)
    place = early.place if early is not None and early.layers is project.layers else prepare_early(project, context)
    report(0.6, STEP_GROUND)
    named = with_place_names(place.ground, project.layers, context.may_be_named)
    return replace(place, ground=with_surveys(named, workflow.surveyed_on_maps(context.services, project)))


def prepare_early(project: Project, context: AppContext) -> DrawnPlace:
    """Return the ground without names of places: which may be named is known only by reading the protected kinds."""
    ground = prepare_ground(project.layers, [(c.x_m, c.y_m) for c in project.cameras])
    x0, y0, x1, y1 = ground.bounds or (0.0, 0.0, 0.0, 0.0)
    return DrawnPlace(ground, context.convergence_deg(project, (x0 + x1) / 2, (y0 + y1) / 2))


# Judges the gate again when planned cameras were placed or moved: each must stand where planning is allowed.
GATE_LANE = "gate"


class GateWatch:
    """Orders a judgement after each edit of planned cameras; all else is as the last check had it."""

    def __init__(self, session: Session, services: Services, jobs: Jobs, sight: LiveSight) -> None:
        self._session, self._services, self._jobs, self._sight = session, services, jobs, sight
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
            judge = partial(judged_anew, self._services, project, city.buildings, results)
            self._jobs.start(GATE_LANE, lambda _report: judge(), session.set_gate, self._fail, follow=True)

    def _fail(self, _error: UserError) -> None:
        """Judge at the next edit; the last judgement stands till then."""
        self._judged = ()


def judged_anew(services: Services, project: Project, buildings: Buildings, results: Assessment) -> Gate:
    """Return the gate for cameras that were placed or moved since the last check; all else is as it was then."""
    from lhasaplan.core.base.crs import Crs
    from lhasaplan.core.gate.decide import judge_gate

    content, parts = services.content, tuple(one.part for one in results.parts or ())
    of_town = (project, content.load_packs(project.packs), content.load_territory(), buildings, parts, Crs(project.crs))
    return judge_gate(*of_town, today=services.today(), rules=content.load_audit_policy().mandate)


# Finds what a place on the map snaps to; what there is to snap to is made ready beside the window.
SNAP_LANE = "snap"
REACH_PX = 12.0
Pole = tuple[float, float, str]  # place, and the camera that hangs there
SUSPENDED = Qt.KeyboardModifier.ControlModifier  # held, nothing snaps


class Snapper(QObject):
    """Knows the targets of the city that is shown; without them nothing snaps."""

    ready = Signal()

    def __init__(  # noqa: PLR0917 - state, rules and the work that it follows
        self, session: Session, content: Content, jobs: Jobs, canvas: MapCanvas, city: City, sight: LiveSight
    ) -> None:
        super().__init__()
        self._session, self._content, self._jobs, self._canvas, self._sight = session, content, jobs, canvas, sight
        self.targets: SnapTargets | None = None
        self._poles_of: tuple[Camera, ...] = ()
        self._known_poles: list[Pole] = []
        session.left.connect(self._forget)
        city.set_up.connect(lambda _live: self._order())

    def _forget(self) -> None:
        self._jobs.cancel(SNAP_LANE)
        self.targets = None

    def _order(self) -> None:
        city, content = self._sight.city, self._content
        if city is None:
            return

        def work(_report: Report) -> "SnapTargets":
            from lhasaplan.core.site.snapping import make_snap_targets

            rules, town, is_raised = content.load_snap_rules(), city.town, city.buildings.base_m > 0.0
            layers, widths = city.project.layers, city.reference_data.widths
            return make_snap_targets(town.buildings, is_raised, town.relief, layers, rules, widths=widths)

        self._jobs.start(SNAP_LANE, work, self._take, self._fail)

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
        from lhasaplan.core.site.snapping import snap

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
