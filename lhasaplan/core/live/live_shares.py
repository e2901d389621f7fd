"""Count the views of each demand point, with and without planned cameras, and read the parts' shares from the counts."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.coverage.columns import DemandColumn
from lhasaplan.core.coverage.part_shares import Needs, shares
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Measured

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
