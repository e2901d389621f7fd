"""What a sighting rests on, and what a declaration, or imported ground, alone ends."""

from enum import StrEnum


class SightingBasis(StrEnum):
    """Whether optics and direction of the camera are recorded, or assumed; recorded ones are told first."""

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
