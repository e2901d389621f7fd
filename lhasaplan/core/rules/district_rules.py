"""When a district's plan differs from the city's, and how much round a district its file holds; ``data/districts.toml``."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DistrictRules:
    """Tolerances of the comparison, distance of cameras that may be one, and ground round the district."""

    moved_m: float = 1.0
    turned_deg: float = 2.0
    share: float = 0.01
    unasked_m2: float = 10.0
    near_m: float = 2.0
    around_m: float = 150.0
