"""Call the kernel of seen walls: views and walls go in as plain arrays, seen pieces come back; in threads, with progress."""

import math
import weakref
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray, IntArray, batches
from lhasaplan.core.base.progress import Progress, in_threads, no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.model.optics import LensClass, focal_length_px
from lhasaplan.core.model.place import BEFORE_M
from lhasaplan.core.sight.lens.frustum import are_sets, columns_of
from lhasaplan.core.sight.lens.masks import EDGE_STEP_PX, is_panorama, pixel_masks_apply, rays_of, sweep_deg
from lhasaplan.core.sight.lens.true_picture import fleet_of
from lhasaplan.core.sight.obstacles.building_index import Neighbours, TownIndex, neighbours
from lhasaplan.core.sight.obstacles.relief import Relief
from lhasaplan.core.sight.obstacles.scene import Scene
from lhasaplan.core.sight.sweep.engine import WALLS_AT_FIRST
from lhasaplan.core.sight.sweep.scratch_arrays import lent_scratch
from lhasaplan.core.sight.walls.bearings import make_by_bearing, make_horizon
from lhasaplan.core.sight.walls.facade import (
    AX,
    AY,
    BASE,
    BX,
    BY,
    EQUIDISTANT,
    MOST_SIDES,
    PANORAMA,
    RECTILINEAR,
    SHADOW_COLUMNS,
    TOP,
    Masks,
)
from lhasaplan.core.sight.walls.piece_columns import PIECE_COLUMNS, Mounts, Pieces, joined_pieces
from lhasaplan.core.sight.walls.pieces import Lenses, WallRoom
from lhasaplan.core.sight.walls.view_walls import Walls, see_walls

PIECES_AT_FIRST = 32_768  # of some fifty views in the open: one that does not fit any more is looked at again
GRID_CELL_M = 24.0
MOST_CELLS_ACROSS = 2000


class _WallQuestion(NamedTuple):
    """All that the views of a job are asked about, as the kernel takes it."""

    lenses: Lenses
    walls: Walls
    town: TownIndex
    relief: Relief
    near: Neighbours


def seen_pieces(  # noqa: PLR0917 - who looks from where, what at, past what
    views: Sequence[View],
    mounts: Mounts,
    wall_rows: FloatArray,
    scene: Scene,
    least_px_m: float,
    progress: Progress = no_progress,
) -> Pieces:
    """Return the pieces of walls that views can see at a density, exactly in height, after masks; by view and wall.

    Parameters
    ----------
    wall_rows : shape (W, 7); ends with the building on the left, base and top above the datum, building; see ``facade``.
    """
    if not len(views) or not len(wall_rows):
        return joined_pieces([])
    wall_rows = np.asarray(wall_rows, float)
    columns = columns_of(views)
    able = np.flatnonzero(columns.skipped < 0)  # from inside a building nobody sees its outside
    lowest = np.array([view.lowest_z_m for view in views], float)
    lenses = Lenses(fleet_of(columns), lowest, are_sets(columns), masks_of(views), mounts.wall, mounts.building, least_px_m)
    near = neighbours(float(columns.range_m.max()) + scene.index.widest + 2.0)
    question = _WallQuestion(lenses, _sorted(wall_rows), scene.index, scene.relief, near)
    jobs = [able[batch] for batch in batches(question.lenses.fleet.place[able])]
    found = in_threads(lambda batch: _see_batch(batch, question), jobs, progress)
    return joined_pieces([pieces for some in found for pieces in some])


_LAST: list[tuple[weakref.ref[FloatArray], Walls]] = []  # remedies are tried on the same walls, a few cameras at a time
# Two stretches of cameras are looked through side by side, each without declared ranges and on level ground besides.
MOST_LAST = 8


def _sorted(rows: FloatArray) -> Walls:
    """Return the walls in a grid; those that were asked about lately are not sorted again."""
    for known, walls in _LAST[:]:
        if known() is rows:
            return walls
    found = sort_walls(rows)
    _LAST[:] = [*_alive()[1 - MOST_LAST :], (weakref.ref(rows, lambda _: _forget()), found)]
    return found


def _forget() -> None:
    _LAST[:] = _alive()


def _alive() -> list[tuple[weakref.ref[FloatArray], Walls]]:
    return [each for each in _LAST[:] if each[0]() is not None]


