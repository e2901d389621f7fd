"""The ground of a confirmed part that operating cameras do not serve now, as a check draws it."""

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.coverage.gaps import gap_polygon
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.live.live_shares import OPERATING, SERVED


def gap_of(live: Live, part_id: str) -> BaseGeometry | None:
    """Return the gap of one part; None where all of it is served, or it is no demand."""
    number = next((k for k, part in enumerate(live.demand.parts) if part.part_id == part_id), None)
    if number is None:
        return None
    rows = np.flatnonzero(live.needs.part == number)
    is_served = live.counts[OPERATING, SERVED, rows] >= live.needs.min_views[rows]
    return gap_polygon(live.demand.parts[number], live.demand.xyz_m[rows, :2], np.asarray(is_served, bool))
