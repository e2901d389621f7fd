"""Draw seen frontage as ribbons that a reader can make out; for drawing only."""

import shapely
from shapely.geometry.base import BaseGeometry

RIBBON_M = 0.3
GRID_M = 1e-3  # ribbons are joined on a grid: those of walls that nearly touch would else cross at no point


def joined(geometry: BaseGeometry | None) -> BaseGeometry | None:
    """Return lines as ribbons; ``None`` stays ``None``.

    A line is not grown at its ends: at a wall's corner the shape would cover what is not in view.
    """
    if geometry is None or geometry.is_empty:
        return None
    lines = shapely.get_parts(shapely.line_merge(geometry))
    return shapely.union_all(shapely.buffer(lines, RIBBON_M, cap_style="flat", join_style="mitre"), grid_size=GRID_M)
