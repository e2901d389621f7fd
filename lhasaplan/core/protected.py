"""Protected places: found by kinds, never by religion; graded in audits, never demand, gap or proposal."""

from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.arrays import FloatArray, IntArray, ObjectArray


class ProtectedClass(StrEnum):
    """The only two classes that outputs may name; ``use_unknown`` is protected for proposals, at most a note in grading."""

    HOME = "home"
    PROTECTED = "protected"
    USE_UNKNOWN = "use_unknown"


@dataclass(frozen=True, eq=False, slots=True)
class ProtectedPlace:
    """One protected place. Kind and source stay inside the program; no output carries them (RULES.md).

    ``frontage`` are the outline lines that are sampled by storey; ``ground`` is footprint plus mapped grounds;
    ``building`` is an index into the buildings, -1 for ground without one; ``top_m`` the height of the frontage.
    """

    protected_id: str
    cls: ProtectedClass
    ground: BaseGeometry
    frontage: BaseGeometry | None
    building: int = -1
    top_m: float = 0.0


@dataclass(frozen=True, eq=False, slots=True)
class ProtectedSamples:
    """Points on frontage (every 2 m, at 1.5 m and each storey) and ground of protected places.

    Parameters
    ----------
    place : int array, shape (S,); index into ``places``.
    xyz_m : shape (S, 3).
    length_m : shape (S,); metres of frontage a sample stands for (0 for ground samples).
    column : int array, shape (S,); samples above each other on one stretch of frontage share a number.
    surface : object array, shape (S,); ``frontage`` or ``ground``.
    """

    places: tuple[ProtectedPlace, ...]
    place: IntArray
    xyz_m: FloatArray
    length_m: FloatArray
    column: IntArray
    surface: ObjectArray
