"""What is unusual about a camera as it is recorded: it stands in water, hangs very high, or looks very far."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera, CameraClass, Status
from lhasaplan.core.model.layer import Layer, Tags
from lhasaplan.core.rules.audit_policy import UnusualRules, WaterRules, has_any
from lhasaplan.errors import Fault, Where

IN_WATER = marked("According to the map this camera stands in water. Please check its place.")
IN_BUILDING = marked(
    "This camera is drawn inside a building. Its view is computed from the nearest outer wall, {moved} m away. "
    "Please check its place or its mount."
)
HIGH = marked("A mount height of {value} m is unusual: cameras of this kind rarely hang higher than {usual} m. Please check it.")
FAR = marked("A range of {value} m is unusual: such cameras rarely reach farther than {usual} m. Please check it.")
FAR_AT_NIGHT = marked(
    "A range at night of {value} m is unusual: the lights of such cameras rarely reach farther than {usual} m. Please check it."
)


def remarks_on(
    camera: Camera, usual: CameraClass, layers: Mapping[str, Layer], rules: UnusualRules, moved_m: float = 0.0
) -> tuple[Fault, ...]:
    """Return what is unusual about a camera that is not removed, each with the field that it is about.

    ``moved_m`` is how far sight had to move it to a facade: it was drawn so deep inside a building.
    """
    if camera.status is Status.REMOVED:
        return ()
    farthest = max(usual.range_m.narrow, usual.range_m.typical, usual.range_m.wide)
    highest, values = usual.mount_height_m.wide, rules.values
    limits = (
        ("mount_height_m", max(values.mount_height_times * highest, values.mount_height_least_m), highest, HIGH),
        ("range_m", values.range_times * farthest, farthest, FAR),
        ("night_range_m", values.night_range_times * farthest, farthest, FAR_AT_NIGHT),
    )
    reported = []
    for field, limit, most, text in limits:
        value = getattr(camera, field)
        if value is not None and value > limit:
            reported.append(Fault(text, Where(column=field), {"value": f"{value:g}", "usual": f"{most:g}"}))
    return (*_of_place(camera, layers, rules, moved_m), *reported)


def _of_place(camera: Camera, layers: Mapping[str, Layer], rules: UnusualRules, moved_m: float) -> Iterator[Fault]:
    """Give what is unusual about where a camera stands."""
    where = Where(column="x_m")
    if stands_in_water(camera.x_m, camera.y_m, layers, rules.water):
        yield Fault(IN_WATER, where)
    if moved_m > rules.values.inside_m:
        yield Fault(IN_BUILDING, where, {"moved": f"{moved_m:.1f}"})


def stands_in_water(x_m: float, y_m: float, layers: Mapping[str, Layer], rules: WaterRules) -> bool:
    """Say whether a place lies in mapped water, and neither at a building nor on a bridge or a pier."""
    at, places = shapely.Point(x_m, y_m), layers.get("places")
    if places is None or not _is_near(_water_of(places, rules), at, 0.0):
        return False
    buildings, crossed = layers.get("buildings"), (layers.get("roads"), places)
    is_at_building = buildings is not None and _is_near(_all_of(buildings), at, rules.building_m)
    crossings = (_crossings_of(layer, rules) for layer in crossed if layer is not None)
    return not is_at_building and not any(_is_near(tree, at, rules.crossing_m) for tree in crossings)


def _is_near(tree: shapely.STRtree, at: BaseGeometry, away_m: float) -> bool:
    return bool(len(tree.query(at, predicate="dwithin", distance=away_m)))


@lru_cache(maxsize=1)
def _water_of(layer: Layer, rules: WaterRules) -> shapely.STRtree:
    dimensions = shapely.get_dimensions(layer.geometry).tolist()
    rows = [(each, tags, dim) for (each, tags), dim in zip(_items(layer), dimensions, strict=True) if tags]
    areas = [each for each, tags, dim in rows if dim == 2 and has_any(tags, rules.areas)]
    widths_m = ((each, rules.width_m(tags)) for each, tags, dim in rows if dim == 1)
    return _tree([*areas, *(each.buffer(width_m / 2) for each, width_m in widths_m if width_m is not None)])


@lru_cache(maxsize=1)
def _all_of(layer: Layer) -> shapely.STRtree:
    return _tree(list(layer.geometry))


@lru_cache(maxsize=2)
def _crossings_of(layer: Layer, rules: WaterRules) -> shapely.STRtree:
    """Index bridges and piers."""
    return _tree([each for each, tags in _items(layer) if has_any(tags, rules.crossings)])


def _items(layer: Layer) -> Iterator[tuple[BaseGeometry, Tags]]:
    return zip(layer.geometry, layer.tags, strict=True)


def _tree(shapes: list[BaseGeometry]) -> shapely.STRtree:
    return shapely.STRtree(np.array(shapes, dtype=object))
