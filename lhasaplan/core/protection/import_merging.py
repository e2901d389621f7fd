"""Merge the features of an imported file with those of a project: which are replaced, and which stay."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, ObjectArray
from lhasaplan.core.model.layer import Layer, take
from lhasaplan.core.protection.features import BUILDINGS, SAME_SHARE
from lhasaplan.core.protection.kind_types import ProtectedKinds
from lhasaplan.core.protection.lost_protection import (
    DRAWN,
    NOTHING,
    USE_UNKNOWN,
    Evidence,
    evidence_of,
    not_in,
    not_just_so,
    together,
)

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
