"""Which part of a project lies in which table."""

import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from json.encoder import encode_basestring as _quoted
from types import GenericAlias
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.base.plain_values import JsonObject, from_plain
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_models import CameraModel
from lhasaplan.core.model.layer import InputRecord, Layer, Tags
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.project.plan_step import GivenNumber, NumberBlock, PlanStep
from lhasaplan.core.project.project import Bookmark, District, Loss, Project, TerrainRecord
from lhasaplan.core.records.register_rows import Decided, Kept, kept_decisions, lists_of, row_of, without_stated
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.connection import columns_of, decode, from_row, to_row
from lhasaplan.store.journal_table import (
    CLOSED,
    CLOSED_COUNT,
    JOURNAL,
    VERSIONS,
    closed_rows,
    entry_rows,
    handed_out,
    read_closed,
    read_entries,
    read_versions,
    version_rows,
)
from lhasaplan.store.migrations import DECIDED_BEFORE, META, SCHEMA_VERSION
from lhasaplan.store.table_rows import Several, TableRows, change_tables, is_alike, write_table
from lhasaplan.store.tables import Stamp, drop_table, has_table, read_columns, read_rows

CAMERAS, BASELINE = "cameras", "baseline"
DISTRICT = "district"  # as bookmarks, of no version of its own
DECISIONS = "decisions"  # the register: all that people decided, of whatever kind
NUMBER_BLOCKS = "number_blocks"
ATTRIBUTES: Mapping[str, type] = {
    "hand_made_parts": HandMadePart,
    "terrain": TerrainRecord,
    "inputs": InputRecord,
    "plan": PlanStep,
    "numbers": GivenNumber,
    "bookmarks": Bookmark,  # no version of its own: an older program leaves a table that it does not know
    "losses": Loss,  # as bookmarks
    "models": CameraModel,  # as bookmarks
    NUMBER_BLOCKS: NumberBlock,  # as bookmarks; the log of what left the project may have more of them
}
OWN_TABLES = (
    CAMERAS,
    BASELINE,
    "mandate",
    DISTRICT,
    DECISIONS,
    *ATTRIBUTES,
    JOURNAL,
    VERSIONS,
)  # of each project, beside its layers
READ_TABLES = (*OWN_TABLES, *DECIDED_BEFORE)  # with those that files of before had
NO_TABLE = marked("the table {table} is missing, so this project is damaged; take the file from a copy")
DECISION_KEY = ("decides", "subject", "answer")
_AT = ("x_m", "y_m")  # a camera's position is its geometry: moving it in QGIS moves it here
_LAYER = (("id", "TEXT"), ("source", "TEXT"), ("tags", "TEXT"))


def write_project(connection: sqlite3.Connection, project: Project, stamp: Stamp) -> None:
    """Replace all that the file says about the project; foreign tables in it stay.

    Whoever opened closed places hands the project over as :func:`lhasaplan.store.sealed.shut` gives it, without them.
    """
    for name in set(names_of_layers(connection)) - set(project.layers):
        drop_table(connection, name)
    drop_table(connection, CLOSED)
    for table in project_rows(project).values():
        write_table(connection, table, stamp)


def change_project(connection: sqlite3.Connection, before: Project, after: Project, stamp: Stamp) -> None:
    """Bring a file that holds one state of a project to another, at the cost of what differs."""
    change_tables(connection, project_rows(before), project_rows(after), stamp)


def unlike_tables(one: Project, other: Project) -> tuple[str, ...]:
    """Return the names of the tables whose rows differ between two states of a project, as a file would hold them.

    That numbers were handed to a district is logged and no change of the project.
    """
    here, there = project_rows(one), project_rows(other)
    alike = {name for name in here.keys() & there.keys() if is_alike(here[name], there[name])}
    return tuple(sorted((here.keys() | there.keys()) - alike - {NUMBER_BLOCKS}))


def project_rows(project: Project) -> dict[str, TableRows]:
    """Return the tables of a project by name, each with its rows as values."""
    values = {name: _value_rows(name, cls, getattr(project, name)) for name, cls in ATTRIBUTES.items()}
    tables = (
        *(_layer_rows(name, layer) for name, layer in project.layers.items()),
        *(_camera_rows(name, getattr(project, name)) for name in (CAMERAS, BASELINE)),
        _value_rows("mandate", Mandate, () if project.mandate is None else (project.mandate,)),
        _value_rows(DISTRICT, District, () if project.district is None else (project.district,)),
        _decision_rows(project),
        *values.values(),
        entry_rows(project.journal),
        version_rows(project.versions),
        *(() if project.closed is None else (closed_rows(project.closed),)),
        _meta_rows(project),
    )
    return {table.name: table for table in tables}


