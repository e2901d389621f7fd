"""Correct the record of a camera and keep what stood there before, who says so, and when."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.changes.replaced import replaced
from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.project.numbering import numbered_after
from lhasaplan.core.project.plan import with_all_steps
from lhasaplan.core.project.plan_step import Action, PlanStep, Stage
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError


@dataclass(frozen=True, slots=True)
class Author:
    """Who says so, and when: what a correction keeps."""

    source: str
    date: str


def corrected(camera: Camera, values: Mapping[str, object], author: Author) -> Camera:
    """Return the camera with new values by field; a plan is drawn, not corrected."""
    new = {name: value for name, value in values.items() if getattr(camera, name) != value}
    if camera.status is Status.PLANNED and new.get("status") is not Status.OPERATING:
        return replace_kept(camera, **new)
    notes = tuple(Correction(name, written(getattr(camera, name)), author.source, author.date) for name in new)
    return replace_kept(camera, **new, corrections=(*camera.corrections, *notes))


def recorded(before: Sequence[Camera], after: Sequence[Camera], author: Author) -> tuple[Camera, ...]:
    """Return changed cameras as a file keeps them: with notes of what was corrected, without plans that were dropped."""
    rows = replaced(before, after)
    if rows is None:
        known = {camera.camera_id: camera for camera in before}
        kept = [_recorded(known.get(camera.camera_id), camera, author) for camera in after]
    else:  # nearly all of a city stay as they were
        kept = list(after)
        for row in rows:
            kept[row] = _recorded(before[row], after[row], author)
    return tuple(filter(None, kept))


def _recorded(before: Camera | None, after: Camera, author: Author) -> Camera | None:
    if before is None or before is after:
        return after
    if before.status is Status.PLANNED and after.status is Status.REMOVED:
        return None
    if before.corrections != after.corrections:
        return after  # the change says itself what was corrected
    names = (each.name for each in fields(Camera))
    return corrected(
        before, {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}, author
    )


def written(value: object) -> str:
    """Return a value as text; empty when it was not recorded."""
    if value in (None, ()):
        return ""
    if isinstance(value, tuple):
        return "; ".join(map(_pair_or_polygon, value))
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _pair_or_polygon(value: tuple[float | tuple[float, float], ...]) -> str:
    """Return a sector as ``10-40``, a polygon of the picture as its points."""
    points = [each for each in value if isinstance(each, tuple)]
    return ", ".join(f"{x:g} {y:g}" for x, y in points) or "-".join(f"{each:g}" for each in value if not isinstance(each, tuple))


# Move what is done of a plan into the inventory, with its date: nothing else does.

NO_STEP = marked("The plan has nothing for camera {camera}, or it is already done")
OF_ITS_OWN = frozenset(("camera_id", "status", "corrections"))  # of how a camera is to be: what is not taken from it


def require_steps(project: Project, camera_ids: Collection[str]) -> None:
    """Raise InputError naming each camera to which the plan does nothing that is still open."""
    known = {each.camera_id for each in with_all_steps(project).plan if each.is_open}
    faults = [Fault(NO_STEP, params={"camera": each}) for each in dict.fromkeys(camera_ids) if each not in known]
    if faults:
        raise InputError(*faults)


def done(project: Project, camera_ids: Collection[str], author: Author) -> Project:
    """Return the project in which what the plan does to these cameras stands since a day, as the author says.

    A camera that came operates, one that was changed is as it was planned, one that went stays on record as removed. Each record
    keeps what stood there before. The step stays in the plan as done.
    """
    require_steps(project, camera_ids)
    project, wanted = with_all_steps(project), frozenset(camera_ids)
    rows = by_id(project.cameras)
    steps = {each.camera_id: each for each in project.plan if each.is_open and each.camera_id in wanted}
    gone = {each.as_planned for each in steps.values() if each.as_planned}
    after = {key: _after(rows[key], step, rows, author) for key, step in steps.items()}
    cameras = tuple(after.get(camera.camera_id, camera) for camera in project.cameras if camera.camera_id not in gone)
    plan = tuple(_as_done(each, author) if each is steps.get(each.camera_id) else each for each in project.plan)
    return numbered_after(project, replace(project, cameras=cameras, plan=plan))


def _after(camera: Camera, step: PlanStep, rows: Mapping[str, Camera], author: Author) -> Camera:
    if step.action is Action.ADD:
        return corrected(camera, {"status": Status.OPERATING, "installed_on": author.date}, author)
    if step.action is Action.REMOVE:
        return corrected(camera, {"status": Status.REMOVED}, author)
    state = rows[step.as_planned]
    names = [each.name for each in fields(Camera) if each.name not in OF_ITS_OWN]
    values = {name: getattr(state, name) for name in names if getattr(state, name) != getattr(camera, name)}
    return corrected(camera, values, author)


def _as_done(step: PlanStep, author: Author) -> PlanStep:
    return replace(step, as_planned="", stage=Stage.DONE, by=author.source or step.by, on=author.date)
