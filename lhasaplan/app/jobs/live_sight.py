"""What cameras see as they are recorded now: follows every edit by jobs beside the window, the selected camera first."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from functools import partial
from itertools import islice
from time import perf_counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from lhasaplan.app.jobs import ANALYSIS, OVERLAYS, Jobs, Report
from lhasaplan.app.jobs.app_context import AppContext
from lhasaplan.app.map.cones import seen_bounds
from lhasaplan.app.map.shapes import bounds_of
from lhasaplan.app.map.sight import CurrentSight, Seen, ahead_of_answers, seen_of
from lhasaplan.app.map.viewport import Box, united
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import replaced
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Cancelled, UserError

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext, TownWalls
    from lhasaplan.core.live.live_answers import Live
    from lhasaplan.core.results.assessment import CameraResult

# Which cameras stand, and which of them wait for their cone, or for their answers, as they are recorded now.


class Backlog:
    """Follows a list of cameras by what was exchanged in it, so that a step of a drag goes through no others.

    ``standing`` are those that are looked at, in the order of the list: those that operate, and planned ones while planning
    is allowed. ``blank`` are those of them without a cone, ``stale`` those without answers. ``has_lost`` says whether cameras
    may be gone of which something is still known; whoever has dropped that sets it back.
    """

    def __init__(self) -> None:
        self.standing, self.blank, self.stale = dict[str, Camera](), dict[str, Camera](), dict[str, Camera]()
        self.has_lost = False
        self._seen, self._answered = dict[str, Camera](), dict[str, Camera]()
        self._listed: tuple[Camera, ...] = ()
        self._is_planning = False

    def begin(self, known: Mapping[str, Camera]) -> None:
        """Begin anew: cones and answers of these are there, and of no others."""
        self._seen, self._answered = dict(known), dict(known)
        self._sort_out()

    def follow(self, cameras: tuple[Camera, ...], *, is_planning: bool) -> None:
        """Take the cameras as they are recorded now."""
        before, self._listed = self._listed, cameras
        if before is cameras and is_planning is self._is_planning:
            return
        rows = replaced(before, cameras) if is_planning is self._is_planning else None
        self._is_planning = is_planning
        if rows is None or any(self._stands(before[row]) is not self._stands(cameras[row]) for row in rows):
            self._sort_out()
            return
        for camera in (cameras[row] for row in rows):
            if self._stands(camera):
                self.standing[camera.camera_id] = camera
                self._wait(camera)

    def has_cone(self, camera: Camera) -> bool:
        """Say whether the cone of a camera is there as it is recorded."""
        return self._seen.get(camera.camera_id) is camera

    def has_answers(self, camera: Camera) -> bool:
        """Say whether the answers about a camera are there as it is recorded."""
        return self._answered.get(camera.camera_id) is camera

    def take_cones(self, cameras: Iterable[Camera]) -> None:
        """Note that the cones of these are there, or cannot be."""
        self._note(self._seen, cameras)

    def take_answers(self, cameras: Iterable[Camera]) -> None:
        """Note that the answers about these are there, or cannot be."""
        self._note(self._answered, cameras)

    def drop(self, camera_ids: Collection[str]) -> None:
        """Forget what was known of these."""
        for camera_id in camera_ids:
            self._seen.pop(camera_id, None)
            self._answered.pop(camera_id, None)
            if camera_id in self.standing:
                self._wait(self.standing[camera_id])

    def _note(self, known: dict[str, Camera], cameras: Iterable[Camera]) -> None:
        for camera in cameras:
            known[camera.camera_id] = camera
            now = self.standing.get(camera.camera_id)
            if now is None:
                self.has_lost = True
            else:
                self._wait(now)

    def _wait(self, camera: Camera) -> None:
        """Have a camera wait for what is not there of it."""
        for waiting, known in ((self.blank, self._seen), (self.stale, self._answered)):
            if known.get(camera.camera_id) is camera:
                waiting.pop(camera.camera_id, None)
            else:
                waiting[camera.camera_id] = camera

    def _stands(self, camera: Camera) -> bool:
        return camera.status is Status.OPERATING or (camera.status is Status.PLANNED and self._is_planning)

    def _sort_out(self) -> None:
        """Go through all cameras."""
        self.standing = {camera.camera_id: camera for camera in self._listed if self._stands(camera)}
        self.blank, self.stale = (
            {key: camera for key, camera in self.standing.items() if known.get(key) is not camera}
            for known in (self._seen, self._answered)
        )
        self.has_lost = True


BATCH = 24  # cameras that are answered together
MANY = 4 * BATCH  # cameras without a cone: these are drawn first, and answered afterwards
CALM_MS = 400  # after a step of a drag, or of the map, before the others are gone on with
REST_MS = 16  # without a further step of a drag, before the answers about the camera that is dragged
ANSWERS_S = 0.3  # from answers to answers in a drag that never rests
FIRST, GROWS = 256, 8  # cones that are drawn together: a few at first, those near the middle of the map, then ever more
STEP_SIGHT = marked("Computing what cameras see")
Found = tuple["Live", dict[str, Seen]]


class LiveSight(QObject):
    """Orders the sight of cameras; every answer is checked against what is now.

    A camera whose sight cannot be computed has no cone and a fault; it never stops another.
    """

    sight_changed = Signal()
    looked = Signal(object)  # Box around everything that was and is seen by the cameras that changed
    cones_stand = Signal()  # as many as can be drawn in the walls of a city: the rest of it is waited for
    effect_changed = Signal(object)  # Effect of what was done to the selected camera, None when nothing was

    def __init__(self, session: Session, context: AppContext, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._context, self._jobs = session, context, jobs
        self.sight = CurrentSight()
        self._walls: TownWalls | None = None  # of a city that is not set up yet
        self.live: Live | None = None  # the answers about every camera as it is drawn; a job makes the next ones
        self.faults: dict[str, UserError] = {}  # cameras without a cone, and why
        self._before: Live | None = None  # as they were when the selected camera was taken, or its drag began
        self._ordered: tuple[Camera, ...] = ()  # of the last job: the same is not asked twice while that is under way
        self._is_ahead = False  # does the running job look through the selected camera alone?
        self._is_cone = False  # does it ask for the cone alone?
        self._answered_s = 0.0  # by the clock, when answers about the selected camera came last
        self._previewed: set[str] = set()  # cameras whose cones came before their answers, which are still to be drawn
        self._cities = 0  # set up so far: an answer about an earlier one is dropped
        self._backlog = Backlog()
        self._first = FIRST  # how many cones are drawn together next; 0 where one of them could not be
        self.middle: Callable[[], tuple[float, float]] = lambda: (0.0, 0.0)  # of the map, where cones are drawn first
        self._suspects: frozenset[str] = frozenset()  # of a batch that failed: looked through one by one
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self.order)
        self._painting = QTimer(self, singleShot=True, interval=CALM_MS)  # of first cones; moving the map does not stop it
        self._painting.timeout.connect(self.order)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS, timerType=Qt.TimerType.PreciseTimer)
        self._rest.timeout.connect(self.order)
        self._listen()

    def _listen(self) -> None:
        session = self._session
        session.left.connect(self._forget)
        session.layers_changed.connect(self._drop_walls)
        session.project_changed.connect(self.order)
        session.assessment_changed.connect(self.order)
        session.gate_changed.connect(self.order)
        session.selection_changed.connect(self.mark_start)
        self._jobs.idle_changed.connect(self._go_on)

    @property
    def city(self) -> "AuditContext | None":
        """Return what sight stands on; None until the city is set up."""
        return self.live.city if self.live is not None else None

    def take_walls(self, project: Project, walls: "TownWalls") -> None:
        """Draw the cones of many cameras in a city whose protected places are not found yet."""
        if self._session.project.layers is project.layers and self.live is None:
            self._walls, self._cities = walls, self._cities + 1
            self._backlog.begin({})
            self._first = FIRST
            self.order()
        else:
            self.cones_stand.emit()

    def _drop_walls(self) -> None:
        """Forget walls of other layers; the town that comes next has its own."""
        if self._walls is not None:
            self._walls, self._cities = None, self._cities + 1
            self.cones_stand.emit()

    def take_city(self, live: "Live") -> None:
        """Compute every camera in another city, but those that it brings along as they were, and cones drawn in its walls."""
        walls, self._walls = self._walls, None
        self.live, self._before = live, None
        if walls is None or walls.rooms is not live.city.rooms:
            kept = self.sight.unchanged(live.results)
            self._backlog.begin({key: seen.placed.camera for key, seen in kept.items()})
            self._first, self._cities = FIRST, self._cities + 1
            self.sight = self.sight.updated(kept, self.sight.seen)
        self._suspects, self.faults = frozenset(), {}
        self.order()

    def _forget(self) -> None:
        self._jobs.cancel("sight")
        self.live = self._before = self._walls = None
        self.sight, self._backlog, self._cities = CurrentSight(), Backlog(), self._cities + 1
        self._suspects, self.faults, self._first = frozenset(), {}, FIRST
        self._previewed = set()

    @property
    def _is_resting(self) -> bool:
        """Whether many answers wait: a camera is dragged, cones are being drawn, or an audit works out the same meanwhile."""
        return self._calm.isActive() or self._jobs.is_busy(ANALYSIS) or self._jobs.is_busy(OVERLAYS)

    def _go_on(self, lane: str, is_idle: bool) -> None:
        if lane in {ANALYSIS, OVERLAYS} and is_idle:
            self._calm.start()
        if lane == OVERLAYS and is_idle and self._first > FIRST and self.live is None:
            self._painting.start()

    def rest(self) -> None:
        """Let the answers about many cameras wait while the map is moved."""
        self._calm.start()

    def mark_start(self) -> None:
        """Tell effects from now on against the city as it is now."""
        self._before, self._answered_s = self.live, perf_counter()
        self._tell_effect()

    def seen_now(self, camera: Camera) -> Seen | None:
        """Return what a camera sees as it is recorded now; None while that is being computed."""
        return self.sight.seen.get(camera.camera_id) if self._backlog.has_cone(camera) else None

    def answers_now(self, camera: Camera, *, discloses_all: bool) -> "CameraResult | None":
        """Return the live answers about a camera as it is recorded now; None while they are being computed."""
        live = self.live
        if live is None or not self._backlog.has_answers(camera) or camera.camera_id not in live.results:
            return None
        return result_in(live, camera.camera_id, discloses_all=discloses_all)

    @property
    def is_complete(self) -> bool:
        """Say whether the sight of every camera is computed as it is recorded now."""
        return self.live is not None and not self._backlog_now().blank

    def looking_at(self, camera: Camera) -> Callable[[Report], Seen] | None:
        """Return the work of seeing what a camera would see that is only proposed; None while there is no city."""
        live, context, discloses_all = self.live, self._context, self._session.project.has_opened
        if live is None:
            return None

        def work(report: Report) -> Seen:
            tried = context.follow(live, live.city.project, (camera,), (), live.requested is not None, report)
            return seen_of(result_in(tried, camera.camera_id, discloses_all=discloses_all)).prepared()

        return work

    def _backlog_now(self) -> Backlog:
        """Return what is still to be computed of the cameras as they are recorded now."""
        self._backlog.follow(self._session.project.cameras, is_planning=self._session.may_plan)
        return self._backlog

    def order(self) -> None:
        """Compute the cameras whose value is not the one that their sight was computed for, the selected one first."""
        if self._jobs.is_stopped:
            return
        live, session = self.live, self._session
        project, city = session.project, live.city if live is not None else self._walls
        if city is None or (live is not None and live.city.project.layers is not project.layers):
            return
        backlog = self._backlog_now()
        if len(backlog.blank) > MANY and self._first and not self._jobs.is_busy("sight"):
            self._draw_first(list(backlog.blank.values()), city)
            return
        if live is None:
            if not self._jobs.is_busy("sight") and not self._is_painting_first:
                self.cones_stand.emit()
            return
        from lhasaplan.core.live.live_answers import is_decided

        gone = self._gone(live) if backlog.has_lost else frozenset()
        is_behind = bool(backlog.stale or gone) or not is_decided(live, project, session.may_plan)
        is_ahead = session.selected_id in backlog.stale
        if is_ahead and session.is_dragging and not gone and self._is_cone_first(live):
            return
        if self._is_resting and len(backlog.stale) > BATCH and not is_ahead:
            return
        if is_behind and not self._jobs.is_busy("sight"):
            self._start(self._batch(), gone)
        elif is_ahead and self._ordered != self._batch():
            # The selected camera goes before a batch that runs, but a drag lets each of its own steps be shown.
            self._start(self._batch(), gone, follow=self._is_ahead)

    @property
    def _is_painting_first(self) -> bool:
        """Say whether shapes of first cones are being made, or were just now: the rest of the city would take the interpreter."""
        return self._painting.isActive() or (self._first > FIRST and self._jobs.is_busy(OVERLAYS))

    def _gone(self, live: "Live") -> frozenset[str]:
        """Return the cameras of which there are answers and that are no more looked at; their cones go at once."""
        kept = self._kept()
        if self.sight.seen.keys() - kept:
            self._take_sight({}, ())
        gone = frozenset(live.results.keys() - kept)
        self._backlog.has_lost = bool(gone)
        return gone

    def _kept(self) -> Set[str]:
        """Return the cameras that are looked at and can be computed."""
        standing = self._backlog.standing.keys()
        return standing - self.faults.keys() if self.faults else standing

    def _batch(self) -> tuple[Camera, ...]:
        """Return the cameras to look through next: the selected one alone, else many at once, but each suspect alone."""
        stale, suspects = self._backlog.stale, self._suspects
        chosen = stale.get(self._session.selected_id)
        if chosen is not None:
            return (chosen,)
        good = (camera for key, camera in stale.items() if key not in suspects)
        return tuple(islice(good, BATCH)) or tuple(islice(stale.values(), 1))

    def _is_cone_first(self, live: "Live") -> bool:
        """Order the cone of the dragged camera if it is not there, and say whether its answers have to wait."""
        blank, chosen = self._backlog.blank, self._session.selected_id
        if blank.keys() == {chosen}:
            self._draw_ahead(blank[chosen], live)
            return True
        return self._rest.isActive()

    def _draw_ahead(self, camera: Camera, live: "Live") -> None:
        """Compute the cone alone of the camera that is dragged, with the protected views that it had before.

        Answers about an earlier step give way, unless none were shown for a while.
        """
        batch, number, before = (camera,), self._cities, self.sight.seen.get(camera.camera_id)
        if self._jobs.is_busy("sight") and self._is_cone and self._ordered == batch:
            return
        is_followed = self._is_ahead and (self._is_cone or self._are_answers_due)
        self._ordered, self._is_ahead, self._is_cone = batch, True, True

        def work(report: Report) -> dict[str, Seen]:
            cone = cones_in(live.city, batch, report)[0]
            return {camera.camera_id: ahead_of_answers(cone, before).prepared()}

        def take(found: dict[str, Seen]) -> None:
            if number == self._cities:
                self._clear(batch)
                self._calm.start()
                self._take_sight(found, batch)
                self._previewed.add(camera.camera_id)
                self._rest.start(0 if self._are_answers_due else REST_MS)

        fail = partial(self._fail, batch, number)
        self._jobs.start("sight", work, take, fail, is_followed, fail)

    @property
    def _are_answers_due(self) -> bool:
        """Say whether a drag has gone on for a while since answers came."""
        return perf_counter() - self._answered_s > ANSWERS_S

    def _draw_first(self, blank: list[Camera], city: "AuditContext | TownWalls") -> None:
        """Compute the cones alone of many cameras, those nearest to the middle of the map first."""
        (x_m, y_m), number = self.middle(), self._cities
        chosen = self._session.selected_id
        blank.sort(key=lambda c: (c.camera_id != chosen, (c.x_m - x_m) ** 2 + (c.y_m - y_m) ** 2))
        batch, self._is_ahead, self._is_cone, self._ordered = tuple(blank[: self._first]), False, True, ()

        def work(report: Report) -> tuple[dict[str, Seen], Box | None]:
            found = [one.prepared(with_views=False) for one in cones_in(city, batch, report)]
            shown = bounds_of(shape for one in found for shape in (*one.grounds, one.not_mapped))
            return {one.placed.camera.camera_id: one for one in found}, shown

        def take(found: tuple[dict[str, Seen], Box | None]) -> None:
            if number == self._cities:
                self._first *= GROWS
                self._calm.start()  # until they are painted
                self._painting.start()
                self._take_sight(found[0], batch, found[1])
            QTimer.singleShot(0, self, self.order)

        def fail(_error: UserError) -> None:
            self._first = 0  # the answers, camera by camera, find which one cannot be computed
            QTimer.singleShot(0, self, self.order)

        self._jobs.start("sight", work, take, fail, True, fail)

    def _start(self, batch: tuple[Camera, ...], gone: frozenset[str], follow: bool = True) -> None:
        context, project, may_plan = self._context, self._session.project, self._session.may_plan
        self._ordered, self._is_cone = batch, False
        number, self._is_ahead = self._cities, [c.camera_id for c in batch] == [self._session.selected_id]

        def work(report: Report) -> Found:
            # The live answers of now, not of when this was ordered: the job before has shown its own meanwhile.
            known = self.live
            if known is None:  # the city was left before this began
                raise Cancelled
            live: Live = context.follow(known, project, batch, gone, may_plan, lambda share, _step: report(share, STEP_SIGHT))
            known_ids = (camera.camera_id for camera in batch if camera.camera_id in live.results)
            results = (result_in(live, key, discloses_all=project.has_opened) for key in known_ids)
            found = (seen_of(r).prepared(with_views=len(batch) == 1) for r in results)
            return live, {one.placed.camera.camera_id: one for one in found}

        fail = partial(self._fail, batch, number)
        self._jobs.start("sight", work, partial(self._take, batch, number), fail, follow, fail)

    def _take(self, batch: tuple[Camera, ...], number: int, found: Found) -> None:
        if number == self._cities and self.live is not None:
            self.live, seen = found
            self._clear(batch)
            self._backlog.take_answers(batch)
            if self._is_ahead:
                self._calm.start()
                self._answered_s = perf_counter()
            self._take_sight(seen, batch)
            self._tell_effect()
        QTimer.singleShot(0, self, self.order)

    def _fail(self, batch: tuple[Camera, ...], number: int, error: UserError) -> None:
        """Keep a camera that cannot be computed without a cone; of several, look through each alone."""
        if number == self._cities:
            self._clear(batch)
            if len(batch) == 1:
                self.faults[batch[0].camera_id] = error
                self._backlog.has_lost = True
                self._backlog.take_answers(batch)
                self._take_sight({}, batch)
            else:
                self._suspects |= {camera.camera_id for camera in batch}
        if batch:
            QTimer.singleShot(0, self, self.order)

    def _clear(self, batch: tuple[Camera, ...]) -> None:
        for camera in batch:
            self.faults.pop(camera.camera_id, None)
        self._suspects -= {camera.camera_id for camera in batch}

    def _take_sight(self, seen: dict[str, Seen], batch: tuple[Camera, ...], ground_m: Box | None = None) -> None:
        """Take what cameras see; ``ground_m`` is the box around all of it, where it is known."""
        backlog = self._backlog_now()
        before = self.sight
        if backlog.has_lost or not seen.keys() <= before.seen.keys():
            kept = self._kept()
            self.sight = before.updated(seen, (key for key in backlog.standing if key in kept))
            gone = before.seen.keys() - self.sight.seen.keys()
            backlog.drop(gone)
        else:
            self.sight, gone = before.updated(seen), set()
        fresh = {each.camera_id for each in batch if each.camera_id in self._previewed or not backlog.has_cone(each)}
        self._previewed -= fresh
        backlog.take_cones(batch)
        gone_meanwhile = [each.camera_id for each in batch if each.camera_id not in backlog.standing]  # they may come back
        backlog.drop(gone_meanwhile)
        dirty = ground_m
        drawn = [seen[i] for i in fresh if i in seen] if ground_m is None else []
        for one in [*drawn, *(before.seen[i] for i in (*gone, *fresh) if i in before.seen)]:
            dirty = united(dirty, seen_bounds(one))
        if fresh or gone or not batch:
            self.looked.emit(dirty)
        if fresh or gone or self._session.selected_id in seen:
            self.sight_changed.emit()

    def _tell_effect(self) -> None:
        """Tell what was done to the selected camera since it was taken, or since its drag began."""
        live, camera_id = self.live, self._session.selected_id
        if self._before is None and live is not None and camera_id in live.results:
            self._before = live
        before = self._before
        if live is None or before is None or camera_id not in live.results or camera_id not in before.results:
            self.effect_changed.emit(None)
            return
        from lhasaplan.core.live.effect import effect_on

        now, then = (each.results[camera_id].placed.camera for each in (live, before))
        # Who opened the drawn places with their passphrase may see them; for all others a probe that is dragged finds none.
        reported = not self._session.project.has_opened
        self.effect_changed.emit(effect_on((camera_id,), before, live, is_disclosed=reported) if now != then else None)


def cones_in(city: "AuditContext | TownWalls", cameras: Sequence[Camera], report: Report) -> list[Seen]:
    """Return what cameras see of the ground, in their order, while nothing else is asked about them."""
    from lhasaplan.core.live.near_camera import coverage_preview

    found = coverage_preview(city, cameras, lambda share, _step: report(share, STEP_SIGHT))
    return [Seen(one.placed, one.fields, (), one.grounds, one.not_mapped) for one in found]


def result_in(live: "Live", camera_id: str, *, discloses_all: bool) -> "CameraResult":
    """Return the live answers about a camera as the map shows them: of undisclosed places only to who opened the drawn ones."""
    return live.results[camera_id] if discloses_all else live.disclosed_result(camera_id)
