"""The state that follows a drag: what views see, what that means for coverage and overlap, and how it is kept up to date."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Generic, TypedDict, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.demand.columns import UNSEEN, DemandColumn, Needs, shares
from lhasaplan.core.live.near_camera import NOTHING, Grounds
from lhasaplan.core.model.camera import Status, View
from lhasaplan.core.results.assessment import Measured
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.obstacles.building_index import Targets, sort_targets

# Count the views of each demand point, with and without planned cameras, and read the parts' shares from the counts.

POINTS_A_BLOCK = 4096  # of a city's 50,000 a step of a drag touches some hundreds
OPERATING, ALL = 0, 1  # cameras that are counted: those that operate, and those that stand with the plan
SERVED, SEEN = 0, 1  # at the density that the part needs, and at 25 px/m or the part's class


@dataclass(frozen=True, slots=True)
class CountedViews:
    """What one camera shows of the demand with certainty, whether it is only planned, and whether it goes with the plan."""

    column: DemandColumn
    status: Status
    leaves: bool = False

    @property
    def kinds(self) -> tuple[int, ...]:
        """Return in which counts it is: of those that operate, and of those that stand with the plan."""
        if self.status is Status.PLANNED:
            return (ALL,)
        return (OPERATING,) if self.leaves else (OPERATING, ALL)


@dataclass(frozen=True, eq=False, slots=True)
class PointCounts:
    """How many cameras show each point, (2, 2, points): by cameras counted, then by density; in blocks that states share."""

    blocks: tuple[IntArray, ...]

    def of(self, points: IntArray) -> IntArray:
        """Return the counts of some points, ascending; shape (2, 2, n)."""
        found = [self.blocks[number][:, :, rows] for number, rows in _by_block(points)]
        return np.concatenate((np.empty((2, 2, 0), np.int32), *found), axis=2)

    def whole(self) -> IntArray:
        """Return the counts of all points."""
        return np.concatenate(self.blocks, axis=2)

    def differing_from(self, other: "PointCounts") -> IntArray:
        """Return the points of which any count is another, ascending."""
        pairs = zip(self.blocks, other.blocks, strict=True)
        changed = [(n, mine, theirs) for n, (mine, theirs) in enumerate(pairs) if mine is not theirs]
        found = [np.flatnonzero((mine != theirs).any(axis=(0, 1))) + n * POINTS_A_BLOCK for n, mine, theirs in changed]
        return np.concatenate((np.empty(0, np.int64), *found))


def _by_block(points: IntArray) -> Iterator[tuple[int, IntArray]]:
    """Yield the number of each block that ascending points lie in, and which of its points they are."""
    first, last = (int(points[k]) // POINTS_A_BLOCK for k in (0, -1)) if len(points) else (0, -1)
    cuts = np.searchsorted(points, np.arange(first, last + 2) * POINTS_A_BLOCK).tolist()
    for number, low, high in zip(range(first, last + 1), cuts, cuts[1:], strict=False):
        if low < high:
            yield number, points[low:high] - number * POINTS_A_BLOCK


def no_counts(points: int) -> PointCounts:
    """Return that no camera shows any of so many points."""
    firsts = range(0, max(points, 1), POINTS_A_BLOCK)
    return PointCounts(tuple(np.zeros((2, 2, min(POINTS_A_BLOCK, points - first)), np.int32) for first in firsts))


def counted_again(counts: PointCounts, needs: Needs, gone: Iterable[CountedViews], come: Iterable[CountedViews]) -> PointCounts:
    """Return the counts after some cameras show other points than they did."""
    blocks, mine = list(counts.blocks), set[int]()
    for each, step in (*((one, -1) for one in gone), *((one, 1) for one in come)):
        for level, points in ((SERVED, each.column.served(needs)), (SEEN, each.column.seen(needs))):
            for number, rows in _by_block(points):
                if number not in mine:
                    blocks[number] = blocks[number].copy()
                    mine.add(number)
                for which in each.kinds:
                    blocks[number][which, level, rows] += step  # a point is in a column once
    return PointCounts(tuple(blocks))


def shares_of(counts: IntArray, needs: Needs) -> tuple[FloatArray, FloatArray]:
    """Return share served and share seen of each part, each of shape (2, parts): by operating cameras, and with the plan."""
    served = [shares(counts[which, SERVED] >= needs.min_views, needs) for which in (OPERATING, ALL)]
    seen = [shares(counts[which, SEEN] > 0, needs) for which in (OPERATING, ALL)]
    return np.array(served), np.array(seen)


def of_parts(counts: PointCounts, needs: Needs, parts: IntArray) -> tuple[IntArray, Needs]:
    """Return the counts and needs of some parts alone, in their order: a step of a drag touches few of a city's."""
    low, high = (np.searchsorted(needs.part, parts, side=side) for side in ("left", "right"))  # points stand part by part
    rows = np.concatenate([np.empty(0, np.int64), *map(np.arange, low.tolist(), high.tolist())])
    number = np.repeat(np.arange(len(parts)), high - low)
    some = (needs.weight[rows], needs.needed_px_m[rows], needs.seen_px_m[rows], needs.min_views[rows])
    return counts.of(rows), Needs(number, *some, needs.min_share[parts], needs.total[parts])


