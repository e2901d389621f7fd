"""Answers as they were stated beside answers as they come out anew: which values are equal, differ, or cannot be compared."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from lhasaplan.core.base.plain_values import JsonObject

# What depends on the machine and not on the town: which files of an installation differ from its release.
OF_INSTALLATION = frozenset({"data"})
# Where something is withheld, notes on the records may come out otherwise without it. Of what cameras near withheld places see,
# outputs say less, and no more.
NOTES = frozenset({"notes", "closed_places"})
LESS_SAID = ("undisclosed_px_m", "cure")
BY_SOURCE = (".by", ".on")  # of a step of the plan that nobody decided: they are those of the record's source
NEARLY = 1e-6  # relative; another processor may round otherwise
NOTHING = object()


@dataclass(frozen=True, slots=True)
class ValueDifference:
    """A value that came out otherwise: where it stands, as stated and as computed; None for one that is missing."""

    path: str
    stated: object
    computed: object


@dataclass(frozen=True, slots=True)
class AnswerComparison:
    """How answers compare, value by value.

    ``nearly`` are numbers that differ by a millionth at most. ``withheld`` are paths of values that rest on places which are not
    handed on, so that they cannot be computed from what was.
    """

    equal: int
    nearly: int
    differences: tuple[ValueDifference, ...]
    withheld: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Say whether every value that can be computed came out as stated."""
        return not self.differences


def compare_answers(stated: JsonObject, computed: JsonObject) -> AnswerComparison:
    """Compare two answers of an audit or a check in the form of docs/json.md.

    >>> compare_answers({"a": [1, 2.0], "b": {"c": "x"}}, {"a": [1, 2.5], "b": {"c": "x"}}).differences
    (ValueDifference(path='a[1]', stated=2.0, computed=2.5),)
    """
    near = near_withheld(stated)
    is_bare = bool(near) or bool(stated.get("withheld")) or stated.get("closed_places") is not None
    equal, nearly, differences, withheld = 0, 0, [], []
    for path, one, other in _pairs("", _without_installation(stated), _without_installation(computed)):
        if one == other and type(one) is type(other):
            equal += 1
        elif _is_near(one, other):
            nearly += 1
        elif _rests_on_withheld(path, near, is_bare=is_bare):
            withheld.append(path)
        else:
            differences.append(ValueDifference(path, *(None if each is NOTHING else each for each in (one, other))))
    return AnswerComparison(equal, nearly, tuple(differences), tuple(withheld))


def near_withheld(stated: JsonObject) -> frozenset[str]:
    """Return the cameras that stand within reach of a block with a withheld place, and the findings about them, by path."""
    cameras = {each["id"] for each in stated.get("cameras", ()) if each.get("undisclosed_px_m") is not None}
    findings = (each["id"] for each in stated.get("findings", ()) if cameras & {each.get("camera"), *each.get("cameras", ())})
    return frozenset((*(f"cameras[{name}]" for name in cameras), *(f"findings[{name}]" for name in findings)))


def _rests_on_withheld(path: str, near: frozenset[str], *, is_bare: bool) -> bool:
    head, _, rest = path.partition("]")
    if f"{head}]" in near:
        return any(name in rest for name in LESS_SAID)
    is_by_source = path.startswith("plan[") and rest in BY_SOURCE
    return is_bare and (is_by_source or path.partition(".")[0].partition("[")[0] in NOTES)


def _without_installation(answers: JsonObject) -> JsonObject:
    return {name: value for name, value in answers.items() if name not in OF_INSTALLATION}


def _pairs(path: str, one: object, other: object) -> Iterator[tuple[str, object, object]]:
    """Yield the single values of both by their path.

    Things with an ``id`` are matched by it, wherever they stand, and sentences by theirs.
    """
    if isinstance(one, Mapping) and isinstance(other, Mapping) and (one or other):
        for name in dict.fromkeys((*one, *other)):
            yield from _pairs(f"{path}.{name}" if path else str(name), one.get(name, NOTHING), other.get(name, NOTHING))
    elif isinstance(one, list) and isinstance(other, list) and (one or other):
        named = _named(one), _named(other)
        for name in dict.fromkeys((*named[0], *named[1])):
            yield from _pairs(f"{path}[{name}]", named[0].get(name, NOTHING), named[1].get(name, NOTHING))
    else:
        yield path, one, other


def _named(values: Sequence[object]) -> dict[object, object]:
    ids = [each.get("id", each.get("template")) if isinstance(each, Mapping) else None for each in values]
    is_named = None not in ids and len(set(ids)) == len(ids)
    return dict(zip(ids, values, strict=True)) if is_named else dict(enumerate(values))


def _is_near(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or not isinstance(one, int | float) or not isinstance(other, int | float):
        return False
    return math.isclose(one, other, rel_tol=NEARLY, abs_tol=1e-9)
