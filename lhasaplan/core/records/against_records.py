"""Find rows of minutes and schedules that cannot be beside what else is on record: steps of the plan, and approvals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import with_all_steps
from lhasaplan.core.project.plan_step import Action, PlanStep, Stage
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import APPROVED, CHANGED, REFUSED, Minute


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
