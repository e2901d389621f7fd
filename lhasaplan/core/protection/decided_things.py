"""Let each decision hold for the thing that it was made about: found again by id, ground and kind, else suspended."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias, TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.city.building_heights import parse_length_m
from lhasaplan.core.model.layer import Layer, Tags, empty_layer, is_drawn
from lhasaplan.core.model.place import Part
from lhasaplan.core.project.decisions import DWELLING, OF_BUILDINGS, Confirmation, Declaration, Excuse, Suspended, Thing
from lhasaplan.core.project.plan_step import GivenNumber, Series
from lhasaplan.core.project.project import District, Project
from lhasaplan.core.protection.unknown_use import storeys_of
from lhasaplan.core.rules.audit_policy import IdentityRules

GONE, OTHER = "gone", "other"  # why a decision is suspended: nothing is there, or another thing under its id
CELL, BORDER = "cell:", "border:"  # ground by its own name: no thing that could be another one
_DECIMALS = 2
LISTS = ("confirmations", "excuses", "declarations")  # of a project
Decision: TypeAlias = Confirmation | Excuse | Declaration
_Key = tuple[str, str, str]
_D = TypeVar("_D", Confirmation, Excuse, Declaration)


@dataclass(frozen=True, slots=True)
class Settled:
    """A project whose decisions hold for their things; what was found under another id, and what is suspended now."""

    project: Project
    renamed: int = 0
    suspended: tuple[Suspended, ...] = ()
    restored: int = 0


class ThingsThere:
    """The things of a town as decisions know them: buildings of its layer, and the parts that duties packs make of it.

    ``parts`` are asked for only where a decision is about one.
    """

    def __init__(self, layers: Mapping[str, Layer], parts: Callable[[], Sequence[Part]], rules: IdentityRules) -> None:
        self._buildings = layers.get("buildings") or empty_layer("buildings")
        self._find_parts, self._rules = parts, rules

    @cached_property
    def _rows(self) -> Mapping[str, list[int]]:
        rows: dict[str, list[int]] = {}
        for row, key in enumerate(self._buildings.ids.tolist()):
            rows.setdefault(key, []).append(row)
        return rows

    @cached_property
    def _footprints(self) -> shapely.STRtree:
        return shapely.STRtree(self._buildings.geometry)

    @cached_property
    def _parts(self) -> Mapping[str, Part]:
        return {part.part_id: part for part in self._find_parts()}

    @cached_property
    def _grounds(self) -> tuple[Sequence[Part], shapely.STRtree]:
        parts = tuple(self._parts.values())
        return parts, shapely.STRtree([part.geometry for part in parts])

    def thing(self, decision: Decision) -> Thing | None:
        """Return what bears the id of a decision's subject here; None where nothing does, and for what users drew."""
        if not _is_of_building(decision):
            part = self._parts.get(subject_of(decision))
            return None if part is None else Thing("", kind_of(part), _as_text(part.geometry))
        rows = self._rows.get(subject_of(decision), [])
        if not rows or is_drawn(self._buildings.tags[rows[0]]):
            return None
        source = self._buildings.source[rows[0]] if self._buildings.source else ""
        return Thing(source, *self._building(rows[0]))

    def _building(self, row: int) -> tuple[str, str, float]:
        tags = self._buildings.tags[row]
        return tags.get("building", "yes"), _as_text(self._buildings.geometry[row]), recorded_storeys(tags)

    def is_known(self, decision: Decision) -> bool:
        """Say whether anything bears the id of a decision's subject here."""
        subject = subject_of(decision)
        return subject in self._rows if _is_of_building(decision) else subject in self._parts

    def holds(self, decision: Decision, thing: Thing) -> bool:
        """Say whether what bears the id of a decision's subject is its thing: all that bear it, if several do."""
        if not _is_of_building(decision):
            part = self._parts.get(subject_of(decision))
            return part is not None and self._is_part(part, thing, shapely.from_wkt(thing.ground))
        rows = self._rows.get(subject_of(decision), [])
        return bool(rows) and all(self._is_building(row, decision, thing) for row in rows)

    def are_apart(self, one: Decision, other: Decision) -> bool:
        """Say whether two decisions are about things that lie apart, whatever ids they bear."""
        if one.thing is None or other.thing is None:
            return False
        grounds = (shapely.from_wkt(each.thing.ground) for each in (one, other) if each.thing is not None)
        return not shapely.dwithin(*grounds, self._rules.apart_m)

    def found_again(self, decision: Decision, thing: Thing) -> str:
        """Return the id under which a decision's thing is there now; empty where it is not."""
        ground = shapely.from_wkt(thing.ground)
        if _is_of_building(decision):
            rows = self._footprints.query(ground, predicate="intersects").tolist()
            pairs = [
                (shared(ground, self._buildings.geometry[row]), str(self._buildings.ids[row]))
                for row in rows
                if self._is_building(row, decision, thing)
            ]
        else:
            parts, tree = self._grounds
            near = [parts[row] for row in tree.query(ground, predicate="dwithin", distance=self._rules.apart_m).tolist()]
            pairs = [(shared(ground, each.geometry), each.part_id) for each in near if self._is_part(each, thing, ground)]
        return min(pairs, key=lambda pair: (-pair[0], pair[1]))[1] if pairs else ""

    def _is_building(self, row: int, decision: Decision, thing: Thing) -> bool:
        """Say whether a building is a thing; what protects holds on its ground, whatever the map calls the building there now."""
        shape = self._buildings.geometry[row]
        if _as_text(shape) != thing.ground and shared(shapely.from_wkt(thing.ground), shape) < self._rules.share:
            return False
        tags = self._buildings.tags[row]
        if isinstance(decision, Declaration) and decision.fact == DWELLING:
            return True
        is_low = recorded_storeys(tags) <= max(thing.storeys, 1.0) + self._rules.storeys_more
        return tags.get("building", "yes") == thing.kind and is_low

    def _is_part(self, part: Part, thing: Thing, ground: BaseGeometry) -> bool:
        return kind_of(part) == thing.kind and is_same_ground(ground, part.geometry, self._rules)


