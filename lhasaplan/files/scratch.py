"""Make hidden folders for unfinished work, each under a lock, and clear away those whose program is gone.

A lock ends with its process, however that ends; a number of a process would soon belong to another one.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = ".lhasaplan-"
LOCK = ".in-use"
FREE, LOCKED, UNKNOWN = "free", "locked", "unknown"
# A folder without a lock, or on a disk that knows none, is unfinished work no more after this time.
OLD_S = 24 * 3600.0


@contextmanager
def scratch_folder(parent: Path | None = None) -> Iterator[Path]:
    """Give an empty folder that only this process uses and that goes with the block.

    Parameters
    ----------
    parent : where the folder lies, cleared of leftovers first; the system's folder for temporary files unless given.
    """
    place = Path(tempfile.gettempdir()) if parent is None else parent
    clear_leftovers(place)
    folder, lock = _locked_folder(place)
    try:
        yield folder
    finally:
        _remove(folder, lock)


def clear_leftovers(parent: Path) -> None:
    """Remove the scratch folders in ``parent`` without a living process; what cannot be removed stays for the next time."""
    with suppress(OSError):
        for folder in [Path(entry.path) for entry in os.scandir(parent) if entry.name.startswith(PREFIX)]:
            with suppress(OSError):
                _clear(folder)


def is_old(path: Path) -> bool:
    """Tell whether nothing at this path was changed for a day."""
    paths = [path, *path.rglob("*")] if path.is_dir() else [path]
    return time.time() - max(each.stat().st_mtime for each in paths) > OLD_S


def _clear(folder: Path) -> None:
    if folder.is_symlink() or not folder.is_dir():
        return
    if not (folder / LOCK).exists():  # killed before it had its lock, or while it was cleared
        if is_old(folder):
            shutil.rmtree(folder)
        else:
            folder.rmdir()  # fails when anything lies in it
        return
    lock = os.open(folder / LOCK, os.O_RDWR)
    state = take(lock)
    if state == FREE or (state == UNKNOWN and is_old(folder)):
        _remove(folder, lock)
    else:
        os.close(lock)


def _locked_folder(parent: Path) -> tuple[Path, int]:
    """Return a new folder and its lock; another process that clears up just then may take one away, so it is tried again."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
        try:
            lock = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_EXCL)
        except FileNotFoundError:
            if not parent.is_dir():
                raise
            continue
        except OSError:
            folder.rmdir()
            raise
        if take(lock) != LOCKED and _is_there(folder / LOCK, lock):
            return folder, lock
        os.close(lock)


def _is_there(path: Path, descriptor: int) -> bool:
    """Tell whether the path still leads to the open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _remove(folder: Path, lock: int) -> None:
    """Remove a folder whose lock is ours, the lock last: a process killed here leaves what the next one clears."""
    with suppress(OSError):
        for each in [entry for entry in folder.iterdir() if entry.name != LOCK]:
            if each.is_dir() and not each.is_symlink():
                shutil.rmtree(each, ignore_errors=True)
            else:
                each.unlink(missing_ok=True)
    if sys.platform == "win32":  # an open file cannot be removed there
        os.close(lock)
    with suppress(OSError):
        (folder / LOCK).unlink(missing_ok=True)
        folder.rmdir()
    if sys.platform != "win32":
        os.close(lock)


if sys.platform == "win32":
    import msvcrt

    def take(descriptor: int) -> str:
        """Try to take the lock and tell how it was."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return LOCKED
        return FREE

else:
    import fcntl

    def take(descriptor: int) -> str:
        """Try to take the lock and tell how it was; some shared disks know no locks."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return LOCKED
        except OSError:
            return UNKNOWN
        return FREE
