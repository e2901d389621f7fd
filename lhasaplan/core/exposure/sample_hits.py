"""Rows of camera and protected sample: who shows which sample, and the density that a metre of frontage reaches."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.batching import in_threads
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.exposure.frontage_walls import is_faced, on_own_wall, own_buildings, own_walls
from lhasaplan.core.model.camera import Basis
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.protected_place import ProtectedSamples
from lhasaplan.core.sight.compiled.arcs import enough_at

STEP = "protected"
HITS_A_BATCH = 200_000  # a tenth of a second of work
RECORDED, NARROW, WIDE = 0, 1, 2  # what a camera's view is taken as: as recorded, or at either end of the assumption
CASES = (RECORDED, NARROW, WIDE)
CASE_OF = {Basis.RECORDED: RECORDED, Basis.POSSIBLE: NARROW, Basis.SWEEP: NARROW}


@dataclass(frozen=True, eq=False, slots=True)
class SampleHits:
    """One row per camera, case and sample that it shows at the lowest grade or better, in this order; arrays (N,)."""

    camera: IntArray
    case: IntArray
    sample: IntArray
    density_px_m: FloatArray

    def __len__(self) -> int:
        return len(self.sample)

    def where(self, keep: BoolArray | IntArray | slice) -> "SampleHits":
        """Return the rows that are kept; a slice of them costs nothing."""
        return SampleHits(self.camera[keep], self.case[keep], self.sample[keep], self.density_px_m[keep])


def sample_hits_of(
    density_px_m: sparse.csr_array,
    samples: ProtectedSamples,
    directions: FloatArray,
    view_table: ViewTable,
    *,
    buildings: Buildings,
    least_px_m: float,
    progress: Progress = no_progress,
) -> SampleHits:
    """Return the entries of a densities matrix (S, V) that count: sharp enough, faced, and not on the mount's own facade.

    A pan-tilt's sweep at its longest zoom is the narrow end, beside a recorded home view.
    """
    progress(0.0, STEP)
    entries = sparse.csc_array(density_px_m)  # by view, the samples of each in ascending order
    sharp = np.flatnonzero(entries.data >= least_px_m)
    view = np.repeat(np.arange(len(view_table.views)), np.diff(entries.indptr))[sharp]
    sample, density = entries.indices[sharp].astype(np.int64), entries.data[sharp]
    lens, walls = (
        np.array([(each.x_m, each.y_m) for each in view_table.views]).reshape(-1, 2),
        own_walls(view_table.views, buildings),
    )
    own, keep = own_buildings(view_table.views), np.empty(len(sample), bool)

    def judge(first: int) -> None:
        some = slice(first, first + HITS_A_BATCH)
        faced = is_faced(samples, directions, sample[some], np.take(lens, view[some], axis=0))
        keep[some] = faced & ~on_own_wall(samples, sample[some], walls, own, view[some])

    in_threads(judge, range(0, len(sample), HITS_A_BATCH), lambda share, _: progress(0.3 + 0.4 * share, STEP))
    case = np.array([CASE_OF[each.basis] for each in view_table.views], np.int64)
    return _in_order(SampleHits(view_table.camera[view[keep]], case[view[keep]], sample[keep], density[keep]))


def _in_order(hits: SampleHits) -> SampleHits:
    """Return the rows by camera, case and sample; views stand in this order unless two of a camera are of one case."""
    number = hits.camera * len(CASES) + hits.case
    is_sorted = (number[1:] > number[:-1]) | ((number[1:] == number[:-1]) & (hits.sample[1:] > hits.sample[:-1]))
    return hits if is_sorted.all() else hits.where(np.lexsort((hits.sample, number)))


def by_cameras(hits: SampleHits, rows: int = HITS_A_BATCH) -> Iterator[tuple[float, SampleHits]]:
    """Give the hits of some cameras after the other, about so many rows at once, with the share that was given before."""
    last = np.flatnonzero(np.diff(hits.camera, append=-1)) + 1  # the end of each camera's rows
    low = 0
    while low < len(hits):
        high = int(last[min(int(np.searchsorted(last, low + rows)), len(last) - 1)])
        yield low / len(hits), hits.where(slice(low, high))
        low = high


@dataclass(frozen=True, eq=False, slots=True)
class Stretches:
    """Seen stretches of frontage, and ground samples with length 0; arrays (N,). ``sample`` is the sharpest of each."""

    camera: IntArray
    case: IntArray
    sample: IntArray
    place: IntArray
    density_px_m: FloatArray
    length_m: FloatArray

    def where(self, keep: BoolArray | IntArray) -> "Stretches":
        """Return the rows that are kept."""
        return Stretches(*(getattr(self, name)[keep] for name in self.__slots__))


@dataclass(frozen=True, eq=False, slots=True)
class Readings:
    """The density at which a camera can see at least a metre of a place's frontage, or its ground; arrays (R,).

    ``sample`` is where: of frontage the last of the stretches that make up the metre.
    """

    camera: IntArray
    case: IntArray
    place: IntArray
    density_px_m: FloatArray
    sample: IntArray


def read_places(hits: SampleHits, samples: ProtectedSamples, frontage_m: float) -> Readings:
    """Return, per camera, case and place, the highest density that ``frontage_m`` metres of it reach.

    Samples above each other are one stretch and count once, by the sharpest; a ground sample has no length and
    counts by itself. A place of which less than ``frontage_m`` is seen gives no row.
    """
    every = read_surfaces(hits, samples, frontage_m)
    order = np.lexsort((-every.density_px_m, every.place, every.camera * len(CASES) + every.case))
    first = order[_opens(every.camera[order], every.case[order], every.place[order])]
    return Readings(*(getattr(every, name)[first] for name in Readings.__slots__))


def read_surfaces(hits: SampleHits, samples: ProtectedSamples, frontage_m: float) -> Readings:
    """Return, per camera, case and place, the highest density that ``frontage_m`` metres of it reach, and each ground sample."""
    seen = stretches(hits, samples)
    is_front = seen.length_m > 0.0
    rows = [_read_frontage(seen.where(is_front), frontage_m), seen.where(~is_front)]
    return Readings(*(np.concatenate([getattr(each, name) for each in rows]) for name in Readings.__slots__))


def _read_frontage(seen: Stretches, frontage_m: float) -> Stretches:
    """Return the stretch of each place with which, from the sharpest down, enough metres are seen."""
    first = np.flatnonzero(_opens(seen.camera, seen.case, seen.place))  # rows of a place stand together
    row = enough_at(first, seen.length_m, seen.density_px_m, frontage_m)
    return seen.where(row[row >= 0])


def stretches(hits: SampleHits, samples: ProtectedSamples) -> Stretches:
    """Return each seen stretch of frontage once, as sharp as its sharpest sample, and each ground sample; ordered as looks."""
    first = np.flatnonzero(_opens(hits.camera, hits.case, samples.column[hits.sample]))
    density = np.maximum.reduceat(hits.density_px_m, first) if len(first) else hits.density_px_m
    is_top = hits.density_px_m == np.repeat(density, np.diff(first, append=len(hits)))
    top = np.flatnonzero(is_top)
    sample = hits.sample[top[np.searchsorted(top, first)]]
    return Stretches(hits.camera[first], hits.case[first], sample, samples.place[sample], density, samples.length_m[sample])


def _opens(*keys: IntArray) -> BoolArray:
    """Tell which rows of sorted keys begin a new group."""
    opens = np.zeros(len(keys[0]), bool)
    opens[:1] = True
    for key in keys:
        opens[1:] |= key[1:] != key[:-1]
    return opens
