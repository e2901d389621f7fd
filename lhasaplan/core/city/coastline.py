"""The sea, made of coastlines: they are mapped as lines with the water on their right."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.model.layer import Layer

MARGIN_M = 100.0  # beyond the edge of the city
CUT_M = 25.0  # how far from the edge of what is mapped a coastline may end that a cut ended
AREA = 2  # dimensions
ASIDE_M = 0.05  # how far from the middle of a stretch of coast one looks which side is water


def sea_of(coasts: Sequence[BaseGeometry], around_m: tuple[float, float, float, float] | None) -> list[BaseGeometry]:
    """Return the areas of sea that coastlines enclose together with the edge of the city; none where they end inside it.

    >>> coast = shapely.LineString([(-500.0, 50.0), (600.0, 50.0)])  # going east, with water to the south
    >>> [area.bounds for area in sea_of([coast], (0.0, 0.0, 100.0, 100.0))]
    [(-100.0, -100.0, 200.0, 50.0)]
    """
    if around_m is None or not len(coasts):
        return []
    west, south, east, north = around_m
    return _sea_in(coasts, shapely.box(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M))


def sea_of_cut(coasts: Sequence[BaseGeometry], layers: Mapping[str, Layer]) -> list[BaseGeometry]:
    """Return the sea of an extract that was cut: coastlines that end at the cut are led on to the edge of all that is mapped."""
    mapped = np.concatenate([np.asarray(layer.geometry, dtype=object) for layer in layers.values()])
    edge = shapely.convex_hull(shapely.multipoints(shapely.get_coordinates(mapped)))
    if shapely.get_dimensions(edge) != AREA:
        return []
    return _sea_in([_led_on(line, edge.exterior) for whole in coasts for line in shapely.get_parts(whole)], edge)


def _led_on(line: BaseGeometry, edge: BaseGeometry) -> BaseGeometry:
    """Return a line with its ends at an edge that they nearly reach."""
    xy = shapely.get_coordinates(line)
    for end, at in ((0, 0), (-1, len(xy))):
        here = shapely.Point(xy[end])
        beyond = shapely.get_coordinates(shapely.shortest_line(here, edge))[1]
        if 0.0 < here.distance(edge) <= CUT_M:
            past = beyond + (beyond - xy[end]) * 0.01  # across it, so that both are cut there
            xy = np.insert(xy, at, past, axis=0)
    return shapely.LineString(xy)


def _sea_in(coasts: Sequence[BaseGeometry], frame: BaseGeometry) -> list[BaseGeometry]:
    lines = [line for line in shapely.get_parts(shapely.intersection(list(coasts), frame)) if shapely.get_dimensions(line) == 1]
    lines = [part for line in lines for part in shapely.get_parts(line) if not part.is_empty]  # of a coast beyond the frame
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
