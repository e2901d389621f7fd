"""Write a file aside and put it in its place in one step: a failure or a kill leaves the old one or the new one, whole."""

import errno
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.files.scratch import is_old, scratch_folder
from lhasaplan.files.undisturbed import undisturbed

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


# Keep the last states of a file in a folder of its own, the oldest going; their order is a number, so no clock can change it.

MOST = 5


def back_up(file: Path, folder: Path, most: int = MOST, state_of: Callable[[Path], str] = lambda _file: "") -> Path | None:
    """Copy a file beside its earlier states, whole or not at all, and take away those beyond ``most``.

    ``state_of`` tells what a file holds beside what was logged, empty where it does not know. Returns the copy, or None where
    the last one holds the same. This account alone may read them. Raises OSError, and what ``state_of`` raises.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    earlier = backups(file, folder)
    if (earlier and _is_same(file, earlier[-1])) or _seen(file, folder) == _state(file):
        return None
    held = state_of(file) if earlier else ""
    if held and held == state_of(earlier[-1]):
        return None
    number = int(_numbered(file).fullmatch(earlier[-1].name)[1]) + 1 if earlier else 1  # type: ignore[index]
    copy = folder / f"{file.stem}.{number:04d}{file.suffix}"
    with replacing(copy) as draft, undisturbed(file) as whole:
        draft.touch(0o600)
        shutil.copyfile(whole, draft)
        state = file.stat()
        os.utime(draft, ns=(state.st_atime_ns, state.st_mtime_ns))
    for old in backups(file, folder)[:-most]:
        old.unlink(missing_ok=True)
    return copy


def note_seen(file: Path, folder: Path) -> None:
    """Note that the file holds what the last copy does, but for what was logged: the next opening makes no copy of it."""
    with replacing(_note(file, folder)) as draft:
        draft.write_text(_state(file), "ascii")


def _seen(file: Path, folder: Path) -> str:
    note = _note(file, folder)
    return note.read_text("ascii", "replace") if note.is_file() else ""


def _note(file: Path, folder: Path) -> Path:
    return folder / f"{file.name}.seen"


def _state(file: Path) -> str:
    """Return size and time of a file: what a writing changes."""
    state = file.stat()
    return f"{state.st_size} {state.st_mtime_ns}"


def backups(file: Path, folder: Path) -> list[Path]:
    """Return the states of a file that are kept, the latest last."""
    form = _numbered(file)
    found = [each for each in folder.iterdir() if form.fullmatch(each.name)] if folder.is_dir() else []
    return sorted(found, key=lambda each: int(form.fullmatch(each.name)[1]))  # type: ignore[index]


def _numbered(file: Path) -> re.Pattern[str]:
    return re.compile(rf"{re.escape(file.stem)}\.(\d{{4,}}){re.escape(file.suffix)}")


def _is_same(file: Path, copy: Path) -> bool:
    one, other = file.stat(), copy.stat()
    return (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)


# Say in a sentence why the system would not read or write a file.

NO_ROOM = marked("There is no room left on the disk; make some and repeat the step")
NO_RIGHT = marked("The rights of this file or of its folder do not allow it; change them or choose another place")
NO_FOLDER = marked("There is no such file or folder any more")
IN_USE = marked("Another program holds this file open; close it there first")
_SENTENCES = {
    errno.ENOSPC: NO_ROOM,
    errno.EDQUOT: NO_ROOM,
    errno.EACCES: NO_RIGHT,
    errno.EPERM: NO_RIGHT,
    errno.EROFS: NO_RIGHT,
    errno.ENOENT: NO_FOLDER,
    errno.ENOTDIR: NO_FOLDER,
    errno.EBUSY: IN_USE,
    errno.ETXTBSY: IN_USE,
}

OTHERWISE = marked("The file could not be read or written: {error}")


def fault_of(error: OSError, where: Where, otherwise: str = OTHERWISE) -> Fault:
    """Return the fault that a user can act on; an error of another kind is reported in the system's words."""
    return mendable_fault(error, where) or Fault(otherwise, where, {"error": error.strerror or str(error)})


def mendable_fault(error: OSError, where: Where) -> Fault | None:
    """Return the fault of what a user can mend: room, rights, a folder, another program; None for any other error."""
    sentence = _SENTENCES.get(error.errno or 0)
    return Fault(sentence, where) if sentence else None


def named_fault_of(error: OSError) -> Fault:
    """Return the fault of an error that names its file itself."""
    return fault_of(error, Where(file=str(error.filename) if error.filename else None))
