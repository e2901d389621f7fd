"""The points to ask about at a spot: the spot itself, and in a building the points before its walls."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.site.terrain import Terrain

OF_WALLS = marked("This is inside a building: the question is what of its walls can be seen.")
EYE_M = 1.5  # height of what is asked about above the ground
STOREY_M, WALL_STEP_M, BEFORE_WALL_M = 3.0, 2.0, 0.3
MOUNTED_M = 1.0  # a camera so near to a wall hangs on it (docs/glossary.md, wall mount): its own facade is not asked about


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked about: the spot, and where it lies in a building also points before its walls, storey by storey."""

    spot: FloatArray  # shape (1, 3)
    walls: FloatArray  # shape (N, 3), empty in the open
    footprint: BaseGeometry | None

    @property
    def points(self) -> FloatArray:
        """Return all points, the spot first, shape (1 + N, 3)."""
        return np.concatenate([self.spot, self.walls])

    def count_for(self, view: View) -> int:
        """Return how many of the points a view is asked about: not the walls of the building that its camera hangs on."""
        is_free = self.footprint is not None and self.footprint.distance(shapely.Point(view.x_m, view.y_m)) > MOUNTED_M
        return 1 + len(self.walls) if is_free else 1


def ask_about(x_m: float, y_m: float, terrain: Terrain, buildings: Buildings, height_m: float = EYE_M) -> Asked:
    """Return what is asked about at a spot in project coordinates.

    Parameters
    ----------
    height_m : of the spot above the ground.
    """
    spot = terrain.lifted(np.array([[x_m, y_m, height_m]]))
    inside = np.flatnonzero(shapely.contains_xy(buildings.polygons, x_m, y_m))
    if not len(inside):
        return Asked(spot, np.empty((0, 3)), None)
    footprint = buildings.polygons[inside[0]]
    return Asked(spot, terrain.lifted(before_walls(footprint, buildings.top_m[inside[0]])), footprint)


def before_walls(footprint: BaseGeometry, top_m: float) -> FloatArray:
    """Return points before the walls every 2 m, at eye height and at each storey below the roof, shape (N, 3)."""
    rings = shapely.boundary(shapely.buffer(footprint, BEFORE_WALL_M, join_style="mitre"))
    xy = shapely.get_coordinates(shapely.segmentize(rings, WALL_STEP_M))
    heights_m = np.arange(EYE_M, max(float(top_m), EYE_M + 0.1), STOREY_M)
    return np.column_stack([np.tile(xy, (len(heights_m), 1)), np.repeat(heights_m, len(xy))])
