"""Whether parts add up to a neighbourhood: more than a tenth of the public ground in any circle of 500 m radius."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.point_groups import clusters, grid_points
from lhasaplan.core.demand.part_shapes import HALF_DISC_M, STRIP_M
from lhasaplan.core.model.place import Part

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
