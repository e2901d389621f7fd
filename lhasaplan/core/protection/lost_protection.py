"""What an import would take away of protection, thing by thing, and how it is kept beside the new data."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, IntArray, ObjectArray
from lhasaplan.core.base.geometry_repair import is_drawn_plainly
from lhasaplan.core.model.layer import InputRecord, Layer, is_drawn, take
from lhasaplan.core.project.decisions import DWELLING, Declaration
from lhasaplan.core.project.project import KNOWN, UNKNOWN, Loss, Project, counted_once, noted_alone, united
from lhasaplan.core.protection.features import BUILDINGS, NOT_SEARCHED, SAME_SHARE, kinds_shown, things_of
from lhasaplan.core.protection.kind_types import ATTACH_M, LINE_M, ProtectedKinds
from lhasaplan.core.protection.unknown_use import declared, shows_unknown_use

# List the evidence that ground is protected, feature by feature, to compare data before and after an import.

USE_UNKNOWN = "use_unknown"
DRAWN = "drawn"
_BUILDINGS = "buildings"
_LESS_M2, _LESS_SHARE = 1.0, 0.01  # what is redrawn by less than this is the same ground


@dataclass(frozen=True, eq=False, slots=True)
class Evidence:
    """One row for each thing that is protected: the kinds that it shows, and its shape; ``row`` is the row of its layer.

    A building of unknown use shows ``use_unknown``; what a user drew shows ``drawn`` beside its kind.
    """

    kinds: tuple[frozenset[str], ...]
    shapes: ObjectArray
    row: IntArray

    def __len__(self) -> int:
        return len(self.kinds)

    def at(self, rows: Sequence[int]) -> "Evidence":
        """Return some of the things."""
        return Evidence(tuple(self.kinds[row] for row in rows), self.shapes[[*rows]], self.row[[*rows]])


NOTHING = Evidence((), np.empty(0, object), np.empty(0, np.int64))


def evidence_of(layer: Layer, kinds: ProtectedKinds, lived_in: Collection[str] = ()) -> Evidence:
    """Return what of a layer shows that ground is protected.

    Parameters
    ----------
    lived_in : ids of buildings that a person declared dwellings, whatever the map says of them.
    """
    index, named, found = kinds.index(), kinds.by_name(), []
    plain = is_drawn_plainly(layer.geometry).tolist()
    for row, (shape, tags, is_plain) in enumerate(zip(layer.geometry, layer.tags, plain, strict=True)):
        is_ours = is_drawn(tags)
        names = kinds_shown(tags, is_ours, index) if is_ours or layer.name not in NOT_SEARCHED else ()
        if lived_in and layer.name == _BUILDINGS and layer.ids[row] in lived_in:
            names = (*names, DWELLING)
        if names:
            shown = frozenset((*names, DRAWN) if is_ours else names)
            things = [shape] if is_plain else things_of(shape, [named[each] for each in names])
            found += [(shown, thing, row) for thing in things]
        elif layer.name == _BUILDINGS and shows_unknown_use(tags, kinds):
            found += [(frozenset((USE_UNKNOWN,)), shape, row)]
    return _as_evidence(found)


def together(parts: Iterable[Evidence]) -> Evidence:
    """Return the evidence of several layers as one; rows are those of each layer still."""
    found = [each for part in parts for each in zip(part.kinds, part.shapes, part.row.tolist(), strict=True)]
    return _as_evidence(found)


def _as_evidence(found: Sequence[tuple[frozenset[str], BaseGeometry, int]]) -> Evidence:
    shapes = np.array([*(shape for _, shape, _ in found), None], object)[:-1]
    return Evidence(tuple(kinds for kinds, _, _ in found), shapes, np.array([row for _, _, row in found], np.int64))


def not_in(before: Evidence, after: Evidence) -> list[int]:
    """Return the rows of before that are not there after: of another kind, elsewhere, or on less ground.

    What is there unchanged is known by its shape to the bit. Of the rest each kind must be shown after on all of its ground, by
    whatever features: a school may be drawn anew, or as its parts. A building of unknown use may be of any kind since.
    """
    same = set(zip(after.kinds, shapely.to_wkb(after.shapes).tolist(), strict=True))
    wkb = shapely.to_wkb(before.shapes).tolist()
    rest = [row for row in range(len(before)) if (before.kinds[row], wkb[row]) not in same]
    if not rest:
        return []
    row, other = shapely.STRtree(after.shapes).query(before.shapes[rest], predicate="dwithin", distance=ATTACH_M)
    near: dict[int, list[int]] = {}
    for each, found in zip(row.tolist(), other.tolist(), strict=True):
        near.setdefault(rest[each], []).append(found)
    return [each for each in rest if not _is_there(before, each, after, near.get(each, ()))]


def _is_there(before: Evidence, row: int, after: Evidence, near: Sequence[int]) -> bool:
    wanted = before.kinds[row]
    return all(
        _covered(
            before.shapes[row],
            after.shapes[[other for other in near if kind == USE_UNKNOWN or kind in after.kinds[other]]],
        )
        for kind in wanted
    )


def _covered(shape: BaseGeometry, by: ObjectArray) -> bool:
    """Say whether shapes stand for all of another; a point for one that it lies at, as at a door."""
    if not len(by):
        return False
    dimension = int(shapely.get_dimensions(shape))
    if dimension == 0:
        return True  # whatever is near lies within reach
    if dimension == 1:
        left = shapely.difference(shape, shapely.union_all(shapely.buffer(by, ATTACH_M)))
        return bool(shapely.length(left) <= ATTACH_M)
    is_area = shapely.get_dimensions(by) == 2
    ground = shapely.union_all([*by[is_area], *shapely.buffer(by[~is_area], LINE_M)])
    return bool(shapely.area(shapely.difference(shape, ground)) <= max(_LESS_M2, _LESS_SHARE * shape.area))


_SIGN_BYTES = 9
# Odd numbers of 64 bits, by which the four edges of a box are spread before they are added.
_ODD = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9, 0xD6E8FEB86659FD93], np.uint64)
_NEAR_M = ATTACH_M + 1.0
Layers = Mapping[str, Layer]


@dataclass(frozen=True, slots=True)
class Town:
    """The data of a project that say what is protected: its layers, and what people declared to be lived in."""

    layers: Layers
    declarations: tuple[Declaration, ...] = ()
    hides_drawn: bool = False  # places that users drew are closed, and missing from the layers

    @property
    def lived_in(self) -> frozenset[str]:
        """Return the ids of the buildings that a named person declared dwellings."""
        return declared(self.declarations, DWELLING)


def town_of(project: Project) -> Town:
    """Return the data of a project that say what is protected."""
    return Town(project.layers, project.declarations, project.is_closed)


def loss_between(before: Town, after: Town, kinds: Callable[[], ProtectedKinds]) -> Loss:
    """Return what is protected in one state of a town and not in another: of no such kind there, or on less ground.

    Whatever stands for it counts: a school may be drawn anew, in another layer, or as its parts. A building of unknown use may be
    of any protected kind since.

    Parameters
    ----------
    kinds : gives the protected kinds; not asked where nothing was replaced.
    """
    changed = [(layer, not_just_so(layer, after.layers.get(name))) for name, layer in before.layers.items()]
    lived_in, lives_on = before.lived_in, after.lived_in
    ended = lived_in - lives_on
    changed = [(layer, rows | _of_ids(layer, ended)) for layer, rows in changed]
    if not any(rows.any() for _, rows in changed):
        return Loss(0)
    gone = together(evidence_of(take(layer, rows), kinds(), lived_in) for layer, rows in changed if rows.any())
    if after.hides_drawn:
        gone = gone.at([row for row, shown in enumerate(gone.kinds) if DRAWN not in shown])
    if not len(gone):
        return Loss(0)
    tree = shapely.STRtree(gone.shapes)
    near = (take(layer, _near(layer, tree)) for layer in after.layers.values())
    left = gone.at(not_in(gone, together(evidence_of(layer, kinds(), lives_on) for layer in near if len(layer))))
    return _counted(left)


def not_just_so(layer: Layer, other: Layer | None) -> BoolArray:
    """Return the rows of a layer that another one has not just so: the same shape and tags, under whatever id."""
    if other is layer:
        return np.zeros(len(layer), bool)
    if other is None or not len(other):
        return np.ones(len(layer), bool)
    rows = ~_is_itself(layer, other)
    some = np.flatnonzero(rows)
    one, same = _same_shapes(layer.geometry[some], other.geometry)
    tags, others = layer.tags, other.tags
    said = [tags[row] == others[at] for row, at in zip(some[one].tolist(), same.tolist(), strict=True)]
    rows[some[one[said]]] = False
    return rows


def _is_itself(layer: Layer, other: Layer) -> BoolArray:
    """Return the rows of a layer that are rows of another one as well, the very same objects."""
    if set(map(id, other.geometry)).isdisjoint(map(id, layer.geometry)):
        return np.zeros(len(layer), bool)
    itself = set(zip(map(id, other.geometry), map(id, other.tags), strict=True))
    pairs = zip(map(id, layer.geometry), map(id, layer.tags), strict=True)
    return np.fromiter((pair in itself for pair in pairs), bool, len(layer))


def _same_shapes(some: ObjectArray, there: ObjectArray) -> tuple[IntArray, IntArray]:
    """Return the pairs of shapes that are the same to the bit: places in both arrays.

    Boxes are compared before shapes: nearly all buildings of a town have a box of their own.
    """
    boxes, others = (_box_keys(each) for each in (some, there))
    order, asked = np.argsort(others, kind="stable"), np.argsort(boxes)
    first, end = np.empty((2, len(boxes)), np.int64)
    # Asked in order, neighbours are looked up side by side; in the order of the file each one is far from the one before.
    first[asked] = np.searchsorted(others[order], boxes[asked], "left")
    end[asked] = np.searchsorted(others[order], boxes[asked], "right")
    times = end - first
    one = np.repeat(np.arange(len(some)), times)
    nth = np.arange(len(one)) - np.repeat(np.cumsum(times) - times, times)
    same = order[np.repeat(first, times) + nth]
    is_same = _is_to_the_bit(some[one], there[same])
    return one[is_same], same[is_same]


def _box_keys(shapes: ObjectArray) -> NDArray[np.uint64]:
    """Return a number for the box of each shape; boxes that are the same to the bit have the same one, few others have."""
    boxes = np.ascontiguousarray(shapely.bounds(shapes).reshape(-1, 4))
    return np.asarray((boxes.view(np.uint64) * _ODD).sum(axis=1), np.uint64)


def _is_to_the_bit(one: ObjectArray, other: ObjectArray) -> BoolArray:
    """Say of each pair of shapes whether they are the same, heights too."""
    same = np.asarray(shapely.equals_exact(one, other, tolerance=0.0), bool)
    doubtful = np.flatnonzero(same & (shapely.has_z(one) | shapely.has_z(other)))
    if len(doubtful):
        same[doubtful] = shapely.to_wkb(one[doubtful]) == shapely.to_wkb(other[doubtful])
    return same


def _of_ids(layer: Layer, ids: Collection[str]) -> BoolArray:
    if not ids or layer.name != "buildings":
        return np.zeros(len(layer), bool)
    return np.fromiter((each in ids for each in layer.ids), bool, len(layer))


def _near(layer: Layer, tree: shapely.STRtree) -> BoolArray:
    found = np.zeros(len(layer), bool)
    found[tree.query(layer.geometry, predicate="dwithin", distance=_NEAR_M)[0]] = True
    return found


def _counted(gone: Evidence) -> Loss:
    """Return things as a loss: a thing that two kinds of features show is one of each."""
    is_unknown = [USE_UNKNOWN in shown for shown in gone.kinds]
    pairs = zip(gone.kinds, shapely.to_wkb(gone.shapes).tolist(), is_unknown, strict=True)
    signs = [_sign(shown, wkb, UNKNOWN if unknown else KNOWN) for shown, wkb, unknown in pairs if DRAWN not in shown]
    return Loss(is_unknown.count(False), is_unknown.count(True), things=tuple(sorted(signs)))


def _sign(shown: frozenset[str], wkb: bytes, group: str) -> str:
    """Return what tells a thing from others and leads to no place: a digest of its kinds and its shape to the bit."""
    return group + blake2b(" ".join(sorted(shown)).encode() + wkb, digest_size=_SIGN_BYTES).hexdigest()


def recorded(project: Project, loss: Loss, step: str, day: str) -> tuple[Project, Loss]:
    """Return a project with a loss in it, and what of it is new there: what was counted before is not counted again."""
    seen = {thing for each in project.losses for thing in each.things}
    again = Counter(thing[:1] for thing in loss.things if thing in seen)
    things = tuple(thing for thing in loss.things if thing not in seen)
    fresh = replace(loss, known=loss.known - again[KNOWN], unknown=loss.unknown - again[UNKNOWN], things=things)
    if not fresh:
        return project, fresh
    what = (*things, str(fresh.known), str(fresh.unknown), *(() if things else (step, day, str(len(project.losses)))))
    kept = replace(fresh, step=step, day=day, key=blake2b(" ".join(what).encode(), digest_size=_SIGN_BYTES).hexdigest())
    return replace(project, losses=united(project.losses, (kept,))), kept


def losses(project: Project) -> Iterator[Loss]:
    """Yield all that is known to have left protection, each thing once: what the state holds, and what its journal alone says.

    >>> from lhasaplan.core.project.journal import JournalEntry, ProtectionLost
    >>> [each.known for each in losses(Project(journal=(JournalEntry(ProtectionLost(3), "2026-01-03"),)))]
    [3]
    """
    yield from counted_once(all_losses(project))


def all_losses(project: Project) -> tuple[Loss, ...]:
    """Return the losses of a project as rows of its state."""
    return (*project.losses, *noted_alone(project.journal, project.losses))


def unread(inputs: Iterable[InputRecord]) -> int:
    """Return how many protected outlines of a project's files could not be read, or not whole."""
    return sum(record.unread_protected for record in inputs)


