"""Which part of the world the canvas shows, and how sharply: a frozen value with the arithmetic of pan and zoom."""

import math
from dataclasses import dataclass, replace

Box = tuple[float, float, float, float]  # x min, y min, x max, y max; metres

FINEST_LEVEL, COARSEST_LEVEL = -12, 24  # 1/64 m to 4 km a pixel


@dataclass(frozen=True, slots=True)
class Viewport:
    """A window on the plane: centre in metres, size in pixels, and a level at which a pixel is ``2 ** (level / 2)`` metres.

    Levels are the only scales there are, so tiles are always drawn at the size they were made for.
    """

    x_m: float = 0.0
    y_m: float = 0.0
    level: int = 2
    width_px: int = 1
    height_px: int = 1

    @property
    def metres_per_px(self) -> float:
        """Return the size of a pixel on the ground."""
        return metres_per_px(self.level)

    @property
    def box_m(self) -> Box:
        """Return the ground that is shown."""
        half_w, half_h = self.width_px * self.metres_per_px / 2, self.height_px * self.metres_per_px / 2
        return self.x_m - half_w, self.y_m - half_h, self.x_m + half_w, self.y_m + half_h

    def to_screen(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Return pixels from the top left corner."""
        scale = self.metres_per_px
        return (x_m - self.x_m) / scale + self.width_px / 2, (self.y_m - y_m) / scale + self.height_px / 2

    def to_world(self, x_px: float, y_px: float) -> tuple[float, float]:
        """Return metres of the project's CRS."""
        scale = self.metres_per_px
        return self.x_m + (x_px - self.width_px / 2) * scale, self.y_m - (y_px - self.height_px / 2) * scale

    def resized(self, width_px: int, height_px: int) -> "Viewport":
        """Return the same centre and scale in a window of another size."""
        return replace(self, width_px=max(width_px, 1), height_px=max(height_px, 1))

    def panned(self, dx_px: float, dy_px: float) -> "Viewport":
        """Return the viewport after the map was pulled by so many pixels."""
        scale = self.metres_per_px
        return replace(self, x_m=self.x_m - dx_px * scale, y_m=self.y_m + dy_px * scale)

    def zoomed(self, steps: int, x_px: float | None = None, y_px: float | None = None) -> "Viewport":
        """Return the viewport some levels closer (positive) or farther; the point under the pointer stays put."""
        x_px = self.width_px / 2 if x_px is None else x_px
        y_px = self.height_px / 2 if y_px is None else y_px
        level = min(max(self.level - steps, FINEST_LEVEL), COARSEST_LEVEL)
        x_m, y_m = self.to_world(x_px, y_px)
        closer = replace(self, level=level)
        x_new, y_new = closer.to_world(x_px, y_px)
        return replace(closer, x_m=self.x_m + x_m - x_new, y_m=self.y_m + y_m - y_new)

    def fitted(self, box_m: Box, margin: float = 1.08) -> "Viewport":
        """Return the closest level at which the box is shown whole."""
        x0, y0, x1, y1 = box_m
        need = max((x1 - x0) * margin / self.width_px, (y1 - y0) * margin / self.height_px, 2 ** (FINEST_LEVEL / 2))
        level = min(max(math.ceil(2 * math.log2(need) - 1e-9), FINEST_LEVEL), COARSEST_LEVEL)
        return replace(self, x_m=(x0 + x1) / 2, y_m=(y0 + y1) / 2, level=level)


def metres_per_px(level: int) -> float:
    """Return the size of a pixel at a level."""
    return float(2.0 ** (level / 2))


def grown(box_m: Box, by_m: float) -> Box:
    """Return the box with a margin on every side."""
    return box_m[0] - by_m, box_m[1] - by_m, box_m[2] + by_m, box_m[3] + by_m


def overlap(a: Box, b: Box) -> bool:
    """Say whether two boxes share ground."""
    return a[0] <= b[2] and b[0] <= a[2] and a[1] <= b[3] and b[1] <= a[3]


def united(a: Box | None, b: Box | None) -> Box | None:
    """Return the box around both."""
    if a is None or b is None:
        return a or b
    return min(a[0], b[0]), min(a[1], b[1]), max(a[2], b[2]), max(a[3], b[3])


# Rectangles of whole pixels.

Pixels = tuple[int, int, int, int]  # left, top, right, bottom


def common(one: Pixels, other: Pixels) -> Pixels | None:
    """Return the pixels that both have."""
    left, top, right, bottom = max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3])
    return (left, top, right, bottom) if left < right and top < bottom else None


def without(one: Pixels, other: Pixels) -> list[Pixels]:
    """Return the pixels of one that another has not.

    >>> without((0, 0, 4, 4), (1, 1, 9, 3))
    [(0, 0, 4, 1), (0, 3, 4, 4), (0, 1, 1, 3)]
    """
    shared = common(one, other)
    if shared is None:
        return [one]
    left, top, right, bottom = shared
    bands = (one[0], one[1], one[2], top), (one[0], bottom, one[2], one[3])
    ends = (one[0], top, left, bottom), (right, top, one[2], bottom)
    return [rest for rest in (*bands, *ends) if rest[0] < rest[2] and rest[1] < rest[3]]


def holds(one: Pixels, other: Pixels) -> bool:
    """Say whether a part has all of another."""
    return one[0] <= other[0] and one[1] <= other[1] and one[2] >= other[2] and one[3] >= other[3]
