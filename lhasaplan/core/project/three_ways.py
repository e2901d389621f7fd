"""Bring together what several sides made of the same things since they had them in common."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Value = TypeVar("Value")
Value_co = TypeVar("Value_co", covariant=True)
CITY = "city"  # the side that all others had their things from
MINE, THEIRS = "mine", "theirs"  # the sides of two projects that grew from one


@dataclass(frozen=True, slots=True)
class Handed(Generic[Value]):
    """What one side had, by key, and what it has now."""

    side: str
    before: Mapping[str, Value]
    now: Mapping[str, Value]

    @property
    def changed(self) -> tuple[str, ...]:
        """Return the keys of what it changed, took out or added."""
        keys = {**self.before, **self.now}
        return tuple(key for key in keys if self.before.get(key) != self.now.get(key))


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that several sides made different things of: by side, the city first, what it is there, None where it is gone."""

    kind: str
    key: str
    sides: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Merged(Generic[Value_co]):
    """The things of all sides by key, those of the city in its order; with conflicts open they are as the city has them."""

    values: Mapping[str, Value_co]
    taken: Mapping[str, str] = field(default_factory=dict)  # by key the side whose change was taken
    conflicts: tuple[Conflict, ...] = ()


def merged(
    kind: str,
    city: Mapping[str, Value],
    others: Sequence[Handed[Value]],
    choices: Mapping[str, str],
    default: str = "",
    *,
    own: str = CITY,
) -> Merged[Value]:
    """Return what all sides together make of their things.

    What one side alone changed is as it has it, and what several made the same of is so; the rest is a conflict.

    Parameters
    ----------
    kind : of the things, for the conflicts.
    choices : by key the side whose value counts; ``default`` is that of all other conflicts, empty where none was chosen.
    own : what the side is called that the others come to; where things grew apart from one base there need be no city.
    """
    values, taken, conflicts = dict(city), dict[str, str](), list[Conflict]()
    for key in dict.fromkeys(key for each in others for key in each.changed):
        wished = _wished(key, city, others, own)
        sides = wished if len(_distinct(wished.values())) == 1 else {own: city.get(key), **wished}
        side = next(iter(wished)) if sides is wished else choices.get(key, default)
        if side in sides:
            taken[key] = side
            _set(values, key, sides[side])
        else:
            conflicts.append(Conflict(kind, key, sides))
    return Merged(values, taken, tuple(conflicts))


def _wished(key: str, city: Mapping[str, Value], others: Iterable[Handed[Value]], own: str) -> dict[str, Value | None]:
    """Return what the sides that changed a thing make of it; the city is one where it changed it, too."""
    found: dict[str, Value | None] = {}
    for each in others:
        before, now = each.before.get(key), each.now.get(key)
        if now == before:
            continue
        if city.get(key) != before:
            found.setdefault(own, city.get(key))
        found[each.side] = now
    return found


def _distinct(values: Iterable[Value | None]) -> list[Value | None]:
    found: list[Value | None] = []
    for value in values:
        if all(value != each for each in found):
            found.append(value)
    return found


def _set(values: dict[str, Value], key: str, value: Value | None) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value
