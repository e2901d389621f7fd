"""Why a camera is proposed: the parts that it serves, what it shows unasked, and which alternatives were worse by how much."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, IntArray
from lhasaplan.core.siting.options import Council, Option
from lhasaplan.core.siting.states import KEPT, NEW, State

MOST_ALTERNATIVES = 3
_LESS = 1e-9


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another state that would serve all that only this camera serves; ``worse_by`` is in the unit of cost."""

    action: str
    x_m: float
    y_m: float
    azimuth_deg: float | None
    class_name: str
    worse_by: float
    unasked_m2: float
    not_mapped_m2: float
    frontage_m: float


@dataclass(frozen=True, eq=False, slots=True)
class Reason:
    """What speaks for one camera of an option.

    Parameters
    ----------
    serves : ids of parts of which it shows a point sharply enough.   alone : those that need it: without it they lose points.
    alternatives : the nearest in cost first; ``would_do`` counts all that were looked through and would do.
    """

    state: State
    serves: tuple[str, ...]
    alone: tuple[str, ...]
    cost: float
    alternatives: tuple[Alternative, ...]
    would_do: int


def reasons(council: Council, option: Option) -> tuple[Reason, ...]:
    """Return the reasons for each camera that an option changes or adds, in the order of its proposal."""
    sharp = sparse.csc_array(council.whole.serves)
    is_chosen = council.chosen(option)
    views = np.asarray(sharp @ is_chosen.astype(float))
    touched = [number for number in option.choice.states if council.table.states[number].action != KEPT]
    return tuple(_reason(council, sharp, is_chosen, views, number) for number in touched)


def _reason(council: Council, sharp: sparse.csc_array, is_chosen: BoolArray, views: np.ndarray, number: int) -> Reason:
    table, weights = council.table, council.rules.weights
    state, mine = table.states[number], _rows(sharp, number)
    needed = mine[views[mine] <= table.needs.min_views[mine]]
    served = mine[views[mine] >= table.needs.min_views[mine]]
    cost = state.cost(weights)
    like = [k for k in _others(sharp, needed, number) if not is_chosen[k] and _is_like(table.states[k], state)]
    would_do = [k for k in like if table.states[k].cost(weights) >= cost - _LESS]  # what weighs less was refused with the set
    ranked = sorted(would_do, key=lambda k: (table.states[k].cost(weights), k))[:MOST_ALTERNATIVES]
    found = tuple(_alternative(table.states[k], table.states[k].cost(weights) - cost) for k in ranked)
    return Reason(state, _parts(council, served), _parts(council, np.intersect1d(needed, served)), cost, found, len(would_do))


def _rows(sharp: sparse.csc_array, column: int) -> IntArray:
    return np.asarray(sharp.indices[sharp.indptr[column] : sharp.indptr[column + 1]], np.int64)


def _others(sharp: sparse.csc_array, needed: IntArray, number: int) -> Sequence[int]:
    """Return the states that show all of some points."""
    if not len(needed):
        return []
    count = np.asarray(sparse.csr_array(sharp)[needed].sum(axis=0)).reshape(-1)
    return [k for k in np.flatnonzero(count >= len(needed) - 0.5).tolist() if k != number]


def _is_like(other: State, state: State) -> bool:
    """Tell whether a state may stand in for another: another change of the same camera, another new one for a new one."""
    return other.action == NEW if state.action == NEW else other.one_of == state.one_of and other.action != KEPT


def _parts(council: Council, rows: IntArray) -> tuple[str, ...]:
    parts = council.live.demand.parts
    return tuple(parts[part].part_id for part in np.unique(council.table.needs.part[rows]).tolist())


def _alternative(state: State, worse_by: float) -> Alternative:
    camera = state.camera
    place = camera.x_m, camera.y_m, camera.azimuth_deg
    return Alternative(state.action, *place, state.class_name, worse_by, state.unasked_m2, state.not_mapped_m2, state.frontage_m)
