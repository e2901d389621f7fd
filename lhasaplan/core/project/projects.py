"""Bring together two projects that grew from one, row by row: what both changed to different things is a conflict."""

import hashlib
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from itertools import count
from operator import attrgetter
from typing import Protocol, TypeVar

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.layer import Layer, Tags, empty_layer, is_drawn, may_say_drawn
from lhasaplan.core.project.decisions import DWELLING, NOT_DWELLING, Declaration, Suspended, Thing
from lhasaplan.core.project.journal import JournalEntry
from lhasaplan.core.project.numbering import each_once, numbered
from lhasaplan.core.project.project import Project, united
from lhasaplan.core.project.three_ways import MINE, THEIRS, Conflict, Handed, Merged, merged

# Tell decisions apart by their things where files gave one id to several in turn, and join what sides have suspended.
Row = TypeVar("Row")

OF_THINGS = frozenset(("confirmations", "excuses", "declarations"))  # lists of a project


def things_apart(sides: Iterable[Mapping[str, object]]) -> frozenset[str]:
    """Return the keys under which sides have decisions about several things: a file gave one id to each of them in turn."""
    grounds: dict[str, set[str]] = {}
    for rows in sides:
        for key, each in rows.items():
            if (thing := _thing_of(each)) is not None:
                grounds.setdefault(key, set()).add(thing.ground)
    return frozenset(key for key, some in grounds.items() if len(some) > 1)


def by_thing(rows: Mapping[str, Row], apart: Container[str]) -> dict[str, Row]:
    """Return rows by what tells them apart; where that is several things, their ground belongs to it."""
    things = {key: _thing_of(each) for key, each in rows.items()}
    return {
        f"{key} {hashlib.sha256(thing.ground.encode()).hexdigest()[:8]}" if key in apart and (thing := things[key]) else key: each
        for key, each in rows.items()
    }


def _thing_of(decision: object) -> Thing | None:
    """Return what a decision is about; one of an older project names nothing."""
    thing: Thing | None = getattr(decision, "thing", None)
    return thing


def suspended_of(
    own: Sequence[Suspended], others: Iterable[tuple[Sequence[Suspended], Sequence[Suspended]]]
) -> tuple[Suspended, ...]:
    """Return what any side has suspended, without what one side dropped, took back or made anew since.

    Parameters
    ----------
    own : what the side has that the others come to, the city or this project.
    others : of each other side what it and the own side had in common, and what it has now.
    """
    here = {each.key: each for each in own}
    found, ended = dict(here), set[tuple[str, str, str, str]]()
    for before, now in others:
        had, there = {each.key for each in before}, {each.key: each for each in now}
        ended |= had - (here.keys() & there.keys())
        found = {**there, **found}
    return tuple(each for key, each in found.items() if key not in ended)


INPUTS = "inputs"
FACTS = "project"  # what a project has once: each is a row by its name
ROWS: Mapping[str, tuple[str, ...]] = {  # what a project has several of, and the fields that tell one from another
    "cameras": ("camera_id",),
    "baseline": ("camera_id", "approved_on"),
    "confirmations": ("part_id",),
    "excuses": ("part_id",),
    "declarations": ("subject", "fact"),
    "resolutions": ("item",),
    "hand_made_parts": ("part_id",),
    "terrain": ("name",),
    INPUTS: ("path",),
    "bookmarks": ("name",),
    "plan": ("camera_id", "action"),
    "versions": ("name",),
    "numbers": ("series", "camera_id"),
    "models": ("maker", "model", "source"),
}
_ONCE = ("name", "crs", "packs", "synthetic", "mandate", "district", "closed")
Choices = Mapping[tuple[str, str], str]  # by kind and key the side that counts


@dataclass(frozen=True, slots=True)
class MergedFeature:
    """One row of a layer; the geometry is equal where each of its coordinates is."""

    feature_id: str
    geometry: BaseGeometry | None
    source: str
    tags: Tags


