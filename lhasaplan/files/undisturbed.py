"""Read an SQLite file of another program without changing it: changes that are not yet in it are applied to a copy."""

import errno
import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from lhasaplan.files.scratch import scratch_folder

# Find out whether a disk takes locks: some network drives refuse all, which looks like a file that another program holds.

_FAR = 2**40  # a byte that no SQLite file locks for itself
_REFUSED = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}


def refuses_locks(path: Path) -> bool:
    """Tell whether the disk of a file refuses every lock; no where it cannot be opened. Never asked while it is locked here."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return False
    try:
        return no_locks(descriptor)
    finally:
        os.close(descriptor)


if sys.platform == "win32":

    def no_locks(_descriptor: int) -> bool:
        """Tell whether the disk of an open file refuses every lock: none does there."""
        return False

else:
    import fcntl

    def no_locks(descriptor: int) -> bool:
        """Tell whether the disk of an open file refuses every lock."""
        try:
            fcntl.lockf(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, _FAR)
            fcntl.lockf(descriptor, fcntl.LOCK_UN, 1, _FAR)
        except OSError as error:
            return error.errno in _REFUSED
        return False


_MAGIC = b"SQLite format 3\x00"
_WAL = b"\x02\x02"  # bytes 18 and 19 of the header: written and read with a write-ahead log
_TRIES = 3
NO_LOCK = "&nolock=1"  # for a disk that refuses every lock: SQLite would take the file for one that is held
WAIT_S = 2.0  # for a program that writes at this moment; one that holds the file longer is told


@contextmanager
def undisturbed(path: Path) -> Iterator[Path]:
    """Give a path to read the file by: its own, or a copy in which all that was written lies in the one file.

    Whoever opens a file with a log beside it, even for reading, folds that log into the file and removes it.
    Raises OSError (EBUSY) when another program holds the file or keeps on writing, and when there is no room for a copy.
    """
    if not needs_copy(path):
        yield path
        return
    with scratch_folder() as folder:
        copy = folder / path.name
        _copy_whole(path.resolve(), copy)
        with suppress(sqlite3.Error), closing(sqlite3.connect(copy, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode = DELETE")
        yield copy


def needs_copy(path: Path) -> bool:
    """Tell whether reading the file in place would change it, or cannot be done for what a program that ended badly left.

    Raises OSError (EBUSY) when another program holds the file.
    """
    if not is_sqlite(path):
        return False
    file = path.resolve()
    has_log = _beside(file, "-wal").exists() or _beside(file, "-shm").exists()
    return has_log or (not is_logged(file) and _is_cut_off(file))


def is_sqlite(path: Path) -> bool:
    """Tell whether this is an SQLite file by its first bytes."""
    return _header(path)[:16] == _MAGIC


def is_logged(path: Path) -> bool:
    """Tell whether the file was last written with a write-ahead log: without one beside it, it is whole as it is."""
    return _header(path)[18:20] == _WAL


def log_of(path: Path) -> Path | None:
    """Return the write-ahead log beside an SQLite file that holds something."""
    log = _beside(path.resolve(), "-wal")
    return log if log.is_file() and log.stat().st_size and is_sqlite(path) else None


def digest(path: Path) -> str:
    """Return the SHA-256 of a file; of a Shapefile, of its parts one after the other, of a GeoPackage with its log."""
    parts = [path]
    log = log_of(path)
    if log is not None:
        parts.append(log)
    if path.suffix.casefold() == ".shp":
        parts += [part for suffix in (".dbf", ".prj", ".shx") if (part := path.with_suffix(suffix)).is_file()]
    total = hashlib.sha256()
    for part in parts:
        with part.open("rb") as stream:
            while block := stream.read(1 << 20):
                total.update(block)
    return total.hexdigest()


def _header(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(20)
    except OSError:
        return b""


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _is_cut_off(path: Path) -> bool:
    """Tell whether a change was cut off half-way and waits to be taken back; OSError where another program holds the file."""
    uri = f"{path.as_uri()}?mode=ro{NO_LOCK if refuses_locks(path) else ''}"
    try:
        with closing(sqlite3.connect(uri, uri=True, timeout=WAIT_S)) as database:
            database.execute("PRAGMA schema_version").fetchone()
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0)
        if code == sqlite3.SQLITE_BUSY:
            raise _busy(path) from error
        return code == sqlite3.SQLITE_READONLY_ROLLBACK
    return False


def _busy(path: Path) -> OSError:
    return OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))


def _copy_whole(path: Path, copy: Path) -> None:
    """Copy the file with what lies beside it, again when it was written to meanwhile."""
    for _ in range(_TRIES):
        before = _state(path)
        for ending in ("", "-wal", "-journal"):
            if _beside(path, ending).exists():
                shutil.copyfile(_beside(path, ending), _beside(copy, ending))
            else:
                _beside(copy, ending).unlink(missing_ok=True)
        if _state(path) == before:
            return
    raise _busy(path)


def _state(path: Path) -> list[tuple[int, int] | None]:
    parts = [_beside(path, ending) for ending in ("", "-wal", "-journal")]
    return [(part.stat().st_size, part.stat().st_mtime_ns) if part.exists() else None for part in parts]
