"""Keep the last states of a file in a folder of its own, the oldest going; their order is a number, so no clock can change it."""

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from lhasaplan.files.replacing import replacing
from lhasaplan.files.undisturbed import undisturbed

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
