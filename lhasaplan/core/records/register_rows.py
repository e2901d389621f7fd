"""The register of decisions: all that people decided about a town, in rows that pages read and files keep.

Where each lies in a project follows from its row, and each row from the project. What was stated of one camera (what a meeting
decided, prices and year) is on its record while a project is open. Approvals alone are kept as the cameras that were approved.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple

from lhasaplan.core.changes.work import CURRENCY, PRICED_FOR, UNIT_PRICE
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.decisions import Confirmation, Declaration, Excuse, Resolution, Suspended, Thing
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import APPROVED, CAMERA, CHANGED, MINUTES, OPEN, Item, resolution_of
from lhasaplan.core.records.schedule import DECIDED_IN, PRICED_IN, WORK_PRICES

# The rows of the register of decisions: one form for all that people decided, in which pages read and files keep it.


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
    reason : of a meeting what it decided in words.
    sheet : the file and row that it came in; empty where it was made in the program.
    suspended : why it counts as not made, ``gone`` or ``other``, ``since`` from which day on; empty where it holds.
    is_on_record : it stands on the record of its camera; one on a camera that is gone does not.
    stated : of a schedule what it states, by the names of its columns; the answer says the same for readers.
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
    milder_means: str = ""
    question: str = ""
    due_on: str = ""
    is_on_record: bool = False
    stated: Mapping[str, str] = field(default_factory=dict)
    thing: Thing | None = None

    @property
    def resolution(self) -> Resolution:
        """Return what a meeting resolved, of a row about a question or a camera."""
        return Resolution(self.subject, self.question, self.answer, self.reason, self.by, self.due_on, self.on, self.sheet)


class OnRecord(NamedTuple):
    """What was stated of one camera in one sheet: what was decided, or what it costs and when."""

    decides: Decides
    camera: Camera

    @property
    def values(self) -> dict[str, str]:
        """Return it as the record of the camera has it."""
        return {
            name: text
            for name in (_MINUTED if self.decides is Decides.CAMERA else _PRICED)
            if (text := self.camera.extra.get(name, ""))
        }


@dataclass(frozen=True, slots=True)
class Lists:
    """The decisions of a project, each where it lies there."""

    cameras: tuple[Camera, ...]
    confirmations: tuple[Confirmation, ...]
    excuses: tuple[Excuse, ...]
    declarations: tuple[Declaration, ...]
    resolutions: tuple[Resolution, ...]
    suspended: tuple[Suspended, ...]


Made = Confirmation | Excuse | Declaration
Kept = Made | Resolution | OnRecord | Suspended
_MINUTED = (*MINUTES, DECIDED_IN)
_PRICED = (UNIT_PRICE, *WORK_PRICES, CURRENCY, "phase", PRICED_FOR, PRICED_IN)
_TOLD = (UNIT_PRICE, *WORK_PRICES, CURRENCY, "phase")
_STATED = frozenset((*_MINUTED, *_PRICED))


def kept_decisions(project: Project) -> tuple[Kept, ...]:
    """Return all decisions of a project that are rows of the register, approvals aside.

    Those of which one at a time comes stand last, so that few rows move in a file when one does.
    """
    made: tuple[Kept, ...] = (*project.declarations, *project.confirmations, *project.excuses)
    return (*on_record(project.cameras), *project.suspended, *made, *project.resolutions)


def on_record(cameras: Iterable[Camera]) -> Iterator[OnRecord]:
    """Give what was decided of cameras and stated of their work, as it stands on their records."""
    for camera in cameras:
        if _STATED.isdisjoint(camera.extra):
            continue
        for decides, names in ((Decides.CAMERA, _MINUTED), (Decides.SCHEDULE, _PRICED)):
            if any(camera.extra.get(name) for name in names):
                yield OnRecord(decides, camera)


def without_stated(camera: Camera) -> Camera:
    """Return a camera without what the register says of it: the same object where that is nothing."""
    if _STATED.isdisjoint(camera.extra):
        return camera
    kept = {name: text for name, text in camera.extra.items() if name not in _STATED or not text}
    return replace(camera, extra=kept) if len(kept) < len(camera.extra) else camera


def row_of(kept: Kept) -> Decided:
    """Return a decision as its row."""
    if isinstance(kept, Suspended):
        return replace(row_of(kept.made), suspended=kept.why, since=kept.since)
    if isinstance(kept, OnRecord):
        return _row_on_record(kept)
    if isinstance(kept, Resolution):
        decides = Decides.CAMERA if kept.item.startswith(CAMERA) else Decides.QUESTION
        row = Decided(decides, kept.item, kept.decision, kept.outcome, kept.decided_by, kept.decided_on, kept.sheet)
        return replace(row, question=kept.question, due_on=kept.due_on)
    if isinstance(kept, Confirmation):
        row = Decided(Decides.CONFIRMATION, kept.part_id, kept.purpose, milder_means=kept.milder_means)
    elif isinstance(kept, Excuse):
        row = Decided(Decides.EXCUSE, kept.part_id, str(Decides.EXCUSE))
    else:
        row = Decided(Decides.DECLARATION, kept.subject, kept.fact)
    return replace(row, reason=kept.reason, by=kept.by, on=kept.date, thing=kept.thing)


def _row_on_record(kept: OnRecord) -> Decided:
    values, subject = kept.values, f"{CAMERA}{kept.camera.camera_id}"
    if kept.decides is Decides.SCHEDULE:
        reported = " ".join(values[name] for name in _TOLD if name in values)
        stated = {name: text for name, text in values.items() if name != PRICED_IN}
        return Decided(kept.decides, subject, reported, sheet=values.get(PRICED_IN, ""), is_on_record=True, stated=stated)
    decision, outcome, by, due_on, on = (values.get(name, "") for name in MINUTES)
    sheet = values.get(DECIDED_IN, "")
    return Decided(kept.decides, subject, decision, outcome, by, on, sheet, due_on=due_on, is_on_record=True)


def lists_of(rows: Sequence[Decided], cameras: tuple[Camera, ...]) -> Lists:
    """Return the decisions of a project out of the rows of its register, and its cameras with what was stated of each.

    What a meeting decided of a camera that is gone is kept; a price for work on it is not.
    """
    there = {camera.camera_id for camera in cameras}
    stated: dict[str, dict[str, str]] = {}
    made: list[Made] = []
    resolutions, suspended = [], []
    for row in rows:
        camera_id = row.subject.removeprefix(CAMERA)
        if row.is_on_record and camera_id in there:
            stated.setdefault(camera_id, {}).update(_values_on_record(row))
        elif row.decides in (Decides.QUESTION, Decides.CAMERA):
            resolutions.append(row.resolution)
        elif row.decides is not Decides.SCHEDULE and row.decides not in (Decides.APPROVAL, Decides.WITHDRAWAL):
            one = _made(row)
            if row.suspended:
                suspended.append(Suspended.of(one, row.suspended, row.since))
            else:
                made.append(one)
    return Lists(
        tuple(
            replace(camera, extra={**camera.extra, **stated[camera.camera_id]}) if camera.camera_id in stated else camera
            for camera in cameras
        )
        if stated
        else cameras,
        tuple(each for each in made if isinstance(each, Confirmation)),
        tuple(each for each in made if isinstance(each, Excuse)),
        tuple(each for each in made if isinstance(each, Declaration)),
        tuple(resolutions),
        tuple(suspended),
    )


def _values_on_record(row: Decided) -> dict[str, str]:
    """Return what a row states of its camera, by the names under which the record has it."""
    if row.decides is Decides.SCHEDULE:
        return {**row.stated, **({PRICED_IN: row.sheet} if row.sheet else {})}
    found = dict(zip(MINUTES, (row.answer, row.reason, row.by, row.due_on, row.on), strict=True)) | {DECIDED_IN: row.sheet}
    return {name: text for name, text in found.items() if text}


def _made(row: Decided) -> Made:
    if row.decides is Decides.CONFIRMATION:
        return Confirmation(row.subject, row.answer, row.reason, row.milder_means, row.by, row.on, row.thing)
    if row.decides is Decides.EXCUSE:
        return Excuse(row.subject, row.reason, row.by, row.on, row.thing)
    return Declaration(row.subject, row.answer, row.by, row.on, row.reason, row.thing)


# The register of decisions: all that people decided about a town, each with subject, answer, reason, name, day and sheet.
#
# Its rows are those that a project file keeps (:mod:`lhasaplan.core.records.register_rows`), and the approvals of cameras.
# Pages read the register alone.


class DecisionRegister:
    """The decisions of one project."""

    def __init__(self, project: Project) -> None:
        self._project = project

    @cached_property
    def entries(self) -> tuple[Decided, ...]:
        """All decisions: those that hold kind by kind, then those that are suspended."""
        project = self._project
        made: tuple[Kept, ...] = (*project.confirmations, *project.excuses, *project.declarations, *self.resolutions.values())
        rows = (row_of(each) for each in on_record(project.cameras) if each.decides is Decides.SCHEDULE)
        return (*map(row_of, made), *(row for row in rows if row.answer), *_approved(project), *self.suspended)

    @cached_property
    def suspended(self) -> tuple[Decided, ...]:
        """The decisions that count as not made, since what they were made about is not there or is another thing now."""
        return suspended_reported(self._project.suspended)

    @cached_property
    def resolutions(self) -> dict[str, Resolution]:
        """What was decided by item: on questions, and on cameras, those among them that are no longer in the project."""
        found = {each.item: each for each in self._project.resolutions}
        of_cameras = (resolution_of(camera) for camera in self._project.cameras if camera.extra.get("decision"))
        return {**found, **{each.item: each for each in of_cameras if each is not None}}

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


def suspended_reported(suspended: Iterable[Suspended]) -> tuple[Decided, ...]:
    """Return suspended decisions as the register has them."""
    return tuple(map(row_of, suspended))


def is_decided(resolution: Resolution | None) -> bool:
    """Say whether a question was decided, whatever was decided on it."""
    return resolution is not None and resolution.decision not in ("", OPEN)


def _approved(project: Project) -> Iterator[Decided]:
    for camera in project.baseline:
        yield Decided(
            Decides.WITHDRAWAL if camera.status is Status.REMOVED else Decides.APPROVAL,
            f"{CAMERA}{camera.camera_id}",
            "",
            on=camera.approved_on,
            sheet=camera.input_file,
        )
