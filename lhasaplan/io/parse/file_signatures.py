"""What a file seems to be by its first bytes, and what would be right where its name says something else."""

import bz2
import gzip
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath

from lhasaplan.core.base.translations import marked
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.io.parse.foreign_kinds import (
    CUT_PARQUET,
    DRAWING,
    LOOKS,
    MBTILES,
    PICTURE,
    TABLE,
    ForeignKind,
    foreign_kind,
    kind_of_json,
    kind_of_marks,
)
from lhasaplan.io.parse.text_encoding import wide_encoding

RASTERS = (".tif", ".tiff", ".hgt", ".asc")


def zipped_raster(path: Path) -> str | None:
    """Return the first raster inside a zip file, or None."""
    try:
        with zipfile.ZipFile(path) as archive:
            return next((name for name in archive.namelist() if name.casefold().endswith(RASTERS)), None)
    except zipfile.BadZipFile as error:
        raise InputError(Fault("this is no readable zip file", Where(path.name))) from error


_START = 1 << 16
_MOST_MEMBERS = 50  # files of a zip that are looked at
WORKBOOKS = (".xlsx", ".xlsm")
MAPS = (".gpkg", ".shp", ".geojson", ".json", ".geojsonl", ".fgb", ".gml", ".kml")
_NOT_TEXT = (*MAPS, *WORKBOOKS, ".xls", ".zip", ".osm", ".pbf", ".gz", ".bz2", ".tif", ".tiff", ".hgt")  # names of other things
# What readers take out of a zip, without JSON and XML: many a file of those is no map.
_READ_IN_ZIPS = (
    *(".gpkg", ".shp", ".fgb", ".gdb", ".gdbtable", ".tab", ".mif", ".gpx"),
    *(".pbf", ".gz", ".bz2", ".tif", ".tiff", ".hgt", ".asc"),
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_JSON = re.compile(rb"[\[{]\s*[\"\[{\]}\d-]")
_POINTING = re.compile(rb"<\s*(OGRVRT|VRTDataset|OGRW|GDAL_W|GDALW|WMS_|WMT_|Capabilities|wfs:WFS_Cap|wcs:|WCS_)")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_WORD = "WordDocument".encode("utf-16-le")

_PASSWORD = ForeignKind(marked("this workbook is protected by a password; save it as .xlsx without one, or as CSV"))
_DOCUMENT = ForeignKind(
    marked("this is a text document or a presentation; put the table in it into a workbook (.xlsx) or a CSV file")
)
_OLD_EXCEL = ForeignKind(marked("this is an old Excel file (.xls); save it as .xlsx or CSV"))
_EXCEL = ForeignKind(marked("this is an Excel workbook; let its name end in .xlsx"), WORKBOOKS)
_OPEN_DOCUMENT = ForeignKind(marked("this is an OpenDocument file; save it as .xlsx or CSV"))
_KMZ = ForeignKind(marked("this is a packed KML file (.kmz); unpack it and import the .kml in it"))
_ZIP = ForeignKind(marked("this is a zip file; let its name end in .zip, or unpack it"), (".zip",))
_WEB_PAGE = ForeignKind(
    marked(
        "this is a web page (HTML), no table and no map; "
        "open it in a spreadsheet and save it as .xlsx or CSV, or download the file itself"
    )
)
_POINTER = ForeignKind(marked("this file only points to other files or services; import the data themselves"))
_OSM = ForeignKind(marked("this is OpenStreetMap data; let its name end in .osm"), (".osm",))
_OLD_XML = ForeignKind(marked("this is a workbook in the old XML of Excel; save it as .xlsx or CSV"))
_MAP_XML = ForeignKind(marked("this is a map in XML (GML or KML); let its name end in .gml or .kml"), MAPS)
_XML = ForeignKind(marked("this XML is no GML, no KML and no OpenStreetMap data; export a map as GeoPackage or GeoJSON"))
_JSON_KIND = ForeignKind(marked("this is JSON; a map in it (GeoJSON) is read if its name ends in .geojson"), MAPS)
_TEXT = ForeignKind(marked("this is plain text and not what its name says; if it is a table, let its name end in .csv"))
_PARTS = (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx", ".qix")
_PART = ForeignKind(marked("this is one part of a Shapefile; import the .shp beside it"))

_PICTURE = ForeignKind(PICTURE)
_PHONE_PICTURES = (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif")  # behind the length of what says so
_TIFF = ForeignKind(marked("this is a TIFF raster; let its name end in .tif"), (".tif", ".tiff"))
_DWG = ForeignKind(
    marked(
        "this is a drawing in DWG, which only its maker's programs read; save it as DXF there and import that, "
        "and a table that stands in it (of cameras, say) as .xlsx or CSV"
    )
)
_DXF = ForeignKind(marked("this is a drawing (DXF); let its name end in .dxf"), (".dxf",))
_PACKED = ForeignKind(marked("this is a compressed file (7z, RAR, XZ or Zstandard); unpack it, or pack it as .zip"))
_SHAPES = ForeignKind(
    marked("this is a part of a Shapefile; let the names of its parts end in .shp, .shx, .dbf and .prj"), (".shp",)
)

_OTHER_RASTER = ForeignKind(
    marked("this raster is in another form (Erdas Imagine, netCDF, HDF, GRIB, JPEG 2000); save it as a GeoTIFF (gdal_translate)")
)

PARQUETS = (".parquet", ".geoparquet")
_PARQUET = ForeignKind(marked("this is a GeoParquet file; let its name end in .parquet"), PARQUETS)
_PDF = ForeignKind(marked("this is a PDF; ask for the table or the map itself, as CSV, .xlsx, GeoPackage or GeoJSON"))
_BY_PARTS = (
    (_EXCEL, "xl/workbook.xml"),
    (ForeignKind(TABLE, params={"kind": ".xlsb"}), "xl/workbook.bin"),
    (ForeignKind(TABLE, params={"kind": "Numbers"}), "index/document.iwa"),
)
_BY_BYTES: tuple[tuple[bytes, ForeignKind], ...] = (
    (b"version https://git-lfs", ForeignKind(marked("this is only a pointer to the file (Git LFS); fetch the file itself"))),
    (b"%PDF-", _PDF),
    *((start, _PICTURE) for start in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")),
    *((start, _OTHER_RASTER) for start in (b"EHFA_HEADER_TAG", b"CDF\1", b"CDF\2", b"\x89HDF", b"GRIB", b"\0\0\0\x0cjP")),
    *((start, _TIFF) for start in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    (b"SQLite format 3\0", ForeignKind(marked("this is a database (GeoPackage or SQLite); let its name end in .gpkg"), MAPS)),
    (b"fgb", ForeignKind(marked("this is a FlatGeobuf; let its name end in .fgb"), MAPS)),
    (b"\x00\x00\x27\x0a", _SHAPES),
    (b"AC10", _DWG),
    (b"AutoCAD Binary DXF", _DXF),
    (b"{\\rtf", _DOCUMENT),
    (b"\x1f\x8b", ForeignKind(marked("this is a compressed file (.gz); unpack it first"), (".osm.gz",))),
    (b"BZh", ForeignKind(marked("this is a compressed file (.bz2); unpack it first"), (".osm.bz2",))),
    *((start, _PACKED) for start in (b"7z\xbc\xaf", b"Rar!", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")),
)


def seems(path: Path) -> ForeignKind | None:
    """Return what the content seems to be; None where that is not known, and the reader finds out."""
    if path.suffix.casefold() in _PARTS:
        return _PART
    start = _start_of(path)
    for begins, kind in _BY_BYTES:
        if start.startswith(begins):
            return ForeignKind(MBTILES) if begins.startswith(b"SQLite") and path.suffix.casefold() == ".mbtiles" else kind
    for test in (_of_later_bytes, _of_parquet, _of_office, _of_zip, _of_osm, _of_text):
        if kind_found := test(path, start):
            return kind_found
    return None


def _of_later_bytes(path: Path, start: bytes) -> ForeignKind | None:
    if start[4:12] in _PHONE_PICTURES:
        return _PICTURE
    return _PDF if start.lstrip()[:5] == b"%PDF-" else foreign_kind(path.name, start)


def _start_of(path: Path) -> bytes:
    """Return the first bytes, of an extract of OpenStreetMap that is packed those in it."""
    name = path.name.casefold()
    with path.open("rb") as stream:
        start = stream.read(_START)
    if name.endswith((".osm.gz", ".osm.bz2")):
        try:
            with (gzip.open if name.endswith(".gz") else bz2.open)(path) as packed:
                inside = packed.read(_START)
        except (OSError, EOFError, zlib.error, ValueError):
            return start  # what is wrong with it is told where it is unpacked
        return inside if kind_of_marks(inside) else start
    return start


def _of_parquet(path: Path, start: bytes) -> ForeignKind | None:
    if not start.startswith(b"PAR1"):
        return None
    with path.open("rb") as stream:
        stream.seek(max(path.stat().st_size - 4, 4))
        is_whole = stream.read() == b"PAR1"
    return _PARQUET if is_whole else ForeignKind(CUT_PARQUET)


def _of_office(path: Path, start: bytes) -> ForeignKind | None:
    if not start.startswith(b"\xd0\xcf\x11\xe0"):
        return None
    content = path.read_bytes()
    if "Dgn~".encode("utf-16-le") in content:
        return ForeignKind(DRAWING, params={"kind": "DGN"})
    return _PASSWORD if _ENCRYPTED in content else _DOCUMENT if _WORD in content else _OLD_EXCEL


def _of_zip(path: Path, start: bytes) -> ForeignKind | None:
    if not start.startswith(b"PK\x03\x04"):
        return None
    try:
        with zipfile.ZipFile(path) as archive:
            names = [name.casefold() for name in archive.namelist()]
    except (zipfile.BadZipFile, NotImplementedError):
        return ForeignKind(_ZIP.sentence, (".zip", *WORKBOOKS))  # what is wrong with it is told where it is opened
    return _of_names(names, is_zip=path.suffix.casefold() == ".zip") or _of_members(path) or _ZIP


def _of_names(names: Sequence[str], is_zip: bool) -> ForeignKind | None:
    """Return the kind of a packed file that has parts of these names, in small letters."""
    for kind, part in _BY_PARTS:
        if part in names:
            return kind
    if any(name.endswith(".qgs") for name in names) and not is_zip:
        return ForeignKind(LOOKS, params={"kind": "QGIS"})
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return _DOCUMENT
    if "content.xml" in names and "mimetype" in names:
        return _OPEN_DOCUMENT
    return _KMZ if "doc.kml" in names and not is_zip else None


def _of_members(path: Path) -> ForeignKind | None:
    """Return the kind of the maps in a zip where none of them is one that is read."""
    found: list[ForeignKind | None] = []
    with zipfile.ZipFile(path) as archive:
        members = archive.namelist()
        if any(PurePosixPath(part).suffix in _READ_IN_ZIPS for name in members for part in PurePosixPath(name.casefold()).parts):
            return None  # JSON or XML beside it describes it
        for member in members[:_MOST_MEMBERS]:
            if PurePosixPath(member.casefold()).suffix in {*MAPS, ".osm"}:
                try:
                    with archive.open(member) as stream:
                        found.append(_foreign_text(stream.read(_START)))
                except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
                    return None  # told where it is unpacked
    kinds = [kind for kind in found if kind is not None]
    is_foreign = bool(kinds) and len(kinds) == len(found)
    return next((kind for kind in kinds if kind.endings), kinds[0]) if is_foreign else None


def _foreign_text(start: bytes) -> ForeignKind | None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    return kind_of_marks(text) if text.startswith(b"<") else kind_of_json(text) if _JSON.match(text) else None


def _of_osm(path: Path, start: bytes) -> ForeignKind | None:
    is_pbf = b"OSMHeader" in start[:64]
    return ForeignKind(marked("this is OpenStreetMap data; let its name end in .osm.pbf"), (".pbf",)) if is_pbf else None


def _of_text(path: Path, start: bytes) -> ForeignKind | None:
    # A tile of heights is bare numbers of two bytes, which could be letters of two bytes as well.
    wide = "" if path.suffix.casefold() == ".hgt" else wide_encoding(start)
    if wide:
        start = start[: len(start) // 4 * 4].decode(wide, "replace").encode()
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"<"):
        found = next((kind for fits, kind in _MARKED if fits(text)), _XML)
        return found if found in (_POINTER, _OLD_XML, _WEB_PAGE, _OPEN_DOCUMENT) else kind_of_marks(text) or found
    if _CONTROL.search(text) or not text:
        return None
    if re.match(rb"(999\s[^\n]*\n\s*)*0\s+SECTION", text):
        return _DXF
    if _JSON.match(text):
        return kind_of_json(text) or _JSON_KIND
    return _TEXT if path.name.casefold().endswith(_NOT_TEXT) else None


_MARKED: tuple[tuple[Callable[[bytes], object], ForeignKind], ...] = (
    (_POINTING.search, _POINTER),
    (re.compile(rb"(?i)<!doctype html|<html|<table|<body").search, _WEB_PAGE),
    (re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet").search, _OLD_XML),
    (re.compile(rb"<office:document[\s>]").search, _OPEN_DOCUMENT),
    (re.compile(rb"<osm(Change)?[\s>/]").search, _OSM),
    (re.compile(rb"<(\w+:)?kml[\s>]|opengis\.net/gml|FeatureCollection").search, _MAP_XML),
)


# Say why a file cannot be read, and of one that is damaged what it is, where its first bytes say what its name says.

NO_FILE = marked("there is no such file")
DAMAGED = marked("this file is damaged, was cut off, or is not what its name says; export or download it again")
NO_INDEX = marked(
    "the part .shx of this Shapefile is missing or damaged; copy its parts .shp, .shx, .dbf and .prj again, all together"
)
NESTED = marked("what stands in this file is nested too deeply to be read")
MEMORY = marked("this file asks for more memory than there is")
OF_KIND = marked(
    "this file ({kind}) is damaged or was cut off: it begins as it should and cannot be read; export or download it again"
)
_NAMES: Mapping[str, str] = {
    ".pbf": "OpenStreetMap PBF",
    ".dxf": "DXF",
    ".gpkg": "GeoPackage",
    ".fgb": "FlatGeobuf",
    ".parquet": "GeoParquet",
    ".geoparquet": "GeoParquet",
    ".shp": "Shapefile",
    ".xlsx": "Excel",
    ".xlsm": "Excel",
    ".tif": "GeoTIFF",
    ".tiff": "GeoTIFF",
}


def damaged(path: Path) -> Fault:
    """Return the fault of a file that its reader gave up."""
    where, name = Where(path.name), _NAMES.get(path.suffix.casefold())
    try:
        kind = seems(path) if name else None
    except OSError:
        kind = None
    begins_right = kind is not None and path.name.casefold().endswith(kind.endings)
    return Fault(OF_KIND, where, {"kind": name}) if name and begins_right else Fault(DAMAGED, where)
