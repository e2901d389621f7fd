"""Which cameras may see a spot; of a spot inside a building, what of its walls they may see."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.sight import City, Seen, Sight
from lhasaplan.core.arrays import FloatArray
from lhasaplan.core.camera import Basis, View
from lhasaplan.core.floor_plan import NO_PLAN

EYE_M = 1.5  # height of what is asked about above the ground
STOREY_M, WALL_STEP_M, BEFORE_WALL_M = 3.0, 2.0, 0.3
MOUNTED_M = 1.0  # a camera so near to a wall hangs on it (RULES.md, wall mount): its own facade is not asked about
NEAR_M = 60.0  # so near one wonders why a camera does not see


@dataclass(frozen=True, slots=True)
class Witness:
    """One camera that may see a spot, or why it does not."""

    camera_id: str
    certainty: str  # certain | possible | not
    density_px_m: tuple[float, float]
    reason: str
    distance_m: float | None  # None on protected ground


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked about: the spot, and where it lies in a building also points before its walls, storey by storey."""

    spot: FloatArray  # shape (1, 3)
    walls: FloatArray  # shape (N, 3), empty in the open
    footprint: BaseGeometry | None

    def of(self, view: View) -> FloatArray:
        """Return the points that a view is asked about; a camera that hangs on the building is not asked about its walls."""
        is_free = self.footprint is not None and self.footprint.distance(shapely.Point(view.x_m, view.y_m)) > MOUNTED_M
        return np.concatenate([self.spot, self.walls]) if is_free else self.spot


def ask_about(spot_m: tuple[float, float], city: City) -> Asked:
    """Return what is asked about at a spot."""
    spot = city.terrain.lifted(np.array([[*spot_m, EYE_M]]))
    inside = np.flatnonzero(shapely.contains_xy(city.buildings.polygons, *spot_m))
    if not len(inside):
        return Asked(spot, np.empty((0, 3)), None)
    footprint = city.buildings.polygons[inside[0]]
    return Asked(spot, city.terrain.lifted(before_walls(footprint, city.buildings.top_m[inside[0]])), footprint)


def before_walls(footprint: BaseGeometry, top_m: float) -> FloatArray:
    """Return points before the walls every 2 m, at eye height and at each storey below the roof, shape (N, 3)."""
    rings = shapely.boundary(shapely.buffer(footprint, BEFORE_WALL_M, join_style="mitre"))
    xy = shapely.get_coordinates(shapely.segmentize(rings, WALL_STEP_M))
    heights_m = np.arange(EYE_M, max(float(top_m), EYE_M + 0.1), STOREY_M)
    return np.column_stack([np.tile(xy, (len(heights_m), 1)), np.repeat(heights_m, len(xy))])


def who_sees(asked: Asked, sight: Sight, city: City, rooms: Any, protected: Any) -> tuple[Witness, ...]:
    """Return the cameras that may see a spot, sharpest first, then those near it that do not, with the reason.

    On protected ground only seen and density are told (RULES.md, ``sight --points``): there the others are left out, and
    no distance is told.
    """
    is_protected = protected.covers_points(asked.spot[:, 0], asked.spot[:, 1])[0]
    if is_protected and city.has_floor_plans:  # the walls of a floor plan are no mask of a protected place
        city = replace(city, scene=replace(city.scene, floor=NO_PLAN))
    found = [_witness(one, asked, city, rooms) for one in sight.seen.values() if _reaches(one, asked)]
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


def _witness(one: Seen, asked: Asked, city: City, rooms: Any) -> Witness:
    """Ask every view of a camera: an assumed view makes it possible, a recorded one certain."""
    views, camera_id = list(one.placed.views), one.placed.camera.camera_id
    points = asked.of(views[0])
    seen = rooms.densities(views, points, city.scene).toarray()
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
