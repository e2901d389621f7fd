"""Ask who can see a spot, or find an address and ask about it."""

from collections.abc import Sequence

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.addresses import Found, coordinates_in, find_address, spot_at
from lhasaplan.app.map.sheet import SightLine
from lhasaplan.app.state.attention import Tone
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.protection.spot_disclosure import Witness

NOT_FOUND = marked(
    "No street or house of this name is in the project's data. Write it as the map does, or give latitude, longitude."
)
OUTSIDE = marked("This place lies outside the city of the project.")
LEAST_M = 160.0  # of ground around what was found


class Asking:
    """Marks the spot on the map, asks about it, and draws the lines of sight that are answered."""

    def __init__(self, bench: Workbench, panel: str) -> None:
        self._bench, self._panel = bench, panel
        bench.spots.answered.connect(self._draw_lines)

    def ask(self, x_m: float, y_m: float) -> None:
        """Ask who may see a spot."""
        self._bench.canvas.mark_spot((x_m, y_m))
        self._bench.spots.ask(x_m, y_m)
        self._bench.session.attention.bring(self._panel)

    def _draw_lines(self, answers: Sequence[Witness], _of_walls: bool) -> None:
        """Draw lines from the cameras that can see the spot; none from those that only stand near."""
        seen = self._bench.sight.sight.seen
        found = ((seen[one.camera_id].placed.views[0], one.certainty) for one in answers if one.camera_id in seen)
        lines = (SightLine(v.x_m, v.y_m, certainty == "certain") for v, certainty in found if certainty != "not")
        self._bench.canvas.set_lines(tuple(lines))

    def find_address(self, text: str) -> None:
        """Go to an address or to coordinates and ask who may see them; a street is only shown."""
        project = self._bench.session.project
        if text.strip() and project.crs:
            self._bench.notices.start("find", lambda _report: self._found(project, text), self._show_found)

    def _found(self, project: Project, text: str) -> Found | None:
        pair = coordinates_in(text)
        if pair is None:
            return find_address(project.layers, text)
        lat, lon = pair
        return spot_at(*self._bench.engine.xy(project, lon, lat))

    def _show_found(self, found: Found | None) -> None:
        canvas = self._bench.canvas
        if found is None:
            self._bench.notices.note(NOT_FOUND, tone=Tone.NOTE)
        elif not canvas.has_ground_near(found.geometry):
            self._bench.notices.note(OUTSIDE, tone=Tone.NOTE)
        else:
            canvas.set_highlight(None if found.is_spot else found.geometry)
            canvas.show_box(found.geometry.bounds, LEAST_M)
            if found.is_spot:
                self.ask(found.geometry.x, found.geometry.y)
