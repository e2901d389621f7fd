"""Sectors of azimuth: from points to merged, padded pairs of bearings, clockwise."""

import math

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray

Sectors = tuple[tuple[float, float], ...]
_WHOLE_DEG = 360.0 - 1e-9
ROUNDING_DEG = 1e-6  # a bearing this near to a whole degree is that degree
FULL_CIRCLE: Sectors = ((0.0, 360.0),)


def azimuth_deg(dx_m: FloatArray, dy_m: FloatArray) -> FloatArray:
    """Return bearings clockwise from grid north, 0 to 360, of offsets east and north."""
    return np.asarray(np.degrees(np.arctan2(dx_m, dy_m)) % 360.0, float)


def merge_sectors(centre_deg: FloatArray, half_deg: FloatArray, gap_deg: float = 1.0) -> Sectors:
    """Return the union of arcs as sectors; arcs nearer than ``gap_deg`` become one.

    >>> merge_sectors(np.array([350.0, 5.0, 90.0]), np.array([10.0, 5.0, 2.0]))
    ((88.0, 92.0), (340.0, 10.0))
    """
    return merge_by_group(np.zeros(len(centre_deg), np.int64), centre_deg, half_deg, 1, gap_deg)[0]


def merge_by_group(
    group: IntArray, centre_deg: FloatArray, half_deg: FloatArray, count: int, gap_deg: float = 1.0
) -> list[Sectors]:
    """Return the sectors of each of ``count`` groups of arcs, as :func:`merge_sectors` does for one; arrays (N,)."""
    start = (centre_deg - half_deg) % 360.0
    order = np.lexsort((start, group))
    group, low, end = group[order], start[order], (start + 2.0 * half_deg)[order]
    from lhasaplan.core.sight.compiled.small_kernels import joined  # noqa: PLC0415  (numba is loaded when it is first needed)

    first, high = joined(group, low, end, gap_deg)
    runs: list[list[list[float]]] = [[] for _ in range(count)]
    for its, start_deg, end_deg in zip(group[first].tolist(), low[first].tolist(), high.tolist(), strict=True):
        runs[its].append([start_deg, end_deg])
    is_full = np.zeros(count, bool)
    is_full[group[end - low >= _WHOLE_DEG]] = True
    return [
        FULL_CIRCLE if full else _closed(its, gap_deg) if its else () for its, full in zip(runs, is_full.tolist(), strict=True)
    ]


def _closed(runs: list[list[float]], gap_deg: float) -> Sectors:
    """Join runs that pass north onto the first ones and bring the ends back into the circle."""
    while len(runs) > 1 and runs[-1][1] - 360.0 >= runs[0][0] - gap_deg:
        first = runs.pop(0)
        runs[-1][1] = max(runs[-1][1], first[1] + 360.0)
    if runs[-1][1] - runs[-1][0] >= 360.0 - gap_deg:
        return FULL_CIRCLE
    return tuple((round(float(low % 360.0), 4), round(float(high % 360.0), 4)) for low, high in runs)


def padded(sectors: Sectors, pad_deg: float) -> Sectors:
    """Return the sectors grown by ``pad_deg`` at either end and out to whole degrees, merged where they meet.

    What outputs print in whole degrees is then the very mask that was tried.
    """
    if not sectors or sectors == FULL_CIRCLE:
        return sectors
    arcs = sorted((_grown(sector, pad_deg) for sector in sectors), key=lambda arc: arc[0])
    if any(end - low >= _WHOLE_DEG for low, end in arcs):
        return FULL_CIRCLE
    runs = [list(arcs[0])]
    for low, end in arcs[1:]:
        if low > runs[-1][1]:
            runs.append([low, end])
        runs[-1][1] = max(runs[-1][1], end)
    return _closed(runs, 0.0)


def _grown(sector: tuple[float, float], pad_deg: float) -> tuple[float, float]:
    """Return where a sector begins and how far round it goes, grown at either end, in whole degrees."""
    half = width_deg(sector) / 2.0
    grown = min(half + pad_deg, 180.0)
    low = ((sector[0] + half) % 360.0 - grown) % 360.0
    start = math.floor(low + ROUNDING_DEG)
    return start, min(math.ceil(low + 2.0 * grown - ROUNDING_DEG), start + 360.0)


def width_deg(sector: tuple[float, float]) -> float:
    """Return how many degrees a sector covers, clockwise from its first to its second bearing."""
    start, end = sector
    return 360.0 if end - start >= 360.0 else (end - start) % 360.0


def turned(sectors: Sectors, by_deg: float) -> Sectors:
    """Return the sectors turned clockwise, for example from grid to true north."""
    if sectors == FULL_CIRCLE:
        return sectors
    return tuple((round((low + by_deg) % 360.0, 4), round((high + by_deg) % 360.0, 4)) for low, high in sectors)


def covers(sectors: Sectors, azimuth: float) -> bool:
    """Tell whether a bearing lies in one of the sectors, its ends included."""
    return any((azimuth - low) % 360.0 <= width_deg((low, high)) for low, high in sectors)
