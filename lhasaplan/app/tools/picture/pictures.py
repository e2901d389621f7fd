"""Keeps the picture of the selected camera up to date, beside the window, while somebody looks at it."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from lhasaplan.app.map.lens import Graded, drawable, image_of, picture_of
from lhasaplan.app.state.session import Session
from lhasaplan.app.work.jobs import Jobs, Report
from lhasaplan.app.work.live_sight import LiveSight
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import rank

LANE = "picture"
NONE_CHOSEN = marked("Choose a camera on the map to see what stands in its picture.")
NOT_RECORDED = marked("Direction or lens of this camera is not recorded, so its picture cannot be drawn. Ask the controller.")


class Pictures(QObject):
    """Orders a picture whenever the camera, its sight or the results change."""

    drawn = Signal(QImage)
    missing = Signal(str)  # why there is no picture
    failed = Signal(object)  # UserError

    def __init__(self, session: Session, sight: LiveSight, jobs: Jobs) -> None:
        super().__init__()
        self._session, self._sight, self._jobs = session, sight, jobs
        self._is_looked_at = False
        for signal in (session.selection_changed, session.assessment_changed, sight.sight_changed):
            signal.connect(self.follow)

    def look(self, is_looked_at: bool) -> None:
        """Draw from now on, or no more: no picture is made while its panel lies behind another."""
        self._is_looked_at = is_looked_at
        self.follow()

    def follow(self) -> None:
        """Draw the picture of the selected camera, or say why there is none."""
        camera_id, city = self._session.selected_id, self._sight.city
        seen = self._sight.sight.seen.get(camera_id)
        if not self._is_looked_at:
            return
        if seen is None or city is None:
            self._tell(NONE_CHOSEN)
            return
        view, graded = drawable(seen.placed.views), self._graded(camera_id)
        if view is None:
            self._tell(NOT_RECORDED)
            return

        def work(_report: Report) -> QImage:
            return image_of(picture_of(view, city, graded))

        self._jobs.start(LANE, work, self.drawn.emit, self.failed.emit, follow=True)

    def _tell(self, reason: str) -> None:
        self._jobs.cancel(LANE)
        self.missing.emit(reason)

    def _graded(self, camera_id: str) -> Graded:
        """Return what the results say is seen of protected places, while the camera is as it was judged."""
        results = self._session.assessment
        if results is None or not self._session.is_as_assessed(camera_id):
            return ()
        mine = (one for one in results.cameras if one.placed.camera.camera_id == camera_id)
        found = [(s.geometry, s.grade) for one in mine for s in one.sightings if s.geometry is not None]
        return tuple(sorted(found, key=lambda pair: rank(pair[1])))  # the gravest last, above the others
