"""What stands in a map file itself: its texts in their true encoding, and its counts, which do not believe its own head."""

import codecs
import json
import re
import sqlite3
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import accumulate
from pathlib import Path, PurePosixPath
from xml.sax.handler import ContentHandler

from defusedxml import sax

from lhasaplan.core.base.spelling import printable
from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.scratch import scratch_folder
from lhasaplan.files.undisturbed import is_sqlite
from lhasaplan.io.parse.file_signatures import MAPS
from lhasaplan.io.parse.text_encoding import NAMES, TextPieces, decode_pieces, known_encoding, wide_encoding

# Read the texts of map files in their true encoding: of Shapefiles cell by cell, of GeoJSON, GML and KML as a copy.

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


# Hold what was read of a file against what stands in it, by counts that do not believe its own head.

LINE = marked("this line is no feature as JSON, and its row would be lost; export the file again")
MATCHED = marked(
    "the server that gave this file has {matched} features, and {found} are in it; ask it for the rest, or for all at once"
)
MORE = marked("the server gave only a part of what it has ({sign}); ask it for the rest, or for all at once")
LINKS = marked("{count} links in this file lead to other files, which were not followed; import those themselves")
FEATURES = marked("this file holds {wanted} features, and only {found} can be read; export it again, or in another format")
PICTURES = marked(
    "pictures over the ground are all that this KML holds ({count}), and no place is marked in it; "
    "a picture with its place (GeoTIFF) can be a background map"
)
_ENDS = 1 << 16  # bytes at the beginning and the end of a file in which a server says what it has
_PIECE = 1 << 20
_MOST_NAMED = 50
_MATCHED = re.compile(rb"""["']?\b(?:numberMatched|totalFeatures)["']?\s*[:=]\s*["']?(\d+)""")
_SIGNS = {
    "exceededTransferLimit": re.compile(rb'"exceededTransferLimit"\s*:\s*true'),
    "next": re.compile(rb'"rel"\s*:\s*"next"|<wfs:FeatureCollection[^>]*\snext="'),
}
_FEATURE = re.compile(rb'"type"\s*:\s*"Feature"')
_GEOMETRY = re.compile(rb'"geometry"\s*:')
_SMALL = 5_000_000  # bytes of a file that is looked through whole
_LINK = re.compile(rb"<(?:\w+:)?NetworkLink[\s>]")
_PLACE = re.compile(rb"<(?:\w+:)?Placemark[\s>]")
_OVERLAY = re.compile(rb"<(?:\w+:)?(?:Ground|Photo|Screen)Overlay[\s>/]")
_MOST_SEARCHED = 200  # bytes of what is searched for, at most


def rows_of_table(path: Path, layer: str) -> int | None:
    """Return how many rows a table of a database has, counted there; None for what is no database or cannot be counted."""
    if not is_sqlite(path):
        return None
    quoted = layer.replace('"', '""')
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            return int(database.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])
    except sqlite3.Error:  # a view of functions that GDAL alone knows
        return None


def check_lines(path: Path, found: int) -> None:
    """Refuse a file of a feature a line of which a line is no JSON, with the number of each such line.

    Raises
    ------
    InputError
        GDAL passes over such a line.
    """
    with path.open("rb") as stream:
        filled = sum(bool(line.strip(b"\x1e \t\r\n")) for line in stream)
    if filled <= found:
        return
    with path.open("rb") as stream:
        bad = [number for number, line in enumerate(stream, start=1) if not _is_json(line)]
    if bad:
        raise InputError(*(Fault(LINE, Where(path.name, number)) for number in bad[:_MOST_NAMED]))


def _is_json(line: bytes) -> bool:
    text = line.strip(b"\x1e \t\r\n")
    if not text:
        return True
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def check_collection(path: Path, found: int) -> None:
    """Refuse a GeoJSON of which GDAL gave fewer features than stand in it.

    Raises
    ------
    InputError
        With both counts.
    """
    is_large = path.stat().st_size > _SMALL
    if is_large and max(_count(path, _FEATURE), _count(path, _GEOMETRY)) <= found:  # two keys that every feature has
        return
    content = json.loads(path.read_bytes())
    features = content.get("features") if isinstance(content, dict) else None
    wanted = sum(each is not None for each in features) if isinstance(features, list) else 0
    if wanted > found:
        raise InputError(Fault(FEATURES, Where(path.name), {"wanted": wanted, "found": found}))


def check_places(path: Path) -> None:
    """Refuse a KML that lays pictures over the ground and marks no place.

    Raises
    ------
    InputError
        GDAL makes a feature without a tag of each picture.
    """
    if path.suffix.casefold() == ".kml" and next(_found(path, _PLACE), None) is None and (count := _count(path, _OVERLAY)):
        raise InputError(Fault(PICTURES, Where(path.name), {"count": count}))


