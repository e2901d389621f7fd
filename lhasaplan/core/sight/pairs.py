"""Camera and point pairs: which points a view sees, at which pixel density, and why it does not see one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from scipy import sparse
from scipy.spatial import cKDTree

from lhasaplan.core.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.camera import Mount, View
from lhasaplan.core.sight.fields import Progress, unwatched
from lhasaplan.core.sight.frustum import (
    ANGLE_SLACK_DEG,
    RANGE_SLACK_M,
    below_horizon_deg,
    density_px_m,
    in_range,
    in_width,
    vertical_limits_deg,
)
from lhasaplan.core.sight.line_of_sight import blocked_lines, nearest_blocker
from lhasaplan.core.sight.mask import masked_points
from lhasaplan.core.sight.scene import Scene

Blocked = Callable[[View, FloatArray, Scene], BoolArray]


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a point is seen or not: out_of_range, out_of_angle, blind_zone, masked, building or seen."""

    reason: str
    blocker_id: str = ""


def densities_by_lines(
    views: Sequence[View],
    xyz_m: FloatArray,
    scene: Scene,
    progress: Progress = unwatched,
    blocked: Blocked = blocked_lines,
) -> sparse.csr_array:
    """Return the density at which each view sees each point, shape (P, V); an absent entry is an unseen point."""
    tree = cKDTree(xyz_m[:, :2]) if len(xyz_m) else None
    rows, columns, values = [np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)]
    for k, view in enumerate(views if tree is not None else ()):
        progress(k / len(views), "sight")
        seen, density = _seen_by(view, tree, xyz_m, scene, blocked)
        rows.append(seen)
        columns.append(np.full(len(seen), k))
        values.append(density)
    cells = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return sparse.csr_array(sparse.coo_array(cells, shape=(len(xyz_m), len(views))))


def explain(view: View, point_xyz_m: FloatArray, scene: Scene) -> Reason:
    """Return why the view sees or does not see a point; the first reason in the order range, angle, mask, building."""
    xyz = np.asarray(point_xyz_m, float)
    dx, dy, drop = _from_lens(view, xyz.reshape(1, 3))
    if not in_range(view, dx, dy)[0]:
        return Reason("out_of_range")
    down, (upper, lower) = below_horizon_deg(dx, dy, drop)[0], vertical_limits_deg(view)
    if not in_width(view, dx, dy)[0] or down < upper - ANGLE_SLACK_DEG:
        return Reason("out_of_angle")
    if down > lower + ANGLE_SLACK_DEG:
        return Reason("blind_zone")
    if masked_points(view, dx, dy, drop)[0]:
        return Reason("masked")
    blocker = view.own_building if not _indoors(view, xyz.reshape(1, 3), scene)[0] else nearest_blocker(view, xyz, scene)
    return Reason("seen") if blocker < 0 else Reason("building", str(scene.buildings.ids[blocker]))


def _seen_by(view: View, tree: cKDTree, xyz_m: FloatArray, scene: Scene, blocked: Blocked) -> tuple[IntArray, FloatArray]:
    """Return the points that one view sees, and their densities."""
    near = np.sort(np.asarray(tree.query_ball_point((view.x_m, view.y_m), view.range_m + RANGE_SLACK_M), np.int64))
    near = near[in_frame(view, xyz_m[near])]
    near = near[_indoors(view, xyz_m[near], scene)]
    near = near[~blocked(view, xyz_m[near], scene)]
    return near, density_px_m(view, *_from_lens(view, xyz_m[near]))


def in_frame(view: View, xyz_m: FloatArray) -> BoolArray:
    """Return which points are within range and picture and not masked, walls ignored."""
    dx, dy, drop = _from_lens(view, xyz_m)
    down, (upper, lower) = below_horizon_deg(dx, dy, drop), vertical_limits_deg(view)
    shown = in_range(view, dx, dy) & in_width(view, dx, dy)
    shown &= (down >= upper - ANGLE_SLACK_DEG) & (down <= lower + ANGLE_SLACK_DEG)
    return shown & ~masked_points(view, dx, dy, drop)


def _from_lens(view: View, xyz_m: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return east, north and downward distances of points from the lens."""
    return xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m, view.lens_z_m - xyz_m[:, 2]


def _indoors(view: View, xyz_m: FloatArray, scene: Scene) -> BoolArray:
    """Return which points an indoor lens can see at all: those inside its own footprint."""
    if view.mount is not Mount.INDOOR or view.own_building < 0:
        return np.ones(len(xyz_m), bool)
    return np.asarray(shapely.intersects_xy(scene.buildings.polygons[view.own_building], xyz_m[:, 0], xyz_m[:, 1]))
