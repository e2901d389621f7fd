"""Shapes of parts, and whether they add up to a neighbourhood: a tenth of the public ground in any circle of 500 m radius."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray, joined_groups
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.place import DRAWN_SOURCE, HandMadePart, Part, Required
from lhasaplan.errors import Fault, InputError, Where

# Shapes of parts: half discs before doors, pieces of at most 200 m, and parts that a person drew.

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
    low, high = origin - 0.01 * across, origin + 1.01 * across
    steps = [k / count * along for k in range(count + 1)]
    slabs = [shapely.Polygon([low + one, low + other, high + other, high + one]) for one, other in pairwise(steps)]
    pieces = shapely.get_parts(shapely.intersection(area, slabs))
    # A slab of a wide area may still be too long the other way.
    return [small for piece in pieces if shapely.area(piece) > _LENIENT_M for small in _cut_area(piece, longest_m)]


# Whether parts add up to a neighbourhood: more than a tenth of the public ground in any circle of 500 m radius.

RADIUS_M = 500.0
SHARE = 0.10
ALWAYS_M2 = 5000.0
CELL_M = 10.0
_AS_GOOD_AS_NONE_M2 = 0.5  # too much by this is the rounding of the strips and circles that it is measured by
_APART_M = 2 * RADIUS_M + 200.0  # parts reach 100 m from their middle; further apart, no circle holds two


def too_much_in_a_quarter(parts: Sequence[Part], public_ground: BaseGeometry) -> frozenset[int]:
    """Return the indices of parts to refuse so that no circle of 500 m holds too much; the last parts go first.

    Circles are tried every 10 m, areas are counted in cells of 10 m. Up to 5,000 m2 are always allowed. A part counts with
    its whole area, public or not, so that no gap in the map lets it through.
    """
    surplus = ((members, quarter.surplus()) for members, quarter in _quarters(parts, public_ground))
    return frozenset(int(members[k]) for members, gone in surplus for k in gone)


def _quarters(parts: Sequence[Part], public_ground: BaseGeometry) -> Iterator[tuple[IntArray, "_Quarter"]]:
    """Give the numbers of parts that one circle may hold, and their quarter, where they take more than is always allowed."""
    middles = np.array([shapely.get_coordinates(shapely.centroid(part.geometry))[0] for part in parts]).reshape(-1, 2)
    area_m2 = np.array([0.0 if part.question or part.indoor else covered_m2(part) for part in parts], float)
    quarter = clusters(middles, _APART_M)
    for number in range(int(quarter.max(initial=-1)) + 1):
        members = np.flatnonzero((quarter == number) & (area_m2 > 0))
        if area_m2[members].sum() > ALWAYS_M2:
            yield members, _Quarter([parts[int(i)] for i in members], area_m2[members], public_ground)


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle of 500 m in which too much is taken: its middle, what may be taken, and how much more is."""

    x_m: float
    y_m: float
    most_m2: float
    over_m2: float


def fullest_circle(parts: Sequence[Part], public_ground: BaseGeometry) -> Circle | None:
    """Return the circle in which most too much is taken, as ``too_much_in_a_quarter`` measures it; None where there is none."""
    found = [quarter.fullest() for _, quarter in _quarters(parts, public_ground)]
    return max((each for each in found if each is not None), key=lambda each: each.over_m2, default=None)


def covered_m2(part: Part) -> float:
    """Return the ground that a part takes: its area, a strip along a line, a disc at a point."""
    return float(shapely.area(footprint(part)))


def footprint(part: Part) -> BaseGeometry:
    """Return the ground of a part as an area."""
    dimension = int(shapely.get_dimensions(part.geometry))
    if dimension == 2:
        return part.geometry
    return shapely.buffer(
        part.geometry, STRIP_M / 2 if dimension == 1 else HALF_DISC_M, cap_style="flat" if dimension == 1 else "round"
    )


