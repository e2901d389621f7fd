"""Refuse map files that were cut off: GDAL would read a part of some of them and say nothing."""

import struct
import zipfile
from pathlib import Path, PurePosixPath
from xml.sax.handler import ContentHandler

from defusedxml import sax

from lhasaplan.core.base.wording import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.file_signatures import MAPS

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
        Names each part that is too short. What is wrong with XML is raised as the parser says it, to be told by the caller.
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
