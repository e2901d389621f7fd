"""Ground that a camera can see at 25 px/m or better and that no part it serves asks for."""

from collections.abc import Sequence

import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.results.assessment import Field
from lhasaplan.core.sight.visibility.density_bands import DensityBands

_SLIVER_M2 = 0.01
_CAMERAS_A_BATCH = 32


def ground_seen(field: Field | None, density_px_m: float = SEEN_PX_M) -> shapely.Geometry:
    """Return the ground that a field shows at a density or better, by its bands.

    A density between two bands is taken at the finer one: never more than what is really seen.
    """
    if field is None:
        return shapely.MultiPolygon()
    if isinstance(field.bands, DensityBands):
        return field.bands.at_least(density_px_m)
    bands = [band for lower, band in field.bands if lower >= density_px_m - 1e-9]
    # Bands are disjoint pieces of the field: where they fill it, it is their union, without the cost of joining them.
    if len(bands) == len(field.bands) and sum(band.area for band in bands) >= field.area_m2 - _SLIVER_M2:
        return field.geometry
    return bands[0] if len(bands) == 1 else shapely.union_all(bands)


def unasked_ground(ground: shapely.Geometry, asked: Sequence[shapely.Geometry], distance_m: float) -> shapely.Geometry:
    """Return the ground farther than ``distance_m`` from every part; all of it without parts."""
    if not len(asked):
        return ground
    return shapely.difference(ground, shapely.union_all(shapely.buffer(list(asked), distance_m, quad_segs=16)))


def unasked_grounds(
    grounds: ObjectArray, asked: Sequence[Sequence[shapely.Geometry]], distance_m: float, progress: Progress = no_progress
) -> ObjectArray:
    """Return the ground of each camera farther than ``distance_m`` from every part that it serves."""
    found = grounds.copy()
    serving = [c for c, parts in enumerate(asked) if len(parts)]
    jobs = [serving[low : low + _CAMERAS_A_BATCH] for low in range(0, len(serving), _CAMERAS_A_BATCH)]

    def cut(cameras: list[int]) -> None:
        for c in cameras:
            found[c] = unasked_ground(grounds[c], asked[c], distance_m)

    if jobs:
        in_threads(cut, jobs, progress)
    return found
