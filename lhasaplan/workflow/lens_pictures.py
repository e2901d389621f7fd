"""What cameras would show, drawn for drafts when one asks: only of a camera whose pose is known, veiled as outputs are."""

from collections.abc import Callable, Mapping
from functools import cached_property

from lhasaplan.core.context.audit_context import set_in, set_up
from lhasaplan.core.context.reference_data import ReferenceData
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.picture.camera_picture import CameraPicture, Look, picture_of
from lhasaplan.core.picture.picture_town import PictureTown
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult

LOOK = Look(columns=960, fineness=2)
POSE = ("mount_height_m", "azimuth_deg", "tilt_deg", "hfov_deg")


class LensPictures:
    """Draws the picture of a camera of a project; the town is set up when the first is asked for."""

    def __init__(self, project: Project, shown: Assessment, read_data: Callable[[], ReferenceData]) -> None:
        """Draw cameras of the project; ``shown`` has what outputs may tell of what they see."""
        self._project, self._read_data = project, read_data
        self._results: Mapping[str, CameraResult] = {result.placed.camera.camera_id: result for result in shown.cameras}
        self._cameras = {camera.camera_id: camera for camera in project.cameras}

    @cached_property
    def _town(self) -> PictureTown:
        return PictureTown(set_up(self._project, self._read_data()))

    def __call__(self, camera_id: str) -> CameraPicture | None:
        """Return the picture, None where the pose is not recorded or the camera is not of this project."""
        camera, result = self._cameras.get(camera_id), self._results.get(camera_id)
        if camera is None or result is None or not is_posed(camera):
            return None
        placed = set_in(self._town.city, [camera]).placed
        return picture_of(placed[0], self._town, LOOK, result.sightings) if placed else None


def is_posed(camera: Camera) -> bool:
    """Say whether height, direction, tilt and angle of view are all recorded: of a guess no picture is drawn."""
    return all(getattr(camera, name) is not None for name in POSE)
