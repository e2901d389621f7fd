"""The union of all protected ground, to ask whether points lie on it and how much of a shape does."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import ArrayLike
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.streets import STREET
from lhasaplan.core.model.place import ProtectedPlace, ProtectedWalls
from lhasaplan.core.sight.obstacles.relief import Relief, ground_at

# How deep protected places lie below the ground around them: a pit in imported terrain takes them out of view and picture.

RINGS_M = (2.0, 5.0, 10.0, 20.0, 40.0, 80.0)  # beyond what walls enclose
BEARINGS = 24
LOWER = 0.25  # of a ring may lie lower all the same: a way in makes no pit another thing
LEAST_M = 1.0  # a step at the door is no pit
SPACING_M = 5.0  # along the edge of open ground, of the spots whose middle height is its own


def lifted(walls: ProtectedWalls, relief: Relief) -> ProtectedWalls:
    """Return the walls as high as if no pit were dug round them; the very same where none lies in one."""
    depth_m = depths_m(walls, relief)
    if not (depth_m > 0.0).any():
        return walls
    raised = {name: getattr(walls, name) + depth_m for name in ("base_m", "top_m", "ground_m")}
    return replace(walls, **raised)


def depths_m(walls: ProtectedWalls, relief: Relief) -> FloatArray:
    """Return for each wall how far the ground at its building lies below that around, shape (W,); 0 where it does not.

    Around is the ring, of several, of which three quarters stand highest above it.
    """
    if not len(walls) or relief.is_level:
        return np.zeros(len(walls))
    group = _groups(walls)
    count = int(group.max()) + 1
    low, high = (_extremes(walls, group, count, which) for which in (np.minimum, np.maximum))
    middle, radius = (low + high) / 2.0, np.hypot(*((high - low) / 2.0).T)
    depth = _around_m(middle, radius, relief) - _lowest(walls.ground_m, group, count)
    return np.asarray(np.where(depth > LEAST_M, depth, 0.0)[group], float)


def levels_m(grounds: ObjectArray, relief: Relief) -> FloatArray:
    """Return how high above the datum each open ground lies in the middle, shape (G,)."""
    dense = shapely.segmentize(grounds, SPACING_M)
    whole = np.concatenate((dense, shapely.point_on_surface(grounds)))
    xy, which = shapely.get_coordinates(whole, return_index=True)
    height, which = ground_at(relief, *xy.T), which % len(grounds)
    order = np.lexsort((height, which))
    first = np.searchsorted(which[order], np.arange(len(grounds)))
    count = np.bincount(which, minlength=len(grounds))
    return np.asarray(height[order][first + count // 2], float)


def levels_without_pits_m(grounds: ObjectArray, relief: Relief) -> FloatArray:
    """Return the same as if no pit were dug round any of them, shape (G,)."""
    own, (west, south, east, north) = levels_m(grounds, relief), shapely.bounds(grounds).T
    middle = np.column_stack((west + east, south + north)) / 2.0
    around = _around_m(middle, np.hypot(east - west, north - south) / 2.0, relief)
    return np.asarray(np.where(around - own > LEAST_M, around, own), float)


def _around_m(middle: FloatArray, radius_m: FloatArray, relief: Relief) -> FloatArray:
    """Return how high the ground stands around circles: on the ring of which three quarters stand highest."""
    angle = np.arange(BEARINGS) * (2.0 * np.pi / BEARINGS)
    around = np.full(len(middle), -np.inf)
    for beyond_m in RINGS_M:
        reach = (radius_m + beyond_m)[:, None]
        x, y = middle[:, :1] + reach * np.sin(angle), middle[:, 1:] + reach * np.cos(angle)
        around = np.maximum(around, np.quantile(ground_at(relief, x, y), LOWER, axis=1))
    return around


def _groups(walls: ProtectedWalls) -> IntArray:
    """Return the walls of one building, or of one place where the building is not known, by a number of their own."""
    keys = np.column_stack((walls.building, np.where(walls.building >= 0, -1, walls.place)))
    return np.asarray(np.unique(keys, axis=0, return_inverse=True)[1].reshape(-1), np.int64)


def _extremes(walls: ProtectedWalls, group: IntArray, count: int, which: np.ufunc) -> FloatArray:
    """Return the least or greatest x and y of the walls of each group, shape (groups, 2)."""
    found = np.full((count, 2), np.inf if which is np.minimum else -np.inf)
    for ends in (walls.ends_m[:, :2], walls.ends_m[:, 2:]):
        which.at(found, group, ends)
    return found


def _lowest(ground_m: FloatArray, group: IntArray, count: int) -> FloatArray:
    found = np.full(count, np.inf)
    np.minimum.at(found, group, ground_m)
    return found


class ProtectedGround:
    """Footprints and mapped grounds of protected places, use unknown included.

    ``outdoors_of`` names a kind whose open ground does not count, only its footprints: an ambulance bay lies on a hospital's
    ground (``health``), a school crossing at the school (``school``). ``street`` leaves out the carriageway before worship and
    the street on health ground, for crossings and stops. Every other ground still counts.
    """

    def __init__(self, places: Sequence[ProtectedPlace]) -> None:
        self._places = self.places = tuple(places)
        self._tree = shapely.STRtree([place.ground for place in places])
        self.sources = frozenset(s for place in places if place.cls.is_known for s in place.sources)

    def covers_points(self, x: ArrayLike, y: ArrayLike, outdoors_of: str = "") -> BoolArray:
        """Return which points lie on protected ground, its edge included.

        Parameters
        ----------
        x, y : shape (n,); metres in the project's system.
        """
        points = shapely.points(np.asarray(x, float), np.asarray(y, float))
        point, place = self._tree.query(points, predicate="intersects")
        covered = np.zeros(len(points), bool)
        covered[point[~self._is_open(points[point], place, outdoors_of)]] = True
        return covered

    def _is_open(self, points: BoolArray, place: IntArray, kind: str) -> BoolArray:
        """Return which pairs of point and place lie on open ground of that kind."""
        is_open = np.zeros(len(place), bool)
        for row in np.flatnonzero([self._left_out(p, kind) is not None for p in place]):
            ground = self._left_out(place[row], kind)
            is_open[row] = ground is not None and bool(shapely.intersects(ground, points[row]))
        return is_open

    def _left_out(self, place: int, kind: str) -> BaseGeometry | None:
        """Return the ground of a place that does not count for parts of a kind."""
        its = self._places[place]
        if kind == STREET:
            return its.street
        return its.open_ground if self._may_lie_open(place, kind) else None

    def streets(self) -> list[BaseGeometry]:
        """Return the ground of each place on which crossings and stops may lie."""
        return [place.street for place in self._places if place.street is not None]

    def open_grounds(self, area: BaseGeometry, kind: str) -> dict[int, BaseGeometry]:
        """Return the open ground of each place of a kind that an area lies on, by the number of the place."""
        near = sorted(self._tree.query(area, predicate="intersects").tolist())
        grounds = {number: self._places[number].open_ground for number in near if self._may_lie_open(number, kind)}
        return {
            number: ground
            for number, ground in grounds.items()
            if ground is not None and shapely.area(shapely.intersection(ground, area)) > 0
        }

    def share_of(self, geometry: BaseGeometry, outdoors_of: str = "", known_only: bool = False, spared: str = "") -> float:
        """Return the share (0 to 1) of a shape that is protected, by area, else length, else number of points.

        Parameters
        ----------
        known_only : leaves out buildings of which nobody knows the use.
        spared : a kind whose places do not count at all, unless people hide there.
        """
        if geometry.is_empty:
            return 0.0
        geometry = geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry)
        found = [int(place) for place in self._tree.query(geometry, predicate="intersects")]
        found = [
            place for place in found if not (known_only and self._is_unknown(place)) and not self._may_lie_open(place, spared)
        ]
        grounds = [self._ground(place, outdoors_of) for place in found]
        covered = shapely.intersection(geometry, shapely.union_all(grounds)) if grounds else shapely.Point()
        return min(1.0, _size(covered, geometry) / _size(geometry, geometry))

    def walls(self, near: BaseGeometry, spared: str = "") -> BaseGeometry:
        """Return the walls of known protected places that come into an area; a spared kind's are left out as above."""
        found = [int(place) for place in self._tree.query(near, predicate="intersects")]
        kept = [place for place in found if not self._is_unknown(place) and not self._may_lie_open(place, spared)]
        walls = [self._places[place].frontage for place in kept]
        return shapely.union_all([shapely.intersection(wall, near) for wall in walls if wall is not None])

    def near(self, areas: ObjectArray, distance_m: float) -> list[int]:
        """Return the numbers of the places within a distance of any area, each once."""
        return sorted(set(self._tree.query(areas, predicate="dwithin", distance=distance_m)[1].tolist()))

    def _ground(self, place: int, outdoors_of: str) -> BaseGeometry:
        its, left_out = self._places[place].ground, self._left_out(place, outdoors_of)
        return its if left_out is None else shapely.difference(its, left_out)

    def _is_unknown(self, place: int) -> bool:
        return not self._places[place].cls.is_known

    def _may_lie_open(self, place: int, kind: str) -> bool:
        """Say whether an exception for a kind holds at a place: never at an undisclosed one, whatever else it is."""
        its = self._places[place]
        return bool(kind) and kind in its.kinds and not its.hides_people and not its.drawn


def _size(geometry: BaseGeometry, like: BaseGeometry) -> float:
    dimension = int(shapely.get_dimensions(like))
    if dimension == 2:
        return float(shapely.area(geometry))
    return float(shapely.length(geometry)) if dimension == 1 else float(shapely.get_num_coordinates(geometry))
