"""Metres of frontage at a density, and the density that so many metres reach: sums over seen pieces of walls."""

# ruff: noqa: PLR0917  (kernels take plain numbers)

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel

ROUNDS = 40  # halvings of an interval of inverse densities
SLACK_M = 1e-6  # so much less than the metres asked for are as good


@inner
def _share_at(best0: float, best1: float, inverse: float) -> float:
    """Return which share of a piece has a density of ``1 / inverse`` or better: its inverse runs evenly from end to end."""
    a, b = 1.0 / max(best0, 1e-9), 1.0 / max(best1, 1e-9)
    low, high = min(a, b), max(a, b)
    if inverse >= high:
        return 1.0
    return 0.0 if inverse < low else (inverse - low) / (high - low)


@inner
def _metres(
    first: int, last: int, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, inverse: float
) -> float:
    """Return the metres of some pieces at a density or better; of pieces above each other the one that shows most counts."""
    total, open_column, most = 0.0, -1, 0.0
    for i in range(first, last):
        metres = length[i] * _share_at(best0[i], best1[i], inverse)
        if column[i] != open_column:
            total += most
            open_column, most = column[i], metres
        else:
            most = max(most, metres)
    return total + most


@kernel
def metres_at(
    first: IntArray, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, density_px_m: FloatArray,
    out: FloatArray,
) -> None:  # fmt: skip
    """Write the metres that each group of pieces shows at its density or better; ``first`` has one entry more than groups."""
    for g in range(len(first) - 1):
        out[g] = _metres(first[g], first[g + 1], length, best0, best1, column, 1.0 / density_px_m[g])


@kernel
def density_of_metres(
    first: IntArray, length: FloatArray, best0: FloatArray, best1: FloatArray, column: IntArray, metres: float, least_px_m: float,
    out: FloatArray,
) -> None:  # fmt: skip
    """Write the highest density that so many metres of each group have, 0 where fewer have the least one."""
    for g in range(len(first) - 1):
        a, b = first[g], first[g + 1]
        low, high = 1e9, 1.0 / least_px_m
        for i in range(a, b):
            low = min(low, 1.0 / max(best0[i], best1[i], 1e-9))
        if _metres(a, b, length, best0, best1, column, high) < metres - SLACK_M:
            out[g] = 0.0
            continue
        for _ in range(ROUNDS):
            middle = 0.5 * (low + high)
            if _metres(a, b, length, best0, best1, column, middle) >= metres - SLACK_M:
                high = middle
            else:
                low = middle
            if high - low < 1e-9 * high:
                break
        out[g] = 1.0 / high
