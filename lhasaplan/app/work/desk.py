"""Between session and map: keeps ground, cones and the camera at hand up to date by jobs beside the window."""

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.cones import Overlays, prepare_overlays, seen_bounds, symbol_of
from lhasaplan.app.map.ground import Ground, prepare_ground
from lhasaplan.app.map.sheet import InHand
from lhasaplan.app.map.sight import Seen, Sight, seen_of
from lhasaplan.app.map.spot import Witness, who_sees
from lhasaplan.app.map.viewport import Box, united
from lhasaplan.app.state import edits
from lhasaplan.app.state.session import Session
from lhasaplan.app.work.engine import Engine
from lhasaplan.app.work.jobs import Jobs, Report
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.site.queried_spot import ask_about
from lhasaplan.errors import UserError

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import Setting
    from lhasaplan.core.live.effect import Effect
    from lhasaplan.core.live.live_answers import Live

BATCH = 24  # cameras whose sight is computed before the map shows them
STEP_GROUND, STEP_SIGHT = marked("Drawing the map"), marked("Computing what cameras see")


@dataclass(frozen=True, eq=False)
class _Place:
    """The ground as the map needs it."""

    ground: Ground
    convergence_deg: float


class Desk(QObject):
    """Listens to the session and orders work; every answer is checked against what is now."""

    answered = Signal(object, bool)  # tuple of Witness for the picked spot; is it about the walls of a building?
    failed = Signal(object)  # UserError
    sight_changed = Signal()
    effect_changed = Signal(object)  # Effect of what was done to the camera at hand, None when nothing was

    def __init__(self, session: Session, canvas: MapCanvas, engine: Engine, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._canvas, self._engine, self._jobs = session, canvas, engine, jobs
        self.sight = Sight()
        self.convergence_deg = 0.0
        self.live: Live | None = None  # the answers about every camera as it is drawn; a job makes the next ones
        self._before: Live | None = None  # as they were when the camera at hand was taken, or its drag began
        self._city_of: tuple[object, ...] = ()
        self._is_ahead = False  # does the running job look through the camera at hand alone?
        self._cities = 0  # set up so far: an answer about an earlier one is dropped
        self._ground_of: Project | None = None
        self._sight_of: dict[str, Camera] = {}
        self._dirty: Box | None = None
        self._all_dirty = False
        self._gesture = -1
        self._judged: tuple[Camera, ...] = ()
        self._later = QTimer(self, singleShot=True, interval=120)
        self._later.timeout.connect(self._order_overlays)
        self._listen()

    def _listen(self) -> None:
        session, canvas = self._session, self._canvas
        session.layers_changed.connect(self._order_ground)
        session.project_changed.connect(self._follow_project)
        session.assessment_changed.connect(self._redraw_all)
        session.assessment_changed.connect(self._order_sight)
        session.selection_changed.connect(self._follow_selection)
        session.selection_changed.connect(self._take_in_hand)
        session.gate_changed.connect(self._order_sight)
        canvas.camera_picked.connect(session.select)
        canvas.drag_started.connect(self._begin_drag)
        canvas.camera_dragged.connect(self._drag)
        canvas.camera_turned.connect(self._turn)

    # The city

    @property
    def city(self) -> "Setting | None":
        """Return what sight stands on; None until the map is drawn and the city is set up."""
        return self.live.city if self.live is not None else None

    def lonlat(self, x_m: float, y_m: float) -> tuple[float, float] | None:
        """Return longitude and latitude of a place; None until the map is drawn."""
        return self._engine.lonlat(self._session.project, x_m, y_m) if self._ground_of is not None else None

    def open_elsewhere(self) -> None:
        """Forget what was shown: another project comes."""
        for lane in ("city", "sight", "overlays"):
            self._jobs.cancel(lane)
        self.sight, self._sight_of, self._ground_of = Sight(), {}, None
        self.live = self._before = None
        self._city_of, self._cities = (), self._cities + 1
        self._judged = ()
        self._canvas.forget()
        self._canvas.set_in_hand(None)
        self._canvas.set_ground(Ground())
        self._canvas.set_overlays(Overlays())

    def _order_ground(self) -> None:
        project, engine = self._session.project, self._engine
        self._canvas.attribution = " · ".join(dict.fromkeys(r.licence for r in project.inputs if r.licence))
        self._canvas.banner = BANNER if project.synthetic else ""
        if not project.crs:
            return
        self._jobs.start("ground", lambda report: _prepare(project, engine, report), self._show_ground, self.failed.emit)

    def _show_ground(self, place: _Place) -> None:
        is_first = self._ground_of is None
        self.convergence_deg, self._ground_of = place.convergence_deg, self._session.project
        self._canvas.convergence_deg = place.convergence_deg
        self._canvas.set_ground(place.ground)
        if is_first:
            self._canvas.show_all()
        self._redraw_all()
        self._order_city()

    def _order_city(self) -> None:
        """Set the city up anew when what it is made from was changed: layers, terrain, grid, packs, declarations."""
        project, engine = self._session.project, self._engine
        made_from = (project.layers, project.terrain, project.crs, project.packs, project.declarations)
        if self._ground_of is None or _are_same(made_from, self._city_of):
            return
        self._city_of = made_from

        def work(report: Report) -> "Live":
            live: Live = engine.begin(engine.open_city(project, report))
            return live

        self._jobs.start("city", work, self._take_city, self._fail_city)

    def _take_city(self, live: "Live") -> None:
        self.live, self._before, self._sight_of, self._cities = live, None, {}, self._cities + 1
        self._order_sight()

    def _fail_city(self, error: UserError) -> None:
        self._city_of = ()
        self.failed.emit(error)

    # What cameras see

    def _follow_project(self) -> None:
        self._follow_selection()
        self._order_city()
        self._order_gate()
        self._order_sight()

    def _order_gate(self) -> None:
        """Judge the gate again when planned cameras were placed or moved: each must stand where planning is allowed."""
        session, city, engine = self._session, self.city, self._engine
        project, results = session.project, session.assessment
        if city is None or results is None or session.gate is None:
            return
        planned = tuple(c for c in project.cameras if c.status is Status.PLANNED)
        if planned != self._judged:
            self._judged = planned
            judge = partial(engine.judge_gate, project, city.buildings, results)
            self._jobs.start("gate", lambda _report: judge(), session.set_gate, self.failed.emit, follow=True)

    def _is_looked_at(self, camera: Camera) -> bool:
        return camera.status is Status.OPERATING or (camera.status is Status.PLANNED and self._session.may_plan)

    def _order_sight(self) -> None:
        """Compute the cameras whose value is not the one that their sight was computed for, the one at hand first."""
        live, session = self.live, self._session
        project = session.project
        if live is None or live.city.project.layers is not project.layers:
            return
        standing = [c for c in project.cameras if self._is_looked_at(c)]
        stale = [c for c in standing if self._sight_of.get(c.camera_id) is not c]
        gone = live.results.keys() - {c.camera_id for c in standing}
        if self.sight.seen.keys() - {c.camera_id for c in standing}:
            self._take_sight({}, ())
        stale.sort(key=lambda c: c.camera_id != session.selected_id)
        is_behind = bool(stale or gone) or not self._engine.is_decided(live, project, session.may_plan)
        if is_behind and not self._jobs.is_busy("sight"):
            self._start_sight(tuple(stale[:BATCH]), frozenset(gone))
        elif stale and stale[0].camera_id == session.selected_id:
            # The camera at hand goes before a batch that runs, but a drag lets each of its own steps be shown.
            self._start_sight((stale[0],), frozenset(gone), follow=self._is_ahead)

    def _start_sight(self, batch: tuple[Camera, ...], gone: frozenset[str], follow: bool = True) -> None:
        engine, project, may_plan = self._engine, self._session.project, self._session.may_plan
        number, self._is_ahead = self._cities, [c.camera_id for c in batch] == [self._session.selected_id]

        def work(report: Report) -> "Live":
            # The live answers of now, not of when this was ordered: the job before has shown its own meanwhile.
            live: Live = engine.follow(self.live, project, batch, gone, may_plan, lambda share, _step: report(share, STEP_SIGHT))
            return live

        self._jobs.start("sight", work, partial(self._take_batch, batch, number), self.failed.emit, follow=follow)

    def _take_batch(self, batch: tuple[Camera, ...], number: int, live: "Live") -> None:
        if number == self._cities and self.live is not None:
            self.live = live
            found = {c.camera_id: live.results[c.camera_id] for c in batch if c.camera_id in live.results}
            self._take_sight({camera_id: seen_of(result) for camera_id, result in found.items()}, batch)
            self._tell_effect()
        QTimer.singleShot(0, self._order_sight)

    def _tell_effect(self) -> None:
        """Tell what was done to the camera at hand since it was taken, or since its drag began."""
        live, camera_id = self.live, self._session.selected_id
        if self._before is None and live is not None and camera_id in live.results:
            self._before = live
        before = self._before
        if live is None or before is None or camera_id not in live.results or camera_id not in before.results:
            self.effect_changed.emit(None)
            return
        is_changed = live.results[camera_id] is not before.results[camera_id]
        effect: Effect | None = self._engine.effect_on((camera_id,), before, live) if is_changed else None
        self.effect_changed.emit(effect)

    def _take_sight(self, seen: dict[str, Seen], batch: tuple[Camera, ...]) -> None:
        standing = [c.camera_id for c in self._session.project.cameras if self._is_looked_at(c)]
        before, self.sight = self.sight, self.sight.updated(seen, standing)
        self._sight_of.update({camera.camera_id: camera for camera in batch})
        gone = before.seen.keys() - self.sight.seen.keys()
        for camera_id in gone:
            self._sight_of.pop(camera_id, None)
        for one in [*seen.values(), *(before.seen[i] for i in (*gone, *seen) if i in before.seen)]:
            self._dirty = united(self._dirty, seen_bounds(one))
        self._show_in_hand()
        self.sight_changed.emit()
        self._later.start()

    # The overlays

    def _redraw_all(self) -> None:
        self._all_dirty = True
        self._later.start()

    def _order_overlays(self) -> None:
        cameras, sight, results = self._session.project.cameras, self.sight, self._session.assessment
        turn, dirty = self.convergence_deg, None if self._all_dirty else self._dirty
        self._dirty, self._all_dirty = None, False

        def work(_report: Report) -> Overlays:
            return prepare_overlays(cameras, sight, results, turn)

        def show(overlays: Overlays) -> None:
            self._canvas.set_overlays(overlays, dirty)

        self._jobs.start("overlays", work, show, self.failed.emit, follow=True)

    # The camera at hand

    def _follow_selection(self) -> None:
        if self._gesture < 0:
            self._redraw_all()
        self._show_in_hand()

    def _take_in_hand(self) -> None:
        self._before = self.live
        self._tell_effect()

    def _show_in_hand(self) -> None:
        """Draw the selected camera live: its symbol where it is now, its cone as last computed."""
        camera = self._session.selected
        if camera is None:
            self._canvas.set_in_hand(None)
            return
        seen = self.sight.seen.get(camera.camera_id)
        is_current = self._sight_of.get(camera.camera_id) is camera
        symbol = symbol_of(camera, seen if is_current else None, self.convergence_deg)
        self._canvas.set_in_hand(InHand(symbol, None if camera.status is Status.REMOVED else seen))

    def _begin_drag(self) -> None:
        self._before = self.live
        self._gesture = self._session.new_gesture()

    def end_drag(self) -> None:
        """Let the next drag be a step of its own."""
        self._gesture = -1
        self._redraw_all()

    def _drag(self, camera_id: str, x_m: float, y_m: float) -> None:
        edit = edits.moved(camera_id, x_m, y_m, self._session.author)
        self._session.edit(marked("Move camera"), edit, self._gesture)

    def _turn(self, camera_id: str, grid_deg: float) -> None:
        edit = edits.turned(camera_id, grid_deg + self.convergence_deg, self._session.author)
        self._session.edit(marked("Turn camera"), edit, self._gesture)

    # Who can see a spot

    @property
    def is_complete(self) -> bool:
        """Say whether the sight of every camera is computed as it is recorded now."""
        standing = (c for c in self._session.project.cameras if self._is_looked_at(c))
        return self.live is not None and all(self._sight_of.get(c.camera_id) is c for c in standing)

    def ask_again(self) -> None:
        """Ask about the spot on the map once more: cameras have been computed since."""
        if self._canvas.spot is not None:
            self.ask(*self._canvas.spot)

    def ask(self, x_m: float, y_m: float) -> None:
        """Ask which cameras may see a spot; the answer comes as ``answered``."""
        city, sight, engine, project = self.city, self.sight, self._engine, self._session.project
        if city is None:
            return

        def work(_report: Report) -> tuple[tuple[Witness, ...], bool]:
            ground = engine.protected_ground(project, city.buildings)
            asked = ask_about(x_m, y_m, city.terrain, city.buildings)
            return who_sees(asked, sight, city, engine, ground), asked.footprint is not None

        self._jobs.start("who", work, lambda found: self.answered.emit(*found), self.failed.emit)


BANNER = marked("Fictitious data: a made-up town")


def _prepare(project: Project, engine: Engine, report: Report) -> _Place:
    report(0.1, STEP_GROUND)
    ground = prepare_ground(project.layers, [(c.x_m, c.y_m) for c in project.cameras])
    report(0.6, STEP_GROUND)
    x0, y0, x1, y1 = ground.bounds or (0.0, 0.0, 0.0, 0.0)
    return _Place(ground, engine.convergence_deg(project, (x0 + x1) / 2, (y0 + y1) / 2))


def _are_same(these: tuple[object, ...], those: tuple[object, ...]) -> bool:
    """Tell whether values are the same ones: layers hold arrays, which are compared by nobody."""
    return len(these) == len(those) and all(a is b for a, b in zip(these, those, strict=True))
