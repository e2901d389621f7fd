"""Call the sweep kernels: views go in as plain arrays, polygons come back; in threads, with progress and cancel."""

import math
from collections.abc import Callable, Sequence

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, batches, in_columns
from lhasaplan.core.base.progress import Progress, in_threads, no_progress, paused
from lhasaplan.core.model.camera import Field, View, ViewColumns
from lhasaplan.core.sight.lens.frustum import (
    columns_of,
    edges_deg,
    focal_lengths_px,
    half_widths_deg,
)
from lhasaplan.core.sight.lens.masks import STEEPEST, Samples, first_of_each, nowhere, outlines_of, pixel_masks_apply
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex, neighbours
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.sweep.fields import fields_of_swept, fields_over_relief
from lhasaplan.core.sight.sweep.near_to_far import FULL
from lhasaplan.core.sight.sweep.polygons import Swept, SweptRings
from lhasaplan.core.sight.sweep.relief_sweep import sweep_views_over
from lhasaplan.core.sight.sweep.rotational_sweep import LEAST_DROP_M, Hidden, Rings, sweep_views
from lhasaplan.core.sight.sweep.scratch_arrays import Scratch, lent_scratch

# Limits of pictures and masks on a plane, for all views at once: circles, sectors and rings for the sweep.
#
# The plain method, one view at a time, is ``mask.masked_ground``.

FAR = 20.0  # ranges: rays that never reach the plane are followed so far
BESIDE_M = 1e-6  # an edge closer to the lens's foot than this is moved aside: the foot is on one side of each edge


def nothing_hidden(count: int) -> Hidden:
    """Return that nothing is left out, for so many views."""
    none = np.zeros(count + 1, np.int64)
    return Hidden(np.zeros(count), np.empty((0, 4)), none, np.empty((0, 2)), np.zeros(1, np.int64), none)


def hidden_on_plane(views: Sequence[View], columns: ViewColumns, nearest_m: FloatArray, plane_m: float) -> Hidden:
    """Return blind zones (radius, shape (V,)), masks by compass and masks of the picture on the plane.

    ``columns`` are those of the views.
    """
    sector, sector_view = _sectors(views)
    xy, ring_start, ring_view = _rings(views, columns, plane_m)
    of_view = np.arange(len(views) + 1)
    return Hidden(
        nearest_m,
        sector,
        np.searchsorted(sector_view, of_view).astype(np.int64),
        xy,
        ring_start,
        np.searchsorted(ring_view, of_view).astype(np.int64),
    )


def is_all_masked(view: View) -> bool:
    """Return whether a mask by compass takes the whole circle: equal azimuths mean that."""
    return any((last - first) % 360.0 == 0.0 for first, last in view.mask_sector_deg)


def _sectors(views: Sequence[View]) -> tuple[FloatArray, IntArray]:
    """Return the borders of masks by compass in their views' frames, and their views."""
    masked = [
        (k, view.azimuth_deg, *ends) for k, view in enumerate(views) if view.mask_sector_deg for ends in view.mask_sector_deg
    ]
    number, azimuth, first, last = np.array(masked, float).reshape(-1, 4).T
    start, end = np.radians(azimuth - last), np.radians(azimuth - first)
    return np.column_stack((np.cos(start), np.sin(start), np.cos(end), np.sin(end))), number.astype(np.int64)


def _rings(views: Sequence[View], columns: ViewColumns, plane_m: float) -> tuple[FloatArray, IntArray, IntArray]:
    """Return the corners of masks on the plane relative to the lens, where each ring starts, and the rings' views."""
    drawn = [(k, ring) for k, view in enumerate(views) if view.mask_px and pixel_masks_apply(view) for ring in view.mask_px]
    samples = outlines_of([k for k, _ in drawn], [ring for _, ring in drawn], views, (columns, plane_m)) if drawn else nowhere()
    if not len(samples.ring):
        return np.empty((0, 2)), np.zeros(1, np.int64), np.empty(0, np.int64)
    ground, start = _on_plane(samples, columns, plane_m)
    return _beside_foot(ground, start), start, samples.view[first_of_each(samples.ring)]


