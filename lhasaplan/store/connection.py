"""Open an SQLite file with the functions that GeoPackage triggers call."""

from __future__ import annotations  # types that are named here alone are not loaded

import json
import os
import sqlite3
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import MISSING, Field, dataclass, fields
from enum import Enum
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, get_type_hints

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.base.arrays import ObjectArray, in_parts
from lhasaplan.core.base.plain_values import from_plain, to_plain, without_none
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.undisturbed import NO_LOCK, WAIT_S, is_logged, no_locks, undisturbed

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

# Turn values into what a GeoPackage holds and back: scalars as columns, geometries as blobs, everything else as JSON text.

# Geometry blobs: header with envelope, then ISO WKB (OGC 12-128r18, 2.1.3).
_LITTLE, _ENVELOPE_XY, _EMPTY = 1, 2, 16  # flag bits
_ENVELOPE_BYTES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
_HEADER_BYTES = 8


def encode(geometry: ObjectArray, srs_id: int) -> list[bytes | None]:
    """Return one blob a geometry, shape (n,); None stays None."""
    wkb = shapely.to_wkb(geometry, flavor="iso", byte_order=1)
    bounds = shapely.bounds(geometry).reshape(-1, 4)
    empty = np.isnan(bounds).any(axis=1).tolist()
    hollow = struct.pack("<2sBBi", b"GP", 0, _LITTLE | _EMPTY, srs_id)
    start = struct.pack("<2sBBi", b"GP", 0, _LITTLE | _ENVELOPE_XY, srs_id)
    edges = np.ascontiguousarray(bounds[:, [0, 2, 1, 3]], "<f8").tobytes()
    return [
        None if body is None else (hollow if empty[n] else start + edges[32 * n : 32 * n + 32]) + body
        for n, body in enumerate(wkb)
    ]


def decode(blobs: Sequence[bytes | None]) -> ObjectArray:
    """Return the geometries, shape (n,); None stays None."""
    found: ObjectArray = np.empty(len(blobs), object)
    found[:] = in_parts(_decoded, blobs)
    return found


def _decoded(blobs: Sequence[bytes | None]) -> ObjectArray:
    return np.asarray(shapely.from_wkb([None if blob is None else body(blob) for blob in blobs]), object)


def body(blob: bytes) -> bytes:
    """Return the WKB behind the header; GEOSException when there is no such header."""
    envelope = _ENVELOPE_BYTES.get((blob[3] >> 1) & 7) if len(blob) > _HEADER_BYTES and blob[:2] == b"GP" else None
    if envelope is None:
        raise shapely.errors.GEOSException("a geometry is not in the form of a GeoPackage")
    return blob[_HEADER_BYTES + envelope :]


def bounds(blob: bytes | None) -> tuple[float, float, float, float] | None:
    """Return min x, min y, max x, max y; None for no or an empty geometry."""
    geometry: BaseGeometry | None = None if blob is None else shapely.from_wkb(body(blob))
    return None if geometry is None or geometry.is_empty else geometry.bounds


# Rows of frozen values.
Value = TypeVar("Value")
CELLS_KEPT = 4096

_SQL = {float: "REAL", int: "INTEGER", bool: "INTEGER", bytes: "BLOB", str: "TEXT"}


@dataclass(frozen=True, eq=False, slots=True)
class StoredColumn:
    """One field of a value as a column; ``bare`` is its type where it is not missing."""

    name: str
    hint: object
    bare: object
    sql: str
    is_json: bool
    default: object


@cache
def columns_of(cls: type[DataclassInstance]) -> tuple[StoredColumn, ...]:
    """Return the columns of a frozen dataclass, in field order."""
    hints = get_type_hints(cls)
    return tuple(_column(field, hints[field.name]) for field in fields(cls))


def _column(field: Field[object], hint: object) -> StoredColumn:
    bare = without_none(hint)
    scalar = isinstance(bare, type) and (bare in _SQL or issubclass(bare, Enum))
    sql = _SQL.get(bare, "TEXT") if scalar else "TEXT"
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    return StoredColumn(field.name, hint, bare, sql, not scalar, default)


def to_row(value: object, skip: Sequence[str] = ()) -> tuple[object, ...]:
    """Return a value as one row, in the order of :func:`columns_of`, without the columns in ``skip``."""
    return tuple(_cell(column, getattr(value, column.name)) for column in columns_of(type(value)) if column.name not in skip)  # type: ignore[arg-type]


