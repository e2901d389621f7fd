"""The sea, made of coastlines: they are mapped as lines with the water on their right."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.viewport import Box, grown

MARGIN_M = 100.0
ASIDE_M = 0.05  # how far from the middle of a stretch of coast one looks which side is water


def sea_of(coasts: Sequence[BaseGeometry], around_m: Box | None) -> list[BaseGeometry]:
    """Return the areas of sea that coastlines enclose together with the edge of the city; none where they end inside it.

    >>> coast = shapely.LineString([(-500.0, 50.0), (600.0, 50.0)])  # going east, with water to the south
    >>> [area.bounds for area in sea_of([coast], (0.0, 0.0, 100.0, 100.0))]
    [(-100.0, -100.0, 200.0, 50.0)]
    """
    if around_m is None or not len(coasts):
        return []
    frame = shapely.box(*grown(around_m, MARGIN_M))
    lines = [line for line in shapely.get_parts(shapely.intersection(list(coasts), frame)) if shapely.get_dimensions(line) == 1]
    lines = [part for line in lines for part in shapely.get_parts(line)]
    if not lines:
        return []
    pieces = shapely.get_parts(shapely.polygonize([shapely.union_all([*lines, frame.exterior])]))
    tree = shapely.STRtree(pieces)
    right, left = _beside(lines)
    wet, dry = (set(tree.query(points, predicate="intersects")[1].tolist()) for points in (right, left))
    return [pieces[index] for index in sorted(wet - dry)]


def _beside(lines: Sequence[BaseGeometry]) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return a point to the right and one to the left of the middle of the longest segment of each line."""
    rights, lefts = [], []
    for line in lines:
        xy = shapely.get_coordinates(line)
        step = np.diff(xy, axis=0)
        length = np.hypot(step[:, 0], step[:, 1])
        longest = int(length.argmax())
        middle, (dx, dy) = xy[longest] + step[longest] / 2, step[longest] / max(float(length[longest]), 1e-9) * ASIDE_M
        rights.append(shapely.Point(middle[0] + dy, middle[1] - dx))
        lefts.append(shapely.Point(middle[0] - dy, middle[1] + dx))
    return np.array(rights, dtype=object), np.array(lefts, dtype=object)
