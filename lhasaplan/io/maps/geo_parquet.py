"""Read GeoParquet (geoparquet.org, 1.0 and 1.1), and the buildings and places of Overture Maps in it.

Overture's words become those of OpenStreetMap where these protect: a place whose category says church is one, whatever tag says
it. Lists of records (sources, addresses) are not read, and a remark names them.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError

from lhasaplan.core.base.crs import GEOGRAPHIC
from lhasaplan.core.base.plain_values import JsonObject
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.content.layer_spec import LayerSpecs
from lhasaplan.io.maps.layer_crs import Home
from lhasaplan.io.maps.map_file import ReadFeatures, crs_of, shapes_of
from lhasaplan.io.maps.vector_file import Reading, layers_as
from lhasaplan.io.parse.file_check import check_unpacked
from lhasaplan.io.parse.file_signatures import damaged
from lhasaplan.io.parse.raw_import import RawImport
from lhasaplan.io.tables.columns import is_unread
from lhasaplan.io.tables.table_file import cell_text

NO_SHAPES = marked(
    "this Parquet file says of no column that it holds shapes (GeoParquet); save the table as CSV with columns lon and lat, "
    "or the map as GeoPackage"
)
OTHER_SHAPES = marked(
    "the shapes of this GeoParquet file are written as {encoding}; save it with shapes as WKB, or as GeoPackage"
)
LISTS = marked("these columns hold lists of records and were not read: {names}")
BATCH_ROWS, CELL_BYTES = 65_536, 8  # a cell without anything takes so much
OVERTURE_NAMES = {
    "names.primary": "name",
    "num_floors": "building:levels",
    "roof_height": "roof:height",
    "roof_shape": "roof:shape",
}
NOT_TAGS = ("bbox.", "level", "version", "theme", "type", "confidence")  # of Overture: OpenStreetMap means other things by them
# Kinds of Overture that OpenStreetMap calls otherwise, where a word of it tells nothing by itself.
OVERTURE_WORDS: Mapping[str, tuple[str, str]] = {
    "education": ("building", "school"),
    "political_organization": ("office", "political_party"),
    "political_party_office": ("office", "political_party"),
    "media_news_company": ("office", "newspaper"),
    "newspaper": ("office", "newspaper"),
    "lawyer": ("office", "lawyer"),
    "legal_services": ("office", "lawyer"),
    "labor_union": ("office", "union"),
}
Columns = dict[str, list[str]]


def read_geo_parquet(path: Path, specs: LayerSpecs, kind: str | None, home: Home, datum: str) -> tuple[RawImport, ...]:
    """Return what the file holds, in its own coordinates.

    Raises
    ------
    InputError
        It is damaged, holds no shapes as WKB, or would unpack to more than the machine can bear.
    """
    try:
        with pq.ParquetFile(path) as file:
            meta = file.metadata
            packed = sum(meta.row_group(each).total_byte_size for each in range(meta.num_row_groups))
            check_unpacked(path, max(packed, CELL_BYTES * meta.num_rows * meta.num_columns))
            column, said = _shape_column(path, file)
            wkb, columns, left = _read(path, file, column)
    except (pa.ArrowException, OSError) as error:
        raise InputError(damaged(path)) from error
    if is_overture(columns):
        kind, columns = _as_tags(columns, specs, kind)
    geometry, closed = shapes_of(np.array([*wkb, None], object)[:-1])
    system = _system(said)
    features = ReadFeatures(
        file=path.name,
        stem=path.name.split(".")[0],
        layer=path.name.split(".")[0],
        crs=crs_of(path.name, path.name.split(".")[0], system or home.crs or home.project_crs, geometry),
        geometry=geometry,
        headings=tuple(columns),
        columns=tuple(columns.values()),
        fids=list(range(1, len(geometry) + 1)),
        is_taken_from_caller=not system and bool(home.crs or home.project_crs),
        closed=closed,
        remarks=(Fault(LISTS, Where(path.name), {"names": ", ".join(left)}),) if left else (),
        counts_rows=True,
    )
    return layers_as([lambda: features], specs, kind, Reading(home=home, datum=datum))


def _shape_column(path: Path, file: pq.ParquetFile) -> tuple[str, JsonObject]:
    """Return the name of the column with the shapes, and what the file says of it."""
    try:
        geo = json.loads((file.schema_arrow.metadata or {})[b"geo"])
        name = str(geo["primary_column"])
        said = dict(geo["columns"][name])
    except (KeyError, ValueError, TypeError) as error:
        raise InputError(Fault(NO_SHAPES, Where(path.name))) from error
    encoding = str(said.get("encoding", ""))
    if encoding != "WKB" or name not in file.schema_arrow.names:
        raise InputError(Fault(OTHER_SHAPES, Where(path.name), {"encoding": encoding or "?"}))
    return name, said


def _read(path: Path, file: pq.ParquetFile, shapes: str) -> tuple[list[bytes | None], Columns, list[str]]:
    """Return shapes, the flat columns as text, and the names of those that are left."""
    wanted: dict[str, Sequence[str]] = {}
    left: list[str] = []
    for field in file.schema_arrow:
        if field.name != shapes:
            flat = list(_flat(field.name, field.type))
            wanted |= {".".join(way): way for way in flat if not is_unread(way[-1])}
            left += [] if flat else [field.name]
    wkb: list[bytes | None] = []
    columns: Columns = {name: [] for name in wanted}
    whole = 0
    for batch in file.iter_batches(BATCH_ROWS):
        plain = {name: _decoded(batch.column(name)) for name in {shapes, *(way[0] for way in wanted.values())}}
        whole += sum(each.nbytes for each in plain.values())  # one text may be told of a million rows in some bytes
        check_unpacked(path, whole)
        wkb += plain[shapes].to_pylist()
        for name, way in wanted.items():
            columns[name] += _texts(plain[way[0]], way[1:])
    return wkb, columns, left


def _decoded(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if pa.types.is_dictionary(column.type) else column


def _flat(name: str, kind: pa.DataType, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yield the way to each value of a column that a cell can hold: members of records, lists of texts and numbers."""
    way = (*above, name)
    if pa.types.is_struct(kind):
        for each in kind:
            yield from _flat(each.name, each.type, way)
    elif pa.types.is_list(kind) or pa.types.is_large_list(kind):
        if not pa.types.is_nested(kind.value_type):
            yield way
    elif not (pa.types.is_nested(kind) or pa.types.is_binary(kind) or pa.types.is_large_binary(kind)):
        yield way


