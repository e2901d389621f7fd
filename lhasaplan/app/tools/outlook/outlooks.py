"""Makes the look at the selected camera from outside, from where somebody walked to."""

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
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.assessment import Sighting

if TYPE_CHECKING:
    from lhasaplan.core.picture.outlook import Band, Outlook, Spot

NONE_CHOSEN = marked("Choose a camera on the map to walk around it.")
NOT_RECORDED = marked("The direction of this camera is not recorded, so its cone cannot be drawn. Ask the controller.")
MANNER = Manner("outlook", 560, NONE_CHOSEN, NOT_RECORDED)


@dataclass(frozen=True, eq=False, slots=True)
class Sight:
    """A look from outside as it is shown, and from where."""

    image: QImage
    outlook: "Outlook"
    spot: "Spot"
    camera_id: str


class Outlooks:
    """Makes a look whenever the camera, what it shows or the spot changes."""

    def __init__(self, session: Session, engine: Engine, sight: LiveSight, jobs: Jobs) -> None:
        self._session, self._engine, self._sight = session, engine, sight
        self.spot: Spot | None = None  # None for the usual one, until the first look is there
        news = (session.project_changed, session.assessment_changed, sight.sight_changed)
        self.following = FollowingPicture(jobs, MANNER, self._work_of, news)
        self.following.drawn.connect(self._keep_spot)
        session.selection_changed.connect(self.start_anew)

    def start_anew(self) -> None:
        """Look from the usual spot again."""
        self.spot = None
        self.following.follow()

    def walk(self, bearing_deg: float, down_deg: float) -> None:
        """Walk around the camera, and up or down."""
        if self.spot is not None:
            self.spot = self.spot.turned(bearing_deg, down_deg)
            self.following.follow()

    def go_nearer(self, times: float) -> None:
        """Go so many times nearer."""
        if self.spot is not None:
            self.spot = self.spot.nearer(times)
            self.following.follow()

    def _work_of(self, columns: int, fineness: int) -> Callable[[Report], Sight | None] | None:
        camera, live = self._session.selected, self._sight.live
        if camera is None or live is None:
            return None
        town, engine, spot = self._engine.picture_town(live.city), self._engine, self.spot
        bands, sightings = self._shown(camera)
        look = PictureLook(columns, (), fineness=fineness)

        def work(_report: Report) -> Sight | None:
            from lhasaplan.app.map.lens import image_of  # noqa: PLC0415 - sight is loaded when it is first asked

            found = engine.outlook(town, camera, spot, look, bands, sightings)
            return Sight(image_of(found[0].rgb), *found, camera.camera_id) if found is not None else None

        return work

    def _shown(self, camera: Camera) -> "tuple[tuple[Band, ...], tuple[Sighting, ...]]":
        """Return the ground that a camera shows now by density, and what it shows of protected places as outputs tell it."""
        seen, told = self._sight.seen_now(camera), self._sight.answers_now(camera, discloses_all=self._session.project.has_opened)
        if seen is None or told is None:
            return (), ()
        field = next((one.field for one in reversed(seen.drawn)), None)  # certain before near before far
        return tuple(field.bands) if field is not None else (), told.sightings

    def _keep_spot(self, found: Sight) -> None:
        """Walk on from where the usual look is taken."""
        if self.spot is None and found.camera_id == self._session.selected_id:
            self.spot = found.spot
