"""Lay translucent triangles over a picture, where nothing solid stands before them."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel

Bytes = NDArray[np.uint8]
Vector = tuple[float, float, float]


@inner
def _across(a: Vector, b: Vector) -> Vector:
    """Return the cross product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


@inner
def _dot(a: Vector, b: Vector) -> float:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


@kernel
def blend_triangles(
    size: tuple[int, int], triangle: FloatArray, box: IntArray, ray: FloatArray, away: FloatArray, colour: FloatArray,
    share: float, out: Bytes,
) -> None:  # fmt: skip
    """Mix a share of a colour into every pixel whose ray meets a triangle before what is solid.

    Parameters
    ----------
    triangle : shape (n, 3, 3); corners from the eye: ahead, to the left, down.
    box : shape (n, 4); columns and rows that hold it.
    ray, away : as in :class:`~lhasaplan.core.sight.rays.first_hits.Hits`.
    """
    for k in range(len(triangle)):
        a = triangle[k, 0, 0], triangle[k, 0, 1], triangle[k, 0, 2]
        b = triangle[k, 1, 0], triangle[k, 1, 1], triangle[k, 1, 2]
        c = triangle[k, 2, 0], triangle[k, 2, 1], triangle[k, 2, 2]
        ab, bc, ca = _across(a, b), _across(b, c), _across(c, a)
        normal = ab[0] + bc[0] + ca[0], ab[1] + bc[1] + ca[1], ab[2] + bc[2] + ca[2]
        volume = _dot(a, bc)
        for row in range(box[k, 2], box[k, 3]):
            for column in range(box[k, 0], box[k, 1]):
                i = row * size[0] + column
                d = ray[i, 0], ray[i, 1], ray[i, 2]
                one, two, three = _dot(d, ab), _dot(d, bc), _dot(d, ca)
                if not ((one >= 0.0 and two >= 0.0 and three >= 0.0) or (one <= 0.0 and two <= 0.0 and three <= 0.0)):
                    continue
                slant = _dot(d, normal)
                if slant == 0.0 or not 0.0 < volume / slant < away[i, 0]:
                    continue
                for channel in range(3):
                    out[i, channel] = np.uint8(out[i, channel] * (1.0 - share) + colour[channel] * share)
