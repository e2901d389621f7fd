"""Several changes that belong together, with their reason and source, and the cameras after them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter

from lhasaplan.core.changes.camera_change import AddCamera, CameraChange
from lhasaplan.core.model.camera import Camera
from lhasaplan.errors import Fault, InputError

_ID = attrgetter("camera_id")


class Source(StrEnum):
    """Where a proposal comes from."""

    BY_HAND = "by_hand"
    MITIGATION = "cure"  # of a finding
    PART_OPTION = "part_option"  # what would serve a part that is not met
    SITING = "siting"
    PLAN_VERSION = "plan_version"
    PLAN_DIFFERENCE = "plan_difference"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Changes of cameras, made one after the other.

    Parameters
    ----------
    reason : in the words of whoever proposes; empty where the source says it all.
    about : what the source is about: the id of a finding or a part, the name of a plan; empty of one by hand.
    """

    changes: tuple[CameraChange, ...] = ()
    reason: str = ""
    source: Source = Source.BY_HAND
    about: str = ""

    @property
    def camera_ids(self) -> tuple[str, ...]:
        """Return the cameras that it is about, each once, in the order of the changes."""
        return tuple(dict.fromkeys(change.camera_id for change in self.changes))


def apply(proposal: Proposal, cameras: Sequence[Camera]) -> tuple[Camera, ...]:
    """Return the cameras after a proposal; those that it does not name are the same objects, in the same order.

    Raises InputError where a change is about a camera that is not there, or a new one has an id that is taken.
    """
    known = by_id(cameras)
    for is_coming, some in groupby(proposal.changes, lambda change: isinstance(change, AddCamera)):
        step = _with_added if is_coming else _with_changed
        known = step(known, some)
    return tuple(known.values())


def by_id(cameras: Iterable[Camera]) -> dict[str, Camera]:
    """Return cameras by their ids, in their order; InputError where two have the same."""
    listed = tuple(cameras)
    known = dict(zip(map(_ID, listed), listed, strict=True))
    if len(known) < len(listed):
        for each in listed:
            if known[each.camera_id] is not each:
                raise InputError(Fault("A camera {camera} is there already", params={"camera": each.camera_id}))
    return known


def _with_changed(known: dict[str, Camera], changes: Iterable[CameraChange]) -> dict[str, Camera]:
    for change in changes:
        after = change.applied(known.get(change.camera_id))
        if after is None:
            del known[change.camera_id]
        else:
            known[change.camera_id] = after
    return known


def _with_added(known: dict[str, Camera], changes: Iterable[CameraChange]) -> dict[str, Camera]:
    """Return the cameras with those that come between them; the order is made once for many."""
    order = list(known)
    for change in changes:
        known[change.camera_id] = change.applied(known.get(change.camera_id))  # type: ignore[assignment]
        position = change.position if isinstance(change, AddCamera) else None
        order.insert(len(order) if position is None else position, change.camera_id)
    return {camera_id: known[camera_id] for camera_id in order}
