"""Open an SQLite file with the functions that GeoPackage triggers call."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from lhasaplan.files.undisturbed import NO_LOCK, WAIT_S, is_logged, no_locks, undisturbed
from lhasaplan.store.codec import bounds

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
        uri = f"{file.resolve().as_uri()}?mode={_mode(file) if read_only else 'rwc'}"
        with _header_of(file, read_only) as header, closing(_opened(uri + (NO_LOCK if no_locks(header) else ""))) as connection:
            connection.header = header
            register_functions(connection)
            if not read_only:
                connection.execute("PRAGMA secure_delete = ON")  # what was taken out of a project is not left in free pages
            yield connection


def _opened(uri: str) -> FileConnection:
    return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=WAIT_S, factory=FileConnection)


@contextmanager
def _header_of(file: Path, read_only: bool) -> Iterator[int]:
    how = os.O_RDONLY if read_only else os.O_RDONLY | os.O_CREAT
    descriptor = os.open(file, how | getattr(os, "O_BINARY", 0), 0o644)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _mode(path: Path) -> str:
    """Return how a file is opened for reading: SQLite makes a log beside one that had a log last, unless it is told not to."""
    return "ro&immutable=1" if is_logged(path) else "ro"


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