_PLACES = "places"


@dataclass(frozen=True, eq=False, slots=True)
class Joined:
    """The layers of a project with a file in it.

    ``beside`` counts protected features whose id the file gives to another thing,
    ``drawn`` what a user drew in an earlier file of this name and the file no longer has; both stay.
    """

    layers: Mapping[str, Layer]
    beside: int
    drawn: int


def join(
    old: Mapping[str, Layer],
    fresh: Sequence[Layer],
    source: str,
    kinds: Callable[[], ProtectedKinds],
    *,
    drawn_may_go: bool = False,
) -> Joined:
    """Return the layers of both: a file replaces what it brought before, and features of others that are the same thing.

    The same thing has the same id, and for what is protected the same kinds and ground besides. What a user drew goes only
    by an explicit act.

    Parameters
    ----------
    kinds : gives the protected kinds; not asked where the file replaces nothing.
    """
    layers, counts = dict(old), np.zeros(2, int)
    going = {name: _going(layer, _named(fresh, name), source) for name, layer in old.items()}
    # What the file has just so cannot be missing from it: most of a town that is taken in again.
    asked = {name: goes & not_just_so(old[name], _named(fresh, name)) for name, goes in going.items() if goes.any()}
    brought = together(evidence_of(layer, kinds()) for layer in fresh) if any(rows.any() for rows in asked.values()) else NOTHING
    for name, rows in asked.items():
        goes, some = going[name], take(old[name], rows)
        shown = evidence_of(some, kinds()) if len(some) else NOTHING
        missing = shown.at(not_in(shown, brought))
        stays, is_drawn = _staying(missing, some, source, drawn_may_go)
        counts += [int((stays & ~is_drawn).sum()), int(is_drawn.sum())]
        goes[np.flatnonzero(rows)[stays]] = False
        layers[name] = take(old[name], ~goes)
    for layer in fresh:
        _add(layers, layer, source)
    layers = {name: layer for name, layer in layers.items() if len(layer)}
    return Joined(layers, *counts.tolist())