def kind_of(part: Part) -> str:
    """Return what a part is by: the pack and the category that make it."""
    return f"{part.pack}:{part.category}"


def subject_of(decision: Decision) -> str:
    """Return the id of what a decision is about."""
    return decision.subject if isinstance(decision, Declaration) else decision.part_id


def recorded_storeys(tags: Tags) -> float:
    """Return the storeys of a building that its map records, else 0."""
    height_m = parse_length_m(tags.get("height", ""))
    return storeys_of(tags, "default" if height_m is None else "height", height_m or 0.0)


def shared(one: BaseGeometry, other: BaseGeometry) -> float:
    """Return what two grounds share over what any of them has; of points and lines whether they are the same.

    >>> shared(shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1))
    0.3333333333333333
    """
    if shapely.get_dimensions(one) != 2 or shapely.get_dimensions(other) != 2:
        return float(shapely.equals(one, other))
    one, other = (each if shapely.is_valid(each) else shapely.make_valid(each) for each in (one, other))
    both = float(shapely.area(shapely.intersection(one, other)))
    return both / max(float(shapely.area(one)) + float(shapely.area(other)) - both, 1e-9)


def is_same_ground(one: BaseGeometry, other: BaseGeometry, rules: IdentityRules) -> bool:
    """Say whether two shapes of a part are those of one thing: they share enough, or moved little and are as large."""
    dimension = int(shapely.get_dimensions(one))
    if dimension != int(shapely.get_dimensions(other)):
        return False
    if dimension == 1:
        within = (_within(one, other, rules.apart_m), _within(other, one, rules.apart_m))
        return min(within) >= rules.share
    if dimension == 2:
        sizes = sorted((float(shapely.area(one)), float(shapely.area(other))))
        if shared(one, other) >= rules.share:
            return True
        if sizes[0] < rules.share * sizes[1]:
            return False
    return bool(shapely.distance(shapely.centroid(one), shapely.centroid(other)) <= rules.apart_m)


def _within(line: BaseGeometry, other: BaseGeometry, reach_m: float) -> float:
    """Return the share of a line that lies within reach of another."""
    inside = shapely.length(shapely.intersection(line, shapely.buffer(other, reach_m)))
    return float(inside / max(float(shapely.length(line)), 1e-9))


def _as_text(shape: BaseGeometry) -> str:
    return str(shapely.to_wkt(shape, rounding_precision=_DECIMALS))


def _is_of_building(decision: Decision) -> bool:
    return isinstance(decision, Declaration) and decision.fact in OF_BUILDINGS


def needs_thing(decision: Decision, project: Project) -> bool:
    """Say whether a decision is about something that a file brought: not a cell, and not what a person drew."""
    subject = subject_of(decision)
    return not subject.startswith((CELL, BORDER)) and all(subject != each.part_id for each in project.hand_made_parts)


