"""Asks which cameras may see a spot, and asks again as their sight is computed."""

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.jobs.engine import AppContext
from lhasaplan.app.jobs.jobs import Jobs, Report
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.sight import who_sees
from lhasaplan.app.state.session import Session
from lhasaplan.core.protection.undisclosed import Witness
from lhasaplan.core.site.mounting import ask_about

LANE = "who"


class SpotQuestions(QObject):
    """One spot at a time, the one that the map marks."""

    answered = Signal(object, bool)  # tuple of Witness for the spot; is it about the walls of a building?
    failed = Signal(object)  # UserError

    def __init__(self, session: Session, engine: AppContext, jobs: Jobs, sight: LiveSight, canvas: MapCanvas) -> None:
        super().__init__()
        self._session, self._engine, self._jobs, self._sight, self._canvas = session, engine, jobs, sight, canvas
        session.left.connect(lambda: jobs.cancel(LANE))
        sight.sight_changed.connect(self._ask_again)

    def _ask_again(self) -> None:
        if self._canvas.spot is not None:
            self.ask(*self._canvas.spot)

    def ask(self, x_m: float, y_m: float) -> None:
        """Ask which cameras may see a spot; the answer comes as ``answered``."""
        city, sight, engine, project = self._sight.city, self._sight.sight, self._engine, self._session.project
        if city is None:
            return

        def work(_report: Report) -> tuple[tuple[Witness, ...], bool]:
            ground = engine.protected_ground(project, city.buildings)
            asked = ask_about(x_m, y_m, city.terrain, city.buildings)
            return who_sees(asked, sight, city, engine, ground), asked.footprint is not None

        self._jobs.start(LANE, work, lambda found: self.answered.emit(*found), self.failed.emit)
