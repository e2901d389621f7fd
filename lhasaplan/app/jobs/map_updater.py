"""Shows on the map what the session holds and what is computed of it: ground, cones, results, proposals."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from lhasaplan.app.jobs import OVERLAYS, Jobs, Report
from lhasaplan.app.jobs.app_context import AppContext, Named
from lhasaplan.app.jobs.city import City, DrawnPlace, EarlyPlace, prepare_early
from lhasaplan.app.jobs.live_sight import LiveSight, result_in
from lhasaplan.app.map import MapCanvas
from lhasaplan.app.map.cones import Overlays, prepare_overlays, seen_bounds, symbol_of
from lhasaplan.app.map.ground import DrawnGround
from lhasaplan.app.map.live import SYMBOL_M, LiveCamera
from lhasaplan.app.map.rasters import Hillshade, shade_of
from lhasaplan.app.map.shapes import bounds_of
from lhasaplan.app.map.sight import GradedView, Seen
from lhasaplan.app.map.viewport import Box, grown, united
from lhasaplan.app.state import Session
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import leaving
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting

if TYPE_CHECKING:
    from lhasaplan.core.live.live_answers import Live

# Shows on the map what the session holds and what is computed of it: ground, cones, results, the selected camera.


# Results as they hold for the cameras as recorded now: of a changed or new camera the live answers, or none.
def as_recorded_now(
    results: Assessment | None, changed_ids: Collection[str], live: Mapping[str, CameraResult], cameras: Iterable[Camera]
) -> Assessment | None:
    """Return the results with those of changed cameras exchanged and those of new ones added.

    So no view stays drawn that is no more.
    """
    if results is None:
        return None
    now = {camera.camera_id: camera for camera in cameras}
    kept = [each for each in results.cameras if each.placed.camera.camera_id not in changed_ids]
    others = live.keys() - {each.placed.camera.camera_id for each in kept}
    current = [live[key] for key in sorted(others) if now.get(key) == live[key].placed.camera]
    return replace(results, cameras=(*kept, *current)) if current or len(kept) < len(results.cameras) else results


BANNER = marked("Fictitious data: a made-up town")
SHADE = "hillshade"
PAUSE_MS = 120  # in which several changes become one drawing


def name_data(canvas: MapCanvas, project: Project) -> None:
    """Write on the map where its data are from, and whether they are made up."""
    canvas.attribution = " · ".join(dict.fromkeys(r.licence for r in project.inputs if r.licence))
    canvas.banner = BANNER if project.synthetic else ""


class MapUpdater(QObject):
    """Keeps the map up to date; it asks for nothing and changes nothing."""

    failed = Signal(object)  # UserError

    def __init__(self, session: Session, canvas: MapCanvas, city: City, sight: LiveSight, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._canvas, self._city, self._sight, self._jobs = session, canvas, city, sight, jobs
        self._dirty: Box | None = None
        self._drawn_of = session.project
        self._all_dirty, self._drawn_without = False, frozenset[str]()
        self._underway: Box | None = None
        self._all_underway = False
        self._ordered = 0
        self.is_dragging = False
        self.is_ahead = False  # the map was drawn before its project is in the session
        self._later = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._later.timeout.connect(self._order)
        self._listen()

    def _listen(self) -> None:
        session, sight = self._session, self._sight
        session.left.connect(self._forget)
        session.layers_changed.connect(self._name_data)
        session.project_changed.connect(self._follow_project)
        session.selection_changed.connect(self._show_selected)
        session.assessment_changed.connect(self._follow_results)
        session.shown.changed.connect(self._show_layers)
        session.mode.changed.connect(lambda: self._canvas.set_tool(session.mode.tool))
        self._city.drawn.connect(self._show_ground)
        self._city.set_up.connect(self._shade)
        sight.looked.connect(self._mark_dirty)
        sight.sight_changed.connect(self._show_answer)

    def _forget(self) -> None:
        self._jobs.cancel(OVERLAYS)
        self._jobs.cancel(SHADE)
        if self.is_ahead:  # what is shown is the map of the project that comes
            self.is_ahead = False
            return
        self._canvas.forget()
        self._canvas.set_selected(None)
        self._canvas.set_ground(DrawnGround())
        self._canvas.set_overlays(Overlays())

    def _name_data(self) -> None:
        name_data(self._canvas, self._session.project)

    def _show_layers(self) -> None:
        self._canvas.set_visible(*self._session.shown.look)
        if self._hidden() != self._drawn_without:
            self.redraw_all()

    def _hidden(self) -> frozenset[str]:
        """Return the cameras that the state of the plan that is looked at leaves out."""
        project, keys = self._session.project, self._session.shown.keys
        going = leaving(project) if "going" not in keys else frozenset()
        if "planned" in keys:
            return going
        return going | {camera.camera_id for camera in project.cameras if camera.status is Status.PLANNED}

    def _show_ground(self, ground: DrawnGround, is_first: bool) -> None:
        self._canvas.convergence_deg = self._city.convergence_deg
        self._canvas.set_ground(replace(ground, hillshade=None if is_first else self._canvas.ground.hillshade))
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
        if self.is_dragging:  # the tiles wait until the camera is let go; what is dragged is drawn live
            self._later.start()
            return
        cameras, turn, drawn = session.project.cameras, self._city.convergence_deg, self._canvas.overlays
        going, hidden, numbers = leaving(session.project), self._hidden(), session.plan_numbers
        self._drawn_without = hidden
        discloses_all = session.project.has_opened and not session.is_held  # others look on
        assessment, changed = session.assessment, session.changed_ids
        number = self._ordered = self._ordered + 1
        # An order that gives way to a newer one is never shown: what it was to draw stays underway.
        self._underway, self._all_underway = united(self._underway, self._dirty), self._all_underway or self._all_dirty
        dirty = None if self._all_underway else self._underway
        self._dirty, self._all_dirty = None, False

        def work(_report: Report) -> Overlays:
            answers = {key: result_in(live, key, discloses_all=discloses_all) for key in live.results} if live is not None else {}
            return prepare_overlays(
                cameras, sight, as_recorded_now(assessment, changed, answers, cameras), turn, drawn, going, hidden, numbers
            )

        def show(overlays: Overlays) -> None:
            if number == self._ordered:
                self._underway, self._all_underway = None, False
            self._canvas.set_overlays(overlays, dirty)

        self._jobs.start(OVERLAYS, work, show, self.failed.emit, follow=True)

    # The selected camera

    def _follow_results(self) -> None:
        self.redraw_all()
        self._show_selected()

    def _follow_project(self) -> None:
        camera = self._session.selected
        if not self.is_dragging:
            self.catch_up()
        elif camera is not None and self._sight.seen_now(camera) is None:
            self._canvas.hold_frame()  # a camera that is dragged moves together with its cone
        self._show_selected()

    def _show_answer(self) -> None:
        self._show_selected()
        camera = self._session.selected
        if camera is None or self._sight.seen_now(camera) is not None:  # not an answer about others, or an earlier one
            self._canvas.show_frame()

    def catch_up(self) -> None:
        """Redraw where cameras were added, changed or removed; their new views come from the job that computes them."""
        before, self._drawn_of = self._drawn_of, self._session.project
        if before.layers is not self._drawn_of.layers:
            self.redraw_all()
            return
        was, now = ({id(camera): camera for camera in each.cameras} for each in (before, self._drawn_of))
        results = self._session.assessment.cameras if self._session.assessment is not None else ()
        reported = {result.placed.camera.camera_id: result.sightings for result in results}
        if before.plan is not self._drawn_of.plan:
            going = leaving(before) ^ leaving(self._drawn_of)
            was |= {-number: camera for number, camera in enumerate(before.cameras, 1) if camera.camera_id in going}
        for key in was.keys() ^ now.keys():
            camera = was.get(key) or now[key]
            self._mark_dirty(self._ground_of(camera, reported.get(camera.camera_id, ())))

    def _ground_of(self, camera: Camera, sightings: Sequence[Sighting]) -> Box:
        """Return the ground where a camera and what it was last said to see are drawn."""
        seen = self._sight.sight.seen.get(camera.camera_id)
        reported = [sighting.outline() for sighting in sightings]
        here = grown((camera.x_m, camera.y_m, camera.x_m, camera.y_m), SYMBOL_M)
        return united(united(here, seen_bounds(seen) if seen is not None else None), bounds_of(reported)) or here

    def _show_selected(self) -> None:
        """Draw the selected camera live: its symbol where it is now, its cone as last computed."""
        camera = self._session.selected
        self._canvas.set_chosen(frozenset(self._session.selection.ids[:-1]))
        if camera is None:
            self._canvas.set_selected(None)
            return
        now = self._sight.seen_now(camera)
        seen = None if camera.status is Status.REMOVED else self._sight.sight.seen.get(camera.camera_id)
        symbol = symbol_of(camera, now, self._city.convergence_deg, self._session.plan_numbers)
        self._canvas.set_selected(LiveCamera(symbol, seen, self._views_of(camera, seen)))

    def _views_of(self, camera: Camera, seen: Seen | None) -> tuple[GradedView, ...] | None:
        """Return the protected views of a camera that was changed since the analysis; None where the results still hold."""
        session = self._session
        if session.assessment is None or session.is_as_assessed(camera.camera_id):
            return None
        is_shown = seen is not None and not (session.is_held and session.project.has_opened)
        return seen.views if seen is not None and is_shown else ()


# The map of the project that is named at a start, drawn while the window round it is not made yet.

QUICK_BYTES = 16 << 20  # some 50,000 buildings: a window without menus must not be waited in
LOOK_MS, LONGEST_MS = 2, 1000  # how often it is asked whether all is drawn; a window that nobody sees paints nothing


def is_quick(named: Named) -> bool:
    """Tell whether what a start names is read and drawn in a moment: a sample, or a file here that is not large."""
    file = Path(named.address)
    return bool(named.sample) or (file.is_file() and file.stat().st_size <= QUICK_BYTES)


class Ahead(QObject):
    """Reads the project and draws its map once; what goes wrong is reported by who opens the project afterwards."""

    ended = Signal()  # the map is on the screen, or there is none to show so early

    def __init__(self, canvas: MapCanvas, context: AppContext, named: Named) -> None:
        super().__init__()
        self._canvas, self._context, self._named, self._jobs = canvas, context, named, Jobs()
        self.early: EarlyPlace | None = None
        self._drawn = QTimer(self, interval=LOOK_MS)
        self._drawn.timeout.connect(self._look)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self._longest.timeout.connect(self._end)

    def begin(self) -> None:
        """Read and draw beside the window's thread."""

        def work(_report: Report) -> tuple[Project, DrawnPlace]:
            project = self._context.read_ahead(self._named)
            return project, prepare_early(project, self._context)

        self._jobs.start("file", work, self._show, self._end, broken=self._end)

    def _show(self, found: tuple[Project, DrawnPlace]) -> None:
        project, place = found
        self.early = EarlyPlace(project.layers, place)
        self._canvas.convergence_deg = place.convergence_deg
        name_data(self._canvas, project)
        self._canvas.set_ground(place.ground)
        self._canvas.show_all()
        self._drawn.start()
        self._longest.start()

    def _look(self) -> None:
        if self._canvas.is_whole:
            self._canvas.repaint()
            self._end()

    def _end(self, _error: object = None) -> None:
        self._drawn.stop()
        self._longest.stop()
        self._jobs.stop()
        self.ended.emit()


# A change that would serve a part, shown on the map as it was tried out; nothing of the project changes.

LANE = "proposal"


class ShownProposals(QObject):
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

        def draw(seen: Seen) -> None:
            self._canvas.set_proposal(LiveCamera(symbol_of(camera, seen, self._city.convergence_deg), seen))

        if look is not None:
            self._jobs.start(LANE, look, draw, self.failed.emit)
