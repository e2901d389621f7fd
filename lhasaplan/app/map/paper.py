"""A printed page: its size, and where map, title block and marks stand on it; all in units of 1/96 inch."""

from dataclasses import dataclass

MM_PER_INCH, UNITS_PER_INCH = 25.4, 96.0
SIZES_MM = {"A4": (210.0, 297.0), "A3": (297.0, 420.0), "A2": (420.0, 594.0), "A1": (594.0, 841.0), "A0": (841.0, 1189.0)}
SCALES = (250, 500, 1_000, 2_000, 2_500, 5_000, 10_000, 20_000, 25_000, 50_000, 100_000, 250_000)
MARGIN_MM, BLOCK_MM = 10.0, 29.0
METRES_PER_UNIT = MM_PER_INCH / UNITS_PER_INCH / 1000.0
Rect = tuple[float, float, float, float]  # left, top, width, height


def units(length_mm: float) -> float:
    """Return a length on paper in units."""
    return length_mm / MM_PER_INCH * UNITS_PER_INCH


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet of A4 to A0, upright or lying."""

    size: str = "A3"
    is_landscape: bool = True

    @property
    def size_mm(self) -> tuple[float, float]:
        """Return width and height."""
        short, long = SIZES_MM[self.size]
        return (long, short) if self.is_landscape else (short, long)

    @property
    def growth(self) -> float:
        """Return how much larger letters and lines of the page are than on A4: a wall is read from farther away.

        >>> round(Paper("A4").growth, 2), round(Paper("A0").growth, 2)
        (1.0, 2.0)
        """
        return float((SIZES_MM[self.size][0] / SIZES_MM["A4"][0]) ** 0.5)

    @property
    def page(self) -> Rect:
        """Return the whole sheet."""
        return 0.0, 0.0, units(self.size_mm[0]), units(self.size_mm[1])

    @property
    def map_box(self) -> Rect:
        """Return where the map stands: above the title block, inside the margins."""
        width, height = (units(each) for each in self.size_mm)
        edge, block = units(MARGIN_MM), units(BLOCK_MM * self.growth)
        return edge, edge, width - 2 * edge, height - 2 * edge - block

    @property
    def block_box(self) -> Rect:
        """Return where the title block stands."""
        left, top, width, height = self.map_box
        return left, top + height, width, units(BLOCK_MM * self.growth)


def metres_per_unit(scale: float) -> float:
    """Return how much ground a unit shows at a scale.

    >>> round(metres_per_unit(1000) * units(10.0), 6)  # a centimetre at 1:1000
    10.0
    """
    return scale * METRES_PER_UNIT


def ground_of(box: Rect, x_m: float, y_m: float, scale: float) -> tuple[float, float, float, float]:
    """Return the ground that a box shows round its middle: x min, y min, x max, y max in metres."""
    half_w, half_h = (side / 2 * metres_per_unit(scale) for side in box[2:])
    return x_m - half_w, y_m - half_h, x_m + half_w, y_m + half_h


def fitting_scale(box: Rect, width_m: float, height_m: float) -> int:
    """Return the largest of the usual scales at which so much ground fits into a box.

    >>> fitting_scale((0, 0, units(200.0), units(100.0)), 900.0, 300.0)  # 900 m on 20 cm: 1:4500 would do
    5000
    """
    needed = max(width_m / (box[2] * METRES_PER_UNIT), height_m / (box[3] * METRES_PER_UNIT))
    return next((scale for scale in SCALES if scale >= needed), SCALES[-1])
