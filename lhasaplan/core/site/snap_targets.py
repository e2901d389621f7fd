"""What in a city a camera can snap to, indexed once: footprints with their roofs, poles, crossings, carriageways."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

import numpy as np
import shapely
from annotated_types import Interval
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, ObjectArray
from lhasaplan.core.city.streets import MOST_CARRIAGEWAY_M, SHIPPED, StreetWidths, is_driven_by_all
from lhasaplan.core.model.layer import Buildings, Layer, Tags
from lhasaplan.core.rules.audit_policy import TagValues, has_any
from lhasaplan.core.sight.obstacles.relief import Relief

# What a camera that is drawn by hand snaps to: which tags are poles and crossings, and how far from a kerb a pole stands.


@dataclass(frozen=True, eq=False, slots=True)
class SnapRules:
    """Figures and tags of ``data/snapping.toml``.

    Parameters
    ----------
    kerb_m : how far behind the edge of a carriageway a pole stands.
    crossing_reach_m : how near to the middle of a street a crossing is one of that street.
    poles, crossings : by tags; ``*`` is any value but no.
    """

    kerb_m: Annotated[float, Interval(ge=0, le=50)]
    crossing_reach_m: Annotated[float, Interval(ge=0, le=50)]
    poles: TagValues
    crossings: TagValues


# A place beside a line: where its foot is, how far along, how far aside, and which way the line runs there.


@dataclass(frozen=True, slots=True)
class Foot:
    """The point of a line nearest to a place.

    Parameters
    ----------
    along_m : from the start of the line.
    aside_m : of the place from the line, positive to the right of where the line runs.
    bearing_deg : where the line runs there, clockwise from grid north.
    """

    x_m: float
    y_m: float
    along_m: float
    aside_m: float
    bearing_deg: float

    def beside(self, aside_m: float) -> tuple[float, float]:
        """Return the place at a distance to the right of the foot, to the left below zero."""
        right = math.radians(self.bearing_deg + 90.0)
        return self.x_m + aside_m * math.sin(right), self.y_m + aside_m * math.cos(right)


def foot_on(line: BaseGeometry, x_m: float, y_m: float) -> Foot:
    """Return the foot of a place on a line of one part."""
    along = float(shapely.line_locate_point(line, shapely.Point(x_m, y_m)))
    at = foot_at(line, along)
    right = math.radians(at.bearing_deg + 90.0)
    aside = (x_m - at.x_m) * math.sin(right) + (y_m - at.y_m) * math.cos(right)
    return Foot(at.x_m, at.y_m, along, aside, at.bearing_deg)


def foot_at(line: BaseGeometry, along_m: float) -> Foot:
    """Return the point of a line so far from its start, with nothing aside of it; the ends beyond the ends."""
    corners = shapely.get_coordinates(line)
    steps = np.hypot(*np.diff(corners, axis=0).T)
    ends = np.cumsum(steps)
    along = min(max(along_m, 0.0), float(ends[-1]))
    k = min(int(np.searchsorted(ends, along, side="left")), len(steps) - 1)
    while steps[k] == 0.0 and k > 0:
        k -= 1
    (x0, y0), (x1, y1) = corners[k].tolist(), corners[k + 1].tolist()
    share = (along - float(ends[k] - steps[k])) / max(float(steps[k]), 1e-12)
    bearing = math.degrees(math.atan2(x1 - x0, y1 - y0)) % 360.0
    return Foot(x0 + share * (x1 - x0), y0 + share * (y1 - y0), along, 0.0, bearing)


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
