"""Edit the selected camera: correct a value, remove it, take edits back."""

from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.app.state.history import NO_GESTURE
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import leaving, replacing, with_all_steps
from lhasaplan.core.project.plan_step import Stage
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
        """Return the selected cameras that are not removed yet, nor to be taken down."""
        chosen, gone = map(self._session.camera, self._session.selection.ids), leaving(self._session.project)
        states = set(replacing(self._session.project).values())
        standing = [camera for camera in chosen if camera is not None and camera.status is not Status.REMOVED]
        return [camera for camera in standing if camera.camera_id not in gone or camera.camera_id in states]

    def can_remove(self) -> bool:
        """Say whether there is something to remove."""
        return bool(self.removable)

    def remove(self) -> None:
        """Plan to take the selected cameras down, in one step; outside the gate, where nothing is planned, they are gone."""
        gesture, author = self._session.history.new_gesture(), self._session.author
        ids = [camera.camera_id for camera in self.removable]
        if ids and self._session.may_plan:
            self._session.edit(marked("Remove camera"), edits.taken_down(ids, author), gesture)
        elif ids:
            self._session.edit(marked("Remove camera"), edits.in_turn(*(edits.removed(one, author) for one in ids)), gesture)

    @property
    def planned(self) -> list[str]:
        """Return the selected cameras to which the plan does something, by the ids of those that stand or come."""
        project = self._session.project
        of, steps = replacing(project), {each.camera_id for each in with_all_steps(project).plan if each.is_open}
        chosen = dict.fromkeys(of.get(one, one) for one in self._session.selection.ids)
        return [one for one in chosen if one in steps]

    def has_planned(self) -> bool:
        """Say whether the plan does something to a selected camera."""
        return bool(self.planned)

    def record_done(self) -> None:
        """Record what the plan does to the selected cameras as done today: now it stands."""
        self._session.edit(marked("Record as done"), edits.at_stage(self.planned, Stage.DONE, self._session.author))

    def leave_as_is(self) -> None:
        """Take what it does to the selected cameras out of the plan."""
        self._session.edit(marked("Take out of the plan"), edits.at_stage(self.planned, None, self._session.author))
