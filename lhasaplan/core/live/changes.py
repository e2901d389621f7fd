"""Begin a live state, and bring it up to what was found of cameras and of other demand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.demand.columns import UNSEEN, DemandColumn
from lhasaplan.core.live.near_camera import NOTHING, Grounds
from lhasaplan.core.live.state import (
    GroundMeeting,
    SharedRows,
    Spots,
    State,
    blank_rows,
    lenses_of,
    meeting_of,
    objects,
    with_changed,
)
from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.sight import Scene

# Pairs of recorded views that share ground at 25 px/m or better, updated for the rows that changed.

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


def _without(overlaps: SharedRows[Mapping[int, float]], rows: Sequence[int]) -> dict[int, dict[int, float]]:
    """Return the overlaps of some rows, none yet, and of those that they had overlaps with."""
    others = {other for row in rows for other in overlaps[row]}
    changed = {other: dict(overlaps[other]) for other in others.difference(rows)}
    for row in rows:
        for other in changed.keys() & overlaps[row].keys():
            del changed[other][row]
    return changed | {row: {} for row in rows}


def _shared_m2(state: State, pairs: Sequence[Pair]) -> Mapping[Pair, float]:
    """Return the area that the views of each pair share, where it is an overlap and they are of two cameras."""
    apart = [(a, b) for a, b in pairs if state.view(a).camera_id != state.view(b).camera_id]
    first, second = (objects([state.sharp[pair[side]] for pair in apart]) for side in (0, 1))
    area = shapely.area(shapely.intersection(first, second)).tolist()
    return {pair: shared for pair, shared in zip(apart, area, strict=True) if shared >= LEAST_AREA_M2}


def _pairs_with(sharp: SharedRows[BaseGeometry], meeting: GroundMeeting, rows: Sequence[int]) -> list[Pair]:
    """Return all pairs of rows, the lower first, whose sharp ground can meet and of which one is among these."""
    if len(rows) >= MANY:
        at, other = meeting.tree.query(objects([sharp[row] for row in rows]), predicate="intersects")
        met = list(zip(np.array(rows, np.int64)[at].tolist(), other.tolist(), strict=True))
    else:
        met = [(row, other) for row in rows for other in meeting.near(sharp[row])]
    return sorted({(min(pair), max(pair)) for pair in met if pair[0] != pair[1]})


@dataclass(frozen=True, eq=False, slots=True)
class LiveLook:
    """What was found of a camera's views: the ground of each, and its column."""

    views: Sequence[View]
    grounds: Sequence[Grounds]
    columns: Sequence[DemandColumn]


def state_of_scene(scene: Scene, spots: Spots) -> State:
    """Return the state of a city without views, whose scene is made."""
    blank = blank_rows(0)
    counts = np.zeros(len(spots), np.int64)
    return State(scene=scene, spots=spots, rows={}, counts=counts, meeting=meeting_of(blank["sharp"]), **blank)


def with_seen(state: State, seen: Mapping[str, LiveLook]) -> State:
    """Return the state after the views of some cameras were replaced by these, whose fields are computed."""
    grown = _grown(state, {key: len(each.views) - len(state.rows.get(key, ())) for key, each in seen.items()})
    rows, views, grounds, columns = list[int](), list[View | None](), list[Grounds](), list[DemandColumn]()
    for key, each in seen.items():
        spare = len(grown.rows.get(key, ())) - len(each.views)
        rows += grown.rows.get(key, ())
        views += (*each.views, *[None] * spare)
        grounds += (*each.grounds, *[(NOTHING, NOTHING)] * spare)
        columns += (*each.columns, *[UNSEEN] * spare)
    at = np.array(rows, np.int64)
    changed = replace(grown, views=grown.views.replaced(at, views), lenses=grown.lenses.replaced(at, lenses_of(views)))
    return with_overlaps(_filled(_counted(grown, changed, at, columns), at, grounds), at)


def with_columns(state: State, spots: Spots, columns: Mapping[int, DemandColumn]) -> State:
    """Return the state for other demand points, given what the views of these rows show of them."""
    blank = blank_rows(len(state.views))["columns"]
    bare = replace(state, spots=spots, columns=blank, counts=np.zeros(len(spots), np.int64))
    return _counted(bare, bare, np.array(list(columns), np.int64), list(columns.values()))


def _filled(state: State, rows: IntArray, grounds: Sequence[Grounds]) -> State:
    """Return the state with new grounds in some rows."""
    seen, sharp = ([ground[k] for ground in grounds] for k in (0, 1))
    return replace(state, grounds=state.grounds.replaced(rows, seen), sharp=state.sharp.replaced(rows, sharp))


def _counted(before: State, state: State, rows: IntArray, columns: Sequence[DemandColumn]) -> State:
    """Return the state with new columns in some rows, and the counts that follow."""
    counts = state.counts.copy()
    for row, column in zip(rows.tolist(), columns, strict=True):
        counts[_served(before.views[row], before.columns[row], state.spots)] -= 1
        counts[_served(state.views[row], column, state.spots)] += 1
    return replace(state, columns=state.columns.replaced(rows, columns), counts=counts)


def _served(view: View | None, column: DemandColumn, spots: Spots) -> IntArray:
    """Return the points that a recorded view shows at the density they need; a point is in a column once."""
    if view is None or view.basis is not Basis.RECORDED:
        return UNSEEN.points
    return column.points[column.density_px_m >= spots.needed_px_m[column.points]]


def _grown(state: State, more: Mapping[str, int]) -> State:
    """Return the state with more empty rows for cameras that lack some."""
    lacking = {key: count for key, count in more.items() if count > 0}
    if not lacking:
        return state
    first, rows = len(state.views), dict(state.rows)
    for key, count in lacking.items():
        rows[key] = (*rows.get(key, ()), *range(first, first + count))
        first += count
    blank = blank_rows(first - len(state.views))
    return replace(
        state,
        rows=rows,
        views=state.views.extended(blank["views"].whole()),
        grounds=state.grounds.extended(blank["grounds"].whole()),
        columns=state.columns.extended(blank["columns"].whole()),
        sharp=state.sharp.extended(blank["sharp"].whole()),
        lenses=state.lenses.extended(blank["lenses"].whole()),
        overlaps=state.overlaps.extended(blank["overlaps"].whole()),
    )
