"""How many views can see each cell of the ground: coverage counted at cell middles, from the polygons of the views.

Plain coverage of the ground by cameras, as a map draws it. It is no score of an area, and nothing is derived from it.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, in_threads, no_progress

CELLS_A_STRIP = 1 << 20  # scratch of 4 MB a thread: it stays in the processor's cache
Counts = npt.NDArray[np.uint16]


class CellFrame(NamedTuple):
    """Square cells, row 0 in the north; ``west`` and ``north`` are the outer edges of the first cell."""

    west: float
    north: float
    cell: float
    columns: int
    rows: int


class CountedOutlines(NamedTuple):
    """Rings of many views as plain arrays.

    Parameters
    ----------
    corner : shape (n, 2); every ring closed.   ring_start : shape (R + 1,).   sign : shape (R,); 1 for a ring whose
    inside is to the left of its way, a shell run counter-clockwise or a hole run clockwise, else -1.
    view_ring : shape (V + 1,); rings of a view.   span : shape (V, 2); lowest and highest y of a view.
    """

    corner: FloatArray
    ring_start: IntArray
    sign: IntArray
    view_ring: IntArray
    span: FloatArray


def frame_around(ground: Sequence[BaseGeometry], cell_m: float = 1.0) -> CellFrame:
    """Return the frame of whole cells that holds all polygons, its edges at multiples of the cell; one cell if none."""
    bounds = np.asarray(shapely.total_bounds(np.asarray(ground, object)))
    if np.isnan(bounds).any():
        return CellFrame(0.0, cell_m, cell_m, 1, 1)
    west, south = np.floor(bounds[:2] / cell_m)
    east, north = np.ceil(bounds[2:] / cell_m)
    size = max(1, int(east - west)), max(1, int(north - south))
    return CellFrame(float(west * cell_m), float(north * cell_m), float(cell_m), *size)


def view_counts(ground: Sequence[BaseGeometry], frame: CellFrame, progress: Progress = no_progress) -> Counts:
    """Return how many of the valid polygons contain the middle of each cell, shape (rows, columns).

    A middle exactly on an outline may count or not. 65,535 stands for that many and more. Needs 2 bytes a cell;
    ``counted_strips`` gives the same piece by piece.
    """
    counts = np.empty((frame.rows, frame.columns), np.uint16)
    outlines = outlines_of(ground)
    in_threads(lambda strip: _count(outlines, frame, strip, counts[strip[0] : strip[1]]), _strips(frame), progress)
    return counts


def counted_strips(
    ground: Sequence[BaseGeometry], frame: CellFrame, progress: Progress = no_progress
) -> Iterator[tuple[int, Counts]]:
    """Yield the first row and the counts of strips of rows, north to south: any size in little memory."""
    outlines, strips = outlines_of(ground), _strips(frame)
    for done, strip in enumerate(strips):
        progress(done / len(strips), "counting cells")
        counts = np.empty((strip[1] - strip[0], frame.columns), np.uint16)
        _count(outlines, frame, strip, counts)
        yield strip[0], counts


def outlines_of(ground: Sequence[BaseGeometry]) -> CountedOutlines:
    """Return the rings of polygons and multipolygons, one entry a view."""
    shapes = np.asarray(ground, object)
    parts, whose = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corner, ring = shapely.get_coordinates(rings, return_index=True)
    ring_start = np.searchsorted(ring, np.arange(len(rings) + 1)).astype(np.int64)
    is_shell = np.r_[True, part[1:] != part[:-1]][: len(rings)]
    sign = np.where(shapely.is_ccw(rings) == is_shell, 1, -1)
    view_ring = np.searchsorted(whose[part], np.arange(len(shapes) + 1)).astype(np.int64)
    return CountedOutlines(corner, ring_start, sign, view_ring, np.ascontiguousarray(shapely.bounds(shapes)[:, [1, 3]]))


def _strips(frame: CellFrame) -> list[tuple[int, int]]:
    """Return first and last row of strips of about the same number of cells."""
    rows = max(1, CELLS_A_STRIP // frame.columns)
    return [(first, min(first + rows, frame.rows)) for first in range(0, frame.rows, rows)]


def _count(outlines: CountedOutlines, frame: CellFrame, strip: tuple[int, int], counts: Counts) -> None:
    """Write the counts of a strip."""
    from lhasaplan.core.sight.compiled.small_kernels import count_strip  # noqa: PLC0415  (numba is loaded when it is first needed)

    count_strip(outlines, frame, strip[0], np.zeros((strip[1] - strip[0], frame.columns + 1), np.int32), counts)