def _named(layers: Sequence[Layer], name: str) -> Layer | None:
    return next((layer for layer in layers if layer.name == name), None)


def _going(layer: Layer, fresh: Layer | None, source: str) -> BoolArray:
    """Return the rows that this file brought before, or whose ids it has."""
    ids = set() if fresh is None else set(fresh.ids.tolist())
    sources = layer.source or ("",) * len(layer)
    return np.fromiter(
        (of == source or key in ids for key, of in zip(layer.ids.tolist(), sources, strict=True)), bool, len(layer)
    )


def _staying(missing: Evidence, some: Layer, source: str, drawn_may_go: bool) -> tuple[BoolArray, BoolArray]:
    """Return which of the rows that would go stay, and which of these a user drew."""
    stays, drawn = np.zeros(len(some), bool), np.zeros(len(some), bool)
    sources = some.source or ("",) * len(some)
    for kinds, row in zip(missing.kinds, missing.row.tolist(), strict=True):
        is_ours = DRAWN in kinds
        drawn[row] |= is_ours
        stays[row] |= not drawn_may_go if is_ours else sources[row] != source and USE_UNKNOWN not in kinds
    return stays, drawn & stays


def _add(layers: dict[str, Layer], fresh: Layer, source: str) -> None:
    """Put a layer of the file into those of the project; what stays under an id that the file has gets a mark behind its own."""
    old, sources = layers.get(fresh.name), fresh.source or (source,) * len(fresh)
    if old is None or not len(old):
        layers[fresh.name] = replace(fresh, source=sources)
        return
    ids = set(fresh.ids.tolist())
    taken = np.fromiter((key in ids for key in old.ids.tolist()), bool, len(old))
    if taken.any() and fresh.name == BUILDINGS:
        redrawn = taken & _is_redrawn(old, fresh)
        # The ground of buildings that were drawn anew stays protected; the new outline alone is a wall.
        buildings = take(old, redrawn)
        if len(buildings):
            _add(layers, replace(buildings, name=_PLACES, source=buildings.source or ("",) * len(buildings)), "")
        old, taken = take(old, ~redrawn), taken[~redrawn]
    layers[fresh.name] = Layer(
        fresh.name,
        np.concatenate([_marked(old.ids, taken, ids), fresh.ids]),
        np.concatenate([old.geometry, fresh.geometry]),
        (*old.tags, *fresh.tags),
        (*(old.source or ("",) * len(old)), *sources),
    )


def _is_redrawn(old: Layer, fresh: Layer) -> BoolArray:
    """Return the buildings that the file draws anew by their ids: the new outline shares half of the smaller one."""
    row_of = {key: row for row, key in enumerate(fresh.ids.tolist())}
    rows = [row_of.get(key, -1) for key in old.ids.tolist()]
    both = [(k, row) for k, row in enumerate(rows) if row >= 0]
    redrawn = np.zeros(len(old), bool)
    for k, row in both:
        a, b = old.geometry[k], fresh.geometry[row]
        redrawn[k] = shapely.intersection(a, b).area >= SAME_SHARE * min(a.area, b.area)
    return redrawn


def _marked(ids: ObjectArray, taken: BoolArray, others: set[str]) -> ObjectArray:
    marked, known = ids.copy(), others | set(ids[~taken].tolist())
    for row in np.flatnonzero(taken).tolist():
        number = 1
        while (name := f"{ids[row]}/earlier{number}") in known:
            number += 1
        known.add(name)
        marked[row] = name
    return marked
