"""Seen pieces of walls as plain arrays: what the kernel of walls writes and everything about protected frontage reads."""

from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray

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