def measured_of(served: FloatArray, seen: FloatArray, part: int) -> tuple[Measured, Measured]:
    """Return what a verdict asks of one part, before and after planned cameras; how sharp its best point is no verdict asks."""
    before, after = (Measured(float(served[k, part]), float(seen[k, part]), 0.0) for k in (OPERATING, ALL))
    return before, after


# Rows in blocks that states share: to replace a few, only the blocks that they lie in are copied.
BITS = 7
BLOCK = 1 << BITS  # a copy of a block costs less than what looks up and stores it
Row = TypeVar("Row")


@dataclass(frozen=True, eq=False, slots=True)
class SharedRows(Generic[Row]):
    """Blocks of BLOCK rows each, the last one shorter or empty; a value that is copied, never changed."""

    blocks: tuple[NDArray[np.generic], ...]

    def __len__(self) -> int:
        return BLOCK * (len(self.blocks) - 1) + len(self.blocks[-1])

    def __iter__(self) -> Iterator[Row]:
        return chain.from_iterable(self.blocks)

    def __getitem__(self, row: int) -> Row:
        found: Row = self.blocks[row >> BITS][row & (BLOCK - 1)]
        return found

    def whole(self) -> NDArray[np.generic]:
        """Return all rows as one array."""
        return np.concatenate(self.blocks)

    def replaced(self, rows: Sequence[int] | IntArray, values: Sequence[Row] | NDArray[np.generic]) -> "SharedRows[Row]":
        """Return the rows with other values in some of them."""
        blocks = list(self.blocks)
        mine: dict[int, NDArray[np.generic]] = {}
        for row, value in zip(np.asarray(rows).tolist(), values, strict=True):
            number = row >> BITS
            if number not in mine:
                mine[number] = blocks[number] = blocks[number].copy()
            mine[number][row & (BLOCK - 1)] = value
        return SharedRows(tuple(blocks))

    def extended(self, more: NDArray[np.generic]) -> "SharedRows[Row]":
        """Return the rows with more behind them."""
        return SharedRows((*self.blocks[:-1], *rows_of(np.concatenate((self.blocks[-1], more))).blocks))


def rows_of(values: NDArray[np.generic]) -> SharedRows[Row]:
    """Return an array's values as rows."""
    return SharedRows(tuple(values[first : first + BLOCK] for first in range(0, len(values) + 1, BLOCK)))


# Find seen grounds that may intersect one, by a spatial index and the boxes of those that changed since.
MOST_CHANGED = 256  # changed boxes from which a new tree costs less than asking them all
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False, slots=True)
class GroundMeeting:
    """The tree of grounds, and the boxes (west, south, east, north) of rows that are not what they are in it; NaN if empty."""

    tree: shapely.STRtree
    changed: Mapping[int, Box]

    def near(self, ground: BaseGeometry) -> list[int]:
        """Return the rows whose box meets that of a ground."""
        west, south, east, north = ground.bounds
        kept = [row for row in self.tree.query(ground).tolist() if row not in self.changed]
        return kept + [row for row, (w, s, e, n) in self.changed.items() if w <= east and e >= west and s <= north and n >= south]


def meeting_of(grounds: SharedRows[BaseGeometry]) -> GroundMeeting:
    """Return a new tree of all grounds."""
    return GroundMeeting(shapely.STRtree(grounds.whole()), {})


def with_changed(meeting: GroundMeeting, rows: Iterable[int], grounds: SharedRows[BaseGeometry]) -> GroundMeeting:
    """Return which grounds may meet after those of some rows changed."""
    changed = {**meeting.changed, **{row: grounds[row].bounds for row in rows}}
    return GroundMeeting(meeting.tree, changed) if len(changed) < MOST_CHANGED else meeting_of(grounds)


# Demand points of a live state, sorted by place, and arrays of objects.
SLACK_M = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Spots:
    """Demand points: xyz_m (P, 3), and the points sorted by place (None without any)."""

    xyz_m: FloatArray
    targets: Targets | None

    def __len__(self) -> int:
        return len(self.xyz_m)


def make_spots(xyz_m: FloatArray) -> Spots:
    """Return demand points, sorted once."""
    xyz = np.asarray(xyz_m, float).reshape(-1, 3)
    return Spots(xyz, sort_targets(xyz) if len(xyz) else None)


def objects(values: Sequence[object]) -> ObjectArray:
    """Return values as an array of objects."""
    column = np.empty(len(values), object)
    for row, value in enumerate(values):
        column[row] = value
    return column


