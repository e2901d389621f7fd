"""Find the cheapest way on foot between two places along streets and paths (Dijkstra)."""

from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import is_open_way, is_public
from lhasaplan.core.model.layer import Tags
from lhasaplan.errors import Fault, InputError

FAR_M = 250.0  # farther from every way, a place is not on this network
SAME_M = 0.01  # vertices so near each other are one
TOO_FAR = marked("{place} lies {metres} m from the nearest street or path open to walkers; name a place closer to one")
NO_WAY = marked("no street or path leads from {start} to {end} on this map")
NO_NETWORK = marked("this project has no streets or paths open to walkers; import a layer of roads first")
_NEVER_ON_FOOT = frozenset({"motorway", "trunk", "busway", "raceway", "cycleway"})
_ON_FOOT = frozenset({"yes", "designated", "permissive"})


def is_walked(tags: Tags) -> bool:
    """Say whether anybody may walk on a way under the sky, as far as the map knows."""
    if not (is_open_way(tags) and is_public(tags)):
        return False
    if tags.get("foot", "") in _ON_FOOT or tags.get("sidewalk", "no") not in ("no", "none", ""):
        return True
    kind = tags.get("highway", "").removesuffix("_link")
    return kind not in _NEVER_ON_FOOT and tags.get("foot", "yes") not in ("no", "private", "use_sidepath")


@dataclass(frozen=True, eq=False, slots=True)
class WalkingNetwork:
    """Straight stretches between two vertices of ways; ways meet where they share a vertex.

    Parameters
    ----------
    node_xy_m : shape (N, 2).
    first, second : the vertices of each stretch, shape (E,); in the order of the lines and along them.
    length_m : shape (E,).
    """

    node_xy_m: FloatArray
    first: IntArray
    second: IntArray
    length_m: FloatArray

    @classmethod
    def of(cls, lines: ObjectArray) -> "WalkingNetwork":
        """Return the network of single lines; InputError without any."""
        if not len(lines):
            raise InputError(Fault(NO_NETWORK))
        xy, line = shapely.get_coordinates(lines, return_index=True)
        _, kept, node = np.unique(np.round(xy / SAME_M).astype(np.int64), axis=0, return_index=True, return_inverse=True)
        goes_on = np.flatnonzero(line[1:] == line[:-1])
        node = node.reshape(-1)
        return cls(xy[kept], node[goes_on], node[goes_on + 1], np.hypot(*(xy[goes_on + 1] - xy[goes_on]).T))

    def cheapest(
        self, cost: FloatArray, start_xy_m: FloatArray, end_xy_m: FloatArray, names: tuple[str, str]
    ) -> shapely.LineString:
        """Return the path of the lowest cost between the spots on the network that are nearest to two places.

        Parameters
        ----------
        cost : of each stretch in either direction, above 0 where it has a length; shape (E,). Part of one costs its share.
        names : what the two places are called in errors.

        Raises
        ------
        InputError
            A place lies more than 250 m from every way, or nothing leads from one to the other.
        """
        spots = [self._spot(xy, name) for xy, name in zip((start_xy_m, end_xy_m), names, strict=True)]
        graph = self._with_spots(cost, spots)
        count = len(self.node_xy_m)
        _, before = csgraph.dijkstra(graph, directed=False, indices=count, return_predecessors=True)
        if before[count + 1] < 0:
            raise InputError(Fault(NO_WAY, params={"start": names[0], "end": names[1]}))
        path = [count + 1]
        while path[-1] != count:
            path.append(int(before[path[-1]]))
        xy = np.concatenate([self.node_xy_m, [spot.xy_m for spot in spots]])
        return shapely.LineString(xy[path[::-1]])

    def _spot(self, xy_m: FloatArray, name: str) -> "_SpotOnWay":
        a, b = self.node_xy_m[self.first], self.node_xy_m[self.second]
        way = b - a
        square = np.maximum((way**2).sum(axis=1), 1e-12)
        share = np.clip(((xy_m - a) * way).sum(axis=1) / square, 0.0, 1.0)
        at = a + share[:, None] * way
        away_m = np.hypot(*(at - xy_m).T)
        nearest = int(away_m.argmin())
        if away_m[nearest] > FAR_M:
            raise InputError(Fault(TOO_FAR, params={"place": name, "metres": round(float(away_m[nearest]))}))
        return _SpotOnWay(nearest, float(share[nearest]), at[nearest])

    def _with_spots(self, cost: FloatArray, spots: "list[_SpotOnWay]") -> sparse.csr_array:
        """Return the graph with two more vertices: the spots, each joined to both ends of its stretch."""
        count = len(self.node_xy_m)
        first, second, costs = [self.first], [self.second], [cost]
        for number, spot in enumerate(spots):
            own, ends = cost[spot.stretch], (self.first[spot.stretch], self.second[spot.stretch])
            first.append(np.full(2, count + number))
            second.append(np.array(ends))
            costs.append(np.array([own * spot.share, own * (1.0 - spot.share)]))
        if spots[0].stretch == spots[1].stretch:
            first.append(np.array([count]))
            second.append(np.array([count + 1]))
            costs.append(np.array([cost[spots[0].stretch] * abs(spots[0].share - spots[1].share)]))
        return _least_of_each(np.concatenate(first), np.concatenate(second), np.concatenate(costs), count + 2)


@dataclass(frozen=True, eq=False, slots=True)
class _SpotOnWay:
    """A spot on a stretch, at a share of its length from its first vertex."""

    stretch: int
    share: float
    xy_m: FloatArray


def _least_of_each(first: IntArray, second: IntArray, cost: FloatArray, count: int) -> sparse.csr_array:
    """Return the graph in which two vertices are joined once, by the cheapest stretch between them.

    A matrix would add up two stretches between the same vertices, and an entry of 0 would join nothing.
    """
    low, high = np.minimum(first, second), np.maximum(first, second)
    order = np.lexsort((cost, high, low))
    low, high, cost = low[order], high[order], np.maximum(cost[order], 1e-9)
    is_new = np.append(True, (low[1:] != low[:-1]) | (high[1:] != high[:-1])) & (low != high)
    return sparse.csr_array((cost[is_new], (low[is_new], high[is_new])), shape=(count, count))