def _meta_rows(project: Project) -> TableRows:
    facts = {
        "schema_version": SCHEMA_VERSION,
        "name": project.name,
        "crs": project.crs,
        "packs": project.packs,
        "synthetic": project.synthetic,
        "layers": tuple(project.layers),
        CLOSED_COUNT: 0 if project.closed is None else project.closed.count,
    }
    rows = [(key, json.dumps(value, ensure_ascii=False)) for key, value in facts.items()]
    return TableRows(META, project, lambda: rows, [("key", "TEXT"), ("value", "TEXT")], lambda some: some)


def _value_rows(name: str, cls: type, values: Sequence[object]) -> TableRows:
    columns = [(column.name, column.sql) for column in columns_of(cls)]
    return TableRows(name, values, lambda: values, columns, lambda some: [to_row(value) for value in some])


def _decision_rows(project: Project) -> TableRows:
    """Return the register; a decision is the same row as long as it is the same object, and made a row where it differs."""
    lists = (project.confirmations, project.excuses, project.declarations, project.resolutions, project.suspended)
    columns = [(column.name, column.sql) for column in columns_of(Decided)]

    def keys(values: Sequence[Kept]) -> list[str]:
        return [key_of_decision(row_of(value)) for value in values]

    return TableRows(
        DECISIONS,
        Several((*lists, project.cameras)),
        lambda: kept_decisions(project),
        columns,
        lambda values: [to_row(row_of(value)) for value in values],
        keys=keys,
    )


def key_of_decision(row: Decided) -> str:
    """Return what tells a row of the register apart in a store that knows who changed which."""
    return " ".join(str(getattr(row, name)) for name in DECISION_KEY)


_Feature = tuple[BaseGeometry, str, str | None, Tags]


def _layer_rows(name: str, layer: Layer) -> TableRows:
    def values() -> Sequence[_Feature]:
        source = layer.source or (None,) * len(layer)
        return list(zip(layer.geometry, layer.ids, source, layer.tags, strict=True))

    return TableRows(name, layer, values, _LAYER, _feature_cells, _feature_shapes)


def _feature_cells(features: Sequence[_Feature]) -> list[tuple[object, ...]]:
    return [(key, source, _tags_json(tags)) for _, key, source, tags in features]


def _tags_json(tags: Mapping[str, str]) -> str:
    """Return tags as ``json.dumps`` writes them, in a fifth of its time: a city has hundreds of thousands."""
    return f"{{{', '.join([f'{_quoted_key(key)}: {_quoted(text)}' for key, text in tags.items()])}}}"


_quoted_key = lru_cache(maxsize=1024)(_quoted)  # the same few keys stand in all of them


def _feature_shapes(features: Sequence[_Feature]) -> ObjectArray:
    shapes: ObjectArray = np.empty(len(features), object)
    shapes[:] = [shape for shape, *_ in features]
    return shapes


def _camera_rows(table: str, cameras: Sequence[Camera]) -> TableRows:
    columns = [(column.name, column.sql) for column in columns_of(Camera) if column.name not in _AT]
    cells = _cells_of_inventory if table == CAMERAS else _camera_cells
    return TableRows(table, cameras, lambda: cameras, columns, cells, _camera_shapes, "POINT")


def _cells_of_inventory(cameras: Sequence[Camera]) -> list[tuple[object, ...]]:
    """Return the cells of cameras without what was decided and stated of them, which the register says."""
    return _camera_cells([without_stated(camera) for camera in cameras])


def _camera_cells(cameras: Sequence[Camera]) -> list[tuple[object, ...]]:
    return [to_row(camera, skip=_AT) for camera in cameras]


def _camera_shapes(cameras: Sequence[Camera]) -> ObjectArray:
    points: ObjectArray = shapely.points(np.array([(camera.x_m, camera.y_m) for camera in cameras], float).reshape(-1, 2))
    return points


TableValues = Mapping[str, Any]  # what reading each table of a project gives, by its name


