"""Keeps the picture of the selected camera up to date, beside the window, while somebody looks at it."""

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
from lhasaplan.core.model.camera import Basis, Camera
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.errors import UserError

if TYPE_CHECKING:
    from lhasaplan.core.context.audit_context import AuditContext
    from lhasaplan.core.picture.camera_picture import CameraPicture
    from lhasaplan.core.picture.picture_town import PictureTown

LANE, FINE_LANE = "picture", "picture-fine"
QUICK_COLUMNS, MOST_COLUMNS = 640, 1600
PAUSE_MS = 200  # after the last quick picture, before a finer one is made
PEOPLE_M = (5.0, 10.0, 20.0, 40.0)
NONE_CHOSEN = marked("Choose a camera on the map to see what stands in its picture.")
NOT_RECORDED = marked("The direction of this camera is not recorded, so its picture cannot be drawn. Ask the controller.")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to see in pictures."""

    people_m: tuple[float, ...] = PEOPLE_M
    is_night: bool = False
    has_trees: bool = True


@dataclass(frozen=True, eq=False, slots=True)
class Shot:
    """A picture as it is shown: the image, and what is known of it; of which camera, and what was assumed of its lens."""

    image: QImage
    picture: "CameraPicture"
    camera: Camera
    assumed: tuple[str, ...] = ()

    @property
    def is_fixed(self) -> bool:
        """Say whether masks can be placed in it: direction, lens and tilt are recorded."""
        view = self.picture.view
        return view.basis is Basis.RECORDED and view.tilt_swing_deg == 0.0


class Pictures(QObject):
    """Orders a picture whenever the camera, what it shows or the wish changes: a quick one, then a finer one."""

    drawn = Signal(object)  # Shot
    missing = Signal(str)  # why there is no picture
    failed = Signal(object)  # UserError

    def __init__(self, session: Session, engine: Engine, sight: LiveSight, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._engine, self._sight, self._jobs = session, engine, sight, jobs
        self._is_looked_at, self._columns = False, QUICK_COLUMNS
        self._town: tuple[object, PictureTown] | None = None
        self.wish = Wish()
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._refine)
        signals = (session.selection_changed, session.project_changed, session.assessment_changed, sight.sight_changed)
        for signal in signals:
            signal.connect(self.follow)

    def look(self, is_looked_at: bool) -> None:
        """Draw from now on, or no more: no picture is made while its panel lies behind another."""
        self._is_looked_at = is_looked_at
        self.follow()

    def want(self, wish: Wish) -> None:
        """Draw as a person wants it from now on."""
        if wish != self.wish:
            self.wish = wish
            self.follow()

    def fit(self, columns: int) -> None:
        """Make finer pictures so many pixels wide."""
        columns = min(max(columns, QUICK_COLUMNS // 2), MOST_COLUMNS)
        if columns != self._columns:
            self._columns = columns
            if self._is_looked_at:
                self._pause.start()

    def follow(self) -> None:
        """Draw the picture of the selected camera, or say why there is none."""
        if not self._is_looked_at:
            self._pause.stop()
            return
        work = self.work_of(QUICK_COLUMNS, 1)
        if work is None:
            self._tell(NONE_CHOSEN)
            return
        self._jobs.cancel(FINE_LANE)
        self._pause.stop()
        self._jobs.start(LANE, work, self._take, self._fail, follow=True)

    def work_of(self, columns: int, fineness: int, *, is_told: bool = False) -> Callable[[Report], Shot | None] | None:
        """Return the work of one picture of the selected camera, None where there is nothing to draw.

        It gives None where the direction of the camera is not known. ``is_told`` leaves out what outputs do not tell.
        """
        camera, live = self._session.selected, self._sight.live
        if camera is None or live is None:
            return None
        town, engine = self._town_of(live.city), self._engine
        look = PictureLook(columns, self.wish.people_m, self.wish.is_night, self.wish.has_trees, fineness)
        sightings, assumed = self._sightings(camera, is_told=is_told), self._assumed(camera)

        def work(_report: Report) -> Shot | None:
            from lhasaplan.app.map.lens import image_of  # noqa: PLC0415 - sight is loaded when it is first asked

            picture = engine.picture(town, camera, look, sightings)
            return Shot(image_of(picture.rgb), picture, camera, assumed) if picture is not None else None

        return work

    def _town_of(self, city: "AuditContext") -> "PictureTown":
        """Return what pictures of a city share; made anew for another one."""
        if self._town is None or self._town[0] is not city.buildings:  # what is decided beside it leaves the town as it is
            self._town = (city.buildings, self._engine.picture_town(city))
        return self._town[1]

    def _sightings(self, camera: Camera, *, is_told: bool) -> tuple[Sighting, ...]:
        """Return what is known to be seen of protected places now, as outputs tell it unless the places were opened."""
        live = self._sight.live
        if live is None or self._sight.seen_now(camera) is None or camera.camera_id not in live.results:
            return ()
        is_all = self._session.project.has_opened and not is_told
        return (live.results[camera.camera_id] if is_all else live.told_result(camera.camera_id)).sightings

    def _assumed(self, camera: Camera) -> tuple[str, ...]:
        seen = self._sight.sight.seen.get(camera.camera_id)
        return seen.placed.assumed if seen is not None else ()

    def _take(self, shot: Shot | None) -> None:
        if shot is None:
            self._tell(NOT_RECORDED)
            return
        self.drawn.emit(shot)
        if self._is_looked_at:
            self._pause.start()

    def _refine(self) -> None:
        """Make a finer picture of what stands still."""
        work = self.work_of(self._columns, 2)
        if work is not None and self._is_looked_at and not self._jobs.is_busy(LANE):
            self._jobs.start(FINE_LANE, work, self._take_fine, self._fail)

    def _take_fine(self, shot: Shot | None) -> None:
        if shot is not None:
            self.drawn.emit(shot)

    def _fail(self, error: UserError) -> None:
        self._jobs.cancel(FINE_LANE)
        self.failed.emit(error)

    def _tell(self, reason: str) -> None:
        self._pause.stop()
        for lane in (LANE, FINE_LANE):
            self._jobs.cancel(lane)
        self.missing.emit(reason)
