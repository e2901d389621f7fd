"""Public ground: streets, squares and public car parks, without what is built on."""

from collections.abc import Iterator, Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import FloatArray, ObjectArray
from lhasaplan.core.base.geometry_repair import valid
from lhasaplan.core.base.progress import Progress, no_progress, watched
from lhasaplan.core.city.streets import SHIPPED, StreetWidths, is_public, open_ways, surfaces
from lhasaplan.core.model.layer import Layer, Tags

# The squares and ways that adjoin a place of worship: part of its protected ground within 25 m.

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


# Where doors are: the points that the map has as entrances.

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


_NOT_GROUND = frozenset({"underground", "multi-storey", "rooftop", "carports", "garage_boxes", "sheds"})


def public_ground(
    layers: Mapping[str, Layer], within: BaseGeometry | None = None, widths: StreetWidths = SHIPPED
) -> BaseGeometry:
    """Return the public ground of a city as one shape.

    Streets are as wide as their tags or their class say, pavements included; ways closed to the public do not count.

    Parameters
    ----------
    within : only ground that touches this is looked at, the whole city when None.
    """
    ground = np.concatenate([surfaces(*open_ways(layers, widths, public_only=True)), squares(layers), _car_parks(layers)])
    built = layers["buildings"].geometry if "buildings" in layers else np.empty(0, object)
    if within is not None:
        shapely.prepare(within)
        ground, built = ground[shapely.intersects(within, ground)], built[shapely.intersects(within, built)]
    return _without(shapely.union_all(ground), built)


def is_public_car_park(tags: Tags) -> bool:
    """Say whether a feature is a car park under the sky that the public may use."""
    return tags.get("amenity") == "parking" and is_public(tags) and tags.get("parking", "surface") not in _NOT_GROUND


def _car_parks(layers: Mapping[str, Layer]) -> ObjectArray:
    found = [
        geometry
        for layer in layers.values()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if "amenity" in tags and is_public_car_park(tags) and shapely.get_dimensions(geometry) == 2
    ]
    return np.array([*found, None], object)[:-1]


def _without(ground: BaseGeometry, built: ObjectArray) -> BaseGeometry:
    """Cut the buildings out that touch the ground; footprints are made valid first."""
    if ground.is_empty or len(built) == 0:
        return ground
    shapely.prepare(ground)
    touching = built[shapely.intersects(ground, built)]
    return shapely.difference(ground, shapely.union_all(shapely.make_valid(touching))) if len(touching) else ground
