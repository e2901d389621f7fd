"""Look at a file from outside before a reader opens it, and say where it is no file, or not of the kind that its name says."""

import os
import stat
from pathlib import Path

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.failure_sentences import NO_FILE
from lhasaplan.io.parse.file_signatures import seems
from lhasaplan.io.parse.packed_files import check_packed

CHOSEN = "|layername="  # parts a file from the one layer of it that is read


def file_of(path: Path) -> Path:
    """Return the file itself of a path that may name one layer of it.

    >>> file_of(Path("city.gpkg|layername=houses")).name
    'city.gpkg'
    """
    return Path(str(path).partition(CHOSEN)[0])


def look_at(path: Path) -> None:
    """Refuse what is no readable file: a folder, a pipe, a broken link, an empty file, content that its name does not fit.

    Raises
    ------
    InputError
        Says what stands there instead, and what would be right.
    """
    if fault := _outside(path):
        raise InputError(fault)
    kind = seems(path)
    if kind is not None and not path.name.casefold().endswith(kind.endings):
        raise InputError(Fault(kind.sentence, Where(path.name), kind.params))
    check_packed(path)


def _outside(path: Path) -> Fault | None:
    where = Where(path.name)
    try:
        path.name.encode()
    except UnicodeEncodeError:
        return Fault("the name of this file is not UTF-8, so readers cannot open it; give it another name", where)
    if not os.path.exists(path):
        is_link = os.path.islink(path)
        text = "this link leads to itself or to a file that is gone; name the file itself"
        return Fault(text, where) if is_link else Fault(NO_FILE, where)
    state = path.stat()
    if stat.S_ISDIR(state.st_mode):
        return Fault("this is a folder; name the file in it", where)
    if not stat.S_ISREG(state.st_mode):
        return Fault("this is a pipe, a socket or a device; save what it gives as a file, and name that", where)
    return Fault("this file is empty; copy, export or download it again", where) if state.st_size == 0 else None
