"""Say what cameras can see of a person who goes along lines, and at which pixel density, in small steps.

A person stands for their head, 1.5 m above the ground, as in all answers about a spot (``who_sees``), and the answer is the same:
lines of sight of the engine with the true picture, trees hide nothing, coarse terrain ends no view. Polygons of fields would
give the places where a line enters a view without steps, but leave out corners of the picture of a tilted lens (docs/sight.md,
Limits), and a way that is called free must be. So a line is cut into short pieces and each is asked at its middle.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from enum import IntEnum

import numpy as np
import shapely
from scipy import sparse
from shapely.ops import substring

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, slices
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.surveys import NOBODY_LOOKED
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.ground_in_view import are_mapped
from lhasaplan.core.exposure.who_sees import spot_densities
from lhasaplan.core.model.camera import Basis
from lhasaplan.core.model.optics import DENSITY_BANDS_PX_M, SEEN_PX_M
from lhasaplan.core.site.mounting import EYE_M

STEP = "sight"
STEPS_AT_ONCE = 200_000  # so many pieces are asked together: their views are a matrix
_SLACK_PX_M = 1e-9


class InView(IntEnum):
    """What holds of a piece of a line; without a building within 100 m it is not mapped, whatever is in view there.

    NOT_SURVEYED is not in view of a known camera where nobody looked for others; no piece is, where no survey is recorded.
    """

    NONE = 0
    POSSIBLE = 1
    CERTAIN = 2
    NOT_MAPPED = 3
    NOT_SURVEYED = 4


# What holds of each piece of a way, which together make it up.
STATES = {
    "certain": marked("in view, certain"),
    "possible": marked("in view, possible"),
    "none": marked("not in view of a known camera"),
    "not_surveyed": NOBODY_LOOKED,
    "not_mapped": marked("Not mapped: no building within 100 m"),
}


@dataclass(frozen=True, eq=False, slots=True)
class LinePieces:
    """Short pieces of lines, in the order of the lines and along them.

    Parameters
    ----------
    line : which line, shape (S,).
    segment : which straight stretch between two vertices, counted through all lines, shape (S,).
    xy_m : the middle of each, shape (S, 2).
    length_m, start_m : how long it is, and where it begins, counted from the start of its line; shape (S,).
    """

    line: IntArray
    segment: IntArray
    xy_m: FloatArray
    length_m: FloatArray
    start_m: FloatArray

    def __len__(self) -> int:
        return len(self.line)


def pieces_of(lines: ObjectArray, most_m: float) -> LinePieces:
    """Return lines cut at each vertex, and between two into equal pieces of at most ``most_m``.

    >>> found = pieces_of(np.array([shapely.LineString([(0, 0), (5, 0)])]), 2.0)
    >>> found.length_m.round(2).tolist(), found.xy_m[:, 0].round(2).tolist()
    ([1.67, 1.67, 1.67], [0.83, 2.5, 4.17])
    """
    xy, line = shapely.get_coordinates(lines, return_index=True)
    goes_on = np.flatnonzero(line[1:] == line[:-1])
    start, way = xy[goes_on], xy[goes_on + 1] - xy[goes_on]
    segment_m = np.hypot(*way.T)
    count = np.maximum(np.ceil(segment_m / most_m - 1e-9), segment_m > 0.0).astype(np.int64)
    segment = np.repeat(np.arange(len(count)), count)
    place = np.arange(len(segment)) - np.repeat(np.cumsum(count) - count, count)
    share = (place + 0.5) / count[segment]
    length_m = segment_m[segment] / count[segment]
    own = line[goes_on][segment]
    ends_m = np.cumsum(length_m)
    firsts = np.searchsorted(own, own, side="left")
    before_m = np.concatenate(([0.0], ends_m))[firsts] if len(own) else np.zeros(0)
    return LinePieces(own, segment, start[segment] + share[:, None] * way[segment], length_m, ends_m - length_m - before_m)


@dataclass(frozen=True, eq=False, slots=True)
class SeenPieces:
    """LinePieces of lines with what is in view there.

    Parameters
    ----------
    state : :class:`InView` of each, shape (S,).
    certain_px_m, highest_px_m : the highest density of a certain view, and of any; 0 below 25 px/m. Shape (S,).
    """

    pieces: LinePieces
    state: IntArray
    certain_px_m: FloatArray
    highest_px_m: FloatArray
    knows_surveys: bool = False

    @property
    def is_in_view(self) -> BoolArray:
        """Return which pieces a camera can or may see, mapped or not."""
        return self.highest_px_m > 0.0


def look_along(context: AuditContext, pieces: LinePieces, progress: Progress = no_progress) -> SeenPieces:
    """Return what operating cameras can see of a person on each piece, at 25 px/m or better."""
    certain, highest = np.zeros(len(pieces)), np.zeros(len(pieces))
    for some in slices(len(pieces), STEPS_AT_ONCE):
        reported = part_of(progress, some.start / len(pieces), some.stop / len(pieces))
        certain[some], highest[some] = _both(context, densities_on(context, pieces.xy_m[some], reported))
    return _judged(context, pieces, certain, highest)


def _both(context: AuditContext, seen: sparse.csr_array) -> tuple[FloatArray, FloatArray]:
    """Return the highest density of certain views, a pan-tilt's sweep is none of them, and of all views; shape (S,) each."""
    return _highest(seen[:, np.flatnonzero(context.view_table.is_basis(Basis.RECORDED))]), _highest(seen)


