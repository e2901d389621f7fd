"""What is unusual about a camera as it is recorded: it stands in water, hangs very high, or looks very far."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import style
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, CameraClass, Status
from lhasaplan.core.model.layer import Layer
from lhasaplan.errors import Fault

IN_WATER = marked("This camera stands in water as the map has it. Please check its place.")
HIGH = marked(
    "A mount height of {value} m is unusual: cameras of this kind hang at {usual} m at most as a rule. Please check it."
)
FAR = marked("A range of {value} m is unusual: such cameras reach {usual} m at most as a rule. Please check it.")
FAR_AT_NIGHT = marked(
    "A range at night of {value} m is unusual: lights of such cameras reach {usual} m at most as a rule. Please check it."
)
TIMES = 3.0  # over what is usual before it is told
LEAST_HIGH_M = 30.0  # a facade or a roof is no oddity
CROSSING_M = 15.0  # from a bridge or a pier one stands over water on purpose
WALL_M = 1.0


def remarks_on(camera: Camera, usual: CameraClass, layers: Mapping[str, Layer]) -> tuple[Fault, ...]:
    """Return what is unusual about a camera that is not removed."""
    if camera.status is Status.REMOVED:
        return ()
    farthest = max(usual.range_m.narrow, usual.range_m.typical, usual.range_m.wide)
    highest = usual.mount_height_m.wide
    limits = (
        (camera.mount_height_m, max(TIMES * highest, LEAST_HIGH_M), highest, HIGH),
        (camera.range_m, TIMES * farthest, farthest, FAR),
        (camera.night_range_m, farthest, farthest, FAR_AT_NIGHT),
    )
    told = [
        Fault(text, params={"value": f"{value:g}", "usual": f"{most:g}"})
        for value, limit, most, text in limits
        if value is not None and value > limit
    ]
    is_wet = stands_in_water(camera.x_m, camera.y_m, layers)
    return (*([Fault(IN_WATER)] if is_wet else []), *told)


def stands_in_water(x_m: float, y_m: float, layers: Mapping[str, Layer]) -> bool:
    """Say whether a place lies in mapped water, and neither at a building nor on a bridge or a pier."""
    at, places = shapely.Point(x_m, y_m), layers.get("places")
    if places is None or not _is_near(_water_of(places), at, 0.0):
        return False
    others = ((layers.get("buildings"), _all_of, WALL_M), (layers.get("roads"), _crossings_of, CROSSING_M))
    is_on_something = any(layer is not None and _is_near(find(layer), at, away) for layer, find, away in others)
    return not is_on_something and not _is_near(_crossings_of(places), at, CROSSING_M)


def _is_near(tree: shapely.STRtree, at: BaseGeometry, away_m: float) -> bool:
    return bool(len(tree.query(at, predicate="dwithin", distance=away_m)))


@lru_cache(maxsize=1)
def _water_of(layer: Layer) -> shapely.STRtree:
    areas = [each for each, tags in _items(layer) if style.WATER_AREAS & tags.items() and shapely.get_dimensions(each) == 2]
    lines = [
        each.buffer(width / 2)
        for each, tags in _items(layer)
        for key, (_, width) in style.COVER_LINES.items()
        if key in tags.items() and shapely.get_dimensions(each) == 1
    ]
    return _tree([*areas, *lines])


@lru_cache(maxsize=1)
def _all_of(layer: Layer) -> shapely.STRtree:
    return _tree(list(layer.geometry))


@lru_cache(maxsize=2)
def _crossings_of(layer: Layer) -> shapely.STRtree:
    """Index bridges and piers."""
    return _tree([each for each, tags in _items(layer) if tags.get("bridge", "no") != "no" or tags.get("man_made") in _OVER])


_OVER = frozenset({"pier", "bridge", "breakwater"})


def _items(layer: Layer) -> Iterator[tuple[BaseGeometry, Mapping[str, str]]]:
    return zip(layer.geometry, layer.tags, strict=True)


def _tree(shapes: list[BaseGeometry]) -> shapely.STRtree:
    return shapely.STRtree(np.array(shapes, dtype=object))
