"""What cameras show of the demand: points and densities in a matrix, what each serves, and the shares of parts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import AuditContext, certain_views
from lhasaplan.core.demand.ground_in_view import ground_seen, without
from lhasaplan.core.model.camera import Basis, Field, Placed
from lhasaplan.core.model.optics import SEEN_PX_M
from lhasaplan.core.model.place import Demand
from lhasaplan.core.results.assessment import Measured, Overlap
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.sweep.fields import ground_at_least

# Read shares served and seen of each part from the matrix demand x camera.


# Count what trees and hoardings alone keep from being covered, in leaf and without leaves.
def behind_trees(context: AuditContext, xyz_m: FloatArray, progress: Progress) -> tuple[int, int]:
    """Return how many points operating cameras would show but for trees and hoardings, and how many of them when leafless.

    Parameters
    ----------
    xyz_m : shape (D, 3), heights above the datum.
    """
    if context.in_leaf is context.rooms or not len(xyz_m):
        return 0, 0
    hidden = np.flatnonzero(_shown(context, xyz_m, context.rooms, progress) & ~_shown(context, xyz_m, context.in_leaf, progress))
    return len(hidden), int(_shown(context, xyz_m[hidden], context.leafless, progress).sum())


def _shown(context: AuditContext, xyz_m: FloatArray, scene: Scene, progress: Progress) -> BoolArray:
    """Return which points the certain view of an operating camera shows; shape (D,)."""
    used = certain_views(context, planned=False)
    views = tuple(view for view, use in zip(context.view_table.views, used, strict=True) if use)
    if not views or not len(xyz_m):
        return np.zeros(len(xyz_m), bool)
    density = context.sight.densities(views, xyz_m, scene, progress=progress)
    return np.asarray(np.diff(density.indptr) > 0)


@dataclass(frozen=True, eq=False, slots=True)
class Needs:
    """What each demand point asks for; all shapes (D,) and (P,).

    ``seen_px_m`` is 25 px/m, or the part's class where that is lower (docs/glossary.md, verdict ``weak``).
    """

    part: IntArray
    weight: FloatArray
    needed_px_m: FloatArray
    seen_px_m: FloatArray
    min_views: IntArray
    min_share: FloatArray  # by part
    total: FloatArray  # weight by part


def needs_of(demand: Demand) -> Needs:
    """Return the demand's requirements, one row per point."""
    needed = np.array([part.required.density_px_m for part in demand.parts], float)
    views = np.array([part.required.min_views for part in demand.parts], np.int64)
    return Needs(
        part=demand.part,
        weight=demand.weight,
        needed_px_m=needed[demand.part],
        seen_px_m=np.minimum(needed, SEEN_PX_M)[demand.part],
        min_views=views[demand.part],
        min_share=np.array([part.required.min_share for part in demand.parts], float),
        total=np.bincount(demand.part, demand.weight, minlength=len(demand.parts)).astype(float),
    )


def by_camera(density_px_m: sparse.csr_array, camera: IntArray, use: BoolArray, cameras: int) -> sparse.csr_array:
    """Return the matrix point x camera from point x view: the sharpest of the views that are used.

    Parameters
    ----------
    density_px_m : csr_array, shape (D, V).
    camera : shape (V,); which camera a view belongs to.
    use : shape (V,); views that count.
    cameras : number of columns of the result.
    """
    entries = sparse.coo_array(density_px_m)
    kept = use[entries.col] if len(use) else np.zeros(0, bool)
    row, column, data = entries.row[kept].astype(np.int64), camera[entries.col[kept]], entries.data[kept]
    order = np.lexsort((-data, column, row))
    row, column, data = row[order], column[order], data[order]
    first = np.ones(len(row), bool)
    first[1:] = (row[1:] != row[:-1]) | (column[1:] != column[:-1])
    shape = (entries.shape[0], cameras)
    return sparse.csr_array((data[first], (row[first], column[first])), shape=shape)


def at_least(density_px_m: sparse.csr_array, least_px_m: FloatArray) -> sparse.csr_array:
    """Return a one wherever a point (row) is shown at the density that is asked for it, shape (D,); the same shape."""
    point = np.repeat(np.arange(density_px_m.shape[0]), np.diff(density_px_m.indptr))
    kept = density_px_m.data >= least_px_m[point]
    ones = np.ones(int(kept.sum()))
    return sparse.csr_array((ones, (point[kept], density_px_m.indices[kept])), shape=density_px_m.shape)


def count_views(density_px_m: sparse.csr_array, needed_px_m: FloatArray) -> IntArray:
    """Return how many cameras show each demand point at the density it needs.

    A camera exactly at the needed density counts. A point no camera sees counts 0.

    Parameters
    ----------
    density_px_m : csr_array, shape (D, C)
    needed_px_m : ndarray, shape (D,)

    Examples
    --------
    >>> count_views(sparse.csr_array([[250.0, 40.0], [0.0, 90.0]]), np.array([40.0, 100.0]))
    array([2, 0])
    """
    point = np.repeat(np.arange(density_px_m.shape[0]), np.diff(density_px_m.indptr))
    sharp = density_px_m.data >= needed_px_m[point]
    return np.asarray(np.bincount(point[sharp], minlength=density_px_m.shape[0]), np.int64)


def served(density_px_m: sparse.csr_array, needs: Needs) -> BoolArray:
    """Tell which points enough cameras see at the needed density; shape (D,)."""
    return np.asarray(count_views(density_px_m, needs.needed_px_m) >= needs.min_views, bool)


def seen(density_px_m: sparse.csr_array, needs: Needs) -> BoolArray:
    """Tell which points any camera sees at 25 px/m, or at the needed class if that is lower; shape (D,)."""
    return np.asarray(count_views(density_px_m, needs.seen_px_m) > 0, bool)


def shares(is_true: BoolArray, needs: Needs) -> FloatArray:
    """Return the share, by weight, of each part's points that are true; 0 for a part without points."""
    reached = np.bincount(needs.part, needs.weight * is_true, minlength=len(needs.total))
    return np.asarray(np.divide(reached, needs.total, out=np.zeros_like(needs.total), where=needs.total > 0))


def best_density(density_px_m: sparse.csr_array, needs: Needs) -> FloatArray:
    """Return the sharpest view of any point of each part, px/m; 0 when none is seen."""
    point = np.repeat(np.arange(density_px_m.shape[0]), np.diff(density_px_m.indptr))
    best = np.zeros(len(needs.total))
    np.maximum.at(best, needs.part[point], density_px_m.data)
    return best


def measure(density_px_m: sparse.csr_array, needs: Needs) -> tuple[Measured, ...]:
    """Return what was measured of each part."""
    columns = (
        shares(served(density_px_m, needs), needs),
        shares(seen(density_px_m, needs), needs),
        best_density(density_px_m, needs),
    )
    return tuple(Measured(*(float(value) for value in row)) for row in zip(*columns, strict=True))


def parts_served(density_px_m: sparse.csr_array, needs: Needs) -> tuple[IntArray, ...]:
    """Return, for each camera, the parts of which it shows a point at the needed density."""
    entries = sparse.coo_array(density_px_m)
    sharp = entries.data >= needs.needed_px_m[entries.row]
    pairs = np.unique(entries.col[sharp].astype(np.int64) * max(len(needs.total), 1) + needs.part[entries.row[sharp]])
    camera, part = np.divmod(pairs, max(len(needs.total), 1))
    return tuple(part[camera == c] for c in range(entries.shape[1]))


# What one camera or view shows of the demand: points and densities, and which of them that serves.

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
