"""Geometries as flat arrays, so that a tile becomes one painter path without a loop over points."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from struct import pack

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QDataStream, Qt
from PySide6.QtGui import QPainterPath
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.viewport import Box
from lhasaplan.core.base.arrays import ROWS_AT_ONCE

# The stream format of QPainterPath: count, then (move 0 | line 1, x, y), then the start of the current subpath and the fill rule.
_ELEMENT = np.dtype([("type", ">i4"), ("x", ">f8"), ("y", ">f8")])
COARSE_M = 1.0  # points closer than that are drawn as one on small maps
WORTH = 0.75  # the share of points left up to which fewer are kept apart
GRID_M = 1024.0  # a place keeps its bytes when it is counted from another base, since bases lie on such a grid
HALVED_M = 65_536.0  # across which a place keeps 4 mm in half the bytes
AT_ONCE = 2000  # shapes whose points are looked up together
FINENESS = 4.0  # how many of these distances a pixel must be wide


def places_at(geometry: Sequence[BaseGeometry], x_m: float, y_m: float) -> list[int]:
    """Return which of these areas and lines hold a spot.

    >>> places_at([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)], 2.5, 2.5)
    [1]
    """
    held: NDArray[np.intp] = np.flatnonzero(shapely.intersects_xy(np.asarray(geometry, dtype=object), x_m, y_m))
    return [int(row) for row in held]


class Shapes:
    """Lines or areas of one look.

    Holes run against their shells (``oriented``), so a path of many overlapping areas fills right by winding.
    ``keys`` says which object a geometry belongs to; objects may have several.
    """

    def __init__(self, geometry: Sequence[BaseGeometry] | NDArray[np.object_], keys: Sequence[str] | None = None) -> None:
        """Explode collections, drop what is empty, and flatten the rest; no geometry is kept."""
        whole = np.asarray(geometry, dtype=object)
        pieces = [_parts_of(whole[low : low + ROWS_AT_ONCE]) for low in range(0, max(len(whole), 1), ROWS_AT_ONCE)]
        parts = np.concatenate([parts for parts, _ in pieces])
        owner = np.concatenate([owner + number * ROWS_AT_ONCE for number, (_, owner) in enumerate(pieces)])
        self.owner: NDArray[np.int32] = owner.astype(np.int32)  # index of the geometry that each shape is a piece of
        self._names = np.asarray(keys if keys is not None else [""] * len(whole), dtype=object)  # by owner
        self._are_lines = not (shapely.get_dimensions(parts) == 2).any()
        bounds_m = shapely.bounds(parts).reshape(-1, 4)
        self._base = _base_of(bounds_m)
        self._bounds_m = _rounded_outward(bounds_m - np.tile(self._base, 2))
        self._outlines = _in_two(_flattened(parts, self._base))

    @classmethod
    def joined(cls, several: Sequence["Shapes"]) -> "Shapes":
        """Return all shapes of several as one."""
        found, names = cls.__new__(cls), np.cumsum([0, *(len(each._names) for each in several)]).tolist()
        owner = [each.owner + low for each, low in zip(several, names, strict=False)]
        found.owner = np.concatenate(owner).astype(np.int32)
        found._names = np.concatenate([each._names for each in several])
        found._are_lines = all(each._are_lines for each in several)
        bounds_m = np.concatenate([each._bounds_m + np.tile(each._base, 2) for each in several])
        found._base = _base_of(bounds_m)
        found._bounds_m = _rounded_outward(bounds_m - np.tile(found._base, 2))
        moved_m = [each._outlines[0].xy_m + np.subtract(each._base, found._base) for each in several]
        found._outlines = _in_two(_joined([each._outlines[0] for each in several], moved_m, _kind(found._base)))
        return found

    def of(self, keys: Collection[str]) -> "Shapes":
        """Return the shapes that belong to some objects."""
        found = Shapes.__new__(Shapes)
        is_of = np.array([name in keys for name in self._names.tolist()], bool)
        rows = np.flatnonzero(is_of[self.owner])
        found.owner = (np.cumsum(is_of) - 1).astype(np.int32)[self.owner[rows]]
        found._names, found._are_lines, found._base = self._names[is_of], self._are_lines, self._base
        found._bounds_m = self._bounds_m[rows]
        found._outlines = _in_two(self._outlines[0].of(rows))
        return found

    @property
    def keys(self) -> NDArray[np.object_]:
        """Return which object each shape belongs to."""
        return self.keys_of(np.arange(len(self)))

    def keys_of(self, chosen: NDArray[np.int64]) -> NDArray[np.object_]:
        """Return which object each of the chosen shapes belongs to."""
        keys: NDArray[np.object_] = self._names[self.owner[chosen]]
        return keys

    def nearest(self, x_m: float, y_m: float, within_m: float) -> tuple[int, float] | None:
        """Return which line is nearest to a place, and how far it is; None where none is so near, or the shapes are areas."""
        near = self.within((x_m - within_m, y_m - within_m, x_m + within_m, y_m + within_m))
        if not self._are_lines or not len(near):
            return None
        at = shapely.Point(x_m - self._base[0], y_m - self._base[1])
        xy_m, number = self._points_of(near)
        away_m = shapely.distance(shapely.linestrings(xy_m, indices=number), at)
        first = int(np.argmin(away_m))
        return (int(near[first]), float(away_m[first])) if away_m[first] <= within_m else None

    def snapped(self, x_m: float, y_m: float, within_m: float) -> tuple[float, float, bool] | None:
        """Return the nearest corner so near, else the nearest place on a side, and whether it is a corner; None for neither."""
        near = self.within((x_m - within_m, y_m - within_m, x_m + within_m, y_m + within_m))
        if not len(near):
            return None
        xy_m, _ = self._points_of(near)
        lines = self._outlines[0]
        lifted = lines.first[_runs(lines.starts[near], lines.starts[near + 1] - lines.starts[near])]
        at = np.array([x_m - self._base[0], y_m - self._base[1]])
        corner = int(np.argmin(np.hypot(*(xy_m - at).T)))
        if np.hypot(*(xy_m[corner] - at)) <= within_m:
            return (*(xy_m[corner] + self._base).tolist(), True)
        start, step = xy_m[:-1][~lifted[1:]], np.diff(xy_m, axis=0)[~lifted[1:]]
        if not len(start):
            return None
        share = np.clip(((at - start) * step).sum(axis=1) / np.maximum((step * step).sum(axis=1), 1e-12), 0.0, 1.0)
        foot = start + share[:, None] * step
        nearest = int(np.argmin(np.hypot(*(foot - at).T)))
        is_near = np.hypot(*(foot[nearest] - at)) <= within_m
        return (*(foot[nearest] + self._base).tolist(), False) if is_near else None

    def _points_of(self, chosen: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return all points of the chosen shapes, counted from the base, and which of them each belongs to."""
        lines = self._outlines[0]
        length = lines.starts[chosen + 1] - lines.starts[chosen]
        return lines.xy_m[_runs(lines.starts[chosen], length)].astype(np.float64), np.repeat(np.arange(len(chosen)), length)

    def __len__(self) -> int:
        return len(self.owner)

    def _outlines_at(self, px_per_m: float) -> "_FlatOutlines":
        """Return the outlines with no more points than a map of this scale can show."""
        return self._outlines[COARSE_M * FINENESS * px_per_m <= 1.0]

    def within(self, box_m: Box, smallest_m: float = 0.0) -> NDArray[np.int64]:
        """Return indices of the shapes that touch the box and are at least so large across, in drawing order."""
        if not len(self):  # most blocks of cameras have nothing of most kinds, and a tile asks them all
            return np.zeros(0, np.int64)
        (east_m, north_m), (west, south, east, north) = self._base, self._bounds_m.T
        asked = [np.float64(edge) for edge in (box_m[0] - east_m, box_m[1] - north_m, box_m[2] - east_m, box_m[3] - north_m)]
        touches = (west <= asked[2]) & (east >= asked[0]) & (south <= asked[3]) & (north >= asked[1])
        found: NDArray[np.int64] = np.flatnonzero(touches)
        if not smallest_m:
            return found
        size = self._bounds_m[found]
        is_large: NDArray[np.bool_] = np.maximum(size[:, 2] - size[:, 0], size[:, 3] - size[:, 1]) >= smallest_m
        return found[is_large]

    def path(
        self, chosen: NDArray[np.int64], origin_m: tuple[float, float], px_per_m: float, seen_m: Box | None = None
    ) -> QPainterPath:
        """Return the chosen shapes in pixels; the origin is the top left corner."""
        return next(self.paths(chosen, max(len(chosen), 1), origin_m, px_per_m, seen_m), QPainterPath())

    def paths(
        self,
        chosen: NDArray[np.int64],
        together: int,
        origin_m: tuple[float, float],
        px_per_m: float,
        seen_m: Box | None = None,
    ) -> Iterator[QPainterPath]:
        """Yield the chosen shapes in pixels, so many to a path; their points are looked up together.

        Of what goes on outside ``seen_m`` only so many points are kept that nothing inside is drawn otherwise, but for dashes.
        """
        at_once = together * max(1, AT_ONCE // together)
        for start in range(0, len(chosen), at_once):
            yield from self._paths(chosen[start : start + at_once], together, origin_m, px_per_m, seen_m)

    def _paths(
        self,
        chosen: NDArray[np.int64],
        together: int,
        origin_m: tuple[float, float],
        px_per_m: float,
        seen_m: Box | None,
    ) -> Iterator[QPainterPath]:
        lines = self._outlines_at(px_per_m)
        length = lines.starts[chosen + 1] - lines.starts[chosen]
        index = _runs(lines.starts[chosen], length)
        if not len(index):
            return
        (east_m, north_m), origin = self._base, (origin_m[0] - self._base[0], origin_m[1] - self._base[1])
        xy_m, first, ends = lines.xy_m[index].astype(np.float64), lines.first[index], np.cumsum(length)
        if seen_m is not None:
            west, south, east, north = seen_m
            kept = _bending(xy_m, first, (west - east_m, south - north_m, east - east_m, north - north_m))
            xy_m, first, ends = xy_m[kept], first[kept], np.append(0, np.cumsum(kept))[ends]
        yield from painter_paths(xy_m, first, ends[[*range(together - 1, len(length) - 1, together), -1]], origin, px_per_m)


@dataclass(frozen=True, eq=False, slots=True)
class _FlatOutlines:
    """All points of shapes, whether the pen is lifted before each, and where each shape starts; one more start ends the last."""

    xy_m: NDArray[np.floating]
    first: NDArray[np.bool_]
    starts: NDArray[np.int32]

    def of(self, rows: NDArray[np.int64]) -> "_FlatOutlines":
        """Return the outlines of some shapes."""
        length = self.starts[rows + 1] - self.starts[rows]
        index = _runs(self.starts[rows], length)
        return _FlatOutlines(self.xy_m[index], self.first[index], _ends(length))


def _flattened(parts: NDArray[np.object_], base: tuple[float, float]) -> _FlatOutlines:
    """Return the points of all parts in one array, counted from a base."""
    pieces = [_points_of(parts[low : low + ROWS_AT_ONCE]) for low in range(0, max(len(parts), 1), ROWS_AT_ONCE)]
    xy_m = np.concatenate([(xy - base).astype(_kind(base)) for xy, _, _ in pieces])
    count = [np.bincount(part, minlength=min(ROWS_AT_ONCE, len(parts) - n * ROWS_AT_ONCE)) for n, (*_, part) in enumerate(pieces)]
    return _FlatOutlines(xy_m, np.concatenate([first for _, first, _ in pieces]), _ends(np.concatenate(count)))


def _joined(several: Sequence[_FlatOutlines], xy_m: Sequence[NDArray[np.floating]], kind: type[np.floating]) -> _FlatOutlines:
    """Return the outlines of several as one, with points that are counted from one base."""
    length = np.concatenate([np.diff(each.starts) for each in several])
    first = np.concatenate([each.first for each in several])
    return _FlatOutlines(np.concatenate([each.astype(kind) for each in xy_m]), first, _ends(length))


def _in_two(fine: _FlatOutlines) -> tuple[_FlatOutlines, _FlatOutlines]:
    """Return outlines with all their points, and with fewer for small maps; the same where that would leave most of them."""
    kept = _distinguished(fine.xy_m, fine.first, COARSE_M)
    if kept.sum() > WORTH * len(kept):
        return fine, fine
    length = np.diff(np.append(0, np.cumsum(kept))[fine.starts])
    return fine, _FlatOutlines(fine.xy_m[kept], fine.first[kept], _ends(length))


def _ends(length: NDArray[np.integer]) -> NDArray[np.int32]:
    """Return where each run of points starts, and where the last one ends."""
    return np.append(0, np.cumsum(length)).astype(np.int32)


def _rounded_outward(bounds_m: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return boxes in half the bytes that hold the same boxes whole."""
    near = bounds_m.astype(np.float32)
    near[:, :2] = np.where(near[:, :2] > bounds_m[:, :2], np.nextafter(near[:, :2], np.float32(-np.inf)), near[:, :2])
    near[:, 2:] = np.where(near[:, 2:] < bounds_m[:, 2:], np.nextafter(near[:, 2:], np.float32(np.inf)), near[:, 2:])
    return near


def _kind(base: tuple[float, float]) -> type[np.floating]:
    """Return how many bytes a place takes that is counted from a base: at the origin it may lie anywhere."""
    return np.float64 if base == (0.0, 0.0) else np.float32


def _runs(starts: NDArray[np.int32], length: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the numbers from each start on, so many each."""
    return np.arange(int(length.sum())) + np.repeat(starts - np.cumsum(length) + length, length)


def _bending(xy_m: NDArray[np.float64], first: NDArray[np.bool_], seen_m: Box) -> NDArray[np.bool_]:
    """Return which points matter inside a box: of those that follow each other on one side of it the ends alone do."""
    west, south, east, north = seen_m
    side = np.zeros(len(xy_m), np.int8)
    for number, beyond in enumerate((xy_m[:, 1] > north, xy_m[:, 1] < south, xy_m[:, 0] > east, xy_m[:, 0] < west), 1):
        side[beyond] = number
    goes_on = (side[1:] == side[:-1]) & ~first[1:]
    matters = np.ones(len(xy_m), bool)
    matters[1:-1] = (side[1:-1] == 0) | ~(goes_on[1:] & goes_on[:-1])
    return matters


def _base_of(bounds: NDArray[np.float64]) -> tuple[float, float]:
    """Return the corner that points are kept from in half the bytes, to 4 mm; the origin where they spread too far for that."""
    if not len(bounds):
        return 0.0, 0.0
    west, south = (np.floor(bounds[:, :2].min(axis=0) / GRID_M) * GRID_M).tolist()
    east, north = bounds[:, 2:].max(axis=0).tolist()
    return (west, south) if max(east - west, north - south) < HALVED_M else (0.0, 0.0)


def _distinguished(xy_m: NDArray[np.floating], first: NDArray[np.bool_], least_m: float) -> NDArray[np.bool_]:
    """Return which points lie in another cell of that size than the point before; the ends of each line stay."""
    cell = (xy_m / least_m).astype(np.int32)
    kept = first.copy()
    for axis in (0, 1):
        kept[1:] |= cell[1:, axis] != cell[:-1, axis]
    kept[:-1] |= first[1:]
    kept[-1:] = True
    return kept


def _parts_of(geometry: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return the lines and areas that geometries are made of, holes against their shells, and which of them each is of."""
    parts, owner = shapely.get_parts(geometry, return_index=True)
    kept = ~shapely.is_empty(parts) & (shapely.get_type_id(parts) != 0)
    return shapely.orient_polygons(parts[kept]), owner[kept]


def _points_of(parts: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.bool_], NDArray[np.int64]]:
    """Return the points of parts, whether the pen is lifted before each, and the number of the part that each belongs to."""
    rings, part = _lines_of(parts)
    xy, ring = shapely.get_coordinates(rings, return_index=True)
    first = np.ones(len(ring), dtype=bool)
    first[1:] = ring[1:] != ring[:-1]
    return xy, first, part[ring] if len(ring) else np.zeros(0, dtype=np.int64)


def _lines_of(parts: NDArray[np.object_]) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Return all rings and lines with the index of the part that each belongs to, in order."""
    area = shapely.get_dimensions(parts) == 2
    rings, ring_of = shapely.get_rings(parts[area], return_index=True)
    index = np.concatenate([np.flatnonzero(area)[ring_of], np.flatnonzero(~area)])
    lines = np.concatenate([rings, parts[~area]])
    order = np.argsort(index, kind="stable")
    return lines[order], index[order]


def painter_path(
    xy_m: NDArray[np.float64], first: NDArray[np.bool_], origin_m: tuple[float, float], px_per_m: float
) -> QPainterPath:
    """Return a path through the points, lifting the pen before each first one.

    Parameters
    ----------
    xy_m : shape (N, 2).
    first : shape (N,).
    """
    return _streamed(_elements(xy_m, first, origin_m, px_per_m), int(np.flatnonzero(first)[-1]))


def painter_paths(
    xy_m: NDArray[np.float64], first: NDArray[np.bool_], ends: NDArray[np.int64], origin_m: tuple[float, float], px_per_m: float
) -> Iterator[QPainterPath]:
    """Yield a path through the points up to each end; those without any point are left out."""
    element, lifted = _elements(xy_m, first, origin_m, px_per_m), np.flatnonzero(first)
    last = lifted[np.searchsorted(lifted, ends) - 1]  # where the last line of each path begins
    begin = 0
    for end, start in zip(ends.tolist(), last.tolist(), strict=True):
        if end > begin:
            yield _streamed(element[begin:end], start - begin)
        begin = end


def _elements(
    xy_m: NDArray[np.float64], first: NDArray[np.bool_], origin_m: tuple[float, float], px_per_m: float
) -> NDArray[np.void]:
    element = np.empty(len(xy_m), dtype=_ELEMENT)
    element["type"] = np.where(first, 0, 1)
    element["x"] = (xy_m[:, 0] - origin_m[0]) * px_per_m
    element["y"] = (origin_m[1] - xy_m[:, 1]) * px_per_m
    return element


def _streamed(element: NDArray[np.void], start: int) -> QPainterPath:
    """Return the path of some elements, of which the last line begins at a start."""
    data = pack(">i", len(element)) + element.tobytes() + pack(">ii", start, Qt.FillRule.WindingFill.value)
    path = QPainterPath()
    stream = QDataStream(QByteArray(data))
    stream >> path
    return path


def geometry_path(geometry: BaseGeometry | None, origin_m: tuple[float, float], px_per_m: float) -> QPainterPath:
    """Return one geometry as a path in pixels."""
    if geometry is None or geometry.is_empty:
        return QPainterPath()
    shapes = Shapes([geometry])
    return shapes.path(np.arange(len(shapes)), origin_m, px_per_m)


def visible(geometry: BaseGeometry | None, radius_m: float) -> BaseGeometry | None:
    """Return a geometry that a pen can draw: points become rings of that radius."""
    is_point = geometry is not None and not geometry.is_empty and shapely.get_dimensions(geometry) == 0
    return shapely.buffer(geometry, radius_m) if is_point else geometry


def places_inside(places_m: Sequence[tuple[float, float]], corners: Sequence[tuple[float, float]]) -> list[int]:
    """Return the numbers of the places inside an outline; one that crosses itself has all that it goes round.

    >>> places_inside([(1.0, 1.0), (9.0, 1.0)], [(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)])
    [0]
    """
    area = shapely.union_all(shapely.polygonize([shapely.union_all([shapely.LinearRing(corners)])]))
    xy = np.asarray(places_m, dtype=float).reshape(-1, 2)
    return [int(i) for i in np.flatnonzero(shapely.intersects_xy(area, xy[:, 0], xy[:, 1]))]


def bounds_of(geometries: Iterable[BaseGeometry | None]) -> Box | None:
    """Return the box around all geometries that are there."""
    boxes = shapely.bounds(np.array([*geometries, None], dtype=object)[:-1]).reshape(-1, 4)
    boxes = boxes[~np.isnan(boxes).any(axis=1)]  # of what is not there or empty
    if not len(boxes):
        return None
    west, south = boxes[:, :2].min(axis=0).tolist()
    east, north = boxes[:, 2:].max(axis=0).tolist()
    return west, south, east, north
