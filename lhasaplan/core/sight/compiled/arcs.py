"""Arcs that meet joined into runs, and the stretch at which enough is seen: loops over sorted rows, compiled."""

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import kernel

_ROUNDING_M = 1e-9


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


def enough_at(first: IntArray, length_m: FloatArray, density_px_m: FloatArray, enough_m: float) -> IntArray:
    """Return, for each run of rows, the row with which, from the densest down, enough metres are reached; -1 if never.

    Parameters
    ----------
    first : shape (R,); where each run begins.
    length_m, density_px_m : shape (N,); a run ends where the next begins.
    """
    found = np.empty(len(first), np.int64)
    _reach(first, length_m, density_px_m, enough_m - _ROUNDING_M, found)
    return found


@kernel
def _reach(first: IntArray, length_m: FloatArray, density_px_m: FloatArray, enough_m: float, found: IntArray) -> None:
    for run in range(len(first)):
        last = first[run + 1] if run + 1 < len(first) else len(length_m)
        total, below, at = 0.0, np.inf, first[run]
        while at >= 0 and total < enough_m:
            at = -1
            for k in range(first[run], last):  # the densest of those that are not added up yet
                if density_px_m[k] < below and (at < 0 or density_px_m[k] > density_px_m[at]):
                    at = k
            if at >= 0:
                below = density_px_m[at]
                for k in range(first[run], last):
                    total += length_m[k] if density_px_m[k] == below else 0.0
        found[run] = at
