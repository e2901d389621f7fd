"""Where public ways enter what a camera can see: crossings of its seen ground, bunched where several ways enter side by side."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.rules.audit_policy import SignRule

_END_M = 0.05  # a view that reaches the end of a way is not entered there


@dataclass(frozen=True, eq=False, slots=True)
class Ways:
    """Lines of public ways with their widths, m, and an index of them."""

    lines: ObjectArray
    widths_m: FloatArray
    tree: shapely.STRtree


@dataclass(frozen=True, slots=True)
class Crossing:
    """A point where a way enters a view."""

    x_m: float
    y_m: float
    way: int


Entry = tuple[Crossing, ...]  # crossings side by side: a carriageway and its pavements


def ways_of(lines: ObjectArray, widths_m: FloatArray) -> Ways:
    """Return the lines among streets and ways; a square that is drawn as an area has no one way in."""
    is_line = np.flatnonzero(shapely.get_dimensions(lines) == 1) if len(lines) else np.zeros(0, np.int64)
    kept = lines[is_line]
    return Ways(kept, widths_m[is_line], shapely.STRtree(kept))


def entries_of(seen: BaseGeometry, ways: Ways, rule: SignRule) -> tuple[Entry, ...]:
    """Return the entries to a view, in the order of the ways.

    A stretch out of view that is shorter than ``gap_m`` and in view again beyond is a gap in the view, not its end.
    Crossings no farther apart than ``beside_m`` are one entry.
    """
    if seen.is_empty:
        return ()
    near = np.sort(ways.tree.query(seen, predicate="intersects"))
    crossings = [crossing for way in near.tolist() for crossing in _crossings(seen, ways.lines[way], way, rule.gap_m)]
    return _bunched(crossings, rule.beside_m)


def _crossings(seen: BaseGeometry, line: BaseGeometry, way: int, gap_m: float) -> list[Crossing]:
    """Return where one way enters the view, along the way."""
    ends = [at for pair in _stretches_in_view(seen, line, gap_m) for at in pair]
    inner = [at for at in ends if _END_M < at < line.length - _END_M]
    points = [shapely.line_interpolate_point(line, at) for at in inner]
    return [Crossing(float(point.x), float(point.y), way) for point in points]


def _stretches_in_view(seen: BaseGeometry, line: BaseGeometry, gap_m: float) -> list[tuple[float, float]]:
    """Return from where to where along a way it is in view, gaps closed."""
    parts = [part for part in shapely.get_parts(shapely.intersection(line, seen)) if part.length > _END_M]
    where = sorted(_along(line, part) for part in parts)
    found: list[tuple[float, float]] = []
    for low, high in where:
        if found and low - found[-1][1] < gap_m:
            found[-1] = found[-1][0], max(high, found[-1][1])
        else:
            found.append((low, high))
    return found


def _along(line: BaseGeometry, part: BaseGeometry) -> tuple[float, float]:
    ends = shapely.points(shapely.get_coordinates(part)[[0, -1]])
    low, high = sorted(shapely.line_locate_point(line, ends).tolist())
    return low, max(high, low + part.length)  # a way that closes on itself has both ends at 0


def _bunched(crossings: list[Crossing], beside_m: float) -> tuple[Entry, ...]:
    bunches: list[list[Crossing]] = []
    for crossing in crossings:
        near = [bunch for bunch in bunches if any(_apart_m(crossing, each) <= beside_m for each in bunch)]
        joined = [crossing] if not near else [*(each for bunch in near for each in bunch), crossing]
        bunches = [bunch for bunch in bunches if bunch not in near] + [joined]
    return tuple(tuple(bunch) for bunch in bunches)


def _apart_m(a: Crossing, b: Crossing) -> float:
    return float(np.hypot(a.x_m - b.x_m, a.y_m - b.y_m))
