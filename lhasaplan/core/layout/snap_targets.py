"""What in a city a camera can snap to, indexed once: footprints with their roofs, poles, crossings, carriageways."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.city.carriageways import MOST_CARRIAGEWAY_M, is_driven_by_all
from lhasaplan.core.city.street_widths import SHIPPED, StreetWidths
from lhasaplan.core.layout.snap_rules import SnapRules
from lhasaplan.core.layout.street_lines import foot_on
from lhasaplan.core.model.layer import Buildings, Layer, Tags
from lhasaplan.core.rules.unusual_rules import TagValues, has_any
from lhasaplan.core.sight.obstacles.relief import Relief

SLACK_M = 0.05  # a pole that snapped to a kerb is behind it


@dataclass(frozen=True, eq=False, slots=True)
class Carriageways:
    """Middle lines of streets that the public drives on, with half of what they take up to a pole behind the kerb, and names."""

    lines: ObjectArray
    half_m: FloatArray
    names: tuple[str, ...]
    tree: shapely.STRtree

    def near(self, at: BaseGeometry, away_m: float) -> BaseGeometry:
        """Return the ground of the carriageways that may lie within a distance of a place, up to a pole behind their kerbs."""
        found = self.tree.query(at, predicate="dwithin", distance=away_m + float(self.half_m.max(initial=0.0)))
        return shapely.union_all(shapely.buffer(self.lines[found], self.half_m[found], quad_segs=8))

    def holds(self, at: BaseGeometry) -> bool:
        """Say whether a place is nearer to a carriageway than a pole behind its kerb."""
        found = self.tree.query(at, predicate="dwithin", distance=float(self.half_m.max(initial=0.0)))
        return bool(np.any(shapely.distance(self.lines[found], at) < self.half_m[found] - SLACK_M))


@dataclass(frozen=True, eq=False, slots=True)
class SnapTargets:
    """All that there is to snap to.

    ``buildings`` have heights above the datum of ``relief``; ``is_raised`` says which of them bridge the ground and have no
    wall at a lens. ``poles`` and ``crossings`` are places, shape (n, 2); a crossing has one on either side of its street.
    """

    buildings: Buildings
    is_raised: BoolArray
    footprints: shapely.STRtree
    relief: Relief
    carriageways: Carriageways
    poles: FloatArray
    crossings: FloatArray


def make_snap_targets(
    buildings: Buildings,
    is_raised: BoolArray,
    relief: Relief,
    layers: Mapping[str, Layer],
    rules: SnapRules,
    *,
    widths: StreetWidths = SHIPPED,
) -> SnapTargets:
    """Return what there is to snap to in a city; worth keeping while layers and terrain stay."""
    carriageways = _carriageways(layers.get("roads"), widths, rules.kerb_m)
    crossings = list(_crossings(layers, carriageways, rules))
    return SnapTargets(
        buildings,
        is_raised,
        shapely.STRtree(buildings.polygons),
        relief,
        carriageways,
        _places(list(_points(layers, rules.poles))),
        _places(crossings),
    )


def _carriageways(roads: Layer | None, widths: StreetWidths, kerb_m: float) -> Carriageways:
    rows = list(_driven(roads)) if roads is not None else []
    lines = np.array([*(line for line, _ in rows), None], object)[:-1]
    half = [min(widths.carriageway_m(tags), MOST_CARRIAGEWAY_M) / 2.0 + kerb_m for _, tags in rows]
    names = tuple(tags.get("name", "") for _, tags in rows)
    return Carriageways(lines, np.array(half, float), names, shapely.STRtree(lines))


def _driven(roads: Layer) -> Iterator[tuple[BaseGeometry, Tags]]:
    """Give the lines of streets that the public drives on."""
    for line, tags in zip(roads.geometry, roads.tags, strict=True):
        if shapely.get_dimensions(line) == 1 and is_driven_by_all(tags):
            yield line, tags


def _points(layers: Mapping[str, Layer], wanted: TagValues) -> Iterator[tuple[float, float]]:
    """Give the points with some tags in any layer."""
    for layer in layers.values():
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True):
            if has_any(tags, wanted) and shapely.get_type_id(geometry) == shapely.GeometryType.POINT:
                yield float(geometry.x), float(geometry.y)


def _crossings(layers: Mapping[str, Layer], streets: Carriageways, rules: SnapRules) -> Iterator[tuple[float, float]]:
    """Give the places behind both kerbs where people cross; a crossing without a street near has none."""
    for x, y in _points(layers, rules.crossings):
        found = streets.tree.query_nearest(shapely.Point(x, y), max_distance=rules.crossing_reach_m, all_matches=False)
        for row in found.tolist():
            yield from _both_sides(streets.lines[row], float(streets.half_m[row]), x, y)


def _both_sides(line: BaseGeometry, half_m: float, x_m: float, y_m: float) -> Iterator[tuple[float, float]]:
    """Give the places at a distance from a line on both of its sides, across from a point at it."""
    foot = foot_on(line, x_m, y_m)
    for side in (-1.0, 1.0):
        yield foot.beside(side * half_m)


def _places(points: list[tuple[float, float]]) -> FloatArray:
    return np.array(points, float).reshape(-1, 2)
