"""What the question about an address asks for: find it, go there, and ask who may see it."""

from lhasaplan.app.commands.cure_tasks import CureTasks
from lhasaplan.app.map.addresses import Found, coordinates_in, find_address, spot_at
from lhasaplan.core.base.wording import marked
from lhasaplan.core.project.project import Project

NOT_FOUND = marked(
    "No street or house of this name is in the project's data. Write it as the map does, or give latitude, longitude."
)
OUTSIDE = marked("This place lies outside the city of the project.")
LEAST_M = 160.0  # of ground around what was found


class AddressTasks(CureTasks):
    """The methods behind the field for an address."""

    def do_find(self) -> None:
        """Lead to the field for an address."""
        self._window.docks["who_sees"].show()
        self._window.docks["who_sees"].raise_()
        self._window.who_sees.address.setFocus()
        self._window.who_sees.address.selectAll()

    def find_address(self, text: str) -> None:
        """Go to an address or to coordinates and ask who may see them; a street is only shown."""
        project = self._session.project
        if text.strip() and project.crs:
            self._start("find", lambda _report: self._found(project, text), self._show_found)

    def _found(self, project: Project, text: str) -> Found | None:
        pair = coordinates_in(text)
        if pair is None:
            return find_address(project.layers, text)
        lat, lon = pair
        return spot_at(*self._engine.xy(project, lon, lat))

    def _show_found(self, found: Found | None) -> None:
        canvas = self._window.canvas
        if found is None:
            self.tell(NOT_FOUND)
        elif not canvas.has_ground_near(found.geometry):
            self.tell(OUTSIDE)
        else:
            canvas.highlight = None if found.is_spot else found.geometry
            canvas.show_box(found.geometry.bounds, LEAST_M)
            if found.is_spot:
                self._window.tasks.ask_spot(found.geometry.x, found.geometry.y)
