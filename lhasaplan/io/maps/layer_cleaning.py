"""Join the layers of a file, repair their polygons, leave out what is too large, and report both."""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, ObjectArray
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.building_heights import HeightRules, has_ground, polygonal, remarks_on_buildings
from lhasaplan.core.model.layer import Layer, take
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.limits import load_limits
from lhasaplan.io.parse.raw_import import RawImport

_FEW = 5  # ids that are named
CLOSED = marked("{count} outlines of the layer {layer} were not closed and were closed by a straight line; look at them: {ids}")
SHAPELESS = marked("{count} features of the layer {layer} have no shape that can be read and were left out: {ids}")
_CROSSING = marked("{count} outlines of the layer {layer} cross or touch themselves and were repaired; look at them: {ids}")
_STRAY_HOLE = marked(
    "{count} outlines of the layer {layer} have a hole outside of themselves, which counts as ground of its own; "
    "look at them: {ids}"
)
_NESTED_HOLE = marked(
    "{count} outlines of the layer {layer} have a hole within a hole, which counts as ground; look at them: {ids}"
)
_OVERLAID = marked(
    "{count} outlines of the layer {layer} have parts that lie on each other; what they share counts as ground once; "
    "look at them: {ids}"
)
_OTHER = marked("{count} outlines of the layer {layer} are no sound polygons and were repaired; look at them: {ids}")
# By how GEOS begins its reason.
_BY_REASON = {
    "Self-intersection": _CROSSING,
    "Ring Self-intersection": _CROSSING,
    "Hole lies outside shell": _STRAY_HOLE,
    "Holes are nested": _NESTED_HOLE,
    "Nested shells": _OVERLAID,
}


def on_broken(layer: Layer, is_valid: BoolArray, repaired: ObjectArray, file: str) -> tuple[Fault, ...]:
    """Return a remark for each way in which outlines of a layer are broken, with how many they are and the first ids.

    Parameters
    ----------
    is_valid : which outlines of the layer are sound.
    repaired : the outlines as they count; those that came to nothing are reported elsewhere.
    """
    broken = np.flatnonzero(~is_valid)
    broken = broken[shapely.area(repaired[broken]) > 0.0]
    by_text: dict[str, list[str]] = {}
    for index in broken:
        reason = str(shapely.is_valid_reason(layer.geometry[index])).partition("[")[0]
        by_text.setdefault(_BY_REASON.get(reason, _OTHER), []).append(str(layer.ids[index]))
    return tuple(named(text, layer.name, ids, file) for text, ids in by_text.items())


def named(text: str, layer: str, ids: Sequence[str], file: str) -> Fault:
    """Return a remark that counts features of a layer and names the first of them."""
    more = ["…"] if len(ids) > _FEW else []
    return Fault(text, Where(file), {"count": len(ids), "layer": layer, "ids": ", ".join([*ids[:_FEW], *more])})


STRAY = marked(
    "this feature of {layer} would be {size} km across, where {most} km is the most: its corner {corner} lies {away} km from the "
    "others; it was left out"
)
SCALED = marked(
    "this feature of {layer} would be {size} km across, where {most} km is the most; "
    "are the coordinates of the file in millimetres? it was left out"
)
REGION = marked(
    "this feature of {layer} would be {size} km across, where {most} km is the most; if it is the outline of a region, "
    "give it as areas; it was left out"
)
NOWHERE = marked("this feature of {layer} lies {size} km from where the coordinates begin, beyond the earth; it was left out")
_EARTH_M = 40_100_000.0  # once around it
_STRAY_SHARE = 0.25  # of its corners at most lie far from the others ...
_TOGETHER = 0.1  # ... and the others within this share of the most
_MILLIMETRES, _HOUSE_M = 1000.0, 200.0


def without_vast(layer: Layer, file: str) -> tuple[Layer, tuple[Fault, ...]]:
    """Return the layer (in metres) without what is larger than its kind may be, and a remark on each such feature."""
    limits = load_limits().outline
    most_m = limits.most_m.get(layer.name, limits.other_m)
    bounds = shapely.bounds(layer.geometry)
    with np.errstate(invalid="ignore", over="ignore"):
        across_m = np.hypot(bounds[:, 2] - bounds[:, 0], bounds[:, 3] - bounds[:, 1])
        is_off = np.abs(bounds).max(axis=1) > _EARTH_M
        is_vast = is_off | (across_m > most_m)
    if not is_vast.any():
        return layer, ()
    kept: BoolArray = ~is_vast
    return take(layer, kept), tuple(_reported(layer, row, most_m, file) for row in np.flatnonzero(is_vast).tolist())


def _reported(layer: Layer, row: int, most_m: float, file: str) -> Fault:
    xy, where = shapely.get_coordinates(layer.geometry[row]), Where(file, item=str(layer.ids[row]))
    size_m, far_m = float(np.hypot(*np.ptp(xy, axis=0))), float(np.abs(xy).max())
    words: dict[str, object] = {"layer": layer.name, "most": _km(most_m), "size": _km(size_m)}
    if (stray := _stray_corner(xy, most_m)) is not None:
        corner, away_m = stray
        return Fault(STRAY, where, {**words, "corner": corner + 1, "away": _km(away_m)})
    if far_m > _EARTH_M:
        return Fault(NOWHERE, where, {"layer": layer.name, "size": _km(far_m)})
    is_scaled = layer.name == "buildings" and size_m / _MILLIMETRES < _HOUSE_M
    return Fault(SCALED if is_scaled else REGION, where, words)


def _stray_corner(xy: np.ndarray, most_m: float) -> tuple[int, float] | None:
    """Return the corner that alone makes an outline so large, and how far it lies from the middle of the others."""
    with np.errstate(invalid="ignore", over="ignore"):
        away_m = np.hypot(*(xy - np.median(xy, axis=0)).T)
    far = np.flatnonzero(away_m > _TOGETHER * most_m)
    rest = np.delete(away_m, far)
    if not 0 < len(far) <= max(1.0, _STRAY_SHARE * len(xy)) or not len(rest):
        return None
    worst = int(np.argmax(away_m))
    return worst, float(away_m[worst])


def _km(metres: float) -> str:
    return f"{metres / 1000.0:,.0f}" if math.isfinite(metres) and metres >= 10_000.0 else f"{metres / 1000.0:.3g}"


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
    reported = on_broken(layer, is_valid, polygons, file)
    keep = np.flatnonzero(has_ground(polygons)).tolist()
    kept = Layer(layer.name, layer.ids[keep], polygons[keep], tuple([layer.tags[index] for index in keep]))
    if layer.name != "buildings":
        return kept, reported
    return kept, (*reported, *remarks_on_buildings(replace(layer, geometry=polygons), rules, file))


def _sound(geometry: ObjectArray, is_valid: BoolArray) -> ObjectArray:
    """Return shapes with broken outlines repaired; one that would become empty stays, so that no place is lost."""
    result = geometry.copy()
    outlines = np.flatnonzero((shapely.get_dimensions(result) == 2) & ~is_valid)
    repaired = polygonal(result[outlines])
    is_ground = shapely.area(repaired) > 0.0
    result[outlines[is_ground]] = repaired[is_ground]
    return result
