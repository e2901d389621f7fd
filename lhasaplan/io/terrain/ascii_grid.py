"""Refuse an ASCII grid with something else than numbers: GDAL reads 30,25 as 30 and a word as 0, and says nothing."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where

NO_NUMBER = marked("this row of the grid holds {value}, which is no number; write numbers with a decimal point")
_NUMERIC = b"0123456789+-.eE \t\r\n"
_UNKNOWN = {b"nan", b"-nan", b"inf", b"-inf"}
_SHOWN = 20


def check_grid(path: Path, member: str | None) -> None:
    """Look through all rows below the head.

    Raises
    ------
    InputError
        The first row that has something else than numbers, with its number.
    """
    with _opened(path, member) as stream:
        is_head = True
        for number, line in enumerate(stream, start=1):
            is_head = is_head and line.lstrip()[:1].isalpha()
            if not is_head and line.translate(None, _NUMERIC):
                _refuse(path.name, number, line)


def _refuse(file: str, number: int, line: bytes) -> None:
    """Raise for a cell that is no number; marks of no height in words are none."""
    odd = [cell for cell in line.split() if cell.translate(None, _NUMERIC) and cell.lower() not in _UNKNOWN]
    if odd:
        value = odd[0][:_SHOWN].decode("ascii", "replace")
        raise InputError(Fault(NO_NUMBER, Where(file, number), {"value": value}))


@contextmanager
def _opened(path: Path, member: str | None) -> Iterator[IO[bytes]]:
    if member is None:
        with path.open("rb") as stream:
            yield stream
    else:
        with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
            yield stream