def _on_plane(samples: Samples, columns: ViewColumns, plane_m: float) -> tuple[FloatArray, IntArray]:
    """Return where samples fall on the plane, relative to the lens, and where each ring starts.

    Straight lenses: rings are cut where the plane is beyond FAR ranges, since straight edges run on to the horizon.
    Others: rays that do not reach the plane within FAR ranges end there.
    """
    drop, far = columns.lens_z_m[samples.view] - plane_m, FAR * columns.range_m[samples.view]
    is_straight = ~columns.is_equidistant[samples.view]
    ray = _directions(columns, samples)
    ray[:, 2] *= np.where(drop >= 0.0, 1.0, -1.0)  # towards the plane positive
    drop = np.maximum(np.abs(drop), LEAST_DROP_M)
    ray, source, start = _cut(ray, samples.ring, np.where(is_straight, drop / far, -np.inf))
    drop, far, toward, level = drop[source], far[source], ray[:, 2], np.hypot(ray[:, 0], ray[:, 1])
    falls = is_straight[source] | (toward * far > drop * level)
    reach = np.where(falls, drop / np.where(falls, toward, 1.0), far / np.maximum(level, 1e-12))
    return ray[:, :2] * reach[:, None], start


def _cut(ray: FloatArray, ring: IntArray, least: FloatArray) -> tuple[FloatArray, IntArray, IntArray]:
    """Return rings of directions cut to those at least so steep, the sample before each, and where each ring starts."""
    first = first_of_each(ring)
    following = np.arange(1, len(ring) + 1)
    following[np.r_[first[1:], len(ring)] - 1] = first
    steep, then = ray[:, 2] - least, ray[following, 2] - least[following]
    keeps, crosses = steep >= 0.0, (steep >= 0.0) != (then >= 0.0)
    count = keeps.astype(np.int64) + crosses
    place = np.cumsum(count) - count
    start = np.r_[place[first], count.sum()]
    if count.min() == 1 == count.max() and not crosses.any():
        return ray, np.arange(len(ring)), start
    cut, source = np.empty((count.sum(), 3)), np.repeat(np.arange(len(ring)), count)
    cut[place[keeps]] = ray[keeps]
    share = (steep[crosses] / (steep[crosses] - then[crosses]))[:, None]
    met = ray[crosses] + share * (ray[following[crosses]] - ray[crosses])
    met[:, 2] = least[crosses]
    cut[(place + keeps)[crosses]] = met
    return cut, source, start


def _directions(columns: ViewColumns, samples: Samples) -> FloatArray:
    """Return the direction (east, north, down) of samples, shape (n, 3)."""
    focal, at = focal_lengths_px(columns), samples.view
    azimuth, tilt = np.radians(columns.azimuth_deg), np.radians(columns.tilt_deg)
    right = (samples.u_px - columns.width_px[at] / 2) / focal[at]
    below = (samples.v_px - columns.height_px[at] / 2) / focal[at]
    is_bent = columns.is_equidistant[at]
    ahead, aside, under = _bent(right, below, is_bent) if is_bent.any() else (1.0, right, below)
    cos_tilt, sin_tilt = np.cos(tilt)[at], np.sin(tilt)[at]
    forward, down = ahead * cos_tilt - under * sin_tilt, ahead * sin_tilt + under * cos_tilt
    cos_axis, sin_axis = np.cos(azimuth)[at], np.sin(azimuth)[at]
    ray = np.column_stack((forward * sin_axis + aside * cos_axis, forward * cos_axis - aside * sin_axis, down))
    unrolled = np.flatnonzero(is_bent & (columns.hfov_deg[at] >= 360.0 - 1e-9))
    if len(unrolled):
        turned, level = azimuth[at[unrolled]] + right[unrolled], tilt[at[unrolled]] + below[unrolled]
        sunk = np.tan(np.clip(level, -STEEPEST, STEEPEST))
        ray[unrolled] = np.column_stack((np.sin(turned), np.cos(turned), sunk))
    return ray


