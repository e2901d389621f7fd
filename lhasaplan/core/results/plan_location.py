"""Where on Earth a plan lies, as outputs show it: its middle, the countries there and outlines round it."""

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry


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
