"""A made-up town as triangles: two for each wall, roofs cut into some, the ground as two wide ones or as two for each cell."""

from itertools import pairwise

import numpy as np
import shapely

from .relief import roofs
from .town import CORNER_X_M, CORNER_Y_M, Town

GROUND_M = 1e5


def triangles_of(town: Town) -> np.ndarray:
    """Return triangles in metres from the town's corner, shape (n, 3, 3); single precision is enough for those."""
    return np.concatenate((np.array(_ground(), np.float32), _houses(town, np.zeros(len(town.top_m)), town.top_m)))


def triangles_on(height: np.ndarray, cell_m: float, margin_m: float, town: Town, strength: float) -> np.ndarray:
    """Return a town on hills as triangles; ``height`` as ``relief.put_ground`` returns it."""
    top = roofs(town, strength)
    return np.concatenate((_slopes(height, cell_m, margin_m), _houses(town, np.full(len(top), height.min()), top)))


def _slopes(height: np.ndarray, cell_m: float, margin_m: float) -> np.ndarray:
    """Return two triangles between the middles of each four cells."""
    middle = (np.arange(len(height)) + 0.5) * cell_m - margin_m
    x, y = np.meshgrid(middle, middle[::-1])
    place = np.stack((x, y, height), axis=-1)
    a, b, c, d = place[:-1, :-1], place[:-1, 1:], place[1:, 1:], place[1:, :-1]
    return np.concatenate([np.stack(each, axis=2).reshape(-1, 3, 3) for each in ((a, b, c), (a, c, d))]).astype(np.float32)


def _houses(town: Town, bases: np.ndarray, tops: np.ndarray) -> np.ndarray:
    """Return walls and roofs between heights."""
    found = []
    for polygon, base, top in zip(town.polygons(), bases.tolist(), tops.tolist(), strict=True):
        ring = shapely.get_coordinates(polygon.exterior) - (CORNER_X_M, CORNER_Y_M)
        for (x0, y0), (x1, y1) in pairwise(ring):
            low0, low1, high0, high1 = (x0, y0, base), (x1, y1, base), (x0, y0, top), (x1, y1, top)
            found += [(low0, low1, high1), (low0, high1, high0)]
        for piece in shapely.get_parts(shapely.constrained_delaunay_triangles(polygon)):
            corners = shapely.get_coordinates(piece)[:3] - (CORNER_X_M, CORNER_Y_M)
            found.append(tuple((x, y, top) for x, y in corners.tolist()))
    return np.array(found, np.float32)


def _ground() -> tuple:
    a, b, c, d = ((x, y, 0.0) for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)))
    scale = lambda corner: tuple(GROUND_M * each for each in corner)  # noqa: E731
    return tuple(map(scale, (a, b, c))), tuple(map(scale, (a, c, d)))
