"""Decide what may be disclosed of who sees a spot: one rule for command line, window and tables of points.

On protected ground a camera tells whether and how sharply it sees, and no more: no distance, no reason, nothing of what stands
between. Once a camera is silent about one of the points that are asked it is about all: else the points without
distance are a drawing of the place. Of places that are told of by block alone (``core/protection/undisclosed.py``) a grid of
single questions would draw one all the same; a camera within reach of such a block is silent whatever is asked, and
densities come down to their class.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera import View
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.undisclosed import untold_blocks
from lhasaplan.core.results.assessment import DENSITY_BANDS_PX_M


class Hush(IntEnum):
    """How silent a camera is: not at all, about all but seen and density, about all but seen and the class of density."""

    NONE = 0
    DENSITY = 1
    CLASS = 2


@dataclass(frozen=True, slots=True)
class Witness:
    """What one camera can see of a spot.

    ``certainty`` is certain, possible or not; ``density_px_m`` is (low, high), equal when certain, 0 when not seen.
    ``distance_m`` is None, ``reason`` and ``blocker_id`` are empty where they may not be told.
    """

    camera_id: str
    certainty: str
    density_px_m: tuple[float, float]
    distance_m: float | None = None
    reason: str = ""
    blocker_id: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class SpotRule:
    """Where answers about spots are silent: on protected ground, and within reach of the blocks of untold places."""

    ground: ProtectedGround
    blocks: BaseGeometry

    @classmethod
    def of(cls, ground: ProtectedGround, crs: Crs) -> "SpotRule":
        """Return the rule of a city."""
        return cls(ground, untold_blocks(ground.places, crs))

    def guarded(self, xyz_m: FloatArray) -> BoolArray:
        """Return which points lie on protected ground; shape (P,)."""
        if not self.ground.places:
            return np.zeros(len(xyz_m), bool)
        return self.ground.covers_points(xyz_m[:, 0], xyz_m[:, 1])

    def is_near_blocks(self, views: Sequence[View]) -> bool:
        """Say whether a camera's views reach ground of which it is silent whatever is asked."""
        lens = shapely.points([(view.x_m, view.y_m) for view in views])
        reach_m = np.array([view.range_m for view in views])
        return bool(len(views)) and bool((shapely.distance(lens, self.blocks) <= reach_m).any())

    def hush(self, views: Sequence[View], guarded: BoolArray) -> Hush:
        """Return how silent a camera is about all the points that it is asked about.

        Parameters
        ----------
        guarded : which of the points within its reach lie on protected ground.
        """
        if self.is_near_blocks(views):
            return Hush.CLASS
        return Hush.DENSITY if guarded.any() else Hush.NONE


def told(witness: Witness, hush: Hush) -> Witness:
    """Return what may be told of an answer."""
    if hush is Hush.NONE:
        return witness
    low, high = witness.density_px_m if hush is Hush.DENSITY else (class_of(each) for each in witness.density_px_m)
    return replace(witness, density_px_m=(low, high), distance_m=None, reason="", blocker_id="")


def class_of(density_px_m: float) -> float:
    """Return the lower bound of the class of a density.

    >>> class_of(124.9), class_of(24.0), class_of(300.0)
    (62.5, 0.0, 250.0)
    """
    return max((band for band in DENSITY_BANDS_PX_M if band <= density_px_m), default=0.0)


def in_order(witnesses: Sequence[tuple[Witness, Hush]]) -> tuple[Witness, ...]:
    """Return what may be told of a spot, the sharpest view first, then the nearest.

    A silent camera that does not see is left out: that it is asked at all would tell that it is near. What it tells is in
    order of its id, not of what it does not tell.
    """
    rank = {"certain": 0, "possible": 1, "not": 2}
    found = [told(each, hush) for each, hush in witnesses if hush is Hush.NONE or each.certainty != "not"]
    away = {id(each): -1.0 if each.distance_m is None else each.distance_m for each in found}
    return tuple(sorted(found, key=lambda w: (rank[w.certainty], -w.density_px_m[1], away[id(w)], w.camera_id)))
