"""Join the short pieces of seen frontage and ground into shapes that a reader can make out; for drawing only."""

import shapely
from shapely.geometry.base import BaseGeometry

# Samples stand 2 m apart along a wall and 4 m apart on ground: one missing sample is no gap to the eye.
REACH_M = 2.6
RIBBON_M = 0.3
PIECE_M = 2.2  # a sample by itself, as on ground; a wall in view is longer


def joined(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return walls as ribbons and single pieces grown until neighbours touch; ``None`` stays ``None``.

    A wall is not grown: at its corner the shape would cover what is not in view.
    """
    if geometry is None or geometry.is_empty:
        return None
    walls, pieces = _parted(geometry)
    return shapely.union(shapely.buffer(walls, RIBBON_M, cap_style="flat", join_style="mitre"), _grown(pieces))


def _parted(geometry: BaseGeometry) -> tuple[BaseGeometry, BaseGeometry]:
    """Return walls, and single pieces, of the seen frontage and ground."""
    lines = shapely.get_parts(shapely.line_merge(geometry))
    is_piece = shapely.length(lines) <= PIECE_M
    return shapely.multilinestrings(lines[~is_piece]), shapely.multilinestrings(lines[is_piece])


def _grown(pieces: BaseGeometry) -> BaseGeometry:
    """Return the pieces grown until neighbours touch, and shrunk back to a ribbon."""
    return shapely.buffer(shapely.buffer(pieces, REACH_M, quad_segs=2), RIBBON_M - REACH_M, quad_segs=2)
