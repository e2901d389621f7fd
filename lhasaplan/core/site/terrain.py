"""The ground that a project stands on: terrain rasters laid over each other, the finest on top."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.city.building_heights import HeightRules, parse_length_m
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.sight.obstacles.building_index import ground_under
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at, level_relief, make_relief
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
    """Heights above the datum on a grid of the project, bilinear between cell centres; beyond it its edge continues.

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
        """Return which points stand on cells of a coarse raster; beyond the grid its edge continues."""
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
class TerrainSheet:
    """One raster brought to the grid of the ground; NaN where it has no height.

    ``spacing_m`` is the longer side of its own cells on the ground, 0 where they are squares.
    """

    name: str
    resolution_m: float
    height_m: FloatArray
    spacing_m: float = 0.0


def lay_over(
    sheets: Sequence[TerrainSheet], west_m: float, north_m: float, cell_m: float, remarks: tuple[Fault, ...] = ()
) -> Terrain:
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


# Tell a model of the surface from one of the bare ground: in the first, houses stand.

MOST_HOUSES = 500  # that are looked at, evenly through the town
FEWEST_HOUSES = 3
LEAST_M2 = 30.0
BESIDE_M = 4.0  # farther out than eaves, nearer than the other side of a street
AROUND = 24  # places around each house
FEWEST_AROUND = 4
RISE_M = 2.0  # no ground lies so much higher under most houses than around them


def houses_rise_m(ground: Terrain, footprints: ObjectArray) -> float | None:
    """Return how much higher the ground lies under houses than around them where most seem to stand in it, else None.

    Terrain made of cells wider than houses tells nothing.
    """
    if ground.is_level or not len(footprints) or all(each.is_coarse for each in ground.sources):
        return None
    houses = footprints[_are_on(ground, footprints)]
    houses = houses[:: -(-len(houses) // MOST_HOUSES) or 1]
    if len(houses) < FEWEST_HOUSES:
        return None
    rise = _rises(ground, houses, footprints)
    rise = rise[np.isfinite(rise)]
    is_standing = len(rise) >= FEWEST_HOUSES and float((rise > RISE_M).mean()) > 0.5
    return float(np.median(rise)) if is_standing else None


def _are_on(ground: Terrain, footprints: ObjectArray) -> BoolArray:
    west, south, east, north = shapely.bounds(footprints).T
    return np.asarray(
        ground.covers(west, south) & ground.covers(east, north) & (shapely.area(footprints) >= LEAST_M2)
    )  # NaN of an empty one is nowhere


def _rises(ground: Terrain, houses: ObjectArray, footprints: ObjectArray) -> FloatArray:
    """Return how much higher each house's ground lies than that around it, NaN where others stand all around."""
    rings = shapely.get_exterior_ring(shapely.convex_hull(shapely.buffer(houses, BESIDE_M + ground.cell_m)))
    share = np.arange(AROUND) / AROUND
    beside = shapely.line_interpolate_point(rings[:, None], share[None, :], normalized=True)
    x, y = shapely.get_x(beside), shapely.get_y(beside)
    around = np.where(_is_open(beside, footprints), ground.heights_m(x, y), np.nan)
    known = np.isfinite(around).sum(axis=1) >= FEWEST_AROUND
    rise = np.full(len(houses), np.nan)
    rise[known] = ground.ground_under(houses)[known] - np.nanmedian(around[known], axis=1)
    return rise


def _is_open(points: ObjectArray, footprints: ObjectArray) -> BoolArray:
    inside, _ = shapely.STRtree(footprints).query(points.ravel(), predicate="intersects")
    is_open = np.ones(points.size, bool)
    is_open[inside] = False
    return is_open.reshape(points.shape)


# Set roofs at the height above the datum that the data give, where the ground below them is known.

ROOF_KEY = "roof:ele"  # the tag that tables' columns of such heights become; ``ele`` alone is the ground's
SOURCE = "roof"


def with_roofs(buildings: Buildings, terrain: Terrain, rules: HeightRules) -> Buildings:
    """Return the buildings with tops above their ground that end at the roof's recorded height above the datum.

    It wins over height and storeys. A building keeps what it had where no terrain knows its ground, or where the roof would
    lie below that, below its own base, or higher above it than anything is.
    """
    if terrain.is_level or not any(ROOF_KEY in tags for tags in buildings.tags):
        return buildings
    found = [parse_elevation_m(its[ROOF_KEY]) if ROOF_KEY in its else None for its in buildings.tags]
    top_m = np.array([np.nan if roof is None else roof for roof in found], float) - terrain.under(buildings)
    base_m = np.where(
        np.array([its.get("building") in rules.roof_kinds for its in buildings.tags], bool),
        np.maximum(0.0, top_m - rules.roof_thickness_m),
        buildings.base_m,
    )
    # Only where the terrain covers the ground: beyond it nothing but its edge goes on.
    west, south, east, north = shapely.bounds(buildings.polygons).T
    counts = (
        terrain.covers(west, south) & terrain.covers(east, north) & (top_m > np.maximum(base_m, 0.0)) & (top_m <= rules.highest_m)
    )
    return replace(
        buildings,
        base_m=np.where(counts, base_m, buildings.base_m),
        top_m=np.where(counts, top_m, buildings.top_m),
        height_source=np.where(counts, SOURCE, buildings.height_source),
    )


def parse_elevation_m(text: str) -> float | None:
    """Return a height above the datum in metres, which may lie below it, or None.

    >>> parse_elevation_m("-3,5 m"), parse_elevation_m("40 ft"), parse_elevation_m("flat")
    (-3.5, 12.192, None)
    """
    text = text.strip()
    is_below = text[:1] in {"-", "\N{MINUS SIGN}"}
    length_m = parse_length_m(text[1:] if is_below else text)
    return None if length_m is None else -length_m if is_below else length_m