class _Quarter:
    """Cells of 10 m: for each as the middle of a circle, the ground that parts take in it and what they may take."""

    def __init__(self, parts: Sequence[Part], area_m2: FloatArray, public_ground: BaseGeometry) -> None:
        shapes = [footprint(part) for part in parts]
        low, high = shapely.total_bounds(np.array(shapes, object)).reshape(2, 2)
        self._origin = np.floor(low / CELL_M) * CELL_M - RADIUS_M - CELL_M
        self._shape = tuple(int(n) for n in np.ceil((high + RADIUS_M + CELL_M - self._origin) / CELL_M))
        steps = np.arange(-RADIUS_M, RADIUS_M + 1.0, CELL_M)
        self._disc = (np.hypot(*np.meshgrid(steps, steps)) <= RADIUS_M).astype(float)
        self._cells = [np.asarray((grid_points(shape, 4.0) - self._origin) // CELL_M, np.int64) for shape in shapes]
        self._area_m2 = area_m2
        self._allowed_m2 = np.maximum(SHARE * self._public_m2(public_ground), ALWAYS_M2)

    def _over_m2(self) -> FloatArray:
        """Return by how much each circle holds too much, below 0 where it does not."""
        over = -self._allowed_m2
        for part in range(len(self._cells)):
            self._add(over, part, 1.0)
        return over

    def fullest(self) -> Circle | None:
        """Return the circle that holds too much by most."""
        over = self._over_m2()
        worst = np.unravel_index(int(np.argmax(over)), self._shape)
        if over[worst] <= _AS_GOOD_AS_NONE_M2:
            return None
        x, y = (self._origin + (np.array(worst) + 0.5) * CELL_M).tolist()
        return Circle(x, y, float(self._allowed_m2[worst]), float(over[worst]))

    def surplus(self) -> frozenset[int]:
        """Return the last parts that have to go, one after another, until no circle holds too much."""
        gone: set[int] = set()
        over = self._over_m2()
        while True:
            worst = np.unravel_index(int(np.argmax(over)), self._shape)
            if over[worst] <= _AS_GOOD_AS_NONE_M2:
                return frozenset(gone)
            last = max(part for part in range(len(self._cells)) if part not in gone and self._reaches(part, worst))
            gone.add(last)
            self._add(over, last, -1.0)

    def _add(self, taken: FloatArray, part: int, sign: float) -> None:
        """Add a part's ground to every circle that holds it; the margin of the cells is as wide as a circle."""
        reach = len(self._disc) // 2
        share_m2 = sign * self._area_m2[part] / len(self._cells[part])
        for x, y in self._cells[part].tolist():
            low_x, low_y = max(0, x - reach), max(0, y - reach)
            window = taken[low_x : x + reach + 1, low_y : y + reach + 1]
            first_x, first_y = low_x - (x - reach), low_y - (y - reach)
            window += share_m2 * self._disc[first_x : first_x + window.shape[0], first_y : first_y + window.shape[1]]

    def _public_m2(self, ground: BaseGeometry) -> FloatArray:
        shapely.prepare(ground)
        reach = len(self._disc) // 2  # circles look that far beyond the cells
        x, y = ((np.arange(-reach, n + reach) + 0.5) * CELL_M + o for n, o in zip(self._shape, self._origin, strict=True))
        inside = np.asarray(shapely.contains_xy(ground, *np.meshgrid(x, y, indexing="ij")), float)
        return sums_in_disc(inside * CELL_M**2, self._disc)

    def _reaches(self, part: int, centre: tuple[np.intp, ...]) -> bool:
        away = (self._cells[part] - np.array(centre)) * CELL_M
        return bool((np.hypot(away[:, 0], away[:, 1]) <= RADIUS_M).any())


def sums_in_disc(cells: FloatArray, disc: FloatArray) -> FloatArray:
    """Return what a disc covers at each place where it lies wholly on the cells; each row of the disc is one unbroken run.

    Running sums along the rows give every run by one difference, exactly for whole numbers.
    """
    rows, columns = (cells.shape[axis] - disc.shape[axis] + 1 for axis in (0, 1))
    running = np.pad(np.cumsum(cells, axis=1), ((0, 0), (1, 0)))
    total = np.zeros((rows, columns))
    for row, run in enumerate(disc):
        first, last = np.flatnonzero(run)[[0, -1]].tolist()
        total += running[row : row + rows, last + 1 :][:, :columns] - running[row : row + rows, first : first + columns]
    return total


# Groups of points that lie close to each other.
def clusters(points: FloatArray, within_m: float) -> IntArray:
    """Return a group number for each point, shape (n,): points within a distance of each other are one group."""
    if len(points) == 0:
        return np.empty(0, np.int64)
    at = shapely.points(points)
    a, b = shapely.STRtree(at).query(at, predicate="dwithin", distance=within_m)
    return joined_groups(a, b, len(points))


# Points on a regular grid inside a shape, the same for every shape that lies on the same ground.
def grid_points(area: BaseGeometry, step_m: float) -> FloatArray:
    """Return the grid points inside an area, shape (n, 2); a point on it when it is smaller than the grid.

    The grid is anchored to the coordinate system, so that neighbours share it and small edits move no point.
    """
    if area.is_empty:
        return np.empty((0, 2))
    x0, y0, x1, y1 = shapely.bounds(area)
    x, y = np.meshgrid(_steps(x0, x1, step_m), _steps(y0, y1, step_m))
    inside = shapely.contains_xy(area, x.ravel(), y.ravel())
    points = np.column_stack([x.ravel()[inside], y.ravel()[inside]])
    return points if len(points) else shapely.get_coordinates(shapely.point_on_surface(area))


def _steps(low: float, high: float, step_m: float) -> FloatArray:
    return (np.arange(np.floor(low / step_m), np.floor(high / step_m) + 1.0) + 0.5) * step_m
