"""Judges the gate again when planned cameras were placed or moved: each must stand where planning is allowed."""

from functools import partial

from lhasaplan.app.jobs.engine import Engine
from lhasaplan.app.jobs.jobs import Jobs
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.state.session import Session
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.errors import UserError

LANE = "gate"


class GateKeeper:
    """Orders a judgement after each edit of planned cameras; all else is as the last check had it."""

    def __init__(self, session: Session, engine: Engine, jobs: Jobs, sight: LiveSight) -> None:
        self._session, self._engine, self._jobs, self._sight = session, engine, jobs, sight
        self._judged: tuple[Camera, ...] = ()
        session.left.connect(self._forget)
        session.project_changed.connect(self._order)

    def _forget(self) -> None:
        self._jobs.cancel(LANE)
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
            self._jobs.start(LANE, lambda _report: judge(), session.set_gate, self._fail, follow=True)

    def _fail(self, _error: UserError) -> None:
        """Judge at the next edit; the last judgement stands till then."""
        self._judged = ()
