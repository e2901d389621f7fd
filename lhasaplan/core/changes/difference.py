"""What differs between two lists of cameras: as changes, as rows, and a proposal carried over to the cameras of now."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress, count
from operator import is_not

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.changes.camera_change import AddCamera, CameraChange, RemoveCamera, ValueChange, value_changes, values_changed
from lhasaplan.core.changes.proposal import Proposal, Source, apply, by_id
from lhasaplan.core.model.camera import Camera
from lhasaplan.errors import InputError

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
    return frozenset(camera.camera_id for camera in before if not _is_same(now.get(camera.camera_id), camera))


def _is_same(now: Camera | None, then: Camera) -> bool:
    return now is then or now == then


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
        meant = _merged(change, before, at_hand)
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


def _merged(change: ValueChange, then: Camera, now: Camera) -> ValueChange:
    names = values_changed(type(change))
    values: JsonObject = {name: _value(getattr(change, name), getattr(then, name), getattr(now, name)) for name in names}
    return replace(change, **values)


def _value(wished: object, then: object, now: object) -> object:
    """Return what a value is to be: as wished where the wish changes it, else as it is now; of many each for itself."""
    if wished == then:
        return now
    if then == now:
        return wished
    if isinstance(wished, tuple) and isinstance(then, tuple) and isinstance(now, tuple):
        return _merged_list(wished, then, now)
    if isinstance(wished, Mapping) and isinstance(then, Mapping) and isinstance(now, Mapping):
        return _merged_table(wished, then, now)
    return wished


def _merged_list(wished: tuple[object, ...], then: tuple[object, ...], now: tuple[object, ...]) -> tuple[object, ...]:
    kept = [each for each in now if each in wished or each not in then]
    return (*kept, *(each for each in wished if each not in then and each not in kept))


def _merged_table(wished: Mapping[str, object], then: Mapping[str, object], now: Mapping[str, object]) -> Mapping[str, object]:
    kept = {key: each for key, each in now.items() if key in wished or key not in then}
    return {**kept, **{key: each for key, each in wished.items() if key not in then or then[key] != each}}


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


def taken_back(proposal: Proposal, cameras: Sequence[Camera]) -> Proposal:
    """Return the proposal that undoes another, of which ``cameras`` were there before it."""
    back = difference(apply(proposal, cameras), cameras)
    return replace(proposal, changes=back.changes)


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
