"""A change that would serve a part, shown on the map as it was tried out; nothing of the project changes."""

from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.cones import symbol_of
from lhasaplan.app.map.sheet import InHand
from lhasaplan.app.map.sight import Seen, seen_of
from lhasaplan.app.state.session import Session
from lhasaplan.app.work.desk import Desk
from lhasaplan.app.work.engine import Engine
from lhasaplan.app.work.jobs import Jobs, Report
from lhasaplan.core.model.camera import Camera

LANE = "proposal"


class Proposals:
    """Draws one proposed camera with its cone, until something else is looked at."""

    def __init__(self, session: Session, canvas: MapCanvas, desk: Desk, engine: Engine, jobs: Jobs) -> None:
        self._canvas, self._desk, self._engine, self._jobs = canvas, desk, engine, jobs
        for signal in (session.selection_changed, session.project_changed, session.assessment_changed, session.gate_changed):
            signal.connect(self.clear)

    def clear(self) -> None:
        """Take the proposal off the map."""
        self._jobs.cancel(LANE)
        self._canvas.set_proposal(None)

    def show(self, camera: Camera) -> None:
        """Compute what a proposed camera can see, and draw it."""
        self.clear()
        live, follow = self._desk.live, self._engine.follow
        if live is None:
            return

        def work(report: Report) -> Seen:
            tried = follow(live, live.city.project, (camera,), (), live.requested is not None, report)
            return seen_of(tried.results[camera.camera_id])

        self._jobs.start(LANE, work, lambda seen: self._draw(camera, seen), self._desk.failed.emit)

    def _draw(self, camera: Camera, seen: Seen) -> None:
        self._canvas.set_proposal(InHand(symbol_of(camera, seen, self._desk.convergence_deg), seen))
