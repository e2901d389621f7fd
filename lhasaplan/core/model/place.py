"""Places, the parts of them that must be seen, the points that sample a part; and protected places, which are never demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated

import numpy as np
from annotated_types import Ge, Interval
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import BoolArray, FloatArray, IntArray, ObjectArray

# Protected places: found by kinds, never by religion; graded in audits, never demand, gap or proposal.

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

    @property
    def is_undisclosed(self) -> bool:
        """Say whether outputs tell no figure of it: people hide there by its kind, or a user drew it."""
        return self.hides_people or self.drawn


@dataclass(frozen=True, eq=False)  # no slots: what is worked out once lies beside the fields
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
        return np.take(self._starts_m, walls, axis=0), np.take(self.along, walls, axis=0)

    @cached_property
    def along(self) -> FloatArray:
        """Return the unit vector along each wall, shape (W, 2)."""
        along = self.ends_m[:, 2:] - self.ends_m[:, :2]
        return np.asarray(along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-12)[:, None], float)

    @cached_property
    def _starts_m(self) -> FloatArray:
        return np.asarray(self.ends_m[:, :2] + BEFORE_M * np.column_stack((self.along[:, 1], -self.along[:, 0])), float)

    @cached_property
    def rows(self) -> FloatArray:
        """Return the walls as sight takes them, shape (W, 7): ends, base and top above the datum, building."""
        return np.asarray(np.column_stack((self.ends_m, self.base_m, self.top_m, self.building)), float)

    @cached_property
    def level_rows(self) -> FloatArray:
        """Return the same in the town on level ground: base and top above the ground."""
        return np.asarray(np.column_stack((self.ends_m, self.above_m, self.building)), float)

    @cached_property
    def class_numbers(self) -> IntArray:
        """Return the class of each place as a number into ``ProtectedClass``; shape (places,)."""
        number = {cls: k for k, cls in enumerate(ProtectedClass)}
        return np.array([number[place.cls] for place in self.places], np.int64)

    @cached_property
    def hide_people(self) -> BoolArray:
        """Return of which places nothing is drawn; shape (places,)."""
        return np.array([place.hides_people for place in self.places], bool)

    @cached_property
    def are_undisclosed(self) -> BoolArray:
        """Return of which places outputs tell no figure; shape (places,)."""
        return np.array([place.is_undisclosed for place in self.places], bool)


# Places, the parts of them that must be seen, and the points that sample a part.


# The verdicts that a part may have.
class Verdict(StrEnum):
    """Verdicts of a part, from met to a gap, then those that are not measured: the one order that they have."""

    MET = "met"
    WEAK = "weak"  # seen, but not at the density that it needs
    PARTIAL = "partial"
    GAP = "gap"
    DECLARED = "declared"  # indoor, and a person says that it is served
    ASKED = "asked"  # the data lack the part
    EXCUSED = "excused"


NOT_MET = (Verdict.WEAK, Verdict.PARTIAL, Verdict.GAP)
UNMEASURED = (Verdict.DECLARED, Verdict.ASKED, Verdict.EXCUSED)


# Kinds of part that may lie on the open ground of a protected place of one kind: outside its footprint, the inside masked.
OUTDOOR_PARTS: Mapping[str, str] = {"bay": "health", "ambulance_bay": "health", "school_crossing": "school"}

DRAWN_SOURCE = "hand"  # of a part that a person drew, in place of a feature


@dataclass(frozen=True, slots=True)
class Required:
    """What a part asks for: the lowest density class that serves, from how many cameras, on which share."""

    density_px_m: float
    min_views: Annotated[int, Ge(1)] = 1
    min_share: Annotated[float, Interval(gt=0, le=1)] = 0.9


@dataclass(frozen=True, eq=False, slots=True)
class Part:
    """What of a place must be seen; a *candidate* until a person confirms it.

    ``shape`` is how it is sampled: ``point`` (half disc before a door), ``line`` (length as weight), ``area`` (area as
    weight). ``question`` is set when the data lack it (verdict ``asked``); ``indoor`` parts are declared by a person.
    ``rule`` names the rule of the pack that made it, ``source`` the feature. ``site`` is the ground of the whole place where
    that is mapped as an area, and always where there is a question: the geometry only says where to ask then.
    """

    part_id: str
    place_id: str
    name: str
    pack: str
    category: str
    kind: str
    shape: str
    geometry: BaseGeometry
    required: Required
    responsible: str = ""
    source: str = ""
    rule: str = ""
    indoor: bool = False
    question: str = ""
    target_height_m: float = 1.5
    spacing_m: float = 0.0  # of its demand points; 0 is the default of its shape
    site: BaseGeometry | None = None

    @property
    def alike(self) -> tuple[str, str, float, int, float]:
        """Return what parts must share that one reason may stand for: category, kind, and what they need."""
        return self.category, self.kind, self.required.density_px_m, self.required.min_views, self.required.min_share


@dataclass(frozen=True, eq=False, slots=True)
class Place:
    """One real thing, however many tags and features say so."""

    place_id: str
    name: str
    category: str
    pack: str
    sources: tuple[str, ...]
    geometry: BaseGeometry
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class HandMadePart:
    """A part that a person drew; it passes the same guard as any other."""

    part_id: str
    name: str
    category: str
    kind: str
    shape: str
    wkt: str
    density_px_m: float
    min_views: int
    min_share: float
    by: str
    date: str


@dataclass(frozen=True, eq=False, slots=True)
class Demand:
    """Points that sample confirmed parts.

    Parameters
    ----------
    parts : the confirmed parts, length P.
    part : int array, shape (D,); index into ``parts``.
    xyz_m : shape (D, 3); z is the target's height above the datum.
    weight : shape (D,); metres or square metres.
    """

    parts: tuple[Part, ...]
    part: IntArray
    xyz_m: FloatArray
    weight: FloatArray
