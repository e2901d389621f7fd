"""Call the sight line kernels: views and points go in as plain arrays, seen pairs and blockers come back."""

import math
from collections.abc import Sequence
from itertools import chain, pairwise
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, batches
from lhasaplan.core.base.progress import STEP, Progress, in_threads, no_progress
from lhasaplan.core.model.camera import View, ViewColumns
from lhasaplan.core.sight.compiled.compilation import an_int, inner, kernel
from lhasaplan.core.sight.compiled.directions import diamond
from lhasaplan.core.sight.lens.frustum import columns_of
from lhasaplan.core.sight.lens.masks import pixel_masks_apply, pixels_at, sweep_deg
from lhasaplan.core.sight.lens.true_picture import Fleet, fleet_of, widest_bearings_deg
from lhasaplan.core.sight.lines.points import (
    ON_WALL_M,
    PointPairs,
    PointsShown,
    line_to,
    part_blocks,
    see_points,
    share_at_height,
)
from lhasaplan.core.sight.obstacles.building_index import Neighbours, Targets, TownIndex, neighbours, sort_targets
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.relief_lines import clearing_height, ground_share
from lhasaplan.core.sight.obstacles.scene import NO_WALL, Scene, wall_before
from lhasaplan.core.sight.sweep.engine import WALLS_AT_FIRST, lens_rows
from lhasaplan.core.sight.sweep.near_to_far import PARTS, Lens, Occlusion, gather
from lhasaplan.core.sight.sweep.scratch_arrays import lent_scratch

# Find what blocks a sight line first, and the height from which a hidden target would be seen.

# ruff: noqa: PLR0917  (kernels take plain numbers)


ANY_HEIGHT_M = 1e9
SLIT = 1e-4  # half width, in radians, of the sector around one sight line
MOST_LIFTS = 200
LIFT_M = 1e-3
CLEAR, GROUND = -1, -2  # in place of a building: nothing hides the point, or the ground does


@inner
def _lens_along(row: FloatArray, x: float, y: float, z: float, high: float) -> Lens:
    """Return the lens looking along one line only, for targets from z to high."""
    dx, dy = x - row[0], y - row[1]
    length = max(math.sqrt(dx * dx + dy * dy), ON_WALL_M)
    cos_half, sin_half = math.cos(SLIT), math.sin(SLIT)
    last = diamond(cos_half, sin_half)
    return Lens(
        row[0], row[1], row[2], z, high, length + ON_WALL_M, dx / length, dy / length, cos_half, sin_half, last,
        int(row[6]), row[5] < 0.0,
    )  # fmt: skip


@inner
def _crossings(k: int, lens: Lens, x: float, y: float, after: float, town: TownIndex) -> tuple[float, float, bool]:
    """Return the first and last share of the way after ``after`` at which walls are crossed, and whether it ends inside.

    The first is the start itself when the line is inside the footprint there.
    """
    dx, dy = x - lens.x, y - lens.y
    first, last, starts_inside, ends_inside = 2.0, 0.0, False, False
    for ring in range(town.part_ring[k], town.part_ring[k + 1]):
        start, end = town.ring_start[ring], town.ring_start[ring + 1]
        px, py = town.corner[end - 1, 0] - lens.x, town.corner[end - 1, 1] - lens.y
        side_p = dx * py - dy * px
        for v in range(start, end):
            qx, qy = town.corner[v, 0] - lens.x, town.corner[v, 1] - lens.y
            side_q = dx * qy - dy * qx
            if (side_p > 0.0) != (side_q > 0.0):
                t = (px * qy - py * qx) / (side_q - side_p)
                if t > after:
                    starts_inside = not starts_inside
                    first = min(first, t)
                    last = max(last, t) if t < 1.0 else last
                if t > 1.0:
                    ends_inside = not ends_inside
            px, py, side_p = qx, qy, side_q
    return (after if starts_inside else first), last, ends_inside