@dataclass(frozen=True, eq=False, slots=True)
class JoinedProjects:
    """What two projects make together; with conflicts open, these are as mine has them, and it is not to be kept.

    Parameters
    ----------
    taken : by kind, the keys whose rows are as the other project has them, those that it took out among them.
    """

    project: Project
    taken: Mapping[str, tuple[str, ...]]
    conflicts: tuple[Conflict, ...]


def join(base: Project, mine: Project, theirs: Project, choices: Choices | None = None, default: str = "") -> JoinedProjects:
    """Return what both sides make of the project that they have in common.

    A row that both changed, to different things, is a conflict as a whole: two halves of a camera that nobody looked at
    together are no camera. What is the same object on two sides is not looked at.

    Parameters
    ----------
    choices : of conflicts, by kind and key: ``mine`` or ``theirs``; ``default`` is that of all others, empty for none.
    """
    chosen, aliases = choices or {}, _aliases((base, mine, theirs))

    def both(kind: str, rows: Callable[[Project], Mapping[str, Row]]) -> Merged[Row]:
        own = {key: side for (its, key), side in chosen.items() if its == kind}
        return merged(kind, rows(mine), [Handed(THEIRS, rows(base), rows(theirs))], own, default, own=MINE)

    found = {FACTS: both(FACTS, lambda project: {name: getattr(project, name) for name in _ONCE})}
    values: dict[str, object] = {name: found[FACTS].values.get(name) for name in _ONCE}
    for name in ROWS:
        sides = [getattr(each, name) for each in (base, mine, theirs)]
        if sides[2] is sides[0] or sides[1] is sides[0]:  # one side alone has changed any
            values[name] = sides[1] if sides[2] is sides[0] else sides[2]
            found[name] = _untouched(name, sides[0], sides[2], aliases) if sides[1] is sides[0] else Merged({})
        else:
            apart = things_apart(keyed(name, rows) for rows in sides) if name in OF_THINGS else frozenset()
            found[name] = both(name, lambda project, name=name, apart=apart: _rows_of(name, project, apart, aliases))  # type: ignore[misc]
            values[name] = tuple(found[name].values.values())
    layers = {}
    for name in dict.fromkeys((*mine.layers, *theirs.layers)):
        layers[name], found[name] = _layer(name, (base, mine, theirs), both, aliases)
    # A layer without features is one that was taken in where it came new on a side, or both have it still.
    still = {name for name in layers if name not in base.layers or (name in mine.layers and name in theirs.layers)}
    values["layers"] = {name: layer for name, layer in layers.items() if len(layer) or name in still}
    values["suspended"] = suspended_of(mine.suspended, [(base.suspended, theirs.suspended)])
    handed = [each.number_blocks for each in (base, mine, theirs)]  # what one side alone has changed counts; else that of both
    both_handed = tuple(dict.fromkeys((*handed[1], *handed[2])))
    values["number_blocks"] = handed[2] if handed[1] == handed[0] else handed[1] if handed[2] == handed[0] else both_handed
    values["losses"] = united(mine.losses, theirs.losses, base.losses)  # nothing that was lost is ever taken back
    whole = replace_kept(mine, **values, journal=_journal(base.journal, mine.journal, theirs.journal))
    if mine.numbers not in (base.numbers, theirs.numbers) and theirs.numbers != base.numbers:  # both gave some, maybe one twice
        whole = numbered(replace(whole, numbers=each_once(whole.numbers)))
    taken = {kind: tuple(key for key, side in each.taken.items() if side == THEIRS) for kind, each in found.items()}
    conflicts = tuple(conflict for each in found.values() for conflict in each.conflicts)
    return JoinedProjects(whole, {kind: keys for kind, keys in taken.items() if keys}, conflicts)


def keyed(kind: str, values: Iterable[Row]) -> dict[str, Row]:
    """Return the rows of a kind by what tells them apart; the second of one key has its number behind it."""
    return _numbered((key_of(kind, each), each) for each in values)


