"""In which districts, or any polygons of the layer ``areas``, a camera or a part lies."""

from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.closed import is_drawn
from lhasaplan.core.layer import Layer


def area_names(layer: Layer | None, geometries: Sequence[shapely.Geometry]) -> tuple[tuple[str, ...], ...]:
    """Return, for each geometry, the sorted names of the areas that it touches; an area without a name shows its id."""
    if layer is None or not len(layer) or not len(geometries):
        return tuple(() for _ in geometries)
    names = [tags.get("name") or str(feature) for tags, feature in zip(layer.tags, layer.ids, strict=True)]
    district = np.array([not is_drawn(tags) for tags in layer.tags], bool)  # a refuge is no district, and its name no output's
    polygon = np.flatnonzero(district & (shapely.get_dimensions(layer.geometry) == 2))
    which, area = shapely.STRtree(layer.geometry[polygon]).query(list(geometries), predicate="intersects")
    found: list[set[str]] = [set() for _ in geometries]
    for g, p in zip(which.tolist(), polygon[area].tolist(), strict=True):
        found[g].add(names[p])
    return tuple(tuple(sorted(each)) for each in found)
