"""Read the tables of a project out of a database into memory, in the form of the file, so that one reader knows both."""

import sqlite3
import struct
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import Any, LiteralString

from psycopg import sql
from psycopg.sql import Identifier

from lhasaplan.core.base.progress import paused
from lhasaplan.store.closed_places import TABLE as CLOSED
from lhasaplan.store.connection import register_functions
from lhasaplan.store.journal_table import EXPORTS
from lhasaplan.store.migrations import META
from lhasaplan.store.project_tables import READ_TABLES, names_of_layers
from lhasaplan.store.shared.connecting import Connection
from lhasaplan.store.shared.layout import RANK, form_of
from lhasaplan.store.tables import Stamp, create_core, has_table, write_attributes

_HEAD = struct.pack("<2sBBi", b"GP", 0, 1, 0)  # of a geometry in a GeoPackage: no envelope; ISO WKB follows
_TYPES = {"text": "TEXT", "bigint": "INTEGER", "double precision": "REAL", "bytea": "BLOB"}
_STAMP = Stamp("", "1970-01-01T00:00:00.000Z")


@contextmanager
def image(connection: Connection, schema: str, names: Collection[str] | None = None) -> Iterator[sqlite3.Connection]:
    """Give the tables of a project as a GeoPackage in memory; of some of them alone where they are named, and its facts."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as copy, paused():
        register_functions(copy)
        create_core(copy)
        _copy(connection, schema, META, copy)
        for name in (*READ_TABLES, CLOSED, EXPORTS, *names_of_layers(copy)) if has_table(copy, META) else ():
            if names is None or name in names:
                _copy(connection, schema, name, copy)
        yield copy


def _copy(connection: Connection, schema: str, name: str, copy: sqlite3.Connection) -> None:
    columns = form_of(connection, schema, name)
    if not columns:
        return
    wanted = sql.SQL(", ").join(sql.SQL(_said(kind)).format(Identifier(column)) for column, kind in columns)
    query = sql.SQL("SELECT {} FROM {} ORDER BY {} NULLS LAST, fid").format(wanted, Identifier(schema, name), Identifier(RANK))
    shapes = [at for at, (_, kind) in enumerate(columns) if _is_shape(kind)]
    with connection.cursor(binary=True) as cursor:
        rows = (_cells(row, shapes) for row in cursor.execute(query))
        write_attributes(copy, name, [(column, _TYPES.get(kind, "TEXT")) for column, kind in columns], rows, _STAMP)
    if name == EXPORTS:  # the end of the chain stands beside the table here, too
        end = connection.execute(
            "SELECT obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relname = %s",
            (schema, name),
        ).fetchone()
        copy.execute("UPDATE gpkg_contents SET description = ? WHERE table_name = ?", (end[0] if end else "", name))


def _is_shape(kind: str) -> bool:
    return kind.rpartition(".")[2].startswith("geometry")


def _said(kind: str) -> LiteralString:
    if _is_shape(kind):
        return "ST_AsBinary({}, 'NDR')"
    return "{}" if kind in _TYPES else "{}::text"


def _cells(row: tuple[Any, ...], shapes: list[int]) -> list[Any]:
    cells = list(row)
    for at in shapes:
        cells[at] = None if cells[at] is None else _HEAD + bytes(cells[at])
    return cells
