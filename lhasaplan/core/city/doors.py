"""Where doors are: the points that the map has as entrances."""

from collections.abc import Mapping

import numpy as np
import shapely

from lhasaplan.core.base.arrays import FloatArray
from lhasaplan.core.model.layer import Layer, Tags

_NO_DOOR = frozenset({"", "no"})


def doors_of(layers: Mapping[str, Layer]) -> FloatArray:
    """Return the points that the map has as entrances or doors, each once; shape (n, 2)."""
    points = [
        shapely.get_coordinates(geometry)[0]
        for layer in layers.values()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if _is_door(tags) and geometry is not None and geometry.geom_type == "Point" and not geometry.is_empty
    ]
    return np.unique(np.array(points, float).reshape(-1, 2), axis=0)


def _is_door(tags: Tags) -> bool:
    return tags.get("entrance", "") not in _NO_DOOR or tags.get("door", "") not in _NO_DOOR