def _cell(column: StoredColumn, raw: object) -> object:
    plain = to_plain(raw)
    return json.dumps(plain, ensure_ascii=False) if column.is_json and plain is not None else plain


def from_row(cls: type[Value], cells: Mapping[str, object], where: Where) -> Value:
    """Return the value that a row holds; a missing or empty cell takes the field's default.

    Raises InputError naming file, row and column of every cell that is not a value of its field.
    """
    faults: list[Fault] = []
    values = {column.name: _value(column, cells.get(column.name), where, faults) for column in columns_of(cls)}  # type: ignore[arg-type]
    if faults:
        raise InputError(*faults)
    return cls(**values)


def _value(column: StoredColumn, raw: object, where: Where, faults: list[Fault]) -> object:
    if raw is None and column.default is not MISSING:
        return column.default
    if isinstance(raw, str) and column.bare is str:
        return raw
    try:
        return _said(column, raw)
    except (ValueError, TypeError, KeyError, AttributeError):
        faults.append(Fault("{value} is not a value here", Where(where.file, where.row, column.name, where.item), {"value": raw}))
        return None


@lru_cache(maxsize=CELLS_KEPT, typed=True)  # of ten thousand cameras most say the same of most things
def _said(column: StoredColumn, raw: object) -> object:
    """Return the value of a cell, which is frozen and may be shared."""
    said: object = from_plain(column.hint, json.loads(str(raw)) if column.is_json and raw is not None else raw)
    return said


# SQLite fails on any UPDATE of a GeoPackage that GDAL made until these are registered.
_EDGES = {"ST_MinX": 0, "ST_MinY": 1, "ST_MaxX": 2, "ST_MaxY": 3}


class FileConnection(sqlite3.Connection):
    """A connection to a file that can be asked how many transactions the file has seen, while it is locked, too.

    Locks of POSIX belong to a process: whoever opens the file a second time and closes it again gives up all locks that SQLite
    holds, and two programs write at once. So the header is read by a descriptor that is closed after the connection.
    """

    header: int = -1

    def counter(self) -> int:
        """Return how many transactions the file has seen, as its header says."""
        os.lseek(self.header, 0, os.SEEK_SET)
        return int.from_bytes(os.read(self.header, 100)[COUNTER])


COUNTER = slice(24, 28)  # of the header of an SQLite file: each transaction changes it, whatever the clock says


@contextmanager
def connected(path: Path, read_only: bool = False) -> Iterator[FileConnection]:
    """Open a GeoPackage, commit nothing by itself, and close it; one that is only read is not touched."""
    with undisturbed(path) if read_only else nullcontext(path) as file:
        # SQLite makes a log beside a file that had a log last, unless it is told that nothing changes.
        mode = "rwc" if not read_only else "ro&immutable=1" if is_logged(file) else "ro"
        uri = f"{file.resolve().as_uri()}?mode={mode}"
        with _header_of(file, read_only) as header:
            uri += NO_LOCK if no_locks(header) else ""
            opened = sqlite3.connect(uri, uri=True, isolation_level=None, timeout=WAIT_S, factory=FileConnection)
            with closing(opened) as connection:
                connection.header = header
                register_functions(connection)
                if not read_only:
                    connection.execute("PRAGMA secure_delete = ON")  # what was taken out of a project is not left in free pages
                yield connection


@contextmanager
def _header_of(file: Path, read_only: bool) -> Iterator[int]:
    how = os.O_RDONLY if read_only else os.O_RDONLY | os.O_CREAT
    descriptor = os.open(file, how | getattr(os, "O_BINARY", 0), 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def register_functions(connection: sqlite3.Connection) -> None:
    """Give the connection ST_IsEmpty and the four edges of an envelope."""
    connection.create_function("ST_IsEmpty", 1, lambda blob: int(bounds(blob) is None), deterministic=True)
    for name, edge in _EDGES.items():
        connection.create_function(name, 1, _edge(edge), deterministic=True)


def _edge(number: int) -> Callable[[bytes | None], float | None]:
    def edge(blob: bytes | None) -> float | None:
        box = bounds(blob)
        return None if box is None else box[number]

    return edge


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Run a block as one transaction: all of it or nothing."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
            connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
