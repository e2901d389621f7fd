"""Say of every street, and of every area, how much of it cameras can see.

Only what is in view is told, and the sum of the rest: no stretch that is not in view has a place of its own here, and streets
stand in the order of their names. Under a pack that never plans there is no such table (``workflow/in_view.py``).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse
from scipy.sparse import csgraph
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.streets import is_open_way, is_public, street_name
from lhasaplan.core.context.areas import is_district, read_areas
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.along_lines import (
    WALK_KM_H,
    LengthsInView,
    SeenPieces,
    Walk,
    look_along,
    pieces_of,
    summed,
    walk_along,
)
from lhasaplan.core.exposure.who_sees import spot_rule
from lhasaplan.core.model.layer import Layer, Tags, empty_layer, is_drawn
from lhasaplan.errors import Fault, InputError

# Find the cheapest way on foot between two places along streets and paths (Dijkstra).

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


STREET_STEP_M = 2.0


@dataclass(frozen=True, eq=False, slots=True)
class PublicWays:
    """The streets and paths of a city that the public may use under the sky, as single lines.

    A way that a user drew is none of them: its place is nobody else's. ``row`` is that of the layer of roads.
    """

    lines: ObjectArray
    row: IntArray
    ids: tuple[str, ...]
    tags: tuple[Tags, ...]


def ways_of(roads: Layer | None) -> PublicWays:
    """Return the ways of a layer of roads; areas (squares) have no length and are left out."""
    layer = empty_layer("roads") if roads is None else roads
    open_rows = [row for row, tags in enumerate(layer.tags) if _is_counted(tags, layer.geometry[row])]
    lines, part = shapely.get_parts(layer.geometry[open_rows], return_index=True)
    row = np.array(open_rows, np.int64)[part]
    return PublicWays(lines, row, tuple(str(layer.ids[r]) for r in row), tuple(layer.tags[r] for r in row))


def _is_counted(tags: Tags, geometry: BaseGeometry | None) -> bool:
    """Say whether a feature is a line on which the public goes, and that nobody drew as protected."""
    is_line = geometry is not None and not geometry.is_empty and bool(shapely.get_dimensions(geometry) == 1)
    return is_line and is_open_way(tags) and is_public(tags) and not is_drawn(tags)


@dataclass(frozen=True, eq=False, slots=True)
class Street:
    """One street with all its ways, or a way without a name of its own."""

    street_id: str  # of its first way
    name: str
    kind: str
    geometry: BaseGeometry
    lengths: LengthsInView


@dataclass(frozen=True, eq=False, slots=True)
class AreaStreets:
    """All streets and ways in an area."""

    area_id: str
    name: str
    geometry: BaseGeometry
    lengths: LengthsInView


@dataclass(frozen=True, eq=False, slots=True)
class StreetsInView:
    """Every street, every area, and all ways of the project together; ``crs`` is that of the geometry."""

    streets: tuple[Street, ...]
    areas: tuple[AreaStreets, ...]
    whole: LengthsInView
    crs: str


def streets_in_view(context: AuditContext, progress: Progress = no_progress) -> StreetsInView:
    """Return how much of each street and area operating cameras can see, in pieces of at most 2 m."""
    ways = ways_of(context.project.layers.get("roads"))
    seen = look_along(context, pieces_of(ways.lines, STREET_STEP_M), part_of(progress, 0.0, 0.9))
    whole = summed(seen, np.zeros(len(seen.pieces), np.int64), 1)[0]
    return StreetsInView(tuple(_streets(ways, seen)), tuple(_areas(context, seen)), whole, context.project.crs)


def _streets(ways: PublicWays, seen: SeenPieces) -> Iterator[Street]:
    """Yield the streets that bear a name by it, then other ways by kind and id."""
    named = [street_name(tags) for tags in ways.tags]
    kinds = [tags.get("highway", "") for tags in ways.tags]
    keys = [(not name, name or kind, "" if name else own) for name, kind, own in zip(named, kinds, ways.ids, strict=True)]
    order = sorted(set(keys))
    place = {key: number for number, key in enumerate(order)}
    group = np.array([place[key] for key in keys], np.int64)
    by_street = np.argsort(group, kind="stable")
    ends = np.cumsum(np.bincount(group, minlength=len(order))).tolist()
    for low, high, reported in zip([0, *ends], ends, summed(seen, group[seen.pieces.line], len(order)), strict=False):
        own = by_street[low:high]
        yield Street(ways.ids[own[0]], named[own[0]], kinds[own[0]], shapely.multilinestrings(ways.lines[own]), reported)


def _areas(context: AuditContext, seen: SeenPieces) -> Iterator[AreaStreets]:
    """Yield the areas that may lend their name, as the map tells them without undisclosed places."""
    layer = context.project.layers.get("areas")
    if layer is None or not len(layer):
        return
    is_named = is_district(layer, context.reference_data.kinds, spot_rule(context).ground)
    rows = np.flatnonzero(is_named & (shapely.get_dimensions(layer.geometry) == 2))
    areas = read_areas(layer, rows.tolist())
    middles = shapely.STRtree(shapely.points(seen.pieces.xy_m))
    which, piece = middles.query([area.geometry for area in areas], predicate="intersects")
    for number, area in enumerate(areas):
        if (own := piece[which == number]).size:
            group = np.ones(len(seen.pieces), np.int64)
            group[own] = 0
            yield AreaStreets(area.area_id, area.name, area.geometry, summed(seen, group, 2)[0])


# The shortest path on foot between two places, and the one on which least is in view.
METRE_IN_VIEW = 10.0  # a metre in view costs as much as so many that are not, unless another figure is given


@dataclass(frozen=True, eq=False, slots=True)
class PathOnFoot:
    """A path along streets with what is in view on it; ``cost_m`` is what it was chosen by, in metres out of view."""

    line: shapely.LineString
    walk: Walk
    cost_m: float


@dataclass(frozen=True, eq=False, slots=True)
class PathsOnFoot:
    """Two paths between the same places; of the second a metre that a camera can or may see costs ``metre_in_view`` metres."""

    shortest: PathOnFoot
    least_seen: PathOnFoot
    metre_in_view: float
    crs: str


@dataclass(frozen=True, slots=True)
class Journey:
    """From where to where somebody walks, in project metres, with what both places are called in errors, and how fast."""

    start_xy_m: tuple[float, float]
    end_xy_m: tuple[float, float]
    names: tuple[str, str] = ("A", "B")
    speed_km_h: float = WALK_KM_H


def paths_on_foot(
    context: AuditContext, journey: Journey, metre_in_view: float = METRE_IN_VIEW, progress: Progress = no_progress
) -> PathsOnFoot:
    """Return the shortest path and the one of the lowest cost, each walked as any other way.

    What is not mapped costs by what is in view there if nothing stands in the way.

    Raises
    ------
    InputError
        A place lies more than 250 m from every way that may be walked, or nothing leads from one to the other.
    """
    ways = ways_of(context.project.layers.get("roads"))
    lines: ObjectArray = ways.lines[np.array([is_walked(tags) for tags in ways.tags], bool)]
    network = WalkingNetwork.of(lines)
    seen = look_along(context, pieces_of(lines, STREET_STEP_M), part_of(progress, 0.0, 0.8))
    length_m = seen.pieces.length_m
    in_view_m = np.bincount(
        seen.pieces.segment[seen.is_in_view], weights=length_m[seen.is_in_view], minlength=len(network.length_m)
    )
    ends = np.array(journey.start_xy_m), np.array(journey.end_xy_m)

    def path(cost: FloatArray, dearer: float) -> PathOnFoot:
        line = network.cheapest(cost, *ends, journey.names)
        walk = walk_along(context, np.array([line], object), journey.speed_km_h, sums_only=False)
        in_view = walk.lengths.certain_m + walk.lengths.possible_m + walk.lengths.bare_in_view_m
        return PathOnFoot(line, walk, walk.lengths.length_m + (dearer - 1.0) * in_view)

    cost = network.length_m + (metre_in_view - 1.0) * in_view_m
    return PathsOnFoot(path(network.length_m, 1.0), path(cost, metre_in_view), metre_in_view, context.project.crs)
