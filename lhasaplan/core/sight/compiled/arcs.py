"""Join arcs that meet into runs: a loop over sorted rows, compiled."""

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import kernel


def joined(group: IntArray, low: FloatArray, end: FloatArray, gap: float) -> tuple[IntArray, FloatArray]:
    """Return where each run of arcs begins, and where the run ends; shape (R,) each.

    Parameters
    ----------
    group, low, end : shape (N,), ordered by group, then by where an arc begins; arcs of a group that lie no more than ``gap``
        apart are one run.
    """
    first, high = np.empty(len(group), np.int64), np.empty(len(group))
    count = _join(group, low, end, gap, first, high)
    return first[:count], high[:count]


@kernel
def _join(group: IntArray, low: FloatArray, end: FloatArray, gap: float, first: IntArray, high: FloatArray) -> int:  # noqa: PLR0917
    count = 0
    for k in range(len(group)):
        if k > 0 and group[k] == group[k - 1] and low[k] <= high[count - 1] + gap:
            high[count - 1] = max(high[count - 1], end[k])
        else:
            first[count], high[count] = k, end[k]
            count += 1
    return count
