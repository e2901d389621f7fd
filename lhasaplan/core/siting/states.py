"""What each camera may be: as it is, changed in one way, or new; what it then serves, and what it shows unasked."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.camera_change import AddCamera, CameraChange, ChangeMask, changed
from lhasaplan.core.context.audit_context import AuditContext, set_in
from lhasaplan.core.covering.shares import Shares
from lhasaplan.core.demand.columns import DemandColumn, Needs, at_least, columns_of, count_views, shown_demand
from lhasaplan.core.exposure.grading import PlaceGrades
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.mitigation.new_mounts import Spot, protected_buildings
from lhasaplan.core.mitigation.part_option_changes import (
    Looked,
    attempts_with,
    grades_today,
    look_through,
    raises_nothing,
    reaches,
    spares_protected,
    stands_on_protected,
    wanted_from,
)
from lhasaplan.core.mitigation.tried_changes import ROUNDING_M2, TriedChanges
from lhasaplan.core.model.camera import Basis, Camera, Placed
from lhasaplan.core.rules.audit_policy import SitingRules, Weights
from lhasaplan.core.site.camera_placing import FREE_SWING_DEG
from lhasaplan.core.siting.directions import AskedDirections, Directions, directions
from lhasaplan.core.siting.positions import Worth, best_of_each, looking, new_places, not_twins, place_numbers, with_masks

KEPT, NEW = "kept", "new"
MASKED = "masked"  # a new camera that is tried with a mask
CHANGED = ("turn", "raise", "lens", "unmask")
COLUMNS_A_BATCH = 512
MORE = 2  # times as many directions are asked of the engine as cameras are looked through
ANY_TILT_DEG = 90.0
NO_GROUND = MultiPolygon()


@dataclass(frozen=True, eq=False, slots=True)
class CameraState:
    """One thing that one camera may be.

    Parameters
    ----------
    action : kept, turn, raise, lens, unmask or new.   one_of : states of one number exclude each other.
    judged_m2 : unasked ground, mapped or not: what states are weighed by, or looking at bare ground would be free.
    unasked_m2 : of it what is mapped, as every output counts it.   not_mapped_m2 : ground in view that nobody mapped.
    frontage_m, places : protected frontage, protected places in view.
    ground : of a new one, all the ground that it shows at 25 px/m or better.
    """

    action: str
    camera: Camera
    changes: tuple[CameraChange, ...]
    one_of: int
    judged_m2: float
    unasked_m2: float
    not_mapped_m2: float
    frontage_m: float
    places: int
    class_name: str = ""
    ground: BaseGeometry = NO_GROUND

    @property
    def has_new_mask(self) -> bool:
        """Tell whether it is a new camera that comes with a mask, which hides what no new camera may show."""
        return self.action == NEW and bool(self.camera.mask_px or self.camera.mask_sector_deg)

    def cost(self, weights: Weights) -> float:
        """Return what it weighs; a camera that is there and stays as it is counts as a camera, and no change."""
        seen = self.judged_m2 * weights.unasked_m2 + self.frontage_m * weights.frontage_m
        return seen + weights.camera + (0.0 if self.action in (KEPT, NEW) else weights.change)

    def named(self, camera_id: str) -> "CameraState":
        """Return the state of a new camera under an id."""
        camera = replace(self.camera, camera_id=camera_id)
        return replace(self, camera=camera, changes=(AddCamera(camera),))


@dataclass(frozen=True, eq=False, slots=True)
class StateTable:
    """All states, and at what density each shows each point of the demand, shape (points, states); how many were tried."""

    states: tuple[CameraState, ...]
    density_px_m: sparse.csr_array
    needs: Needs
    tried: Mapping[str, int]

    def shares(self, weights: Weights, is_allowed: BoolArray, *, all_stay: bool = False) -> Shares:
        """Return the model of the allowed states, in their order; ``all_stay`` lets no camera go."""
        columns = np.flatnonzero(is_allowed)
        density = sparse.csr_array(self.density_px_m[:, columns])
        states = [self.states[column] for column in columns.tolist()]
        return Shares(
            at_least(density, self.needs.needed_px_m),
            at_least(density, self.needs.seen_px_m),
            self.needs.weight,
            self.needs.part,
            self.needs.min_views,
            self.needs.total,
            self.needs.min_share,
            np.array([each.cost(weights) for each in states]),
            np.array([each.one_of for each in states], np.int64),
            np.array([each.action == NEW for each in states], bool),
            np.array([all_stay and each.action != NEW for each in states], bool),
        )

    def is_action(self, *actions: str) -> BoolArray:
        """Return which states are one of some actions."""
        return np.array([each.action in actions for each in self.states], bool)


def table_of(live: Live, rules: SitingRules, progress: Progress = no_progress) -> StateTable:
    """Return what every recorded camera is, may become, and what may come, each evaluated in the town of the audit."""
    town = CandidateTown(live, rules)
    kept = town.kept()
    changes = town.changes(kept, part_of(progress, 0.0, 0.4))
    new = town.new(part_of(progress, 0.4, 0.9))
    states = (*kept, *changes, *new)
    density = town.density([each.camera for each in states], part_of(progress, 0.9, 1.0))
    return StateTable(states, sparse.csr_array(density), live.needs, town.tried)


@dataclass(frozen=True, eq=False, slots=True)
class NewTry:
    """A new camera that is tried: number of its place, name of its class, the part it aims at (-1), open ground before it."""

    camera: Camera
    place: int
    class_name: str
    part: int
    ground_m2: float


@dataclass(frozen=True, eq=False, slots=True)
class ShownGround:
    """A new camera that was evaluated: its number among the tries, what it shows, what it serves."""

    number: int
    camera: Camera
    look: Looked
    column: DemandColumn


class CandidateTown:
    """Makes states; what only changes demand is asked first, what protected places and ground are shown of the best alone."""

    def __init__(self, live: Live, rules: SitingRules) -> None:
        self.live, self.rules, self.city = live, rules, live.city
        self.look = TriedChanges(live.city, live.demand, live.needs)
        self.demand, self.needs = live.demand, live.needs
        self.tried = Counter[str]()
        results = live.results.values()
        self.recorded = [each for each in results if any(view.basis is Basis.RECORDED for view in each.placed.views)]
        cameras = [each.placed.camera for each in self.recorded]
        self._now = sparse.csr_array(self.density(cameras))
        self.is_open = count_views(self._now, self.needs.needed_px_m) < self.needs.min_views

    def density(
        self, cameras: Sequence[Camera], progress: Progress = no_progress, *, is_turned: bool = False
    ) -> sparse.csc_array:
        """Return the densities at which recorded views show the demand, shape (points, cameras).

        ``is_turned`` lets each lens look wherever it shows a point best.
        """
        found = [sparse.csc_array((len(self.demand.part), 0))]
        for low in range(0, len(cameras), COLUMNS_A_BATCH):
            progress(low / len(cameras), "sight")
            city = set_in(self.city, cameras[low : low + COLUMNS_A_BATCH])
            found.append(shown_demand(turned_all_round(city) if is_turned else city, self.demand.xyz_m))
        return sparse.csc_array(sparse.hstack(found, format="csc"))

    def kept(self) -> list[CameraState]:
        """Return every recorded camera as it is."""
        return [self._as_it_is(number, result.placed) for number, result in enumerate(self.recorded)]

    def _as_it_is(self, number: int, placed: Placed) -> CameraState:
        result = self.live.results[placed.camera.camera_id]
        frontage = sum(each.frontage_m for each in result.sightings)
        places = sum(each.places for each in result.sightings)
        ground = result.judged_m2, result.unasked_m2, result.not_mapped_m2
        return CameraState(KEPT, placed.camera, (), number, *ground, frontage, places)

    def changes(self, kept: Sequence[CameraState], progress: Progress) -> list[CameraState]:
        """Return changes of existing cameras that serve something open, or all that they serve now with less unasked ground.

        None shows more of protected places than today, and none more unasked ground.
        """
        tries = list(self._tries())
        if not tries:
            return []
        self.tried.update(each[1] for each in tries)
        density = self.density([each[2] for each in tries], part_of(progress, 0.0, 0.5))
        gain, numbers = self._open_weight(density), [each[0] for each in tries]
        spares = self._keeps_all(density, numbers) & (gain <= 0.0)
        best = best_of_each(numbers, gain, self.rules.most_changes)
        narrow = np.array([1.0 - (each[2].hfov_deg or 0.0) / 720.0 for each in tries])  # narrow lenses first
        best = sorted({*best, *best_of_each(numbers, np.where(spares, narrow, 0.0), self.rules.most_changes)})
        looked = look_through([tries[k][2] for k in best], self.look, part_of(progress, 0.5, 0.9)) if best else []
        changed_numbers = sorted({tries[k][0] for k in best})
        today = dict(zip(changed_numbers, self._today(changed_numbers, progress), strict=True))
        found = []
        for k, look, column in zip(best, looked, columns_of(density[:, best]), strict=True):
            number, action, camera, steps = tries[k]
            state = self._state(action, camera, steps, number, look, column)
            most_m2 = kept[number].judged_m2 + (-ROUNDING_M2 if spares[k] else ROUNDING_M2)
            if raises_nothing(today[number], look) and state.judged_m2 <= most_m2:
                found.append(state)
        return found

    def _keeps_all(self, density: sparse.csc_array, numbers: Sequence[int]) -> BoolArray:
        """Tell which tries show all points sharply enough that their camera shows so today, and some."""
        now = at_least(self._now, self.needs.needed_px_m)[:, np.array(numbers, np.int64)]
        then = at_least(sparse.csr_array(density), self.needs.needed_px_m)
        has, keeps = (np.asarray(each.sum(axis=0)).reshape(-1) for each in (now, now.multiply(then)))
        return np.asarray((has > 0) & (keeps >= has), bool)

    def _today(self, numbers: Sequence[int], progress: Progress) -> list[PlaceGrades]:
        cameras = [self.recorded[number].placed.camera for number in numbers]
        return list(grades_today(cameras, self.look, part_of(progress, 0.9, 1.0))) if cameras else []

    def _tries(self) -> Iterator[tuple[int, str, Camera, tuple[CameraChange, ...]]]:
        """Give number of the camera, action, the camera as changed, and the changes."""
        service, protected = self.city.reference_data.service, protected_buildings(self.city)
        for number, result in enumerate(self.recorded):
            placed, view = result.placed, result.placed.views[0]
            if stands_on_protected(placed, self.city, protected):
                continue
            seen = set()
            for part, mine in self._aims(number):
                wanted, needed = wanted_from(view, mine), self.demand.parts[part].required.density_px_m
                if not reaches(view, needed, wanted, service):
                    continue
                own = view.own_building
                roof = float(self.city.buildings.top_m[own]) if own >= 0 else float("inf")
                for each in attempts_with(number, placed, part, wanted, roof, service):
                    if each.changes not in seen:
                        seen.add(each.changes)
                        yield number, each.action, each.camera, each.changes
            if placed.camera.mask_px or placed.camera.mask_sector_deg:
                lifted = (ChangeMask(placed.camera.camera_id),)
                yield number, "unmask", changed(placed.camera, lifted), lifted

    def _aims(self, number: int) -> Iterator[tuple[int, FloatArray]]:
        """Give, for a recorded camera, each part with its open points, then each part that it serves with the points served."""
        served = self._now[:, [number]].toarray()[:, 0] >= self.needs.needed_px_m
        for which in (self.is_open, served):
            for part in np.unique(self.needs.part[which]).tolist():
                yield part, self.demand.xyz_m[which & (self.needs.part == part)]

    def new(self, progress: Progress) -> list[CameraState]:
        """Return new cameras that serve something open, and such as may stand in for cameras that serve a part today.

        None shows a protected place at a grade that must be remedied; one that would is tried with a mask, which then is part of
        the camera.
        """
        tries = self._new_tries(part_of(progress, 0.0, 0.3))
        cameras = [each.camera for each in tries]
        density = self.density(cameras, part_of(progress, 0.3, 0.4))
        gain = self._open_weight(density)
        instead = np.where(gain > 0.0, 0.0, self._weight(density, ~self.is_open))
        ground_m2 = np.array([each.ground_m2 for each in tries], float)
        worth = Worth(np.stack([gain, instead]), self._may_weigh(ground_m2), np.array([each.part for each in tries], np.int64))
        best = worth.best(self.rules.most_new)
        columns = dict(zip(best, columns_of(density[:, best]), strict=True))
        best = not_twins(columns, self.needs)
        looked = look_through([cameras[k] for k in best], self.look, part_of(progress, 0.4, 0.7)) if best else []
        shown = [ShownGround(k, cameras[k], look, columns[k]) for k, look in zip(best, looked, strict=True)]
        limit = self.city.thresholds.due_px_m
        spared = [each for each in shown if spares_protected(each.look, limit)]
        graved = [each for each in shown if not spares_protected(each.look, limit)][: self.rules.most_masked]
        spared += self._masked(graved, part_of(progress, 0.7, 1.0))
        first, states = len(self.recorded), []
        for each in spared:
            tried = tries[each.number]
            state = self._state(NEW, each.camera, (), first + tried.place, each.look, each.column)
            states.append(replace(state, class_name=tried.class_name, ground=each.look.ground))
        kept = _undominated(states, [each.column for each in spared], self.needs)
        return [states[k].named(f"proposed-{number}") for number, k in enumerate(kept, start=1)]

    def _new_tries(self, progress: Progress) -> list[NewTry]:
        """Return the directions that would serve most that is open, or that is served today, and most for what they show."""
        asked = np.unique(self.needs.part).tolist()
        spots = new_places(self.city, [self.demand.parts[part] for part in asked], self.rules)
        scored, numbers = self.scored(spots, progress), place_numbers(spots)
        self.tried.update({NEW: scored.tried})
        gains = np.stack([scored.open_weight, np.where(scored.open_weight > 0.0, 0.0, scored.met_weight)])
        worth = Worth(gains, self._may_weigh(scored.ground_m2), scored.part)
        tries = []
        for k in worth.best(MORE * self.rules.most_new):
            lens, spot = self.rules.classes[int(scored.lens[k])], int(scored.place[k])
            camera = looking(spots[spot], float(scored.azimuth_deg[k]), float(scored.tilt_deg[k]), lens, self.city)
            tries.append(NewTry(camera, numbers[spot], lens.name, int(scored.part[k]), float(scored.ground_m2[k])))
        return tries

    def scored(self, spots: Sequence[Spot], progress: Progress = no_progress) -> Directions:
        """Return the directions of places that are worth looking through; what walls hide is asked once of each place."""
        longest = min(self.rules.classes, key=lambda each: each.hfov_deg)
        all_round = [looking(spot, 0.0, 0.0, longest, self.city) for spot in spots]
        in_sight = self.density(all_round, progress, is_turned=True)
        lens = self.city.terrain.lifted(np.array([(each.x_m, each.y_m, each.height_m) for each in spots]).reshape(-1, 3))
        share = self.needs.weight / np.maximum(self.needs.total, 1e-12)[self.needs.part]
        open_weight, met_weight = (np.where(which, share, 0.0) for which in (self.is_open, ~self.is_open))
        asked = AskedDirections(self.demand.xyz_m, self.needs.part, self.needs.needed_px_m, open_weight, met_weight)
        return directions(in_sight, lens, np.array([each.height_m for each in spots], float), asked, self.rules)

    def _may_weigh(self, ground_m2: FloatArray) -> FloatArray:
        """Return the cost that ground of this size gives a new camera, before sight past obstacles is computed."""
        return ground_m2 * self.rules.weights.unasked_m2 + self.rules.weights.camera

    def _masked(self, shown: Sequence[ShownGround], progress: Progress) -> list[ShownGround]:
        """Return the cameras that a mask frees of all that must be remedied, those that still serve something."""
        freed = with_masks([each.camera for each in shown], self.look, part_of(progress, 0.0, 0.9))
        self.tried[MASKED] += len(shown)
        numbers = sorted(freed)
        density = self.density([freed[number][0] for number in numbers], part_of(progress, 0.9, 1.0))
        rows = zip(numbers, columns_of(density), self._weight(density, np.ones(len(self.is_open), bool)).tolist(), strict=True)
        return [ShownGround(shown[number].number, *freed[number], column) for number, column, gain in rows if gain > 0.0]

    def _state(  # noqa: PLR0917 - what one camera is, and what was seen of it
        self,
        action: str,
        camera: Camera,
        steps: tuple[CameraChange, ...],
        one_of: int,
        look: Looked,
        column: DemandColumn,
    ) -> CameraState:
        mapped = self.look.mapped(look.ground)
        judged = self.look.unasked_m2(look.ground, column)
        unasked = judged if mapped is look.ground else self.look.unasked_m2(mapped, column)
        ground = judged, unasked, float(look.ground.area - mapped.area)
        frontage = sum(each.frontage_m for each in look.sightings)
        return CameraState(action, camera, steps, one_of, *ground, frontage, sum(each.places for each in look.sightings))

    def _open_weight(self, density: sparse.csc_array) -> FloatArray:
        return self._weight(density, self.is_open)

    def _weight(self, density: sparse.csc_array, which: BoolArray) -> FloatArray:
        """Return the weight of some points that each camera would show sharply enough, as shares of their parts."""
        share = np.where(which, self.needs.weight / np.maximum(self.needs.total, 1e-12)[self.needs.part], 0.0)
        serves = at_least(sparse.csr_array(density), self.needs.needed_px_m)
        return np.asarray(serves.T @ share, float)


def turned_all_round(city: AuditContext) -> AuditContext:
    """Return a town in which every lens looks wherever it shows a point best."""
    views = tuple(replace(view, swing_deg=FREE_SWING_DEG, tilt_swing_deg=ANY_TILT_DEG) for view in city.view_table.views)
    return replace(city, view_table=replace(city.view_table, views=views))


def _undominated(states: Sequence[CameraState], columns: Sequence[DemandColumn], needs: Needs) -> list[int]:
    """Return the new states without those that others, at enough other places, match or better in all that counts.

    What counts: points served and seen, unasked ground, all ground, protected frontage and places.
    """
    served, seen = np.zeros((2, len(states), len(needs.part)), bool)
    for k, column in enumerate(columns):
        served[k, column.served(needs)] = seen[k, column.seen(needs)] = True
    shows = np.array([(each.judged_m2, each.ground.area, each.frontage_m, each.places) for each in states]).reshape(-1, 4)
    place, number = np.array([each.one_of for each in states]), np.arange(len(states))
    enough = int(needs.min_views.max(initial=1)) + 1
    kept = []
    for k in range(len(states)):
        matches = ~(served[k] & ~served).any(axis=1) & ~(seen[k] & ~seen).any(axis=1) & (shows <= shows[k]).all(axis=1)
        is_equal = matches & (shows == shows[k]).all(axis=1) & (served == served[k]).all(axis=1) & (seen == seen[k]).all(axis=1)
        others = place[matches & (~is_equal | (number < k))]
        if len(set(others.tolist()) - {int(place[k])}) < enough:
            kept.append(k)
    return kept
