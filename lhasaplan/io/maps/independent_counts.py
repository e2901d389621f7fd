"""Count what a map file holds without GDAL, and compare: what GDAL passes over in silence, and what a server says it has more."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.files.undisturbed import is_sqlite

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
