"""Find features near a candidate by spatial indexes: roads, footprints, doors, tracks and water edges."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.core.city.street_widths import SHIPPED, StreetWidths, is_open_way
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
            geometry for geometry, tags in self._features() if tags.get("natural") in ("water", "coastline") or _is_dock(tags)
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
        """Return what of an area lies outside every footprint."""
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


def _is_dock(tags: Tags) -> bool:
    return tags.get("waterway") in ("riverbank", "dock")


def _is_line(geometry: BaseGeometry) -> bool:
    return bool(shapely.get_dimensions(geometry) == 1)
