"""Find features near a candidate by spatial indexes: roads, footprints, doors, tracks and water edges."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.streets import SHIPPED, StreetWidths, is_open_way
from lhasaplan.core.model.layer import Buildings, Layer, Tags

MAIN = ("motorway", "trunk", "primary", "secondary")
DRIVEABLE = (*MAIN, "tertiary", "unclassified", "residential", "living_street")
TRACKS = ("rail", "tram", "light_rail", "subway", "narrow_gauge", "funicular")
WATERCOURSES = ("river", "canal")


@dataclass(frozen=True, eq=False, slots=True)
class Roads:
    """Driveable lines under the open sky: geometry, class without ``_link``, carriageway width; length n each."""

    lines: ObjectArray
    classes: ObjectArray
    widths_m: FloatArray
    tree: shapely.STRtree


class Surroundings:
    """Finds things near a shape; each index is built when it is first asked for."""

    def __init__(self, layers: Mapping[str, Layer], buildings: Buildings, widths: StreetWidths = SHIPPED) -> None:
        self._layers, self.buildings, self._widths = layers, buildings, widths

    @cached_property
    def footprints(self) -> shapely.STRtree:
        """Footprints that stand on the ground; a roof on posts has none."""
        grounded = self.buildings.polygons.copy()
        grounded[self.buildings.base_m > 0] = None
        return shapely.STRtree(grounded)

    @cached_property
    def roads(self) -> Roads:
        """Driveable roads, service roads and lanes included."""
        rows = [
            (geometry, tags["highway"].removesuffix("_link"), self._widths.carriageway_m(tags))
            for geometry, tags in self._features()
            if tags.get("highway", "").removesuffix("_link") in (*DRIVEABLE, "service")
            and _is_line(geometry)
            and is_open_way(tags)
        ]
        lines, classes, widths = zip(*rows, strict=True) if rows else ((), (), ())
        return Roads(_array(lines), _array(classes), np.array(widths, float), shapely.STRtree(_array(lines)))

    @cached_property
    def _doors(self) -> tuple[ObjectArray, tuple[str, ...], shapely.STRtree]:
        rows = [(g, tags["entrance"]) for g, tags in self._features() if tags.get("entrance") in ("main", "yes") and _is_point(g)]
        points, kinds = zip(*rows, strict=True) if rows else ((), ())
        return _array(points), tuple(kinds), shapely.STRtree(_array(points))

    @cached_property
    def parking_entrances(self) -> shapely.STRtree:
        """Points where cars go in."""
        return self._tree(lambda tags: tags.get("amenity") == "parking_entrance", _is_point)

    @cached_property
    def tracks(self) -> shapely.STRtree:
        """Lines of rail and tram."""
        return self._tree(lambda tags: tags.get("railway") in TRACKS, _is_line)

    @cached_property
    def banks(self) -> shapely.STRtree:
        """Outlines of water and coasts, as lines."""
        rows = [
            geometry
            for geometry, tags in self._features()
            if tags.get("natural") in ("water", "coastline") or tags.get("waterway") in ("riverbank", "dock")
        ]
        edges = [
            shapely.boundary(water) if shapely.get_dimensions(water) == 2 else water for water in rows if not _is_point(water)
        ]
        return shapely.STRtree(_array(edges))

    @cached_property
    def watercourses(self) -> shapely.STRtree:
        """Middle lines of rivers and canals, for where no bank is mapped."""
        return self._tree(lambda tags: tags.get("waterway") in WATERCOURSES, _is_line)

    def water_edges(self, near: BaseGeometry) -> BaseGeometry:
        """Return the water's edge inside an area; a middle line only where no bank is mapped."""
        for tree in (self.banks, self.watercourses):
            found = tree.geometries[tree.query(near, predicate="intersects")]
            if len(found):
                return shapely.line_merge(shapely.intersection(near, shapely.union_all(found)))
        return shapely.LineString()

    def doors_of(self, outline: BaseGeometry, reach_m: float = 0.3) -> list[BaseGeometry]:
        """Return the doors on an outline: the main ones, else those of unknown rank."""
        points, kinds, tree = self._doors
        found = np.sort(tree.query(shapely.boundary(outline), predicate="dwithin", distance=reach_m)).tolist()
        main = [points[i] for i in found if kinds[i] == "main"]
        return main or [points[i] for i in found]

    def host_of(self, point: BaseGeometry, reach_m: float = 0.3) -> BaseGeometry | None:
        """Return the footprint in which or at whose wall a point lies."""
        found = self.footprints.query(point, predicate="dwithin", distance=reach_m)
        return self.buildings.polygons[found.min()] if len(found) else None

    def outdoors(self, area: BaseGeometry) -> BaseGeometry:
        """Return the part of an area that lies outside every footprint."""
        found = self.buildings.polygons[self.footprints.query(area, predicate="intersects")]
        return shapely.difference(area, shapely.union_all(found)) if len(found) else area

    def all_outdoors(self, areas: ObjectArray) -> ObjectArray:
        """Return what ``outdoors`` gives of each area, shape (n,)."""
        found = areas.copy()
        for k in np.unique(self.footprints.query(areas, predicate="intersects")[0]).tolist():
            found[k] = self.outdoors(areas[k])
        return found

    def roads_near(self, shape: BaseGeometry, distance_m: float) -> IntArray:
        """Return the indices of roads that come this close."""
        return np.sort(self.roads.tree.query(shape, predicate="dwithin", distance=distance_m))

    def carriageways(self, area: BaseGeometry, roads: IntArray) -> BaseGeometry:
        """Return the carriageway of these roads inside an area."""
        strips = shapely.buffer(self.roads.lines[roads], self.roads.widths_m[roads] / 2, cap_style="flat")
        return shapely.intersection(area, shapely.union_all(strips)) if len(roads) else shapely.Polygon()

    def _features(self) -> Iterable[tuple[BaseGeometry, Tags]]:
        for name, layer in self._layers.items():
            if name not in ("buildings", "trees", "cameras", "terrain"):
                yield from zip(layer.geometry, layer.tags, strict=True)

    def _tree(self, claim: Callable[[Tags], bool], shape: Callable[[BaseGeometry], bool]) -> shapely.STRtree:
        return shapely.STRtree(_array(geometry for geometry, tags in self._features() if claim(tags) and shape(geometry)))


