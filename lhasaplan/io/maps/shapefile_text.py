"""Decode the texts of a Shapefile: what its .cpg or its table says of them may be missing or wrong, and GDAL would not tell.

住宅 (dwelling) would be ×¡Õ¬ and no home. So GDAL gives the bytes as they are (:data:`RAW`), and they are decoded here.
"""

import zipfile
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from lhasaplan.core.base.printable_text import printable
from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.io.parse.encoding_names import NAMES, known_encoding
from lhasaplan.io.parse.mixed_text import Pieces, decode_pieces

RAW = "ISO-8859-1"  # each byte becomes one sign, so that none is lost
NOT_SAID = marked("the texts of this file are read as {encoding}, which it does not say")
_LIE = marked("this file says that its texts are {said}, but they are {encoding} and are read as that")
_ODD = marked(
    "the text {text} of this feature is in another encoding than the rest and was read as {encoding}; see whether it is right"
)
_BROKEN = marked("the text {text} of this feature holds letters that are broken")
_LANGUAGE_BYTE = 29  # of a table: a number for its encoding
_LANGUAGES = {
    **{0x01: "cp437", 0x02: "cp850", 0x03: "cp1252", 0xC8: "cp1250", 0xC9: "cp1251"},
    **{
        0x4D: "gb18030",
        0x7A: "gb18030",
        0x4F: "cp950",
        0x78: "cp950",
        0x13: "cp932",
        0x7B: "cp932",
        0x4E: "cp949",
        0x79: "cp949",
    },
}


def said_encoding(path: Path, layer: str) -> str | None:
    """Return what a Shapefile (zipped, too) says of its texts, empty where it says nothing; None for files of other kinds."""
    if path.suffix.casefold() == ".shp":
        label, table = path.with_suffix(".cpg"), path.with_suffix(".dbf")
        parts = [part.read_bytes()[:64] if part.exists() else b"" for part in (label, table)]
    elif path.suffix.casefold() == ".zip":
        found = _zipped(path, layer)
        if ".dbf" not in found:
            return None
        parts = [found.get(".cpg", b""), found[".dbf"]]
    else:
        return None
    return known_encoding(parts[0].decode("ascii", "replace")) or _LANGUAGES.get((parts[1] + bytes(64))[_LANGUAGE_BYTE], "")


def _zipped(path: Path, layer: str) -> dict[str, bytes]:
    """Return the beginning of the parts of a zipped Shapefile that tell of its texts."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if PurePosixPath(name).stem == layer]
        parts = {PurePosixPath(name.casefold()).suffix: name for name in names}
        return {ending: archive.open(name).read(64) for ending, name in parts.items() if ending in {".cpg", ".dbf"}}


def decoded_cells(cells: Sequence[str], said: str, file: str, items: Sequence[str]) -> tuple[list[str], list[Fault]]:
    """Return the texts of raw cells, and remarks on their encoding.

    Parameters
    ----------
    items : the feature of each cell, empty for the name of a field.
    """
    raw = [cell.encode("latin-1") for cell in cells]
    found = decode_pieces(raw, said, may_be_cut=True)
    texts = [printable(text) for text in found.texts]
    odd = [
        (index, Fault(_ODD, params={"encoding": NAMES.get(name, name), "text": texts[index]}))
        for index, name in found.odd.items()
    ]
    broken = [(index, Fault(_BROKEN, params={"text": texts[index]})) for index in found.doubtful]
    each = [
        Fault(note.template, Where(file, item=items[index] or None), note.params)
        for index, note in sorted((*odd, *broken), key=lambda pair: pair[0])
    ]
    return texts, [*on_encoding(found, said, file, any(not piece.isascii() for piece in raw)), *each]


def on_encoding(found: Pieces, said: str, file: str, has_letters: bool) -> list[Fault]:
    """Return a remark where texts were read in another encoding than the file says, or it says none and they are no UTF-8."""
    if not has_letters or found.encoding == (said or "utf-8"):
        return []
    named = {"encoding": NAMES.get(found.encoding, found.encoding), "said": NAMES.get(said, said)}
    return [Fault(_LIE, Where(file), named) if said else Fault(NOT_SAID, Where(file), {"encoding": named["encoding"]})]
