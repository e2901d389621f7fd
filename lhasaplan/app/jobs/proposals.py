"""A change that would serve a part, shown on the map as it was tried out; nothing of the project changes."""

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.jobs.city import City
from lhasaplan.app.jobs.jobs import Jobs
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.cones import symbol_of
from lhasaplan.app.map.sheet import LiveCamera
from lhasaplan.app.map.sight import Seen
from lhasaplan.app.state.session import Session
from lhasaplan.core.model.camera import Camera

LANE = "proposal"


class Proposals(QObject):
    """Draws one proposed camera with its cone, until something else is looked at."""

    failed = Signal(object)  # UserError
    beside_wished = Signal(object, object)  # what says what a plan is called, and its cameras; None to see one map again

    def __init__(self, session: Session, jobs: Jobs, canvas: MapCanvas, city: City, sight: LiveSight) -> None:
        super().__init__()
        self._jobs, self._canvas, self._city, self._sight = jobs, canvas, city, sight
        for signal in (session.selection_changed, session.project_changed, session.assessment_changed, session.gate_changed):
            signal.connect(self.clear)

    def clear(self) -> None:
        """Take the proposal off the map."""
        self._jobs.cancel(LANE)
        self._canvas.set_proposal(None)

    def show(self, camera: Camera) -> None:
        """Compute what a proposed camera can see, and draw it."""
        self.clear()
        look = self._sight.looking_at(camera)
        if look is not None:
            self._jobs.start(LANE, look, lambda seen: self._draw(camera, seen), self.failed.emit)

    def _draw(self, camera: Camera, seen: Seen) -> None:
        self._canvas.set_proposal(LiveCamera(symbol_of(camera, seen, self._city.convergence_deg), seen))
