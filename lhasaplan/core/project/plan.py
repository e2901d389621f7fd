"""The plan upon what stands: put changes into it, read the cameras with it, and move what is done into the inventory.

A project lists what stands and, beside it, how planned cameras are to be; its steps say which camera comes, is changed or goes.
No step alters the record of a camera that stands, so that today is the same with any plan.
"""

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Protocol, TypeVar

from lhasaplan.core.base.spelling import iso_date
from lhasaplan.core.changes.camera_change import AddCamera, CameraChange, value_changes
from lhasaplan.core.changes.proposal import Proposal, Source, apply, by_id, carried_over, difference
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan_step import Action, PlanStep, Stage
from lhasaplan.core.project.project import Project

# Leave out of a project what people decided on a day that is still to come: nobody has decided it yet.


class _Dated(Protocol):
    @property
    def date(self) -> str: ...


_D = TypeVar("_D", bound=_Dated)


def without_later(project: Project, today: str) -> Project:
    """Return a project without decisions of a later day, itself where there is none; today is an ISO date, or not known."""
    now = iso_date(today)
    if now is None:
        return project
    lists = (project.confirmations, project.excuses, project.declarations, project.hand_made_parts)
    if not any(_is_later(each, now) for some in lists for each in some):
        return project
    return replace(
        project,
        confirmations=_kept(project.confirmations, now),
        excuses=_kept(project.excuses, now),
        declarations=_kept(project.declarations, now),
        hand_made_parts=_kept(project.hand_made_parts, now),
    )


def _kept(some: Sequence[_D], now: date) -> tuple[_D, ...]:
    return tuple(each for each in some if not _is_later(each, now))


def _is_later(each: _Dated, now: date) -> bool:
    day = iso_date(each.date.strip())
    return day is not None and day > now


@dataclass(frozen=True, slots=True)
class Drafted:
    """Who puts steps into a plan and on which day, why, and what they come from."""

    by: str = ""
    on: str = ""
    reason: str = ""
    plan: str = ""


def leaving(project: Project) -> frozenset[str]:
    """Return the cameras that stand today and do not with the plan: those that go, and those that another state replaces."""
    if not project.plan:
        return frozenset()
    rows = by_id(project.cameras)
    return frozenset(
        each.camera_id for each in project.plan if each.is_open and each.action is not Action.ADD and _holds(each, rows)
    )


def replacing(project: Project) -> dict[str, str]:
    """Return the planned cameras that say how a camera is to be, each with the id of that camera."""
    if not project.plan:
        return {}
    rows = by_id(project.cameras)
    return {each.as_planned: each.camera_id for each in project.plan if each.is_open and each.as_planned and _holds(each, rows)}


def inventory(project: Project) -> tuple[Camera, ...]:
    """Return what stands or stood: all cameras but the planned ones."""
    if all(camera.status is not Status.PLANNED for camera in project.cameras):
        return project.cameras
    return tuple(camera for camera in project.cameras if camera.status is not Status.PLANNED)


def with_plan(project: Project) -> tuple[Camera, ...]:
    """Return the cameras as the plan leaves them, each under its own id: those that go are gone, those changed are as planned."""
    gone = leaving(project)
    if not gone:
        return project.cameras
    of, rows = replacing(project), by_id(project.cameras)
    to_be = {mine: rows[row] for row, mine in of.items()}
    return tuple(
        _as_own(to_be[camera.camera_id], camera) if camera.camera_id in to_be else camera
        for camera in project.cameras
        if camera.camera_id not in of and (camera.camera_id not in gone or camera.camera_id in to_be)
    )


def planned_project(project: Project) -> Project:
    """Return the project as it is once all of the plan is carried out, but for the status of cameras that come."""
    cameras = with_plan(project)
    return project if cameras is project.cameras else replace(project, cameras=cameras, plan=())


def as_today(project: Project) -> Project:
    """Return the project with what stands and nothing planned."""
    cameras = inventory(project)
    return project if cameras is project.cameras and not project.plan else replace(project, cameras=cameras, plan=())


