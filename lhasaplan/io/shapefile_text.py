"""Find out how the texts of a Shapefile are encoded when neither a .cpg file nor its table says so."""

import zipfile
from pathlib import Path, PurePosixPath

from lhasaplan.io.text_encoding import encoding_of

_SILENT = (0x00, 0x57)  # language bytes of a table that say nothing, or only "that of the system"
_MOST = 1 << 22  # bytes of a table that are looked at
_DESCRIPTOR, _NAME = 32, 11  # bytes of a field's description in a table's header, and of its name


def shapefile_encoding(path: Path, layer: str) -> str | None:
    """Return the encoding of a Shapefile's texts as GDAL calls it; None for other files and where the file itself says it.

    GDAL would read them as western European, and nobody would be told: 住宅 (dwelling) would be ×¡Õ¬ and no home.
    """
    if path.suffix.casefold() == ".shp":
        said, table = path.with_suffix(".cpg").exists(), _bytes(path.with_suffix(".dbf"))
    elif path.suffix.casefold() == ".zip":
        said, table = _zipped(path, layer)
    else:
        return None
    if said or len(table) < _DESCRIPTOR or table[29] not in _SILENT:
        return None
    text = _texts(table)
    return None if text.isascii() else encoding_of(text).removesuffix("-sig").upper()


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(_MOST)
    except FileNotFoundError:
        return b""


def _zipped(path: Path, layer: str) -> tuple[bool, bytes]:
    """Return whether a zipped Shapefile names its encoding, and the beginning of its table."""
    with zipfile.ZipFile(path) as archive:
        parts = {PurePosixPath(name.casefold()).suffix: name for name in archive.namelist() if PurePosixPath(name).stem == layer}
        if ".dbf" not in parts:
            return True, b""
        with archive.open(parts[".dbf"]) as stream:
            return ".cpg" in parts, stream.read(_MOST)


def _texts(table: bytes) -> bytes:
    """Return the names of a table's fields and its records, without the binary parts of the header."""
    end = int.from_bytes(table[8:10], "little")
    starts = range(_DESCRIPTOR, max(end - 1, _DESCRIPTOR), _DESCRIPTOR)
    names = [table[start : start + _NAME].partition(b"\0")[0] for start in starts]
    return b" ".join((*names, table[end:]))
