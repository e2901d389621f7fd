"""What one camera or view shows of the demand: points and densities, and which of them that serves."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.coverage.part_shares import Needs


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """What is shown of the demand: points, ascending, and their densities."""

    points: IntArray
    density_px_m: FloatArray

    def __len__(self) -> int:
        return len(self.points)

    def served(self, needs: Needs) -> IntArray:
        """Return the points that are shown at the density they need."""
        return self.points[self.density_px_m >= needs.needed_px_m[self.points]]

    def seen(self, needs: Needs) -> IntArray:
        """Return the points that are shown at 25 px/m, or at the needed class if that is lower."""
        return self.points[self.density_px_m >= needs.seen_px_m[self.points]]

    def parts_served(self, needs: Needs) -> IntArray:
        """Return the parts of which a point is shown at the density that it needs."""
        return np.unique(needs.part[self.served(needs)])


UNSEEN = Column(np.empty(0, np.int64), np.empty(0))


def columns_of(matrix: sparse.csr_array) -> list[Column]:
    """Return the columns of a matrix of densities."""
    columns = matrix.tocsc()
    columns.sort_indices()
    points, ends = columns.indices.astype(np.int64), columns.indptr
    return [Column(points[a:b], columns.data[a:b]) for a, b in pairwise(ends.tolist())]


def share_kept(before: IntArray, after: IntArray, needs: Needs) -> float | None:
    """Return the share by weight of some points that is among others, too; None of none. Other points make up for none."""
    if not len(before):
        return None
    weight = needs.weight
    return float(weight[np.intersect1d(before, after, assume_unique=True)].sum() / weight[before].sum())
