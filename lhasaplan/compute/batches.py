"""Cut views into batches that stand close together, each with the points that it can reach."""

from collections.abc import Sequence

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, IntArray
from lhasaplan.core.base.batching import batches
from lhasaplan.core.model.camera import View

SLACK_M = 1.0


def batches_of(views: Sequence[View], size: int) -> list[IntArray]:
    """Return the numbers of the views, neighbours along a Z curve together, in batches of at most ``size``."""
    return batches(np.array([(view.x_m, view.y_m) for view in views], float).reshape(-1, 2), size)


def points_for(batches: Sequence[Sequence[View]], xyz_m: FloatArray) -> list[IntArray]:
    """Return, for each batch, the numbers of the points in the box around its ranges, in rising order."""
    order = np.argsort(xyz_m[:, 0], kind="stable")
    sorted_x = xyz_m[order, 0]
    return [_near(views, xyz_m, order, sorted_x) for views in batches]


def _near(views: Sequence[View], xyz_m: FloatArray, order: IntArray, sorted_x: FloatArray) -> IntArray:
    reach = np.array([(view.x_m, view.y_m, view.range_m + SLACK_M) for view in views])
    low, high = (reach[:, :2] - reach[:, 2:]).min(axis=0), (reach[:, :2] + reach[:, 2:]).max(axis=0)
    strip = order[np.searchsorted(sorted_x, low[0]) : np.searchsorted(sorted_x, high[0], side="right")]
    return np.sort(strip[(xyz_m[strip, 1] >= low[1]) & (xyz_m[strip, 1] <= high[1])])
