"""Join the short pieces of seen frontage and ground into shapes that a reader can make out; for drawing only."""

import shapely
from shapely.geometry.base import BaseGeometry

# Samples stand 2 m apart along a wall and 4 m apart on ground: one missing sample is no gap to the eye.
REACH_M = 2.6
RIBBON_M = 0.3


def joined(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return the pieces grown until neighbours touch and shrunk back to a ribbon; ``None`` stays ``None``."""
    if geometry is None or geometry.is_empty:
        return None
    grown = shapely.buffer(geometry, REACH_M, quad_segs=2)
    return shapely.buffer(grown, RIBBON_M - REACH_M, quad_segs=2)
