"""Joining seen ground: of each camera, and the area of a whole city's, tile by tile."""

from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.geometry_repair import packed
from lhasaplan.core.base.kept_shapes import Shape, read_shapes
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.sight.compiled.small_kernels import covered_m2

TILE_M = 2400.0  # so much of a city is swept at once
CAMERAS_A_BATCH = 64
_FEW = 24  # joined as they are; loading the sweep would cost more


def unions(shapes: Sequence[ObjectArray], progress: Progress = no_progress) -> ObjectArray:
    """Return the union of the shapes of each camera, in threads; one alone stays as it is."""
    found = np.array([*(each[0] if len(each) else shapely.MultiPolygon() for each in shapes), None], object)[:-1]
    several = np.array([c for c, each in enumerate(shapes) if len(each) > 1], np.int64)

    def join(batch: IntArray) -> None:
        depth = max(len(shapes[c]) for c in batch)
        rows = np.full((len(batch), depth), None, object)
        for row, c in enumerate(batch.tolist()):
            rows[row, : len(shapes[c])] = shapes[c]
        found[batch] = packed(shapely.union_all(rows, axis=1))

    if len(several):
        in_threads(join, [several[low : low + CAMERAS_A_BATCH] for low in range(0, len(several), CAMERAS_A_BATCH)], progress)
    return found


def union_m2(shapes: "Sequence[Shape | None]", progress: Progress = no_progress) -> float:
    """Return the area that the shapes cover together, each square metre once.

    The plane is cut into tiles, which threads share; the sum is exact but for rounding. Shapes that are kept elsewhere are
    read tile by tile.
    """
    known = np.array([*(shape for shape in shapes if shape is not None), None], object)[:-1]
    bounds = np.concatenate([np.zeros((0, 4)), *(shapely.bounds(read_shapes(known[some])) for some in _few_at_a_time(known))])
    is_somewhere = ~np.isnan(bounds).any(axis=1)
    known, bounds = known[is_somewhere], bounds[is_somewhere]
    if len(known) < _FEW:
        return float(shapely.union_all(read_shapes(known)).area) if len(known) else 0.0
    jobs = _tiles(bounds)
    return float(sum(in_threads(lambda job: covered_m2(read_shapes(known[job[1]]), job[0]), jobs, progress)))


def _few_at_a_time(shapes: ObjectArray) -> list[slice]:
    return [slice(low, low + CAMERAS_A_BATCH) for low in range(0, len(shapes), CAMERAS_A_BATCH)]


def _tiles(bounds: FloatArray) -> list[tuple[tuple[float, ...], IntArray]]:
    """Return each tile (west, south, east, north) that shapes may meet, with their numbers."""
    low = np.floor(bounds[:, :2] / TILE_M).astype(np.int64)
    size = np.floor(bounds[:, 2:] / TILE_M).astype(np.int64) - low + 1
    count = size.prod(axis=1)
    shape = np.repeat(np.arange(len(bounds)), count)
    number = np.arange(len(shape)) - np.repeat(np.cumsum(count) - count, count)
    cell = low[shape] + np.stack([number // size[shape, 1], number % size[shape, 1]], axis=1)
    order = np.lexsort((cell[:, 1], cell[:, 0]))
    pieces = np.split(order, np.flatnonzero((np.diff(cell[order], axis=0) != 0).any(axis=1)) + 1)
    corners = [cell[rows[0]] * TILE_M for rows in pieces]
    return [((x, y, x + TILE_M, y + TILE_M), shape[rows]) for (x, y), rows in zip(corners, pieces, strict=True)]
