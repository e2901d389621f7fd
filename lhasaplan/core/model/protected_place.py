"""Protected places: found by kinds, never by religion; graded in audits, never demand, gap or proposal."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray


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
        """Whether the map or a person says what it is; of the others nobody knows the use."""
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
    ``discreet`` place is drawn.
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
    discreet: bool = False
    street: BaseGeometry | None = None  # of its ground what crossings and stops may lie on (``core/demand/street_parts.py``)
    drawn: bool = False  # by a user: on no map, so that outputs must not even tell how far it is


@dataclass(frozen=True, eq=False, slots=True)
class ProtectedSamples:
    """Points on frontage (every 2 m, at 1.5 m and each storey) and ground of protected places.

    Parameters
    ----------
    place : int array, shape (S,); index into ``places``.
    xyz_m : shape (S, 3).
    length_m : shape (S,); metres of frontage a sample stands for (0 for ground samples).
    column : int array, shape (S,), ascending; samples above each other on one stretch of frontage share a number, lowest first.
    building : int array, shape (S,); the building whose frontage it is, -1 for ground.
    direction : shape (S, 2); unit vector along the wall, building on the left; zero for ground.
    """

    places: tuple[ProtectedPlace, ...]
    place: IntArray
    xyz_m: FloatArray
    length_m: FloatArray
    column: IntArray
    building: IntArray
    direction: FloatArray

    @property
    def surface(self) -> ObjectArray:
        """Return what each sample lies on, shape (S,): ``frontage`` or ``ground``."""
        return np.where(self.length_m > 0.0, "frontage", "ground").astype(object)

    def at(self, rows: IntArray) -> "ProtectedSamples":
        """Return some of the samples, in ascending order of their rows; columns keep their numbers."""
        return ProtectedSamples(
            self.places,
            np.take(self.place, rows),
            np.take(self.xyz_m, rows, axis=0),
            np.take(self.length_m, rows),
            np.take(self.column, rows),
            np.take(self.building, rows),
            np.take(self.direction, rows, axis=0),
        )
