"""The ground that a shape takes, however it is drawn: rings are closed, crossings untangled, holes filled."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, ObjectArray

_POINT, _LINE, _RING, _POLYGON, _MULTI_LINE, _MULTI_POLYGON = 0, 1, 2, 3, 5, 6  # type ids of shapely
_POLYGONAL = (_POLYGON, _MULTI_POLYGON)
# A ring whose ends nearly meet was meant to be one: a gap of a few metres, and small beside its length.
_GAP_SHARE, _LEAST_GAP_M, _MOST_GAP_M = 0.05, 2.0, 10.0
_SLIVER_M2 = 0.01


def filled(polygons: ObjectArray) -> ObjectArray:
    """Return polygons without their holes, shape (n,); what has none is the same object."""
    several = np.flatnonzero(shapely.get_type_id(polygons) != _POLYGON)  # few: to take all apart would make each anew
    parts, owner = shapely.get_parts(polygons[several], return_index=True)
    of_several = several[owner[shapely.get_num_interior_rings(parts) > 0]]
    holed = np.union1d(np.flatnonzero(shapely.get_num_interior_rings(polygons) > 0), of_several)
    if not len(holed):
        return polygons
    result = polygons.copy()
    for row in holed.tolist():
        rings = shapely.get_exterior_ring(shapely.get_parts(polygons[row]))
        result[row] = shapely.union_all(shapely.polygons(rings)) if len(rings) > 1 else shapely.polygons(rings[0])
    return result


def cut_to_box(shapes: ObjectArray, box: tuple[float, ...]) -> ObjectArray:
    """Return the parts of shapes that lie in a box: west, south, east, north.

    The quick cut may leave outlines that touch themselves, and gives up at a few that meet the edge of the box at a corner. Of
    an outline that runs into the box and back along the same line it may return all that is not in it: where it has another
    opinion of a corner of the box than the shape, the shape is cut the slow way.
    """
    try:
        found = np.asarray(shapely.clip_by_rect(shapes, *box), object)
    except GEOSException:
        return _cut_slowly(shapes, box)
    # Which of the four corners of the box each shape covers, and which its piece has.
    x, y = np.repeat((box[0], box[2]), 2), np.tile((box[1], box[3]), 2)
    is_wrong = (np.asarray(shapely.intersects_xy(shapes[:, None], x, y), bool) != _corners_of(found, box)).any(axis=1)
    if is_wrong.any():
        found[is_wrong] = _cut_slowly(shapes[is_wrong], box)
    return found


def _cut_slowly(shapes: ObjectArray, box: tuple[float, ...]) -> ObjectArray:
    return np.asarray(shapely.intersection(shapely.make_valid(shapes), shapely.box(*box)), object)


def _corners_of(pieces: ObjectArray, box: tuple[float, ...]) -> BoolArray:
    """Return which of the four corners of a box are corners of each piece, shape (n, 4)."""
    xy, owner = shapely.get_coordinates(pieces, return_index=True)
    is_corner = np.isin(xy[:, 0], (box[0], box[2])) & np.isin(xy[:, 1], (box[1], box[3]))
    found = np.zeros((len(pieces), 4), bool)
    found[owner[is_corner], 2 * (xy[is_corner, 0] == box[2]) + (xy[is_corner, 1] == box[3])] = True
    return found


def packed(geometry: ObjectArray) -> ObjectArray:
    """Return the same geometries, point for point, without the room to grow that joining and cutting leave in them."""
    return np.asarray(shapely.from_wkb(shapely.to_wkb(geometry)), object)


def untangled(polygon: BaseGeometry) -> BaseGeometry:
    """Return a polygon that crosses itself as the largest ground that it may mean, with its holes.

    One reading takes what its outline goes round an odd number of times, another what it goes round at all (a star with or
    without its middle, a loop that was drawn twice or backwards); nothing of either is lost.
    """
    parts = shapely.get_parts(polygon)
    outer = _surrounded(shapely.get_exterior_ring(parts))
    holes = [shapely.get_interior_ring(part, k) for part in parts for k in range(shapely.get_num_interior_rings(part))]
    inner = _surrounded(holes)
    return (
        outer if inner.is_empty else shapely.union(shapely.difference(outer, inner), only_polygons(shapely.make_valid(polygon)))
    )


def _surrounded(rings: Sequence[BaseGeometry] | ObjectArray) -> BaseGeometry:
    """Return all that rings go round, by whichever turns."""
    linework = shapely.unary_union([*rings])
    return (
        shapely.union_all(shapely.get_parts(shapely.polygonize(shapely.get_parts(linework)))) if len(rings) else shapely.Polygon()
    )


def valid(polygons: ObjectArray) -> ObjectArray:
    """Return polygons, those that cross themselves untangled, shape (n,); what is valid is the same object."""
    broken = np.flatnonzero(np.isin(shapely.get_type_id(polygons), _POLYGONAL) & ~shapely.is_valid(polygons))
    if not len(broken):
        return polygons
    result = polygons.copy()
    result[broken] = np.array([*map(untangled, polygons[broken]), None], object)[:-1]
    return result


def only_polygons(shape: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a shape, an empty one if it has none."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    polygons = parts[np.isin(shapely.get_type_id(parts), _POLYGONAL)]
    return shapely.union_all(polygons) if len(polygons) else shapely.Polygon()


def is_drawn_plainly(geometry: ObjectArray) -> BoolArray:
    """Say of which shapes nothing need be mended: points and valid polygons that lie somewhere, shape (n,)."""
    kind = shapely.get_type_id(geometry)
    is_whole = (kind == _POINT) | (np.isin(kind, _POLYGONAL) & shapely.is_valid(geometry))
    return np.asarray(is_whole & np.isfinite(shapely.bounds(geometry)).all(axis=-1))  # bounds of an empty one are NaN


def grounds_of(shape: BaseGeometry | None, strip_m: float, ring_strip_m: float) -> list[BaseGeometry]:
    """Return the things that one shape is: points, lines that lead on, and ground; none of a shape that is nowhere.

    A line that returns to where it began is the ground within. Each of several points is a thing by itself, all lines are one,
    and so are all grounds.

    Parameters
    ----------
    strip_m : what a line takes to each side; a ring that is nearly closed takes it beside the ground within.
    ring_strip_m : what a closed line takes to each side beside the ground within.
    """
    if shape is None or shape.is_empty or not np.isfinite(shapely.get_coordinates(shape)).all():
        return []
    points, lines, areas = _sorted(shape, strip_m, ring_strip_m)
    one_line = [lines[0] if len(lines) == 1 else shapely.multilinestrings(lines)] if lines else []
    return [*points, *one_line, *([areas[0] if len(areas) == 1 else shapely.union_all(areas)] if areas else [])]


def _sorted(
    shape: BaseGeometry, strip_m: float, ring_strip_m: float
) -> tuple[list[BaseGeometry], list[BaseGeometry], list[BaseGeometry]]:
    """Return the points, the lines and the grounds of a shape."""
    points: list[BaseGeometry] = []
    lines: list[BaseGeometry] = []
    areas: list[BaseGeometry] = []
    for part in _simple(shape):
        kind = shapely.get_type_id(part)
        if kind == _POINT:
            points.append(part)
        elif kind in _POLYGONAL:
            ground = part if shapely.is_valid(part) else untangled(part)
            whole = shapely.area(ground) > 0
            (areas if whole else lines).append(ground if whole else shapely.LineString(shapely.get_coordinates(part)))
        else:
            lines.append(part)
    joined = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(lines))) if len(lines) > 1 else lines
    rings = [(line, _ground_within(line, strip_m, ring_strip_m)) for line in joined]
    open_lines = [line for line, ground in rings if ground is None]
    return points, open_lines, [*areas, *(ground for _, ground in rings if ground is not None)]


def _simple(shape: BaseGeometry) -> Iterator[BaseGeometry]:
    """Yield the parts of a shape; the polygons of one that is a multipolygon stay together where they are valid."""
    kind = shapely.get_type_id(shape)
    if kind in (_POINT, _LINE, _RING, _POLYGON) or (kind == _MULTI_POLYGON and shapely.is_valid(shape)):
        if not shape.is_empty:
            yield shape
    else:
        for part in shapely.get_parts(shape):
            yield from _simple(part)


def _ground_within(line: BaseGeometry, strip_m: float, ring_strip_m: float) -> BaseGeometry | None:
    """Return the ground within a line that is closed, or nearly so; None of one that leads on."""
    corners = shapely.get_coordinates(line)
    gap_m = float(np.hypot(*(corners[-1] - corners[0])))
    if len(corners) < 3 or gap_m > min(_MOST_GAP_M, max(_LEAST_GAP_M, _GAP_SHARE * line.length)):
        return None
    ring = shapely.Polygon(corners)
    ground = ring if shapely.is_valid(ring) else untangled(ring)
    if shapely.area(ground) <= _SLIVER_M2:
        return None
    side_m = ring_strip_m if gap_m == 0.0 else max(strip_m, ring_strip_m)
    return shapely.union(ground, shapely.buffer(line, side_m)) if side_m > 0 else ground
