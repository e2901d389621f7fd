"""Read GeoPackage, Shapefile (zipped too), GeoJSON and FlatGeobuf: attributes become tags, points become cameras."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import shapely

from lhasaplan.core.model.layer import Layer
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import ORDER, LayerSpec, LayerSpecs
from lhasaplan.io.maps.completeness import check_collection, check_lines, check_places, check_whole, in_utf8, remarks_on_more
from lhasaplan.io.maps.layer_cleaning import (
    CLOSED,
    SHAPELESS,
    as_places,
    named,
    of_one_kind,
    with_layer_kind,
)
from lhasaplan.io.maps.layer_crs import NO_HOME, Home, in_true_system, in_wgs84
from lhasaplan.io.maps.map_file import ReadFeatures, check_views, layer_names, opened, read_features, tables_without_shapes
from lhasaplan.io.maps.vector_rows import (
    CAMERA_SIGNS,
    UNCLEAR,
    ids_of,
    keys_meant,
    one_layer,
    records,
    rows_as_ids,
    rows_as_tags,
    sorted_by_tags,
)
from lhasaplan.io.parse.file_check import CHOSEN
from lhasaplan.io.parse.raw_import import RawImport
from lhasaplan.io.tables.camera_table import baseline_from, cameras_from, signs_from
from lhasaplan.io.tables.columns import folded
from lhasaplan.io.tables.table_rows import Note, notes_of

_SERVED = (".geojson", ".json", ".gml", ".kml")  # forms in which servers answer
# Tables that are read row by row, never guessed: what stands in them is said with --as.
RECORDS: Mapping[str, Callable[..., RawImport]] = {"baseline": baseline_from, "signs": signs_from}

_LEFT_UNREAD = (
    "the layer {layer} was left out, for it is not clear what it is; "
    "if it is wanted, read it as {file}|layername={layer} and say what it holds (“Content of the file”, or --as)"
)


def read_vector(
    path: Path,
    specs: LayerSpecs,
    kind: str | None = None,
    home: Home = NO_HOME,
    datum: str = "",
) -> tuple[RawImport, ...]:
    """Return what each layer of the file holds, in the layer's own coordinates.

    A layer of which it is not clear what it is is left out with a remark when others are clear.
    A layer becomes what ``kind`` says, else what its name or the file's says, else what its tags say feature by feature
    (as in OpenStreetMap), else cameras where a column says so.

    Parameters
    ----------
    path : the file; ``city.gpkg|layername=houses`` reads that layer alone.
    home : the system of layers that do not say theirs, and where the project lies.
    datum : what the caller says of shifts, empty for nothing.

    Raises
    ------
    InputError
        The file cannot be read, a layer has no coordinate system, or it is not clear of any what it is (all such layers).
    """
    file, _, wanted = str(path).partition(CHOSEN)
    notes = notes_of(Path(file))
    with opened(Path(file)) as source, in_utf8(source) as (readable, remarks):
        layers, others = _wanted_layers(readable, specs, kind, wanted)
        systems = home.crs or home.project_crs
        counted: list[int] = []
        features = (partial(_counted, counted, readable, layer, systems) for layer in layers)
        found = layers_as(features, specs, kind, Reading(home, notes, datum))
        said = (*remarks, *others, *_compared(readable, sum(counted), is_whole=not others))
    return (*found, RawImport(remarks=said)) if said else found


def _counted(counts: list[int], path: Path, layer: str, systems: str) -> ReadFeatures:
    found = read_features(path, layer, systems)
    counts.append(len(found))
    return found


def _compared(path: Path, count: int, is_whole: bool) -> tuple[Fault, ...]:
    """Hold the number of features that were read against what stands in the file, and against what its server says."""
    suffix = path.suffix.casefold()
    if suffix == ".geojsonl":
        check_lines(path, count)
    elif suffix in {".geojson", ".json"}:
        check_collection(path, count)
    return remarks_on_more(path, count) if is_whole and suffix in _SERVED else ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of all layers of a file: where it belongs, what is said of its positions beside it, and by the caller."""

    home: Home = NO_HOME
    notes: tuple[Note, ...] = ()
    datum: str = ""


def layers_as(
    layers: Iterable[Callable[[], ReadFeatures]], specs: LayerSpecs, kind: str | None, reading: Reading
) -> tuple[RawImport, ...]:
    """Return what each layer holds; what is not clear is left out with a remark where others are clear.

    Parameters
    ----------
    layers : read one layer each, so that what is wrong with one is reported together with what is wrong with the others.

    Raises
    ------
    InputError
        All that is wrong with any layer, or every layer where it is not clear of any what it is.
    """
    found: list[RawImport] = []
    unclear: list[Fault] = []
    faults: list[Fault] = []
    for read in layers:
        try:
            found.append(_layer_as(read(), specs, kind, reading))
        except InputError as error:
            (unclear if all(fault.template == UNCLEAR for fault in error.faults) else faults).extend(error.faults)
    if faults or (unclear and not any(bool(each.cameras) or any(len(layer) for layer in each.layers) for each in found)):
        raise InputError(*faults, *unclear)
    rest = tuple(Fault(_LEFT_UNREAD, fault.where, {**fault.params, "file": fault.where.file}) for fault in unclear)
    return (*found, RawImport(remarks=rest)) if rest else tuple(found)


