"""Several changes that belong together, with their reason and source; the cameras after them, and how two plans differ."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields, replace
from enum import StrEnum
from itertools import compress, count, groupby
from operator import attrgetter, is_not
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
    value_changes,
    values_changed,
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
    if not any(isinstance(change, AddCamera) for change in proposal.changes):
        return _with_few_changed(proposal, cameras)
    known = by_id(cameras)
    for is_coming, some in groupby(proposal.changes, lambda change: isinstance(change, AddCamera)):
        step = _with_added if is_coming else _with_changed
        known = step(known, some)
    return tuple(known.values())


def _with_few_changed(proposal: Proposal, cameras: Sequence[Camera]) -> tuple[Camera, ...]:
    """Return the cameras after changes of some that are there: a step of a drag changes one of a whole city.

    Two cameras with one id are found among those that are named alone.
    """
    named = frozenset(proposal.camera_ids)
    rows = tuple(compress(count(), map(named.__contains__, map(_ID, cameras))))
    known = _with_changed(by_id(cameras[row] for row in rows), proposal.changes)
    after: list[Camera | None] = list(cameras)
    for row in rows:
        after[row] = known.get(cameras[row].camera_id)
    return tuple(each for each in after if each is not None) if len(known) < len(rows) else tuple(after)  # type: ignore[arg-type]


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


def _change(raw: object, where: Where, faults: list[Fault]) -> CameraChange | None:
    kind = KINDS.get(str(raw.get("change"))) if isinstance(raw, Mapping) else None
    if kind is None or not isinstance(raw, Mapping):
        faults.append(
            Fault(
                ("{value} is not a kind of change; the kinds are {kinds}"),
                where,
                {"value": str(raw.get("change") if isinstance(raw, Mapping) else raw)[:80], "kinds": ", ".join(KINDS)},
            )
        )
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


# In which rows two lists hold different cameras: after most changes all but one are the very same objects.


def replaced(before: Sequence[Camera], after: Sequence[Camera]) -> tuple[int, ...] | None:
    """Return the rows in which another value of the same camera stands; None where cameras came, went or changed places."""
    if len(before) != len(after):
        return None
    rows = tuple(compress(count(), map(is_not, before, after)))
    return rows if all(before[row].camera_id == after[row].camera_id for row in rows) else None


def changed_ids(before: Sequence[Camera], after: Sequence[Camera]) -> frozenset[str]:
    """Return the cameras of the first list that are recorded otherwise in the second, or are gone from it."""
    rows = replaced(before, after) if before else ()
    if rows is not None:
        return frozenset(before[row].camera_id for row in rows if before[row] != after[row])
    now = {camera.camera_id: camera for camera in after}
    # After most changes all cameras but one are the very same objects, which need no comparison.
    return frozenset(each.camera_id for each in before if (other := now.get(each.camera_id)) is not each and other != each)


# Carry a proposal that was made for earlier cameras over to those of now: what changed since and it does not set stays.


def carried_over(proposal: Proposal, made_for: Sequence[Camera], cameras: Sequence[Camera]) -> Proposal:
    """Return a proposal as it is meant for other cameras than those that it was made for.

    A change states every value of its kind. Those that it does not change are taken as they are now; masks, notes of
    corrections and columns that came since stay beside those that it adds.
    """
    then, now = by_id(made_for), by_id(cameras)
    changes = [_carried(change, then, now) for change in proposal.changes]
    return replace(proposal, changes=tuple(changes))


def _carried(change: CameraChange, then: dict[str, Camera], now: dict[str, Camera]) -> CameraChange:
    """Return one change carried over; both lists are as they are after it when the next one is asked."""
    before, at_hand = then.get(change.camera_id), now.get(change.camera_id)
    meant = change
    if not isinstance(change, AddCamera | RemoveCamera) and before is not None and at_hand is not None:
        names = values_changed(type(change))
        values: JsonObject = {
            name: _merged_value(getattr(change, name), getattr(before, name), getattr(at_hand, name)) for name in names
        }
        meant = replace(change, **values)
    for standing, each in ((then, change), (now, meant)):
        _make(standing, each)
    return meant


def _make(standing: dict[str, Camera], change: CameraChange) -> None:
    """Make a change where it can be made: what cannot is refused when the proposal is applied."""
    try:
        after = change.applied(standing.get(change.camera_id))
    except InputError:
        return
    if after is None:
        del standing[change.camera_id]
    else:
        standing[change.camera_id] = after


def _merged_value(wished: object, then: object, now: object) -> object:
    """Return what a value is to be: as wished where the wish changes it, else as it is now; of many each for itself."""
    if wished == then:
        return now
    if then == now:
        return wished
    if isinstance(wished, tuple) and isinstance(then, tuple) and isinstance(now, tuple):
        kept = [each for each in now if each in wished or each not in then]
        return (*kept, *(each for each in wished if each not in then and each not in kept))
    if isinstance(wished, Mapping) and isinstance(then, Mapping) and isinstance(now, Mapping):
        left = {key: each for key, each in now.items() if key in wished or key not in then}
        return left | {key: each for key, each in wished.items() if key not in then or then[key] != each}
    return wished


# The changes that make one list of cameras another, and those that take a proposal back.


def difference(
    before: Sequence[Camera],
    after: Sequence[Camera],
    *,
    reason: str = "",
    source: Source = Source.PLAN_DIFFERENCE,
    about: str = "",
) -> Proposal:
    """Return the proposal that makes the cameras before those after, order included.

    A camera that stands at another place of the list without need leaves it and comes again.
    """
    old, new = by_id(before), by_id(after)
    kept = _in_same_order(list(old), list(new))
    gone: list[CameraChange] = [RemoveCamera(camera_id) for camera_id in old if camera_id not in kept]
    changed = [
        change
        for camera_id in new
        if camera_id in kept and old[camera_id] is not new[camera_id]
        for change in value_changes(old[camera_id], new[camera_id])
    ]
    come = [AddCamera(camera, at) for at, camera in enumerate(new.values()) if camera.camera_id not in kept]
    return Proposal((*gone, *changed, *come), reason, source, about)


def _in_same_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the most ids that both lists have in the same order: the longest rising run of places (patience sorting)."""
    place = {camera_id: at for at, camera_id in enumerate(before)}
    both = [camera_id for camera_id in after if camera_id in place]
    ends, last, previous = list[int](), list[str](), dict[str, str | None]()
    for camera_id in both:
        pile = bisect_left(ends, place[camera_id])
        previous[camera_id] = last[pile - 1] if pile else None
        ends[pile : pile + 1], last[pile : pile + 1] = [place[camera_id]], [camera_id]
    kept, one = set[str](), last[-1] if last else None
    while one is not None:
        kept.add(one)
        one = previous[one]
    return kept
