"""Refuse packed files that would unpack to more than the machine can bear, and unpack the others piece by piece."""

import bz2
import gzip
import zipfile
from collections.abc import Callable, Mapping
from io import BufferedIOBase
from pathlib import Path
from typing import IO

from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.limits import load_limits

_PIECE = 1 << 20
_WORKBOOKS = (".xlsx", ".xlsm")
_PACKED: Mapping[str, Callable[[Path], BufferedIOBase]] = {".gz": gzip.GzipFile, ".bz2": bz2.BZ2File}


def check_packed(path: Path) -> None:
    """Refuse a zip (a workbook is one, too) whose files are protected, or would be larger than the limits.

    Raises
    ------
    InputError
        Says which limit, and what would be right.
    """
    name = path.name.casefold()
    if not name.endswith((".zip", *_WORKBOOKS)):
        return
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
    if any(member.flag_bits & 0x1 for member in members):
        raise InputError(Fault("this file is protected by a password; save it without one", Where(path.name)))
    whole = sum(member.file_size for member in members)
    limits = load_limits()
    most = limits.workbook.most_bytes if name.endswith(_WORKBOOKS) else limits.packed.most_bytes
    if whole > most or _is_bomb(whole, path.stat().st_size):
        raise _too_large(path, whole)


def _is_bomb(whole: int, packed: int) -> bool:
    limits = load_limits().packed
    return whole > limits.most_bytes or (whole > limits.above_bytes and whole > limits.most_times * packed)


def _too_large(path: Path, whole: int) -> InputError:
    text = "unpacked, this file would hold {size} MB or more, too much for what it is; give the data in smaller files"
    return InputError(Fault(text, Where(path.name), {"size": f"{whole / 1e6:,.0f}"}))


def unpack(path: Path, copy: Path) -> None:
    """Write what a ``.gz`` or ``.bz2`` file holds, and stop where it grows beyond the limits."""
    with _PACKED[path.suffix.casefold()](path) as source, copy.open("wb") as target:
        copy_within_limits(source, target, path)


def copy_within_limits(source: IO[bytes] | BufferedIOBase, target: IO[bytes], path: Path) -> None:
    """Copy in pieces; the sizes that an archive declares may be wrong, so what comes is counted."""
    whole, packed = 0, path.stat().st_size
    while piece := source.read(_PIECE):
        whole += len(piece)
        if _is_bomb(whole, packed):
            raise _too_large(path, whole)
        target.write(piece)
