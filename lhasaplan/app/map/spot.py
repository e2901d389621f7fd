"""Which cameras may see a spot; of a spot inside a building, what of its walls they may see."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely

from lhasaplan.app.map.sight import City, Seen, Sight
from lhasaplan.core.asked_spot import Asked
from lhasaplan.core.camera import Basis

NEAR_M = 60.0  # so near one wonders why a camera does not see


@dataclass(frozen=True, slots=True)
class Witness:
    """One camera that may see a spot, or why it does not."""

    camera_id: str
    certainty: str  # certain | possible | not
    density_px_m: tuple[float, float]
    reason: str
    distance_m: float | None  # None on protected ground


def who_sees(asked: Asked, sight: Sight, city: City, rooms: Any, protected: Any) -> tuple[Witness, ...]:
    """Return the cameras that may see a spot, sharpest first, then those near it that do not, with the reason.

    On protected ground only seen and density are told (RULES.md, ``sight --points``): there the others are left out, and
    no distance is told.
    """
    is_protected = protected.covers_points(asked.spot[:, 0], asked.spot[:, 1])[0]
    found = [_witness(one, asked, city, rooms, bool(is_protected)) for one in sight.seen.values() if _reaches(one, asked)]
    rank = {"certain": 0, "possible": 1, "not": 2}
    found.sort(key=lambda w: (rank[w.certainty], -w.density_px_m[1], w.distance_m))
    return tuple(map(_silenced, (w for w in found if w.certainty != "not")) if is_protected else found)


def _silenced(witness: Witness) -> Witness:
    """Return what may be told of a spot on protected ground."""
    return replace(witness, reason="seen", distance_m=None)


def _reaches(one: Seen, asked: Asked) -> bool:
    """Say whether a camera is worth asking: in range, or so near that one wonders why it does not see."""
    ground = asked.footprint if asked.footprint is not None else shapely.Point(asked.spot[0, :2])
    return any(ground.distance(shapely.Point(v.x_m, v.y_m)) <= max(v.range_m, NEAR_M) for v in one.placed.views)


def _densities(one: Seen, points: Any, city: City, rooms: Any, is_protected: bool) -> Any:
    """Return what each view of a camera shows; neither walls of floor plans nor coarse terrain are masks of a protected place."""
    if is_protected:
        return city.guarded.densities(one.placed.views, one.placed.level_views, points, rooms.densities)
    return rooms.densities(list(one.placed.views), points, city.scene)


def _witness(one: Seen, asked: Asked, city: City, rooms: Any, is_protected: bool) -> Witness:
    """Ask every view of a camera: an assumed view makes it possible, a recorded one certain."""
    views, camera_id = list(one.placed.views), one.placed.camera.camera_id
    points = asked.points[: asked.count_for(views[0])]
    seen = _densities(one, points, city, rooms, is_protected).toarray()
    row, away_m = seen.max(axis=0), np.hypot(points[:, 0] - views[0].x_m, points[:, 1] - views[0].y_m)
    if not row.any():
        nearest = int(away_m.argmin())
        farthest = max(views, key=lambda view: view.range_m)
        reason = rooms.explain(farthest, points[nearest], city.scene)
        return Witness(camera_id, "not", (0.0, 0.0), reason.reason, float(away_m[nearest]))
    distance_m = float(away_m[int(seen.max(axis=1).argmax())])
    recorded = [float(d) for d, v in zip(row, views, strict=True) if d > 0 and v.basis is Basis.RECORDED]
    if recorded and one.placed.certain:
        return Witness(camera_id, "certain", (recorded[0], recorded[0]), "seen", distance_m)
    return Witness(camera_id, "possible", (float(row.min()), float(row.max())), "seen", distance_m)
