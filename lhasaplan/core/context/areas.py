"""In which districts, or any polygons of the layer ``areas``, a camera or a part lies."""

from collections.abc import Sequence

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.model.drawn_tags import is_drawn
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.recognition.kind_types import ProtectedKinds

# Of so small an area it is asked whether it is a protected place without its tags; a quarter is larger.
SITE_M2 = 100_000.0
MOST_PROTECTED = 0.5


def is_district(layer: Layer, kinds: ProtectedKinds, ground: ProtectedGround | None = None) -> BoolArray:
    """Tell which features of a layer may lend their name: none that is a protected place; shape (n,).

    It is one by its tags, because a user drew it, or where ``ground`` is known because most of it lies on one.
    """
    index = kinds.index()
    named = np.array([not is_drawn(tags) and not index.names(tags) for tags in layer.tags], bool)
    small = named & (shapely.get_dimensions(layer.geometry) == 2) & (shapely.area(layer.geometry) <= SITE_M2)
    if ground is not None and ground.places:
        for row in np.flatnonzero(small).tolist():
            named[row] = ground.share_of(layer.geometry[row], known_only=True) <= MOST_PROTECTED
    return named


def area_names(
    layer: Layer | None, geometries: Sequence[shapely.Geometry], kinds: ProtectedKinds, ground: ProtectedGround
) -> tuple[tuple[str, ...], ...]:
    """Return, for each geometry, the sorted names of the areas that it touches; an area without a name shows its id."""
    if layer is None or not len(layer) or not len(geometries):
        return tuple(() for _ in geometries)
    names = [tags.get("name") or str(feature) for tags, feature in zip(layer.tags, layer.ids, strict=True)]
    polygon = np.flatnonzero(is_district(layer, kinds, ground) & (shapely.get_dimensions(layer.geometry) == 2))
    which, area = shapely.STRtree(layer.geometry[polygon]).query(list(geometries), predicate="intersects")
    found: list[set[str]] = [set() for _ in geometries]
    for g, p in zip(which.tolist(), polygon[area].tolist(), strict=True):
        found[g].add(names[p])
    return tuple(tuple(sorted(each)) for each in found)
