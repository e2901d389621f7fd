"""Join and repair the layers of a file, and find what is protected beside what its kind and columns take."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import BoolArray, ObjectArray
from lhasaplan.core.base.geometry_repair import untangled
from lhasaplan.core.base.spelling import plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.city.building_heights import HeightRules, has_ground, polygonal, remarks_on_buildings
from lhasaplan.core.model.file_kinds import UNREAD_USE
from lhasaplan.core.model.layer import ABSENT, Layer, Tags, take
from lhasaplan.core.protection.minimum import KNOWN_USES
from lhasaplan.core.protection.protected_names import is_name
from lhasaplan.errors import Fault, Where
from lhasaplan.io.content.layer_spec import PLACES, LayerSpec, LayerSpecs
from lhasaplan.io.maps.map_file import ReadFeatures
from lhasaplan.io.parse.file_check import load_limits
from lhasaplan.io.parse.raw_import import RawImport, unwrapped
from lhasaplan.io.tables.columns import folded

# Find what is protected in a map beside what its kind and columns take: layer names, further columns, shapes no layer takes.

_TAG = "amenity"
_AROUND = re.compile(r"^(?:gis_)?(?:osm_)?|(?:_a)?(?:_free)?(?:_\d+)?$|\d+$")  # what extracts write round a name
_TOLD = ("cameras", "terrain", "trees", "poles", "floor_walls", "surveys", "baseline", "signs")


def with_layer_kind(features: ReadFeatures, specs: LayerSpecs, kind: str | None, signs: Sequence[str]) -> ReadFeatures:
    """Return features with what the name of their layer, or of their file, says of each of them.

    Extracts put places of worship into a layer of their own, where one column is the faith: that column and its number are
    dropped unread, and each feature is a place of worship. A layer called ``schools`` holds schools, whatever else it says.

    Parameters
    ----------
    signs : columns that say that a layer is one of cameras, whatever it is called.
    """
    if kind in _TOLD or not len(features) or {each.casefold() for each in features.headings} & {*signs}:
        return features
    for called in (features.layer, features.stem):
        name = _AROUND.sub("", plain(called))
        for value, (names, unread) in specs[PLACES].whole.items():
            if names.intersection(name.split("_")):
                return _with_tag(_without(features, unread), value)
        words = [word for word in name.split("_") if not word.isdigit()]
        value = next((run for n in range(len(words)) if specs.protects({_TAG: (run := "_".join(words[n:]))})), "")
        if value:
            return _with_tag(features, value)
    return features


def _without(features: ReadFeatures, unread: frozenset[str]) -> ReadFeatures:
    kept = [n for n, heading in enumerate(features.headings) if plain(heading) not in unread]
    return replace(
        features,
        headings=tuple(features.headings[n] for n in kept),
        columns=tuple(features.columns[n] for n in kept),
    )


def _with_tag(features: ReadFeatures, value: str) -> ReadFeatures:
    """Return features that are each what the name says, beside what their own column of that key says."""
    own = next((n for n, heading in enumerate(features.headings) if heading.casefold() == _TAG), None)
    if own is None:
        return replace(features, headings=(*features.headings, _TAG), columns=(*features.columns, [value] * len(features)))
    cells = [f"{text};{value}" if text else value for text in features.columns[own]]
    return replace(features, columns=(*features.columns[:own], cells, *features.columns[own + 1 :]))


_SAYS_LITTLE = "yes"
_NUMBER = re.compile(r"(?<=\D)\d{1,2}$")  # the second of a family of columns: usage_2, Nutzung 3


def with_second_columns(
    rows: tuple[dict[str, str], ...], headings: Iterable[str], spec: LayerSpec, specs: LayerSpecs
) -> tuple[dict[str, str], ...]:
    """Return the tags of rows with what ``headings``, which no key was taken from, say of protected places.

    A file has ``building`` and ``use``: a garage whose use is a home is both, whichever column comes first. So is one whose
    second or third use is (``use_2``), and a further use of a building that is no known one is reported beside the first.
    """
    keys = {folded(each): key for key, synonyms in spec.columns.items() for each in (key, *synonyms)}
    numbered = {heading: _NUMBER.sub("", folded(heading)) for heading in headings}
    beside = {heading: keys[family] for heading, family in numbered.items() if family in keys}
    further = frozenset(heading for heading in beside if numbered[heading] != folded(heading))
    return tuple(_with_protected(row, beside, further, specs) for row in rows) if beside else rows


def _with_protected(
    tags: dict[str, str], beside: Mapping[str, str], further: frozenset[str], specs: LayerSpecs
) -> dict[str, str]:
    for heading, key in beside.items():
        value = tags.get(heading, "")
        is_unknown = key == "building" and heading in further and value not in KNOWN_USES | ABSENT
        if value and (is_unknown or specs.protects({key: value})):
            said = tags.get(key, _SAYS_LITTLE)
            tags = {**tags, key: value if said == _SAYS_LITTLE else f"{said};{value}"}
    return tags


_ASKED_AS = ("building", "amenity", "class", "leisure", "landuse")  # under any of these the words would be read
_NO_PLACES = frozenset({"roads", "trees", "poles", "floor_walls", "surveys", "cameras", "terrain"})
_NO_USE = (
    "addr:", "note", "source", "operator", "owner", "wiki", "brand", "website", "url", "contact", "ref", "image", "religion",
    "denomination", "@id",
)  # fmt: skip
_EXAMPLES, _MOST_VALUES = 3, 20_000


def remarks_on_unread(  # noqa: PLR0917 - a layer as its reader has it
    headings: Sequence[str],
    columns: Sequence[Sequence[str]],
    meant: Mapping[str, str],
    specs: LayerSpecs,
    where: Where,
    layer: str = "",
) -> tuple[Fault, ...]:
    """Return a remark for each column with such words, with examples.

    Parameters
    ----------
    meant : heading -> tag key of the headings that were understood.
    layer : what the features became; streets and trees have no use.
    """
    if layer in _NO_PLACES:
        return ()
    read = specs.keep()
    asked = (
        (heading, values)
        for heading, values in zip(headings, columns, strict=True)
        if heading not in meant and heading not in read and not is_name(heading) and not heading.casefold().startswith(_NO_USE)
    )
    return tuple(
        Fault(UNREAD_USE, where, {"column": heading, "count": len(found), "examples": ", ".join(found[:_EXAMPLES])})
        for heading, values in asked
        if (found := list(_protected_words(heading, values, specs)))
    )


def _protected_words(heading: str, values: Sequence[str], specs: LayerSpecs) -> Iterator[str]:
    for value in sorted({value for value in values if value})[:_MOST_VALUES]:
        if not specs.protects({heading: value}) and any(specs.protects({key: value}) for key in _ASKED_AS):
            yield value


_COLLECTION, _LINE = 7, 1  # shapely type ids
_JOINED = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)  # by dimension
_LEAST_CORNERS = 4  # of a ring, the first one twice
Row = tuple[str, shapely.Geometry | None, Tags]


def as_places(rows: Iterable[Row], specs: LayerSpecs) -> tuple[Layer, ...]:
    """Return the rows that are protected as a layer of places; none where there is none."""
    kept = [row for row in rows if row[1] is not None and not row[1].is_empty and specs.protects(row[2])]
    if not kept:
        return ()
    ids, shapes = (np.array([*(row[column] for row in kept), None], object)[:-1] for column in (0, 1))
    return (Layer(PLACES, ids, unwrapped(shapes), tuple(row[2] for row in kept)),)


def count_nowhere(geometry: ObjectArray, tags: Sequence[Mapping[str, str]], specs: LayerSpecs) -> int:
    """Return how many protected features have no geometry."""
    return sum(specs.protects(tags[row]) for row in np.flatnonzero(shapely.is_missing(geometry)).tolist())


def count_left(layer: Layer, kept: Layer, specs: LayerSpecs) -> int:
    """Return how many protected features of a layer are not among those that are kept, as outlines without an area are not."""
    if len(kept) == len(layer):
        return 0
    left = Counter(layer.ids.tolist()) - Counter(kept.ids.tolist())
    return sum(left[identity] > 0 and specs.protects(tags) for identity, tags in zip(layer.ids, layer.tags, strict=True))


def of_one_kind(geometry: ObjectArray) -> tuple[ObjectArray, list[tuple[int, shapely.Geometry]]]:
    """Return mixed collections as their parts of the highest dimension, and the parts that this leaves out, by row."""
    result, left = geometry.copy(), []
    for row in np.flatnonzero(shapely.get_type_id(result) == _COLLECTION).tolist():
        parts = shapely.get_parts(shapely.get_parts(result[row]))
        dimension = shapely.get_dimensions(parts)
        result[row] = _JOINED[int(dimension.max())](parts[dimension == dimension.max()])
        lesser = range(int(dimension.max()))
        left += [(row, _JOINED[each](parts[dimension == each])) for each in lesser if (dimension == each).any()]
    return result, left


def rings_closed(geometry: ObjectArray, wanted: Iterable[bool]) -> ObjectArray:
    """Return lines that return to where they began as the ground within, where that is wanted; shape (n,)."""
    result = geometry.copy()
    is_ring = (shapely.get_type_id(geometry) == _LINE) & shapely.is_closed(geometry)
    is_ring &= (shapely.get_num_coordinates(geometry) >= _LEAST_CORNERS) & np.fromiter(wanted, bool, len(geometry))
    for row in np.flatnonzero(is_ring).tolist():
        ground = shapely.Polygon(shapely.get_coordinates(geometry[row]))
        result[row] = ground if shapely.is_valid(ground) else untangled(ground)
    return result


# Join the layers of a file, repair their polygons, leave out what is too large, and report both.

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
