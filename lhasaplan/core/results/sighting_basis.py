"""What a sighting rests on, and what a declaration alone ends."""

from enum import StrEnum


class SightingBasis(StrEnum):
    """Whether optics and direction of the camera are recorded, or assumed; recorded ones are told first."""

    RECORDED = "recorded"
    ASSUMED = "assumed"


class Declared(StrEnum):
    """What of a record can alone end a view."""

    RANGE = "range"
    MASK = "mask"
    HEIGHT = "height"
    PICTURE = "picture"
    INDOOR = "indoor"
