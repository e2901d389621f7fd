"""What each district has and all have together, every camera and part counted in one of them alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.changes.work import Work, cost_of
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.place import Part


@dataclass(frozen=True, slots=True)
class DistrictSum:
    """How many cameras stand in a district and how many parts lie in it.

    ``cost`` is None where a price is not stated, or prices are in several currencies; ``currency`` is empty where none is.
    """

    area: str  # empty of what lies in no district
    operating: int
    planned: int
    parts: int
    cost: float | None
    currency: str = ""


def sums_by_district(
    areas: Mapping[str, BaseGeometry], cameras: Sequence[Camera], parts: Sequence[Part], unit_prices: Mapping[Work, float]
) -> tuple[DistrictSum, ...]:
    """Return a row for each district, in their order, and one for what lies in none; the rows add up to the city.

    A camera belongs where it stands, a part where its middle lies; of districts that lie across each other the first counts.
    """
    names = list(areas)
    standing = [camera for camera in cameras if camera.status is not Status.REMOVED]
    at = [_place_of(shapely.Point(camera.x_m, camera.y_m), areas) for camera in standing]
    lying = [_place_of(part.geometry.representative_point(), areas) for part in parts]
    rows = []
    for name in (*names, ""):
        mine = [camera for camera, place in zip(standing, at, strict=True) if place == name]
        planned = [camera for camera in mine if camera.status is Status.PLANNED]
        cost = cost_of((), planned, unit_prices)
        total = cost.total if planned else 0.0
        rows.append(DistrictSum(name, len(mine) - len(planned), len(planned), lying.count(name), total, cost.currency))
    return tuple(rows)


def _place_of(point: BaseGeometry, areas: Mapping[str, BaseGeometry]) -> str:
    return next((name for name, area in areas.items() if area.intersects(point)), "")
