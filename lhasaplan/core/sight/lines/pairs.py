"""Camera and point pairs: which points a view sees, at which pixel density, and why it does not see one."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely
from scipy import sparse

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray, order_of
from lhasaplan.core.base.progress import Progress, no_progress
from lhasaplan.core.city.trees_and_hoardings import kind_of
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.frustum import (
    ANGLE_SLACK_DEG,
    below_horizon_deg,
    columns_of,
    in_range,
    in_width,
    vertical_limits_deg,
)
from lhasaplan.core.sight.lens.masks import masked_points
from lhasaplan.core.sight.lens.true_picture import are_in_picture, has_true_picture, sides_of
from lhasaplan.core.sight.lines.sight_lines import GROUND, blockers_of, hidden_pairs, seen_pairs
from lhasaplan.core.sight.obstacles.scene import NO_WALL, Scene, is_indoors, wall_before


@dataclass(frozen=True, slots=True)
class SightReason:
    """Why a point is seen or not: out_of_range, out_of_angle, blind_zone, masked, wall, building, tree, hoarding, terrain, seen.

    ``seen_from_m`` is the lowest height above the datum at which a target there would be seen, None if another reason
    than building, tree, hoarding or terrain hides it: the wall of a floor plan reaches to the ceiling.
    """

    reason: str
    blocker_id: str = ""
    seen_from_m: float | None = None


def densities(views: Sequence[View], xyz_m: FloatArray, scene: Scene, progress: Progress = no_progress) -> sparse.csr_array:
    """Return the density in px/m at which each view sees each point, after masks.

    Parameters
    ----------
    xyz_m : shape (P, 3); z is the target's height above the datum.

    Returns
    -------
    csr_array, shape (P, V); an absent entry is an unseen point.
    """
    xyz_m = np.asarray(xyz_m, float).reshape(-1, 3)
    columns = columns_of(views)
    seen = seen_pairs(columns, xyz_m, scene, progress)
    is_shown = ~hidden_pairs(views, columns, xyz_m, (seen.views, seen.points), scene)
    entries = seen.density[is_shown], seen.points[is_shown], seen.views[is_shown]
    return _matrix(entries, (len(xyz_m), len(views)))


def _matrix(entries: tuple[FloatArray, IntArray, IntArray], shape: tuple[int, int]) -> sparse.csr_array:
    """Return densities at points and views as a matrix whose rows are in order of views."""
    density, point, view = entries
    if shape[1] == 1:  # a camera that is dragged: its points in order are the matrix
        order = np.argsort(point, kind="stable")
        ends = np.searchsorted(point[order], np.arange(shape[0] + 1))
        return sparse.csr_array((density[order], view[order], ends), shape=shape)
    order = order_of(view)
    return sparse.csr_array(sparse.coo_array((density[order], (point[order], view[order])), shape=shape))


def explain_points(view: View, xyz_m: FloatArray, scene: Scene) -> tuple[SightReason, ...]:
    """Return why the view sees or does not see each point; the first reason in the order range, angle, mask, building."""
    reasons = _frame_reasons(view, xyz_m)
    outside = (reasons == "seen") & ~_indoors(view, xyz_m, scene)
    wall = np.where((reasons == "seen") & ~outside, wall_before(view, xyz_m, scene), NO_WALL)
    open_line = np.flatnonzero((reasons == "seen") & ~outside & (wall == NO_WALL))
    blocker, free_m = np.where(outside, view.own_building, -1), np.full(len(xyz_m), np.inf)
    blocker[open_line], free_m[open_line] = blockers_of(view, xyz_m[open_line], scene)
    reasons = np.select([wall != NO_WALL, blocker >= 0, blocker == GROUND], ["wall", "building", "terrain"], reasons)
    answers = zip(reasons, np.where(wall == NO_WALL, blocker, wall), free_m, strict=True)
    return tuple(_reason(str(reason), int(b), float(z), scene) for reason, b, z in answers)


def _reason(reason: str, blocker: int, free_m: float, scene: Scene) -> SightReason:
    """Return a reason with the blocker's id and the height from which the target would be seen."""
    if reason == "wall":
        return SightReason(reason, str(scene.floor.ids[blocker]))
    if reason not in {"building", "terrain"}:
        return SightReason(reason)
    named = str(scene.buildings.ids[blocker]) if blocker >= 0 else ""
    what = kind_of(named) if blocker >= 0 else reason
    return SightReason(what, named, free_m if math.isfinite(free_m) else None)


def _frame_reasons(view: View, xyz_m: FloatArray) -> ObjectArray:
    """Return what range, picture and masks say of each point, ``seen`` if they say nothing against it."""
    dx, dy, _ = _from_lens(view, xyz_m)
    aside, below = _beside_picture(view, xyz_m)
    cases = [~in_range(view, dx, dy), aside, below, ~_is_unmasked(view, xyz_m)]
    names = ["out_of_range", "out_of_angle", "blind_zone", "masked"]
    return np.select(cases, names, "seen").astype(object)


