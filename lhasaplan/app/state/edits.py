"""What a person can change about cameras, and undo: each edit takes a project and returns another.

Every change that the window makes to a camera passes here, and nowhere else.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce
from itertools import compress, count
from operator import attrgetter
from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtGui import QUndoCommand, QUndoStack

from lhasaplan.core.changes.camera_change import AddCamera, CameraChange, ChangeStatus, MoveCamera, TurnCamera, value_changes
from lhasaplan.core.changes.proposal import Proposal, apply, carried_over
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS
from lhasaplan.core.project.journal import CamerasChanged, JournalEntry, PlanDrafted, StepsTaken
from lhasaplan.core.project.plan import (
    Drafted,
    about_with_plan,
    following,
    planned_project,
    proposed_upon,
    with_all_steps,
    with_plan,
    without_steps,
)
from lhasaplan.core.project.plan import at_stage as steps_at_stage
from lhasaplan.core.project.plan_step import Stage
from lhasaplan.core.project.project import Loss, Project, united
from lhasaplan.core.records.schedule import Author, done, recorded
from lhasaplan.core.site.arrangement import as_plan

# What can be undone: every edit is a project before and a project after.

NO_GESTURE = -1  # Qt never merges edits of this id


class Shows(Protocol):
    """What a step tells: here is the project now."""

    project: Project

    def show_project(self, project: Project) -> None:
        """Take this project as the current one."""


class ProjectEdit(QUndoCommand):
    """Any edit. Projects are immutable, so undo is two references, and what left protection by it.

    Edits with the same ``gesture`` (a drag, one field while it is being typed into) merge into one step.
    """

    lost: tuple[Loss, ...] = ()  # by taking it back

    def __init__(  # noqa: PLR0917 - the stack, who shows it, and the step
        self, history: "History", shows: Shows, before: Project, after: Project, template: str, gesture: int = NO_GESTURE
    ) -> None:
        super().__init__(template)
        self.history, self.shows = history, shows
        self.before, self.after, self.gesture = before, after, gesture

    def id(self) -> int:
        """Return the gesture."""
        return self.gesture

    def mergeWith(self, other: QUndoCommand) -> bool:  # noqa: N802
        """Take over what a later edit of the same gesture led to."""
        if not isinstance(other, ProjectEdit) or other.gesture != self.gesture:
            return False
        self.after = other.after
        vars(other).clear()  # Qt deletes it now, but PySide (6.11) never lets go of what a merged step holds: two projects a move
        return True

    def redo(self) -> None:
        """Show the project after the edit."""
        self.lost = ()
        self.shows.show_project(self.history.with_lost(self.after))

    def undo(self) -> None:
        """Show the project before the edit; what it brought of protected places is lost there."""
        if self.before.layers is not self.after.layers:
            self.lost = self.history.lost_by_undo(self.after, self.before)
        self.shows.show_project(self.history.with_lost(self.before))


class History(QUndoStack):
    """The steps of a project, and gestures that make one step of many edits."""

    _gesture = 0
    is_held = False  # steps are neither taken back nor done again

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.lost_by_undo: Callable[[Project, Project], tuple[Loss, ...]] = lambda _now, _before: ()

    def with_lost(self, project: Project) -> Project:
        """Return a project with what the steps took out of protection that are taken back now."""
        steps = map(self.command, range(self.count()))
        lost = united(project.losses, *(step.lost for step in steps if isinstance(step, ProjectEdit)))
        return project if len(lost) == len(project.losses) else replace(project, losses=lost)

    def undo(self) -> None:
        """Take the last step back, unless the project is held."""
        if not self.is_held:
            super().undo()

    def redo(self) -> None:
        """Do the step again that was taken back, unless the project is held."""
        if not self.is_held:
            super().redo()

    def new_gesture(self) -> int:
        """Return a number that merges the edits of one drag."""
        self._gesture += 1
        return self._gesture

    @property
    def has_changes(self) -> bool:
        """Say whether the project differs from what was saved; what the map shows is no part of it."""
        saved, now = self.cleanIndex(), self.index()
        steps = range(min(saved, now), max(saved, now))
        return saved < 0 or any(isinstance(self.command(step), ProjectEdit) for step in steps)

    def base(self, gesture: int, now: Project) -> Project:
        """Return the project that the next edit of a gesture starts from: the one before the gesture, or the current one."""
        last = self.command(self.index() - 1) if self.index() else None
        joins = gesture != NO_GESTURE and self.index() != self.cleanIndex()
        return last.before if joins and isinstance(last, ProjectEdit) and last.gesture == gesture else now

    def drop(self, gesture: int) -> None:
        """Take a gesture back for good, as if it had never been begun; nothing where it has left no step."""
        last = self.command(self.index() - 1) if self.index() else None
        if gesture != NO_GESTURE and isinstance(last, ProjectEdit) and last.gesture == gesture:
            last.undo()
            last.setObsolete(True)
            self.undo()  # drops an obsolete step and undoes nothing

    def add(self, shows: Shows, after: Project, template: str, gesture: int = NO_GESTURE) -> None:
        """Do an edit as a step, or as a further move of the gesture's step."""
        self.push(ProjectEdit(self, shows, shows.project, after, template, gesture))


