"""Which pairs of view and point masks and indoor walls hide, all pairs at once; only views that have them are asked."""

from collections.abc import Sequence
from itertools import chain

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.masks import pixel_masks_apply, sweep_deg
from lhasaplan.core.sight.lens.pixels import pixels_at
from lhasaplan.core.sight.lens.view_columns import ViewColumns
from lhasaplan.core.sight.obstacles.indoor_walls import NO_WALL, wall_before
from lhasaplan.core.sight.obstacles.scene import Scene

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
    owner = [k for k, view in enumerate(views) for _ in view.mask_sector_deg]
    if not owner:
        return
    limits = np.array([(first, sweep_deg(first, last)) for view in views for first, last in view.mask_sector_deg])
    pair, sector = _joined(pairs[0], np.array(owner), len(views))
    dx, dy, _ = _ways(columns, xyz_m, (pairs[0][pair], pairs[1][pair]))
    into = (np.degrees(np.arctan2(dx, dy)) - limits[sector, 0]) % 360.0
    hidden[pair[into <= limits[sector, 1]]] = True


def _hide_by_pictures(views: Sequence[View], columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs, hidden: BoolArray) -> None:
    """Hide the pairs in masks drawn in the picture."""
    masked = [k for k, view in enumerate(views) if pixel_masks_apply(view)]
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


def _hide_behind_walls(  # noqa: PLR0917 - as its neighbours, with the views that say their level
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
    corner = np.array(list(chain.from_iterable(rings)), float)
    whose = np.repeat(np.arange(len(rings)), [len(ring) for ring in rings])
    return np.asarray(shapely.polygons(shapely.linearrings(corner, indices=whose)), object)


def _ways(columns: ViewColumns, xyz_m: FloatArray, pairs: Pairs) -> Way:
    """Return the ways from lenses to points."""
    view, point = pairs
    x, y, z = xyz_m[point].T
    return x - columns.x_m[view], y - columns.y_m[view], columns.lens_z_m[view] - z
