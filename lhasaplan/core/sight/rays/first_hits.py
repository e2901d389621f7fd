"""Ask what the rays of a picture meet first: how far away, which surface, of which building."""

import math
import threading
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.obstacles.building_index import TownIndex, neighbours
from lhasaplan.core.sight.obstacles.scene import Scene, is_indoors, walls_before, walls_of
from lhasaplan.core.sight.rays.ground import meet_relief
from lhasaplan.core.sight.rays.meeting import (
    SKY,
    Eye,
    Fan,
    Met,
    fan_of,
    make_fan,
    meet_level_ground,
    meet_single_walls,
    meet_town,
    put_in_order,
)

NOTHING = (SKY, -1, SKY, -1)
NEAR_SHARE, LEAST_RING_M = 0.05, 1.0  # how far apart knots of a profile of the ground are
FAR_SHARE, FAR_RING_M = 0.01, 2.0
FEWEST_KEPT, MOST_KEPT = 1 << 14, 1 << 19  # rays for which arrays are kept: those of a quick picture
BELOW_GROUND_M = 1.0  # walls are looked for so far below the lowest ground within reach


_kept = threading.local()


@dataclass(frozen=True, eq=False, slots=True)
class Hits:
    """What each ray meets first, in the order of the rays or of the picture's pixels, row by row.

    Parameters
    ----------
    ray : shape (n, 3); unit level direction, ahead and to the left of the axis, and metres down for each level metre.
    away_m : shape (n, 2); level distance of what is solid, and of trees and hoardings, which do not hide that here; endless
        where there is none.
    surface : shape (n, 4); face and building of what is solid, then of trees and hoardings. A face is ``SKY``, ``GROUND``,
        ``ROOF``, ``UNDERSIDE``; a wall has the number of its last corner in the index, a wall of a floor plan or of an indoor
        lens's own outline one below -4. A building has its number in the scene or among the screens, -1 for none.
    """

    ray: FloatArray
    away_m: FloatArray
    surface: "NDArray[np.int32]"


def picture_hits(
    view: View, size: tuple[int, int], scene: Scene, reach_m: float, screens: Scene | None = None, *, is_lent: bool = False
) -> Hits:
    """Return what stands in the picture of a view, a ray through the middle of each pixel.

    Parameters
    ----------
    size : columns and rows.
    reach_m : how far from the lens buildings, and uneven ground, are looked for; level ground goes on to the horizon.
    screens : trees and hoardings, as a town of their own.
    is_lent : the answer's arrays are used again for the next one that is lent in this thread: done with before then.
    """
    return _hits(view, fan_of(replace(view.lens, range_m=0.0), *size), scene, reach_m, screens, is_lent=is_lent)


def ray_hits(view: View, direction: FloatArray, scene: Scene, reach_m: float, screens: Scene | None = None) -> Hits:
    """Return what single rays from the lens of a view meet; direction is east, north, down, shape (n, 3)."""
    azimuth = math.radians(view.azimuth_deg)
    east, north, down = np.asarray(direction, float).T
    ahead, aside = north * math.cos(azimuth) + east * math.sin(azimuth), east * math.cos(azimuth) - north * math.sin(azimuth)
    return _hits(view, make_fan(np.column_stack((aside, ahead, down))), scene, reach_m, screens)


def _hits(view: View, fan: Fan, scene: Scene, reach_m: float, screens: Scene | None, *, is_lent: bool = False) -> Hits:
    count = len(fan.ray)
    met = Met(*_room("met", count))
    met.near[:], met.surface[:] = 0.0, NOTHING
    axis = math.radians(90.0 - view.azimuth_deg)
    own = view.own_building if is_indoors(view) else -1
    eye = Eye(view.x_m, view.y_m, view.lens_z_m, math.cos(axis), math.sin(axis), float(reach_m), own)
    lowest = _lowest(view, scene, eye.reach)
    _meet(0, scene, eye, lowest, fan, met)
    if screens is not None:
        _meet(1, screens, eye._replace(skipped=-1), lowest, fan, met)
    if own >= 0:
        meet_single_walls(eye, _own_walls(view, scene), own, fan, met)
    if not scene.relief.is_level:
        ring = _rings(eye.reach, scene.relief.cell)
        meet_relief(eye, ring, np.empty((len(ring), 2)), np.empty((len(ring) - 1, 2)), scene.relief, fan, met)
    elif view.lens_z_m > 0.0:
        meet_level_ground(view.lens_z_m, fan, met)
    hits = Hits(fan.in_order, *(_room("answer", count) if is_lent else _new_room(count)))
    put_in_order(fan, met, hits.away_m, hits.surface)
    return hits


def _room(what: str, count: int) -> "tuple[FloatArray, NDArray[np.int32]]":
    """Return arrays of this thread for so many rays: the first touch of new ones takes longer than the rays do."""
    if not FEWEST_KEPT <= count <= MOST_KEPT:
        return _new_room(count)
    kept: tuple[FloatArray, NDArray[np.int32]] | None = _kept.__dict__.get(what)
    if kept is None or len(kept[0]) != count:
        kept = _kept.__dict__[what] = _new_room(count)
    return kept


def _new_room(count: int) -> "tuple[FloatArray, NDArray[np.int32]]":
    return np.empty((count, 2)), np.empty((count, 4), np.int32)


def _meet(layer: int, scene: Scene, eye: Eye, lowest: float, fan: Fan, met: Met) -> None:  # noqa: PLR0917 - a kernel's own
    town = scene.index
    near = neighbours(eye.reach + town.widest + 2.0)
    meet_town(layer, eye, lowest, town, near, np.empty((_most_corners(town), 2)), fan, met)


def _rings(reach_m: float, cell_m: float) -> FloatArray:
    """Return distances between which a profile of the ground is straight: close at first, then half a cell apart or farther."""
    found = [0.0]
    while found[-1] < reach_m:
        step = min(max(NEAR_SHARE * found[-1], LEAST_RING_M), max(FAR_SHARE * found[-1], cell_m / 2.0, FAR_RING_M))
        found.append(min(reach_m, found[-1] + step))
    return np.array(found)


def _lowest(view: View, scene: Scene, reach_m: float) -> float:
    """Return a height below all ground within reach."""
    relief = scene.relief
    if relief.is_level:
        return 0.0
    rows, columns = relief.height.shape
    row = np.clip(((relief.north - view.y_m) + np.array([-reach_m, reach_m])) / relief.cell, 0, rows - 1).astype(np.int64)
    column = np.clip(((view.x_m - relief.west) + np.array([-reach_m, reach_m])) / relief.cell, 0, columns - 1).astype(np.int64)
    return float(relief.height[row[0] : row[1] + 1, column[0] : column[1] + 1].min()) - BELOW_GROUND_M


def _most_corners(town: TownIndex) -> int:
    first = town.ring_start[town.part_ring]
    return int(np.diff(first).max(initial=0))


def _own_walls(view: View, scene: Scene) -> FloatArray:
    """Return the walls around an indoor lens: its building's outline and those of the floor plan that stand on its level."""
    own: ObjectArray = scene.buildings.polygons[[view.own_building]]
    outline, _ = walls_of(own)
    walls = np.vstack((outline, walls_before(view, scene)))
    span = scene.buildings.base_m[view.own_building], scene.buildings.top_m[view.own_building]
    return np.ascontiguousarray(np.column_stack((walls, np.broadcast_to(span, (len(walls), 2)))))
