"""Lock a file for one start that works on it: others see by whom and since when; a lock whose program is gone locks nothing.

A note beside the file says who locked it, and a lock of the system on that note that the program still runs. Where a disk knows
no locks, computer, start of the computer and number of the process say it; of another computer's program nobody here can know.
"""

import getpass
import json
import os
import socket
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from lhasaplan.files.scratch import LOCKED, take

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
    os.write(descriptor, json.dumps(asdict(_ours()), ensure_ascii=False).encode())
    return FileLock(note, descriptor)


def lock_owner(path: Path) -> LockNote | None:
    """Return what the note beside a file says, whether its program still runs or not."""
    try:
        return LockNote(**json.loads(note_of(path).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _ours() -> LockNote:
    now = datetime.now().astimezone().isoformat(" ", "minutes")
    return LockNote(account(), socket.gethostname(), now, os.getpid(), _boot(), _began(os.getpid()))


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
