"""The ground that a project stands on: terrain rasters laid over each other, the finest on top."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at, level_relief, make_relief
from lhasaplan.core.sight.obstacles.standing import ground_under
from lhasaplan.errors import Fault

COARSE_M = 10.0  # cells wider than this know no wall, terrace or cutting: what they hide is a guess, and no mask
SCALE_OFF = 0.01  # a grid of 10 m in one system is a little more or less in another
BELOW_ALL_M = 10_000.0
Bounds = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True)
class TerrainSource:
    """A raster that the ground was made from, its own cell and the longer side of that, and how much of the ground it gives."""

    name: str
    resolution_m: float
    share: float
    spacing_m: float = 0.0

    @property
    def is_coarse(self) -> bool:
        """Return whether heights lie farther apart than ``COARSE_M``."""
        return self.spacing_m > COARSE_M * (1.0 + SCALE_OFF)


@dataclass(frozen=True, eq=False, slots=True)
class Terrain:
    """Heights above the datum on a grid of the project, bilinear between cell centres; beyond it its edge goes on.

    Parameters
    ----------
    sources : the rasters that it was made from, finest first; empty for level ground.
    filled : share of the cells for which no raster has a height; they take that of the nearest cell that has one.
    remarks : what the user should know of rasters that could not be used.
    coarse : which cells come from a raster coarser than ``COARSE_M``, or are, shape of the relief; None if none does.
    ending : the ground that may end a view of a protected place, which coarse cells never do; the relief if not given.
    """

    relief: Relief
    sources: tuple[TerrainSource, ...] = ()
    filled: float = 0.0
    remarks: tuple[Fault, ...] = ()
    coarse: BoolArray | None = None
    ending: Relief | None = None

    @property
    def mask(self) -> Relief:
        """Return the ground that may end a view of a protected place."""
        return self.relief if self.ending is None else self.ending

    def is_same(self, other: "Terrain") -> bool:
        """Return whether this is the very same ground, or both are level."""
        return self is other or (self.is_level and other.is_level)

    def is_coarse(self, x_m: FloatArray, y_m: FloatArray) -> BoolArray:
        """Return which points stand on cells of a coarse raster; beyond the grid its edge goes on."""
        if self.coarse is None:
            return np.zeros(np.shape(x_m), bool)
        rows, columns = self.coarse.shape
        column = np.clip((np.asarray(x_m) - self.relief.west) // self.relief.cell, 0, columns - 1).astype(np.int64)
        row = np.clip((self.relief.north - np.asarray(y_m)) // self.relief.cell, 0, rows - 1).astype(np.int64)
        return np.asarray(self.coarse[row, column])

    @property
    def is_level(self) -> bool:
        """Return whether there is no relief: every height counts from the ground itself."""
        return self.relief.is_level

    @property
    def cell_m(self) -> float:
        """Return the width of a cell, 0 for level ground."""
        return 0.0 if self.is_level else self.relief.cell

    def heights_m(self, x_m: FloatArray, y_m: FloatArray) -> FloatArray:
        """Return the ground at points, same shape; 0 everywhere if it is level."""
        return np.zeros(np.shape(x_m)) if self.is_level else ground_at(self.relief, x_m, y_m)

    def covers(self, x_m: FloatArray, y_m: FloatArray) -> BoolArray:
        """Return which points lie on the grid; level ground covers everything."""
        if self.is_level:
            return np.ones(np.shape(x_m), bool)
        across, down = (np.asarray(x_m) - self.relief.west), (self.relief.north - np.asarray(y_m))
        rows, columns = self.relief.height.shape
        width, height = columns * self.relief.cell, rows * self.relief.cell
        return np.asarray((across >= 0.0) & (across <= width) & (down >= 0.0) & (down <= height))

    def lifted(self, xyz_m: FloatArray) -> FloatArray:
        """Return points of shape (n, 3) with heights above the datum instead of above the ground."""
        if self.is_level or not len(xyz_m):
            return xyz_m
        return np.column_stack((xyz_m[:, :2], xyz_m[:, 2] + self.heights_m(xyz_m[:, 0], xyz_m[:, 1])))

    def under(self, buildings: Buildings) -> FloatArray:
        """Return the level that each building's heights count from: the median ground under its footprint, shape (B,)."""
        return self.ground_under(buildings.polygons)

    def ground_under(self, footprints: ObjectArray) -> FloatArray:
        """Return the median ground under each footprint, shape (B,); 0 if it is level."""
        return np.zeros(len(footprints)) if self.is_level else ground_under(footprints, self.relief)


