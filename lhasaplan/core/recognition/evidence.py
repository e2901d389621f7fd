"""List the evidence that ground is protected, feature by feature, to compare data before and after an import."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray, ObjectArray
from lhasaplan.core.base.geometry_repair import is_drawn_plainly
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.model.tag_conditions import is_drawn
from lhasaplan.core.project.decisions import DWELLING
from lhasaplan.core.recognition.features import NOT_SEARCHED, kinds_shown, things_of
from lhasaplan.core.recognition.kind_types import ATTACH_M, LINE_M, ProtectedKinds
from lhasaplan.core.recognition.unknown_use import shows_unknown_use

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
