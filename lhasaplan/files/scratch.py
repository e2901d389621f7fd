"""Make hidden folders for unfinished work, each under a lock, and clear away those whose program is gone.

A lock ends with its process, however that ends; a number of a process would soon belong to another one.
"""

import getpass
import json
import os
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
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


# Lock a file for one start that works on it: others see by whom and since when; a lock whose program is gone locks nothing.
#
# A note beside the file says who locked it, and a lock of the system on that note that the program still runs. Where a disk
# knows no locks, computer, start of the computer and number of the process say it; of another computer's program nobody here
# can know.

_FAR = 1 << 30  # Windows locks bytes: one beyond the text, which others read
_BOOT = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class LockNote:
    """Who locked a file: a person's account, the computer, the time of day it was taken, and what tells the program apart."""

    who: str
    host: str
    since: str
    process: int
    boot: str
    began: str


class FileLock:
    """A file that is locked by this start, until it is unlocked."""

    def __init__(self, note: Path, descriptor: int) -> None:
        self._note, self._descriptor = note, descriptor

    def unlock(self) -> None:
        """End it; the note goes first where the system allows it, so that no other program takes a note that goes at once."""
        if sys.platform == "win32":
            os.close(self._descriptor)
        with suppress(OSError):
            self._note.unlink(missing_ok=True)
        if sys.platform != "win32":
            os.close(self._descriptor)


def note_of(path: Path) -> Path:
    """Return where the note lies: hidden beside the file."""
    return path.with_name(f".{path.name}.in-use")


def lock(path: Path) -> FileLock | LockNote | None:
    """Lock a file, or return who locked it; None where the folder takes no note, and so no change of the file either."""
    note = note_of(path)
    try:
        descriptor = os.open(note, os.O_RDWR | os.O_CREAT, 0o666)
    except OSError:
        return None
    os.lseek(descriptor, _FAR, os.SEEK_SET)
    state, found = take(descriptor), lock_owner(path)
    if state == LOCKED or (found is not None and _may_live(found)):
        os.close(descriptor)
        return found or LockNote("", "", "", 0, "", "")
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, json.dumps(asdict(own_note()), ensure_ascii=False).encode())
    return FileLock(note, descriptor)


def own_note() -> LockNote:
    """Return what a lock says of this process."""
    now = datetime.now().astimezone().isoformat(" ", "minutes")
    return LockNote(account(), socket.gethostname(), now, os.getpid(), _boot(), _began(os.getpid()))


def lock_owner(path: Path) -> LockNote | None:
    """Return what the note beside a file says, whether its program still runs or not."""
    try:
        return LockNote(**json.loads(note_of(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _may_live(note: LockNote) -> bool:
    """Tell whether the program of a note may run still, although no lock says so: that of another computer may."""
    if note.host != socket.gethostname():
        return True
    is_this_start = note.boot == _boot() and bool(note.boot)
    return is_this_start and bool(note.began) and _began(note.process) == note.began and note.process != os.getpid()


def account() -> str:
    """Return the account that this program runs under; empty for none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a process without an account
        return ""


def _boot() -> str:
    """Return what names this start of the computer; empty where the system has no such name."""
    try:
        return _BOOT.read_text("ascii").strip()
    except OSError:
        return ""


def _began(process: int) -> str:
    """Return when a process began, in the system's count; empty where there is no such process, or it cannot be asked."""
    try:
        return Path(f"/proc/{process}/stat").read_text("ascii", "replace").rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
