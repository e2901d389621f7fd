"""Which recorded views share ground at 25 px/m or better, kept up to date for the rows that changed."""

from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.arrays import IntArray
from lhasaplan.core.incremental.columns import UNSEEN
from lhasaplan.core.incremental.ground import may_meet
from lhasaplan.core.incremental.state import State

MANY = 64  # rows from which a tree of all grounds is worth its making
LEAST_AREA_M2 = 1.0  # slivers along a shared wall are rounding, not overlap


def with_overlaps(state: State, rows: IntArray) -> State:
    """Return the state with the overlaps of some rows computed anew."""
    first, second = _pairs_with(state, rows)
    area = shapely.area(shapely.intersection(state.sharp[first], state.sharp[second]))
    gone, overlaps = set(rows.tolist()), state.overlaps.copy()
    for row in gone.union(*(state.overlaps[each] for each in gone)):
        overlaps[row] = {b: shared for b, shared in state.overlaps[row].items() if b not in gone and row not in gone}
    for a, b, shared in zip(first.tolist(), second.tolist(), area.tolist(), strict=True):
        if shared >= LEAST_AREA_M2 and state.views[a].camera_id != state.views[b].camera_id:
            overlaps[a], overlaps[b] = {**overlaps[a], b: shared}, {**overlaps[b], a: shared}
    return replace(state, overlaps=overlaps)


def _pairs_with(state: State, rows: IntArray) -> tuple[IntArray, IntArray]:
    """Return all pairs of rows, the lower first, whose sharp ground can meet and of which one is among these."""
    if len(rows) >= MANY:
        at, other = shapely.STRtree(state.sharp).query(state.sharp[rows], predicate="intersects")
        found = np.column_stack((rows[at], other))
    else:
        near = [np.flatnonzero(may_meet(state.bounds, state.bounds[row])) for row in rows.tolist()]
        found = np.column_stack((np.repeat(rows, [len(each) for each in near]), np.concatenate([UNSEEN.points, *near])))
    pairs = np.unique(np.sort(found[found[:, 0] != found[:, 1]], axis=1), axis=0)
    return pairs[:, 0], pairs[:, 1]