def plan_changes(project: Project) -> Proposal:
    """Return what the plan does to what stands, as changes: add, remove, move, turn, lens, mask and so on."""
    return difference(inventory(project), with_plan(project), source=Source.PLAN_VERSION)


def planned_for(project: Project, wished: Sequence[Camera], drafted: Drafted) -> Project:
    """Return the project whose plan leads from what stands to these cameras; what stands is not touched.

    A step that the plan has already, to the same end, stays as it is. ``wished`` has the cameras that stand under their ids; one
    of the status *removed*, or that is not among them, goes. One that stood, is gone and is to stand again comes under a new id.
    """
    project = with_all_steps(project)
    known, target = by_id(inventory(project)), by_id(wished)
    had = {each.camera_id: each for each in project.plan if each.is_open}
    rows, taken = by_id(project.cameras), {camera.camera_id for camera in (*project.cameras, *wished)}
    free = (name for name in map("planned-{}".format, count(1)) if name not in taken)
    steps = [each for each in project.plan if not each.is_open]
    changed, come = list[Camera](), list[Camera]()

    def step(camera_id: str, action: Action, as_planned: str = "", *, is_same: bool) -> PlanStep:
        before = had.get(camera_id)
        if before is not None and before.action is action and is_same:
            return before
        stated = drafted.by, drafted.on, drafted.reason, drafted.plan
        return PlanStep(camera_id, action, as_planned, Stage.DRAFTED, *stated)

    for camera_id, camera in known.items():
        to_be = target.get(camera_id)
        stands = to_be is not None and to_be.status is not Status.REMOVED
        if camera.status is Status.REMOVED:
            if to_be is not None and stands:
                come.append(_as_row(to_be, next(free)))
        elif to_be is None or not stands:
            steps.append(step(camera_id, Action.REMOVE, is_same=True))
        elif to_be is not camera and to_be != camera:
            before = had.get(camera_id)
            row = (
                before.as_planned if before is not None and before.as_planned in rows else _free_id(f"{camera_id}-planned", rows)
            )
            state = _as_row(to_be, row)
            changed.append(rows[row] if rows.get(row) == state else state)
            steps.append(step(camera_id, Action.CHANGE, row, is_same=rows.get(row) == state))
    come += [camera for camera_id, camera in target.items() if camera_id not in known and camera.status is not Status.REMOVED]
    steps += [step(camera.camera_id, Action.ADD, is_same=rows.get(camera.camera_id) == camera) for camera in come]
    own = [camera if camera.status is Status.PLANNED else replace(camera, status=Status.PLANNED) for camera in come]
    cameras = _in_order(project.cameras, (*known.values(), *own, *changed))
    return replace(project, cameras=cameras, plan=tuple(steps))


def proposed_upon(project: Project, proposal: Proposal, drafted: Drafted) -> Project:
    """Return the project with a proposal in its plan, beside what the plan does already; what stands is not touched.

    The proposal is about the cameras with the plan (:func:`with_plan`).
    """
    cameras, asked = with_plan(project), set(proposal.camera_ids)
    come = {each.camera_id for each in proposal.changes if isinstance(each, AddCamera)}
    left = asked - {camera.camera_id for camera in cameras} - come
    kept = tuple(camera for camera in inventory(project) if camera.camera_id in left)  # that the plan took away until now
    return planned_for(project, apply(proposal, (*cameras, *kept)), drafted)


def about_with_plan(proposal: Proposal, project: Project) -> Proposal:
    """Return a proposal about rows of a project as one about its cameras with the plan: a planned state bears its camera's id."""
    of = replacing(project)
    return replace(proposal, changes=tuple(_about_own(each, of) for each in proposal.changes)) if of else proposal


def _about_own(change: CameraChange, of: dict[str, str]) -> CameraChange:
    if isinstance(change, AddCamera) or change.camera_id not in of:
        return change
    return replace(change, camera_id=of[change.camera_id])


