"""Choose among states: the most service, then the least cost at that service, each with a bound; nothing here is verified.

The guard is asked again for all proposed cameras together: no quarter is watched whole, no protected place from round about.
What it refuses is passed to the models as rows that no set of cameras breaks which the guard lets stand: bounds hold with them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy import sparse
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.city.streets import public_ground
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.context.scenes import relevant_ground
from lhasaplan.core.covering.problem import BoundedChoice
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.covering.shares import Floors, Limit, Shared, Shares, least_cost, most_service
from lhasaplan.core.demand.before_walls import MOST, free_pieces
from lhasaplan.core.demand.columns import recorded_ground
from lhasaplan.core.demand.neighbourhood import RADIUS_M, Circle, fullest_circle, too_much_in_a_quarter
from lhasaplan.core.exposure.grading import protected_densities
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.place import Part, Required
from lhasaplan.core.rules.audit_policy import SitingRules, Weights
from lhasaplan.core.siting.states import CHANGED, KEPT, NEW, StateTable

SQUARE_M = 20.0
_EDGE_M = 15.0  # ground so near to the edge of a circle may be counted or not: what is cut off counts none of it
_ROUNDING_M2 = 0.5
_ROUNDING_M = 1e-6
_BEFORE_WALL_M = 0.05
LOOKED_AT_M = (1.5, 4.5, 7.5)  # heights of a wall: at the door and at the storeys above, where it is so high


def grounds_of(city: AuditContext, cameras: Sequence[Camera]) -> list[BaseGeometry]:
    """Return the ground that each camera shows at 25 px/m or better."""
    return recorded_ground(city, set_in(city, cameras).placed) if cameras else []


def watching_a_quarter(city: AuditContext, cameras: Sequence[Camera]) -> list[int]:
    """Return which cameras have to go so that those left watch no more of the public ground within 500 m than parts may.

    The measure is that of the guard for parts (more than a tenth, and 5,000 m2 always allowed), asked of the ground that the
    cameras show at 25 px/m or better, each piece counted once; the cameras that show most go first, of equal ones the last.
    """
    watched = _Watched(city, grounds_of(city, cameras))
    return sorted(watched.numbers[k] for k in too_much_in_a_quarter(watched.parts, watched.public))


def fullest(city: AuditContext, grounds: Sequence[BaseGeometry]) -> Circle | None:
    """Return the circle of which cameras with these grounds watch most too much, by the measure of the guard."""
    watched = _Watched(city, grounds)
    return fullest_circle(watched.parts, watched.public)


class _Watched:
    """Grounds as parts that the guard can measure: each piece is of the smallest ground that has it; their numbers."""

    def __init__(self, city: AuditContext, grounds: Sequence[BaseGeometry]) -> None:
        order = sorted(range(len(grounds)), key=lambda number: (round(grounds[number].area, 3), number))
        self.numbers: list[int] = []
        self.parts: list[Part] = []
        before: BaseGeometry = shapely.MultiPolygon()
        for number in order:
            piece = shapely.difference(grounds[number], before)
            before = shapely.union(before, grounds[number])
            if piece.area > 0.0:
                self.numbers.append(number)
                self.parts.append(Part(f"watched-{number}", "", "", "", "", "", "area", piece, Required(25.0)))
        near = shapely.buffer(before, 2 * RADIUS_M)
        self.public = public_ground(city.project.layers, near, city.reference_data.widths)


@dataclass(frozen=True, eq=False, slots=True)
class Ring:
    """A place of whose walls proposed cameras show more than half: what each adds to those before it, in metres, and the most."""

    adds_m: FloatArray
    most_m: float


def rings(
    city: AuditContext, cameras: Sequence[Camera], before: Sequence[Camera | None], progress: Progress = no_progress
) -> list[Ring]:
    """Return the protected places that cameras would show from round about, by the measure of the guard for parts.

    A piece of wall counts that any of them shows at the density of a note or better, at the door or at a storey above;
    of a camera that stands already, what it does not show today.

    Parameters
    ----------
    before : each camera as it stands today, None for a new one.
    """
    if not cameras:
        return []
    known = [camera for camera in before if camera is not None]
    shown = _Walls(city, [*cameras, *known])
    is_shown = shown.by_camera(progress)
    today = iter(is_shown[len(cameras) :])
    new = np.array([rows if camera is None else rows & ~next(today) for rows, camera in zip(is_shown, before, strict=False)])
    first = new & ~np.logical_or.accumulate(np.vstack([np.zeros(new.shape[1], bool), new[:-1]]))
    adds_m = np.stack([np.bincount(shown.pieces.place, rows * shown.pieces.length_m, len(shown.total_m)) for rows in first])
    most_m = MOST * shown.total_m
    return [
        Ring(np.asarray(adds_m[:, place], float), float(most_m[place]))
        for place in np.flatnonzero(adds_m.sum(axis=0) > most_m + _ROUNDING_M)
    ]


class _Walls:
    """The walls of protected places within reach of cameras, in pieces, and which of them each camera shows."""

    def __init__(self, city: AuditContext, cameras: Sequence[Camera]) -> None:
        self._context = set_in(city, cameras)
        table = self._context.view_table
        reach = relevant_ground((*table.views, *table.level_views), city.thresholds.note_px_m)
        numbers = city.ground.near(shapely.get_parts(reach), 0.0)
        self.pieces = free_pieces(city.ground.places, numbers, city.buildings.polygons)
        self.total_m = np.bincount(self.pieces.place, self.pieces.length_m, minlength=len(city.ground.places))

    def by_camera(self, progress: Progress) -> BoolArray:
        """Return which pieces each camera shows at a note or better, shape (cameras, pieces)."""
        context, pieces = self._context, self.pieces
        outside = pieces.middle + _BEFORE_WALL_M * pieces.outward
        top_m = np.array([place.top_m for place in context.ground.places], float)[pieces.place]
        seen = np.zeros((len(context.placed), len(pieces.place)), bool)
        for height_m in LOOKED_AT_M:
            rows = np.flatnonzero((top_m > height_m) | (height_m == LOOKED_AT_M[0]))
            z_m = context.terrain.lifted(np.column_stack([outside[rows], np.full(len(rows), height_m)]))
            density = sparse.csc_array(protected_densities(context, context.view_table, z_m, progress))
            density.data = np.where(density.data >= context.thresholds.note_px_m, density.data, 0.0)
            for view, camera in enumerate(context.view_table.camera.tolist()):
                shown = density.indices[density.indptr[view] : density.indptr[view + 1]]
                is_sharp = density.data[density.indptr[view] : density.indptr[view + 1]] > 0.0
                seen[camera, rows[shown[is_sharp]]] = True
        return seen & self._is_before()

    def _is_before(self) -> BoolArray:
        """Return which pieces each camera stands before, shape (cameras, pieces): the edge of a ground has no other side."""
        lens = np.array([(placed.views[0].x_m, placed.views[0].y_m) for placed in self._context.placed])
        away = lens[:, None, :] - self.pieces.middle[None, :, :]
        return np.asarray((away * self.pieces.outward[None, :, :]).sum(axis=2) > 0.0, bool)


def together(grounds: Sequence[BaseGeometry], circle: Circle) -> Shared:
    """Return what each ground takes of a circle, square by square: as much as the guard counts at least, whoever is chosen."""
    inside = [_inside(each, circle) for each in grounds]
    rows, columns, areas = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], [np.zeros(0)]
    wide = int(np.ceil(2 * RADIUS_M / SQUARE_M))
    for column, ground in enumerate(inside):
        x, y = _squares(ground, circle)
        low_x, low_y = circle.x_m - RADIUS_M + x * SQUARE_M, circle.y_m - RADIUS_M + y * SQUARE_M
        squares = shapely.box(low_x, low_y, low_x + SQUARE_M, low_y + SQUARE_M)
        rows.append(x * wide + y)
        columns.append(np.full(len(x), column))
        areas.append(np.asarray(shapely.area(shapely.intersection(squares, ground)), float))
    known, row = np.unique(np.concatenate(rows), return_inverse=True)
    at = row.reshape(-1), np.concatenate(columns)
    return Shared(sparse.csr_array((np.concatenate(areas), at), shape=(len(known), len(grounds))), circle.most_m2 + _ROUNDING_M2)


def _squares(ground: BaseGeometry, circle: Circle) -> tuple[IntArray, IntArray]:
    """Return the numbers of the squares of a circle that the box round a ground touches."""
    if ground.is_empty:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    low_x, low_y, high_x, high_y = ground.bounds
    ranges = []
    for low, high, middle in ((low_x, high_x, circle.x_m), (low_y, high_y, circle.y_m)):
        first, last = (int(np.floor((each - middle + RADIUS_M) / SQUARE_M)) for each in (low, high))
        ranges.append(np.arange(first, last + 1))
    x, y = np.meshgrid(*ranges, indexing="ij")
    return x.reshape(-1), y.reshape(-1)


def _inside(ground: BaseGeometry, circle: Circle) -> BaseGeometry:
    return shapely.intersection(ground, shapely.Point(circle.x_m, circle.y_m).buffer(RADIUS_M - _EDGE_M, quad_segs=32))


def apart(grounds: Sequence[BaseGeometry], circle: Circle) -> Limit:
    """Return how much grounds may take of a circle if each counts for itself: what keeps to it, the guard lets stand there."""
    near = shapely.Point(circle.x_m, circle.y_m).buffer(RADIUS_M + _EDGE_M, quad_segs=32)
    is_near = np.asarray(shapely.intersects(near, np.array(grounds, object)), bool)
    return Limit(np.where(is_near, shapely.area(np.array(grounds, object)), 0.0), circle.most_m2)


def not_so_much(grounds: Sequence[BaseGeometry], chosen: Sequence[int], circle: Circle, states: int) -> Limit:
    """Return the row that cuts a refused set off, and every part of it that takes as much; ``chosen`` are its states, in order.

    Of each camera counts what those before it do not show: of some of them together they show at least the sum.
    """
    takes, before = np.zeros(states), shapely.MultiPolygon()
    for number, ground in zip(chosen, (_inside(each, circle) for each in grounds), strict=True):
        takes[number] = shapely.difference(ground, before).area
        before = shapely.union(before, ground)
    if takes.sum() > circle.most_m2 + _ROUNDING_M2:
        return Limit(takes, circle.most_m2 + _ROUNDING_M2)
    return not_all(chosen, states)  # what is too much lies at the edge


def not_round(ring: Ring, chosen: Sequence[int], states: int) -> Limit:
    """Return the row that cuts off what shows a place from round about: some of these states show at least what each adds."""
    takes = np.zeros(states)
    takes[list(chosen)] = ring.adds_m
    return Limit(takes, ring.most_m + _ROUNDING_M)


def not_all(chosen: Sequence[int], states: int) -> Limit:
    """Return the row that cuts off all of some states together, and nothing else."""
    takes = np.zeros(states)
    takes[list(chosen)] = 1.0
    return Limit(takes, len(chosen) - 1.0)


def one_of(gone: Sequence[int], states: int) -> Limit:
    """Return the row that lets some states not all go: one of them stays."""
    takes = np.zeros(states)
    takes[list(gone)] = -1.0
    return Limit(takes, -1.0)


GAP = 0.01  # a bound that is farther away is asked of the guard's own rows as well
EVEN = 0.01  # m2; of states that weigh the same by less than this, those stay that stand already
_LESS = 1e-6


@dataclass(frozen=True, slots=True)
class Allowance:
    """What an option may do: take cameras away, change them, add some at most."""

    name: str
    may_remove: bool = False
    may_change: bool = False
    most_new: int = 0


NOTHING = Allowance("none")


def allowances(budget: int | None, most_new: int) -> Sequence[Allowance]:
    """Return the options that are shown beside each other; the first is that nothing changes."""
    return (
        NOTHING,
        Allowance("remove-only", may_remove=True),
        Allowance("change-only", may_change=True),
        Allowance("budget", may_change=True, most_new=most_new if budget is None else budget),
        Allowance("all", may_remove=True, may_change=True, most_new=most_new),
    )


@dataclass(frozen=True, eq=False, slots=True)
class ChosenStates:
    """The chosen states, not verified yet; ``states`` are numbers into the table.

    Of ``service`` (what is reached of what is asked, summed over the parts), ``cost`` and ``cameras`` (how many stand) each
    has its value and what no choice of this kind can pass; cost and cameras at this service.
    """

    states: tuple[int, ...]
    service: tuple[float, float]
    cost: tuple[float, float]
    cameras: tuple[int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Refused:
    """What no choice may break: circles of which new cameras may watch so much, and sets that the guard refused besides."""

    circles: tuple[Circle, ...] = ()
    cuts: tuple[Limit, ...] = ()

    def and_also(self, other: "Refused") -> "Refused":
        """Return these and others."""
        return Refused(tuple(dict.fromkeys(self.circles + other.circles)), self.cuts + other.cuts)


NO_ROWS = Refused()


@dataclass(frozen=True, eq=False, slots=True)
class Model:
    """The states that may be chosen, by their numbers, and what is asked of them."""

    allowance: Allowance
    columns: IntArray
    shares: Shares

    def start(self, states: Sequence[int]) -> BoolArray:
        """Return a choice of this model by the numbers of its states."""
        return np.isin(self.columns, states)

    def states(self, is_chosen: BoolArray) -> tuple[int, ...]:
        """Return the numbers of the states of a choice."""
        return tuple(self.columns[is_chosen].tolist())


@dataclass(frozen=True, eq=False, slots=True)
class Best:
    """The best that was found in a model: the most service, and the least cost at that service."""

    model: Model
    most: BoundedChoice
    least: BoundedChoice

    @property
    def states(self) -> tuple[int, ...]:
        """The numbers of the states that stand."""
        return self.model.states(self.least.is_chosen)

    @property
    def service(self) -> float:
        """What is reached of what is asked, summed over the parts."""
        return float(self.model.shares.reached(self.least.is_chosen).sum())

    def choice(self, most: float, least: float, fewest: int) -> ChosenStates:
        """Return it with bounds on service, cost and cameras."""
        service, cost, cameras = self.service, self.least.value, len(self.states)
        return ChosenStates(self.states, (service, max(service, most)), (cost, min(cost, least)), (cameras, min(cameras, fewest)))


class Chooser:
    """Solves the models of one table of states."""

    def __init__(self, table: StateTable, rules: SitingRules, effort: Effort) -> None:
        self.table, self.rules, self.effort = table, rules, effort
        self.now = table.is_action(KEPT)
        self.whole = table.shares(rules.weights, np.ones(len(table.states), bool))
        self.floors = Floors(self.whole.served(self.now), self.whole.seen(self.now))
        self._together: dict[Circle, Shared] = {}

    def model(
        self,
        allowance: Allowance,
        banned: BoolArray | None = None,
        weights: Weights | None = None,
        apart_in: Refused = NO_ROWS,
        together_in: Refused = NO_ROWS,
    ) -> Model:
        """Return the model of the states that an option may choose and that are not banned.

        Parameters
        ----------
        apart_in : circles in which what new cameras show is summed up: what keeps to it, the guard lets stand there.
        together_in : circles in which ground that several show counts once: what breaks it, the guard refuses; bounds hold.
        """
        allowed = self.now.copy()
        if allowance.may_change:
            allowed |= self.table.is_action(*CHANGED)
        if allowance.most_new:
            allowed |= self.table.is_action(NEW)
        if banned is not None:
            allowed &= ~banned
        columns = np.flatnonzero(allowed)
        shares = self.table.shares(weights or self.rules.weights, allowed, all_stay=not allowance.may_remove)
        grounds = [each.ground for each in self.table.states]
        limits = [*(apart(grounds, circle) for circle in apart_in.circles), *apart_in.cuts, *together_in.cuts]
        for circle in together_in.circles:
            self._together.setdefault(circle, together(grounds, circle))
        shared = [self._together[circle] for circle in together_in.circles]
        limited = replace(
            shares, limits=tuple(each.only(columns) for each in limits), shared=tuple(each.only(columns) for each in shared)
        )
        return Model(allowance, columns, limited)

    def best(self, model: Model, progress: Progress = no_progress) -> Best:
        """Return the best of a model."""
        progress(0.0, "siting")
        start, most_new = self.now[model.columns], model.allowance.most_new
        most = most_service(model.shares, self.floors, start, most_new, self.effort)
        progress(0.5, "siting")
        return Best(model, most, least_cost(model.shares, self.floors, most.is_chosen, most_new, self.effort))

    def fewest(self, model: Model, best: Best) -> int:
        """Return how many cameras no choice of a model can do without that serves as much as the best."""
        start = model.start(best.states)
        each = np.ones(len(start))
        bound = least_cost(model.shares, self.floors, start, model.allowance.most_new, self.effort, each).bound
        return int(np.ceil(bound - _LESS))

    def bounded(self, best: Best) -> ChosenStates:
        """Return the best of a model with the bounds of this model."""
        return best.choice(best.most.bound, best.least.bound, self.fewest(best.model, best))

    def bounded_by_all(self, best: Best, refused: Refused, *, tells_bounds: bool = True) -> tuple[ChosenStates, Best]:
        """Return a choice with bounds that hold whatever was left out on the way to it: those of all states.

        Where they leave a gap the guard's own rows are asked as well; what then costs less is returned beside it, unverified.
        Where nobody is told the bounds that of service is not asked so closely, which takes most of the time.
        """
        model = self.model(best.model.allowance)
        most, least = self._most(model, best), self._least(model, best).bound
        fewest = self.fewest(model, best)
        if not refused.circles or (most <= best.service * (1.0 + GAP) and least >= best.least.value * (1.0 - GAP)):
            return best.choice(most, least, fewest), best
        model = self.model(best.model.allowance, together_in=refused)
        if tells_bounds and most > best.service * (1.0 + GAP):
            most = min(most, self._most(model, best))
        answer = self._least(model, best)
        return best.choice(most, max(least, answer.bound), fewest), Best(model, best.most, answer)

    def _most(self, model: Model, best: Best) -> float:
        start = model.start(best.states)
        return most_service(model.shares, self.floors, start, model.allowance.most_new, self.effort).bound

    def _least(self, model: Model, best: Best) -> BoundedChoice:
        start = model.start(best.states)
        return least_cost(model.shares, self.floors, start, model.allowance.most_new, self.effort)

    def weighed(self, allowance: Allowance, states: Sequence[int], refused: Refused, weights: Weights) -> tuple[int, ...]:
        """Return what costs least by other weights and serves no less than some states; these stay where all weighs the same."""
        model = self.model(allowance, weights=weights, apart_in=refused)
        if any(each.takes[model.start(states)].sum() > each.most for each in model.shares.limits):
            model = self.model(
                allowance, weights=weights, together_in=refused
            )  # they share ground: counted once it is little enough
        start = model.start(states)
        cost = model.shares.cost + np.where(start, 0.0, EVEN)
        answer = least_cost(model.shares, self.floors, start, allowance.most_new, self.effort, cost)
        return model.states(answer.is_chosen)
