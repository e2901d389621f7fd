"""Several changes that belong together, with their reason and source, and the cameras after them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, get_args, get_type_hints

from lhasaplan.core.base.plain_values import JsonObject, from_plain, to_plain
from lhasaplan.core.changes.camera_change import (
    AddCamera,
    CameraChange,
    ChangeLens,
    ChangeMask,
    ChangeMount,
    ChangeRange,
    ChangeRecord,
    ChangeStatus,
    MoveCamera,
    RemoveCamera,
    TiltCamera,
    TurnCamera,
)
from lhasaplan.core.model.camera import Camera
from lhasaplan.errors import Fault, InputError, Where

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
                raise InputError(Fault("There is already a camera {camera}", params={"camera": each.camera_id}))
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


# Write and read a proposal as JSON (docs/json.md, a proposal); all faults of one are reported at once.

SCHEMA = "lhasaplan-proposal/1"
KINDS: Mapping[str, type[CameraChange]] = {
    "add": AddCamera,
    "remove": RemoveCamera,
    "move": MoveCamera,
    "turn": TurnCamera,
    "tilt": TiltCamera,
    "lens": ChangeLens,
    "range": ChangeRange,
    "mask": ChangeMask,
    "mount": ChangeMount,
    "status": ChangeStatus,
    "record": ChangeRecord,
}
_NAMES = {kind: name for name, kind in KINDS.items()}
_HEAD: Mapping[str, type] = {"source": Source, "about": str, "reason": str}


def to_json(proposal: Proposal) -> JsonObject:
    """Return a proposal as an object of JSON; numbers keep every digit."""
    head = {name: to_plain(getattr(proposal, name)) for name in _HEAD}
    return {"schema": SCHEMA, **head, "changes": [change_to_json(change) for change in proposal.changes]}


def from_json(raw: object, file: str | None = None) -> Proposal:
    """Return the proposal that an object of JSON holds.

    Raises InputError with every fault, each with the number of its change (from 1) as row and the field as column.
    """
    faults: list[Fault] = []
    if not isinstance(raw, Mapping) or raw.get("schema") != SCHEMA:
        raise InputError(Fault("This is no proposal with the schema {schema}", Where(file), {"schema": SCHEMA}))
    head = {name: _value(hint, raw.get(name), Where(file, column=name), faults) for name, hint in _HEAD.items()}
    listed = raw.get("changes")
    if not isinstance(listed, list):
        faults.append(_wrong(listed, Where(file, column="changes")))
    rows = enumerate(listed if isinstance(listed, list) else (), start=1)
    changes = [_change(each, Where(file, row), faults) for row, each in rows]
    if faults:
        raise InputError(*faults)
    return Proposal(tuple(each for each in changes if each is not None), **head)


def change_to_json(change: CameraChange) -> JsonObject:
    """Return one change as an object of JSON; of a camera that comes, what is recorded of it."""
    plain = {"change": _NAMES[type(change)], **to_plain(change)}
    if isinstance(change, AddCamera):
        usual = {field.name: _usual(field) for field in fields(Camera)}
        recorded = {name for name, value in usual.items() if getattr(change.camera, name) != value}
        plain["camera"] = {name: value for name, value in plain["camera"].items() if name in recorded}
    return plain


def change_from_json(raw: object, where: Where | None = None) -> CameraChange:
    """Return the change that an object of JSON holds; InputError with every fault."""
    faults: list[Fault] = []
    change = _change(raw, where or Where(), faults)
    if change is None or faults:
        raise InputError(*faults)
    return change


def _change(raw: object, where: Where, faults: list[Fault]) -> CameraChange | None:
    kind = KINDS.get(str(raw.get("change"))) if isinstance(raw, Mapping) else None
    if kind is None or not isinstance(raw, Mapping):
        faults.append(_unknown(raw.get("change") if isinstance(raw, Mapping) else raw, where))
        return None
    known = len(faults)
    values = dict(_values(kind, {name: each for name, each in raw.items() if name != "change"}, where, faults))
    return kind(**values) if len(faults) == known else None


def _values(
    kind: type[CameraChange | Camera], raw: Mapping[str, object], where: Where, faults: list[Fault]
) -> Iterator[tuple[str, Any]]:
    """Give the fields of a change, or of a camera that comes; a field that may be missing takes its default."""
    hints = get_type_hints(kind)
    for name in sorted(raw.keys() - hints.keys()):
        faults.append(Fault("{field} is no field of a change", _at(where, name), {"field": name}))
    for field in fields(kind):
        if field.name in raw or _usual(field) is MISSING:
            yield field.name, _value(hints[field.name], raw.get(field.name), _at(where, field.name), faults)


def _usual(field: Field[object]) -> object:
    """Return what a field holds where nothing is said; MISSING where something must be."""
    return field.default if field.default_factory is MISSING else field.default_factory()


def _value(hint: object, raw: object, where: Where, faults: list[Fault]) -> Any:
    """Return a value that is written back as it was read; what is not leaves a fault."""
    if hint is Camera and isinstance(raw, Mapping):
        known = len(faults)
        values = dict(_values(Camera, raw, where, faults))
        return Camera(**values) if len(faults) == known else None
    try:
        value = from_plain(hint, raw)
        is_same = to_plain(value) == raw and not (isinstance(raw, bool) and bool not in (hint, *get_args(hint)))
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError):
        is_same = False
    if not is_same:
        faults.append(_wrong(raw, where))
        return None
    return value


def _at(where: Where, column: str) -> Where:
    return Where(where.file, where.row, column if where.column is None else f"{where.column}.{column}")


def _wrong(raw: object, where: Where) -> Fault:
    return Fault("{value} is not a value here", where, {"value": "null" if raw is None else str(raw)[:80]})


def _unknown(raw: object, where: Where) -> Fault:
    return Fault(
        ("{value} is not a kind of change; the kinds are {kinds}"), where, {"value": str(raw)[:80], "kinds": ", ".join(KINDS)}
    )
