"""Count what trees and hoardings alone keep from being covered, in leaf and without leaves."""

import numpy as np

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.progress import Progress
from lhasaplan.core.context.audit_context import AuditContext, certain_views
from lhasaplan.core.sight import Scene


def behind_trees(context: AuditContext, xyz_m: FloatArray, progress: Progress) -> tuple[int, int]:
    """Return how many points operating cameras would show but for trees and hoardings, and how many of them when leafless.

    Parameters
    ----------
    xyz_m : shape (D, 3), heights above the datum.
    """
    if context.in_leaf is context.rooms or not len(xyz_m):
        return 0, 0
    hidden = np.flatnonzero(_shown(context, xyz_m, context.rooms, progress) & ~_shown(context, xyz_m, context.in_leaf, progress))
    return len(hidden), int(_shown(context, xyz_m[hidden], context.leafless, progress).sum())


def _shown(context: AuditContext, xyz_m: FloatArray, scene: Scene, progress: Progress) -> BoolArray:
    """Return which points the certain view of an operating camera shows; shape (D,)."""
    used = certain_views(context, planned=False)
    views = tuple(view for view, use in zip(context.view_table.views, used, strict=True) if use)
    if not views or not len(xyz_m):
        return np.zeros(len(xyz_m), bool)
    density = context.sight.densities(views, xyz_m, scene, progress=progress)
    return np.asarray(np.diff(density.indptr) > 0)
