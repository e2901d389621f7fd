"""Seen pieces of walls as plain arrays: what the kernel of walls writes and everything about protected frontage reads."""

import math
from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.sight.compiled.compilation import inner, kernel
from lhasaplan.core.sight.compiled.directions import LensSet, lens_set, limits_px_m

# Columns of a piece: from and to along its wall; at either end the lower and the upper height, and the highest density that
# 0.1 m of height reaches there.
FROM, TO, LOW0, LOW1, HIGH0, HIGH1, BEST0, BEST1 = range(8)
PIECE_COLUMNS = 8


class Mounts(NamedTuple):
    """Where cameras hang: the building of each view's mount, -1 for none, and its wall: x, y and unit vector, NaN without one."""

    building: IntArray  # shape (V,)
    wall: FloatArray  # shape (V, 4)


class Pieces(NamedTuple):
    """Pieces in order of view and wall, shape (N,) each; ``figure`` has ``PIECE_COLUMNS`` columns.

    Pieces of one ``column`` stand above each other on the same stretch of wall.
    """

    viewer: IntArray
    wall: IntArray
    column: IntArray
    figure: FloatArray

    def where(self, keep: BoolArray | IntArray | slice) -> "Pieces":
        """Return some of the pieces."""
        return Pieces(self.viewer[keep], self.wall[keep], self.column[keep], self.figure[keep])


def joined_pieces(found: "list[Pieces]") -> Pieces:
    """Return the pieces of all batches by view and wall, those of one wall in their order, columns numbered from 0."""
    none, shift, columns = np.empty(0, np.int64), 0, []
    for each in found:
        columns.append(each.column + shift)
        shift += int(each.column.max(initial=-1)) + 1
    viewer = np.concatenate([none, *(each.viewer for each in found)])
    wall = np.concatenate([none, *(each.wall for each in found)])
    column = np.concatenate([none, *columns])
    figure = np.concatenate([np.empty((0, PIECE_COLUMNS)), *(each.figure for each in found)])
    order = np.lexsort((wall, viewer))
    opens = np.diff(column[order], prepend=-1) != 0
    return Pieces(viewer[order], wall[order], np.cumsum(opens) - 1, np.take(figure, order, axis=0))


# Between which densities each seen piece of wall may be shown, where a view stands for several lenses.

# ruff: noqa: PLR0917  (kernels take plain numbers)


EIGHTHS = 8  # of a piece of wall; a picture less wide than an eighth shows no metre
EVEN = 1.001
NEAR_SHARE = 0.06  # of the distance; of what is smaller the middle is no nearer than the ends by half a thousandth


@inner
def _limits_between(lens: LensSet, dx: float, dy: float, z: float, low: float, high: float) -> tuple[float, float]:
    """Return the limits of what stands between two heights; ``z`` is that of the highest lens.

    Far away they are met at either height or nearest to the lens. Near it a picture may just hold what is between these.
    """
    fewest, most = limits_px_m(lens, dx, dy, z - min(max(z, low), high))
    steps = EIGHTHS if (high - low) ** 2 > NEAR_SHARE**2 * (dx * dx + dy * dy) else 1
    for k in range(steps + 1):
        least, best = limits_px_m(lens, dx, dy, z - (low + (high - low) * k / steps))
        fewest, most = min(fewest, least), max(most, best)
    return fewest, most


@inner
def _is_near(start: FloatArray, along: FloatArray, figure: FloatArray, i: int, x: float, y: float) -> bool:
    """Return whether a piece is so long for its distance that its density does not run evenly from end to end."""
    s = 0.5 * (figure[i, FROM] + figure[i, TO])
    dx, dy = start[i, 0] + along[i, 0] * s - x, start[i, 1] + along[i, 1] * s - y
    return bool((figure[i, TO] - figure[i, FROM]) ** 2 > NEAR_SHARE**2 * (dx * dx + dy * dy))


@kernel
def limits_of_pieces(
    table: FloatArray, lens_xyz: FloatArray, view: IntArray, start: FloatArray, along: FloatArray, figure: FloatArray,
    least_px_m: FloatArray,
) -> None:  # fmt: skip
    """Write the highest density that any lens of a set may give either end of pieces of walls, and the lowest of each piece.

    Between the ends a longer lens may hold what it holds at neither, and a piece near the lens is nearest in its middle; then the
    whole piece has the sharpest density of any spot.
    """
    for i in range(len(view)):
        lens, x, y, z = lens_set(table, view[i]), lens_xyz[view[i], 0], lens_xyz[view[i], 1], lens_xyz[view[i], 2]
        if lens.is_set == 0.0:
            continue
        has_sides = lens.swing < math.pi  # where its pictures end a spot must lie deeper, and density runs unevenly
        a, b, least, top, rises = 0.0, 0.0, math.inf, 0.0, False
        for k in range(EIGHTHS + 1 if has_sides or _is_near(start, along, figure, i, x, y) else 2):
            share = 0.0 if k == 0 else 1.0 if k == 1 else (k - 1) / EIGHTHS  # both ends first
            s = figure[i, FROM] + share * (figure[i, TO] - figure[i, FROM])
            low = figure[i, LOW0] + share * (figure[i, LOW1] - figure[i, LOW0])
            high = figure[i, HIGH0] + share * (figure[i, HIGH1] - figure[i, HIGH0])
            dx, dy = start[i, 0] + along[i, 0] * s - x, start[i, 1] + along[i, 1] * s - y
            fewest, most = _limits_between(lens, dx, dy, z, low, high)
            if k == 0:
                a, least = most, fewest
            elif k == 1:
                b, least = most, min(least, fewest)
            else:
                top = max(top, most)
                rises = rises or most > EVEN / ((1.0 - share) / a + share / b)
        figure[i, BEST0], figure[i, BEST1], least_px_m[i] = (top, top, least) if rises else (a, b, least)
