"""Which cameras stand, and which of them wait for their cone, or for their answers, as they are recorded now."""

from collections.abc import Collection, Iterable, Mapping

from lhasaplan.core.changes import replaced
from lhasaplan.core.model.camera import Camera, Status


class Backlog:
    """Follows a list of cameras by what was exchanged in it, so that a step of a drag goes through no others.

    ``standing`` are those that are looked at, in the order of the list: those that operate, and planned ones while planning
    is allowed. ``blank`` are those of them without a cone, ``stale`` those without answers. ``has_lost`` says whether cameras
    may be gone of which something is still known; whoever has dropped that sets it back.
    """

    def __init__(self) -> None:
        self.standing, self.blank, self.stale = dict[str, Camera](), dict[str, Camera](), dict[str, Camera]()
        self.has_lost = False
        self._seen, self._answered = dict[str, Camera](), dict[str, Camera]()
        self._listed: tuple[Camera, ...] = ()
        self._is_planning = False

    def begin(self, known: Mapping[str, Camera]) -> None:
        """Begin anew: cones and answers of these are there, and of no others."""
        self._seen, self._answered = dict(known), dict(known)
        self._sort_out()

    def follow(self, cameras: tuple[Camera, ...], *, is_planning: bool) -> None:
        """Take the cameras as they are recorded now."""
        before, self._listed = self._listed, cameras
        if before is cameras and is_planning is self._is_planning:
            return
        rows = replaced(before, cameras) if is_planning is self._is_planning else None
        self._is_planning = is_planning
        if rows is None or any(self._stands(before[row]) is not self._stands(cameras[row]) for row in rows):
            self._sort_out()
            return
        for camera in (cameras[row] for row in rows):
            if self._stands(camera):
                self.standing[camera.camera_id] = camera
                self._wait(camera)

    def has_cone(self, camera: Camera) -> bool:
        """Say whether the cone of a camera is there as it is recorded."""
        return self._seen.get(camera.camera_id) is camera

    def take_cones(self, cameras: Iterable[Camera]) -> None:
        """Note that the cones of these are there, or cannot be."""
        self._note(self._seen, cameras)

    def take_answers(self, cameras: Iterable[Camera]) -> None:
        """Note that the answers about these are there, or cannot be."""
        self._note(self._answered, cameras)

    def drop(self, camera_ids: Collection[str]) -> None:
        """Forget what was known of these."""
        for camera_id in camera_ids:
            self._seen.pop(camera_id, None)
            self._answered.pop(camera_id, None)
            if camera_id in self.standing:
                self._wait(self.standing[camera_id])

    def _note(self, known: dict[str, Camera], cameras: Iterable[Camera]) -> None:
        for camera in cameras:
            known[camera.camera_id] = camera
            now = self.standing.get(camera.camera_id)
            if now is None:
                self.has_lost = True
            else:
                self._wait(now)

    def _wait(self, camera: Camera) -> None:
        """Have a camera wait for what is not there of it."""
        for waiting, known in ((self.blank, self._seen), (self.stale, self._answered)):
            if known.get(camera.camera_id) is camera:
                waiting.pop(camera.camera_id, None)
            else:
                waiting[camera.camera_id] = camera

    def _stands(self, camera: Camera) -> bool:
        return camera.status is Status.OPERATING or (camera.status is Status.PLANNED and self._is_planning)

    def _sort_out(self) -> None:
        """Go through all cameras."""
        self.standing = {camera.camera_id: camera for camera in self._listed if self._stands(camera)}
        self.blank, self.stale = (
            {key: camera for key, camera in self.standing.items() if known.get(key) is not camera}
            for known in (self._seen, self._answered)
        )
        self.has_lost = True
