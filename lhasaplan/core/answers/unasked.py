"""Ground that a camera can see at 25 px/m or better and that no part it serves asks for."""

from collections.abc import Sequence

import shapely

from lhasaplan.core.answers.knowledge import SEEN_PX_M
from lhasaplan.core.assessment import Field


def ground_seen(field: Field | None, density_px_m: float = SEEN_PX_M) -> shapely.Geometry:
    """Return the ground that a field shows at a density or better, by its bands.

    A density between two bands is taken at the finer one: never more than what is really seen.
    """
    if field is None:
        return shapely.MultiPolygon()
    return shapely.union_all([band for lower, band in field.bands if lower >= density_px_m - 1e-9])


def unasked_ground(ground: shapely.Geometry, asked: Sequence[shapely.Geometry], distance_m: float) -> shapely.Geometry:
    """Return the ground farther than ``distance_m`` from every part; all of it without parts."""
    if not len(asked):
        return ground
    return shapely.difference(ground, shapely.union_all(shapely.buffer(list(asked), distance_m, quad_segs=16)))
