"""Counts of protected surfaces in view, by surface and height band."""

from dataclasses import dataclass
from enum import StrEnum

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
