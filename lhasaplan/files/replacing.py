"""Write a file aside and put it in its place in one step: a failure or a kill leaves the old one or the new one, whole."""

import errno
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lhasaplan.files.scratch import is_old, scratch_folder

# Clear what earlier versions of this program left beside a file when they were killed.

_DRAFT = re.compile(r"\.draft-[a-z0-9_]{8}")


def clear_earlier(path: Path) -> None:
    """Remove half-written forms of ``path``: the project's, when their process is gone, and folders of drafts of before today."""
    with suppress(OSError):
        for each in list(path.parent.iterdir()):
            with suppress(OSError):
                _clear(each, path.name)


def _clear(each: Path, name: str) -> None:
    half = re.fullmatch(rf"\.{re.escape(name)}\.(\d+)\.new(-journal|-wal|-shm)?", each.name)
    if half and (not _is_running(int(half[1])) or is_old(each)):  # the number may be another process's by now
        each.unlink()
    elif _DRAFT.fullmatch(each.name) and is_old(each) and not any(inner.is_dir() for inner in each.iterdir()):
        shutil.rmtree(each)


def _is_running(process: int) -> bool:
    """Tell whether a process has this number; where that cannot be asked it counts as running."""
    if os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


_WRITABLE = 0o222


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a free path on the same disk; when the block ends well it takes the place of ``path``.

    Of a symbolic link the target is written. Owner, rights and further attributes of the old file are kept, where the system
    lets us. A hard link to the old file keeps the old content: copies that share it are states of before.
    Raises PermissionError when the file or its folder is read-only, also for one whom the system would let. An OSError names
    ``path``, not the temporary file: what could not be written is what the user asked for.
    """
    try:
        with _replacing(path.resolve()) as draft:
            yield draft
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from error


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    refuse_read_only(target)
    with scratch_folder(target.parent) as folder:
        draft = folder / target.name
        yield draft
        if target.exists():
            _take_over_rights(target, draft)
        _to_disk(draft)
        refuse_read_only(target)
        os.replace(draft, target)
        with suppress(OSError):  # the new file is in its place: only a power cut could still bring the old one back
            _to_disk(target.parent)


def refuse_read_only(target: Path) -> None:
    """Raise PermissionError where a file stands that may not be changed, or a folder that may not."""
    for each in (target, target.parent):
        if each.exists() and not (each.stat().st_mode & _WRITABLE and os.access(each, os.W_OK)):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(each))


def _take_over_rights(old: Path, new: Path) -> None:
    before, now = old.stat(), new.stat()
    if hasattr(os, "chown") and (before.st_uid, before.st_gid) != (now.st_uid, now.st_gid):
        _give(new, before)
    shutil.copystat(old, new)
    os.utime(new)


def _give(path: Path, owner: os.stat_result) -> None:
    """Hand a file over to an owner and group; who may not give it away keeps at least the group, if that is allowed."""
    try:
        os.chown(path, owner.st_uid, owner.st_gid)
    except PermissionError:
        with suppress(PermissionError):
            os.chown(path, -1, owner.st_gid)


def _to_disk(path: Path) -> None:
    if os.name == "nt" and path.is_dir():  # Windows cannot open a folder
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
