"""What one camera or view shows of the demand: points and densities, and which of them that serves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.demand.part_shares import Needs, by_camera
from lhasaplan.core.demand.unasked_area import ground_seen, without
from lhasaplan.core.model.camera import Basis, Placed
from lhasaplan.core.results.assessment import Field, Overlap
from lhasaplan.core.sight.visibility.fields import ground_at_least

# Ground and demand that two cameras both see at the density the part needs.

LEAST_AREA_M2 = 1.0  # slivers along a shared wall are rounding, not overlap


def overlaps(
    camera_ids: Sequence[str],
    fields: Sequence[Field | None],
    density_px_m: sparse.csr_array,
    needs: Needs,
    bare: Sequence[shapely.Geometry | None],
) -> tuple[Overlap, ...]:
    """Return every pair of cameras whose certain fields share ground or demand, the largest demand first.

    The area is taken at the lowest density that a part served by both needs, at 25 px/m where no part is, and where buildings
    are mapped: ``bare`` is what of the ground of each camera nobody mapped, None where all of it is mapped.
    """
    demand, level = shared_demand(density_px_m, needs)
    cache: dict[tuple[int, float], shapely.Geometry] = {}

    def ground(camera: int, least: float) -> shapely.Geometry:
        if (camera, least) not in cache:
            cache[camera, least] = without(ground_seen(fields[camera], least), bare[camera])
        return cache[camera, least]

    found = []
    for a, b in sorted(set(demand) | _touching_pairs(fields)):
        least = level.get((a, b), SEEN_PX_M)
        both = shapely.intersection(ground(a, least), ground(b, least))
        if both.area >= LEAST_AREA_M2 or (a, b) in demand:
            found.append(Overlap(camera_ids[a], camera_ids[b], float(both.area), demand.get((a, b), 0.0), both))
    return tuple(sorted(found, key=lambda each: (-each.demand, -each.area_m2, each.a, each.b)))


def shared_demand(
    density_px_m: sparse.csr_array, needs: Needs
) -> tuple[Mapping[tuple[int, int], float], Mapping[tuple[int, int], float]]:
    """Return, per pair of cameras, the weight of points that both serve, and the lowest density those points need."""
    entries = sparse.coo_array(density_px_m)
    sharp = entries.data >= needs.needed_px_m[entries.row]
    row, column = entries.row[sharp].astype(np.int64), entries.col[sharp].astype(np.int64)
    weight: dict[tuple[int, int], float] = {}
    level: dict[tuple[int, int], float] = {}
    for least in np.unique(needs.needed_px_m[row]):
        here = needs.needed_px_m[row] == least
        both = sparse.csc_array((np.ones(int(here.sum())), (row[here], column[here])), shape=entries.shape)
        pairs = sparse.coo_array(sparse.triu((both * needs.weight[:, None]).T @ both, k=1))
        for a, b, value in zip(pairs.row.tolist(), pairs.col.tolist(), pairs.data.tolist(), strict=True):
            weight[a, b] = weight.get((a, b), 0.0) + value
            level.setdefault((a, b), float(least))
    return weight, level


def _touching_pairs(fields: Sequence[Field | None]) -> set[tuple[int, int]]:
    index = [c for c, field in enumerate(fields) if field is not None]
    if len(index) < 2:
        return set()
    shapes = [ground_seen(fields[c]) for c in index]
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return {(index[i], index[j]) for i, j in zip(a.tolist(), b.tolist(), strict=True) if i < j}


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
