"""The state that follows a drag: what every view sees, and what that means for coverage and overlap."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Generic, TypedDict, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.demand.columns import UNSEEN, DemandColumn, Needs, shares
from lhasaplan.core.live.near_camera import NOTHING
from lhasaplan.core.model.camera import Status, View
from lhasaplan.core.results.assessment import Measured
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.obstacles.building_index import Targets, sort_targets

# Count the views of each demand point, with and without planned cameras, and read the parts' shares from the counts.

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


def no_counts(points: int) -> IntArray:
    """Return zero counts, shape (2, 2, points): by cameras counted, then by density."""
    return np.zeros((2, 2, points), np.int32)


def counted_again(counts: IntArray, needs: Needs, gone: Iterable[CountedViews], come: Iterable[CountedViews]) -> IntArray:
    """Return the counts after some cameras show other points than they did."""
    new = counts.copy()
    for each, step in (*((one, -1) for one in gone), *((one, 1) for one in come)):
        rows = each.column.served(needs), each.column.seen(needs)
        for which in each.kinds:
            for level in (SERVED, SEEN):
                new[which, level, rows[level]] += step  # a point is in a column once
    return new


def shares_of(counts: IntArray, needs: Needs) -> tuple[FloatArray, FloatArray]:
    """Return share served and share seen of each part, each of shape (2, parts): by operating cameras, and with the plan."""
    served = [shares(counts[which, SERVED] >= needs.min_views, needs) for which in (OPERATING, ALL)]
    seen = [shares(counts[which, SEEN] > 0, needs) for which in (OPERATING, ALL)]
    return np.array(served), np.array(seen)


def of_parts(counts: IntArray, needs: Needs, parts: IntArray) -> tuple[IntArray, Needs]:
    """Return the counts and needs of some parts alone, in their order: a step of a drag touches few of a city's."""
    low, high = (np.searchsorted(needs.part, parts, side=side) for side in ("left", "right"))  # points stand part by part
    rows = np.concatenate([np.empty(0, np.int64), *map(np.arange, low.tolist(), high.tolist())])
    number = np.repeat(np.arange(len(parts)), high - low)
    some = (needs.weight[rows], needs.needed_px_m[rows], needs.seen_px_m[rows], needs.min_views[rows])
    return counts[:, :, rows], Needs(number, *some, needs.min_share[parts], needs.total[parts])


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
    """Demand points: xyz_m (P, 3), the density each needs (P,), and the points sorted by place (None without any)."""

    xyz_m: FloatArray
    needed_px_m: FloatArray
    targets: Targets | None

    def __len__(self) -> int:
        return len(self.needed_px_m)


def make_spots(xyz_m: FloatArray, needed_px_m: FloatArray) -> Spots:
    """Return demand points, sorted once."""
    xyz = np.asarray(xyz_m, float).reshape(-1, 3)
    return Spots(xyz, np.asarray(needed_px_m, float), sort_targets(xyz) if len(xyz) else None)


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
    counts : shape (P,); recorded views that show each point at the density it needs.
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
    counts: IntArray

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
