"""Write a file aside and put it in its place in one step: a failure or a kill leaves the old one or the new one, whole."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lhasaplan.files.scratch import scratch_folder

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