def key_of(kind: str, value: object) -> str:
    """Return what tells a row of a kind from others; what is said of the use of a building is one, whichever use that is."""
    words = [str(getattr(value, name)) for name in ROWS[kind]]
    if kind == "declarations" and isinstance(value, Declaration) and value.fact == NOT_DWELLING:
        words[-1] = DWELLING
    return " ".join(words)


def _rows_of(kind: str, project: Project, apart: Container[str], aliases: Mapping[str, str]) -> dict[str, object]:
    rows = keyed(kind, getattr(project, kind))
    return by_thing(rows, apart) if kind in OF_THINGS else _called(rows, aliases) if kind == INPUTS else rows


def _called(rows: Mapping[str, Row], aliases: Mapping[str, str]) -> dict[str, Row]:
    """Return rows by the words that may be disclosed of them: keys of drawn places name their file."""
    return {aliases.get(key, key): value for key, value in rows.items()}


def _aliases(sides: Sequence[Project]) -> dict[str, str]:
    """Return what drawn places of any side, and the files that brought them, are called where rows are reported.

    Their ids begin with the name of their file, which may be that of the place. No row of any side has such a name already.
    """
    found: set[str] = set()
    keys = {each.path for project in sides for each in project.inputs}
    for layer in {id(each): each for project in sides for each in project.layers.values()}.values():
        if not any(map(may_say_drawn, set().union(*layer.tags))):
            continue
        rows = features(layer)
        drawn = {key: row for key, row in rows.items() if is_drawn(row.tags)}
        found |= {*drawn, *(row.source for row in drawn.values())}
        keys |= rows.keys()
    names = (name for number in count(1) if (name := f"(drawn {number})") not in keys)
    return dict(zip(sorted(found - {""}), names, strict=False))


def features(layer: Layer) -> dict[str, MergedFeature]:
    """Return the features of a layer by their ids."""
    source = layer.source or ("",) * len(layer)
    rows = zip(layer.ids, layer.geometry, source, layer.tags, strict=True)
    return _numbered((str(key), MergedFeature(str(key), shape, its, tags)) for key, shape, its, tags in rows)


def unlike_columns(one: object, other: object) -> tuple[tuple[str, object, object], ...]:
    """Return the columns in which two rows differ, with what each has there; of a row that is gone all of the other."""
    names = next(([field.name for field in fields(each)] for each in (one, other) if is_dataclass(each)), [])
    if not names:
        return (("", one, other),)
    pairs = ((name, getattr(one, name, None), getattr(other, name, None)) for name in names)
    return tuple(pair for pair in pairs if pair[1] != pair[2])


def _numbered(rows: Iterable[tuple[str, Row]]) -> dict[str, Row]:
    pairs = list(rows)
    return dict(zip(distinguished(key for key, _ in pairs), (value for _, value in pairs), strict=True))


def distinguished(keys: Iterable[str]) -> list[str]:
    """Return keys of which none comes twice: the second of one has its number behind it.

    >>> told_apart(["a", "b", "a", "a #2"])
    ['a', 'b', 'a #2', 'a #2 #2']
    """
    found: dict[str, None] = {}
    for key in keys:
        number, own = 1, key
        while own in found:
            number += 1
            own = f"{key} #{number}"
        found[own] = None
    return list(found)


def _untouched(kind: str, before: Sequence[object], after: Sequence[object], aliases: Mapping[str, str]) -> Merged[object]:
    """Return the other side's changes of rows that are unchanged here."""
    reported = aliases if kind == INPUTS else {}
    handed = Handed(THEIRS, _called(keyed(kind, before), reported), _called(keyed(kind, after), reported))
    return Merged(handed.now, dict.fromkeys(handed.changed, THEIRS))


class _Joining(Protocol):
    """Merges the rows of one kind, of three projects."""

    def __call__(self, kind: str, rows: Callable[[Project], Mapping[str, Row]]) -> Merged[Row]: ...


