"""What one camera or view shows of the demand: points and densities, and which of them that serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.coverage.part_shares import Needs, by_camera
from lhasaplan.core.model.camera import Basis, Placed
from lhasaplan.core.sight.visibility.at_density import ground_at_least

# What the recorded view of each camera shows of the ground and of the demand; trees hide demand.


def recorded_ground(city: AuditContext, placed: Sequence[Placed], progress: Progress = no_progress) -> list[shapely.Geometry]:
    """Return the ground that the recorded view of each camera shows at 25 px/m or better."""
    views = [next(view for view in each.views if view.basis is Basis.RECORDED) for each in placed]
    fields = city.sight.visibility_fields(views, city.rooms, progress=progress)
    return list(ground_at_least(views, fields, city.rooms, SEEN_PX_M, progress=progress))


def shown_demand(context: AuditContext, xyz_m: FloatArray, progress: Progress = no_progress) -> sparse.csc_array:
    """Return the densities at which the recorded view of each camera shows points (P, 3); shape (P, C)."""
    view_table = context.view_table
    scene = context.in_leaf_for(view_table.views)
    density = context.sight.densities(view_table.views, xyz_m, scene, progress=progress)
    return by_camera(density, view_table.camera, view_table.is_basis(Basis.RECORDED), len(context.placed)).tocsc()


@dataclass(frozen=True, slots=True, eq=False)
class DemandColumn:
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


UNSEEN = DemandColumn(np.empty(0, np.int64), np.empty(0))


def columns_of(matrix: sparse.csr_array) -> list[DemandColumn]:
    """Return the columns of a matrix of densities."""
    columns = matrix.tocsc()
    columns.sort_indices()
    points, ends = columns.indices.astype(np.int64), columns.indptr
    return [DemandColumn(points[a:b], columns.data[a:b]) for a, b in pairwise(ends.tolist())]


def share_kept(before: IntArray, after: IntArray, needs: Needs) -> float | None:
    """Return the share by weight of some points that is among others, too; None of none. Other points make up for none."""
    if not len(before):
        return None
    weight = needs.weight
    return float(weight[np.intersect1d(before, after, assume_unique=True)].sum() / weight[before].sum())
