"""Public ground: streets, squares and public car parks, without what is built on."""

from collections.abc import Mapping

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.city.forecourts import squares
from lhasaplan.core.city.street_widths import SHIPPED, StreetWidths, is_public, open_ways, surfaces
from lhasaplan.core.model.layer import Layer, Tags

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
