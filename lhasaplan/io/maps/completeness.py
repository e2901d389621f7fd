"""Hold what was read of a file against what stands in it, by counts that do not believe its own head."""

import json
import re
import sqlite3
import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path, PurePosixPath
from xml.sax.handler import ContentHandler

from defusedxml import sax

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.undisturbed import is_sqlite
from lhasaplan.io.parse.file_signatures import MAPS

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
_LONGEST = 200  # bytes of what is searched for, at most


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
            rest = text[max(end, len(text) - _LONGEST) :]


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
    wanted = _table_size(head) if part.casefold().endswith(".dbf") else _shape_size(head)
    return Fault(_CUT, Where(file), {"part": part, "wanted": wanted, "found": size}) if size < wanted else None


def _shape_size(head: bytes) -> int:
    return int(struct.unpack(">i", head[24:28])[0]) * 2 if len(head) >= 28 else _SHAPE_HEADER


def _table_size(head: bytes) -> int:
    """Return the bytes of a table: its head and its records, without the sign that may end it."""
    if len(head) < _TABLE_HEADER:
        return _TABLE_HEADER
    count, before, each = struct.unpack("<IHH", head[4:12])
    return int(before + count * each)
