"""Give GDAL the maps that are text (GeoJSON, GML, KML) in UTF-8, the only encoding that it reads them in."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.io.maps.shapefile_text import on_encoding
from lhasaplan.io.parse.encoding_names import NAMES, known_encoding
from lhasaplan.io.parse.mixed_text import decode_pieces
from lhasaplan.io.parse.text_encoding import wide_encoding

_MAPS = (".geojson", ".json", ".geojsonl", ".gml", ".kml")
_STRING = re.compile(rb'("(?:[^"\\]|\\.)*")')
_DECLARED = re.compile(rb"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])([\w.-]+)""")
_LONGEST = 60
_ODD = marked(
    "line {line}: {text} is in another encoding than the rest of the file and was read as {encoding}; see whether it is right"
)
_BROKEN = marked("line {line}: {text} holds letters that are broken")


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
            Fault(_ODD, Where(file), {**words, "encoding": NAMES.get(name, name)}) if name else Fault(_BROKEN, Where(file), words)
        )
        remarks.append(note)
    return _declared_utf8("".join(found.texts)), remarks


def _declared_utf8(text: str) -> str:
    return re.sub(r"""^(\s*<\?xml[^>]*?encoding\s*=\s*["'])[\w.-]+""", r"\1UTF-8", text, count=1)
