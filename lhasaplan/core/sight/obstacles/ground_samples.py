"""Kernel that samples the ground evenly over footprints: along lines from west to east, laid end to end."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

import math

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import sample


@inner
def _crossings(y: float, first: int, last: int, ring_start: IntArray, corner: FloatArray, found: FloatArray) -> int:
    """Write where rings cross a line, from west to east; returns how often: an even number, for rings are closed."""
    count = 0
    for ring in range(first, last):
        for k in range(ring_start[ring], ring_start[ring + 1] - 1):
            if (corner[k, 1] <= y) == (corner[k + 1, 1] <= y):
                continue
            share = (y - corner[k, 1]) / (corner[k + 1, 1] - corner[k, 1])
            x = corner[k, 0] + share * (corner[k + 1, 0] - corner[k, 0])
            at = count
            while at > 0 and found[at - 1] > x:
                found[at] = found[at - 1]
                at -= 1
            found[at] = x
            count += 1
    return count


@inner
def _runs(
    south: float, north: float, lines: int, first: int, last: int, ring_start: IntArray, corner: FloatArray,
    found: FloatArray, run: FloatArray,
) -> tuple[int, float]:  # fmt: skip
    """Write the stretches of lines that lie inside a footprint (west end, y, length); returns their number and length."""
    count, total, step = 0, 0.0, (north - south) / lines
    for line in range(lines):
        y = south + (line + 0.5) * step
        crossings = _crossings(y, first, last, ring_start, corner, found)
        for k in range(0, crossings - 1, 2):
            run[count, 0], run[count, 1], run[count, 2] = found[k], y, found[k + 1] - found[k]
            total += run[count, 2]
            count += 1
    return count, total


@kernel
def sample_under(
    ring: IntArray, extent: FloatArray, lines: IntArray, ring_start: IntArray, corner: FloatArray, relief: Relief,
    found: FloatArray, run: FloatArray, height: FloatArray,
) -> None:  # fmt: skip
    """Write heights of the ground under each footprint, the same number for each; NaN where no line meets it.

    Parameters
    ----------
    ring : shape (B, 2); first ring of each footprint, and the one after its last.
    extent : shape (B, 2); its southern and northern end.
    lines : shape (B,); how many lines run over it.
    found, run : room for the crossings of one line, and for the stretches inside of all lines of one footprint, shape (n, 3).
    height : shape (B, samples).
    """
    samples = height.shape[1]
    for b in range(len(ring)):
        count, total = _runs(extent[b, 0], extent[b, 1], lines[b], ring[b, 0], ring[b, 1], ring_start, corner, found, run)
        k, before = 0, 0.0
        for i in range(samples):
            if total <= 0.0:
                height[b, i] = math.nan
                continue
            along = (i + 0.5) / samples * total
            while k < count - 1 and along > before + run[k, 2]:
                before += run[k, 2]
                k += 1
            height[b, i] = sample(relief, run[k, 0] + along - before, run[k, 1])
