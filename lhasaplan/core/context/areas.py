"""In which districts, or any polygons of the layer ``areas``, a camera or a part lies."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray
from lhasaplan.core.city.area_hierarchy import Area, ancestors, labels, read_areas
from lhasaplan.core.model.layer import Layer, empty_layer
from lhasaplan.core.model.tag_conditions import is_drawn
from lhasaplan.core.protection.ground import ProtectedGround
from lhasaplan.core.protection.kind_types import ProtectedKinds

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


class NamedAreas:
    """The areas of a city that lend their names; which these are is found out once, when it is first asked."""

    def __init__(self, layer: Layer | None, kinds: ProtectedKinds, ground: ProtectedGround) -> None:
        self._layer, self._kinds, self._ground = layer, kinds, ground

    def names(self, geometries: Sequence[shapely.Geometry]) -> tuple[tuple[str, ...], ...]:
        """Return, for each geometry, the sorted names of the areas that it touches, and of those that these are part of.

        An area without a name shows its id; of areas with one name each stands behind what it is part of.
        """
        if self._layer is None or not len(self._layer) or not len(geometries):
            return tuple(() for _ in geometries)
        tree, names = self._found
        found: list[set[str]] = [set() for _ in geometries]
        which, touched = tree.query(list(geometries), predicate="intersects")
        for g, each in zip(which.tolist(), touched.tolist(), strict=True):
            found[g].update(names[each])
        return tuple(tuple(sorted(each)) for each in found)

    @cached_property
    def _found(self) -> tuple[shapely.STRtree, list[tuple[str, ...]]]:
        layer = self._layer if self._layer is not None else empty_layer("areas")
        polygon = np.flatnonzero(is_district(layer, self._kinds, self._ground) & (shapely.get_dimensions(layer.geometry) == 2))
        return shapely.STRtree(layer.geometry[polygon]), _names_upwards(read_areas(layer, polygon.tolist()))


def _names_upwards(areas: Sequence[Area]) -> list[tuple[str, ...]]:
    """Return the name of each area and of all that it is part of."""
    by_id, named = {area.area_id: area for area in areas}, labels(areas)
    label = {area.area_id: name for area, name in zip(areas, named, strict=True)}
    upwards = ([label[each.area_id] for each in ancestors(area, by_id)] for area in areas)
    return [(name, *above) for name, above in zip(named, upwards, strict=True)]
