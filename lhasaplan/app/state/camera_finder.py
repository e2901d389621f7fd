"""Find cameras by id in lists that change little: where a camera stood it mostly stands still."""

from collections.abc import Sequence

from lhasaplan.core.model.camera import Camera


class CameraFinder:
    """Remembers in which rows cameras stand; a drag asks for the same ones many times a step, in a list anew each step."""

    def __init__(self) -> None:
        self._rows: dict[str, int] = {}
        self._of: Sequence[Camera] = ()  # the list that the rows were read from

    def find(self, cameras: Sequence[Camera], camera_id: str) -> Camera | None:
        """Return the camera with this id; None where there is none."""
        camera = self._at_row(cameras, camera_id)
        if camera is None and cameras is not self._of:
            rows = range(len(cameras) - 1, -1, -1)  # the first of several counts
            self._rows, self._of = {cameras[row].camera_id: row for row in rows}, cameras
            camera = self._at_row(cameras, camera_id)
        return camera

    def _at_row(self, cameras: Sequence[Camera], camera_id: str) -> Camera | None:
        row = self._rows.get(camera_id, len(cameras))
        return cameras[row] if row < len(cameras) and cameras[row].camera_id == camera_id else None