def _layer_as(layer: ReadFeatures, specs: LayerSpecs, kind: str | None, reading: Reading) -> RawImport:
    reported, said, is_wgs84 = in_wgs84(layer, reading.notes, reading.datum)
    features, doubts = in_true_system(reported, reading.home)
    read = _found(features, specs, kind)
    every = (*features.remarks, *_on_shapes(features), *_guess(features), *doubts, *said, *read.remarks)
    return replace(read, remarks=every, is_wgs84=is_wgs84)


def _wanted_layers(path: Path, specs: LayerSpecs, kind: str | None, wanted: str) -> tuple[list[str], tuple[Fault, ...]]:
    """Return the layer that was asked for, else those called as the kind is, else all; and remarks that name the others."""
    check_views(path)
    check_whole(path)
    check_places(path)
    names = layer_names(path)
    if wanted and wanted not in names:
        text = "there is no layer {layer}; the file has {names}"
        raise InputError(Fault(text, Where(path.name), {"layer": wanted, "names": ", ".join(names)}))
    named_so = [name for name in names if kind in ORDER and is_called(name, specs[kind])]
    if wanted:
        return [wanted], ()
    chosen = named_so or names
    return chosen, _others(path, str(kind), chosen, [name for name in names if name not in chosen])


def _others(path: Path, kind: str, chosen: Sequence[str], others: Sequence[str]) -> tuple[Fault, ...]:
    """Return remarks on the layers that are not read, by name."""
    where, bare = Where(path.name), tables_without_shapes(path)
    text = "only the layers {layers} are read as {kind}; these were left out: {others}"
    words = {"layers": ", ".join(chosen), "kind": kind, "others": ", ".join(others)}
    remarks = [Fault(text, where, words)] if others else []
    text = "these tables of the file have no shapes and were not read: {names}"
    return (*remarks, *([Fault(text, where, {"names": ", ".join(bare)})] if bare else []))


def is_called(name: str, spec: LayerSpec) -> bool:
    """Say whether a layer or a file has a name that this kind of layer goes by."""
    return folded(name) in {folded(each) for each in spec.file_names}


def _found(features: ReadFeatures, specs: LayerSpecs, kind: str | None) -> RawImport:
    if len(features) == 0:
        return RawImport(crs=features.crs)
    if kind is not None and kind in RECORDS:
        return records(features, RECORDS[kind])
    features = with_layer_kind(features, specs, kind, (*CAMERA_SIGNS, "man_made"))
    name = kind if kind in ORDER else _kind_by_name(features, specs)
    if name == "cameras" and "man_made" in features.headings:  # exported from OpenStreetMap: tags, not a camera table
        return replace(sorted_by_tags(features, specs), layers=())
    if name == "cameras":
        return records(features, cameras_from)
    whole, left = of_one_kind(features.geometry)
    main = replace(features, geometry=whole)
    found = sorted_by_tags(main, specs) if name is None else one_layer(main, specs[name], specs)
    return replace(found, layers=(*found.layers, *_left_parts(features, left, specs))) if left else found


def _left_parts(features: ReadFeatures, left: Sequence[tuple[int, shapely.Geometry]], specs: LayerSpecs) -> tuple[Layer, ...]:
    """Return the lesser parts of mixed collections as places where they are protected: the gate beside a school's ground."""
    tags, ids = rows_as_tags(features), ids_of(features)
    keys = keys_meant(features.headings, specs.keep())
    rows = ((f"{ids[row]}/{n}", part, {keys.get(k, k): v for k, v in tags[row].items()}) for n, (row, part) in enumerate(left, 1))
    return as_places(rows, specs)


def _on_shapes(features: ReadFeatures) -> list[Fault]:
    """Return remarks on the features whose rings were closed, and on those without a shape, by id."""
    reported = ((CLOSED, features.closed), (SHAPELESS, np.flatnonzero(shapely.is_missing(features.geometry)).tolist()))
    if not any(rows for _, rows in reported):
        return []
    ids = [str(each) for each in rows_as_ids(features)]
    return [named(text, features.layer, [ids[index] for index in rows], features.file) for text, rows in reported if rows]


def _guess(features: ReadFeatures) -> tuple[Fault, ...]:
    if len(features) == 0:
        return ()
    if features.is_taken_from_caller:
        text = "the layer {layer} does not say its coordinate system; it is read in {crs}"
        return (Fault(text, Where(features.file), {"layer": features.layer, "crs": features.crs}),)
    if not features.is_guessed:
        return ()
    text = "the layer {layer} does not say its coordinate system; it is read as longitude and latitude"
    return (Fault(text, Where(features.file), {"layer": features.layer}),)


def _kind_by_name(features: ReadFeatures, specs: LayerSpecs) -> str | None:
    for called in (features.layer, features.stem):
        for name in ORDER:
            if is_called(called, specs[name]):
                return name
    return None
