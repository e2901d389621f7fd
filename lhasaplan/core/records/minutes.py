"""What a meeting decided: a resolution for each question that was put to it, and for each camera that comes or goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.core.project.plan import at_stage, with_all_steps, without_steps
from lhasaplan.core.project.plan_step import Action, Stage
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import Scheduled, with_schedule

MINUTES = ("decision", "outcome", "decided_by", "due_on", "decided_on")
MARKED = ("item", "question")  # what a row of minutes is about, by its headings
APPROVED, CHANGED, REFUSED, OPEN = "approved", "changed", "refused", "open"
CAMERA = "camera:"  # before the id of a camera that a row is about


class Item(StrEnum):
    """The questions that are put to a meeting, of a plan or of what an audit found."""

    OPTION = "option"
    PLANNED = "planned"
    REMOVALS = "removals"
    VIEWS = "views"
    REVIEW = "review"
    ANSWERS = "answers"
    PURPOSES = "purposes"
    MILDER = "milder"
    REGISTER = "register"
    NO_CAMERA = "no_camera"


# What is asked of all cameras to which the same is done, by what that is.
_QUESTIONS: Mapping[str, tuple[Item, ...]] = {"add": (Item.PLANNED, Item.NO_CAMERA), "remove": (Item.REMOVALS,), "change": ()}


@dataclass(frozen=True, slots=True)
class Minute:
    """One row that was filled in: of which item, the question as it was put, and what is stated, as text by name."""

    item: str
    question: str
    values: Mapping[str, str]
    row: int = 0  # of the sheet

    @property
    def camera_id(self) -> str:
        """The camera that the row is about; empty where it is about a question."""
        return self.item.removeprefix(CAMERA) if self.item.startswith(CAMERA) else ""


@dataclass(frozen=True, slots=True)
class WithMinutes:
    """The project with what was decided, and by item the names of what changed."""

    project: Project
    changed: Mapping[str, tuple[str, ...]]


def with_minutes(project: Project, rows: Sequence[Minute]) -> WithMinutes:
    """Return the project with what the rows state: cameras bear their own decision, the project those on questions.

    A question that was decided before is decided anew; one that no row states stays as it was.
    """
    of_cameras = [Scheduled(row.camera_id, row.values) for row in rows if row.camera_id]
    stated = with_schedule(project.cameras, of_cameras)
    before = {each.item: each for each in project.resolutions}
    new = {row.item: _resolution(before.get(row.item), row) for row in rows if not row.camera_id and row.values}
    changed = {f"{CAMERA}{name}": fields for name, fields in stated.changed.items()}
    changed |= {item: _differing(before.get(item), made) for item, made in new.items() if before.get(item) != made}
    merged = replace(project, cameras=stated.cameras, resolutions=tuple((before | new).values()))
    return WithMinutes(with_decided(merged, rows) if changed else project, changed)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rows that cannot both be: each with its item and decision."""

    one: Minute
    other: Minute


def contradictions(project: Project, rows: Sequence[Minute]) -> tuple[Contradiction, ...]:
    """Return the pairs of rows of a meeting of which one says that a camera comes or goes and the other that none does.

    A question that is approved with changes leaves its cameras to their own rows.
    """
    said = {row.item: row for row in rows if row.values.get("decision", OPEN) != OPEN}
    found = []
    for row in said.values():
        action = _done_to(project, row.camera_id) if row.camera_id else ""
        for item in _QUESTIONS.get(action, ()):
            question = said.get(item)
            if question is not None and _clash(item, question.values["decision"], row.values["decision"]):
                found.append(Contradiction(question, row))
    return tuple(found)


def _done_to(project: Project, camera_id: str) -> str:
    """Return what the plan does to a camera; one that stands and is asked about goes."""
    steps = (each.action for each in with_all_steps(project).plan if each.is_open and each.camera_id == camera_id)
    return str(next(steps, Action.REMOVE))


def _clash(item: str, of_all: str, of_one: str) -> bool:
    """Tell whether what was decided of all cameras and of one cannot both be."""
    if item == Item.NO_CAMERA:
        return of_all == APPROVED and of_one in (APPROVED, CHANGED)
    return (of_all == APPROVED and of_one == REFUSED) or (of_all == REFUSED and of_one in (APPROVED, CHANGED))


def with_decided(project: Project, rows: Sequence[Minute]) -> Project:
    """Return the project whose plan says what was decided of each camera: approved steps are decided, refused ones are out of it.

    The project keeps the refusal as a resolution: a camera that is not put up is in no list of cameras any more.
    """
    steps = {each.camera_id for each in with_all_steps(project).plan if each.is_open}
    said = {row.camera_id: row for row in rows if row.camera_id in steps and row.values.get("decision")}
    kept = {each.item: each for each in project.resolutions}
    for camera_id, row in said.items():
        made = _resolution(kept.get(row.item), row)
        if made.decision == APPROVED:
            project = at_stage(project, [camera_id], Stage.DECIDED, made.decided_by, made.decided_on)
        elif made.decision == REFUSED:
            kept[row.item] = made
            project = without_steps(project, [camera_id])
    return replace(project, resolutions=tuple(kept.values())) if said else project


def _resolution(before: Resolution | None, row: Minute) -> Resolution:
    """Return what was decided on a question; an empty cell leaves what stood."""
    known = before or Resolution(row.item)
    return replace(known, question=row.question or known.question, **row.values)


def _differing(before: Resolution | None, made: Resolution) -> tuple[str, ...]:
    old = before or Resolution(made.item)
    return tuple(name for name in (*MINUTES, "question") if getattr(old, name) != getattr(made, name))


def resolution_of(camera: Camera) -> Resolution | None:
    """Return what was decided of a camera; nothing where no decision is on its record."""
    values = [camera.extra.get(name, "") for name in MINUTES]
    if not values[0]:
        return None
    return Resolution(f"{CAMERA}{camera.camera_id}", "", *values)