def _beside_picture(view: View, xyz_m: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Return which points lie beside or above the picture, and which below it."""
    dx, dy, drop = _from_lens(view, xyz_m)
    down, (upper, lower) = below_horizon_deg(dx, dy, drop), vertical_limits_deg(view)
    least_down = below_horizon_deg(dx, dy, drop - (view.lens_z_m - view.lowest_z_m))
    aside, below = ~in_width(view, dx, dy) | (down < upper - ANGLE_SLACK_DEG), least_down > lower + ANGLE_SLACK_DEG
    if not has_true_picture(view):
        return aside, below
    sides = sides_of(view, dx, dy, drop)
    is_out, is_under = ~are_in_picture(view, dx, dy, drop), (sides.across <= 1.0) & (sides.down > 1.0)
    is_beside = is_out & ~is_under & (aside | ~below)  # what is right below a level lens has no place in its picture
    return is_beside, is_out & ~is_beside


def explain(view: View, point_xyz_m: FloatArray, scene: Scene) -> SightReason:
    """Return why the view sees or does not see one point."""
    return explain_points(view, np.asarray(point_xyz_m, float).reshape(1, 3), scene)[0]


def _is_unmasked(view: View, xyz_m: FloatArray) -> BoolArray:
    """Return which points no mask hides."""
    if not view.mask_px and not view.mask_sector_deg:
        return np.ones(len(xyz_m), bool)
    return ~masked_points(view, *_from_lens(view, xyz_m))


def _from_lens(view: View, xyz_m: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return east, north and downward distances of points from the lens."""
    return xyz_m[:, 0] - view.x_m, xyz_m[:, 1] - view.y_m, view.lens_z_m - xyz_m[:, 2]


def _indoors(view: View, xyz_m: FloatArray, scene: Scene) -> BoolArray:
    """Return which points an indoor lens can see at all: those inside its own footprint."""
    if not is_indoors(view):
        return np.ones(len(xyz_m), bool)
    return np.asarray(shapely.intersects_xy(scene.buildings.polygons[view.own_building], xyz_m[:, 0], xyz_m[:, 1]))


# Where the line from a lens to a point is blocked, and from which height the lens would see over what blocks it.

BLOCKING = frozenset({"building", "tree", "hoarding", "terrain"})
SHARES, ROUNDS = 64, 4  # asked along a line, and how often between two of them: 64 ** 4 places
CLEAR = -1  # as in ``blockers``, which loads the compiler
STEP_M = 1e-3


@dataclass(frozen=True, slots=True)
class Obstruction:
    """What stands between a lens and a point.

    Parameters
    ----------
    reason : what blocks first, as in :class:`lhasaplan.core.sight.lines.pairs.SightReason`.
    x_m, y_m, z_m : where the line meets it, height above the datum.
    lens_z_m : lowest height of the lens at its place, above the datum, from which nothing blocks; None where no height
        would do. The picture must be aimed anew for it.
    """

    reason: SightReason
    x_m: float
    y_m: float
    z_m: float
    lens_z_m: float | None


def obstruction(view: View, point_m: FloatArray, scene: Scene) -> Obstruction | None:
    """Return what blocks a point that lies in the picture of a view; None where nothing that has a height does."""
    point = np.asarray(point_m, float).reshape(3)
    reason = explain(view, point, scene)
    if reason.reason not in BLOCKING:
        return None
    lens = np.array([view.x_m, view.y_m, view.lens_z_m])
    at = lens + _blocked_share(view, point, scene) * (point - lens)
    return Obstruction(reason, float(at[0]), float(at[1]), float(at[2]), _seeing_height(view, point, scene))


def _blocked_share(view: View, point: FloatArray, scene: Scene) -> float:
    """Return the share of the way to a hidden point from which on all points of the line are hidden.

    A point is hidden by what lies before it, so the shares between which this changes are narrowed down by asking.
    """
    lens = np.array([view.x_m, view.y_m, view.lens_z_m])
    low, high = 0.0, 1.0
    for _ in range(ROUNDS):
        shares = np.linspace(low, high, SHARES + 1)[1:]
        hidden = _is_hidden(view, lens + shares[:, None] * (point - lens), scene)
        first = int(np.argmax(hidden)) if hidden.any() else SHARES - 1
        low, high = (low if first == 0 else float(shares[first - 1])), float(shares[first])
    return high


def _seeing_height(view: View, point: FloatArray, scene: Scene) -> float | None:
    """Return the lowest height of the lens from which the point is clear.

    A line is blocked whichever way it is looked along: this is the height at which a target at the lens would be seen by
    a lens at the point, which the engine knows.
    """
    back = replace(view, x_m=float(point[0]), y_m=float(point[1]), lens_z_m=float(point[2]))
    _, free = _blockers(back, np.array([[view.x_m, view.y_m, view.lens_z_m]]), scene)
    height = float(free[0])
    if not math.isfinite(height):
        return None
    raised = replace(view, lens_z_m=height + STEP_M)
    return height if not _is_hidden(raised, point.reshape(1, 3), scene)[0] else None


def _is_hidden(view: View, xyz_m: FloatArray, scene: Scene) -> BoolArray:
    return np.asarray(_blockers(view, xyz_m, scene)[0] != CLEAR)


def _blockers(view: View, xyz_m: FloatArray, scene: Scene) -> tuple[IntArray, FloatArray]:
    return blockers_of(view, np.ascontiguousarray(xyz_m, float), scene)
