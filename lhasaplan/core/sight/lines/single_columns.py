"""Densities of a few views at fixed points, as columns of a matrix; the points are sorted once for all changes."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.model.camera import View
from lhasaplan.core.sight.lens.view_columns import columns_of
from lhasaplan.core.sight.lines.pair_masks import hidden_pairs
from lhasaplan.core.sight.obstacles.point_grid import Targets
from lhasaplan.core.sight.obstacles.scene import Scene

Seen = tuple[IntArray, FloatArray]


def seen_columns(views: Sequence[View], xyz_m: FloatArray, targets: Targets, scene: Scene) -> list[Seen]:
    """Return, for each view, the points that it sees, ascending, and their densities in px/m, after masks.

    Parameters
    ----------
    xyz_m : shape (P, 3).
    targets : the same points, sorted by :func:`lhasaplan.core.sight.obstacles.point_grid.sort_targets`.
    """
    from lhasaplan.core.sight.lines.sight_lines import pairs_with  # noqa: PLC0415  (numba is loaded when it is first needed)

    if not views:
        return []
    columns = columns_of(views)
    seen = pairs_with(columns, targets, scene, no_progress)
    shown = np.flatnonzero(~hidden_pairs(views, columns, xyz_m, (seen.views, seen.points), scene))
    shown = shown[np.lexsort((seen.points[shown], seen.views[shown]))]
    points, density = seen.points[shown], seen.density[shown]
    ends = np.searchsorted(seen.views[shown], np.arange(len(views) + 1)).tolist()
    return [(points[a:b], density[a:b]) for a, b in pairwise(ends)]