# What a person can change about cameras: each edit takes a project and returns another.

Edit = Callable[[Project], Project]
_ID = attrgetter("camera_id")
Values = Mapping[str, Any]  # new values of a camera by field


def camera_of(project: Project, camera_id: str) -> Camera | None:
    """Return the camera with this id."""
    return next(compress(project.cameras, map(camera_id.__eq__, map(_ID, project.cameras))), None)


def carried_out(proposal: Proposal, author: Author, made_for: Sequence[Camera] | None = None) -> Edit:
    """Return the edit that carries out a proposal; recorded cameras keep what stood there before, and who says so.

    What changed since the cameras for which it was made, and it does not set, stays. The journal keeps what was carried out.
    One that changes nothing leaves the project.
    """

    def edit(project: Project) -> Project:
        meant = proposal if made_for is None else carried_over(proposal, made_for, project.cameras)
        cameras = recorded(project.cameras, apply(meant, project.cameras), author)
        if cameras == project.cameras:
            return project
        entry = JournalEntry(CamerasChanged(meant), author.date, author.source)
        after = replace(project, cameras=cameras, journal=(*project.journal, entry))
        return with_all_steps(following(project, after)) if project.plan else after

    return edit


def changed(camera_id: str, values: Values, author: Author) -> Edit:
    """Return the edit that gives one camera new values; one that is not there is left alone."""

    def edit(project: Project) -> Project:
        camera = camera_of(project, camera_id)
        changes = value_changes(camera, replace(camera, **values)) if camera is not None else ()
        return carried_out(Proposal(changes), author)(project)

    return edit


def in_turn(*all_of: Edit) -> Edit:
    """Return one edit that does several."""
    return lambda project: reduce(lambda before, edit: edit(before), all_of, project)


def changed_to(cameras: Iterable[Camera], author: Author) -> Edit:
    """Return the edit after which cameras that stand have the values of these, in one proposal."""
    meant = tuple(cameras)

    def edit(project: Project) -> Project:
        known = {camera.camera_id: camera for camera in project.cameras}
        pairs = ((known[after.camera_id], after) for after in meant if after.camera_id in known)
        changes = tuple(change for before, after in pairs for change in value_changes(before, after))
        return carried_out(Proposal(changes), author)(project)

    return edit


def moved(camera_id: str, x_m: float, y_m: float, author: Author) -> Edit:
    """Return the edit that puts a camera elsewhere."""
    return carried_out(Proposal((MoveCamera(camera_id, x_m, y_m),)), author)


def turned(camera_id: str, azimuth_deg: float, author: Author) -> Edit:
    """Return the edit that turns a camera to a true bearing."""
    return carried_out(Proposal((TurnCamera(camera_id, round(azimuth_deg % 360.0, 1) % 360.0),)), author)


def removed(camera_id: str, author: Author) -> Edit:
    """Return the edit that takes a camera away: an existing one stays on record as removed, a planned one goes."""
    return carried_out(Proposal((ChangeStatus(camera_id, Status.REMOVED),)), author)


