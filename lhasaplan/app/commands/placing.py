"""Place cameras and edit the selected one, by mouse, key or value; take edits back; say where the gate refuses one."""

from collections.abc import Sequence

from lhasaplan import io
from lhasaplan.app.commands.workbench import Workbench
from lhasaplan.app.state import edits
from lhasaplan.app.state.edits import NO_GESTURE
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.camera_change import AddCamera
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import FIELD
from lhasaplan.core.project.plan import leaving, replacing, with_all_steps
from lhasaplan.core.project.plan_step import Stage
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import Author, corrected
from lhasaplan.core.results.assessment import PartResult, ServiceOption
from lhasaplan.core.results.finding import Finding, Mitigation
from lhasaplan.errors import Fault, InputError
from lhasaplan.report.text import words

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
        self._session, self._context = bench.session, bench.context
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
        fault = fault or self._refusal_of(corrected(camera, values, self._session.author))
        if fault is None:
            edit = edits.changed(camera.camera_id, values, self._session.author)
            self._session.edit(marked("Change camera"), edit, gesture)
        return fault

    def _refusal_of(self, camera: Camera) -> Fault | None:
        """Return why sight cannot be computed of a camera that is recorded so; None where it can."""
        from lhasaplan.core.site.camera_placing import refuse_impossible_lenses

        try:
            refuse_impossible_lenses((camera,), self._context.classes)
        except InputError as error:
            return error.faults[0]
        return None

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


# Say why planned cameras may not be where they were put, by what a person calls them.
NEW = marked("No camera can be placed there: the ground or the building is protected.")
OF_SEVERAL = marked("None of these cameras was placed: for {refused} of them the ground or the building is protected.")


def refused_ground(bench: Workbench, cameras: Sequence[Camera]) -> str:
    """Return why these planned cameras may not stand where they are; empty where they may.

    A camera that was never on the map has no name yet, only an id that nobody gave it: it is reported without.
    """
    from lhasaplan.core.live.effect import on_protected

    live = bench.sight.live
    faults = [*on_protected(live, cameras)] if live is not None else []
    if not faults:
        return ""
    fault, key = faults[0], str(faults[0].params.get("camera", ""))
    name = bench.names.camera(key)
    if len(cameras) > 1:
        fault = Fault(OF_SEVERAL, params={"refused": len(faults)})
    elif name == key:
        fault = Fault(NEW)
    else:
        fault = Fault(fault.template, fault.where, {**fault.params, "camera": name})
    return bench.language.fault(fault)


# Change cameras while the mouse or a key holds them: each drag is one step that can be taken back, and Esc takes it back.
MOVE, TURN = marked("Move camera"), marked("Turn camera")


class Dragging:
    """One drag at a time. What a drag did is refused at its end where no planned camera may be; the reason is said."""

    def __init__(self, bench: Workbench) -> None:
        self._bench, self._session, self._map = bench, bench.session, bench.map
        self._gesture = NO_GESTURE
        self._before: Project | None = None  # as the drag found it
        self._last = NO_GESTURE
        bench.session.left.connect(self._forget)

    @property
    def is_on(self) -> bool:
        """Say whether something is held."""
        return self._gesture != NO_GESTURE

    def begin(self, *, goes_on: bool = False) -> None:
        """Begin a drag: effects are reported against the city as it is now; one that ``goes_on`` is a step with the last one."""
        if not goes_on or self._last == NO_GESTURE:
            self._bench.sight.mark_start()
            self._last = self._session.history.new_gesture()
        self._gesture, self._map.is_dragging = self._last, True
        self._before = self._session.project
        self._session.follow_drag(True)

    def change(self, template: str, camera_id: str, values: edits.Values) -> None:
        """Give a camera other values than it had when the drag began."""
        self._session.edit(template, edits.changed(camera_id, values, self._session.author), self._gesture)

    def change_all(self, template: str, cameras: tuple[Camera, ...]) -> None:
        """Give several cameras the values of these."""
        self._session.edit(template, edits.changed_to(cameras, self._session.author), self._gesture)

    def do(self, template: str, edit: edits.Edit) -> None:
        """Do any other edit as part of the drag."""
        self._session.edit(template, edit, self._gesture)

    def end(self) -> None:
        """End a drag; one that leaves a planned camera where none may be is taken back, and the reason is said."""
        refused = refused_ground(self._bench, self._put())
        gesture = self._gesture
        self._forget()
        if refused:
            self._session.history.drop(gesture)
            self._session.attention.say(refused)
        self._map.catch_up()

    def _put(self) -> tuple[Camera, ...]:
        """Return the planned cameras that the drag put where they did not stand before."""
        now = self._session.project.cameras
        if self._before is None or now is self._before.cameras:
            return ()
        places = {(c.camera_id, c.x_m, c.y_m, c.mount, c.mount_height_m) for c in self._before.cameras}
        is_new = (c for c in now if c.status is Status.PLANNED)
        return tuple(c for c in is_new if (c.camera_id, c.x_m, c.y_m, c.mount, c.mount_height_m) not in places)

    def cancel(self) -> None:
        """Take back what the drag did; nothing of it can be redone."""
        gesture = self._gesture
        self._forget()
        self._session.history.drop(gesture)
        self._map.catch_up()

    def _forget(self) -> None:
        self._gesture, self._map.is_dragging, self._before = NO_GESTURE, False, None
        self._session.follow_drag(False)


# Place planned cameras, while the gate allows it.
PLACE = "place"
NOT_JUDGED = marked("Run the check first: it says whether a camera may be planned here.")
CLOSED = marked("The gate is closed, so no camera can be planned. What is missing:")
PLACING = marked("Click where the camera should stand, or press Enter for the middle of the map; Esc ends.")


class Placing:
    """A mode of the map: the next click places a camera."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        bench.session.mode.changed.connect(self._follow_mode)
        bench.canvas.tool_used.connect(self._click)

    def turn(self, on: bool) -> None:
        """Begin to place, or say why no camera may be placed; or end it."""
        self._bench.session.mode.switch(PLACE, on and self.may_plan())

    def is_on(self) -> bool:
        """Say whether the next click places a camera."""
        return self._bench.session.mode.tool == PLACE

    def _follow_mode(self) -> None:
        self._bench.session.attention.guide(PLACE, self._bench.language(PLACING) if self.is_on() else "")

    def may_plan(self) -> bool:
        """Say whether the gate is open as judged for what is now; tell what is missing otherwise."""
        gate, notices = self._bench.session.gate, self._bench.notices
        if gate is None:
            notices.tell(NOT_JUDGED)
        elif not gate.open:
            notices.tell(CLOSED, [words.said(pair, self._bench.language.translations) for pair in gate.missing])
        return gate is not None and gate.open

    def _click(self, tool: str, x_m: float, y_m: float) -> None:
        if tool == PLACE:
            self.place(x_m, y_m)

    def place(self, x_m: float, y_m: float) -> None:
        """Place a planned camera and select it."""
        if self.add(marked("Place camera"), (edits.new_camera(x_m, y_m),)):
            self.turn(False)

    def add(self, template: str, cameras: Sequence[Camera]) -> bool:
        """Add cameras as plans, in one step, and select them; say why none is added where one may not be."""
        session = self._bench.session
        if not cameras or not self.may_plan():
            return False
        proposal = edits.planned(session.project, cameras, session.author)
        added = [change.camera for change in proposal.changes if isinstance(change, AddCamera)]
        refused = refused_ground(self._bench, added)
        if refused:
            session.attention.say(refused)
            return False
        session.edit(template, edits.carried_out(proposal, session.author))
        session.selection.choose(*proposal.camera_ids)
        return True