@inner
def _first_share(k: int, lens: Lens, x: float, y: float, z: float, town: TownIndex) -> float:
    """Return the share of the way at which a blocking part is met."""
    length = math.sqrt((x - lens.x) ** 2 + (y - lens.y) ** 2)
    t0, _ = share_at_height(lens.z, z - lens.z, town.part[k, 3], town.part[k, 4])
    first, _, _ = _crossings(k, lens, x, y, t0 + ON_WALL_M / length, town)
    return first


@inner
def _clearing_height(k: int, lens: Lens, x: float, y: float, town: TownIndex) -> float:
    """Return the height of a target above which the line passes over a part's roof."""
    top = town.part[k, 4]
    first, last, ends_inside = _crossings(k, lens, x, y, 0.0, town)
    far = 1.0 if ends_inside else last
    return float(max(lens.z + (top - lens.z) / max(first, 1e-9), lens.z + (top - lens.z) / max(far, 1e-9)))


@inner
def _nearest(lens: Lens, x: float, y: float, z: float, count: int, town: TownIndex, s: Occlusion) -> tuple[int, float]:
    """Return the part that cuts the line first, -1 if none does, and at which share of the way."""
    best, nearest = an_int(-1), 2.0
    line = line_to(lens.x, lens.y, lens.z, x - lens.x, y - lens.y, z - lens.z)
    for i in range(count):
        k = s.part[i]
        if part_blocks(k, line, town):
            t = _first_share(k, lens, x, y, z, town)
            if t < nearest or best < 0:
                best, nearest = k, t
    return best, nearest


@inner
def _free_height(lens: Lens, x: float, y: float, z: float, count: int, town: TownIndex, relief: Relief, s: Occlusion) -> float:
    """Return the lowest height from z up at which a target would be seen; infinite above a lens that is walled in."""
    for _ in range(MOST_LIFTS):
        k, _ = _nearest(lens, x, y, z, count, town, s)
        if k >= 0:
            z = max(z, _clearing_height(k, lens, x, y, town)) + LIFT_M
        elif ground_share(relief, lens.x, lens.y, lens.z, x, y, z) <= 1.0:
            z = max(z, clearing_height(relief, lens.x, lens.y, lens.z, x, y)) + LIFT_M
        else:
            return z
        if z > ANY_HEIGHT_M:
            break
    return math.inf


@kernel
def find_blockers(
    row: FloatArray,
    xyz: FloatArray,
    town: TownIndex,
    relief: Relief,
    near: Neighbours,
    s: Occlusion,
    building: IntArray,
    free: FloatArray,
) -> bool:
    """Write, per point, the building that hides it first (CLEAR or GROUND if none) and the height to be seen from.

    Returns False if the scratch is too short.
    """
    for p in range(len(xyz)):
        x, y, z = xyz[p, 0], xyz[p, 1], xyz[p, 2]
        lens = _lens_along(row, x, y, z, ANY_HEIGHT_M)
        found = gather(lens, town, near, an_int(PARTS), s)
        if found.number < 0:
            return False
        k, share = _nearest(lens, x, y, z, found.number, town, s)
        building[p], free[p] = (town.building[k] if k >= 0 else CLEAR), z
        if ground_share(relief, lens.x, lens.y, lens.z, x, y, z) <= min(share, 1.0):
            building[p] = GROUND
        if building[p] != CLEAR:
            free[p] = _free_height(lens, x, y, z, found.number, town, relief, s)
    return True


# Which pairs of view and point masks and indoor walls hide, all pairs at once; only views that have them are asked.
Pairs = tuple[IntArray, IntArray]  # view, point
Way = tuple[FloatArray, FloatArray, FloatArray]  # east, north and down from the lens


def hidden_pairs(views: Sequence[View], columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs, scene: Scene) -> BoolArray:
    """Return which pairs a mask hides, or the walls around an indoor lens."""
    hidden = np.zeros(len(pairs[0]), bool)
    _hide_by_sectors(views, columns, xyz_m, pairs, hidden)
    _hide_by_pictures(views, columns, xyz_m, pairs, hidden)
    _hide_outdoors(columns, xyz_m, pairs, scene, hidden)
    if len(scene.floor):
        _hide_behind_walls(views, columns, xyz_m, pairs, scene, hidden)
    return hidden


