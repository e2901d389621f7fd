"""Buildings with one changed: their numbers stay, so that views keep their own one."""

from typing import Any

import numpy as np
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.layer import Buildings


def with_building(
    before: Buildings, number: int, polygon: BaseGeometry, heights_m: tuple[float, float], building_id: str
) -> Buildings:
    """Return the buildings with one changed, or one more."""
    spare = [None] * (number + 1 - len(before))

    def put(column: Any, value: Any) -> Any:
        longer = np.concatenate((column, np.array(spare, column.dtype))) if spare else column.copy()
        longer[number] = value
        return longer

    same = number < len(before)
    name = before.ids[number] if same and not building_id else building_id
    tags = before.tags if same else (*before.tags, {})
    return Buildings(
        put(before.ids, name), put(before.polygons, polygon), put(before.base_m, heights_m[0]), put(before.top_m, heights_m[1]),
        put(before.height_source, "height"), tags,
    )  # fmt: skip