def _layer(
    name: str,
    sides: tuple[Project, Project, Project],
    both: _Joining,
    aliases: Mapping[str, str],
) -> tuple[Layer, Merged[MergedFeature]]:
    none = empty_layer(name)
    base, mine, theirs = (each.layers.get(name, none) for each in sides)
    if theirs is base:
        return mine, Merged({})
    found = both(name, lambda project: _called(features(project.layers.get(name, none)), aliases))
    if mine is base:
        return theirs, found
    return _layer_of(name, found.values), found


def _layer_of(name: str, rows: Mapping[str, MergedFeature]) -> Layer:
    ids: ObjectArray = np.empty(len(rows), object)
    geometry: ObjectArray = np.empty(len(rows), object)
    ids[:] = list(map(attrgetter("feature_id"), rows.values()))
    geometry[:] = list(map(attrgetter("geometry"), rows.values()))
    source = tuple(each.source for each in rows.values())
    return Layer(name, ids, geometry, tuple(each.tags for each in rows.values()), source if any(source) else ())


def _journal(
    base: Sequence[JournalEntry], mine: Sequence[JournalEntry], theirs: Sequence[JournalEntry]
) -> tuple[JournalEntry, ...]:
    """Return what both did, by day: steps that one took back are gone, of one day those of the other stand first."""
    if list(mine) == list(theirs) or list(theirs) == list(base):
        return tuple(mine)
    if list(mine) == list(base):
        return tuple(theirs)
    shared = min(_alike(base, mine), _alike(base, theirs))
    gone = [*_missing(base[shared:], mine[shared:]), *_missing(base[shared:], theirs[shared:])]
    steps = [each for each in theirs[shared:] if each not in gone]
    steps += [each for each in mine[shared:] if each not in gone and each not in steps]
    return (*base[:shared], *sorted(steps, key=lambda entry: entry.when))


def _alike(one: Sequence[JournalEntry], other: Sequence[JournalEntry]) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a is not b and a != b), min(len(one), len(other)))


def _missing(before: Sequence[JournalEntry], after: Sequence[JournalEntry]) -> list[JournalEntry]:
    return [each for each in before if each not in after]


# What a report of a conflict may say: each side by column, but of drawn places only that they differ.

HIDDEN, GONE = "…", "–"
SIDES = {MINE: marked("mine"), THEIRS: marked("theirs")}
_LONGEST = 60
Columns = Iterator[tuple[str, str, str]]


def plain_text(value: object) -> str:
    """Return what stands in a column as the file has it, a long one shortened."""
    if value is None or value == "":
        return GONE
    if isinstance(value, BaseGeometry):
        return f"{value.geom_type} ({len(value.wkb)} B)"
    if isinstance(value, Thing):
        return value.kind  # where it is, is no word
    if isinstance(value, bytes):
        return f"{len(value)} B"
    if isinstance(value, Mapping):
        return short(", ".join(f"{key}={each}" for key, each in value.items()))
    return short(str(to_plain(value)))


def short(text: str) -> str:
    """Return a text, a long one cut."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + HIDDEN


def reported_columns(conflict: Conflict, text: Callable[[str, object], str] = lambda _name, value: plain_text(value)) -> Columns:
    """Give column, what mine has and what theirs has; of a row that one side took out a single line without a column.

    ``text`` says what stands in a column, by its name and value; of drawn places it is not asked.
    """
    mine, theirs = conflict.sides.get(MINE), conflict.sides.get(THEIRS)
    hides = any(isinstance(each, MergedFeature) and is_drawn(each.tags) for each in (mine, theirs))
    if mine is None or theirs is None:
        yield "", GONE if mine is None else HIDDEN, GONE if theirs is None else HIDDEN
        return
    for name, one, other in unlike_columns(mine, theirs):
        yield (name, HIDDEN, HIDDEN) if hides else (name, text(name, one), text(name, other))
