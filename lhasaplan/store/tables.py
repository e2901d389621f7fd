"""GeoPackage tables: the core of the format, feature tables with a spatial index, and plain attribute tables."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS
from pyproj.exceptions import CRSError

from lhasaplan.core.base.arrays import FloatArray, IntArray, ObjectArray
from lhasaplan.store.connection import encode

# Write the spatial index of a new table node by node, as SQLite keeps one: entry by entry takes six times as long.
#
# The format is that of SQLite's R*Tree module (ext/rtree/rtree.c): a node has its depth (the root alone says it), the number
# of its cells, and in each cell a row or a node below with its box in single precision, all big-endian.

_CELL = np.dtype([("id", ">i8"), ("box", ">f4", 4)])
_HEAD = np.dtype([("depth", ">u2"), ("cells", ">u2")])
_ROOT = 1
Boxes = NDArray[np.float32]


def fill_index(connection: sqlite3.Connection, name: str, rows: IntArray, box: FloatArray) -> None:
    """Fill an index that was just made: the keys of rows, shape (n,), and their min x, min y, max x, max y."""
    if not len(rows):
        return
    size = int(connection.execute(f'SELECT length(data) FROM "{name}_node" WHERE nodeno = {_ROOT}').fetchone()[0])
    most = (size - _HEAD.itemsize) // _CELL.itemsize
    order = _side_by_side(box, most)
    ids, cells = rows[order].astype(np.int64), _outward(box[order])
    depth, last = 0, _ROOT
    while True:
        starts = np.linspace(0, len(ids), -(-len(ids) // most) + 1).astype(np.int64)[:-1]
        is_root = len(starts) == 1
        nodes = np.array([_ROOT]) if is_root else last + 1 + np.arange(len(starts))
        counts = np.diff(np.append(starts, len(ids)))
        by_id = np.argsort(ids)  # in the order of its keys a table is written in a third of the time
        said = zip(ids[by_id].tolist(), np.repeat(nodes, counts)[by_id].tolist(), strict=True)
        table = "rowid" if depth == 0 else "parent"
        connection.executemany(f'INSERT OR REPLACE INTO "{name}_{table}" VALUES (?, ?)', said)
        packed = np.zeros(len(ids), _CELL)
        packed["id"], packed["box"] = ids, cells
        blobs = _nodes(packed, counts, depth if is_root else 0, size)
        connection.executemany(f'INSERT OR REPLACE INTO "{name}_node" VALUES (?, ?)', zip(nodes.tolist(), blobs, strict=True))
        if is_root:
            return
        least, largest = (each.reduceat(cells, starts, axis=0) for each in (np.minimum, np.maximum))
        cells = np.stack((least[:, 0], largest[:, 1], least[:, 2], largest[:, 3]), axis=1)
        ids, last, depth = nodes, int(nodes[-1]), depth + 1


def _outward(box: FloatArray) -> Boxes:
    """Return boxes as a cell has them, min x, max x, min y, max y, in single precision round the boxes."""
    edges = box[:, [0, 2, 1, 3]]
    single = edges.astype(np.float32)
    for column, way in enumerate((-np.inf, np.inf, -np.inf, np.inf)):
        inside = (edges[:, column] - single[:, column]) * np.sign(way) > 0.0
        single[inside, column] = np.nextafter(single[inside, column], np.float32(way))
    return single


def _nodes(cells: NDArray[np.void], counts: IntArray, depth: int, size: int) -> list[bytes]:
    """Return the nodes of one level, each of them ``size`` bytes long; ``counts`` says how many of the cells each has in turn."""
    heads = np.zeros(len(counts), _HEAD)
    heads["depth"], heads["cells"] = depth, counts
    whole, ends = cells.tobytes(), (np.cumsum(counts) * _CELL.itemsize).tolist()
    pieces = (whole[start:end] for start, end in pairwise([0, *ends]))
    return [(head.tobytes() + piece).ljust(size, b"\0") for head, piece in zip(heads, pieces, strict=True)]


def _side_by_side(box: FloatArray, most: int) -> IntArray:
    """Return boxes in strips from west to east, in each from south to north or back: neighbours share a node."""
    x, y = box[:, 0] + box[:, 2], box[:, 1] + box[:, 3]
    rank = np.empty(len(box), np.int64)
    rank[np.argsort(x, kind="stable")] = np.arange(len(box))
    strips = rank // max(int(np.sqrt(len(box) * most)), 1)
    return np.lexsort((np.where(strips % 2, -y, y), strips))


# Describe a coordinate reference system as a GeoPackage row.

UNDEFINED = ("Undefined cartesian", -1, "NONE", -1, "undefined")


@lru_cache(maxsize=8)
def spatial_ref(authority: str) -> tuple[str, int, str, int, str]:
    """Return name, number in the file, organisation, its code and WKT of a CRS such as ``EPSG:32635``.

    An empty authority is the undefined cartesian system.
    """
    if not authority:
        return UNDEFINED
    organisation, _, code = authority.partition(":")
    crs = CRS.from_authority(organisation, code)
    return crs.name, int(code), organisation, int(code), _wkt(crs)


def _wkt(crs: CRS) -> str:
    try:
        return crs.to_wkt("WKT1_GDAL")
    except CRSError:  # a system that WKT 1 cannot say
        return crs.to_wkt("WKT2_2019")


APPLICATION_ID, USER_VERSION = 0x47504B47, 10300  # "GPKG", version 1.3

_CORE = """
CREATE TABLE IF NOT EXISTS gpkg_spatial_ref_sys (
    srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE IF NOT EXISTS gpkg_contents (
    table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE IF NOT EXISTS gpkg_geometry_columns (
    table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL,
    z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
    CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
    table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL, scope TEXT NOT NULL,
    CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""

REGISTERS = ("gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents")


# The trigger set of GeoPackage 1.3, annex F.3; {t} is the table, its key is fid and its geometry geom.
_SET = "ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom)"
_FULL, _HOLLOW = "(NEW.geom NOT NULL AND NOT ST_IsEmpty(NEW.geom))", "(NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))"
_TRIGGERS = (
    ("insert", f"AFTER INSERT ON {{t}} WHEN {_FULL}", f"INSERT OR REPLACE INTO {{r}} VALUES (NEW.fid, {_SET});"),
    (
        "update1",
        f"AFTER UPDATE OF geom ON {{t}} WHEN OLD.fid = NEW.fid AND {_FULL}",
        f"INSERT OR REPLACE INTO {{r}} VALUES (NEW.fid, {_SET});",
    ),
    ("update2", f"AFTER UPDATE OF geom ON {{t}} WHEN OLD.fid = NEW.fid AND {_HOLLOW}", "DELETE FROM {r} WHERE id = OLD.fid;"),
    (
        "update3",
        f"AFTER UPDATE ON {{t}} WHEN OLD.fid != NEW.fid AND {_FULL}",
        f"DELETE FROM {{r}} WHERE id = OLD.fid; INSERT OR REPLACE INTO {{r}} VALUES (NEW.fid, {_SET});",
    ),
    (
        "update4",
        f"AFTER UPDATE ON {{t}} WHEN OLD.fid != NEW.fid AND {_HOLLOW}",
        "DELETE FROM {r} WHERE id IN (OLD.fid, NEW.fid);",
    ),
    ("delete", "AFTER DELETE ON {t} WHEN OLD.geom NOT NULL", "DELETE FROM {r} WHERE id = OLD.fid;"),
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every table of one saving shares: its CRS and the date of the last change."""

    crs: str
    changed: str


def create_core(connection: sqlite3.Connection) -> None:
    """Make the file a GeoPackage; a file that is one stays as it is."""
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _CORE.split(";\n"):
        connection.execute(statement)
    for authority in ("", "EPSG:4326"):
        add_spatial_ref(connection, authority)
    connection.execute(
        "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES ('Undefined geographic', 0, 'NONE', 0, 'undefined', '')"
    )


def add_spatial_ref(connection: sqlite3.Connection, authority: str) -> int:
    """Register a CRS (empty: undefined) and return its number in this file."""
    row = spatial_ref(authority)
    connection.execute("INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, '')", row)
    return row[1]


def has_table(connection: sqlite3.Connection, name: str) -> bool:
    """Tell whether the file has a table of this name."""
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).fetchone()
    return found is not None


def drop_table(connection: sqlite3.Connection, name: str) -> None:
    """Take a table away with its index and every mention of it."""
    for register in REGISTERS:
        if has_table(connection, register):
            connection.execute(f"DELETE FROM {register} WHERE table_name = ?", (name,))
    connection.execute(f'DROP TABLE IF EXISTS "rtree_{name}_geom"')
    connection.execute(f'DROP TABLE IF EXISTS "{name}"')


def write_attributes(
    connection: sqlite3.Connection, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]], stamp: Stamp
) -> None:
    """Replace a table without geometry; ``columns`` are (name, SQL type)."""
    drop_table(connection, name)
    _fill(connection, name, columns, rows)
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'attributes', ?, '', ?, NULL, NULL, NULL, NULL, 0)", (name, name, stamp.changed)
    )


def write_features(
    connection: sqlite3.Connection,
    name: str,
    pieces: Iterable[tuple[ObjectArray, Iterable[Sequence[object]]]],
    columns: Sequence[tuple[str, str]],
    *,
    stamp: Stamp,
    shape: str = "GEOMETRY",
) -> None:
    """Replace a feature table: geometry, its columns and a spatial index that every later edit keeps up to date.

    ``pieces`` are geometries and rows, some of the table at a time: no more of it is held.
    """
    drop_table(connection, name)
    srs_id = add_spatial_ref(connection, stamp.crs)
    boxes, has_z = [np.zeros((0, 4))], False

    def rows() -> Iterator[Sequence[object]]:
        nonlocal has_z
        for geometry, cells in pieces:
            boxes.append(shapely.bounds(geometry).reshape(-1, 4))
            has_z = has_z or bool(shapely.has_z(geometry).any())
            yield from ((blob, *row) for blob, row in zip(encode(geometry, srs_id), cells, strict=True))

    _fill(connection, name, [("geom", shape), *columns], rows())
    box = np.concatenate(boxes)
    connection.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', ?, ?, ?, ?, ?, ?)",
        (name, name, stamp.changed, *_whole_box(box), srs_id),
    )
    connection.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, ?, 0)", (name, shape, srs_id, 2 if has_z else 0)
    )
    _add_index(connection, name, box)


def _fill(
    connection: sqlite3.Connection, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[object]]
) -> None:
    described = ", ".join(f'"{column}" {sql}' for column, sql in columns)
    connection.execute(f'CREATE TABLE "{name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, {described})')
    listed = ", ".join(f'"{column}"' for column, _ in columns)
    marks = ", ".join("?" * len(columns))
    connection.executemany(f'INSERT INTO "{name}" ({listed}) VALUES ({marks})', rows)


def _boxes(box: FloatArray) -> tuple[IntArray, FloatArray]:
    """Return the rows that have an extent, and their min x, min y, max x, max y."""
    rows = np.flatnonzero(~np.isnan(box).any(axis=1))
    return rows, box[rows]


def _whole_box(boxes: FloatArray) -> tuple[float | None, ...]:
    _, box = _boxes(boxes)
    if not len(box):
        return (None,) * 4
    return (*box[:, :2].min(axis=0).tolist(), *box[:, 2:].max(axis=0).tolist())


def widen_box(connection: sqlite3.Connection, name: str, geometry: ObjectArray) -> None:
    """Let what the file says of a table's extent reach round these geometries too; it is never drawn in row by row."""
    box = _whole_box(shapely.bounds(geometry).reshape(-1, 4))
    if box[0] is not None:
        edges = zip(("min", "min", "max", "max"), ("min_x", "min_y", "max_x", "max_y"), strict=True)
        reported = ", ".join(f"{edge} = {pick}(coalesce({edge}, ?{n}), ?{n})" for n, (pick, edge) in enumerate(edges, 1))
        connection.execute(f"UPDATE gpkg_contents SET {reported} WHERE table_name = ?5", (*box, name))


def _add_index(connection: sqlite3.Connection, name: str, boxes: FloatArray) -> None:
    index = f'"rtree_{name}_geom"'
    connection.execute(f"CREATE VIRTUAL TABLE {index} USING rtree(id, minx, maxx, miny, maxy)")
    rows, box = _boxes(boxes)
    try:
        fill_index(connection, f"rtree_{name}_geom", rows + 1, box)
    except sqlite3.OperationalError:  # a SQLite that lets nobody write the tables of an index themselves
        entries = zip((rows + 1).tolist(), *(box[:, edge].tolist() for edge in (0, 2, 1, 3)), strict=True)
        connection.executemany(f"INSERT INTO {index} VALUES (?, ?, ?, ?, ?)", entries)
    for event, when, action in _TRIGGERS:
        head, body = when.format(t=f'"{name}"'), action.format(r=index)
        connection.execute(f'CREATE TRIGGER "rtree_{name}_geom_{event}" {head} BEGIN {body} END')
    connection.execute(
        "INSERT INTO gpkg_extensions VALUES (?, 'geom', 'gpkg_rtree_index', ?, 'write-only')",
        (name, "http://www.geopackage.org/spec120/#extension_rtree"),
    )


def read_rows(connection: sqlite3.Connection, name: str) -> list[dict[str, object]]:
    """Return every row of a table in the order it was written; an absent table has none."""
    if not has_table(connection, name):
        return []
    cursor = connection.execute(f'SELECT * FROM "{name}" ORDER BY fid')
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def read_columns(connection: sqlite3.Connection, name: str, columns: Sequence[str]) -> list[tuple[object, ...]]:
    """Return some columns of a table, row by row in the order they were written; an absent table has none."""
    if not has_table(connection, name):
        return []
    listed = ", ".join(f'"{name}"."{column}"' for column in columns)  # SQLite takes a bare name that is missing for a text
    return connection.execute(f'SELECT {listed} FROM "{name}" ORDER BY fid').fetchall()
