"""Shapes of parts: half discs before doors, pieces of at most 200 m, and parts that a person drew."""

import math
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.place import DRAWN_SOURCE, HandMadePart, Part, Required
from lhasaplan.errors import Fault, InputError, Where

SHAPES = ("point", "line", "area")  # how a part is sampled
MAX_PART_M = 200.0
HALF_DISC_M = 3.0
STRIP_M = 3.0  # the ground that a line part stands for when its area is counted
_LENIENT_M = 1e-6


def hand_made(drawn: HandMadePart) -> Part:
    """Return a part that a person drew as a part like any other, for the same guard.

    Raises
    ------
    InputError
        Its outline cannot be read or is empty, or its shape is unknown.
    """
    try:
        geometry = shapely.from_wkt(drawn.wkt)
    except shapely.GEOSException as error:
        raise InputError(Fault(marked("the outline of this part cannot be read"), Where(item=drawn.part_id))) from error
    if geometry is None or geometry.is_empty:
        raise InputError(Fault(marked("this part has no outline"), Where(item=drawn.part_id)))
    if drawn.shape not in SHAPES:
        params = {"shape": drawn.shape, "known": ", ".join(SHAPES)}
        raise InputError(
            Fault(marked("{shape} is not a shape of a part; the shapes are: {known}"), Where(item=drawn.part_id), params)
        )
    required = Required(drawn.density_px_m, drawn.min_views, drawn.min_share)
    return Part(
        drawn.part_id, drawn.part_id, drawn.name, "", drawn.category, drawn.kind, drawn.shape, shapely.make_valid(geometry),
        required, source=DRAWN_SOURCE, rule="drawn",
    )  # fmt: skip


def half_disc(door: BaseGeometry, outward: FloatArray, radius_m: float = HALF_DISC_M) -> BaseGeometry:
    """Return the half disc before a door; ``outward`` points away from the building, shape (2,)."""
    middle = math.atan2(outward[1], outward[0])
    angles = middle + np.linspace(-math.pi / 2, math.pi / 2, 33)
    x, y = shapely.get_x(door), shapely.get_y(door)
    rim = np.column_stack([x + radius_m * np.cos(angles), y + radius_m * np.sin(angles)])
    return shapely.Polygon([(x, y), *rim.tolist()])


def outward_at(footprint: BaseGeometry, door: BaseGeometry) -> FloatArray:
    """Return the direction away from a footprint at a point on its outline, shape (2,), length 1."""
    around = shapely.difference(shapely.buffer(door, 1.0), footprint)
    away = shapely.get_coordinates(shapely.centroid(around))[0] - shapely.get_coordinates(door)[0]
    length = float(np.hypot(*away))
    return away / length if length > 0 else np.array([0.0, 1.0])


def extent_m(geometry: BaseGeometry) -> float:
    """Return how long a part is: the longest side of the smallest rectangle round it, at least the length of its lines."""
    along = float(shapely.length(geometry)) if int(shapely.get_dimensions(geometry)) == 1 else 0.0
    corners = shapely.get_coordinates(shapely.oriented_envelope(geometry))
    sides = np.hypot(*np.diff(corners, axis=0).T) if len(corners) > 1 else np.zeros(1)
    return max(along, float(sides.max()))


def is_longer(geometry: BaseGeometry, most_m: float) -> bool:
    """Tell whether a part is longer than allowed; no area is longer than its upright rectangle from corner to corner."""
    west, south, east, north = shapely.bounds(geometry).tolist()
    if int(shapely.get_dimensions(geometry)) != 1 and math.hypot(east - west, north - south) <= most_m:
        return False
    return extent_m(geometry) > most_m


def split(geometry: BaseGeometry, longest_m: float = MAX_PART_M) -> ObjectArray:
    """Return pieces none of which is longer than allowed: lines cut by length, areas across their longest side."""
    if geometry.geom_type == "Polygon" and not is_longer(geometry, longest_m):
        return np.array([geometry, None], object)[:-1]
    parts = shapely.get_parts(geometry)
    pieces = [piece for part in parts for piece in (_cut_line if part.geom_type == "LineString" else _cut_area)(part, longest_m)]
    return np.array([*pieces, None], object)[:-1]


def _cut_line(line: BaseGeometry, longest_m: float) -> list[BaseGeometry]:
    count = max(1, math.ceil(shapely.length(line) / longest_m - _LENIENT_M))
    ends = np.linspace(0.0, 1.0, count + 1)
    return [line] if count == 1 else [_substring(line, a, b) for a, b in pairwise(ends)]


def _substring(line: BaseGeometry, start: float, end: float) -> BaseGeometry:
    at = shapely.line_locate_point(line, shapely.points(shapely.get_coordinates(line)), normalized=True)
    inner = shapely.get_coordinates(line)[(at > start) & (at < end)]
    a, b = shapely.line_interpolate_point(line, [start, end], normalized=True)
    return shapely.linestrings(np.concatenate([shapely.get_coordinates(a), inner, shapely.get_coordinates(b)]))


def _cut_area(area: BaseGeometry, longest_m: float) -> list[BaseGeometry]:
    if not is_longer(area, longest_m):
        return [area]
    count = math.ceil(extent_m(area) / longest_m - _LENIENT_M)
    if count <= 1:
        return [area]
    corners = shapely.get_coordinates(shapely.oriented_envelope(area))[:4]
    long, short = (0, 1) if np.hypot(*(corners[1] - corners[0])) >= np.hypot(*(corners[2] - corners[1])) else (1, 0)
    along, across = corners[long + 1] - corners[long], corners[short + 1] - corners[short]
    origin = corners[0] if long == 0 else corners[1]
    across = across if long == 0 else -across
    slabs = [_slab(origin, along, across, k / count, (k + 1) / count) for k in range(count)]
    pieces = shapely.get_parts(shapely.intersection(area, slabs))
    # A slab of a wide area may still be too long the other way.
    return [small for piece in pieces if shapely.area(piece) > _LENIENT_M for small in _cut_area(piece, longest_m)]


def _slab(origin: FloatArray, along: FloatArray, across: FloatArray, start: float, end: float) -> BaseGeometry:
    low, high = origin - 0.01 * across, origin + 1.01 * across
    return shapely.Polygon([low + start * along, low + end * along, high + end * along, high + start * along])