def _judged(context: AuditContext, pieces: LinePieces, certain_px_m: FloatArray, highest_px_m: FloatArray) -> SeenPieces:
    state = np.select([certain_px_m > 0.0, highest_px_m > 0.0], [InView.CERTAIN, InView.POSSIBLE], InView.NONE)
    surveyed = context.surveyed
    if surveyed is not None:
        unseen = np.flatnonzero(state == InView.NONE)
        state[unseen[~surveyed.holds(pieces.xy_m[unseen])]] = InView.NOT_SURVEYED
    state[~are_mapped(pieces.xy_m, context.scene.tree)] = InView.NOT_MAPPED
    return SeenPieces(pieces, state, certain_px_m, highest_px_m, knows_surveys=surveyed is not None)


def densities_on(context: AuditContext, xy_m: FloatArray, progress: Progress = no_progress) -> sparse.csr_array:
    """Return at which density each view shows a head at each place, shape (P, V); what is below 25 px/m is not in view."""
    heads = context.terrain.lifted(np.column_stack((xy_m, np.full(len(xy_m), EYE_M))))
    seen = sparse.csr_array(spot_densities(context, heads, progress))
    seen.data[seen.data < SEEN_PX_M - _SLACK_PX_M] = 0.0
    seen.eliminate_zeros()
    return seen


def _highest(seen: sparse.csr_array) -> FloatArray:
    if not seen.shape[1] or not seen.shape[0]:
        return np.zeros(seen.shape[0])
    return np.asarray(seen.max(axis=1).todense(), float).reshape(-1)


@dataclass(frozen=True, slots=True)
class LengthsInView:
    """How much of a way is in view, in metres; certain, possible, none, not surveyed and not mapped make up the whole.

    Parameters
    ----------
    certain_by_class_m, possible_by_class_m : by the highest density that is certain, and of a possible view the highest that it
        may be: 25 to 62.5, to 125, to 250 px/m, and above.
    bare_in_view_m : of what is not mapped that which is in view if nothing stands in the way.
    not_surveyed_m : not in view of a known camera where nobody looked for others; None where no survey is recorded: then
        ``none_m`` has it, and says of no place that there is no camera.
    """

    length_m: float
    certain_m: float
    possible_m: float
    none_m: float
    not_mapped_m: float
    bare_in_view_m: float
    certain_by_class_m: tuple[float, ...]
    possible_by_class_m: tuple[float, ...]
    not_surveyed_m: float | None = None

    @property
    def states(self) -> tuple[str, ...]:
        """Return the names of what makes up the way, without the surveys where none is recorded."""
        return tuple(each for each in STATES if each != "not_surveyed" or self.not_surveyed_m is not None)

    def share(self, part_m: float) -> float:
        """Return which part of the way a length is, 0 of no way."""
        return part_m / self.length_m if self.length_m > 0.0 else 0.0


def summed(seen: SeenPieces, group: IntArray, groups: int) -> tuple[LengthsInView, ...]:
    """Return the lengths of each group of pieces; ``group`` has its number for each piece, shape (S,)."""
    length_m, state = seen.pieces.length_m, seen.state

    def metres(chosen: BoolArray) -> FloatArray:
        return np.bincount(group[chosen], weights=length_m[chosen], minlength=groups).astype(float)

    sure, may = class_of(seen.certain_px_m), class_of(seen.highest_px_m)
    classes = range(len(DENSITY_BANDS_PX_M))
    by_state = {each: metres(state == each) for each in InView}
    sure_m = np.column_stack([metres((state == InView.CERTAIN) & (sure == k)) for k in classes])
    may_m = np.column_stack([metres((state == InView.POSSIBLE) & (may == k)) for k in classes])
    whole, bare = metres(np.ones(len(seen.pieces), bool)), metres((state == InView.NOT_MAPPED) & seen.is_in_view)
    return tuple(
        LengthsInView(
            length_m=float(whole[g]),
            certain_m=float(by_state[InView.CERTAIN][g]),
            possible_m=float(by_state[InView.POSSIBLE][g]),
            none_m=float(by_state[InView.NONE][g]),
            not_mapped_m=float(by_state[InView.NOT_MAPPED][g]),
            bare_in_view_m=float(bare[g]),
            certain_by_class_m=tuple(sure_m[g].tolist()),
            possible_by_class_m=tuple(may_m[g].tolist()),
            not_surveyed_m=float(by_state[InView.NOT_SURVEYED][g]) if seen.knows_surveys else None,
        )
        for g in range(groups)
    )


