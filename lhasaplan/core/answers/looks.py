"""Which camera can see which protected sample: the entries that count, and the density that a metre of frontage reaches."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.answers.setting import Eyes
from lhasaplan.core.answers.walls import is_faced, on_own_wall, own_buildings, own_walls
from lhasaplan.core.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.camera import Basis
from lhasaplan.core.layer import Buildings
from lhasaplan.core.protected import ProtectedSamples

RECORDED, NARROW, WIDE = 0, 1, 2  # what a camera's view is taken as: as recorded, or at either end of the assumption
CASES_OF = {
    Basis.RECORDED: (RECORDED,),
    Basis.NARROW: (NARROW,),
    Basis.WIDE: (WIDE,),
    Basis.SWEEP: (NARROW,),
}


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
    density_px_m: sparse.csr_array,
    samples: ProtectedSamples,
    directions: FloatArray,
    eyes: Eyes,
    *,
    buildings: Buildings,
    least_px_m: float,
) -> Looks:
    """Return the entries of a densities matrix (S, V) that count: sharp enough, faced, and not on the mount's own facade.

    A pan-tilt's sweep at its longest zoom is the narrow end, beside a recorded home view.
    """
    entries = sparse.coo_array(density_px_m)
    sharp = entries.data >= least_px_m
    sample, view, density = entries.row[sharp].astype(np.int64), entries.col[sharp].astype(np.int64), entries.data[sharp]
    lens = np.array([(each.x_m, each.y_m) for each in eyes.views]).reshape(-1, 2)
    keep = is_faced(samples, directions, sample, lens[view])
    keep &= ~on_own_wall(samples, sample, own_walls(eyes.views, buildings), own_buildings(eyes.views), view)
    sample, view, density = sample[keep], view[keep], density[keep]
    tables = [_as_case(eyes, sample, view, density, case) for case in (RECORDED, NARROW, WIDE)]
    return Looks(*(np.concatenate(columns) for columns in zip(*tables, strict=True)))


def _as_case(
    eyes: Eyes, sample: IntArray, view: IntArray, density: FloatArray, case: int
) -> tuple[IntArray, IntArray, IntArray, FloatArray]:
    taken = np.array([case in CASES_OF[each.basis] for each in eyes.views], bool)
    mine = taken[view]
    return eyes.camera[view[mine]], np.full(int(mine.sum()), case, np.int64), sample[mine], density[mine]


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
