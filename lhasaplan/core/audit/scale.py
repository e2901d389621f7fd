"""How large the surveillance is: streets in view and where cameras look, for who judges "large scale" (GDPR 35(3)(c))."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from lhasaplan.core.audit.camera_results import SeenGround
from lhasaplan.core.base.arrays import IntArray, ObjectArray
from lhasaplan.core.base.kept_shapes import as_kept, read_shapes
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.street_widths import open_ways
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.model.camera import Mount, Status

PLACES = ("indoors", "public_way", "elsewhere", "unknown")
_BATCH = 256


def scale_of(context: AuditContext, grounds: Sequence[SeenGround], progress: Progress = no_progress) -> dict[str, Any]:
    """Return ``streets_seen_certain_m`` and ``cameras_by_place`` of operating cameras.

    Streets are lines of public ways that some camera shows for certain at 25 px/m or better, each metre once. A camera is
    counted indoors, else by whether it shows a public way, else elsewhere; unknown where its direction or lens is.
    """
    today = [each.camera.status is Status.OPERATING for each in context.placed]
    outdoors = [
        c
        for c, each in enumerate(context.placed)
        if today[c] and each.mount is not Mount.INDOOR and grounds[c].certain is not None
    ]
    ways = _lines(context)
    seen: ObjectArray = np.array([*(as_kept(grounds[c], "seen") for c in outdoors), None], object)[:-1]
    camera, way = _in_view(ways, seen)
    shows = {outdoors[c] for c in np.unique(camera).tolist()}
    places = Counter(_place(context, grounds, c, shows) for c, operates in enumerate(today) if operates)
    return {
        "streets_seen_certain_m": _length_m(ways, seen, camera, way, progress),
        "cameras_by_place": {place: places[place] for place in PLACES},
    }


def _in_view(ways: ObjectArray, seen: ObjectArray) -> IntArray:
    """Return which camera shows something of which way, shape (2, n), cameras ascending."""
    tree, found = shapely.STRtree(ways), [np.zeros((2, 0), np.int64)]
    for low in range(0, len(seen) if len(ways) else 0, _BATCH):
        pairs = tree.query(read_shapes(seen[low : low + _BATCH]), predicate="intersects")
        found.append(pairs + np.array([[low], [0]]))
    return np.concatenate(found, axis=1)


def _lines(context: AuditContext) -> ObjectArray:
    ways, _ = open_ways(context.project.layers, context.reference_data.widths, public_only=True)
    return ways[shapely.get_dimensions(ways) == 1] if len(ways) else ways


def _place(context: AuditContext, grounds: Sequence[SeenGround], camera: int, shows: set[int]) -> str:
    if context.placed[camera].mount is Mount.INDOOR:
        return "indoors"
    if grounds[camera].certain is None:
        return "unknown"
    return "public_way" if camera in shows else "elsewhere"


def _length_m(ways: ObjectArray, seen: ObjectArray, camera: IntArray, way: IntArray, progress: Progress) -> float:
    """Return the length of ways in view: what several cameras show of one way is joined first."""
    order = np.argsort(way, kind="stable")
    camera, way = camera[order], way[order]
    batches = [slice(low, low + _BATCH) for low in range(0, len(way), _BATCH)]
    pieces = [
        shapely.intersection(ways[way[each]], read_shapes(seen[camera[each]]))
        for each in watched(batches, progress, "findings", every=1)
    ]
    if not pieces:
        return 0.0
    parts = np.concatenate(pieces)
    starts = np.unique(way, return_index=True)[1]
    return float(sum(shapely.length(shapely.union_all(group)) for group in np.split(parts, starts[1:])))