def class_of(density_px_m: FloatArray) -> IntArray:
    """Return the class of each density: the number of the band, -1 below the first."""
    return np.searchsorted(np.array(DENSITY_BANDS_PX_M), density_px_m + _SLACK_PX_M, side="right") - 1


UNSEEN = (InView.NONE, InView.NOT_SURVEYED)  # of which outputs tell the sums alone

# A walk: where along it somebody is in view, and of which cameras.

WALK_STEP_M = 0.25  # a boundary of a view lies at most half of it beside the true one
WALK_KM_H = 5.0  # walking speed unless another is given


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of a walk on which the same cameras have the person in view, in the same class of density.

    Parameters
    ----------
    line : the line of the file, from 1.
    from_m, to_m : along the walk, all lines one after the other.
    state : certain, possible or not_mapped.
    certain_px_m, highest_px_m : lower ends of the classes of density, 0 where there is none.
    certain, possible : ids of cameras.
    """

    line: int
    from_m: float
    to_m: float
    state: str
    certain_px_m: float
    highest_px_m: float
    certain: tuple[str, ...]
    possible: tuple[str, ...]

    def shape(self, lines: ObjectArray, pieces: LinePieces) -> shapely.LineString:
        """Return the part of its line that a self is."""
        number = self.line - 1
        before_m = float(pieces.length_m[: np.searchsorted(pieces.line, number)].sum())
        return substring(lines[number], self.from_m - before_m, self.to_m - before_m)


@dataclass(frozen=True, slots=True)
class CameraMetres:
    """How much of a walk one camera can see, or may, and the highest density at which it may."""

    camera_id: str
    certain_m: float
    possible_m: float
    highest_px_m: float


@dataclass(frozen=True, slots=True)
class Walk:
    """What cameras can see of somebody on a walk. Nothing lists what is not in view but the sum.

    ``stretches`` and ``cameras`` are None where a pack lets a route have its sums alone.
    """

    lengths: LengthsInView
    speed_km_h: float
    stretches: tuple[Stretch, ...] | None = None
    cameras: tuple[CameraMetres, ...] | None = None
    shapes: tuple[shapely.LineString, ...] = ()  # of the stretches, in ``crs``
    crs: str = ""

    def seconds(self, part_m: float) -> float:
        """Return how long a length takes."""
        return part_m / (self.speed_km_h / 3.6)


def walk_along(
    context: AuditContext, lines: ObjectArray, speed_km_h: float = WALK_KM_H, progress: Progress = no_progress, *, sums_only: bool
) -> Walk:
    """Return what operating cameras can see of somebody who walks along lines, one after the other.

    ``sums_only`` leaves out where along the walk and of which cameras, as under a pack that never plans.
    """
    pieces = pieces_of(lines, WALK_STEP_M)
    density = densities_on(context, pieces.xy_m, progress)
    seen = _judged(context, pieces, *_both(context, density))
    lengths = summed(seen, np.zeros(len(pieces), np.int64), 1)[0]
    if sums_only:
        return Walk(lengths, speed_km_h)
    shown = _ShownBy.of(context, density)
    found = tuple(_stretches(seen, shown))
    shapes = tuple(each.shape(lines, pieces) for each in found)
    return Walk(lengths, speed_km_h, found, shown.cameras(pieces.length_m), shapes, context.project.crs)


@dataclass(frozen=True, eq=False, slots=True)
class _ShownBy:
    """Which cameras have each piece in view for certain and at all, shape (S, C), and their ids."""

    certain: sparse.csr_array
    highest: sparse.csr_array
    ids: tuple[str, ...]

    @classmethod
    def of(cls, context: AuditContext, density_px_m: sparse.csr_array) -> "_ShownBy":
        """Return what each camera shows, by the sharpest of its views; ``density_px_m`` has a column for each view."""
        seen = density_px_m.tocsc()
        camera, sure = context.view_table.camera, context.view_table.is_basis(Basis.RECORDED)
        ids = tuple(placed.camera.camera_id for placed in context.placed)

        def by_camera(columns: IntArray) -> sparse.csr_array:
            found = sparse.csr_array((seen.shape[0], len(ids)))
            for rank in range(int(np.bincount(camera[columns], minlength=1).max(initial=0))):
                own = columns[_rank_within(camera[columns]) == rank]
                place = sparse.csr_array((np.ones(len(own)), (np.arange(len(own)), camera[own])), shape=(len(own), len(ids)))
                found = sparse.csr_array(found.maximum(seen[:, own] @ place))
            return found

        return cls(by_camera(np.flatnonzero(sure)), by_camera(np.arange(len(sure))), ids)

    def named(self, piece: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the ids of the cameras that can see a piece for certain, and of those that may."""
        sure, may = self.certain[[piece]].indices, self.highest[[piece]].indices
        return tuple(sorted(self.ids[c] for c in sure)), tuple(sorted(self.ids[c] for c in np.setdiff1d(may, sure)))

    def cameras(self, length_m: FloatArray) -> tuple[CameraMetres, ...]:
        """Return how many metres each camera has in view, those with most first."""
        sure_m, may_m = (length_m @ (each > 0.0).astype(float) for each in (self.certain, self.highest))
        sharpest = self.highest.max(axis=0).todense().reshape(-1) if self.highest.shape[0] else np.zeros(len(self.ids))
        rows = [
            CameraMetres(name, float(sure), float(may - sure), float(px_m))
            for name, sure, may, px_m in zip(self.ids, sure_m, may_m, sharpest, strict=True)
            if may > 0.0
        ]
        return tuple(sorted(rows, key=lambda row: (-row.certain_m, -row.possible_m, row.camera_id)))


