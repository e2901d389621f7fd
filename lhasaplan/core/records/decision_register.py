"""The register of decisions: all that people decided about a town, each with subject, answer, reason, name, day and sheet.

It is a view. Confirmations, excuses and declarations lie in lists of their own, those that are suspended in another; what
meetings decided lies with questions and cameras, prices and years with cameras. Pages read the register and none of these.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from lhasaplan.core.changes.work import CURRENCY, UNIT_PRICE
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Resolution, Suspended
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import APPROVED, CAMERA, CHANGED, OPEN, Item, resolution_of
from lhasaplan.core.records.schedule import PRICED_IN, WORK_PRICES


class Decides(StrEnum):
    """What a decision is."""

    CONFIRMATION = "confirmation"
    EXCUSE = "excuse"
    DECLARATION = "declaration"
    QUESTION = "question"  # of a meeting
    CAMERA = "camera"  # put up, changed or taken down: by a meeting, or in the schedule
    SCHEDULE = "schedule"  # price and year
    APPROVAL = "approval"  # of a camera as it is in the baseline
    WITHDRAWAL = "withdrawal"  # of such an approval


@dataclass(frozen=True, slots=True)
class Decided:
    """One decision.

    Parameters
    ----------
    subject : what it is about: a part, a building, a cell, a question, or a camera after ``camera:``.
    answer : in the word of its kind: a fact, ``approved``, ``refused``, a purpose, a price with its currency and year.
    sheet : the file and row that it came in; empty where it was made in the program.
    suspended : why it counts as not made, ``gone`` or ``other``, ``since`` from which day on; empty where it holds.
    """

    decides: Decides
    subject: str
    answer: str
    reason: str = ""
    by: str = ""
    on: str = ""
    sheet: str = ""
    suspended: str = ""
    since: str = ""


class DecisionRegister:
    """The decisions of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def entries(self) -> tuple[Decided, ...]:
        """All decisions: those that hold kind by kind, then those that are suspended."""
        return (*_made(self._project), *_resolved(self), *_scheduled(self._project), *_approved(self._project), *self.suspended)

    @cached_property
    def suspended(self) -> tuple[Decided, ...]:
        """The decisions that count as not made, since what they were made about is not there or is another thing now."""
        return suspended_told(self._project.suspended)

    @cached_property
    def resolutions(self) -> dict[str, Resolution]:
        """What was decided by item: on questions, and on cameras, those among them that are no longer in the project."""
        found = {each.item: each for each in self._project.resolutions}
        on_record = (resolution_of(camera) for camera in self._project.cameras if camera.extra.get("decision"))
        return {**found, **{each.item: each for each in on_record if each is not None}}

    def on(self, item: str) -> Resolution | None:
        """Return what was decided on a question or a camera; None where nothing was."""
        return self.resolutions.get(item)

    def is_open(self, item: str) -> bool:
        """Say whether a question or a camera is still to be decided."""
        return not is_decided(self.on(item))

    def chosen_option(self) -> Resolution | None:
        """Return the resolution by which an option was chosen, whose outcome names it; None where none was."""
        found = self.on(Item.OPTION)
        return found if found is not None and found.decision in (APPROVED, CHANGED) and found.outcome else None

    def approving(self, items: Collection[str]) -> tuple[Resolution, ...]:
        """Return the resolutions that approve any of these, as they stand or with changes."""
        found = (self.on(item) for item in items)
        return tuple(each for each in found if each is not None and each.decision in (APPROVED, CHANGED))

    def on_day(self, day: str) -> tuple[Resolution, ...]:
        """Return what was decided on one day."""
        return tuple(each for each in self.resolutions.values() if day and each.decided_on == day and is_decided(each))


def suspended_told(suspended: Iterable[Suspended]) -> tuple[Decided, ...]:
    """Return suspended decisions as the register has them."""
    return tuple(_as_made(each.made, each.why, each.since) for each in suspended)


def is_decided(resolution: Resolution | None) -> bool:
    """Say whether a question was decided, whatever was decided on it."""
    return resolution is not None and resolution.decision not in ("", OPEN)


def _made(project: Project) -> Iterator[Decided]:
    made: list[Confirmation | Excuse | Declaration] = [*project.confirmations, *project.excuses, *project.declarations]
    return map(_as_made, made)


def _as_made(made: Confirmation | Excuse | Declaration, why: str = "", since: str = "") -> Decided:
    if isinstance(made, Confirmation):
        found = Decided(Decides.CONFIRMATION, made.part_id, made.purpose)
    elif isinstance(made, Excuse):
        found = Decided(Decides.EXCUSE, made.part_id, str(Decides.EXCUSE))
    else:
        found = Decided(Decides.DECLARATION, made.subject, made.fact)
    return replace(found, reason=made.reason, by=made.by, on=made.date, suspended=why, since=since)


def _resolved(register: DecisionRegister) -> Iterator[Decided]:
    for item, each in register.resolutions.items():
        decides = Decides.CAMERA if item.startswith(CAMERA) else Decides.QUESTION
        yield Decided(decides, item, each.decision, each.outcome, each.decided_by, each.decided_on, each.sheet)


def _scheduled(project: Project) -> Iterator[Decided]:
    for camera in project.cameras:
        told = " ".join(filter(None, (camera.extra.get(name, "") for name in (UNIT_PRICE, *WORK_PRICES, CURRENCY, "phase"))))
        if told:
            yield Decided(Decides.SCHEDULE, f"{CAMERA}{camera.camera_id}", told, sheet=camera.extra.get(PRICED_IN, ""))


def _approved(project: Project) -> Iterator[Decided]:
    for camera in project.baseline:
        yield Decided(_approval(camera), f"{CAMERA}{camera.camera_id}", "", on=camera.approved_on, sheet=camera.input_file)


def _approval(camera: Camera) -> Decides:
    return Decides.WITHDRAWAL if camera.status is Status.REMOVED else Decides.APPROVAL