def _array(items: Iterable[object]) -> ObjectArray:
    return np.array([*items, None], object)[:-1]


def _is_point(geometry: BaseGeometry) -> bool:
    return bool(shapely.get_dimensions(geometry) == 0)


def _is_line(geometry: BaseGeometry) -> bool:
    return bool(shapely.get_dimensions(geometry) == 1)


# Junctions from the road graph: nodes of three arms, the nodes of one crossroads merged into one place.

MERGE_M = 30.0  # two carriageways, or the corners of one crossroads
SAME_NODE_M = 0.01
_SAME_PLACE_M = 0.1


def junction_nodes(surroundings: Surroundings, signals: FloatArray, min_arms: int) -> FloatArray:
    """Return the nodes, shape (n, 2), where enough arms of main roads meet, or of any street when signals stand near.

    Parameters
    ----------
    signals : shape (m, 2); traffic signals stand at the stop lines, so they count within 30 m.
    """
    main, driven = (arms_at_nodes(surroundings, classes) for classes in (MAIN, DRIVEABLE))
    big = main[0][main[1] >= min_arms]
    meeting = driven[0][driven[1] >= min_arms]
    if len(signals) and len(meeting):
        less_m = float(np.nextafter(MERGE_M, 0.0))
        near = shapely.STRtree(shapely.points(signals)).query(shapely.points(meeting), predicate="dwithin", distance=less_m)[0]
        big = np.concatenate([big, meeting[np.unique(near)]])
    return np.unique(big, axis=0) if len(big) else np.empty((0, 2))


def arms_at_nodes(surroundings: Surroundings, classes: tuple[str, ...]) -> tuple[FloatArray, IntArray]:
    """Return every node of the roads of these classes, shape (n, 2), and how many arms leave it."""
    lines = (
        surroundings.roads.lines[np.isin(surroundings.roads.classes.astype(str), classes)]
        if len(surroundings.roads.lines)
        else surroundings.roads.lines
    )
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if len(xy) == 0:
        return np.empty((0, 2)), np.empty(0, np.int64)
    starts, ends = np.diff(line, prepend=-1) != 0, np.diff(line, append=-1) != 0
    arms = 2 - starts.astype(np.int64) - ends.astype(np.int64)
    keys, node = np.unique(np.round(xy / SAME_NODE_M).astype(np.int64), axis=0, return_inverse=True)
    return keys * SAME_NODE_M, np.bincount(node.ravel(), arms, len(keys)).astype(np.int64)


def with_rings(nodes: FloatArray, rings: Sequence[BaseGeometry]) -> FloatArray:
    """Return the nodes with every corner of the roundabout that they lie on, piece by piece, shape (n, 2).

    The far side of a ring may have no arm of its own; the ground that the arms enclose is the whole ring all the same.
    """
    left, found = list(rings), nodes
    while touching := [ring for ring in left if shapely.dwithin(ring, shapely.multipoints(found), _SAME_PLACE_M)]:
        left = [ring for ring in left if not any(ring is each for each in touching)]
        found = np.concatenate([found, shapely.get_coordinates(touching)])
    return found


def junction_ground(surroundings: Surroundings, nodes: FloatArray, arm_m: float) -> BaseGeometry:
    """Return the ground that the arms of a junction enclose: what lies between its nodes, and the first metres of each arm."""
    between = shapely.convex_hull(shapely.multipoints(nodes))
    near = shapely.buffer(between, arm_m)
    arms = surroundings.carriageways(near, surroundings.roads_near(between, arm_m))
    middle = [between] if shapely.get_dimensions(between) == 2 else []
    # A road that passes without meeting the others is no arm.
    area = shapely.union_all([arms, *middle])
    parts = shapely.get_parts(area)
    return surroundings.outdoors(parts[np.argmax(shapely.area(parts))] if len(parts) else area)
