"""What each camera can see of each class of protected place, graded, as one sighting a class and basis."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray, order_of
from lhasaplan.core.base.kept_shapes import Kept, as_kept, read_shape
from lhasaplan.core.base.progress import Progress, in_threads, no_progress
from lhasaplan.core.context.audit_context import ViewTable
from lhasaplan.core.demand.ground_in_view import NO_LINES
from lhasaplan.core.exposure.grading import (
    Key,
    Readings,
    ReadWalls,
    floor_px_m,
    frontage_metres,
    grade_of,
    group_numbers,
    highest,
    is_certain,
    key_of,
    opens,
    read_walls,
    view_numbers,
)
from lhasaplan.core.exposure.seen_walls import SeenWalls
from lhasaplan.core.model.camera import Placed, View
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.results.assessment import Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.core.sight.walls.piece_columns import BEST0, BEST1, FROM, HIGH0, HIGH1, LOW0, LOW1, TO

# Sectors of azimuth: from points to merged, padded pairs of bearings, clockwise.

Sectors = tuple[tuple[float, float], ...]
_WHOLE_DEG = 360.0 - 1e-9
ROUNDING_DEG = 1e-6  # a bearing this near to a whole degree is that degree
FULL_CIRCLE: Sectors = ((0.0, 360.0),)


def azimuth_deg(dx_m: FloatArray, dy_m: FloatArray) -> FloatArray:
    """Return bearings clockwise from grid north, 0 to 360, of offsets east and north."""
    return np.asarray(np.degrees(np.arctan2(dx_m, dy_m)) % 360.0, float)


def merge_by_group(
    group: IntArray, centre_deg: FloatArray, half_deg: FloatArray, count: int, gap_deg: float = 1.0
) -> list[Sectors]:
    """Return the union of the arcs of each of ``count`` groups as sectors; arcs nearer than ``gap_deg`` become one; arrays (N,).

    >>> merge_by_group(np.zeros(3, np.int64), np.array([350.0, 5.0, 90.0]), np.array([10.0, 5.0, 2.0]), 1)
    [((88.0, 92.0), (340.0, 10.0))]
    """
    start = (centre_deg - half_deg) % 360.0
    order = np.argsort(start)  # which of two arcs with one start comes first is all the same
    order = order[order_of(group[order])]
    group, low, end = group[order], start[order], (start + 2.0 * half_deg)[order]
    from lhasaplan.core.sight.compiled.small_kernels import joined  # noqa: PLC0415  (numba is loaded when it is first needed)

    first, high = joined(group, low, end, gap_deg)
    edges = np.searchsorted(group[first], np.arange(count + 1)).tolist()
    is_full = np.zeros(count, bool)
    is_full[group[end - low >= _WHOLE_DEG]] = True
    runs = np.column_stack((low[first], high)).tolist()
    return [
        FULL_CIRCLE if full else _closed(runs[a:b], gap_deg) if b > a else ()
        for a, b, full in zip(edges, edges[1:], is_full.tolist(), strict=False)
    ]


def _closed(runs: list[list[float]], gap_deg: float) -> Sectors:
    """Join runs that pass north onto the first ones and bring the ends back into the circle."""
    while len(runs) > 1 and runs[-1][1] - 360.0 >= runs[0][0] - gap_deg:
        first = runs.pop(0)
        runs[-1][1] = max(runs[-1][1], first[1] + 360.0)
    if runs[-1][1] - runs[-1][0] >= 360.0 - gap_deg:
        return FULL_CIRCLE
    return tuple((round(float(low % 360.0), 4), round(float(high % 360.0), 4)) for low, high in runs)


def padded(sectors: Sectors, pad_deg: float) -> Sectors:
    """Return the sectors grown by ``pad_deg`` at either end and out to whole degrees, merged where they meet.

    What outputs print in whole degrees is then the very mask that was tried.
    """
    if not sectors or sectors == FULL_CIRCLE:
        return sectors
    arcs = sorted((_grown(sector, pad_deg) for sector in sectors), key=lambda arc: arc[0])
    if any(end - low >= _WHOLE_DEG for low, end in arcs):
        return FULL_CIRCLE
    runs = [list(arcs[0])]
    for low, end in arcs[1:]:
        if low > runs[-1][1]:
            runs.append([low, end])
        runs[-1][1] = max(runs[-1][1], end)
    return _closed(runs, 0.0)


def _grown(sector: tuple[float, float], pad_deg: float) -> tuple[float, float]:
    """Return where a sector begins and how far round it goes, grown at either end, in whole degrees."""
    half = width_deg(sector) / 2.0
    grown = min(half + pad_deg, 180.0)
    low = ((sector[0] + half) % 360.0 - grown) % 360.0
    start = math.floor(low + ROUNDING_DEG)
    return start, min(math.ceil(low + 2.0 * grown - ROUNDING_DEG), start + 360.0)


def width_deg(sector: tuple[float, float]) -> float:
    """Return how many degrees a sector covers, clockwise from its first to its second bearing."""
    start, end = sector
    return 360.0 if end - start >= 360.0 else (end - start) % 360.0


def turned(sectors: Sectors, by_deg: float) -> Sectors:
    """Return the sectors turned clockwise, for example from grid to true north."""
    if sectors == FULL_CIRCLE:
        return sectors
    return tuple((round((low + by_deg) % 360.0, 4), round((high + by_deg) % 360.0, 4)) for low, high in sectors)


# Where the walls and ground in view lie: in which sectors, and drawn; all views at once.
_MEETS_M = 1e-3
_APART_M = 1e4
_WKB_LINE, _WKB_LINES = 2, 5  # well-known binary, as OGC 06-103r4 section 8.2 has it; order 1 is little-endian
_HEAD = np.dtype([("order", "u1"), ("type", "<u4"), ("lines", "<u4")])
_LINE = np.dtype([("order", "u1"), ("type", "<u4"), ("points", "<u4"), ("xy", "<f8", 4)])


def seen_sectors(
    seen: SeenWalls, group: IntArray, ground_group: IntArray, lens_xy_m: FloatArray, convergence_deg: FloatArray
) -> list[Sectors]:
    """Return the true azimuths, clockwise pairs, in which each group's pieces and ground lie as the lens meets them.

    Parameters
    ----------
    group, ground_group : shape (N,), (G,); which group each belongs to.
    lens_xy_m, convergence_deg : shape (count, 2), (count,); of each group's camera.
    """
    opening, along_m = _stretches(seen)
    owner = [group[opening]]
    start, way = seen.walls.lines_of(seen.wall[opening])
    ends = [start[:, None, :] + way[:, None, :] * along_m[:, :, None] - lens_xy_m[owner[0]][:, None, :]]
    ring, of_ring = shapely.get_coordinates(seen.ground.shape, return_index=True)
    if len(ring):  # every edge of an outline is an arc; the ground between them lies within
        same = np.flatnonzero(of_ring[1:] == of_ring[:-1])
        its = ground_group[of_ring[same]]
        ends.append(np.stack([ring[same], ring[same + 1]], axis=1) - lens_xy_m[its][:, None, :])
        owner.append(its)
    pairs, number = np.concatenate(ends), np.concatenate(owner)
    first, last = (azimuth_deg(pairs[:, k, 0], pairs[:, k, 1]) for k in (0, 1))
    turn = (last - first + 180.0) % 360.0 - 180.0
    merged = merge_by_group(number, (first + turn / 2.0) % 360.0, np.abs(turn) / 2.0, len(lens_xy_m))
    return [turned(each, by) for each, by in zip(merged, convergence_deg.tolist(), strict=True)]


def _stretches(seen: SeenWalls) -> tuple[IntArray, FloatArray]:
    """Return the first piece of each stretch of pieces that follow each other on a wall, (S,), and its two ends, (S, 2).

    Where one piece ends and the next begins no sector does: cities have several times as many pieces as stretches.
    """
    along = seen.figure[:, [FROM, TO]]
    is_first = opens(seen.look, seen.wall)
    is_first[1:] |= along[1:, 0] > along[:-1, 1]
    first = np.flatnonzero(is_first)
    if not len(first):
        return first, along
    return first, np.column_stack((np.minimum.reduceat(along[:, 0], first), np.maximum.reduceat(along[:, 1], first)))


@dataclass(frozen=True, eq=False, slots=True)
class PackedLines(Kept):
    """A MultiLineString that is held as the ends of its lines, shape (n, 2, 2): as shapes a city's take six times as much.

    ``heights_m``, float32 of shape (n, 2), says from which to which height above the datum the wall along a line is in view.
    """

    ends_m: FloatArray
    heights_m: NDArray[np.float32]

    def read(self) -> BaseGeometry:
        """Return the lines; read from bytes, for to make one alone costs as much as to read three."""
        return shapely.from_wkb(self.wkb())

    def wkb(self) -> bytes:
        """Return the lines as well-known binary."""
        lines = np.empty(len(self.ends_m), _LINE)
        lines["order"], lines["type"], lines["points"], lines["xy"] = 1, _WKB_LINE, 2, self.ends_m.reshape(-1, 4)
        return np.array((1, _WKB_LINES, len(lines)), _HEAD).tobytes() + lines.tobytes()


def seen_lines(seen: SeenWalls, group: IntArray, floor_px_m: FloatArray) -> ObjectArray:
    """Return the frontage that each group shows as one MultiLineString, packed: a line for each run along a wall.

    The lines are as long as the frontage that is told. Places where people hide are left out: a line before a refuge would lead
    to it (docs/protected-places.md).

    Parameters
    ----------
    group : shape (N,); which group each piece belongs to.
    floor_px_m : shape (count,); the density from which frontage of the group counts.
    """
    along = _at_density(seen, floor_px_m[group])
    keep = np.flatnonzero(~seen.walls.hide_people[seen.place] & (along[:, 1] > along[:, 0]))
    low0, low1, high0, high1 = (seen.figure[keep, which] for which in (LOW0, LOW1, HIGH0, HIGH1))
    heights = np.column_stack((np.minimum(low0, low1), np.maximum(high0, high1)))
    lines, heights, owner = _runs(seen, group[keep], seen.wall[keep], along[keep], heights)
    found = np.full(len(floor_px_m), NO_LINES, object)
    start = np.flatnonzero(opens(owner))
    cuts = [*start.tolist(), len(lines)]
    for which, low, high in zip(owner[start].tolist(), cuts, cuts[1:], strict=False):
        found[which] = PackedLines(lines[low:high], heights[low:high].astype(np.float32))
    return found


def walls_in_view(sighting: Sighting) -> Iterator[tuple[Severity | None, FloatArray, FloatArray]]:
    """Give the walls in view by grade, the milder first: ends of pieces, (n, 2, 2), and from which to which height, (n, 2).

    Heights are above the datum; of frontage of which lines alone are known they are endless.
    """
    for grade, name in sighting.frontage_by_grade():
        kept = as_kept(sighting, name)
        if isinstance(kept, PackedLines):
            yield grade, kept.ends_m, np.asarray(kept.heights_m, float)
        elif (shape := read_shape(kept) if kept is not None else None) is not None and not shape.is_empty:
            xy, line = shapely.get_coordinates(shapely.get_parts(shape), return_index=True)
            on = np.flatnonzero(line[1:] == line[:-1])
            yield grade, np.stack((xy[on], xy[on + 1]), axis=1), np.tile((-math.inf, math.inf), (len(on), 1))


def seen_areas(seen: SeenWalls, group: IntArray, count: int) -> list[BaseGeometry | None]:
    """Return the open ground that each of ``count`` groups shows, without places where people hide; None where there is none."""
    reported = ~seen.walls.hide_people[seen.ground.place]
    return [shapely.union_all(some) if len(some := seen.ground.shape[reported & (group == g)]) else None for g in range(count)]


def _at_density(seen: SeenWalls, floor_px_m: FloatArray) -> FloatArray:
    """Return from where to where along its wall each piece has a density or a better one; its inverse runs evenly."""
    first, last = seen.figure[:, [FROM, TO]].T
    at0, at1 = 1.0 / np.maximum(seen.figure[:, [BEST0, BEST1]].T, 1e-9)
    limit = 1.0 / floor_px_m
    with np.errstate(divide="ignore", invalid="ignore"):
        cut = first + (last - first) * np.clip((limit - at0) / (at1 - at0), 0.0, 1.0)
    low = np.where(at0 <= limit, first, np.where(at1 <= limit, cut, last))
    high = np.where(at1 <= limit, last, np.where(at0 <= limit, cut, first))
    return np.column_stack((low, high))


def _runs(
    seen: SeenWalls, group: IntArray, wall: IntArray, along_m: FloatArray, heights_m: FloatArray
) -> tuple[FloatArray, FloatArray, IntArray]:
    """Return lines, shape (n, 2, 2), the lowest and highest point in view along each, shape (n, 2), and their groups.

    A line joins the pieces of a group on one wall of which none begins beyond those before.
    """
    if not len(group):
        return np.zeros((0, 2, 2)), np.zeros((0, 2)), np.zeros(0, np.int64)
    order = np.argsort(along_m[:, 0])  # pieces that begin together may come in any order
    order = order[order_of(group[order], wall[order])]
    group, wall, along, heights = group[order], wall[order], along_m[order], heights_m[order]
    is_other = opens(group, wall)
    shift = np.cumsum(is_other) * _APART_M  # pieces of different walls never meet
    reach = np.maximum.accumulate(along[:, 1] + shift)
    is_first = np.full(len(group), True)
    is_first[1:] = along[1:, 0] + shift[1:] > reach[:-1] + _MEETS_M
    first = np.flatnonzero(is_first)
    last = np.maximum.reduceat(along[:, 1], first)
    start, way = seen.walls.lines_of(wall[first])
    ends = np.stack([start + way * along[first, 0][:, None], start + way * last[:, None]], axis=1)
    reached = np.column_stack((np.minimum.reduceat(heights[:, 0], first), np.maximum.reduceat(heights[:, 1], first)))
    return ends, reached, group[first]


STEP = "protected"
_GRADES = tuple(Severity)
_MOST = {ProtectedClass.USE_UNKNOWN: 0, ProtectedClass.DWELLING_LIKELY: 1}  # the gravest that a class may reach


def sightings_of(
    seen: SeenWalls,
    view_table: ViewTable,
    *,
    placed: tuple[Placed, ...],
    thresholds: Thresholds,
    progress: Progress = no_progress,
    read: Sequence[ReadWalls] | None = None,
) -> Mapping[Key, Sighting]:
    """Return the sightings that seen walls and ground add up to, keyed by index into ``placed``, class and basis.

    ``read`` are the readings of what is seen, where it was read before.
    """

    def sight(some: ReadWalls) -> dict[Key, Sighting]:
        return _sightings(some, view_table, placed=placed, thresholds=thresholds)

    known = read_walls(seen, thresholds) if read is None else read
    pieces = in_threads(sight, known, lambda share, _: progress(share, STEP))
    return {key: sighting for piece in pieces for key, sighting in piece.items()}


def _sightings(
    read: ReadWalls, view_table: ViewTable, *, placed: tuple[Placed, ...], thresholds: Thresholds
) -> dict[Key, Sighting]:
    seen, readings = read.counted, read.readings
    if not len(readings.place):  # less than a metre of every place
        return {}
    cls = seen.walls.class_numbers
    number, group = np.unique(group_numbers(readings.camera, cls[readings.place], readings.case), return_inverse=True)
    keys = [key_of(value) for value in number.tolist()]
    top = highest(group, readings.density_px_m, len(keys)).tolist()
    pieces, ground = view_numbers(seen)
    row, row_ground = np.searchsorted(number, pieces), np.searchsorted(number, ground)
    fewest = _lowest(seen, readings, group, row, view_table.views, len(keys)).tolist()
    low = [px_m if is_certain(key) else min(least, px_m) for key, px_m, least in zip(keys, top, fewest, strict=True)]
    grades = [
        grade_of(px_m, thresholds, key[1]) if is_certain(key) else Severity.NOTE for key, px_m in zip(keys, top, strict=True)
    ]
    own = _frontage_grades(readings, group, keys, thresholds)
    floors = np.array([floor_px_m(grade, thresholds) for grade in own])
    note = np.full(len(keys), thresholds.note_px_m)
    in_view, lines = frontage_metres(seen, row, len(keys), note), seen_lines(seen, row, note)
    lengths, at_grade = in_view.copy(), lines.copy()
    graver = np.flatnonzero(floors > thresholds.note_px_m)
    if len(graver):
        some = (floors > thresholds.note_px_m)[row]
        lengths[graver] = frontage_metres(seen, np.where(some, row, -1), len(keys), floors)[graver]
        at_grade[graver] = seen_lines(seen.where(some), row[some], floors)[graver]
    places = _places_by_grade(readings, group, keys, thresholds)
    lens = np.array([(placed[camera].views[0].x_m, placed[camera].views[0].y_m) for camera, _, _ in keys])
    sectors = seen_sectors(seen, row, row_ground, lens, view_table.convergence_deg[[camera for camera, _, _ in keys]])
    areas = seen_areas(seen, row_ground, len(keys))
    return {
        key: Sighting(
            camera_id=placed[key[0]].camera.camera_id,
            cls=key[1],
            basis=key[2],
            grade=grades[g],
            grade_high=None if is_certain(key) else grade_of(top[g], thresholds, key[1]),
            grade_low=None if is_certain(key) else grade_of(low[g], thresholds, key[1]),
            density_px_m=(low[g], top[g]),
            frontage_m=float(lengths[g]),
            places=sum(places[g].values()),
            sector_deg=sectors[g],
            geometry=lines[g],
            mitigation=None,
            places_by_grade=places[g],
            open_ground=areas[g],
            in_view_m=float(in_view[g]),
            at_grade=at_grade[g],
            frontage_grade=own[g],
        )
        for g, key in enumerate(keys)
    }


def _lowest(  # noqa: PLR0917 - what is seen, how it is read and grouped, who sees it
    seen: SeenWalls, readings: Readings, group: IntArray, row: IntArray, views: Sequence[View], count: int
) -> FloatArray:
    """Return the lowest density at which any piece or ground of each group may be seen; ``row`` is the group of each piece.

    0 where the camera may have none of it in view: where its direction, tilt, height or angle is not known.
    """
    least, surely = np.full(count, np.inf), np.array([is_aimed(view) for view in views], bool)
    np.minimum.at(least, row, np.where(surely[seen.look % len(views)], seen.least_px_m, 0.0))
    ground = readings.is_ground
    low = np.where(surely[readings.look[ground] % len(views)], readings.density_px_m[ground], 0.0)
    np.minimum.at(least, group[ground], low)
    return least


def is_aimed(view: View) -> bool:
    """Tell whether what a view can see is known, whatever its pixels: direction, tilt, height and angle are each one value."""
    is_held = view.swing_deg == 0.0 and view.tilt_swing_deg == 0.0
    return is_held and view.narrowest_hfov_deg is None and view.lowest_lens_z_m is None


def _frontage_grades(readings: Readings, group: IntArray, keys: Sequence[Key], thresholds: Thresholds) -> list[Severity | None]:
    """Return the grade of each group's frontage alone, whatever open ground has; None without any frontage."""
    front = ~readings.is_ground
    sharpest = highest(group[front], readings.density_px_m[front], len(keys))
    return [
        grade_of(px_m, thresholds, key[1]) if is_certain(key) else Severity.NOTE
        for key, px_m in zip(keys, sharpest.tolist(), strict=True)
    ]


def _places_by_grade(readings: Readings, group: IntArray, keys: Sequence[Key], thresholds: Thresholds) -> list[dict[str, int]]:
    """Return how many places each group shows at each grade, each place at its sharpest."""
    step = int(readings.place.max(initial=0)) + 1
    pair, which = np.unique(group * step + readings.place, return_inverse=True)
    top = highest(which, readings.density_px_m, len(pair))
    most = np.array([_MOST.get(key[1], len(_GRADES) - 1) for key in keys], np.int64)
    rank = (top > thresholds.due_px_m).astype(np.int64) + (top > thresholds.error_px_m)
    rank = np.minimum(rank, most[pair // step])
    table = np.bincount(pair // step * len(_GRADES) + rank, minlength=len(keys) * len(_GRADES)).reshape(-1, len(_GRADES))
    return [{str(_GRADES[k]): row[k] for k in range(len(_GRADES)) if row[k]} for row in table.tolist()]
