"""Lock the file of a project for the store that works on it, and say who else did."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from threading import RLock
from typing import Concatenate, ParamSpec, TypeVar

from lhasaplan.core.base.translations import marked
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import FileLock, LockNote, lock, note_of
from lhasaplan.qgis.dressing import Symbols, dress
from lhasaplan.store.connection import FileConnection, connected
from lhasaplan.store.project_states import changed_meanwhile

# Of an edit no page reaches the file before all are known. The answers of a region are a gigabyte: beyond 64 MB the pages of
# before go to the journal and on to the disk, then these to the file. SQLite reads a number whose last byte is 0 as "off".
PAGES_IN_MEMORY = 16_385
DURABLE = "PRAGMA synchronous = EXTRA"


@contextmanager
def locked_to_read(path: Path) -> Iterator[FileConnection]:
    """Give a connection to read the file by, while another one locks it for writing; its content stays as it is.

    A log that another program left beside it is folded into it first: a stale log would damage the file that takes its place.
    Raises InputError when another program has locked the file.
    """
    before = path.stat()
    with connected(path) as guard, connected(path) as reader:  # SQLite copies nothing by a connection that writes
        _lock(guard, path)
        if not os.path.samestat(before, path.stat()):
            raise changed_meanwhile(path)
        yield reader
        guard.execute("ROLLBACK")


@contextmanager
def locked_to_write(path: Path) -> Iterator[FileConnection]:
    """Give a connection that alone may write, and keep all that is done with it, or nothing.

    What is kept is on the disk when the block has ended: SQLite writes the pages of before into a journal beside the file,
    brings it to disk, writes the pages into the file, brings that to disk and takes the journal away (synchronous = EXTRA: the
    folder too). Whoever opens the file after a kill in between finds the journal and has the state of before.
    Raises InputError when another program has locked the file.
    """
    before = path.stat()
    with connected(path) as connection:
        connection.execute(DURABLE)
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute(f"PRAGMA cache_spill = {PAGES_IN_MEMORY}")
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


Given = ParamSpec("Given")
Result = TypeVar("Result")
OfFile = TypeVar("OfFile", bound="ProjectFile")
GONE = marked(
    "The file of this project is not where it was (a disk that was taken out, a file that was moved), so nothing was saved; "
    "bring it back, or save under another name"
)
LOCKED_SINCE = marked(
    "{who} has this project open on the computer {host} since {since}; it can be read here, and saved under another name. "
    "If no program there has it open any more, remove the file {note}"
)
LOCKED_NOT_SAVED = marked(
    "{who} has this project open on the computer {host} since {since}, so nothing was saved; save under another name, or repeat "
    "the step later. If no program there has it open any more, remove the file {note}"
)


class StoreLock:
    """The lock of one store on the file that a path leads to at the time."""

    def __init__(self, target: Callable[[], Path]) -> None:
        self._target = target
        self._lock: FileLock | None = None

    def take(self) -> tuple[Fault, ...]:
        """Lock the file; returns who did where that is another start."""
        found = self._lock or lock(self._target())
        if isinstance(found, LockNote):
            return (self._said(found, LOCKED_SINCE),)
        self._lock = found
        return ()

    def unlock(self) -> None:
        """Let others lock the file."""
        if self._lock is not None:
            self._lock.unlock()
        self._lock = None

    def refuse_locked(self) -> None:
        """Raise InputError where another start has locked the file."""
        found = None if self._lock is not None or not note_of(self._target()).exists() else lock(self._target())
        if isinstance(found, LockNote):
            raise InputError(self._said(found, LOCKED_NOT_SAVED))
        if found is not None:  # what a start that was killed left
            found.unlock()

    def _said(self, owner: LockNote, sentence: str) -> Fault:
        path = self._target()
        params = {"who": owner.who or "?", "host": owner.host or "?", "since": owner.since or "?"}
        return Fault(sentence, Where(file=path.name), {**params, "note": note_of(path).name})


def in_turn(write: Callable[Concatenate[OfFile, Given], Result]) -> Callable[Concatenate[OfFile, Given], Result]:
    """Let what writes a file wait for what writes it already: a window logs an opening while it may be saving."""

    @wraps(write)
    def call(store: OfFile, /, *words: Given.args, **named: Given.kwargs) -> Result:
        with store.turn:
            return write(store, *words, **named)

    return call


class ProjectFile:
    """What every store of one file is: its path, whether it is there, who locked it, and how its tables look in QGIS.

    Without ``symbols`` a file is written without styles, as copies of unsaved work are.
    """

    symbols: Symbols | None = None

    def __init__(self, path: Path) -> None:
        self.turn = RLock()
        self.path = Path(os.path.abspath(path))
        self._lock = StoreLock(self._target)

    @property
    def address(self) -> str:
        """Return the URL of the file that is written: of a symbolic link its target."""
        return self._target().as_uri()

    @property
    def file(self) -> Path:
        """Return the file that is written: of a symbolic link its target."""
        return self._target()

    @property
    def name(self) -> str:
        """Return the name of the file, without its folder."""
        return self.path.name

    @property
    def needs_password(self) -> bool:
        """Say that a file asks for no account."""
        return False

    def exists(self) -> bool:
        """Tell whether there is something at this path."""
        return self.path.exists()

    def lock(self) -> tuple[Fault, ...]:
        """Lock the file; returns who did where that is another start."""
        return self._lock.take()

    def unlock(self) -> None:
        """Let others lock the file."""
        self._lock.unlock()

    def _dress(self, target: sqlite3.Connection, project: Project) -> None:
        """Put styles for QGIS beside the tables, where they are other tables than before."""
        if self.symbols is not None:
            dress(target, self.symbols, self.name, project.name, project.crs)

    def _target(self) -> Path:
        return Path(os.path.realpath(self.path))
