"""Edit the selected camera: correct a value, remove it, take edits back."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.app.state.history import NO_GESTURE
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.records.camera_corrections import corrected
from lhasaplan.errors import Fault


class Editing:
    """Edits with source and date; what sight could not be computed of is refused before it is an edit."""

    def __init__(self, bench: Workbench) -> None:
        self._session, self._engine = bench.session, bench.engine
        bench.canvas.remove_wished.connect(self.remove)

    def undo(self) -> None:
        """Take the last edit back."""
        self._session.history.undo()

    def redo(self) -> None:
        """Do the edit again that was taken back."""
        self._session.history.redo()

    def correct(self, values: edits.Values, gesture: int = NO_GESTURE) -> Fault | None:
        """Give the selected camera new values; return why they cannot be, and change nothing then."""
        camera = self._session.selected
        if camera is None:
            return None
        fault = self._engine.refusal_of(corrected(camera, values, self._session.author))
        if fault is None:
            edit = edits.changed(camera.camera_id, values, self._session.author)
            self._session.edit(marked("Change camera"), edit, gesture)
        return fault

    @property
    def removable(self) -> list[Camera]:
        """Return the selected cameras that are not removed yet."""
        chosen = map(self._session.camera, self._session.selection.ids)
        return [camera for camera in chosen if camera is not None and camera.status is not Status.REMOVED]

    def can_remove(self) -> bool:
        """Say whether there is something to remove."""
        return bool(self.removable)

    def remove(self) -> None:
        """Take the selected cameras away, in one step."""
        gesture, author = self._session.history.new_gesture(), self._session.author
        ids = [camera.camera_id for camera in self.removable]
        if ids:
            self._session.edit(marked("Remove camera"), edits.in_turn(*(edits.removed(one, author) for one in ids)), gesture)