def taken_down(camera_ids: Iterable[str], author: Author) -> Edit:
    """Return the edit that plans to take cameras down: they stand until that is done; planned ones are dropped."""
    wanted = tuple(camera_ids)

    def edit(project: Project) -> Project:
        planned = [one for one in wanted if (camera := camera_of(project, one)) is not None and camera.status is Status.PLANNED]
        kept = in_turn(*(removed(one, author) for one in planned))(project)
        standing = tuple(ChangeStatus(one, Status.REMOVED) for one in wanted if one not in planned)
        return drafted(Proposal(standing), author)(kept) if standing else kept

    return edit


def at_stage(camera_ids: Iterable[str], stage: Stage | None, author: Author) -> Edit:
    """Return the edit after which steps of the plan are done, or are taken out of it where no stage is named."""
    ids = tuple(camera_ids)

    def edit(project: Project) -> Project:
        if stage is None:
            after = without_steps(with_all_steps(project), ids)
        elif stage is Stage.DONE:
            after = done(project, ids, author)
        else:
            after = steps_at_stage(project, ids, stage, author.source, author.date)
        entry = JournalEntry(StepsTaken(ids, str(stage or ""), author.date), author.date, author.source)
        return replace(after, journal=(*project.journal, entry))

    return edit


def new_camera(x_m: float, y_m: float) -> Camera:
    """Return a camera as it is placed with one click, still without an id."""
    values: dict[str, Any] = {each.key: each.drawn for each in CAMERA_FIELDS if each.drawn is not None}
    return Camera("", x_m, y_m, **values)


def placed(project: Project, x_m: float, y_m: float, author: Author) -> tuple[str, Edit]:
    """Return the id and the edit of a new planned camera; it takes the first number that no camera has."""
    proposal = planned(project, (new_camera(x_m, y_m),), author)
    return proposal.camera_ids[0], carried_out(proposal, author)


def added(camera: Camera, author: Author) -> Edit:
    """Return the edit after which one camera more stands."""
    return carried_out(Proposal((AddCamera(camera),)), author)


def camera_after(proposal: Proposal) -> Camera:
    """Return the camera that a proposal of one adds."""
    return next(change.camera for change in proposal.changes if isinstance(change, AddCamera))


def planned(project: Project, cameras: Iterable[Camera], author: Author) -> Proposal:
    """Return the proposal of cameras as plans without a history, each with the first number that no camera has."""
    named = zip(cameras, _free_ids(project), strict=False)
    return Proposal(tuple(AddCamera(as_plan(camera, free, author.source, author.date)) for camera, free in named))


def drafted(proposal: Proposal, author: Author, made_for: Sequence[Camera] | None = None) -> Edit:
    """Return the edit that puts a proposal into the plan: what stands stays as it is until a step is done.

    ``made_for`` are the cameras for which it was made, those with the plan if none are named.
    """

    def edit(project: Project) -> Project:
        meant = about_with_plan(proposal, project)
        if made_for is not None:
            own = planned_project(replace(project, cameras=tuple(made_for)))
            meant = carried_over(meant, own.cameras, with_plan(project))
        after = proposed_upon(project, meant, Drafted(author.source, author.date, proposal.reason, proposal.about))
        if after.plan == project.plan and after.cameras is project.cameras:
            return project
        entry = JournalEntry(PlanDrafted(meant), author.date, author.source)
        return replace(after, journal=(*project.journal, entry))

    return edit


def accepted(project: Project, proposal: Proposal, author: Author) -> tuple[str, Edit]:
    """Return the first camera and the edit of a proposal that a person takes into the plan; new ones get ids as drawn ones do."""
    free = _free_ids(project)

    def named(change: CameraChange) -> CameraChange:
        if not isinstance(change, AddCamera):
            return change
        camera = replace(change.camera, camera_id=next(free), source=author.source, source_date=author.date)
        return replace(change, camera=camera)

    meant = replace(proposal, changes=tuple(map(named, proposal.changes)))
    return meant.camera_ids[0] if meant.changes else "", drafted(meant, author)


def _free_ids(project: Project) -> Iterator[str]:
    """Give numbers that no camera has."""
    taken = {camera.camera_id for camera in project.cameras}
    return (name for name in map("planned-{}".format, count(1)) if name not in taken)
