"""Ground and demand that one camera shares with others, as a check has it for all pairs."""

from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import IntArray
from lhasaplan.core.context.reference_data import SEEN_PX_M
from lhasaplan.core.demand.columns import LEAST_AREA_M2, DemandColumn
from lhasaplan.core.demand.unasked_area import ground_seen, without
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.model.camera import Basis, Status
from lhasaplan.core.results.assessment import Overlap


def overlaps_of(live: Live, camera_id: str) -> tuple[Overlap, ...]:
    """Return the overlaps of one operating camera with others, the largest demand first.

    Where parts are served by both the area is taken at the lowest density that one of them needs, else at 25 px/m.
    """
    own = _operating_row(live, camera_id)
    if own is None:
        return ()
    found = [_overlap(live, own, other) for other in _neighbours(live, own)]
    return tuple(sorted((each for each in found if each is not None), key=lambda each: (-each.demand, -each.area_m2, each.b)))


def _operating_row(live: Live, camera_id: str) -> int | None:
    """Return the row of the recorded view of an operating camera."""
    result = live.results.get(camera_id)
    if result is None or result.placed.camera.status is not Status.OPERATING:
        return None
    rows = live.state.rows.get(camera_id, ())
    return next((row for row in rows if live.state.views[row] is not None and _is_recorded(live, row)), None)


def _is_recorded(live: Live, row: int) -> bool:
    return bool(live.state.view(row).basis is Basis.RECORDED)


def _neighbours(live: Live, own: int) -> Iterator[int]:
    """Yield the rows of recorded views of other operating cameras whose range meets that of a view."""
    x, y, range_m = np.asarray(live.state.lenses.whole(), float).T
    near = np.flatnonzero(np.hypot(x - x[own], y - y[own]) <= range_m + range_m[own])  # NaN, a row without view, is near none
    ids = (live.state.view(row).camera_id for row in near.tolist())
    mine = live.state.view(own).camera_id
    yield from (row for row, key in zip(near.tolist(), ids, strict=True) if key != mine and _operating_row(live, key) == row)


def _overlap(live: Live, own: int, other: int) -> Overlap | None:
    both = np.intersect1d(_served(live, own), _served(live, other), assume_unique=True)
    least = float(live.needs.needed_px_m[both].min()) if len(both) else SEEN_PX_M
    if least == SEEN_PX_M and not len(both) and other not in live.state.overlaps[own]:
        return None
    ids = [live.state.view(row).camera_id for row in (own, other)]
    shared = shapely.intersection(*(_ground(live, row, key, least) for row, key in zip((own, other), ids, strict=True)))
    if shared.area < LEAST_AREA_M2 and not len(both):
        return None
    return Overlap(ids[0], ids[1], float(shared.area), float(live.needs.weight[both].sum()), shared)


def _ground(live: Live, row: int, camera_id: str, least_px_m: float) -> BaseGeometry:
    """Return the ground that a view shows at a density, where buildings are mapped."""
    result = live.results[camera_id]
    ground: BaseGeometry = live.state.sharp[row] if least_px_m == SEEN_PX_M else ground_seen(result.certain, least_px_m)
    return without(ground, result.not_mapped)


def _served(live: Live, row: int) -> IntArray:
    column: DemandColumn = live.state.columns[row]
    return column.served(live.needs)
