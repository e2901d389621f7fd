"""Keeps the picture of the camera at hand up to date, beside the window, while somebody looks at it."""

from typing import Any

from lhasaplan.app.map.lens import drawable, image_of, picture_of
from lhasaplan.app.panels.picture import NONE_CHOSEN, NOT_RECORDED, PicturePanel
from lhasaplan.app.state.session import Session
from lhasaplan.app.work.desk import Desk
from lhasaplan.app.work.jobs import Jobs, Report

LANE = "picture"


class Pictures:
    """Orders a picture whenever the camera, its sight or the results change."""

    def __init__(self, session: Session, desk: Desk, panel: PicturePanel, jobs: Jobs) -> None:
        self._session, self._desk, self._panel, self._jobs = session, desk, panel, jobs
        self.is_looked_at = False
        for signal in (session.selection_changed, session.assessment_changed, desk.sight_changed):
            signal.connect(self.follow)

    def look(self, is_looked_at: bool) -> None:
        """Draw from now on, or no more: no picture is made while its panel lies behind another."""
        self.is_looked_at = is_looked_at
        self.follow()

    def follow(self) -> None:
        """Draw the picture of the camera at hand, or say why there is none."""
        camera_id, city = self._session.selected_id, self._desk.city
        seen = self._desk.sight.seen.get(camera_id)
        if not self.is_looked_at:
            return
        if seen is None or city is None:
            self._tell(NONE_CHOSEN)
            return
        view, graded = drawable(seen.placed.views), self._graded(camera_id)
        if view is None:
            self._tell(NOT_RECORDED)
            return

        def work(_report: Report) -> Any:
            return image_of(picture_of(view, city, graded))

        self._jobs.start(LANE, work, self._panel.show_picture, self._desk.failed.emit, follow=True)

    def _tell(self, reason: str) -> None:
        self._jobs.cancel(LANE)
        self._panel.tell(reason)

    def _graded(self, camera_id: str) -> tuple[Any, ...]:
        """Return what the results say is seen of protected places, while the camera is as it was judged."""
        results = self._session.assessment
        if results is None or not self._session.is_as_assessed(camera_id):
            return ()
        mine = (one for one in results.cameras if one.placed.camera.camera_id == camera_id)
        found = [(s.geometry, s.grade) for one in mine for s in one.sightings if s.geometry is not None]
        return tuple(sorted(found, key=lambda pair: _RANK.get(pair[1], 0)))  # the gravest last, above the others


_RANK = {"note": 1, "due": 2, "error": 3}
