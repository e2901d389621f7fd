"""Geometry of an assessment as GeoJSON in longitude and latitude."""

import json
from functools import partial

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.base.crs import Crs

DIGITS = 7  # about 1 cm


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
        plain = geometry.simplify(max(simplify_m, self._least_m)) if simplify_m else geometry
        plain = shapely.force_2d(plain)
        return None if plain.is_empty else shapely.transform(plain, partial(self._coordinates, self._crs))

    def geojson(self, geometry: BaseGeometry | None, simplify_m: float = 0.0) -> dict[str, object] | None:
        """Return the geometry as GeoJSON, or ``None``."""
        turned = self.geometry(geometry, simplify_m)
        if turned is None:
            return None
        shape: dict[str, object] = json.loads(shapely.to_geojson(turned))
        return shape

    def _coordinates(self, crs: Crs, xy: FloatArray) -> FloatArray:
        lon, lat = crs.to_lonlat(xy[:, 0], xy[:, 1])
        pairs: FloatArray = np.column_stack([lon, lat])
        return np.round(pairs, self._digits)
