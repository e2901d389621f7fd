"""Keeps the look at the selected camera from outside up to date while somebody walks around it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from lhasaplan.app.jobs.engine import Engine, PictureLook
from lhasaplan.app.jobs.jobs import Jobs, Report
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.errors import UserError

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext
    from lhasaplan.core.picture.outlook import Band, Outlook, Spot
    from lhasaplan.core.picture.picture_town import PictureTown

LANE, FINE_LANE = "outlook", "outlook-fine"
QUICK_COLUMNS, MOST_COLUMNS = 560, 1600
PAUSE_MS = 250
NONE_CHOSEN = marked("Choose a camera on the map to walk around it.")
NOT_RECORDED = marked("The direction of this camera is not recorded, so its cone cannot be drawn. Ask the controller.")


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """A look from outside as it is shown, and from where."""

    image: QImage
    outlook: "Outlook"
    spot: "Spot"
    camera_id: str


class Outlooks(QObject):
    """Orders a look whenever the camera, what it shows or the spot changes: a quick one, then a finer one."""

    drawn = Signal(object)  # Sight
    missing = Signal(str)
    failed = Signal(object)  # UserError

    def __init__(self, session: Session, engine: Engine, sight: LiveSight, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._engine, self._sight, self._jobs = session, engine, sight, jobs
        self._is_looked_at, self._columns = False, QUICK_COLUMNS
        self._town: tuple[object, PictureTown] | None = None
        self.spot: Spot | None = None  # None for the usual one, until the first look is there
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._refine)
        session.selection_changed.connect(self.start_anew)
        for signal in (session.project_changed, session.assessment_changed, sight.sight_changed):
            signal.connect(self.follow)

    def look(self, is_looked_at: bool) -> None:
        """Draw from now on, or no more."""
        self._is_looked_at = is_looked_at
        self.follow()

    def start_anew(self) -> None:
        """Look from the usual spot again."""
        self.spot = None
        self.follow()

    def walk(self, bearing_deg: float, down_deg: float) -> None:
        """Walk around the camera, and up or down."""
        if self.spot is not None:
            self.spot = self.spot.turned(bearing_deg, down_deg)
            self.follow()

    def go_nearer(self, times: float) -> None:
        """Go so many times nearer."""
        if self.spot is not None:
            self.spot = self.spot.nearer(times)
            self.follow()

    def fit(self, columns: int) -> None:
        """Make finer looks so many pixels wide."""
        columns = min(max(columns, QUICK_COLUMNS // 2), MOST_COLUMNS)
        if columns != self._columns:
            self._columns = columns
            if self._is_looked_at:
                self._pause.start()

    def follow(self) -> None:
        """Draw the selected camera from the spot, or say why not."""
        self._pause.stop()
        if not self._is_looked_at:
            return
        work = self._work(QUICK_COLUMNS, 1)
        if work is None:
            self._tell(NONE_CHOSEN)
            return
        self._jobs.cancel(FINE_LANE)
        self._jobs.start(LANE, work, self._take, self._fail, follow=True)

    def _work(self, columns: int, fineness: int) -> Callable[[Report], Sight | None] | None:
        camera, live = self._session.selected, self._sight.live
        if camera is None or live is None:
            return None
        town, engine, spot = self._town_of(live.city), self._engine, self.spot
        bands, sightings = self._shown(camera)
        look = PictureLook(columns, (), fineness=fineness)

        def work(_report: Report) -> Sight | None:
            from lhasaplan.app.map.lens import image_of  # noqa: PLC0415 - sight is loaded when it is first asked

            found = engine.outlook(town, camera, spot, look, bands, sightings)
            return Sight(image_of(found[0].rgb), *found, camera.camera_id) if found is not None else None

        return work

    def _town_of(self, city: "AuditContext") -> "PictureTown":
        if self._town is None or self._town[0] is not city.buildings:
            self._town = (city.buildings, self._engine.picture_town(city))
        return self._town[1]

    def _shown(self, camera: Camera) -> "tuple[tuple[Band, ...], tuple[Sighting, ...]]":
        """Return the ground that a camera shows now by density, and what it shows of protected places as outputs tell it."""
        live, seen = self._sight.live, self._sight.seen_now(camera)
        if live is None or seen is None or camera.camera_id not in live.results:
            return (), ()
        field = seen.certain or next(iter(seen.possible), None)
        told = live.results[camera.camera_id] if self._session.project.has_opened else live.told_result(camera.camera_id)
        return tuple(field.bands) if field is not None else (), told.sightings

    def _take(self, found: Sight | None) -> None:
        if found is None:
            self._tell(NOT_RECORDED)
            return
        self._show(found)
        if self._is_looked_at:
            self._pause.start()

    def _show(self, found: Sight | None) -> None:
        if found is not None:
            if self.spot is None and found.camera_id == self._session.selected_id:
                self.spot = found.spot
            self.drawn.emit(found)

    def _refine(self) -> None:
        work = self._work(self._columns, 2)
        if work is not None and self._is_looked_at and not self._jobs.is_busy(LANE):
            self._jobs.start(FINE_LANE, work, self._show, self._fail)

    def _fail(self, error: UserError) -> None:
        self._jobs.cancel(FINE_LANE)
        self.failed.emit(error)

    def _tell(self, reason: str) -> None:
        self._pause.stop()
        for lane in (LANE, FINE_LANE):
            self._jobs.cancel(lane)
        self.missing.emit(reason)
