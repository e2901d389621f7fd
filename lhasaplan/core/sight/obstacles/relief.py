"""The ground as a grid of heights, bilinear between cell centres."""

from typing import NamedTuple

import numpy as np

from lhasaplan.core.base.arrays import FloatArray

TILE_CELLS, BLOCK_CELLS, ENVELOPE_CELLS = 32, 8, 4
FOUNDATION_M = 1000.0  # what stands on the ground also fills the slope below its lowest corner
KNOT_ERROR_M, WIDEST_KNOT_M = 0.005, 5.0  # how far the ground may lie off a straight line between knots, and their distance


class Relief(NamedTuple):
    """Bare earth, north up, square cells.

    Parameters
    ----------
    height : shape (rows, columns); heights at cell centres, metres above the datum.
    west, north : the grid's outer edges.   cell : width of a cell.
    highest, lowest : extremes of tiles of ``TILE_CELLS`` cells, one cell of overlap included.
    block_highest : the highest of blocks of ``BLOCK_CELLS`` cells, one cell of overlap included.
    above, below : extremes of blocks of ``ENVELOPE_CELLS`` cells and what lies up to a cell beside them.
    bend, steep : the strongest curvature (1 / m) and the steepest slope in those tiles.
    stride : how far apart knots of a straightened ground may lie in blocks of ``BLOCK_CELLS`` cells and those next to
        them; 0 where the ground bends so sharply that its cells must be followed.
    is_level : stands for no relief at all: the ground is the datum everywhere.
    """

    height: FloatArray
    west: float
    north: float
    cell: float
    highest: FloatArray
    lowest: FloatArray
    block_highest: FloatArray
    above: FloatArray
    below: FloatArray
    bend: FloatArray
    steep: FloatArray
    stride: FloatArray
    is_level: bool


def make_relief(height_m: FloatArray, west_m: float, north_m: float, cell_m: float) -> Relief:
    """Return the relief of a grid of at least two by two cells without gaps."""
    height = np.ascontiguousarray(height_m, float)
    bend = _bend(height) / cell_m**2
    highest, lowest = _tiles(height, TILE_CELLS), -_tiles(-height, TILE_CELLS)
    blocks = _tiles(height, BLOCK_CELLS), _envelope(height), -_envelope(-height)
    shape = _tiles(bend, TILE_CELLS), _tiles(_steep(height) / cell_m, TILE_CELLS), _stride(bend, cell_m)
    place = float(west_m), float(north_m), float(cell_m)
    return Relief(height, *place, highest, lowest, *blocks, *shape, is_level=False)


def level_relief() -> Relief:
    """Return the relief that stands for none."""
    return make_relief(np.zeros((2, 2)), 0.0, 0.0, 1.0)._replace(is_level=True)


def ground_at(relief: Relief, x_m: FloatArray, y_m: FloatArray) -> FloatArray:
    """Return the bilinear ground at points; beyond the grid its edge continues."""
    if relief.is_level:
        return np.zeros(np.broadcast_shapes(np.shape(x_m), np.shape(y_m)))
    rows, columns = relief.height.shape
    fx = np.clip((np.asarray(x_m) - relief.west) / relief.cell - 0.5, 0.0, columns - 1.001)
    fy = np.clip((relief.north - np.asarray(y_m)) / relief.cell - 0.5, 0.0, rows - 1.001)
    j, i = fx.astype(np.int64), fy.astype(np.int64)
    a, b, z = fx - j, fy - i, relief.height
    upper, lower = z[i, j] * (1 - a) + z[i, j + 1] * a, z[i + 1, j] * (1 - a) + z[i + 1, j + 1] * a
    return np.asarray(upper + (lower - upper) * b)


def _bend(height: FloatArray) -> FloatArray:
    """Return the greatest second difference of heights at each cell, along rows, columns and across."""
    padded = np.pad(height, 1, mode="reflect", reflect_type="odd")
    middle, around = 2.0 * height, np.zeros(height.shape)
    for a, b in (
        (padded[1:-1, :-2], padded[1:-1, 2:]),
        (padded[:-2, 1:-1], padded[2:, 1:-1]),
        (padded[:-2, :-2], padded[2:, 2:]),
        (padded[:-2, 2:], padded[2:, :-2]),
    ):
        around = np.maximum(around, np.abs(a + b - middle))
    return around


def _steep(height: FloatArray) -> FloatArray:
    """Return the greatest rise over one cell in any direction beside each cell centre."""
    east, south = np.abs(np.diff(height, axis=1, append=height[:, -1:])), np.abs(np.diff(height, axis=0, append=height[-1:]))
    east[:-1], south[:, :-1] = np.maximum(east[:-1], east[1:]), np.maximum(south[:, :-1], south[:, 1:])
    return np.asarray(np.hypot(east, south))


def _stride(bend: FloatArray, cell_m: float) -> FloatArray:
    """Return how far apart knots may lie in each block, as halves of the widest distance: rays side by side share them.

    A knot's ray goes at most as far as the next block, hence the bend of the blocks around counts.
    """
    blocks = np.pad(_tiles(bend, BLOCK_CELLS), 1, mode="edge")
    around = _highest_of_three(_highest_of_three(blocks).T).T[1:-1, 1:-1]
    knot = np.minimum(knot_m(around, cell_m), BLOCK_CELLS * cell_m)
    stride = WIDEST_KNOT_M / 2.0 ** np.ceil(np.log2(WIDEST_KNOT_M / knot))
    return np.ascontiguousarray(np.where(stride < cell_m, 0.0, stride))


def knot_m(bend: FloatArray, cell_m: float) -> FloatArray:
    """Return how far apart knots may lie on ground of a curvature, so that the ground is off by ``KNOT_ERROR_M`` at most.

    Straight ground is off by bend * knot^2 / 8; where all of the bend lies in one crease, by bend * cell * knot / 4.
    """
    sharp = np.maximum(bend, 1e-9)
    knot = np.minimum(np.sqrt(8.0 * KNOT_ERROR_M / sharp), 4.0 * KNOT_ERROR_M / (sharp * cell_m))
    return np.minimum(knot, WIDEST_KNOT_M)


def _tiles(height: FloatArray, cells: int) -> FloatArray:
    """Return the highest of each tile of so many cells and of the cells next to it."""
    upright = np.maximum.reduceat(_highest_of_three(height), np.arange(0, len(height), cells), axis=0)
    across = _highest_of_three(upright.T)
    return np.ascontiguousarray(np.maximum.reduceat(across, np.arange(0, len(across), cells), axis=0).T)


def _envelope(height: FloatArray) -> FloatArray:
    """Return the highest of each block and half a block around it."""
    half = ENVELOPE_CELLS // 2
    for _ in range(2):
        pairs = np.maximum.reduceat(height, np.arange(0, len(height), half), axis=0)
        around = np.pad(pairs, ((1, 3), (0, 0)), mode="edge")
        count = (len(pairs) + 1) // 2
        height = np.max([around[k : k + 2 * count : 2] for k in range(4)], axis=0).T
    return np.ascontiguousarray(height)


def _highest_of_three(height: FloatArray) -> FloatArray:
    """Return the highest of each row and the rows before and after it."""
    highest = height.copy()
    np.maximum(highest[1:], height[:-1], out=highest[1:])
    np.maximum(highest[:-1], height[1:], out=highest[:-1])
    return highest
