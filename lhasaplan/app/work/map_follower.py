"""Shows on the map what the session holds and what is computed of it: ground, cones, results, the selected camera."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from lhasaplan.app.map.canvas import MapCanvas
from lhasaplan.app.map.cones import Overlays, prepare_overlays, symbol_of
from lhasaplan.app.map.ground import DrawnGround
from lhasaplan.app.map.hillshade import Hillshade, shade_of
from lhasaplan.app.map.sheet import LiveCamera
from lhasaplan.app.map.sight import GradedView, Seen
from lhasaplan.app.map.viewport import Box, united
from lhasaplan.app.state.session import Session
from lhasaplan.app.work.city import City
from lhasaplan.app.work.current_results import as_recorded_now
from lhasaplan.app.work.jobs import Jobs, Report
from lhasaplan.app.work.live_sight import LiveSight
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, Status

if TYPE_CHECKING:
    from lhasaplan.core.live.live_answers import Live

BANNER = marked("Fictitious data: a made-up town")
LANE, SHADE = "overlays", "hillshade"
PAUSE_MS = 120  # in which several changes become one drawing


class MapFollower(QObject):
    """Keeps the map up to date; it asks for nothing and changes nothing."""

    failed = Signal(object)  # UserError

    def __init__(self, session: Session, canvas: MapCanvas, city: City, sight: LiveSight, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._canvas, self._city, self._sight, self._jobs = session, canvas, city, sight, jobs
        self._dirty: Box | None = None
        self._all_dirty = False
        self.is_dragging = False
        self._later = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._later.timeout.connect(self._order)
        self._listen()

    def _listen(self) -> None:
        session, sight = self._session, self._sight
        session.left.connect(self._forget)
        session.layers_changed.connect(self._name_data)
        session.project_changed.connect(self._follow_project)
        session.selection_changed.connect(self._follow_project)
        session.assessment_changed.connect(self._follow_project)
        session.shown.changed.connect(self._show_layers)
        session.mode.changed.connect(lambda: self._canvas.set_tool(session.mode.tool))
        self._city.drawn.connect(self._show_ground)
        self._city.set_up.connect(self._shade)
        sight.looked.connect(self._mark_dirty)
        sight.sight_changed.connect(self._show_selected)

    def _forget(self) -> None:
        self._jobs.cancel(LANE)
        self._jobs.cancel(SHADE)
        self._canvas.forget()
        self._canvas.set_selected(None)
        self._canvas.set_ground(DrawnGround())
        self._canvas.set_overlays(Overlays())

    def _name_data(self) -> None:
        project = self._session.project
        self._canvas.attribution = " · ".join(dict.fromkeys(r.licence for r in project.inputs if r.licence))
        self._canvas.banner = BANNER if project.synthetic else ""

    def _show_layers(self) -> None:
        self._canvas.set_visible(*self._session.shown.look)

    def _show_ground(self, ground: DrawnGround, is_first: bool) -> None:
        self._canvas.convergence_deg = self._city.convergence_deg
        self._canvas.set_ground(replace(ground, hillshade=None if is_first else self._canvas.hillshade))
        if is_first:
            self._canvas.show_all()
        self.redraw_all()

    def _shade(self, live: "Live") -> None:
        """Draw light and shade of the terrain that the town stands on."""
        relief = live.city.terrain.relief
        if relief.is_level:
            self._canvas.set_hillshade(None)
            return

        def work(_report: Report) -> Hillshade:
            return shade_of(relief.height, relief.west, relief.north, relief.cell)

        self._jobs.start(SHADE, work, self._canvas.set_hillshade, self.failed.emit)

    @property
    def is_behind(self) -> bool:
        """Say whether changes wait to be drawn."""
        return self._later.isActive()

    def redraw_all(self) -> None:
        """Draw all cones and results anew, soon."""
        self._all_dirty = True
        self._later.start()

    def _mark_dirty(self, box_m: Box | None) -> None:
        self._dirty = united(self._dirty, box_m)
        self._later.start()

    def _order(self) -> None:
        session, sight, live = self._session, self._sight.sight, self._sight.live
        cameras, turn = session.project.cameras, self._city.convergence_deg
        results = as_recorded_now(session.assessment, session.changed_ids, live.results if live is not None else {}, cameras)
        dirty = None if self._all_dirty else self._dirty
        self._dirty, self._all_dirty = None, False

        def work(_report: Report) -> Overlays:
            return prepare_overlays(cameras, sight, results, turn)

        def show(overlays: Overlays) -> None:
            self._canvas.set_overlays(overlays, dirty)

        self._jobs.start(LANE, work, show, self.failed.emit, follow=True)

    # The selected camera

    def _follow_project(self) -> None:
        if not self.is_dragging:
            self.redraw_all()
        self._show_selected()

    def _show_selected(self) -> None:
        """Draw the selected camera live: its symbol where it is now, its cone as last computed."""
        camera = self._session.selected
        self._canvas.set_chosen(frozenset(self._session.selection.ids[:-1]))
        if camera is None:
            self._canvas.set_selected(None)
            return
        now = self._sight.seen_now(camera)
        seen = None if camera.status is Status.REMOVED else self._sight.sight.seen.get(camera.camera_id)
        symbol = symbol_of(camera, now, self._city.convergence_deg)
        self._canvas.set_selected(LiveCamera(symbol, seen, self._views_of(camera, seen)))

    def _views_of(self, camera: Camera, seen: Seen | None) -> tuple[GradedView, ...] | None:
        """Return the protected views of a camera that was changed since the analysis; None where the results still hold."""
        session = self._session
        if session.assessment is None or session.is_as_assessed(camera.camera_id):
            return None
        return seen.views if seen is not None else ()