def settled(project: Project, there: ThingsThere, day: str = "") -> Settled:
    """Return a project whose decisions hold for their things.

    A decision of before gets what bears its id now as its thing. One whose thing is there under another id follows it; one whose
    thing is not there, or is another one, is suspended. One that was suspended holds again where its thing is back. A thing stays
    as it was when the decision was made: many small steps make no other thing of it.
    """
    placed = [(each, *_placed(each, there, project)) for name in LISTS for each in getattr(project, name)]
    waiting = [(each, _placed(each.made, there, project)[0]) for each in project.suspended]
    back = [found for each, found in waiting if found is not None and each.made.thing is not None]
    kept: dict[_Key, Decision] = {}
    # Whoever stands where the decision was made has the id; what only came to it by its ground gives way.
    for found in (*(new for old, new, _ in placed if new is not None and subject_of(new) == subject_of(old)), *back):
        kept.setdefault(_key(found), found)
    for old, new, _ in placed:
        if new is not None and subject_of(new) != subject_of(old):
            kept.setdefault(_key(new), new)
    there_now = {id(each) for each in kept.values()}
    fresh = [Suspended.of(old, why or OTHER, day) for old, new, why in placed if new is None or id(new) not in there_now]
    still = [each for each, found in waiting if found is None or (each.made.thing is None) or id(found) not in there_now]
    moved = [new for old, new, _ in placed if new is not None and id(new) in there_now and subject_of(new) != subject_of(old)]
    in_order = [new for _, new, _ in placed if new is not None and id(new) in there_now]
    restored = [found for found in back if id(found) in there_now]
    changed = {
        name: tuple(each for each in (*in_order, *restored) if f"{type(each).__name__.lower()}s" == name) for name in LISTS
    }
    if not fresh and not restored and all(_is_same(getattr(project, name), some) for name, some in changed.items()):
        return Settled(project)
    both = {each.key: each for each in (*still, *fresh)}
    after = replace(
        project,
        confirmations=_only(Confirmation, changed["confirmations"]),
        excuses=_only(Excuse, changed["excuses"]),
        declarations=_only(Declaration, changed["declarations"]),
        suspended=tuple(both.values()),
        district=_handed(project.district, changed),
        numbers=_followed(project.numbers, placed),
    )
    return Settled(after, len(moved), tuple(fresh), len(restored))


def _followed(
    numbers: tuple[GivenNumber, ...], placed: Sequence[tuple[Decision, Decision | None, str]]
) -> tuple[GivenNumber, ...]:
    """Return the numbers of parts under the ids that their things bear now; a number that another part has is left to it."""
    moved = {subject_of(old): subject_of(new) for old, new, _ in placed if new is not None and isinstance(new, Confirmation)}
    stay = {each.camera_id for each in numbers if each.series is Series.PART}
    stay -= {old for old, new in moved.items() if old != new}
    moved = {old: new for old, new in moved.items() if old != new and new not in stay}
    if not moved:
        return numbers
    return tuple(
        replace(each, camera_id=moved[each.camera_id]) if each.series is Series.PART and each.camera_id in moved else each
        for each in numbers
    )


def with_things(project: Project, there: ThingsThere) -> Project:
    """Return a project whose decisions have their things, as far as they are there: as when they are made.

    A decision that is made anew takes the place of one about the same subject that was suspended, unless that was about something
    elsewhere, to which a file gave the same id before.
    """
    confirmations = tuple(_anchored(each, there, project) for each in project.confirmations)
    excuses = tuple(_anchored(each, there, project) for each in project.excuses)
    declarations = tuple(_anchored(each, there, project) for each in project.declarations)
    everything: tuple[Decision, ...] = (*confirmations, *excuses, *declarations)
    made = {_key(each): each for each in everything}
    left = tuple(
        each for each in project.suspended if (new := made.get(_key(each.made))) is None or there.are_apart(each.made, new)
    )
    return replace(project, confirmations=confirmations, excuses=excuses, declarations=declarations, suspended=left)


def _anchored(decision: _D, there: ThingsThere, project: Project) -> _D:
    if decision.thing is not None or not needs_thing(decision, project):
        return decision
    thing = there.thing(decision)
    return decision if thing is None else replace(decision, thing=thing)


def _placed(decision: Decision, there: ThingsThere, project: Project) -> tuple[Decision | None, str]:
    """Return a decision under the id that its thing has now, or None and why it is suspended."""
    if not needs_thing(decision, project):
        return decision, ""
    thing = decision.thing
    if thing is None:
        thing = there.thing(decision)
        if thing is None:  # what a user drew keeps to its id; of a thing that is not there nobody could say later which it was
            return (decision, "") if there.is_known(decision) else (None, GONE)
        return replace(decision, thing=thing), ""
    if there.holds(decision, thing):
        return decision, ""
    again = there.found_again(decision, thing)
    if again:
        return replace(decision, subject=again) if isinstance(decision, Declaration) else replace(decision, part_id=again), ""
    return None, OTHER if there.is_known(decision) else GONE


def _key(decision: Decision) -> _Key:
    return type(decision).__name__, subject_of(decision), decision.fact if isinstance(decision, Declaration) else ""


def _only(cls: type[_D], decisions: Sequence[Decision]) -> tuple[_D, ...]:
    return tuple(each for each in decisions if isinstance(each, cls))


def _is_same(one: Sequence[Decision], other: Sequence[Decision]) -> bool:
    return len(one) == len(other) and all(a is b for a, b in zip(one, other, strict=True))


def _handed(district: District | None, changed: Mapping[str, Sequence[Decision]]) -> District | None:
    """Return what a district was handed, with the things of decisions that are unchanged since."""
    if district is None:
        return None
    now = {_bare(each): each for some in changed.values() for each in some}
    return replace(
        district,
        confirmations=_only(Confirmation, [now.get(_bare(each), each) for each in district.confirmations]),
        excuses=_only(Excuse, [now.get(_bare(each), each) for each in district.excuses]),
        declarations=_only(Declaration, [now.get(_bare(each), each) for each in district.declarations]),
    )


def _bare(decision: Decision) -> Decision:
    return replace(decision, thing=None)
