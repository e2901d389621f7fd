"""Which parts of a proposal hang on an assumption, between which shares they may lie, and what to find out first."""

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.siting.options import Council, Option
from lhasaplan.core.siting.states import KEPT


@dataclass(frozen=True, slots=True)
class Interval:
    """The share of one part that is served: without cameras of which something is assumed, and with them."""

    part_id: str
    low: float
    high: float
    cameras: tuple[str, ...]  # on which the difference hangs


@dataclass(frozen=True, slots=True)
class Unknown:
    """One camera of which something is assumed: what to find out, and how much of how many parts hangs on it."""

    camera_id: str
    fields: tuple[str, ...]
    parts: tuple[str, ...]
    share: float  # summed over the parts


def intervals(council: Council, option: Option) -> tuple[Interval, ...]:
    """Return the parts whose share hangs on cameras of which height or another value is assumed.

    A camera of which direction or lens is assumed serves nothing for certain in any answer, so it widens no interval.
    """
    assumed = _assumed(council)
    chosen = council.chosen(option)
    sure = chosen & ~np.array([state.camera.camera_id in assumed for state in council.table.states], bool)
    low, high = council.whole.served(sure), council.whole.served(chosen)
    found = []
    for number in np.flatnonzero(high > low + 1e-9).tolist():
        part = council.live.demand.parts[number].part_id
        found.append(Interval(part, float(low[number]), float(high[number]), _hang_on(council, chosen & ~sure, number)))
    return tuple(found)


def to_find_out(council: Council, option: Option) -> tuple[Unknown, ...]:
    """Return what is worth finding out, what most hangs on first; of equal ones the fewest unknown values first."""
    assumed, chosen = _assumed(council), council.chosen(option)
    whole = council.whole.served(chosen)
    found = []
    for number in np.flatnonzero(chosen).tolist():
        camera = council.table.states[number].camera.camera_id
        if camera in assumed:
            without = chosen.copy()
            without[number] = False
            lost = whole - council.whole.served(without)
            parts = tuple(council.live.demand.parts[p].part_id for p in np.flatnonzero(lost > 1e-9).tolist())
            if parts:
                found.append(Unknown(camera, assumed[camera], parts, float(lost.sum())))
    return tuple(sorted(found, key=lambda each: (-each.share, len(each.fields), each.camera_id)))


def _assumed(council: Council) -> dict[str, tuple[str, ...]]:
    """Return what is assumed of each existing camera that serves for certain."""
    kept = {state.camera.camera_id for state in council.table.states if state.action == KEPT}
    return {key: result.placed.assumed for key, result in council.live.results.items() if key in kept and result.placed.assumed}


def _hang_on(council: Council, among: BoolArray, part: int) -> tuple[str, ...]:
    rows = np.flatnonzero(council.table.needs.part == part)
    matrix = sparse.csr_array(council.whole.serves)[rows]
    shows = np.asarray(matrix.sum(axis=0)).reshape(-1) > 0
    return tuple(council.table.states[k].camera.camera_id for k in np.flatnonzero(shows & among).tolist())
