"""On how much a plan rests: how often demand is served, what can go; and which parts hang on what is only assumed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.context.audit_context import set_in
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.demand.columns import at_least, count_views, shared_demand, shown_demand
from lhasaplan.core.demand.necessity import largest_removable_set
from lhasaplan.core.live.effect import overlaps_of
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.model.camera import Camera, CameraClass, Placed, Status
from lhasaplan.core.model.camera_models import assumed_of
from lhasaplan.core.siting.options import Option, OptionSolver
from lhasaplan.core.siting.states import KEPT, StateTable

OWNERS, PLANNED, AREAS = "owners", "planned", "areas"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cameras that share ground or demand at the density that is needed.

    ``across`` names what they differ in: owner, existing against planned, area.
    """

    a: str
    b: str
    area_m2: float
    demand: float
    across: tuple[str, ...]


@dataclass(frozen=True, eq=False, slots=True)
class Redundancy:
    """What is seen more than once.

    Parameters
    ----------
    served_by : weight of demand served by 0, 1, 2, 3 … cameras at the density it needs; without a cap.
    spare : weight that is served by more cameras than its part asks for (``min_views`` is no waste).
    alone : weight of demand that only this camera serves, by id.
    can_go : ids of the cameras that can go together, at most ``at_most``.
    """

    served_by: Mapping[int, float]
    spare: float
    alone: Mapping[str, float]
    pairs: tuple[Pair, ...]
    can_go: tuple[str, ...]
    at_most: int


def redundancy(live: Live, table: StateTable, effort: Effort, progress: Progress = no_progress) -> Redundancy:
    """Return what recorded cameras, operating and planned ones, serve more than once."""
    kept = np.flatnonzero(table.is_action(KEPT))
    ids = [table.states[k].camera.camera_id for k in kept.tolist()]
    density, needs = sparse.csr_array(table.density_px_m[:, kept]), table.needs
    sharp, views = at_least(density, needs.needed_px_m), count_views(density, needs.needed_px_m)
    going = largest_removable_set(density, needs, effort, progress)
    found = np.bincount(views, needs.weight).astype(float)
    return Redundancy(
        {count: float(weight) for count, weight in enumerate(found.tolist())},
        float(needs.weight[views > needs.min_views].sum()),
        dict(zip(ids, (sharp.T @ np.where(views == 1, needs.weight, 0.0)).tolist(), strict=True)),
        _pairs(live, table, density, ids),
        tuple(ids[k] for k in going.cameras.tolist()),
        going.at_most,
    )


def _pairs(live: Live, table: StateTable, density: sparse.csr_array, ids: list[str]) -> tuple[Pair, ...]:
    demand, _ = shared_demand(density, table.needs)
    weights = {frozenset((ids[a], ids[b])): weight for (a, b), weight in demand.items()}
    areas: dict[frozenset[str], float] = {}
    for camera_id in ids:
        for each in overlaps_of(live, camera_id):
            areas[frozenset((each.a, each.b))] = each.area_m2
    found = []
    for key in areas.keys() | weights.keys():
        a, b = sorted(key)
        found.append(Pair(a, b, areas.get(key, 0.0), weights.get(key, 0.0), _across(live, a, b)))
    return tuple(sorted(found, key=lambda each: (-each.demand, -each.area_m2, each.a, each.b)))


def _across(live: Live, a: str, b: str) -> tuple[str, ...]:
    """Return what two cameras differ in; an owner that is not recorded differs from none."""
    first, second = live.results[a], live.results[b]
    one, other = first.placed.camera, second.placed.camera
    differ = {
        OWNERS: bool(one.owner and other.owner) and one.owner != other.owner,
        PLANNED: (one.status is Status.PLANNED) != (other.status is Status.PLANNED),
        AREAS: set(first.area_names).isdisjoint(second.area_names) and bool(first.area_names and second.area_names),
    }
    return tuple(name for name, is_so in differ.items() if is_so)


RANGES = ("mount_height_m", "tilt_deg", "range_m", "hfov_deg")  # of which a class of camera states from what to what they lie
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class ShareInterval:
    """The share of one part that is served, at least and at most, wherever assumed values lie in their ranges."""

    part_id: str
    low: float
    high: float
    cameras: tuple[str, ...]  # on which the difference hangs


@dataclass(frozen=True, slots=True)
class UnknownFact:
    """An assumed value of one camera: what to find out, how much of how many parts depends on it, and the work it takes."""

    camera_id: str
    fields: tuple[str, ...]
    parts: tuple[str, ...]
    share: float  # summed over the parts
    effort: float


@dataclass(frozen=True, slots=True)
class Doubts:
    """All that depends on assumptions: the parts, and what to find out, ordered by gain for its effort."""

    intervals: tuple[ShareInterval, ...]
    unknown: tuple[UnknownFact, ...]


@dataclass(frozen=True, eq=False, slots=True)
class _Doubtful:
    """A camera of which values are assumed: the points it serves as it is assumed, and at both ends of each value's range."""

    camera_id: str
    usual: BoolArray
    ends: Mapping[str, tuple[BoolArray, ...]]

    def any_of(self, fields: Sequence[str]) -> list[BoolArray]:
        """Return the points that it may serve by some of its values, the usual ones first."""
        return [self.usual, *(each for field in fields for each in self.ends[field])]


