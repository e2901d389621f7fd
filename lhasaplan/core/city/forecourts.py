"""The squares and ways that adjoin a place of worship: part of its protected ground within 25 m."""

from collections.abc import Iterator, Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.geometry_repair import valid
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.street_widths import open_ways, surfaces
from lhasaplan.core.model.layer import Layer

STEP = "protected"
WAYS_A_STEP = 500


def squares(layers: Mapping[str, Layer]) -> ObjectArray:
    """Return the areas mapped as squares."""
    found = [
        geometry
        for layer in layers.values()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if tags.get("place") == "square" and geometry is not None and shapely.get_dimensions(geometry) == 2
    ]
    return np.array([*found, None], object)[:-1]


class Forecourts:
    """Finds the part of squares, streets and paths that lies close to a ground; nothing is prepared until it is asked."""

    def __init__(self, layers: Mapping[str, Layer], progress: Progress = no_progress) -> None:
        self._layers, self._progress = layers, progress
        self._surfaces: ObjectArray | None = None
        self._tree: shapely.STRtree | None = None

    def before(self, ground: BaseGeometry, within_m: float) -> BaseGeometry:
        """Return the squares and ways within that distance of the ground; empty when it is 0."""
        if within_m <= 0:
            return shapely.Polygon()
        if self._tree is None or self._surfaces is None:
            self._surfaces = valid(np.concatenate([*self._ways(), squares(self._layers)]))
            self._tree = shapely.STRtree(self._surfaces)
        near = shapely.buffer(ground, within_m)
        found = self._surfaces[self._tree.query(near, predicate="intersects")]
        return shapely.union_all(shapely.intersection(found, near)) if len(found) else shapely.Polygon()

    def _ways(self) -> Iterator[ObjectArray]:
        """Yield the surfaces of streets and paths, some at a time."""
        shapes, widths_m = open_ways(self._layers)
        steps = np.array_split(np.arange(len(shapes)), len(shapes) // WAYS_A_STEP + 1)
        yield from (surfaces(shapes[part], widths_m[part]) for part in watched(steps, self._progress, STEP, every=1))
