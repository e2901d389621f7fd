"""Ask why cameras near a spot do not see it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.jobs.jobs import Report
from lhasaplan.app.map.spot import who_sees
from lhasaplan.core.model.camera import Placed
from lhasaplan.core.site.queried_spot import ask_about

if TYPE_CHECKING:
    from lhasaplan.core.exposure.why_not_seen import WhyNot

LANE = "why"


@dataclass(frozen=True, eq=False, slots=True)
class Answer:
    """What is known of a spot: how many cameras see it, for certain and possibly, and why others near it do not."""

    spot: tuple[float, float]
    certain: int
    possible: int
    why: "tuple[WhyNot, ...]"
    placed: dict[str, Placed]


class WhyNotSeen(QObject):
    """Asks in a job; the rule of what may be told of a spot is that of who sees it."""

    answered = Signal(object)  # Answer

    def __init__(self, bench: Workbench, panel: str) -> None:
        super().__init__()
        self._bench, self._panel = bench, panel

    def ask_at_hand(self) -> None:
        """Ask about the spot that is marked, or about the middle of the map."""
        canvas = self._bench.canvas
        self.ask(*(canvas.spot or (canvas.viewport.x_m, canvas.viewport.y_m)))

    def ask(self, x_m: float, y_m: float) -> None:
        """Ask about a spot."""
        city, sight, engine, project = (
            self._bench.sight.city,
            self._bench.sight.sight,
            self._bench.engine,
            self._bench.session.project,
        )
        if city is None:
            return
        self._bench.canvas.mark_spot((x_m, y_m))
        self._bench.session.attention.bring(self._panel)

        def work(_report: Report) -> Answer:
            ground = engine.protected_ground(project, city.buildings)
            asked = ask_about(x_m, y_m, city.terrain, city.buildings)
            witnesses = who_sees(asked, sight, city, engine, ground)
            placed = {key: seen.placed for key, seen in sight.seen.items()}
            certain, possible = (sum(each.certainty == how for each in witnesses) for how in ("certain", "possible"))
            return Answer((x_m, y_m), certain, possible, engine.why_not_seen(witnesses, placed, asked, city), placed)

        self._bench.notices.start(LANE, work, self.answered.emit)
