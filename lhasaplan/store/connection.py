"""Open an SQLite file with the functions that GeoPackage triggers call."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.store.geometry_blob import bounds

# SQLite fails on any UPDATE of a GeoPackage that GDAL made until these are registered.
_EDGES = {"ST_MinX": 0, "ST_MinY": 1, "ST_MaxX": 2, "ST_MaxY": 3}


@contextmanager
def connected(path: Path, read_only: bool = False) -> Iterator[sqlite3.Connection]:
    """Open a GeoPackage, commit nothing by itself, and close it."""
    uri = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    try:
        register_functions(connection)
        yield connection
    finally:
        connection.close()


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
