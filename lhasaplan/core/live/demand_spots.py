"""Demand points of a live state, sorted by place, and arrays of objects."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.sight.obstacles.point_grid import Targets, sort_targets

SLACK_M = 1.0


@dataclass(frozen=True, eq=False, slots=True)
class Spots:
    """Demand points: xyz_m (P, 3), the density each needs (P,), and the points sorted by place (None without any)."""

    xyz_m: FloatArray
    needed_px_m: FloatArray
    targets: Targets | None

    def __len__(self) -> int:
        return len(self.needed_px_m)


def make_spots(xyz_m: FloatArray, needed_px_m: FloatArray) -> Spots:
    """Return demand points, sorted once."""
    xyz = np.asarray(xyz_m, float).reshape(-1, 3)
    return Spots(xyz, np.asarray(needed_px_m, float), sort_targets(xyz) if len(xyz) else None)


def objects(values: Sequence[Any]) -> ObjectArray:
    """Return values as an array of objects."""
    column = np.empty(len(values), object)
    for row, value in enumerate(values):
        column[row] = value
    return column


def full_of(value: Any, count: int) -> ObjectArray:
    """Return an array that holds one object many times."""
    column = np.empty(count, object)
    column.fill(value)
    return column