def _rank_within(group: IntArray) -> IntArray:
    """Return the how-manieth of its group each is; groups stand together."""
    return np.arange(len(group)) - np.searchsorted(group, group, side="left")


def _stretches(seen: SeenPieces, shown: _ShownBy) -> Sequence[Stretch]:
    """Return the stretches in view, and those that are not mapped, in the order of the walk."""
    pieces = seen.pieces
    if not len(pieces):
        return []
    sure, may = class_of(seen.certain_px_m), class_of(seen.highest_px_m)
    opens = np.ones(len(pieces), bool)
    same = [pieces.line, seen.state, sure, may]
    changed = np.any([each[1:] != each[:-1] for each in same], axis=0) | _rows_differ(shown.certain) | _rows_differ(shown.highest)
    opens[1:] = changed
    first = np.flatnonzero(opens)
    last = np.append(first[1:], len(pieces)) - 1
    ends_m = np.cumsum(pieces.length_m)
    lower = (*DENSITY_BANDS_PX_M, 0.0)  # the last is that of class -1
    return [
        Stretch(
            int(pieces.line[low]) + 1,
            float(ends_m[low] - pieces.length_m[low]),
            float(ends_m[high]),
            InView(int(seen.state[low])).name.lower(),
            lower[sure[low]],
            lower[may[low]],
            *shown.named(low),
        )
        for low, high in zip(first.tolist(), last.tolist(), strict=True)
        if seen.state[low] not in UNSEEN
    ]


def _rows_differ(matrix: sparse.csr_array) -> BoolArray:
    """Return of each row but the first whether other columns have an entry than in the row before; shape (S - 1,)."""
    held = sparse.csr_array((np.ones(matrix.nnz, np.int8), matrix.indices, matrix.indptr), shape=matrix.shape)
    return np.asarray(abs(held[1:] - held[:-1]).sum(axis=1) > 0).reshape(-1)


def as_row(lengths: LengthsInView) -> dict[str, float]:
    """Return lengths as columns of a table: metres, and shares of the whole."""
    named_so = {each.name: getattr(lengths, each.name) for each in fields(lengths) if not each.name.endswith("_class_m")}
    plain = {name: value for name, value in named_so.items() if value is not None}
    named = (("certain", lengths.certain_by_class_m), ("possible", lengths.possible_by_class_m))
    by_class = {
        f"{name}_{px_m:g}_px_m": metres for name, of in named for px_m, metres in zip(DENSITY_BANDS_PX_M, of, strict=True)
    }
    shares = {f"share_{name}": lengths.share(plain[f"{name}_m"]) for name in lengths.states}
    return {
        **{key: round(value, 2) for key, value in {**plain, **by_class}.items()},
        **{k: round(v, 4) for k, v in shares.items()},
    }
