"""Look around on the map: closer, farther, at a camera, at a finding, at what is searched; and let go of what is marked."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.map.words_on_map import street_name
from lhasaplan.app.state import edits
from lhasaplan.app.state.selection import LOOK
from lhasaplan.core.city.address_search import Hit, HitKind, SearchIndex, find
from lhasaplan.core.model.place import Part
from lhasaplan.core.results.finding import Finding

DECIMALS = 6
CAMERA_M = 160.0  # of ground around a camera that is gone to


class Looking(QObject):
    """Moves the map and its marks; it edits nothing."""

    finding_shown = Signal()

    def __init__(self, bench: Workbench) -> None:
        super().__init__()
        self._session, self._canvas, self._city, self._proposals = bench.session, bench.canvas, bench.city, bench.proposals
        bench.canvas.camera_picked.connect(bench.session.select)
        bench.canvas.camera_added.connect(bench.session.selection.toggle)
        bench.session.selection_changed.connect(self.drop_mark)
        bench.session.project_changed.connect(self._drop_lines)
        bench.session.project_changed.connect(self._drop_old_mark)
        self._finding: Finding | None = None

    @property
    def finding(self) -> Finding | None:
        """Return the finding that is marked on the map."""
        return self._finding

    def _take_finding(self, finding: Finding | None) -> None:
        if finding is not self._finding:
            self._finding = finding
            self.finding_shown.emit()

    def zoom_in(self) -> None:
        """Go closer."""
        self._canvas.zoom(1)

    def zoom_out(self) -> None:
        """Go farther."""
        self._canvas.zoom(-1)

    def show_all(self) -> None:
        """Show the whole city."""
        self._canvas.show_all()

    def show_selected(self) -> None:
        """Go to the selected camera."""
        self.show_camera(self._session.selected_id)

    def show_camera(self, camera_id: str) -> None:
        """Select a camera and go to it."""
        camera = edits.camera_of(self._session.project, camera_id)
        if camera is not None:
            self._session.select(camera_id)
            self._canvas.show_box((camera.x_m, camera.y_m, camera.x_m, camera.y_m), least_m=CAMERA_M)

    def bring_into_view(self, camera_id: str) -> None:
        """Move the map to a camera that it does not show, as near as it is looked at now."""
        camera, canvas = edits.camera_of(self._session.project, camera_id), self._canvas
        if camera is None:
            return
        west, south, east, north = canvas.viewport.box_m
        if not (west < camera.x_m < east and south < camera.y_m < north):
            canvas.show_view(camera.x_m, camera.y_m, east - west)

    def show_finding(self, finding: Finding) -> None:
        """Go to where a finding is, and select its camera."""
        camera = edits.camera_of(self._session.project, finding.camera_id)
        self._proposals.clear()
        if camera is not None:
            self._session.select(camera.camera_id)
        self._canvas.set_highlight(finding.geometry)
        self._take_finding(finding)
        self._canvas.show_finding(finding.geometry, (camera.x_m, camera.y_m) if camera is not None else None)

    def show_part(self, part: Part) -> None:
        """Go to where a part or a candidate is."""
        self._proposals.clear()
        self.drop_mark()
        self._canvas.set_highlight(part.geometry)
        self._canvas.show_finding(part.geometry, None)

    def let_go(self) -> None:
        """Put the tool away that takes the clicks; without one let go of camera, spot and marks."""
        if self._session.mode.tool != LOOK:
            self._session.mode.use(LOOK)
            return
        self._session.select("")
        self._proposals.clear()
        self._canvas.mark_spot(None)
        self.drop_mark()

    def drop_mark(self) -> None:
        """Take the mark of a finding off the map."""
        self._take_finding(None)
        self._canvas.set_highlight(None)

    def _drop_old_mark(self) -> None:
        """Take the mark off once the camera of its finding is recorded otherwise: the view is not that any more."""
        if self._finding is not None and self._finding.camera_id in self._session.changed_ids:
            self.drop_mark()

    def _drop_lines(self) -> None:
        """Take lines of sight off the map: they are of the cameras as they were."""
        self._canvas.set_lines(())

    def copy_lonlat(self, x_m: float, y_m: float) -> None:
        """Copy latitude and longitude of a spot."""
        lonlat = self._city.lonlat(x_m, y_m)
        if lonlat is not None:
            QGuiApplication.clipboard().setText(f"{lonlat[1]:.{DECIMALS}f}, {lonlat[0]:.{DECIMALS}f}")


# Find what a text means in the project, and show it on the map.

LANE = "search"


class Searching(QObject):
    """Indexes the city once in a job, and answers from then on at once."""

    ready = Signal()  # streets and addresses are found from now on

    def __init__(self, bench: Workbench, looking: Looking) -> None:
        super().__init__()
        self._bench, self._looking = bench, looking
        self._index, self._of = SearchIndex(), object()
        self._is_wanted = False
        bench.session.left.connect(self._forget)
        bench.session.layers_changed.connect(lambda: self.prepare() if self._is_wanted else None)

    def _forget(self) -> None:
        self._bench.jobs.cancel(LANE)
        self._index, self._of = SearchIndex(), object()

    def prepare(self) -> None:
        """Index the streets and houses of the city, unless that was done."""
        layers, self._is_wanted = self._bench.session.project.layers, True
        if layers is self._of:
            return

        def take(index: SearchIndex) -> None:
            self._index, self._of = index, layers
            self.ready.emit()

        self._bench.jobs.start(LANE, lambda _report: SearchIndex.of(layers, street_name), take, self._bench.notices.tell_once)

    def find(self, text: str) -> list[Hit]:
        """Return what a text may mean."""
        project, context = self._bench.session.project, self._bench.context
        return find(text, self._index, project.cameras, project.bookmarks, lambda lon, lat: context.xy(project, lon, lat))

    def go(self, hit: Hit) -> None:
        """Show what was found."""
        if hit.kind is HitKind.CAMERA:
            self._looking.show_camera(hit.key)
        elif hit.kind is HitKind.BOOKMARK:
            self._bench.bookmarks.visit(int(hit.key))
        else:
            self._bench.canvas.set_highlight(hit.geometry)
            self._bench.canvas.show_box(hit.geometry.bounds, CAMERA_M)