def read_project(connection: sqlite3.Connection, file: str, known: TableValues | None = None) -> Project:
    """Return the project in a file of this version; InputError names table, row and column of what cannot be read.

    ``known`` are tables that need not be read, by name, as :func:`table_values` has them.
    """
    had = known or {}
    found = {name: had[name] if name in had else read() for name, read in readers(connection, file).items()}
    meta, mandates, districts = found[META], found["mandate"], found[DISTRICT]
    decided = lists_of(found[DECISIONS], found[CAMERAS])
    return Project(
        name=meta.get("name", ""),
        crs=meta.get("crs", ""),
        packs=tuple(meta.get("packs", ())),
        layers={name: found[name] for name in meta.get("layers", ())},
        cameras=decided.cameras,
        confirmations=decided.confirmations,
        excuses=decided.excuses,
        declarations=decided.declarations,
        resolutions=decided.resolutions,
        suspended=decided.suspended,
        baseline=found[BASELINE],
        mandate=mandates[0] if mandates else None,
        district=districts[0] if districts else None,
        synthetic=bool(meta.get("synthetic", False)),
        journal=found[JOURNAL],
        versions=found[VERSIONS],
        closed=had[CLOSED] if CLOSED in had else read_closed(connection, int(meta.get(CLOSED_COUNT, 0))),
        **{name: found[name] for name in ATTRIBUTES if name != NUMBER_BLOCKS},
        number_blocks=tuple(dict.fromkeys((*found[NUMBER_BLOCKS], *handed_out(connection)))),
    )


def table_values(project: Project) -> TableValues:
    """Return what reading each table of a project gives, but for its facts."""
    once = {"mandate": project.mandate, DISTRICT: project.district}
    return {
        **project.layers,
        DECISIONS: tuple(map(row_of, kept_decisions(project))),
        CAMERAS: tuple(map(without_stated, project.cameras)),
        **{name: getattr(project, name) for name in (BASELINE, JOURNAL, *ATTRIBUTES)},
        **{name: () if value is None else (value,) for name, value in once.items()},
        VERSIONS: project.versions,
        CLOSED: project.closed,
    }


def readers(connection: sqlite3.Connection, file: str) -> dict[str, Callable[[], Any]]:
    """Return what reads each table of a file, by its name; each raises InputError with the faults of its table."""
    values = {"mandate": Mandate, DISTRICT: District, DECISIONS: Decided, **ATTRIBUTES}
    return {
        META: lambda: _read_meta(connection, file),
        **{name: partial(_read_values, connection, name, cls, file) for name, cls in values.items()},
        **{name: partial(_read_cameras, connection, name, file) for name in (CAMERAS, BASELINE)},
        JOURNAL: lambda: read_entries(connection, JOURNAL, file),
        VERSIONS: lambda: read_versions(connection, file),
        **{name: partial(_read_layer, connection, name, file) for name in names_of_layers(connection)},
    }


def names_of_layers(connection: sqlite3.Connection) -> tuple[str, ...]:
    """Return the layers that a file says it has; none where what it says is broken, which reading it tells."""
    try:
        return tuple(str(name) for name in _meta(connection).get("layers", ()))
    except (ValueError, TypeError, KeyError):
        return ()


def require_tables(connection: sqlite3.Connection, file: str) -> None:
    """Raise InputError where a table of this version is gone: the project would be read as one without cameras or houses."""
    names = (CAMERAS, *_read_meta(connection, file).get("layers", ()))
    missing = [name for name in names if not has_table(connection, name)]
    if missing:
        raise InputError(*(Fault(NO_TABLE, Where(file), {"table": name}) for name in missing))


_FACTS: Mapping[str, type | GenericAlias] = {
    "name": str,
    "crs": str,
    "packs": tuple[str, ...],
    "layers": tuple[str, ...],
    "synthetic": bool,
    CLOSED_COUNT: int,
}


def _meta(connection: sqlite3.Connection) -> JsonObject:
    return {str(row["key"]): json.loads(str(row["value"])) for row in read_rows(connection, META)}


