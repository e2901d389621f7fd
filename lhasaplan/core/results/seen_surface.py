"""Values that answers are made of: withheld or unknown ones, surfaces in view, where a plan lies."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeVar

from shapely.geometry.base import BaseGeometry

# Three values of what an output says: a value, unknown, or withheld at this level.
#
# What a level of disclosure withholds must never read as if there were none: writers ask :func:`disclosed` before they call
# anything absent.

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Withheld:
    """In the place of a value that is withheld; it says nothing of whether there is one."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stands for a value that was not recorded or computed."""


WITHHELD, UNKNOWN = Withheld(), Unknown()
Disclosed: TypeAlias = Value | Withheld | Unknown


class Matter(StrEnum):
    """What a level may withhold, of all cameras and parts together."""

    RECORD = "record"  # of a camera: name, kind, mount, height, direction, lens, range, purpose, retention, sign, dates, prices
    CONTROLLERS = "controllers"  # which controller has which camera
    MASKS = "masks"  # those on record and those to be set
    RESPONSIBLE = "responsible"  # who answers for a confirmed part, and its name
    REASONS = "reasons"  # what a part is asked for, on what evidence, and who confirmed it
    SERVED = "served"  # which camera shows which part, what a part would lose, why a point is not seen
    SERVICE = "service"  # changes that were tried out to serve a part
    OPTIONS = "options"  # what changes or takes down cameras, and which of them can go together
    AREAS = "areas"  # in which area a camera or a part lies
    PEOPLE = "people"  # who decided, confirmed or declared
    SOURCES = "sources"  # where a record comes from, and the journal


# What leads to a camera, a place or a person: cut where positions are coarse (report/redaction.py).
COARSE = frozenset(Matter)


def disclosed(value: Value | None, matter: Matter, withheld: frozenset[Matter]) -> Disclosed[Value]:
    """Return a value as an output may say it; None, an empty text and an empty list are unknown.

    >>> disclosed("City", Matter.CONTROLLERS, frozenset()), disclosed("", Matter.CONTROLLERS, frozenset())
    ('City', Unknown())
    >>> disclosed("", Matter.CONTROLLERS, frozenset({Matter.CONTROLLERS}))
    Withheld()
    """
    if matter in withheld:
        return WITHHELD
    is_there = value is not None and (not hasattr(value, "__len__") or len(value) > 0)
    return value if is_there and value is not None else UNKNOWN


# Where on Earth a plan lies, as outputs show it: its middle, the countries there and outlines round it.


@dataclass(frozen=True, eq=False, slots=True)
class Whereabouts:
    """The middle of a plan in degrees, the countries there as (code, name), its system, and outlines round it.

    ``outlines`` are lines in longitude and latitude inside ``box_deg`` (west, south, east, north).
    """

    lon: float
    lat: float
    countries: tuple[tuple[str, str], ...]
    system: str
    box_deg: tuple[float, float, float, float]
    outlines: BaseGeometry


# Counts of protected surfaces in view, by surface and height band.


# What a sighting rests on, and what a declaration, or imported ground, alone ends.
class SightingBasis(StrEnum):
    """Whether optics and direction of the camera are recorded, or assumed; recorded ones are reported first."""

    RECORDED = "recorded"
    ASSUMED = "assumed"


class Declared(StrEnum):
    """What of a record, or of imported terrain, can alone end a view."""

    RANGE = "range"
    MASK = "mask"
    HEIGHT = "height"
    PICTURE = "picture"
    INDOOR = "indoor"
    GROUND = "ground"  # of the imported terrain, not of a record: a pit or a bank that nobody has verified


@dataclass(frozen=True, slots=True)
class SeenSurface:
    """One surface of the protected places of a sighting: ``frontage`` in a height band, ``ground`` or ``entrance``.

    ``count`` is how many places show it, for entrances how many doors; ``length_m`` metres of frontage (0 for ground and
    doors). ``density_px_m`` is (low, high) of the sharpest sample, equal when recorded; ``nearest_m`` from the
    lens, None where an output must not tell it and of places where people hide.
    ``night_share`` is the share within the recorded range at night, by length of frontage, else by samples; None where that
    range is not recorded.
    """

    surface: str
    band: str
    count: int
    length_m: float
    density_px_m: tuple[float, float]
    nearest_m: float | None
    night_share: float | None


@dataclass(frozen=True, slots=True)
class SharpestSurface:
    """Where a sighting is sharpest on one surface, so that a reader can check it: each figure is of that surface alone.

    ``surface`` is ``ground_floor``, ``upper_floors`` or ``ground``. ``density_px_m`` is (low, high), equal when recorded; of
    frontage it is what a metre reaches. ``length_m`` are the metres of frontage at ``over_px_m`` or better (0 for ground).
    ``distance_m`` is the class (from, to) that the distance from the lens falls into, None to for the farthest; ``side`` the
    octant from true north (``n``, ``ne`` …). Both are withheld, None and empty, of places where people hide.
    """

    surface: str
    density_px_m: tuple[float, float]
    length_m: float
    over_px_m: float
    distance_m: tuple[float, float | None] | None
    side: str