def level(remarks: tuple[Fault, ...] = ()) -> Terrain:
    """Return ground without relief."""
    return Terrain(level_relief(), remarks=remarks)


@dataclass(frozen=True, eq=False, slots=True)
class Sheet:
    """One raster brought to the grid of the ground; NaN where it has no height.

    ``spacing_m`` is the longer side of its own cells on the ground, 0 where they are squares.
    """

    name: str
    resolution_m: float
    height_m: FloatArray
    spacing_m: float = 0.0


def lay_over(sheets: Sequence[Sheet], west_m: float, north_m: float, cell_m: float, remarks: tuple[Fault, ...] = ()) -> Terrain:
    """Return the ground of rasters on one grid: of those that know a cell the finest counts.

    Level ground if no raster knows any cell.

    Parameters
    ----------
    sheets : rasters of one shape (rows, columns), north up, at least two by two.
    west_m, north_m : the outer corner of the grid.

    Examples
    --------
    >>> gap, coarse = np.array([[1.0, np.nan], [1.0, 1.0]]), np.full((2, 2), 9.0)
    >>> lay_over([Sheet("wide", 90.0, coarse), Sheet("fine", 1.0, gap)], 0.0, 2.0, 1.0).relief.height
    array([[1., 9.],
           [1., 1.]])
    """
    known = [sheet for sheet in sorted(sheets, key=lambda each: each.resolution_m) if np.isfinite(sheet.height_m).any()]
    if not known:
        return level(remarks)
    height, sources = np.full(known[0].height_m.shape, np.nan), []
    coarse = np.zeros(height.shape, bool)
    for sheet in known:
        gives = np.isnan(height) & np.isfinite(sheet.height_m)
        spacing_m = max(sheet.resolution_m, sheet.spacing_m, cell_m)
        sources.append(TerrainSource(sheet.name, sheet.resolution_m, float(gives.mean()), spacing_m))
        height[gives], coarse[gives] = sheet.height_m[gives], sources[-1].is_coarse
    is_open = np.isnan(height)
    height, coarse = _closed(height, coarse, is_open)
    relief = make_relief(height, west_m, north_m, cell_m)
    named, guesses = tuple(each for each in sources if each.share > 0.0), coarse if coarse.any() else None
    return Terrain(relief, named, float(is_open.mean()), remarks, guesses, _ending(relief, coarse))


def _ending(relief: Relief, coarse: BoolArray) -> Relief | None:
    """Return the relief with coarse cells far below everything, level ground if all are coarse, None if none is."""
    if not coarse.any():
        return None
    if coarse.all():
        return level_relief()
    height = np.where(coarse, float(relief.height.min()) - BELOW_ALL_M, relief.height)
    return make_relief(height, relief.west, relief.north, relief.cell)


def _closed(height_m: FloatArray, coarse: BoolArray, is_open: BoolArray) -> tuple[FloatArray, BoolArray]:
    """Return heights and what is coarse, with gaps closed by the nearest cell that is known."""
    if not is_open.any():
        return height_m, coarse
    from scipy import ndimage  # noqa: PLC0415  (only where a raster has gaps)

    nearest = tuple(ndimage.distance_transform_edt(is_open, return_distances=False, return_indices=True))
    return np.asarray(height_m[nearest]), np.asarray(coarse[nearest])
