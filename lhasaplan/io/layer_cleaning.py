"""Join the layers of a file and make their polygons valid, saying what was left out."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lhasaplan.core.heights import HeightRules, has_ground, polygonal, remarks_on_buildings
from lhasaplan.core.layer import Layer
from lhasaplan.errors import Fault
from lhasaplan.io.found import Found

_GROUND = ("buildings", "areas")  # layers whose features must have an area


def merged(founds: Sequence[Found]) -> list[Layer]:
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
    """Return buildings and areas as valid polygons with an area, with remarks on footprints and heights."""
    if layer.name not in _GROUND:
        return layer, ()
    polygons = polygonal(layer.geometry)
    keep = np.flatnonzero(has_ground(polygons))
    kept = Layer(layer.name, layer.ids[keep], polygons[keep], tuple(layer.tags[index] for index in keep))
    if layer.name != "buildings":
        return kept, ()
    return kept, remarks_on_buildings(replace(layer, geometry=polygons), rules, file)
