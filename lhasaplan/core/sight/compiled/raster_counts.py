"""Kernels that count polygons over cell middles: outlines mark where counts rise and fall along a row, a sum fills it."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from lhasaplan.core.sight.compiled.compilation import an_int, inner, kernel

MOST = 65_535


@inner
def _mark_edge(
    px: float, py: float, qx: float, qy: float, sign: int, frame: Any, first_row: int, change: npt.NDArray[np.int32]
) -> None:
    """Note at every row that an edge crosses where it does; the rows of two edges that meet close up exactly."""
    low, high = min(py, qy), max(py, qy)
    first = math.floor((frame.north - high) / frame.cell - 0.5) + 1 - first_row
    last = math.floor((frame.north - low) / frame.cell - 0.5) - first_row
    first, last = max(first, an_int(0)), min(last, len(change) - 1)
    if first > last:
        return
    slope, step = (qx - px) / (qy - py), (sign if qy < py else -sign)  # downwards the inside is to the east
    for row in range(first, last + 1):
        y = frame.north - (first_row + row + 0.5) * frame.cell
        column = math.ceil((px + (y - py) * slope - frame.west) / frame.cell - 0.5)
        change[row, int(min(max(column, 0.0), frame.columns))] += step


@kernel
def count_strip(outlines: Any, frame: Any, first_row: int, change: npt.NDArray[np.int32], counts: npt.NDArray[np.uint16]) -> None:
    """Count the polygons over the middles of the cells of some rows; ``change`` is scratch of zeros, one column wider."""
    top = frame.north - first_row * frame.cell
    bottom = top - len(counts) * frame.cell
    for v in range(len(outlines.span)):
        if not (outlines.span[v, 0] < top and outlines.span[v, 1] > bottom):
            continue
        for ring in range(outlines.view_ring[v], outlines.view_ring[v + 1]):
            start, end = outlines.ring_start[ring], outlines.ring_start[ring + 1]
            px, py = outlines.corner[start, 0], outlines.corner[start, 1]
            for k in range(start + 1, end):
                qx, qy = outlines.corner[k, 0], outlines.corner[k, 1]
                _mark_edge(px, py, qx, qy, outlines.sign[ring], frame, first_row, change)
                px, py = qx, qy
    for row in range(len(counts)):
        total = an_int(0)
        for column in range(counts.shape[1]):
            total += change[row, column]
            counts[row, column] = min(max(total, 0), MOST)
