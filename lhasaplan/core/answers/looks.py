"""Which camera can see which protected sample: the entries that count, and the density that a metre of frontage reaches."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.answers.setting import Eyes
from lhasaplan.core.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.camera import Basis, View
from lhasaplan.core.layer import Buildings
from lhasaplan.core.protected import ProtectedSamples

RECORDED, NARROW, WIDE = 0, 1, 2  # what a camera's view is taken as: as recorded, or at either end of the assumption
CASES_OF = {
    Basis.RECORDED: (RECORDED,),
    Basis.NARROW: (NARROW,),
    Basis.WIDE: (WIDE,),
    Basis.SWEEP: (NARROW, WIDE),
}
SAME_WALL_M = 0.5  # a sample this near to the line of the mount's wall lies on that wall


@dataclass(frozen=True, eq=False, slots=True)
class Looks:
    """One row per camera, case and sample that it shows at the lowest grade or better; all arrays have shape (N,)."""

    camera: IntArray
    case: IntArray
    sample: IntArray
    density_px_m: FloatArray

    def __len__(self) -> int:
        return len(self.sample)

    def where(self, keep: BoolArray | IntArray) -> "Looks":
        """Return the rows that are kept."""
        return Looks(self.camera[keep], self.case[keep], self.sample[keep], self.density_px_m[keep])


def looks_of(
    density_px_m: sparse.csr_array, samples: ProtectedSamples, eyes: Eyes, buildings: Buildings, least_px_m: float
) -> Looks:
    """Return the entries of a densities matrix (S, V) that count: sharp enough, and not on the mount's own facade.

    A pan-tilt's sweep rests on an assumed zoom: it counts at both ends of the assumption, beside a recorded home view.
    """
    entries = sparse.coo_array(density_px_m)
    sharp = entries.data >= least_px_m
    sample, view, density = entries.row[sharp].astype(np.int64), entries.col[sharp].astype(np.int64), entries.data[sharp]
    strange = ~on_own_wall(samples, sample, own_walls(eyes.views, buildings), _own_buildings(eyes.views), view)
    sample, view, density = sample[strange], view[strange], density[strange]
    tables = [_as_case(eyes, sample, view, density, case) for case in (RECORDED, NARROW, WIDE)]
    return Looks(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))


def _as_case(
    eyes: Eyes, sample: IntArray, view: IntArray, density: FloatArray, case: int
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    taken = np.array([case in CASES_OF[each.basis] for each in eyes.views], bool)
    mine = taken[view]
    return eyes.camera[view[mine]], np.full(int(mine.sum()), case, np.int64), sample[mine], density[mine]


def _own_buildings(views: tuple[View, ...]) -> IntArray:
    return np.array([view.own_building for view in views], np.int64)


def own_walls(views: tuple[View, ...], buildings: Buildings) -> FloatArray:
    """Return, per view, the wall that its mount hangs on as (x, y, unit x, unit y), shape (V, 4); NaN without one."""
    walls = np.full((len(views), 4), np.nan)
    for v, view in enumerate(views):
        if view.own_building >= 0:
            walls[v] = nearest_wall(buildings.polygons[view.own_building], view.x_m, view.y_m)
    return walls


def nearest_wall(footprint: shapely.Geometry, x_m: float, y_m: float) -> FloatArray:
    """Return the outline segment nearest to a point as (x, y, unit x, unit y), shape (4,)."""
    coordinates, ring = shapely.get_coordinates(shapely.get_parts(shapely.get_rings(footprint)), return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = coordinates[:-1][same], coordinates[1:][same]
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.maximum(length, 1e-9)[:, None]
    offset = np.array([x_m, y_m]) - start
    reached = np.clip((offset * unit).sum(axis=1), 0.0, length)
    miss = np.hypot(*(offset - reached[:, None] * unit).T)
    nearest = int(np.argmin(np.where(length > 0, miss, np.inf)))
    return np.concatenate([start[nearest], unit[nearest]])


def on_own_wall(samples: ProtectedSamples, sample: IntArray, walls: FloatArray, own: IntArray, view: IntArray) -> BoolArray:
    """Tell which entries show the facade that the camera itself hangs on; shape (N,)."""
    if not len(sample):
        return np.zeros(0, bool)
    building = np.array([place.building for place in samples.places], np.int64)[samples.place[sample]]
    mine = (own[view] >= 0) & (own[view] == building) & (samples.surface[sample] == "frontage")
    offset = samples.xyz_m[sample, :2] - walls[view, :2]
    across = np.abs(offset[:, 0] * walls[view, 3] - offset[:, 1] * walls[view, 2])
    return np.asarray(mine & (across < SAME_WALL_M), bool)


@dataclass(frozen=True, eq=False, slots=True)
class Readings:
    """The density at which a camera can see at least a metre of a place's frontage, or its ground; arrays (R,)."""

    camera: IntArray
    case: IntArray
    place: IntArray
    density_px_m: FloatArray


def read_places(looks: Looks, samples: ProtectedSamples, frontage_m: float) -> Readings:
    """Return, per camera, case and place, the highest density that ``frontage_m`` metres of it reach.

    Samples above each other are one stretch and count once, by the sharpest; a ground sample has no length and
    counts by itself. A place of which less than ``frontage_m`` is seen gives no row.
    """
    front = looks.where(samples.surface[looks.sample] == "frontage")
    ground = looks.where(samples.surface[looks.sample] != "frontage")
    rows = [_read_frontage(front, samples, frontage_m), _read_ground(ground, samples)]
    camera, case, place, density = (np.concatenate(columns) for columns in zip(*rows, strict=True))
    return Readings(*first_of_each(camera, case, place, density))


def _read_ground(looks: Looks, samples: ProtectedSamples) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    return looks.camera, looks.case, samples.place[looks.sample], looks.density_px_m


def _read_frontage(looks: Looks, samples: ProtectedSamples, frontage_m: float) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    camera, case, place, density, length = stretches(looks, samples)
    order = np.lexsort((-density, place, case, camera))
    camera, case, place = camera[order], case[order], place[order]
    density, length = density[order], length[order]
    # A ground sample never enters here, so a cumulative sum per place is metres of frontage from the sharpest down.
    total = np.cumsum(length)
    opens = _opens(camera, case, place)
    before = (total - length)[opens][np.cumsum(opens) - 1] if len(total) else total
    enough = total - before >= frontage_m - 1e-9
    return camera[enough], case[enough], place[enough], density[enough]


def stretches(looks: Looks, samples: ProtectedSamples) -> tuple[IntArray, IntArray, IntArray, FloatArray, FloatArray]:
    """Return camera, case, place, density and length of each seen stretch of frontage, the sharpest sample of it."""
    place, column = samples.place[looks.sample], samples.column[looks.sample]
    order = np.lexsort((-looks.density_px_m, column, place, looks.case, looks.camera))
    first = order[_opens(looks.camera[order], looks.case[order], place[order], column[order])]
    return looks.camera[first], looks.case[first], place[first], looks.density_px_m[first], samples.length_m[looks.sample[first]]


def first_of_each(
    camera: IntArray, case: IntArray, place: IntArray, density: FloatArray
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    """Return the sharpest row of each camera, case and place."""
    order = np.lexsort((-density, place, case, camera))
    first = order[_opens(camera[order], case[order], place[order])]
    return camera[first], case[first], place[first], density[first]


def _opens(*keys: IntArray) -> BoolArray:
    """Tell which rows of sorted keys begin a new group."""
    opens = np.zeros(len(keys[0]), bool)
    opens[:1] = True
    for key in keys:
        opens[1:] |= key[1:] != key[:-1]
    return opens