def remarks_on_more(path: Path, found: int) -> tuple[Fault, ...]:
    """Return what a file says of features that its server has and it has not, and of links to other files."""
    where = Where(path.name)
    with path.open("rb") as stream:
        ends = stream.read(_ENDS)
        stream.seek(max(_ENDS, path.stat().st_size - _ENDS))
        ends += stream.read()
    matched = max((int(each) for each in _MATCHED.findall(ends)), default=0)
    if matched > found:
        return (Fault(MATCHED, where, {"matched": matched, "found": found}),)
    signs = [name for name, sign in _SIGNS.items() if sign.search(ends)]
    links = _count(path, _LINK) if path.suffix.casefold() == ".kml" else 0
    return (
        *(Fault(MORE, where, {"sign": sign}) for sign in signs[:1]),
        *((Fault(LINKS, where, {"count": links}),) if links else ()),
    )


def _count(path: Path, wanted: re.Pattern[bytes]) -> int:
    """Return how often something stands in a file, read piece by piece."""
    return sum(1 for _ in _found(path, wanted))


def _found(path: Path, wanted: re.Pattern[bytes]) -> Iterator[bytes]:
    rest = b""
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            text, end = rest + piece, 0
            for each in wanted.finditer(text):
                end = each.end()
                yield each[0]
            rest = text[max(end, len(text) - _MOST_SEARCHED) :]


_CUT = marked("this file was cut off: {part} should have {wanted} bytes and has {found}; copy or download it again")
_FEWER = marked("this file was cut off: it tells of {wanted} features and holds {found}; copy or download it again")
_SHAPE_HEADER, _TABLE_HEADER = 100, 32
_OTHER_MAPS = (".gdbtable", ".tab", ".mif", ".gpx", ".sqlite", ".topojson", ".geojsons")  # GDAL finds them in a zip
_NAMED = 5


def check_whole(path: Path) -> None:
    """Refuse a Shapefile whose parts are shorter than they say, and XML that breaks off.

    Raises
    ------
    InputError
        Names each part that is too short. What is wrong with XML is raised as the parser says it, to be reported by the caller.
    """
    suffix = path.suffix.casefold()
    if suffix in {".gml", ".kml"}:
        sax.parse(str(path), ContentHandler(), forbid_external=True)
    faults = [fault for part, head, size in _parts(path, suffix) if (fault := _short(path.name, part, head, size))]
    if faults:
        raise InputError(*faults)


def check_count(file: str, wanted: int, found: int) -> None:
    """Refuse a layer that gave fewer features than its head tells of; a count below 0 is unknown."""
    if found < wanted:
        raise InputError(Fault(_FEWER, Where(file), {"wanted": wanted, "found": found}))


def _parts(path: Path, suffix: str) -> list[tuple[str, bytes, int]]:
    """Return name, head and size of the parts of a Shapefile, zipped or not."""
    if suffix == ".shp":
        parts = [path, path.with_suffix(".dbf")]
        return [(part.suffix, _head(part), part.stat().st_size) for part in parts if part.exists()]
    if suffix != ".zip":
        return []
    with zipfile.ZipFile(path) as archive:
        _refuse_empty(path.name, archive.namelist())
        members = [each for each in archive.infolist() if PurePosixPath(each.filename.casefold()).suffix in {".shp", ".dbf"}]
        return [(each.filename, archive.open(each).read(_SHAPE_HEADER), each.file_size) for each in members]


def _refuse_empty(file: str, names: list[str]) -> None:
    if not any(name.casefold().endswith((*MAPS, *_OTHER_MAPS)) for name in names):
        text = (
            "there is no map, raster or OpenStreetMap file in this zip; it holds: {names}; "
            "unpack it, and import a table or a drawing in it by itself"
        )
        more = ["…"] if len(names) > _NAMED else []
        raise InputError(Fault(text, Where(file), {"names": ", ".join([*names[:_NAMED], *more]) or "-"}))


def _head(part: Path) -> bytes:
    with part.open("rb") as stream:
        return stream.read(_SHAPE_HEADER)


def _short(file: str, part: str, head: bytes, size: int) -> Fault | None:
    if part.casefold().endswith(".dbf"):
        wanted = _table_size(head)
    else:
        wanted = int(struct.unpack(">i", head[24:28])[0]) * 2 if len(head) >= 28 else _SHAPE_HEADER
    return Fault(_CUT, Where(file), {"part": part, "wanted": wanted, "found": size}) if size < wanted else None


def _table_size(head: bytes) -> int:
    """Return the bytes of a table: its head and its records, without the sign that may end it."""
    if len(head) < _TABLE_HEADER:
        return _TABLE_HEADER
    count, before, each = struct.unpack("<IHH", head[4:12])
    return int(before + count * each)
