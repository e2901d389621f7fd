"""Read the texts of map files in their true encoding: of Shapefiles cell by cell, of GeoJSON, GML and KML as a copy."""

import codecs
import re
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path, PurePosixPath

from lhasaplan.core.base.spelling import printable
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.io.parse.text_encoding import NAMES, TextPieces, decode_pieces, known_encoding, wide_encoding

_MAPS = (".geojson", ".json", ".geojsonl", ".gml", ".kml")
_STRING = re.compile(rb'("(?:[^"\\]|\\.)*")')
_DECLARED = re.compile(rb"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])([\w.-]+)""")
_LONGEST = 60
_ODD_SIGNS = marked(
    "line {line}: {text} is in another encoding than the rest of the file and was read as {encoding}; see whether it is right"
)
_BROKEN_COPY = marked("line {line}: {text} holds letters that are broken")


@contextmanager
def in_utf8(path: Path) -> Iterator[tuple[Path, tuple[Fault, ...]]]:
    """Yield the file, or a copy of the same name in UTF-8 that lasts as long as the block, and remarks on its texts."""
    if path.suffix.casefold() not in _MAPS or _is_utf8(path):
        yield path, ()
        return
    text, remarks = _text(path.read_bytes(), path.name)
    with scratch_folder() as folder:  # a kill leaves it; the next command clears it
        copy = folder / path.name
        copy.write_text(text, encoding="utf-8", newline="")
        yield copy, tuple(remarks)


def _is_utf8(path: Path) -> bool:
    """Say whether a file is UTF-8 as it stands, and says nothing else of itself."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as stream:
        is_first = True
        while piece := stream.read(1 << 20):
            if is_first and ((declared := _DECLARED.match(piece)) and known_encoding(declared[2].decode()) != "utf-8"):
                return False
            is_first = False
            if b"\0" in piece:
                return False
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return False
    return not decoder.getstate()[0]


def _text(content: bytes, file: str) -> tuple[str, list[Fault]]:
    if wide := wide_encoding(content):
        return _declared_utf8(content.decode(wide).removeprefix("\ufeff")), []
    declared = _DECLARED.match(content)
    said = known_encoding(declared[2].decode()) if declared else ""
    pieces = content.splitlines(keepends=True) if declared or content.lstrip().startswith(b"<") else _STRING.split(content)
    lines = [1, *(1 + count for count in accumulate(piece.count(b"\n") for piece in pieces))]
    found = decode_pieces(pieces, said)
    remarks = on_encoding(found, said, file, True)
    for index in sorted({*found.odd, *found.doubtful}):
        words = {"line": lines[index], "text": found.texts[index].strip()[:_LONGEST]}
        name = found.odd.get(index, "")
        note = (
            Fault(_ODD_SIGNS, Where(file), {**words, "encoding": NAMES.get(name, name)})
            if name
            else Fault(_BROKEN_COPY, Where(file), words)
        )
        remarks.append(note)
    return _declared_utf8("".join(found.texts)), remarks


def _declared_utf8(text: str) -> str:
    return re.sub(r"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])[\w.-]+""", r"\1UTF-8", text, count=1)


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


def on_encoding(found: TextPieces, said: str, file: str, has_letters: bool) -> list[Fault]:
    """Return a remark where texts were read in another encoding than the file says, or it says none and they are no UTF-8."""
    if not has_letters or found.encoding == (said or "utf-8"):
        return []
    named = {"encoding": NAMES.get(found.encoding, found.encoding), "said": NAMES.get(said, said)}
    return [Fault(_LIE, Where(file), named) if said else Fault(NOT_SAID, Where(file), {"encoding": named["encoding"]})]