def _hide_by_sectors(views: Sequence[View], columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs, hidden: BoolArray) -> None:
    """Hide the pairs in masks by compass."""
    masked = [(k, first, sweep_deg(first, last)) for k, view in enumerate(views) for first, last in view.mask_sector_deg]
    if not masked:
        return
    owner, first, sweep = np.array(masked).T
    pair, sector = _joined(pairs[0], owner.astype(np.int64), len(views))
    dx, dy, _ = _ways(columns, xyz_m, (pairs[0][pair], pairs[1][pair]))
    into = (np.degrees(np.arctan2(dx, dy)) - first[sector]) % 360.0
    hidden[pair[into <= sweep[sector]]] = True


def _hide_by_pictures(views: Sequence[View], columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs, hidden: BoolArray) -> None:
    """Hide the pairs in masks drawn in the picture."""
    masked = [k for k, view in enumerate(views) if view.mask_px and pixel_masks_apply(view)]
    if not masked:
        return
    owner = np.repeat(masked, [len(views[k].mask_px) for k in masked])
    masks = _polygons([ring for k in masked for ring in views[k].mask_px])
    pair, mask = _joined(pairs[0], owner, len(views))
    view, point = pairs[0][pair], pairs[1][pair]
    u, v = pixels_at(columns.of(view), *_ways(columns, xyz_m, (view, point)))
    hidden[pair[shapely.intersects_xy(masks[mask], u, v)]] = True


def _hide_outdoors(columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs, scene: Scene, hidden: BoolArray) -> None:
    """Hide what is not inside an indoor lens's own footprint."""
    pair = np.flatnonzero(columns.skipped[pairs[0]] >= 0)
    if len(pair):
        around = scene.buildings.polygons[columns.skipped[pairs[0][pair]]]
        x, y = xyz_m[pairs[1][pair], :2].T
        hidden[pair[~shapely.intersects_xy(around, x, y)]] = True


def _hide_behind_walls(
    views: Sequence[View], columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs, scene: Scene, hidden: BoolArray
) -> None:
    """Hide what stands behind walls of floor plans from indoor lenses."""
    indoors = np.flatnonzero((columns.skipped[pairs[0]] >= 0) & ~hidden)
    for view in np.unique(pairs[0][indoors]).tolist():
        mine = indoors[pairs[0][indoors] == view]
        hidden[mine] = wall_before(views[view], xyz_m[pairs[1][mine]], scene) != NO_WALL


def _joined(view: IntArray, owner: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """Return each pair with each mask of its view, as the numbers of pairs and of masks; masks are in order of views."""
    start = np.searchsorted(owner, np.arange(count + 1))
    masks = np.diff(start)[view]
    pair = np.repeat(np.arange(len(view)), masks)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(masks) - masks, masks)
    return pair, start[view[pair]] + nth


def _polygons(rings: Sequence[Sequence[tuple[float, float]]]) -> ObjectArray:
    """Return rings as polygons."""
    corner = np.fromiter(chain.from_iterable(chain.from_iterable(rings)), float).reshape(-1, 2)
    whose = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    return np.asarray(shapely.polygons(shapely.linearrings(corner, indices=whose)), object)


def _ways(columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs) -> Way:
    """Return the ways from lenses to points."""
    view, point = pairs
    x, y, z = xyz_m[point].T
    return x - columns.x_m[view], y - columns.y_m[view], columns.lens_z_m[view] - z


PAIRS_AT_FIRST = 4096


class _Question(NamedTuple):
    """All that the views of a job are asked about, as the kernel takes it."""

    fleet: Fleet
    town: TownIndex
    relief: Relief
    near: Neighbours
    targets: Targets