def at_stage(project: Project, camera_ids: Collection[str], stage: Stage, by: str, on: str) -> Project:
    """Return the project in which steps of these cameras have come so far, but for *done*, which alters the inventory."""
    wanted = frozenset(camera_ids)
    plan = tuple(
        replace(each, stage=stage, by=by or each.by, on=on) if each.is_open and each.camera_id in wanted else each
        for each in with_all_steps(project).plan
    )
    return replace(project, plan=plan)


def without_steps(project: Project, camera_ids: Collection[str]) -> Project:
    """Return the project whose plan leaves these cameras as they stand; one that was to come is dropped."""
    wanted = frozenset(camera_ids)
    rows = {each.as_planned for each in project.plan if each.is_open and each.camera_id in wanted}
    gone = rows | {each.camera_id for each in project.cameras if each.camera_id in wanted and each.status is Status.PLANNED}
    return replace(
        project,
        cameras=tuple(camera for camera in project.cameras if camera.camera_id not in gone),
        plan=tuple(each for each in project.plan if not (each.is_open and each.camera_id in wanted)),
    )


def with_all_steps(project: Project) -> Project:
    """Return the project with a step for each planned camera, and none for a camera or planned state that is not there.

    A camera that somebody drew, or a file brought, is a step that is drafted, by whom its record names.
    """
    rows = {camera.camera_id: camera for camera in project.cameras}
    kept = tuple(each for each in project.plan if not each.is_open or _holds(each, rows))
    reported = {name for each in kept if each.is_open for name in (each.camera_id, each.as_planned)}
    new = tuple(
        PlanStep(camera.camera_id, Action.ADD, by=camera.source, on=camera.source_date)
        for camera in project.cameras
        if camera.status is Status.PLANNED and camera.camera_id not in reported
    )
    return project if not new and len(kept) == len(project.plan) else replace(project, plan=(*kept, *new))


def _holds(step: PlanStep, rows: dict[str, Camera]) -> bool:
    camera = rows.get(step.camera_id)
    if camera is None:
        return False
    if step.action is Action.ADD:
        return camera.status is Status.PLANNED
    return camera.status is Status.OPERATING and (step.action is Action.REMOVE or step.as_planned in rows)


def following(before: Project, after: Project) -> Project:
    """Return the project whose planned states follow what was corrected of the cameras that they are of.

    What a planned state changes stays as planned; all else of it is as its camera is on record now.
    """
    of = replacing(after)
    if not of or before.cameras is after.cameras:
        return after
    then, rows = by_id(before.cameras), by_id(after.cameras)
    found = dict[str, Camera]()
    for row, mine in of.items():
        old, new, state = then.get(mine), rows.get(mine), rows.get(row)
        if old is None or new is None or state is None or old is new:
            continue
        wished = Proposal(value_changes(old, _as_own(state, old)))
        found[row] = _as_row(apply(carried_over(wished, (old,), (new,)), (new,))[0], row)
    if not found:
        return after
    return replace(after, cameras=tuple(found.get(camera.camera_id, camera) for camera in after.cameras))


def _as_own(state: Camera, camera: Camera) -> Camera:
    """Return a planned state as the camera that it is of will be."""
    return replace(state, camera_id=camera.camera_id, status=camera.status, corrections=camera.corrections)


def _as_row(to_be: Camera, row: str) -> Camera:
    return replace(to_be, camera_id=row, status=Status.PLANNED, corrections=())


def _in_order(before: Sequence[Camera], after: Sequence[Camera]) -> tuple[Camera, ...]:
    """Return cameras in the order that they had, new ones behind them; the same list where nothing differs."""
    left = by_id(after)
    kept = [left.pop(camera.camera_id) for camera in before if camera.camera_id in left]
    cameras = (*kept, *left.values())
    is_same = len(cameras) == len(before) and all(one is other for one, other in zip(cameras, before, strict=True))
    return tuple(before) if is_same else cameras


def _free_id(wished: str, taken: Container[str]) -> str:
    """Return an id of a planned state: after its camera, so that two districts call none alike that is not of one camera."""
    tries = (wished if number == 1 else f"{wished}-{number}" for number in count(1))
    return next(name for name in tries if name not in taken)
