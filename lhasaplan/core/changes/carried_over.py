"""Carry a proposal that was made for earlier cameras over to those of now: what changed since and it does not set stays."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.changes.camera_change import AddCamera, CameraChange, RemoveCamera, ValueChange, values_changed
from lhasaplan.core.changes.proposal import Proposal, by_id
from lhasaplan.core.model.camera import Camera
from lhasaplan.errors import InputError


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
