"""The seen wall: what each camera can see of protected walls and open ground, exactly; every figure is read from it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, order_of, row_numbers
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.exposure.seen_open_ground import SeenOpenGround, seen_open_ground
from lhasaplan.core.model.camera import Basis, View
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.place import ProtectedWalls
from lhasaplan.core.protection.ground import levels_m
from lhasaplan.core.sight import Scene
from lhasaplan.core.sight.lens.frustum import are_sets, columns_of, lens_sets
from lhasaplan.core.sight.walls.piece_columns import (
    BEST0,
    BEST1,
    FROM,
    HIGH0,
    HIGH1,
    LOW0,
    LOW1,
    TO,
    Mounts,
    Pieces,
    limits_of_pieces,
)

RECORDED, POSSIBLE = 0, 1  # what a camera's view is taken as
CASES = (RECORDED, POSSIBLE)
CASE_OF = {basis: RECORDED if basis is Basis.RECORDED else POSSIBLE for basis in Basis}
HEIGHTS = [LOW0, LOW1, HIGH0, HIGH1]
Rows: TypeAlias = BoolArray | IntArray | slice


@dataclass(frozen=True, eq=False, slots=True)
class SeenWalls:
    """Pieces of walls in view, in order of camera, case, look and wall; arrays (N,).

    A *look* is one view of a camera, or the same view on level ground: metres are never added up over several.

    Parameters
    ----------
    walls : what the cameras were asked about; ``wall`` numbers its rows.
    column : pieces that stand above each other on the same stretch of wall share a number.
    least_px_m : the lowest density at which a piece may be seen; of one known lens its highest.
    figure : shape (N, 8); see :mod:`lhasaplan.core.sight.walls.piece_columns`. Heights are above the datum.
    ground : the open ground in view.
    """

    walls: ProtectedWalls
    camera: IntArray
    case: IntArray
    look: IntArray
    wall: IntArray
    column: IntArray
    figure: FloatArray
    least_px_m: FloatArray
    ground: SeenOpenGround

    def __len__(self) -> int:
        return len(self.wall)

    @property
    def place(self) -> IntArray:
        """Return the place of each piece."""
        return np.take(self.walls.place, self.wall)

    @property
    def length_m(self) -> FloatArray:
        """Return the metres along the wall of each piece."""
        return np.asarray(self.figure[:, TO] - self.figure[:, FROM], float)

    def is_nothing(self) -> bool:
        """Tell whether nothing protected is in view."""
        return not len(self) and not len(self.ground)

    def where(self, keep: Rows) -> "SeenWalls":
        """Return some of the pieces, with all of the ground."""
        names = ("camera", "case", "look", "wall", "column", "figure", "least_px_m")
        rows = row_numbers(keep)
        return replace(self, **{name: getattr(self, name)[rows] for name in names})

    def of_rows(self, keep: Rows, ground: Rows) -> "SeenWalls":
        """Return some of the pieces and some of the ground."""
        return replace(self.where(keep), ground=self.ground.where(ground))

    def of_cameras(self, wanted: BoolArray) -> "SeenWalls":
        """Return what some of the cameras see; shape (C,)."""
        return self.of_rows(wanted[self.camera], wanted[self.ground.camera])

    def ends_m(self) -> FloatArray:
        """Return both ends of each piece in project coordinates, shape (N, 2, 2)."""
        start, along = self.walls.lines_of(self.wall)
        return np.asarray(start[:, None, :] + along[:, None, :] * self.figure[:, [FROM, TO]][:, :, None], float)

    def corners_m(self) -> FloatArray:
        """Return the corners of each piece, shape (N, 4, 3): below and above its first end, below and above its last."""
        ends = np.repeat(self.ends_m(), 2, axis=1)
        return np.concatenate([ends, self.figure[:, [LOW0, HIGH0, LOW1, HIGH1]][:, :, None]], axis=2)

    def best_px_m(self) -> FloatArray:
        """Return the highest density of each piece."""
        return _sharper(self.figure)


def _sharper(figure: FloatArray) -> FloatArray:
    """Return the density of each piece at its sharper end."""
    return np.maximum(figure[:, BEST0], figure[:, BEST1])  # row by row numpy takes ten times as long


def look_at_walls(context: AuditContext, walls: ProtectedWalls, progress: Progress = no_progress) -> SeenWalls:
    """Return what the cameras of a context can see of protected walls and open ground at the lowest grade or better.

    Where terrain is coarse, a wall counts if it is in view with everything at its height above that terrain but no ground in the
    way, or on level ground (docs/adr/0011). The facade that a camera itself hangs on is left out.
    """
    return look_in(context.guarded, context.level, context, walls, progress)


def look_in(
    guarded: Scene,
    level: Scene | None,
    context: AuditContext,
    walls: ProtectedWalls,
    progress: Progress = no_progress,
    *,
    open_m: FloatArray | None = None,
) -> SeenWalls:
    """Return the same in other scenes than the context's own: to tell what the ground alone hides.

    ``open_m`` says how high the open ground of ``walls`` lies in a scene without ground in the way, its own height if not given.
    """
    if open_m is None and guarded.relief.is_level and not context.terrain.is_level:
        open_m = levels_m(walls.ground, context.terrain.relief)
    table = context.view_table
    share = 0.7 if table.level_views and level is not None else 0.85
    looks = [_looked(context, table.views, walls, guarded, False, part_of(progress, 0.0, share))]
    if level is not None and table.level_views:
        looks.append(_looked(context, table.level_views, walls, level, True, part_of(progress, share, 0.85)))
    found = [each for each, _ in looks]
    least = np.concatenate([each for _, each in looks])
    ground = seen_open_ground(context, walls, guarded, level, CASE_OF, open_m, part_of(progress, 0.85, 1.0))
    return _together(context, walls, found, least, ground)


def _looked(  # noqa: PLR0917 - who looks, at what, in which world
    context: AuditContext, views: Sequence[View], walls: ProtectedWalls, scene: Scene, on_level: bool, progress: Progress
) -> tuple[Pieces, FloatArray]:
    """Return the pieces that views see in one scene, heights above the datum, and the lowest density of each."""
    mounts = _mounts_of(views, context.buildings)
    rows = walls.level_rows if on_level else walls.rows  # the very same each time: walls that were sorted are known by them
    pieces = context.sight.seen_pieces(views, mounts, rows, scene, context.thresholds.note_px_m, progress)
    if on_level:
        pieces = _where_coarse(pieces, context, views, walls)
    pieces, least = _with_limits(pieces, views, walls, context.thresholds.note_px_m)
    if on_level:
        pieces.figure[:, HEIGHTS] += walls.ground_m[pieces.wall][:, None]
        pieces = pieces._replace(viewer=pieces.viewer + len(views))
    return pieces, least


def _mounts_of(views: Sequence[View], buildings: Buildings) -> Mounts:
    """Return the building and the wall that each view hangs on: the own facade is no view of a protected place."""
    building = np.array([view.own_building for view in views], np.int64)
    wall = np.full((len(views), 4), np.nan)
    for v in np.flatnonzero(building >= 0).tolist():
        wall[v] = _nearest_wall(buildings.polygons[building[v]], views[v].x_m, views[v].y_m)
    return Mounts(building, wall)


def _nearest_wall(footprint: shapely.Geometry, x_m: float, y_m: float) -> FloatArray:
    """Return the outline segment nearest to a point as (x, y, unit x, unit y), shape (4,)."""
    coordinates, ring = shapely.get_coordinates(shapely.get_parts(shapely.get_rings(footprint)), return_index=True)
    same = ring[1:] == ring[:-1]
    start, end = coordinates[:-1][same], coordinates[1:][same]
    along = end - start
    length = np.hypot(along[:, 0], along[:, 1])
    unit = along / np.maximum(length, 1e-9)[:, None]
    offset = np.array([x_m, y_m]) - start
    reached = np.clip((offset * unit).sum(axis=1), 0.0, length)
    miss = np.hypot(*(offset - reached[:, None] * unit).T)
    nearest = int(np.argmin(np.where(length > 0, miss, np.inf)))
    return np.concatenate([start[nearest], unit[nearest]])


def _with_limits(pieces: Pieces, views: Sequence[View], walls: ProtectedWalls, note_px_m: float) -> tuple[Pieces, FloatArray]:
    """Return the pieces with the highest density that any lens of a set may give them, and the lowest of each."""
    columns, least = columns_of(views) if len(views) else None, _sharper(pieces.figure)
    if columns is None or not are_sets(columns).any():
        return pieces, least
    lenses = np.column_stack((columns.x_m, columns.y_m, columns.lens_z_m))
    limits_of_pieces(lens_sets(columns), lenses, pieces.viewer, *walls.lines_of(pieces.wall), pieces.figure, least)
    keep = _sharper(pieces.figure) >= note_px_m
    return pieces.where(keep), least[keep]


def _where_coarse(pieces: Pieces, context: AuditContext, views: Sequence[View], walls: ProtectedWalls) -> Pieces:
    """Return the pieces of which the wall or the lens stands on coarse terrain."""
    lens = np.array([(view.x_m, view.y_m) for view in views]).reshape(-1, 2)
    middle = (walls.ends_m[:, :2] + walls.ends_m[:, 2:]) / 2.0
    terrain = context.terrain
    keep = terrain.is_coarse(*middle.T)[pieces.wall] | terrain.is_coarse(*lens.T)[pieces.viewer]
    return pieces.where(keep)


def _together(
    context: AuditContext, walls: ProtectedWalls, found: Sequence[Pieces], least_px_m: FloatArray, ground: SeenOpenGround
) -> SeenWalls:
    """Return the pieces of both worlds in order of camera, case, look and wall."""
    views, count = context.view_table.views, len(context.view_table.views)
    look = np.concatenate([each.viewer for each in found])
    column = np.concatenate([found[0].column, *(each.column + int(found[0].column.max(initial=-1)) + 1 for each in found[1:])])
    camera = context.view_table.camera[look % max(count, 1)] if len(look) else np.zeros(0, np.int64)
    case = np.array([CASE_OF[view.basis] for view in views], np.int64)[look % max(count, 1)] if len(look) else camera
    wall = np.concatenate([each.wall for each in found])
    figure = np.concatenate([each.figure for each in found])
    order = order_of(camera, case, look, wall, column)
    return SeenWalls(
        walls, camera[order], case[order], look[order], wall[order], column[order], figure[order], least_px_m[order], ground
    )


def by_cameras(seen: SeenWalls, rows: int = 100_000) -> Iterator[SeenWalls]:
    """Give what some cameras after the other see, about so many pieces at once.

    Only cameras that see anything are given; ground goes with its camera.
    """
    if len(seen) + len(seen.ground) <= rows:
        yield from () if seen.is_nothing() else (seen,)
        return
    cameras, counts = np.unique(np.concatenate([seen.camera, seen.ground.camera]), return_counts=True)
    ends = np.cumsum(counts)
    low = 0
    while low < len(cameras):
        done = int(ends[low - 1]) if low else 0
        high = min(int(np.searchsorted(ends, done + rows)) + 1, len(cameras))
        first, last = cameras[low], cameras[high - 1]
        piece = slice(*np.searchsorted(seen.camera, (first, last + 1)).tolist())
        ground = slice(*np.searchsorted(seen.ground.camera, (first, last + 1)).tolist())
        yield seen.of_rows(piece, ground)
        low = high
