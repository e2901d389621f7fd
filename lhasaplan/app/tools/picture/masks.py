"""Masks drawn in the picture become masks of the camera: each is one step that can be undone."""

from lhasaplan.app.state import edits
from lhasaplan.app.state.session import Session
from lhasaplan.app.tools.picture.mask_drawing import Ring
from lhasaplan.core.base.wording import marked

ADD, DROP = marked("Mask in the picture"), marked("Take a mask out of the picture")


class PictureMasks:
    """Adds and takes away masks of the selected camera."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, ring: Ring) -> None:
        """Give the selected camera one mask more."""
        camera = self._session.selected
        if camera is not None:
            self._put((*camera.mask_px, ring), ADD)

    def drop(self, number: int) -> None:
        """Take a mask of the selected camera away."""
        camera = self._session.selected
        if camera is not None and 0 <= number < len(camera.mask_px):
            self._put(camera.mask_px[:number] + camera.mask_px[number + 1 :], DROP)

    def _put(self, rings: tuple[Ring, ...], template: str) -> None:
        edit = edits.changed(self._session.selected_id, {"mask_px": rings}, self._session.author)
        self._session.edit(template, edit)
