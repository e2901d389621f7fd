"""What a plan does to one camera: it comes, is changed or goes; how far that has come, and who stands behind it."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.changes.camera_change import AddCamera, CameraChange, ChangeStatus, RemoveCamera
from lhasaplan.core.changes.proposal import Proposal, Source, by_id, difference
from lhasaplan.core.model.camera import Camera, Status

# The number by which a camera or a part is called on maps and in lists: given once, kept with the project, never given again.


class Series(StrEnum):
    """What is counted by itself: cameras that stand, planned ones, and confirmed parts."""

    STANDING = "standing"
    PLANNED = "planned"
    PART = "part"


@dataclass(frozen=True, slots=True)
class NumberBlock:
    """Numbers of one series that a district alone gives, from the first to the last: its city and other districts leave them."""

    series: Series
    first: int
    last: int

    def holds(self, number: int) -> bool:
        """Say whether a number is one of these."""
        return self.first <= number <= self.last


@dataclass(frozen=True, slots=True)
class GivenNumber:
    """One number of a series and what it was given to, which may be gone; ``camera_id`` is a part's id where it is a part's."""

    series: Series
    camera_id: str
    number: int


# A version of a plan: all cameras as somebody meant them, under a name, with reason, day and source.
@dataclass(frozen=True, slots=True)
class PlanVersion:
    """The cameras of a plan; the difference of two versions is a proposal.

    Parameters
    ----------
    when : day on which it was kept, ISO 8601.
    who : source that stands behind it, as of corrections.
    """

    name: str
    cameras: tuple[Camera, ...] = ()
    reason: str = ""
    when: str = ""
    who: str = ""


def plan_sha256(cameras: Iterable[Camera]) -> str:
    """Return the digest of a plan: the same for the same cameras, in whatever order, another once a value of one differs."""
    plain = sorted(json.dumps(to_plain(camera), sort_keys=True, ensure_ascii=False) for camera in cameras)
    return hashlib.sha256("\n".join(plain).encode("utf-8", "surrogatepass")).hexdigest()


def leading_to(version: PlanVersion, cameras: Sequence[Camera]) -> Proposal:
    """Return the proposal that makes cameras those of a version; what operates and is not in it stays on record as removed."""
    wished = difference(cameras, version.cameras, reason=version.reason, source=Source.PLAN_VERSION, about=version.name)
    return on_record(wished, cameras)


def on_record(wished: Proposal, cameras: Iterable[Camera]) -> Proposal:
    """Return a difference of plans whose removals leave what operates on record as removed."""
    known, come = by_id(cameras), {change.camera_id for change in wished.changes if isinstance(change, AddCamera)}
    return replace(wished, changes=tuple(_on_record(change, known, come) for change in wished.changes))


def _on_record(change: CameraChange, known: dict[str, Camera], come: set[str]) -> CameraChange:
    """Return a removal as what it is for a camera that operates: it is taken away and stays on record."""
    gone = isinstance(change, RemoveCamera) and change.camera_id not in come
    if gone and known[change.camera_id].status is not Status.PLANNED:
        return ChangeStatus(change.camera_id, Status.REMOVED)
    return change


def only(proposal: Proposal, camera_ids: Iterable[str]) -> Proposal:
    """Return what a proposal does to some cameras and to no other."""
    wanted = frozenset(camera_ids)
    return replace(proposal, changes=tuple(change for change in proposal.changes if change.camera_id in wanted))


def free_name(wished: str, versions: Iterable[PlanVersion]) -> str:
    """Return a name that no version has.

    >>> free_name("Plan", (PlanVersion("Plan"), PlanVersion("Plan (2)")))
    'Plan (3)'
    """
    taken = {version.name for version in versions}
    tries = (wished if number == 1 else f"{wished} ({number})" for number in range(1, len(taken) + 2))
    return next(name for name in tries if name not in taken)


class Action(StrEnum):
    """What a plan does to a camera."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


class Stage(StrEnum):
    """How far a step of a plan has come; only what is done has changed the inventory."""

    DRAFTED = "drafted"
    DECIDED = "decided"
    ORDERED = "ordered"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class PlanStep:
    """One step of the plan upon what stands.

    Parameters
    ----------
    camera_id : of the camera that comes, is changed or goes.
    as_planned : of a change, the id of the planned camera that says how it is to be; empty else, and once it is done.
    by, on : who put it into the plan, or said how far it has come, and on which day (ISO 8601).
    plan : what it comes from: the name of an option or a version; empty where somebody drew it.
    """

    camera_id: str
    action: Action
    as_planned: str = ""
    stage: Stage = Stage.DRAFTED
    by: str = ""
    on: str = ""
    reason: str = ""
    plan: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether it is still to be done."""
        return self.stage is not Stage.DONE
