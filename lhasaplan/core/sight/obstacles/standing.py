"""Set buildings on uneven ground: each roof is flat, at the median ground under the footprint plus its height."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.building_index import Parts, parts_of
from lhasaplan.core.sight.obstacles.relief import FOUNDATION_M, Relief, ground_at

SAMPLES = ((256, 1024.0), (1024, 16384.0), (4096, np.inf))  # under each footprint, by the most cells that it covers
LINE_M, FEWEST_LINES, MOST_LINES = 0.5, 16, 512  # how far apart the lines that samples lie on run
SAMPLES_AT_ONCE = 1 << 20


def stand_on(buildings: Buildings, relief: Relief) -> Buildings:
    """Return the buildings set on the relief: heights above the datum instead of above the ground.

    Roofs are flat at the median ground under the footprint plus height. A base on the ground goes down into
    it, so that no line passes under a house on a slope; a raised base keeps its height above the median ground.
    """
    if not len(buildings) or relief.is_level:
        return buildings
    median = ground_under(buildings.polygons, relief)
    base = np.where(buildings.base_m > 0.0, buildings.base_m, -FOUNDATION_M) + median
    return Buildings(
        buildings.ids, buildings.polygons, base, buildings.top_m + median, buildings.height_source, buildings.tags
    )  # fmt: skip


def ground_under(polygons: ObjectArray, relief: Relief) -> FloatArray:
    """Return the median ground under each footprint, shape (B,); 0 for one without extent.

    Courtyards do not count. Samples lie evenly over the footprint, so that one smaller than a cell has them between the
    middles of cells, and corners count no more than any other ground. A footprint gives the same alone and in its town.
    """
    return _kept(_Asked(polygons, relief))


@dataclass(frozen=True, eq=False, slots=True)
class _Asked:
    """Footprints and ground as they are at hand: a town is set on its ground for lenses, walls and frontage alike."""

    polygons: ObjectArray
    relief: Relief

    def __hash__(self) -> int:
        return hash((id(self.polygons), id(self.relief.height)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.polygons is other.polygons and self.relief.height is other.relief.height


@lru_cache(maxsize=4)
def _kept(asked: _Asked) -> FloatArray:
    cells = shapely.area(asked.polygons) / asked.relief.cell**2
    median, least = np.zeros(len(asked.polygons)), 0.0
    for samples, most in SAMPLES:
        some = np.flatnonzero((cells >= least) & (cells < most))
        at_once = SAMPLES_AT_ONCE // samples
        for first in range(0, len(some), at_once):
            rows = some[first : first + at_once]
            median[rows] = _medians(asked.polygons[rows], asked.relief, samples)
        least = most
    median.flags.writeable = False
    return median


def _medians(polygons: ObjectArray, relief: Relief, samples: int) -> FloatArray:
    """Return the median ground under some footprints from so many samples of each."""
    from lhasaplan.core.sight.obstacles.ground_samples import sample_under  # noqa: PLC0415  (numba is loaded when it is first needed)

    parts, bounds = parts_of(polygons), shapely.bounds(polygons)
    ring = _rings(parts, len(polygons))
    lines = np.clip(np.nan_to_num((bounds[:, 3] - bounds[:, 1]) / LINE_M), FEWEST_LINES, MOST_LINES).astype(np.int64)
    corners = np.diff(parts.ring_start[ring], axis=1)[:, 0]
    found, run = np.empty(int(corners.max(initial=0)) + 1), np.empty((int((lines * corners).max(initial=0)) // 2 + 1, 3))
    extent, height = bounds[:, 1::2].copy(), np.empty((len(polygons), samples))
    sample_under(ring, extent, lines, parts.ring_start, parts.corner, relief, found, run, height)
    return _without_lines(np.median(height, axis=1), polygons, relief)


def _rings(parts: Parts, count: int) -> IntArray:
    """Return the first ring of each footprint and the one after its last, shape (B, 2)."""
    ends = [parts.part_ring[np.searchsorted(parts.building, np.arange(count), side=side)] for side in ("left", "right")]
    return np.ascontiguousarray(np.column_stack(ends), np.int64)


def _without_lines(median: FloatArray, polygons: ObjectArray, relief: Relief) -> FloatArray:
    """Return the medians, those of footprints thinner than a hair from their corners, of empty ones as 0."""
    for row in np.flatnonzero(np.isnan(median)).tolist():
        x, y = shapely.get_coordinates(polygons[row]).T
        median[row] = np.median(ground_at(relief, x, y)) if len(x) else 0.0
    return median