def seen_pairs(columns: ViewColumns, xyz_m: FloatArray, scene: Scene, progress: Progress) -> PointPairs:
    """Return all pairs within picture and range that nothing hides, with their density; masks are not asked."""
    if not len(columns.x_m) or not len(xyz_m):
        return _sight_lines_joined([])
    progress(0.0, STEP)
    return pairs_with(columns, sort_targets(xyz_m), scene, progress)


def pairs_with(columns: ViewColumns, targets: Targets, scene: Scene, progress: Progress) -> PointPairs:
    """Return ``seen_pairs`` of at least one view and points that were sorted before."""
    near = neighbours(float(columns.range_m.max()) + scene.index.widest + 2.0)
    progress(0.0, STEP)
    question = _Question(fleet_of(columns), scene.index, scene.relief, near, targets)
    jobs = batches(question.fleet.place)
    found = in_threads(lambda batch: _see_batch(batch, question), jobs, progress)
    return _sight_lines_joined([pairs for some in found for pairs in some])


def _see_batch(batch: IntArray, question: _Question) -> list[PointPairs]:
    """Return the seen pairs of one batch; scratch and output grow until they suffice."""
    size, found, first = PAIRS_AT_FIRST, [], 0
    out, shown = _room(size)
    with lent_scratch() as scratch:
        while first < len(batch):
            reached, count = see_points(batch, first, *question, scratch.occlusion(size), shown, out)
            if reached == first:
                size *= 2
                out, shown = _room(size)
            if count:
                found.append(PointPairs(out.views[:count].copy(), out.points[:count].copy(), out.density[:count].copy()))
            first = reached
    return found


def _room(size: int) -> tuple[PointPairs, PointsShown]:
    """Return room for so many pairs, and for as many points in one view's picture."""
    pairs = PointPairs(np.empty(size, np.int64), np.empty(size, np.int64), np.empty(size))
    return pairs, PointsShown(np.empty(size, np.int64), np.empty((size, 3)), np.empty(size, np.int64))


def _sight_lines_joined(found: Sequence[PointPairs]) -> PointPairs:
    """Return the pairs of all batches."""
    none = PointPairs(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0))
    return PointPairs(*(np.concatenate(column) for column in zip(none, *found, strict=True)))


def blockers_of(view: View, xyz_m: FloatArray, scene: Scene) -> tuple[IntArray, FloatArray]:
    """Return, per point, what hides it first (a building, CLEAR or GROUND) and the height from which it would be seen."""
    building, free = np.empty(len(xyz_m), np.int64), np.empty(len(xyz_m))
    columns, town = columns_of([view]), scene.index
    row = lens_rows(columns)[0]
    row[5] = math.radians(widest_bearings_deg(columns)[0])
    away = np.hypot(xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m)
    near, size = neighbours(float(away.max(initial=0.0)) + town.widest + 2.0), WALLS_AT_FIRST
    with lent_scratch() as scratch:
        while not find_blockers(row, xyz_m, town, scene.relief, near, scratch.occlusion(size), building, free):
            size *= 2
    return building, free


# Densities of a few views at fixed points, as columns of a matrix; the points are sorted once for all changes.
Seen = tuple[IntArray, FloatArray]


def seen_columns(views: Sequence[View], xyz_m: FloatArray, targets: Targets, scene: Scene) -> list[Seen]:
    """Return, for each view, the points that it sees, ascending, and their densities in px/m, after masks.

    Parameters
    ----------
    xyz_m : shape (P, 3).
    targets : the same points, sorted by :func:`lhasaplan.core.sight.obstacles.building_index.sort_targets`.
    """
    pass

    if not views:
        return []
    columns = columns_of(views)
    seen = pairs_with(columns, targets, scene, no_progress)
    shown = np.flatnonzero(~hidden_pairs(views, columns, xyz_m, (seen.views, seen.points), scene))
    shown = shown[np.lexsort((seen.points[shown], seen.views[shown]))]
    points, density = seen.points[shown], seen.density[shown]
    ends = np.searchsorted(seen.views[shown], np.arange(len(views) + 1)).tolist()
    return [(points[a:b], density[a:b]) for a, b in pairwise(ends)]
