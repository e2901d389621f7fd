"""What stands in the cells of a workbook beside their values: formulas without one, and cells that were merged."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpyxl.utils import column_index_from_string

_PIECE = 1 << 20
_LONGEST = 1 << 16  # bytes of one cell
_NO_VALUE = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')


@dataclass(frozen=True, slots=True)
class SheetCells:
    """Cells by row and column, both counted from 1; of merged ones the first and last row, and the column."""

    without_value: tuple[tuple[int, int], ...] = ()
    merged_down: tuple[tuple[int, int, int], ...] = ()


def sheet_cells(path: Path, sheet: Any) -> SheetCells:
    """Return what stands in a sheet that openpyxl, reading in passing, does not tell."""
    member = str(sheet._worksheet_path).lstrip("/")  # in no other way is it known which file of the zip a sheet is
    formulas, merged = list[tuple[int, int]](), list[tuple[int, int, int]]()
    with zipfile.ZipFile(path) as archive, archive.open(member) as stream:
        for text in _pieces(stream):
            for cell in _NO_VALUE.finditer(text) if b"<" in text and b"f" in text else ():
                # Of a formula whose value is a text without letters the program that computed it says that it is a text.
                if (place := _PLACE.search(cell[1])) and b't="str"' not in cell[1]:
                    formulas.append((int(place[2]), _column(place[1])))
            for left, top, right, bottom in _MERGED.findall(text):
                if left == right and top != bottom:
                    merged.append((int(top), int(bottom), _column(left)))
    return SheetCells(tuple(dict.fromkeys(formulas)), tuple(dict.fromkeys(merged)))


def filled_down(rows: list[list[str]], cells: SheetCells) -> list[list[str]]:
    """Return rows in which each cell that was merged with those above it has their value."""
    for first, last, column in cells.merged_down:
        if first > len(rows) or column > len(rows[first - 1]):
            continue
        for row in rows[first : min(last, len(rows))]:
            row[column - 1] = rows[first - 1][column - 1]
    return rows


def _column(letters: bytes) -> int:
    return int(column_index_from_string(letters.decode()))


def _pieces(stream: Any) -> Iterator[bytes]:
    """Yield a text in pieces that overlap by as much as a cell is long; what is found twice counts once."""
    rest = b""
    while piece := stream.read(_PIECE):
        yield rest + piece
        rest = (rest + piece)[-_LONGEST:]
