"""Places, the parts of them that must be seen, and the points that sample a part."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, IntArray

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
    min_views: int = 1
    min_share: float = 0.9


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