def _bent(right: FloatArray, below: FloatArray, is_bent: BoolArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return how far samples lie ahead, aside and under where the lens is equidistant, as they are where it is not."""
    angle = np.where(is_bent, np.hypot(right, below), 0.0)
    scale = np.where(is_bent, np.sin(angle) / np.maximum(angle, 1e-12), 1.0)
    return np.cos(angle), right * scale, below * scale


def _beside_foot(xy: FloatArray, start: IntArray) -> FloatArray:
    """Return the corners, rings with an edge through the lens's foot moved aside by a hair."""
    ring = np.repeat(np.arange(len(start) - 1), np.diff(start))
    following = np.arange(1, len(xy) + 1)
    some = np.flatnonzero(np.diff(start))
    following[start[some + 1] - 1] = start[some]
    along = xy[following] - xy
    share = np.clip(-(xy * along).sum(1) / np.maximum((along**2).sum(1), 1e-30), 0.0, 1.0)
    touches = np.hypot(*(xy + share[:, None] * along).T) < BESIDE_M
    if not touches.any():
        return xy
    moved = np.zeros(len(start) - 1, bool)
    moved[ring[touches]] = True
    return xy + np.where(moved[ring, None], 4.0 * BESIDE_M * np.array((math.cos(1.0), math.sin(1.0))), 0.0)


WALLS_AT_FIRST = 4096
Where = tuple[TownIndex, Neighbours]
Reached = tuple[int, int, int]  # next position in the batch, points, rings
Lent = tuple[Scratch, int]  # with room for how many walls
Sweep = Callable[[IntArray, int, FloatArray, Where, Lent], Reached]


def lens_rows(columns: ViewColumns) -> FloatArray:
    """Return x, y, z, range, axis and half width (mathematical angles, radians) and the building to skip, shape (V, 7)."""
    axis, half = np.radians(90.0 - columns.azimuth_deg), np.radians(half_widths_deg(columns))
    return in_columns(columns.x_m, columns.y_m, columns.lens_z_m, columns.range_m, axis, half, columns.skipped)


def seen_ground(views: Sequence[View], target_m: float, scene: Scene, progress: Progress, is_bare: bool = False) -> Swept:
    """Return what each view sees at the target's height.

    On level ground blind zones and masks are taken off, unless ``is_bare``; over relief masks are not.
    """
    if not len(views):
        return SweptRings(0).polygons()
    columns, over = columns_of(views), scene.relief
    rows = lens_rows(columns)
    if not over.is_level:
        return _swept(rows, scene, _relief_sweep(target_m, over, slopes_of(columns)), progress)
    nearest, rows[:, 3] = limits_on_plane(columns, target_m)
    if is_bare:
        return _swept(rows, scene, _plane_sweep(target_m, nothing_hidden(len(views))), progress)
    rows[[k for k, view in enumerate(views) if view.mask_sector_deg and is_all_masked(view)], 3] = -1.0
    return _swept(rows, scene, _plane_sweep(target_m, hidden_on_plane(views, columns, nearest, target_m)), progress)


def visibility_fields(
    views: Sequence[View], scene: Scene, target_height_m: float = 1.5, progress: Progress = no_progress
) -> tuple[Field, ...]:
    """Return what each view sees of the plane at target height, after masks, with density bands.

    The geometry is a valid MultiPolygon without the footprints that stand at target height; bands are disjoint and
    leave out what is below the coarsest band. ``progress`` may raise to cancel.
    """
    swept = seen_ground(views, target_height_m, scene, progress)
    with paused():
        if scene.relief.is_level:
            return fields_of_swept(views, swept, scene, target_height_m)
        return fields_over_relief(views, swept, scene, target_height_m)


def _swept(rows: FloatArray, scene: Scene, sweep: Sweep, progress: Progress) -> Swept:
    """Return what the views with these rows see."""
    town, able = scene.index, np.flatnonzero(rows[:, 3] > 0.0)
    near = neighbours(float(rows[:, 3].max(initial=0.0)) + town.widest + 2.0)
    jobs = [able[batch] for batch in batches(rows[able])]
    found = SweptRings(len(rows))

    def reported(share: float, step: str) -> None:
        progress(share, step)
        found.make()  # this thread only waits for the others

    in_threads(lambda job: found.add(_sweep_batch(job, rows, (town, near), sweep)), jobs, reported)
    return found.polygons()


def limits_on_plane(columns: ViewColumns, plane_m: float) -> tuple[FloatArray, FloatArray]:
    """Return ``frustum.ground_limits_m`` for many views at once: nearest and farthest; (0, -1) if nothing is in the picture."""
    upper, lower = edges_deg(columns)
    near, far = _limits_at_edge(columns.lens_z_m - plane_m, upper, columns.range_m)
    # Looked at upside down, the lower edge is the upper one.
    turned_near, turned_far = _limits_at_edge(plane_m - columns.lowest_z_m, -lower, columns.range_m)
    near, far = np.maximum(near, turned_near), np.minimum(far, turned_far)
    return np.where(near < far, near, 0.0), np.where(near < far, far, -1.0)


def _limits_at_edge(drop_m: FloatArray, edge_deg: FloatArray, reach_m: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return between which distances a plane so far below the lens lies below an edge of the picture."""
    with np.errstate(divide="ignore", invalid="ignore"):
        at_edge = drop_m / np.tan(np.radians(edge_deg))
    far = np.where((drop_m > 0.0) & (edge_deg > 0.0), np.minimum(reach_m, np.where(edge_deg >= 90.0, 0.0, at_edge)), reach_m)
    near = np.where(drop_m < 0.0, np.where(edge_deg <= -90.0, 0.0, np.where(edge_deg >= 0.0, np.inf, at_edge)), 0.0)
    return np.where((drop_m == 0.0) & (edge_deg > 0.0), np.inf, near), far


def slopes_of(columns: ViewColumns) -> FloatArray:
    """Return the slopes of the lower and upper edge of each view's picture, upwards positive, shape (V, 2).

    Tangents are the C library's, as in kernels: numpy's own may differ in the last digit.
    """
    upper, lower = edges_deg(columns)
    slopes = -np.fromiter(map(math.tan, np.radians(in_columns(lower, upper)).ravel().tolist()), float).reshape(-1, 2)
    # A slope is asked from the highest lens: the blind zone of a lower one ends nearer, by how much depends on the ground.
    slopes[(lower >= 90.0) | (columns.lowest_z_m < columns.lens_z_m), 0] = -1e6
    slopes[upper <= -90.0, 1] = 1e6
    return slopes


def _plane_sweep(target_m: float, hidden: Hidden) -> Sweep:
    """Return the sweep on a plane."""

    def sweep(batch: IntArray, first: int, rows: FloatArray, where: Where, lent: Lent) -> Reached:
        scratch, size = lent
        return sweep_views(batch, first, rows, target_m, hidden, *where, scratch.room(size), scratch.rings(size))

    return sweep


def _relief_sweep(target_m: float, relief: Relief, slopes: FloatArray) -> Sweep:
    """Return the sweep over relief."""

    def sweep(batch: IntArray, first: int, rows: FloatArray, where: Where, lent: Lent) -> Reached:
        scratch, size = lent
        room, hills, out = scratch.room(size), scratch.hills(size), scratch.rings(size)
        return sweep_views_over(batch, first, rows, slopes, target_m, relief, *where, room, hills, out)

    return sweep


def _sweep_batch(batch: IntArray, rows: FloatArray, where: Where, sweep: Sweep) -> list[Rings]:
    """Return the rings of one batch of views; scratch and output grow until they suffice."""
    size, found, first = WALLS_AT_FIRST, [], 0
    with lent_scratch() as scratch:
        while first < len(batch):
            reached, points, rings = sweep(batch, first, rows, where, (scratch, size))
            if reached == FULL:
                size *= 2
                continue
            first = reached
            found.append(_used(scratch.rings(size), points, rings))
    return found


def _used(out: Rings, points: int, rings: int) -> Rings:
    """Return a copy of the filled part of an output."""
    return Rings(
        out.xy[:points].copy(),
        out.end[: rings + 1].copy(),
        out.area[:rings].copy(),
        out.views[:rings].copy(),
        out.is_sound[:rings].copy(),
    )
