"""Ground and demand that two cameras both see at the density the part needs."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.coverage.part_shares import Needs
from lhasaplan.core.coverage.unasked_area import ground_seen, without
from lhasaplan.core.results.assessment import Field, Overlap

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
