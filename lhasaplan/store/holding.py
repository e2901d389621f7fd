"""Lock a project file while its next state is written, so that no other program changes it meanwhile."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.connection import FileConnection, connected
from lhasaplan.store.kept_state import changed_meanwhile

# Of an edit no page reaches the file before all are known. The answers of a region are a gigabyte: beyond 64 MB the pages of
# before go to the journal and on to the disk, then these to the file. SQLite reads a number whose last byte is 0 as "off".
PAGES_HELD = 16_385


@contextmanager
def locked(path: Path) -> Iterator[FileConnection]:
    """Give a connection to read the file by, while another one locks it for writing; its content stays as it is.

    A log that another program left beside it is folded into it first: a stale log would damage the file that takes its place.
    Raises InputError when another program holds the file.
    """
    before = path.stat()
    with connected(path) as guard, connected(path) as reader:  # SQLite copies nothing by a connection that writes
        _lock(guard, path)
        if not os.path.samestat(before, path.stat()):
            raise changed_meanwhile(path)
        yield reader
        guard.execute("ROLLBACK")


@contextmanager
def held(path: Path) -> Iterator[FileConnection]:
    """Give a connection that alone may write, and keep all that is done with it, or nothing.

    What is kept is on the disk when the block has ended: SQLite writes the pages of before into a journal beside the file,
    brings it to disk, writes the pages into the file, brings that to disk and takes the journal away (synchronous = EXTRA: the
    folder too). Whoever opens the file after a kill in between finds the journal and has the state of before.
    Raises InputError when another program holds the file.
    """
    before = path.stat()
    with connected(path) as connection:
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_spill = {PAGES_HELD}")
        _lock(connection, path)
        try:
            if not os.path.samestat(before, path.stat()):
                raise changed_meanwhile(path)
            yield connection
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:  # SQLite has rolled back by itself when the disk is full
                connection.execute("ROLLBACK")
            raise


def _lock(connection: sqlite3.Connection, path: Path) -> None:
    try:
        mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        connection.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            raise
        mode = "locked"
    if mode != "delete":
        raise InputError(Fault("Another program holds this project open; close it there first", Where(file=path.name)))