def doubts(council: OptionSolver, option: Option) -> Doubts:
    """Return what depends on assumed heights, tilts, ranges and lenses, tried at the ends of their class and between.

    One value of a camera is tried at a time. A camera of which the lens is assumed serves nothing for certain in any answer: what
    it may serve raises the upper end alone. One of which the direction is not known is left out.
    """
    found = list(_doubtful(council, option))
    if not found:
        return Doubts((), ())
    names = {each.camera_id for each in found}
    sure = np.array([state.camera.camera_id not in names for state in council.table.states], bool)
    fixed = np.asarray(council.whole.serves @ (council.chosen(option) & sure).astype(float), float)
    ranges = _Ranges(council, fixed, found)
    low, high = ranges.ends({each.camera_id: tuple(each.ends) for each in found})
    parts = [part.part_id for part in council.live.demand.parts]
    intervals = [
        ShareInterval(parts[k], float(low[k]), float(high[k]), ranges.hang_on(k))
        for k in np.flatnonzero(high > low + _SLACK).tolist()
    ]
    unknown = []
    for each in found:
        for field in each.ends:
            least, most = ranges.ends({each.camera_id: (field,)})
            hangs = tuple(parts[k] for k in np.flatnonzero(most > least + _SLACK).tolist())
            if hangs:
                effort = getattr(council.rules.effort, field, 1.0)
                unknown.append(UnknownFact(each.camera_id, (field,), hangs, float((most - least).sum()), effort))
    ranked = sorted(unknown, key=lambda each: (-each.share / each.effort, each.camera_id, each.fields))
    return Doubts(tuple(intervals), tuple(ranked))


class _Ranges:
    """The shares of parts where each doubtful camera serves least or most of what it may."""

    def __init__(self, council: OptionSolver, fixed: FloatArray, found: Sequence[_Doubtful]) -> None:
        self.needs, self.fixed, self.found = council.table.needs, fixed, found

    def ends(self, tried: Mapping[str, tuple[str, ...]]) -> tuple[FloatArray, FloatArray]:
        """Return the least and the most share of each part where some values of some cameras lie anywhere in their ranges."""
        least, most = self.fixed.copy(), self.fixed.copy()
        for each in self.found:
            may = np.array(each.any_of(tried.get(each.camera_id, ())))
            of_parts = np.array([self._by_part(points) for points in may])
            least += may[of_parts.argmin(axis=0)[self.needs.part], np.arange(len(self.fixed))]
            most += may[of_parts.argmax(axis=0)[self.needs.part], np.arange(len(self.fixed))]
        shares = (self._by_part(views >= self.needs.min_views) / np.maximum(self.needs.total, _SLACK) for views in (least, most))
        low, high = shares
        return np.minimum(low, high), np.maximum(low, high)

    def hang_on(self, part: int) -> tuple[str, ...]:
        """Return the cameras on which the share of a part hangs."""
        some = []
        for each in self.found:
            low, high = self.ends({each.camera_id: tuple(each.ends)})
            if high[part] > low[part] + _SLACK:
                some.append(each.camera_id)
        return tuple(some)

    def _by_part(self, is_served: BoolArray) -> FloatArray:
        return np.bincount(self.needs.part, self.needs.weight * is_served, minlength=len(self.needs.total)).astype(float)


def _doubtful(council: OptionSolver, option: Option) -> Iterator[_Doubtful]:
    """Give the cameras that stand after an option of which something is assumed, with the points that they may serve."""
    standing = {state.camera.camera_id: state.camera for state in (council.table.states[k] for k in option.choice.states)}
    known = {state.camera.camera_id for state in council.table.states}
    for camera_id, result in council.live.results.items():
        placed = result.placed
        camera = standing.get(camera_id, None if camera_id in known else placed.camera)
        if camera is None or not placed.assumed or "azimuth_deg" in placed.assumed:
            continue
        ends = dict(_ends_of(council, camera, placed))
        if ends:
            usual = _served(council, [camera])[0] if placed.certain else np.zeros(len(council.table.needs.part), bool)
            fields = {field: tuple(_served(council, cameras)) for field, cameras in ends.items()}
            yield _Doubtful(camera_id, usual, fields)


def _ends_of(council: OptionSolver, camera: Camera, placed: Placed) -> Iterator[tuple[str, list[Camera]]]:
    """Give each assumed value that the camera still has none of, and the camera at the ends of its range and as it usually is."""
    stated: CameraClass = assumed_of(camera, council.live.city.reference_data.classes)
    for field in RANGES:
        span = getattr(stated, field)
        if field in placed.assumed and getattr(camera, field) is None and span.narrow != span.wide:
            yield field, [replace(camera, **{field: end}) for end in (span.narrow, span.typical, span.wide)]


def _served(council: OptionSolver, cameras: Sequence[Camera]) -> list[BoolArray]:
    """Return which points each camera serves, as the engine of the audit has it."""
    density = shown_demand(set_in(council.live.city, cameras), council.live.demand.xyz_m)
    return [density[:, [k]].toarray()[:, 0] >= council.table.needs.needed_px_m for k in range(len(cameras))]