def _read_meta(connection: sqlite3.Connection, file: str) -> JsonObject:
    """Return the facts about the project; InputError names each that another program damaged."""
    facts: JsonObject = {}
    faults: list[Fault] = []
    for row in read_rows(connection, META):
        key, raw = str(row["key"]), row["value"]
        try:
            facts[key] = _fact(_FACTS.get(key), json.loads(str(raw)))
        except (ValueError, TypeError):
            faults.append(Fault("{value} is not a value here", Where(file, int(str(row["fid"])), key, META), {"value": raw}))
    if faults:
        raise InputError(*faults)
    return facts


def _fact(hint: type | GenericAlias | None, plain: object) -> object:
    """Return a fact in its type; a text is no list of texts and no truth, whatever Python makes of it."""
    if hint is not None and not isinstance(plain, hint if isinstance(hint, type) else list):
        raise TypeError(plain)
    return plain if hint is None else from_plain(hint, plain)


def _read_values(connection: sqlite3.Connection, name: str, cls: type, file: str) -> tuple[object, ...]:
    rows = read_rows(connection, name)
    return tuple(from_row(cls, row, Where(file, int(str(row["fid"])), item=name)) for row in rows)


def _read_layer(connection: sqlite3.Connection, name: str, file: str) -> Layer:
    rows = read_columns(connection, name, ("fid", "geom", *(column for column, _ in _LAYER)))
    fids, blobs, names, sources, texts = zip(*rows, strict=True) if rows else ((),) * 5
    ids = np.empty(len(rows), object)
    ids[:] = [its or f"{name}/{fid}" for fid, its in zip(fids, names, strict=True)]  # one that was drawn in QGIS has no id
    source = tuple([str(each or "") for each in sources])
    geometry = decode(blobs)
    return Layer(name, ids, geometry, _tags(fids, texts, Where(file, item=name)), source if any(source) else ())


def _tags(fids: Sequence[int], texts: Sequence[str | None], where: Where) -> tuple[Tags, ...]:
    """Return the tags of each row; tags damaged in another program are reported by their row.

    A city says the same of many thousand houses: what says the same is read once, and is one value.
    """
    faults: list[Fault] = []
    tags: list[Tags] = []
    known: dict[str | None, Tags] = {}
    for fid, text in zip(fids, texts, strict=True):
        its = known.get(text)
        if its is None:
            try:
                its = known[text] = {str(key): str(value) for key, value in json.loads(text or "{}").items()}
            except (ValueError, AttributeError):
                at = Where(where.file, int(fid), "tags", where.item)
                faults.append(Fault("{value} is not a value here", at, {"value": text}))
                continue
        tags.append(its)
    if faults:
        raise InputError(*faults)
    return tuple(tags)


def _read_cameras(connection: sqlite3.Connection, table: str, file: str) -> tuple[Camera, ...]:
    """Return the cameras of a table: of each id one, or one of each date of approval."""
    rows = read_rows(connection, table)
    points = decode([row["geom"] for row in rows])  # type: ignore[misc]
    faults = [
        Fault("A camera needs a point", Where(file, int(str(row["fid"])), item=table))
        for row, point in zip(rows, points, strict=True)
        if point is None or point.geom_type != "Point" or point.is_empty
    ]
    faults += _same_ids(rows, table, file)
    if faults:
        raise InputError(*faults)
    return tuple(
        _camera(row, point.x, point.y, Where(file, int(str(row["fid"])), item=table))
        for row, point in zip(rows, points, strict=True)
    )


def _same_ids(rows: Sequence[Mapping[str, object]], table: str, file: str) -> list[Fault]:
    """Return a fault for each camera whose id an earlier one has: corrections and findings would mix them up."""
    first: dict[tuple[str, str], int] = {}
    faults = []
    for row in rows:
        key = str(row["camera_id"]), str(row.get("approved_on") or "") if table == BASELINE else ""
        earlier = first.setdefault(key, int(str(row["fid"]))) if row["camera_id"] else int(str(row["fid"]))
        if earlier != int(str(row["fid"])):
            at, params = Where(file, int(str(row["fid"])), "camera_id", table), {"id": row["camera_id"], "number": earlier}
            faults.append(Fault("the id {id} is already used in row {number}", at, params))
    return faults


def _camera(row: dict[str, object], x_m: float, y_m: float, where: Where) -> Camera:
    cells = {**row, "x_m": x_m, "y_m": y_m, "camera_id": row["camera_id"] or f"camera/{row['fid']}"}
    return from_row(Camera, cells, where)
