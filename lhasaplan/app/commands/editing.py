"""Edit the selected camera: correct a value, remove it, apply what would end a finding, take edits back."""

from lhasaplan import io
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.app.state.history import NO_GESTURE
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import FIELD
from lhasaplan.core.project.plan import leaving, replacing, with_all_steps
from lhasaplan.core.project.plan_step import Stage
from lhasaplan.core.records.schedule import Author, corrected
from lhasaplan.core.results.assessment import PartResult, ServiceOption
from lhasaplan.core.results.finding import Finding, Mitigation
from lhasaplan.errors import Fault

# Apply a mitigation of a finding or an option of a part, or show on the map what it would do.

MITIGATED, MITIGATED_BY = marked("remedy that was tried out"), marked("remedy that was tried out ({by})")
SAID_DONE, SAID_DONE_BY = marked("remedy that is said to be carried out"), marked("remedy that is said to be carried out ({by})")


class Mitigating:
    """Mitigations and options are proposals; each becomes one edit."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench

    def apply(self, finding: Finding, mitigation: Mitigation) -> None:
        """Put the mitigation into the plan; outside the gate, where there is none, record that it was carried out."""
        session, say = self._bench.session, self._bench.language
        author, plans = session.author, session.may_plan
        of_nobody, of_somebody = (MITIGATED, MITIGATED_BY) if plans else (SAID_DONE, SAID_DONE_BY)
        source = say(of_somebody, by=author.source) if author.source else say(of_nobody)
        audited = session.audited(finding.camera_id)
        made_for = None if audited is None else (audited,)
        proposal = mitigation.as_proposal(finding.finding_id)
        make = edits.drafted if plans else edits.carried_out
        name = marked("Apply remedy") if plans else marked("Record a remedy as carried out")
        session.edit(name, make(proposal, Author(source, author.date), made_for))

    def apply_option(self, result: PartResult, option: ServiceOption) -> None:
        """Put what would serve a part into the plan, while the project is as it was tried out in and the gate is open."""
        session = self._bench.session
        if session.current_results is None or not session.may_plan:
            return
        camera_id, edit = edits.accepted(session.project, option.proposal, session.author)
        session.edit(marked("Apply change"), edit)
        session.select(camera_id)

    def show_option(self, result: PartResult, option: ServiceOption) -> None:
        """Show what would serve a part on the map, as it was tried out; only while the gate is open."""
        if not self._bench.session.may_plan:
            return
        camera, canvas = option.as_changed, self._bench.canvas
        canvas.set_highlight(result.part.geometry)
        canvas.show_finding(result.part.geometry, (camera.x_m, camera.y_m))
        self._bench.proposals.show(camera)


# Edit the selected camera: correct a value, remove it, take edits back.


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
        """Give the selected camera new values, a day as in tables; return why they cannot be, and change nothing then."""
        camera = self._session.selected
        if camera is None:
            return None
        days = {name: io.read_value(str(day), name) for name, day in values.items() if FIELD[name].type == "date"}
        values = {**values, **days}
        fault = next((day for day in days.values() if isinstance(day, Fault)), None)
        fault = fault or self._engine.refusal_of(corrected(camera, values, self._session.author))
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
        if not project.plan:  # asked at each step of a drag: no other camera of a city is looked at
            chosen = dict.fromkeys(self._session.selection.ids)
            return [one for one in chosen if (camera := self._session.camera(one)) and camera.status is Status.PLANNED]
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