def _texts(column: pa.Array, members: Sequence[str]) -> list[str]:
    found: list[Any] = column.to_pylist()
    for member in members:
        found = [each[member] if each is not None else None for each in found]
    return [";".join(map(cell_text, each)) if isinstance(each, list) else cell_text(each) for each in found]


def _system(said: JsonObject) -> str:
    """Return the system that a file says: none written is longitude and latitude, null is not known."""
    if "crs" not in said:
        return GEOGRAPHIC
    if said["crs"] is None:
        return ""
    try:
        crs = CRS.from_json_dict(said["crs"]) if isinstance(said["crs"], dict) else CRS.from_user_input(said["crs"])
    except CRSError:
        return ""
    authority = crs.to_authority()
    if authority is None:
        return str(crs.to_wkt())
    return GEOGRAPHIC if authority == ("OGC", "CRS84") else ":".join(authority)


def is_overture(columns: Columns) -> bool:
    """Say whether a table has the form of Overture Maps."""
    return "names.primary" in columns and ("subtype" in columns or "categories.primary" in columns)


def _as_tags(columns: Columns, specs: LayerSpecs, kind: str | None) -> tuple[str | None, Columns]:
    """Return the kind of layer, and the columns with the keys of OpenStreetMap."""
    kept = {OVERTURE_NAMES.get(name, name): values for name, values in columns.items() if not name.startswith(NOT_TAGS)}
    if "categories.primary" in columns:
        kinds = ["categories.primary", "categories.alternate", "basic_category"]
        return kind, _tagged(kept, [name for name in kinds if name in columns], "shop", specs)
    under = columns.get("is_underground", [])
    kept["location"] = ["underground" if each == "yes" else "" for each in under] or [""] * len(columns["subtype"])
    return kind or "buildings", _tagged(kept, [name for name in ("class", "subtype") if name in columns], "building", specs)


def _tagged(columns: Columns, kinds: Sequence[str], usual: str, specs: LayerSpecs) -> Columns:
    """Return columns in which each word of a kind stands under the key that it protects by, the first under the usual one."""
    rows = [
        [word for cell in cells for word in cell.split(";") if word] for cells in zip(*(columns[k] for k in kinds), strict=True)
    ]
    tags = [_tags_of(words, usual, specs) for words in rows]
    keys = dict.fromkeys(key for each in tags for key in each)
    rest = {name: values for name, values in columns.items() if name not in kinds}
    return {**rest, **{key: [each.get(key, "") for each in tags] for key in keys}}


def _tags_of(words: Sequence[str], usual: str, specs: LayerSpecs) -> dict[str, str]:
    tags: dict[str, str] = {}
    for word in words:
        key, value = OVERTURE_WORDS.get(word) or (_protecting_key(word, usual, specs), word)
        if key and key not in tags:
            tags[key] = value
    if usual not in tags:
        tags[usual] = words[0] if words else "yes"
    return tags


def _protecting_key(word: str, usual: str, specs: LayerSpecs) -> str:
    return next((key for key in (usual, "amenity", "office", "leisure") if specs.protects({key: word})), "")
