"""Where the line from a lens to a point is blocked, and from which height the lens would see over what blocks it."""

import math
from dataclasses import dataclass, replace

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lines.pairs import SightReason, explain
from lhasaplan.core.sight.obstacles.scene import Scene

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
    from lhasaplan.core.sight.lines.sight_lines import blockers_of  # noqa: PLC0415  (numba is loaded when it is first needed)

    return blockers_of(view, np.ascontiguousarray(xyz_m, float), scene)
