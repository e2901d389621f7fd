"""Overlap, whole: by how many cameras demand is served, what each alone serves, pairs, duplicates, and the most that can go."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.covering.set_cover import Effort
from lhasaplan.core.demand.columns import at_least, count_views, shared_demand
from lhasaplan.core.demand.necessity import largest_removable_set
from lhasaplan.core.live.effect import overlaps_of
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.model.camera import Status
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
