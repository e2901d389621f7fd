"""Lock a project file while its next state is written, so that no other program changes it meanwhile."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.store.connection import connected

Journal = tuple[tuple[object, ...], ...]


@contextmanager
def locked(path: Path) -> Iterator[sqlite3.Connection]:
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


def journal_of(connection: sqlite3.Connection) -> Journal:
    """Return the rows of a project's journal; none where it has no such table."""
    try:
        return tuple(connection.execute("SELECT * FROM journal").fetchall())
    except sqlite3.OperationalError:
        return ()


def changed_meanwhile(path: Path) -> InputError:
    """Return the error of a project that another start changed since it was loaded: saving would lose its work."""
    text = "Another start changed this project meanwhile, so nothing was saved; open it again and repeat the step"
    return InputError(Fault(text, Where(file=path.name)))
