"""A made-up town as triangles: two for each wall, roofs cut into some, the ground as two wide ones."""

from itertools import pairwise

import numpy as np
import shapely

from .town import CORNER_X_M, CORNER_Y_M, Town

GROUND_M = 1e5


def triangles_of(town: Town) -> np.ndarray:
    """Return triangles in metres from the town's corner, shape (n, 3, 3); single precision is enough for those."""
    found = [*_ground()]
    for polygon, top in zip(town.polygons(), town.top_m.tolist(), strict=True):
        ring = shapely.get_coordinates(polygon.exterior) - (CORNER_X_M, CORNER_Y_M)
        for (x0, y0), (x1, y1) in pairwise(ring):
            low0, low1, high0, high1 = (x0, y0, 0.0), (x1, y1, 0.0), (x0, y0, top), (x1, y1, top)
            found += [(low0, low1, high1), (low0, high1, high0)]
        for piece in shapely.get_parts(shapely.constrained_delaunay_triangles(polygon)):
            corners = shapely.get_coordinates(piece)[:3] - (CORNER_X_M, CORNER_Y_M)
            found.append(tuple((x, y, top) for x, y in corners.tolist()))
    return np.array(found, np.float32)


def _ground() -> tuple:
    a, b, c, d = ((x, y, 0.0) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    scale = lambda corner: tuple(GROUND_M * each for each in corner)  # noqa: E731
    return tuple(map(scale, (a, b, c))), tuple(map(scale, (a, c, d)))
