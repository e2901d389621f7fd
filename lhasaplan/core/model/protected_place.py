"""Protected places: found by kinds, never by religion; graded in audits, never demand, gap or proposal."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray

BEFORE_M = 0.05  # a wall is looked at so far before its line, so that it does not hide itself


class ProtectedClass(StrEnum):
    """The classes that outputs may name.

    ``use_unknown`` is protected for proposals and at most a note in grading; ``dwelling_likely`` is a building of unknown use
    that house numbers, entrances or its name tell of: protected for proposals, at most due in grading, and never a home.
    """

    HOME = "home"
    PROTECTED = "protected"
    DWELLING_LIKELY = "dwelling_likely"
    USE_UNKNOWN = "use_unknown"

    @property
    def is_known(self) -> bool:
        """Whether the map or a person says what it is; the use of the others is unknown."""
        return self not in (ProtectedClass.DWELLING_LIKELY, ProtectedClass.USE_UNKNOWN)


@dataclass(frozen=True, eq=False, slots=True)
class ProtectedPlace:
    """One protected place. Kind and source stay inside the program; no output carries them.

    ``frontage`` are the outline lines that are sampled by storey; ``ground`` is footprint plus mapped grounds;
    ``building`` is an index into the buildings, -1 for ground without one; ``top_m`` the height of the frontage.

    Frontage lines run with the building on their left; ``frontage_heights_m`` gives (base, top) of each line, empty when all
    have 0 and ``top_m``; ``frontage_buildings`` the building of each line, empty when all are of ``building``.
    ``open_ground`` is the ground outside every footprint, None when there is none. ``buildings`` are all buildings of the
    place, ``kinds`` and ``sources`` what it was found by: for the guard only, no output carries them. Nothing of a
    ``hides_people`` place is drawn.
    """

    protected_id: str
    cls: ProtectedClass
    ground: BaseGeometry
    frontage: BaseGeometry | None
    building: int = -1
    top_m: float = 0.0
    open_ground: BaseGeometry | None = None
    frontage_heights_m: tuple[tuple[float, float], ...] = ()
    frontage_buildings: tuple[int, ...] = ()
    buildings: tuple[int, ...] = ()
    kinds: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    hides_people: bool = False
    street: BaseGeometry | None = None  # of its ground what crossings and stops may lie on (``core/demand/outdoor_parts.py``)
    drawn: bool = False  # by a user: on no map, so that outputs must not even tell how far it is


@dataclass(frozen=True, eq=False, slots=True)
class ProtectedWalls:
    """The walls of protected places, each straight, and their open ground: what cameras are asked about.

    Parameters
    ----------
    place : int array, shape (W,); index into ``places``.
    ends_m : shape (W, 4); x, y of both ends, the building on the left.
    building : int array, shape (W,); the building whose wall it is, -1 where none is known.
    base_m, top_m : shape (W,); above the datum.
    ground_m : shape (W,); the ground before the wall, above the datum.
    above_m : shape (W, 2); base and top above the ground, as the town on level ground has them.
    ground_place : int array, shape (G,).   ground : polygons, shape (G,), within reach.
    """

    places: tuple[ProtectedPlace, ...]
    place: IntArray
    ends_m: FloatArray
    building: IntArray
    base_m: FloatArray
    top_m: FloatArray
    ground_m: FloatArray
    above_m: FloatArray
    ground_place: IntArray
    ground: ObjectArray

    def __len__(self) -> int:
        return len(self.place)

    def lines_of(self, walls: IntArray) -> tuple[FloatArray, FloatArray]:
        """Return the first end of some walls as they are looked at, a little before their line, and the unit vector along each.

        Both have shape (N, 2).
        """
        if len(walls) > len(self):  # pieces of the same walls: each wall is worked out once
            start, along = self.lines_of(np.arange(len(self)))
            return np.take(start, walls, axis=0), np.take(along, walls, axis=0)
        along = self.direction_of(walls)
        return np.asarray(self.ends_m[walls, :2] + BEFORE_M * np.column_stack((along[:, 1], -along[:, 0])), float), along

    def direction_of(self, walls: IntArray) -> FloatArray:
        """Return the unit vector along some walls, shape (N, 2)."""
        along = self.ends_m[walls, 2:] - self.ends_m[walls, :2]
        return np.asarray(along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-12)[:, None], float)