def sort_walls(rows: FloatArray) -> Walls:
    """Return at least one wall in a grid, by its middle."""
    middle = (rows[:, [AX, AY]] + rows[:, [BX, BY]]) / 2.0
    half = float(np.hypot(*(rows[:, [BX, BY]] - rows[:, [AX, AY]]).T).max()) / 2.0
    corner, extent = middle.min(axis=0), float(np.ptp(middle, axis=0).max())
    width = max(GRID_CELL_M, extent / MOST_CELLS_ACROSS)
    column, row = ((middle - corner) / width).astype(np.int64).T
    columns, cells = int(column.max()) + 1, int(row.max()) + 1
    cell = row * columns + column
    number = np.argsort(cell, kind="stable")
    start = np.r_[0, np.cumsum(np.bincount(cell, minlength=columns * cells))]
    row = np.ascontiguousarray(rows[number])
    return Walls(
        row, number, start, _circles(row, start), columns, cells, np.array([*corner, width, half])
    )  # fmt: skip


def _circles(row: FloatArray, start: IntArray) -> FloatArray:
    """Return a circle around the walls of each cell, the height of the tallest and the lowest base, shape (cells, 5)."""
    circle = np.zeros((len(start) - 1, 5))
    some = np.flatnonzero(np.diff(start))
    first, last = row[:, [AX, AY]], row[:, [BX, BY]]
    low = np.minimum.reduceat(np.minimum(first, last), start[some])
    high = np.maximum.reduceat(np.maximum(first, last), start[some])
    circle[some, :2] = (low + high) / 2.0
    circle[some, 2] = np.hypot(*(high - low).T) / 2.0 + 2.0 * BEFORE_M
    circle[some, 3] = np.maximum.reduceat(row[:, TOP], start[some])
    circle[some, 4] = np.minimum.reduceat(row[:, BASE], start[some])
    return circle


def masks_of(views: Sequence[View]) -> Masks:
    """Return the masks of all views as the kernel takes them."""
    sectors = [(math.radians(a), math.radians(sweep_deg(a, b))) for view in views for a, b in view.mask_sector_deg]
    shown = [view.mask_px if pixel_masks_apply(view) else () for view in views]
    edges = [_edges(view, ring) for view, rings in zip(views, shown, strict=True) for ring in rings]
    focal = [focal_length_px(view.width_px, view.hfov_deg, view.lens_class) for view in views]
    frame = [
        (view.width_px, view.height_px, f, math.radians(view.azimuth_deg), math.radians(view.tilt_deg))
        for view, f in zip(views, focal, strict=True)
    ]
    return Masks(
        _starts([len(view.mask_sector_deg) for view in views]),
        np.array(sectors, float).reshape(-1, 2),
        _starts([len(rings) for rings in shown]),
        _starts([len(each) for each in edges]),
        np.concatenate([np.empty((0, 10)), *edges]),
        np.array(frame, float).reshape(-1, 5),
        np.array(
            [
                PANORAMA if is_panorama(view) else EQUIDISTANT if view.lens_class is LensClass.EQUIDISTANT else RECTILINEAR
                for view in views
            ],
            np.int64,
        ),
    )


def _edges(view: View, ring: Sequence[tuple[float, float]]) -> FloatArray:
    """Return the edges of a mask in pixels and as directions, shape (n, 10); a bent lens bends them, so they are cut short."""
    outline = shapely.Polygon(ring).exterior
    if view.lens_class is LensClass.EQUIDISTANT:
        outline = shapely.segmentize(outline, EDGE_STEP_PX)
    corner = shapely.get_coordinates(outline)
    ray = rays_of(view, *corner.T)
    ray[:, 2] *= -1.0  # down to up
    return np.column_stack((corner[:-1], corner[1:], ray[:-1], ray[1:]))


def _starts(counts: Sequence[int]) -> IntArray:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int64)


def _see_batch(batch: IntArray, question: _WallQuestion) -> list[Pieces]:
    """Return the seen pieces of one batch; scratch and output grow until they suffice."""
    size, found, first = PIECES_AT_FIRST, [], 0
    room, out = _room(size), _pieces(size)
    with lent_scratch() as scratch:
        while first < len(batch):
            occlusion = scratch.occlusion(max(size, WALLS_AT_FIRST))
            reached, count = see_walls(batch, first, *question, occlusion, room, out)
            if reached == first:
                size *= 2
                room, out = _room(size), _pieces(size)
            if count:
                found.append(Pieces._make(each[:count].copy() for each in out))
            first = reached
    return found


def _room(size: int) -> WallRoom:
    return WallRoom(
        np.empty(size, np.int64),
        np.empty((size, SHADOW_COLUMNS)),
        np.empty(3 * size),
        np.empty((size, 2)),
        np.empty((MOST_SIDES + 3, 2)),
        np.empty((3, MOST_SIDES)),
        np.empty(MOST_SIDES, np.bool_),
        np.empty((256, 2)),
        np.empty(256),
        make_horizon(),
        make_by_bearing(max(size, WALLS_AT_FIRST)),
    )


def _pieces(size: int) -> Pieces:
    viewer, wall, column = (np.empty(size, np.int64) for _ in range(3))
    return Pieces(viewer, wall, column, np.empty((size, PIECE_COLUMNS)))
