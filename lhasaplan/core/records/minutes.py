"""What a meeting decided: a resolution for each question that was put to it, and for each camera that comes or goes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.core.project.plan import at_stage, following, with_all_steps, without_steps
from lhasaplan.core.project.plan_step import Action, PlanStep, Stage
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import DECIDED_IN, Scheduled, sheet_row, with_schedule

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
    """One row that was filled in: of which item, the question as it was put, and what is stated, as text by name.

    ``row`` is that of the sheet; ``sheet`` names sheet and row of one that came before.
    """

    item: str
    question: str
    values: Mapping[str, str]
    row: int = 0
    sheet: str = ""

    @property
    def camera_id(self) -> str:
        """The camera that the row is about; empty where it is about a question."""
        return self.item.removeprefix(CAMERA) if self.item.startswith(CAMERA) else ""

    def is_later_than(self, other: "Minute") -> bool:
        """Tell whether a row has a day that comes after another's; self that has none comes before any day."""
        return self.values.get("decided_on", "") > other.values.get("decided_on", "")


@dataclass(frozen=True, slots=True)
class WithMinutes:
    """The project with what was decided, and by item the names of what changed."""

    project: Project
    changed: Mapping[str, tuple[str, ...]]


def with_minutes(project: Project, rows: Sequence[Minute], file: str = "") -> WithMinutes:
    """Return the project with what the rows state: cameras bear their own decision, the project those on questions.

    A question that was decided before is decided anew; one that no row states stays as it was. ``file`` is the sheet.
    """
    of_cameras = [Scheduled(row.camera_id, row.values, row.row) for row in rows if row.camera_id]
    stated = with_schedule(project.cameras, of_cameras, file)
    before = {each.item: each for each in project.resolutions}
    new = {row.item: _resolution(before.get(row.item), row, file) for row in rows if not row.camera_id and row.values}
    changed = {f"{CAMERA}{name}": fields for name, fields in stated.changed.items()}
    changed |= {item: fields for item, made in new.items() if (fields := _differing(before.get(item), made))}
    new = {item: made for item, made in new.items() if item in changed}
    merged = replace(project, cameras=stated.cameras, resolutions=tuple((before | new).values()))
    merged = following(project, merged)
    return WithMinutes(with_decided(merged, rows, file) if changed else project, changed)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two rows that cannot both be: each with its item and decision."""

    one: Minute
    other: Minute


def contradictions(project: Project, rows: Sequence[Minute], before: Iterable[Resolution] = ()) -> tuple[Contradiction, ...]:
    """Return the pairs of rows that cannot both be: one says that a camera comes or goes and the other that none does.

    A question that is approved with changes leaves its cameras to their own rows. ``before`` is what other sheets say was
    decided: of the same day there is one answer, a later day decides anew. An earlier day changes nothing that was decided since,
    and of a row without a day nobody knows whether it came later.
    """
    new = {row.item: row for row in rows if row.values.get("decision", OPEN) != OPEN}
    days = {row.values.get("decided_on", "") for row in new.values()} - {""}
    known = {
        each.item: Minute(each.item, each.question, {"decision": each.decision, "decided_on": each.decided_on}, sheet=each.sheet)
        for each in before
        if each.decision not in ("", OPEN)
    }
    kept = {item: row for item, row in known.items() if row.values["decided_on"] in days}
    same = [
        Contradiction(known[item], row)
        for item, row in new.items()
        if item in known and row.values["decision"] != known[item].values["decision"] and not row.is_later_than(known[item])
    ]
    said = {**kept, **new}
    pairs = [
        Contradiction(said[item], row)
        for row in said.values()
        for item in _QUESTIONS.get(_done_to(project, row.camera_id) if row.camera_id else "", ())
        if item in said and _clash(item, said[item].values["decision"], row.values["decision"])
    ]
    return (*same, *(pair for pair in pairs if _is_news(pair, new)))


def _is_news(pair: Contradiction, new: Mapping[str, Minute]) -> bool:
    """Tell whether a row of now is in a pair: both of them, or one beside a row of the same day that came before."""
    both = [each.item in new for each in (pair.one, pair.other)]
    return all(both) or (any(both) and pair.one.values.get("decided_on", "") == pair.other.values.get("decided_on", ""))


def _done_to(project: Project, camera_id: str) -> str:
    """Return what the plan does to a camera; one that stands and is asked about goes."""
    steps = (each.action for each in with_all_steps(project).plan if each.is_open and each.camera_id == camera_id)
    return str(next(steps, Action.REMOVE))


def _clash(item: str, of_all: str, of_one: str) -> bool:
    """Tell whether what was decided of all cameras and of one cannot both be."""
    if item == Item.NO_CAMERA:
        return of_all == APPROVED and of_one in (APPROVED, CHANGED)
    return (of_all == APPROVED and of_one == REFUSED) or (of_all == REFUSED and of_one in (APPROVED, CHANGED))


def with_decided(project: Project, rows: Sequence[Minute], file: str = "") -> Project:
    """Return the project whose plan says what was decided of each camera: approved steps are decided, refused ones are out of it.

    The project keeps the refusal as a resolution: a camera that is not put up is in no list of cameras any more.
    """
    steps = {each.camera_id for each in with_all_steps(project).plan if each.is_open}
    said = {row.camera_id: row for row in rows if row.camera_id in steps and row.values.get("decision")}
    kept = {each.item: each for each in project.resolutions}
    for camera_id, row in said.items():
        made = _resolution(kept.get(row.item), row, file)
        if made.decision == APPROVED:
            project = at_stage(project, [camera_id], Stage.DECIDED, made.decided_by, made.decided_on)
        elif made.decision == REFUSED:
            kept[row.item] = made
            project = without_steps(project, [camera_id])
    return replace(project, resolutions=tuple(kept.values())) if said else project


def _resolution(before: Resolution | None, row: Minute, file: str) -> Resolution:
    """Return what was decided on a question; an empty cell leaves what stood."""
    known = before or Resolution(row.item)
    return replace(known, question=row.question or known.question, sheet=sheet_row(file, row.row), **row.values)


def _differing(before: Resolution | None, made: Resolution) -> tuple[str, ...]:
    old = before or Resolution(made.item)
    return tuple(name for name in (*MINUTES, "question") if getattr(old, name) != getattr(made, name))


def resolution_of(camera: Camera) -> Resolution | None:
    """Return what was decided of a camera; nothing where no decision is on its record."""
    values = [camera.extra.get(name, "") for name in MINUTES]
    if not values[0]:
        return None
    stated = dict(zip(MINUTES, values, strict=True))
    return Resolution(f"{CAMERA}{camera.camera_id}", **stated, sheet=camera.extra.get(DECIDED_IN, ""))


# Find rows of minutes and schedules that cannot be beside what else is on record: steps of the plan, and approvals.


@dataclass(frozen=True, slots=True)
class AgainstStep:
    """A row that refuses what the plan has as done, or as ordered on that day or later."""

    row: Minute
    step: PlanStep


@dataclass(frozen=True, slots=True)
class AgainstApproval:
    """A row and an approval, or its withdrawal, that say otherwise of one camera on one day."""

    row: Minute
    approval: Camera

    @property
    def is_withdrawn(self) -> bool:
        """Whether it is the withdrawal of an approval."""
        return self.approval.status is Status.REMOVED


def against_steps(project: Project, rows: Sequence[Minute]) -> Iterator[AgainstStep]:
    """Give each row that refuses what is done: what stands is taken down by a plan of its own. An order may be stopped later."""
    refused = [row for row in rows if row.camera_id and row.values.get("decision") == REFUSED]
    steps = with_all_steps(project).plan if refused else ()
    for row in refused:
        step = _step_of(row.camera_id, steps)
        if step is None:
            continue
        day = row.values.get("decided_on", "")
        is_late = step.stage is Stage.ORDERED and step.on >= day
        if step.stage is Stage.DONE or is_late:
            yield AgainstStep(row, step)


def against_approvals(project: Project, rows: Sequence[Minute], baseline: Sequence[Camera]) -> Iterator[AgainstApproval]:
    """Give each row that says otherwise than an approval of its day: a camera is approved as it is, or that is withdrawn."""
    decided = [row for row in rows if row.camera_id and row.values.get("decided_on") and row.values.get("decision")]
    steps = with_all_steps(project).plan if decided else ()
    for row in decided:
        step = _step_of(row.camera_id, steps)
        for approval in baseline:
            if approval.camera_id == row.camera_id and approval.approved_on == row.values["decided_on"]:
                stays = _stays(Action.REMOVE if step is None else step.action, row.values["decision"])
                if stays is not None and stays is (approval.status is Status.REMOVED):
                    yield AgainstApproval(row, approval)


def _step_of(camera_id: str, steps: Sequence[PlanStep]) -> PlanStep | None:
    """Return what the plan has of a camera: the step that is open, else the last one that is done."""
    own = [each for each in steps if each.camera_id == camera_id]
    return next((each for each in own if each.is_open), own[-1] if own else None)


def _stays(action: Action, decision: str) -> bool | None:
    """Say whether a camera is to stand after what was decided of it; None where that says nothing of it."""
    if action is Action.CHANGE or decision not in (APPROVED, CHANGED, REFUSED):
        return None
    return (decision != REFUSED) if action is Action.ADD else decision == REFUSED
