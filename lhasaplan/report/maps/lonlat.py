"""Geometry of an assessment in longitude and latitude."""

import json
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.crs import Crs

DIGITS = 7  # about 1 cm
# How much the area of what is simplified may differ; the tests allow a drawing more (test_report_map_areas.py).
AREA_SHARE, AREA_M2 = 0.008, 4.0


class Lonlat:
    """Turns geometry of one project CRS into longitude and latitude."""

    def __init__(self, authority: str, digits: int = DIGITS, least_m: float = 0.0) -> None:
        """Turn geometry; what is simplified at all is simplified by ``least_m`` at least."""
        self._digits, self._least_m = digits, least_m
        self._crs = Crs(authority) if authority else None

    def geometry(self, geometry: BaseGeometry | None, simplify_m: float = 0.0) -> BaseGeometry | None:
        """Return the geometry in longitude and latitude, ``None`` where there is none to show."""
        if geometry is None or geometry.is_empty or self._crs is None:
            return None
        plain = simplified(geometry, simplify_m, self._least_m) if simplify_m else geometry
        plain = shapely.force_2d(plain)
        return None if plain.is_empty else shapely.transform(plain, partial(self._coordinates, self._crs))

    def geojson(self, geometry: BaseGeometry | None) -> dict[str, object] | None:
        """Return the geometry as GeoJSON, or ``None``."""
        turned = self.geometry(geometry)
        if turned is None:
            return None
        shape: dict[str, object] = json.loads(shapely.to_geojson(turned))
        return shape

    def lines(self, lines: BaseGeometry | None) -> BaseGeometry | None:
        """Return lines; of many, those that go on in each other as one, and coarser."""
        if lines is None or lines.is_empty or not self._least_m:
            return self.geometry(lines)
        return self.geometry(shapely.line_merge(lines), self._least_m)

    def _coordinates(self, crs: Crs, xy: FloatArray) -> FloatArray:
        lon, lat = crs.to_lonlat(xy[:, 0], xy[:, 1])
        pairs: FloatArray = np.column_stack([lon, lat])
        return np.round(pairs, self._digits)


def simplified(geometry: BaseGeometry, least_m: float, most_m: float) -> BaseGeometry:
    """Return a shape with fewer corners, by ``most_m`` or as much less as keeps its area, by ``least_m`` at least."""
    step_m, most_off_m2 = max(most_m, least_m), max(AREA_M2, AREA_SHARE * geometry.area)
    while step_m > least_m:
        plain = geometry.simplify(step_m)
        if abs(plain.area - geometry.area) <= most_off_m2:
            return plain
        step_m /= 2.0
    return geometry.simplify(least_m)
