"""Make tags, identifiers and one layer of the rows of a vector file: what its columns mean, which heights they hold."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.crs import counts_in_feet
from lhasaplan.core.model.camera_fields import keys_where
from lhasaplan.core.model.layer import Layer
from lhasaplan.core.site.terrain import ROOF_KEY
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import BESIDE, ORDER, LayerSpec, LayerSpecs
from lhasaplan.io.maps.layer_cleaning import (
    as_places,
    count_nowhere,
    named,
    remarks_on_unread,
    rings_closed,
    with_second_columns,
)
from lhasaplan.io.maps.map_file import ReadFeatures
from lhasaplan.io.osm.cameras import CameraTags
from lhasaplan.io.parse.cell_values import number
from lhasaplan.io.parse.raw_import import SHAPES, RawImport, first_ids, ids_of_shapes
from lhasaplan.io.parse.tags import tags_of_rows
from lhasaplan.io.tables.camera_table import cameras_from
from lhasaplan.io.tables.columns import folded, load_columns, understand, unit_of, without_unit
from lhasaplan.io.tables.positions import Positions
from lhasaplan.io.tables.table_rows import TextRow, TextTable, reported_with

CAMERA_SIGNS = keys_where(lambda each: each.tells_camera)
UNCLEAR = (
    "it is not clear what the layer {layer} is; say what the file holds (“Content of the file”, or --as): "
    "buildings, roads, places, areas, trees or cameras"
)
NO_POINT = "each row of this table stands at a point; this feature has none"
_ID_FIELDS = ("@id", "full_id", "id", "osm_id", "osm_way_id", "gml_id", "globalid", "objectid", "fid", "编号")
_SHAPES = {
    "buildings": ("polygon",),
    "areas": ("polygon",),
    "surveys": ("polygon",),
    "roads": ("line", "polygon"),
    "cameras": ("point",),
    BESIDE: ("line", "polygon"),
}
_LENGTHS = ("height", "min_height", ROOF_KEY, "roof:height", "width", "diameter_crown", "circumference")
_CUT = 10  # a Shapefile cuts the name of a column to so many letters
_NO_HEIGHTS = (
    "no column of these buildings is read as height or storeys, so heights are assumed by kind; the columns are: {columns}"
)
_BLANK = "the column {column} holds no height for any of the {count} buildings, so heights are assumed by kind"
_SAME = "all {count} buildings have {value} in the column {column}; is that a measured height, or one that was filled in?"
_TELLING = 10  # of fewer buildings the same height says nothing
_FEET = (
    "these coordinates are in feet, and the heights of the column {column} were taken as metres; "
    "if they are feet too, name it height_ft"
)


def keys_meant(headings: Iterable[str], keys: Iterable[str]) -> dict[str, str]:
    """Return heading -> tag key for each heading that is a key in other letters, or a key as a Shapefile cuts it.

    >>> keys_meant(["AMENITY", "addr_flats", "social_fac", "ref"], ["addr:flats", "amenity", "ref", "social_facility"])
    {'AMENITY': 'amenity', 'addr_flats': 'addr:flats', 'social_fac': 'social_facility'}
    """
    written = sorted(keys, key=len, reverse=True)  # of two keys that are cut alike the shorter one is meant
    known = {folded(key[:_CUT]): key for key in written} | {folded(key): key for key in written}
    meant = {heading: known.get(folded(heading), "") for heading in headings}
    return {heading: key for heading, key in meant.items() if key and key not in headings}


def rows_as_tags(features: ReadFeatures) -> list[dict[str, str]]:
    """Return the cells that are not blank as tags, columns of many tags taken apart."""
    if not features.columns:
        return [{} for _ in range(len(features))]
    return tags_of_rows(features.headings, features.columns)


def records(features: ReadFeatures, read: Callable[..., RawImport]) -> RawImport:
    """Return what the rows of a layer of points are read as."""
    rows = zip(*features.columns, strict=True) if features.columns else iter([()] * len(features))
    table = TextTable(
        features.file, features.headings, tuple(TextRow(n, tuple(row)) for n, row in enumerate(rows, start=1)), "feature"
    )
    points = shapely.get_type_id(features.geometry) == 0
    faults = [Fault(NO_POINT, table.where(table.rows[i])) for i in np.flatnonzero(~points)]
    xy = shapely.get_coordinates(features.geometry[points])
    standing = replace(table, rows=tuple(row for row, is_point in zip(table.rows, points, strict=True) if is_point))
    with reported_with(faults):
        return read(standing, positions=Positions(tuple((float(x), float(y)) for x, y in xy), features.crs))


def one_layer(features: ReadFeatures, spec: LayerSpec, specs: LayerSpecs | None = None) -> RawImport:
    """Return all features as the layer of the spec; those of a geometry that it cannot take are counted in a remark.

    Of a layer of grounds a closed line is one. What is protected and cannot be taken is a place, where ``specs`` are given.
    """
    tags = rows_as_tags(features)
    is_ground = _SHAPES.get(spec.name) == ("polygon",)
    geometry = rings_closed(features.geometry, itertools.repeat(is_ground, len(features)))
    shapes = [SHAPES.get(type_id, "") for type_id in shapely.get_type_id(geometry).tolist()]
    allowed = _SHAPES.get(spec.name, ("point", "line", "polygon"))
    keep = [index for index, shape in enumerate(shapes) if shape in allowed]
    names = _meanings(features.headings, spec)
    tagged = _tagging(names, spec)
    rows = tuple([tagged(tags[index], shapes[index]) for index in keep])
    if specs is not None:
        rows = with_second_columns(rows, [h for h in features.headings if names.get(h) not in spec.columns], spec, specs)
    ids = ids_of(features)
    layer = Layer(spec.name, ids[keep], geometry[keep], rows)
    remarks = (*_left_out(features, shapes, allowed, spec.name), *_on_heights(features, names, spec.name))
    if specs is not None:
        where = Where(features.file, item=features.layer)
        remarks += remarks_on_unread(features.headings, features.columns, names, specs, where, spec.name)
    if specs is None or len(keep) == len(features):
        return RawImport((layer,), crs=features.crs, remarks=remarks)
    rest = sorted(set(range(len(features))) - set(keep))
    meant = {row: tagged(tags[row], shapes[row]) for row in rest}
    places = as_places(((str(ids[row]), geometry[row], meant[row]) for row in rest), specs)
    unread = sum(geometry[row] is None and specs.protects(meant[row]) for row in rest)
    return RawImport((layer, *places), crs=features.crs, remarks=remarks, unread=unread)


def _on_heights(features: ReadFeatures, names: Mapping[str, str], name: str) -> tuple[Fault, ...]:
    """Return a remark where buildings bring no heights, or bring numbers that may be feet as their coordinates are."""
    if name != "buildings":
        return ()
    meant = {names.get(heading, heading): heading for heading in features.headings}
    where = Where(features.file, item=features.layer)
    if not {"height", "building:levels", ROOF_KEY}.intersection(meant):
        columns = ", ".join(features.headings) or "-"
        return (Fault(_NO_HEIGHTS, where, {"columns": columns}),)
    if reported := _on_same_heights(features, [meant[key] for key in ("height", "building:levels") if key in meant]):
        return (reported,)
    heading = meant.get("height", "")
    if not heading or unit_of(heading) or not counts_in_feet(features.crs):
        return ()
    return (Fault(_FEET, where, {"column": heading}),)


def _on_same_heights(features: ReadFeatures, headings: Sequence[str]) -> Fault | None:
    """Return a remark where no building has a height, or all have the same."""
    cells = dict(zip(features.headings, features.columns, strict=True))
    words = {"column": ", ".join(headings), "count": len(features)}
    if not any(value for heading in headings for value in cells[heading]):
        return Fault(_BLANK, Where(features.file, item=features.layer), words)
    values = set(cells[headings[0]])
    if len(features) < _TELLING or len(values) > 1 or not number(next(iter(values))):  # 0 is told building by building
        return None
    words = {"column": headings[0], "count": len(features), "value": values.pop()}
    return Fault(_SAME, Where(features.file, item=features.layer), words)


def _left_out(features: ReadFeatures, shapes: Sequence[str], allowed: Sequence[str], name: str) -> tuple[Fault, ...]:
    """Return a remark on features of another shape than the layer takes; those without any are told by the reader of the file."""
    if set(shapes) <= {"", *allowed}:
        return ()
    others = [str(each) for each, shape in zip(rows_as_ids(features), shapes, strict=True) if shape and shape not in allowed]
    text = "{count} features have no geometry that the layer {layer} can take and were left out: {ids}"
    return (named(text, name, others, features.file),)


def _meanings(headings: Sequence[str], spec: LayerSpec) -> dict[str, str]:
    """Return heading -> tag key for the headings that mean one; the earliest synonym wins, after it a key in other letters."""
    by_text = {name(heading): heading for name in (without_unit, folded) for heading in reversed(headings)}
    names: dict[str, str] = {}
    for key, synonyms in spec.columns.items():
        heading = next((by_text[folded(each)] for each in (key, *synonyms) if folded(each) in by_text), None)
        if heading is not None and heading not in names:
            names[heading] = key
    return keys_meant(headings, spec.keep) | names


def _tagging(names: Mapping[str, str], spec: LayerSpec) -> Callable[[Mapping[str, str], str], dict[str, str]]:
    """Return what makes the tags of a feature, of its cells and its kind of shape."""
    lengths = load_columns()["range_m"].others
    factors = {heading: lengths.get(unit_of(heading)) if key in _LENGTHS else None for heading, key in names.items()}
    is_as_written = all(heading == key and factors[heading] is None for heading, key in names.items())
    are_buildings = spec.name == "buildings"

    def tagged(tags: Mapping[str, str], shape: str) -> dict[str, str]:
        renamed = {**spec.default.get(shape, {}), **tags}
        if not is_as_written:
            renamed |= {names[key]: _in_metres(value, factors[key]) for key, value in tags.items() if key in names}
        if are_buildings and "height" in renamed:
            renamed.setdefault("source:height", "table")
        return renamed

    return tagged


def _in_metres(value: str, factor: float | None) -> str:
    """Return a length in metres where its heading names another unit, as ``HEIGHT_FT`` does; anything else as it is."""
    length = None if factor is None else number(value)
    return value if factor is None or length is None else f"{length * factor:.6g}"


def ids_of(features: ReadFeatures) -> ObjectArray:
    """Return stable ids: those of the file where one column holds a different one for each feature, else made from the ground."""
    known = _known_ids(features)
    if known is None:
        rows = list(map("\x1f".join, zip(*features.columns, strict=True))) or [""] * len(features)
        known = ids_of_shapes(features.geometry, rows)
    return _in_file(features, known)


def rows_as_ids(features: ReadFeatures) -> ObjectArray:
    """Return what remarks call features by: ids of the file, else the number of the row, which a person finds there."""
    known = _known_ids(features)
    return _in_file(features, features.fids if known is None else known)


def _known_ids(features: ReadFeatures) -> Sequence[object] | None:
    """Return the ids that the file gives its features; None where it counts its rows alone."""
    for field in _ID_FIELDS:
        column = next((c for h, c in zip(features.headings, features.columns, strict=True) if h.casefold() == field), None)
        if column is not None and all(column) and len(set(column)) == len(column):
            return column
    first = min(features.fids, default=0)
    is_count = first in (0, 1) and sorted(features.fids) == list(range(first, first + len(features.fids)))
    return None if is_count or features.counts_rows else features.fids


def _in_file(features: ReadFeatures, ids: Sequence[object]) -> ObjectArray:
    prefix = features.stem if features.layer == features.stem else f"{features.stem}/{features.layer}"
    return np.array([text if "/" in text else f"{prefix}/{text}" for text in map(str, ids)], object)


def sorted_by_tags(features: ReadFeatures, specs: LayerSpecs) -> RawImport:
    """Return layers and cameras of features that their tags sort one by one, as in OpenStreetMap."""
    tags, keys = rows_as_tags(features), keys_meant(features.headings, specs.keep())
    tags = [{keys.get(key, key): value for key, value in row.items()} for row in tags] if keys else tags
    if "building" in {*features.headings, *keys.values()}:
        beside = [key for heading in features.headings if (key := keys.get(heading, heading)) != "building"]
        tags = list(with_second_columns(tuple(tags), beside, specs["buildings"], specs))
    geometry = rings_closed(features.geometry, (specs["buildings"].match.matches(each) for each in tags))
    shapes = [SHAPES.get(int(type_id), "") for type_id in shapely.get_type_id(geometry)]
    is_camera = [shape != "" and specs["cameras"].match.matches(each) for shape, each in zip(shapes, tags, strict=True)]
    is_other = [
        not seen or specs.protects(each) for seen, each in zip(is_camera, tags, strict=True)
    ]  # a school with a camera's tag
    claims = [specs.claim(tags[i], shapes[i]) if is_other[i] else None for i in range(len(tags))]
    if not any(is_camera) and not any(claims):
        return _cameras_if_said(features)
    layers = []
    ids = ids_of(features)
    for name in ORDER[1:]:
        keep = [index for index, spec in enumerate(claims) if spec is not None and spec.name == name]
        if name == BESIDE:
            keep = [i for i in range(len(tags)) if not is_camera[i] and specs[BESIDE].takes(tags[i], shapes[i])]
        if keep:
            layers.append(Layer(name, ids[keep], geometry[keep], tuple(specs[name].kept(tags[i]) for i in keep)))
    reader = CameraTags(specs["cameras"], features.file)
    cameras = [
        camera
        for i in np.flatnonzero(is_camera)
        if not specs["cameras"].skip.matches(tags[i])
        for camera in reader.cameras(str(ids[i]), features.geometry[i].centroid, specs["cameras"].kept(tags[i]), "")
    ]
    for each, seen in zip(tags, is_camera, strict=True):
        if not seen or specs["cameras"].skip.matches(each):
            reader.leave_out(each)
    unclaimed = [ids[i] for i, spec in enumerate(claims) if spec is None and not is_camera[i]]
    text = "{count} features of {layer} belong to no layer and were left out ({ids})"
    words = {"count": len(unclaimed), "layer": features.layer, "ids": first_ids(unclaimed)}
    rest = [Fault(text, Where(features.file), words)] if unclaimed else []
    unread = count_nowhere(geometry, tags, specs)
    where = Where(features.file, item=features.layer)
    left = remarks_on_unread(features.headings, features.columns, keys, specs, where)
    return RawImport(tuple(layers), tuple(cameras), features.crs, remarks=(*reader.remarks, *rest, *left), unread=unread)


def _cameras_if_said(features: ReadFeatures) -> RawImport:
    points_only = len(features) > 0 and bool((shapely.get_type_id(features.geometry) == 0).all())
    if points_only and any(name in understand(features.headings, load_columns()).known for name in CAMERA_SIGNS):
        return records(features, cameras_from)
    raise InputError(Fault(UNCLEAR, Where(features.file), {"layer": features.layer}))
