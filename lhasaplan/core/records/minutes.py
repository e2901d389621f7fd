"""What a meeting decided: a resolution for each question that was put to it, and for each camera that comes or goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import Scheduled, with_schedule

MINUTES = ("decision", "outcome", "decided_by", "due_on", "decided_on")
MARKED = ("item", "question")  # what a row of minutes is about, by its headings
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


@dataclass(frozen=True, slots=True)
class Minute:
    """One row that was filled in: of which item, the question as it was put, and what is stated, as text by name."""

    item: str
    question: str
    values: Mapping[str, str]

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
    return WithMinutes(merged if changed else project, changed)


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