def full_of(value: object, count: int) -> ObjectArray:
    """Return an array that holds one object many times."""
    column = np.empty(count, object)
    column.fill(value)
    return column


@dataclass(frozen=True, eq=False, slots=True)
class State:
    """Everything that follows a drag; :class:`SharedRows` have one per view, in the order in which views came.

    Parameters
    ----------
    rows : rows of each camera; a row that a camera gave up holds None and empty ground.
    views, grounds, columns : View or None, the ground it sees at any density, Column.
    sharp : ground seen at 25 px/m or better; empty for a view that is not recorded, which has no part in overlap.
    lenses : x, y and range of each view, NaN without one.
    overlaps : for each row the area shared with other rows, both ways round.
    meeting : finds the rows of sharp that may meet one.
    """

    scene: Scene
    spots: Spots
    rows: Mapping[str, tuple[int, ...]]
    views: SharedRows[View | None]
    grounds: SharedRows[BaseGeometry]
    columns: SharedRows[DemandColumn]
    sharp: SharedRows[BaseGeometry]
    lenses: SharedRows[FloatArray]
    overlaps: SharedRows[Mapping[int, float]]
    meeting: GroundMeeting

    def view(self, row: int) -> View:
        """Return the view of a row that a camera has not given up."""
        view = self.views[row]
        assert view is not None
        return view

    def grounds_of(self, camera_id: str) -> tuple[BaseGeometry, ...]:
        """Return what the camera's views see, in their order."""
        return tuple(self.grounds[row] for row in self.rows.get(camera_id, ()) if self.views[row] is not None)

    def matrix(self) -> sparse.csc_array:
        """Return the densities, shape (P, V); an absent entry is an unseen point."""
        ends = np.cumsum([0, *(len(column) for column in self.columns)])
        points = np.concatenate([UNSEEN.points, *(column.points for column in self.columns)])
        density = np.concatenate([UNSEEN.density_px_m, *(column.density_px_m for column in self.columns)])
        return sparse.csc_array((density, points, ends), shape=(len(self.spots), len(self.columns)))

    def pairs(self) -> dict[tuple[str, str], float]:
        """Return the area that recorded views of two cameras share at 25 px/m or better, in m2, by their ids in order.

        Mapped or not: these pairs say which cameras meet; what is reported of them is cut to mapped ground (``shared_ground``).
        """
        found: dict[tuple[str, str], float] = {}
        for a, others in enumerate(self.overlaps):
            for b, area in others.items():
                first, second = self.view(a).camera_id, self.view(b).camera_id
                if first < second:
                    found[first, second] = found.get((first, second), 0.0) + area
        return found


class RowsOfViews(TypedDict):
    """What a state has of each view."""

    views: SharedRows[View | None]
    grounds: SharedRows[BaseGeometry]
    columns: SharedRows[DemandColumn]
    sharp: SharedRows[BaseGeometry]
    lenses: SharedRows[FloatArray]
    overlaps: SharedRows[Mapping[int, float]]


def blank_rows(count: int) -> RowsOfViews:
    """Return what the rows hold of views that see nothing, or of none."""
    return {
        "views": rows_of(full_of(None, count)),
        "grounds": rows_of(full_of(NOTHING, count)),
        "columns": rows_of(full_of(UNSEEN, count)),
        "sharp": rows_of(full_of(NOTHING, count)),
        "lenses": rows_of(np.full((count, 3), np.nan)),
        "overlaps": rows_of(full_of({}, count)),
    }


def lenses_of(views: Iterable[View | None]) -> FloatArray:
    """Return x, y and range of each view, shape (V, 3); NaN for a row without one."""
    nothing = (np.nan, np.nan, np.nan)
    return np.array([nothing if v is None else (v.x_m, v.y_m, v.range_m) for v in views], float).reshape(-1, 3)


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
    return replace_kept(state, overlaps=state.overlaps.replaced(list(changed), list(changed.values())), meeting=meeting)


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
    return State(scene=scene, spots=spots, rows={}, meeting=meeting_of(blank["sharp"]), **blank)


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
    seen_ground, sharp = ([ground[k] for ground in grounds] for k in (0, 1))
    filled = replace_kept(
        grown,
        views=grown.views.replaced(at, views),
        lenses=grown.lenses.replaced(at, lenses_of(views)),
        columns=grown.columns.replaced(at, columns),
        grounds=grown.grounds.replaced(at, seen_ground),
        sharp=grown.sharp.replaced(at, sharp),
    )
    return with_overlaps(filled, at)


def with_columns(state: State, spots: Spots, columns: Mapping[int, DemandColumn]) -> State:
    """Return the state for other demand points, given what the views of these rows show of them."""
    blank: SharedRows[DemandColumn] = blank_rows(len(state.views))["columns"]
    return replace(state, spots=spots, columns=blank.replaced(np.array(list(columns), np.int64), list(columns.values())))


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
