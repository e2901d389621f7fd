"""Join the layers of a file and make their polygons valid, saying what was left out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, ObjectArray
from lhasaplan.core.city.building_heights import HeightRules, has_ground, polygonal, remarks_on_buildings
from lhasaplan.core.model.layer import Layer
from lhasaplan.errors import Fault
from lhasaplan.io.maps.shape_remarks import on_broken
from lhasaplan.io.parse.raw_import import RawImport

_GROUND = ("buildings", "areas")  # layers whose features must have an area


def merged(founds: Sequence[RawImport]) -> list[Layer]:
    """Return one layer of each name, the features of later layers after those of earlier ones."""
    by_name: dict[str, list[Layer]] = {}
    for found in founds:
        for layer in found.layers:
            by_name.setdefault(layer.name, []).append(layer)
    return [alike[0] if len(alike) == 1 else _joined(alike) for alike in by_name.values()]


def _joined(alike: list[Layer]) -> Layer:
    return Layer(
        alike[0].name,
        np.concatenate([each.ids for each in alike]),
        np.concatenate([each.geometry for each in alike]),
        tuple(tags for each in alike for tags in each.tags),
    )


def cleaned(layer: Layer, rules: HeightRules, file: str) -> tuple[Layer, tuple[Fault, ...]]:
    """Return a layer with sound outlines, and remarks on what was broken; buildings and areas keep polygons with an area only."""
    is_valid = np.asarray(shapely.is_valid(layer.geometry), bool)
    if layer.name not in _GROUND:
        sound = _sound(layer.geometry, is_valid)
        return replace(layer, geometry=sound), on_broken(layer, is_valid, sound, file)
    polygons = polygonal(layer.geometry, is_valid)
    told = on_broken(layer, is_valid, polygons, file)
    keep = np.flatnonzero(has_ground(polygons)).tolist()
    kept = Layer(layer.name, layer.ids[keep], polygons[keep], tuple([layer.tags[index] for index in keep]))
    if layer.name != "buildings":
        return kept, told
    return kept, (*told, *remarks_on_buildings(replace(layer, geometry=polygons), rules, file))


def _sound(geometry: ObjectArray, is_valid: BoolArray) -> ObjectArray:
    """Return shapes with broken outlines repaired; one that would come to nothing stays, so that no place is lost."""
    result = geometry.copy()
    outlines = np.flatnonzero((shapely.get_dimensions(result) == 2) & ~is_valid)
    repaired = polygonal(result[outlines])
    is_ground = shapely.area(repaired) > 0.0
    result[outlines[is_ground]] = repaired[is_ground]
    return result
