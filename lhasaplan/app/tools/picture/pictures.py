"""Makes the picture of the selected camera, as a person wants it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from lhasaplan.app.jobs.engine import Engine, PictureLook
from lhasaplan.app.jobs.following_picture import FollowingPicture, Manner
from lhasaplan.app.jobs.jobs import Jobs, Report
from lhasaplan.app.jobs.live_sight import LiveSight
from lhasaplan.app.state.session import Session
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Basis, Camera
from lhasaplan.core.results.assessment import Sighting

if TYPE_CHECKING:
    from lhasaplan.core.picture.camera_picture import CameraPicture

PEOPLE_M = (5.0, 10.0, 20.0, 40.0)
NONE_CHOSEN = marked("Choose a camera on the map to see what stands in its picture.")
NOT_RECORDED = marked("The direction of this camera is not recorded, so its picture cannot be drawn. Ask the controller.")
MANNER = Manner("picture", 640, NONE_CHOSEN, NOT_RECORDED)


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


class Pictures:
    """Makes the picture of the selected camera whenever the camera, what it shows or the wish changes."""

    def __init__(self, session: Session, engine: Engine, sight: LiveSight, jobs: Jobs) -> None:
        self._session, self._engine, self._sight = session, engine, sight
        self.wish = Wish()
        news = (session.selection_changed, session.project_changed, session.assessment_changed, sight.sight_changed)
        self.following = FollowingPicture(jobs, MANNER, self.work_of, news)

    def want(self, wish: Wish) -> None:
        """Draw as a person wants it from now on."""
        if wish != self.wish:
            self.wish = wish
            self.following.follow()

    def work_of(self, columns: int, fineness: int, *, is_disclosed: bool = False) -> Callable[[Report], Shot | None] | None:
        """Return the work of one picture of the selected camera, None where there is nothing to draw.

        It gives None where the direction of the camera is not known. ``is_disclosed`` leaves out what outputs do not tell.
        """
        camera, live = self._session.selected, self._sight.live
        if camera is None or live is None:
            return None
        town, engine = self._engine.picture_town(live.city), self._engine
        look = PictureLook(columns, self.wish.people_m, self.wish.is_night, self.wish.has_trees, fineness)
        sightings, assumed = self._sightings(camera, is_disclosed=is_disclosed), self._assumed(camera)

        def work(_report: Report) -> Shot | None:
            from lhasaplan.app.map.lens import image_of  # noqa: PLC0415 - sight is loaded when it is first asked

            picture = engine.picture(town, camera, look, sightings)
            return Shot(image_of(picture.rgb), picture, camera, assumed) if picture is not None else None

        return work

    def _sightings(self, camera: Camera, *, is_disclosed: bool) -> tuple[Sighting, ...]:
        """Return what is known to be seen of protected places now, as outputs tell it unless the places were opened."""
        found = self._sight.answers_now(camera, discloses_all=self._session.project.has_opened and not is_disclosed)
        return found.sightings if found is not None else ()

    def _assumed(self, camera: Camera) -> tuple[str, ...]:
        seen = self._sight.sight.seen.get(camera.camera_id)
        return seen.placed.assumed if seen is not None else ()
