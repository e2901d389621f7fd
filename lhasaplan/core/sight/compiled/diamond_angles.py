"""Directions without trigonometry: the diamond angle, and the bins that the circle is cut into."""

import numpy as np

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.sight.compiled.compilation import inner

BINS = 256  # 0.9 to 1.8 degrees each
BIN = 4.0 / BINS


def _borders() -> FloatArray:
    """Return unit vectors of the bins' borders, shape (BINS + 1, 2)."""
    angle = np.arange(BINS + 1) * BIN - 2.0
    x = 1.0 - np.abs(angle)
    y = np.where(np.abs(angle) <= 1.0, angle, np.sign(angle) * (2.0 - np.abs(angle)))
    return np.ascontiguousarray(np.column_stack((x, y)) / np.hypot(x, y)[:, None])


BORDERS = _borders()


@inner
def diamond(x: float, y: float) -> float:
    """Return a monotone stand-in for atan2(y, x), from -2 to 2."""
    total = abs(x) + abs(y)
    if x >= 0.0:
        return y / total
    return 2.0 - y / total if y >= 0.0 else -2.0 - y / total


@inner
def bin_of(angle: float) -> int:
    """Return the bin of a diamond angle."""
    return min(BINS - 1, max(0, int((angle + 2.0) * (BINS / 4))))
