"""Pairs of recorded views that share ground at 25 px/m or better, updated for the rows that changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.live.state import GroundMeeting, Rows, State, meeting_of, objects, with_changed

MANY = 64  # rows from which a tree of all grounds is worth its making
LEAST_AREA_M2 = 1.0  # slivers along a shared wall are rounding, not overlap
Pair = tuple[int, int]


def with_overlaps(state: State, rows: IntArray) -> State:
    """Return the state with the overlaps of some rows computed anew."""
    each = rows.tolist()
    meeting = meeting_of(state.sharp) if len(each) >= MANY else with_changed(state.meeting, each, state.sharp)
    shared = _shared_m2(state, _pairs_with(state.sharp, meeting, each))
    changed = _without(state.overlaps, each)
    for (a, b), area in shared.items():
        for one, other in ((a, b), (b, a)):
            changed.setdefault(one, dict(state.overlaps[one]))[other] = area
    return replace(state, overlaps=state.overlaps.replaced(list(changed), list(changed.values())), meeting=meeting)


def _without(overlaps: Rows, rows: Sequence[int]) -> dict[int, dict[int, float]]:
    """Return the overlaps of some rows, none yet, and of those that they had overlaps with."""
    others = {other for row in rows for other in overlaps[row]}
    changed = {other: dict(overlaps[other]) for other in others.difference(rows)}
    for row in rows:
        for other in changed.keys() & overlaps[row].keys():
            del changed[other][row]
    return changed | {row: {} for row in rows}


def _shared_m2(state: State, pairs: Sequence[Pair]) -> Mapping[Pair, float]:
    """Return the area that the views of each pair share, where it is an overlap and they are of two cameras."""
    apart = [(a, b) for a, b in pairs if state.views[a].camera_id != state.views[b].camera_id]
    first, second = (objects([state.sharp[pair[side]] for pair in apart]) for side in (0, 1))
    area = shapely.area(shapely.intersection(first, second)).tolist()
    return {pair: shared for pair, shared in zip(apart, area, strict=True) if shared >= LEAST_AREA_M2}


def _pairs_with(sharp: Rows, meeting: GroundMeeting, rows: Sequence[int]) -> list[Pair]:
    """Return all pairs of rows, the lower first, whose sharp ground can meet and of which one is among these."""
    if len(rows) >= MANY:
        at, other = meeting.tree.query(objects([sharp[row] for row in rows]), predicate="intersects")
        met = list(zip(np.array(rows, np.int64)[at].tolist(), other.tolist(), strict=True))
    else:
        met = [(row, other) for row in rows for other in meeting.near(sharp[row])]
    return sorted({(min(pair), max(pair)) for pair in met if pair[0] != pair[1]})
