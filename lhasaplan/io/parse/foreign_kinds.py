"""Name what a file is that no reader takes, by its first bytes, its outermost element, its JSON or its ending, and what to do.

What is not known here is left to the readers; what is, is no map, table, drawing or raster of the forms that are read.
"""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from lhasaplan.core.base.translations import marked

_MOST_TEXT = 160  # letters of a server's message that are told


@dataclass(frozen=True, slots=True)
class ForeignKind:
    """What a file seems to be, in a sentence that says what would be right, and the endings under which it is read here."""

    sentence: str
    endings: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)


MAP = marked("this is a map in {kind}, which is not read; save it as GeoPackage or GeoJSON (QGIS or ogr2ogr do)")
CITY = marked("this is a city model ({kind}), which is not read; save its footprints with heights as GeoPackage or GeoJSON")
DRAWING = marked(
    "this is a drawing or model in {kind}, which is not read; save it as DXF, or its outlines as GeoPackage or GeoJSON"
)
MODEL = marked(
    "this is a 3D model ({kind}), no map; ask for the footprints of the buildings with heights, as GeoPackage or GeoJSON"
)
CLOUD = marked("this is a cloud of points ({kind}); make a raster of heights (GeoTIFF) of it")
TABLE = marked("this is a table or database in {kind}, which is not read; save the table as .xlsx or CSV")
TILES = marked("this holds tiles of a map ({kind}), which are cut and simplified; ask for the data behind them")
MBTILES = marked(
    "these are tiles of a background map; lay them under the map (View › Background maps › Background map from a file)"
)
SERVICE = marked("this describes a service or a catalogue ({kind}) and holds no data; ask it for the data themselves, as GeoJSON")
LOOKS = marked("this file ({kind}) describes data, or how they look, and holds none; import the data themselves")
ERROR = marked("this is no data but an error of the server that was asked: {text}")
JSON_RECORDS = "records"  # what a catalogue of camera models may be
RECORDS = marked("this JSON holds records without shapes and is no GeoJSON; save the records as CSV, with columns lon and lat")
SCRIPT = marked("this is a script with JSON in it; take away what stands before the first brace and after the last one")
NO_FEATURES = marked(
    "this file is whole and holds no feature with a shape; was the layer empty, or filtered, when it was exported?"
)
PICTURE = marked("this is a picture, no map; ask for the data behind it")
CUT_PARQUET = marked("this Parquet file was cut off; export or download it again, as GeoPackage or GeoJSON")
CHANGES = marked("these are changes of OpenStreetMap and no state of it; download the area itself")
OSM_VERSION = marked("this is OpenStreetMap data of version {version}, and only 0.6 is read; download the area again")
NO_OSM_VERSION = marked('these OpenStreetMap data do not say their version; write <osm version="0.6"> if that is what they are')
EBCDIC = marked("this text is in EBCDIC, as of a mainframe; save it as UTF-8")

_ENDINGS: Mapping[str, ForeignKind] = {
    **dict.fromkeys((".tab", ".mif", ".mid", ".map", ".ind"), ForeignKind(MAP, params={"kind": "MapInfo"})),
    ".mvt": ForeignKind(TILES, params={"kind": "Mapbox Vector Tiles"}),
    **{f".{each}": ForeignKind(MODEL, params={"kind": each.upper()}) for each in ("obj", "fbx", "3ds", "blend", "stl", "3dm")},
}
_BY_BYTES: tuple[tuple[bytes, ForeignKind], ...] = (
    (b"ARROW1", ForeignKind(MAP, params={"kind": "Arrow"})),
    (b"!table", ForeignKind(MAP, params={"kind": "MapInfo"})),
    *((start, ForeignKind(DRAWING, params={"kind": "DGN"})) for start in (b"\x08\x09\xfe\x02", b"\xc8\x09\xfe\x02")),
    (b"\xff\xfe\xff\x0eS\0k\0e\0t\0c\0h\0U\0p\0", ForeignKind(MODEL, params={"kind": "SketchUp"})),
    (b"glTF", ForeignKind(MODEL, params={"kind": "glTF"})),
    (b"ASTM-E57", ForeignKind(CLOUD, params={"kind": "E57"})),
    (b"# .PCD", ForeignKind(CLOUD, params={"kind": "PCD"})),
    (b"LASF", ForeignKind(CLOUD, params={"kind": "LAS"})),
    (b"\0\1\0\0Standard", ForeignKind(TABLE, params={"kind": "Access"})),
    (b"PMTiles", ForeignKind(TILES, params={"kind": "PMTiles"})),
)
_ROOTS: Mapping[str, ForeignKind] = {
    # GDAL reads its footprints where it has some; where nothing comes out it is named by its reader.
    "CityModel": ForeignKind(CITY, (".gml", ".zip"), {"kind": "CityGML"}),
    "ifcXML": ForeignKind(DRAWING, params={"kind": "IFC"}),
    "gpx": ForeignKind(MAP, params={"kind": "GPX"}),
    "LandXML": ForeignKind(MAP, params={"kind": "LandXML"}),
    "svg": ForeignKind(PICTURE),
    "COLLADA": ForeignKind(MODEL, params={"kind": "Collada"}),
    "osmChange": ForeignKind(CHANGES),
    "osm-notes": ForeignKind(LOOKS, params={"kind": "OSM Notes"}),
    "qgis": ForeignKind(LOOKS, params={"kind": "QGIS"}),
    "StyledLayerDescriptor": ForeignKind(LOOKS, params={"kind": "SLD"}),
    "MD_Metadata": ForeignKind(LOOKS, params={"kind": "ISO 19115"}),
    "schema": ForeignKind(LOOKS, params={"kind": "XML Schema"}),
    "rss": ForeignKind(LOOKS, params={"kind": "RSS"}),
    "feed": ForeignKind(SERVICE, params={"kind": "Atom"}),
}
_ROOT = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)([^<>]*)")
_ASIDES = ((b"<?", b"?>"), (b"<!--", b"-->"))
_EXCEPTION = re.compile(rb"<(?:\w+:)?(?:ExceptionText|ServiceException)\b[^<>]*>([^<]*)<")
_VERSION = re.compile(rb"""\bversion\s*=\s*["']([^"']*)["']""")
_MAP_INFO = re.compile(rb"Version\s+\d+\s[\s\S]{0,400}?(Delimiter|CoordSys|Columns)\s", re.IGNORECASE)
_SCRIPT = re.compile(rb"(var|let|const|window\.)?\s*[\w.$]+\s*(=|\()\s*[\[{]\s*\"")
_OBJ = re.compile(rb"(?:mtllib|o|g|v)[ \t][^\n]*\n")
_OBJ_POINT = re.compile(rb"^v(?:[ \t]+-?[\d.]+(?:[eE][-+]?\d+)?){3}[ \t\r]*$", re.MULTILINE)  # a table can have a row called v
_STL = re.compile(rb"solid [^\n]*\n\s*(facet|endsolid)\b")  # a table may begin with that word, too
_PLY = re.compile(rb"ply\r?\n(format|comment|obj_info)\s")
_SCHEMA = re.compile(rb"FILE_SCHEMA\s*\(\s*\(\s*'([^']*)")
_DAYS, _MONTHS = range(1, 32), range(1, 13)
_DBF_KINDS = (0x03, 0x83, 0x8B, 0xF5)
_DBF_HEAD = 32
_EBCDIC_GAPS = (b"\x15", b"\x25", b"\x40")  # ends of lines, and a blank


def foreign_kind(name: str, start: bytes) -> ForeignKind | None:
    """Return the kind of a file that no reader takes, by its name and first bytes; None where that is not known."""
    for begins, kind in _BY_BYTES:
        if start.startswith(begins):
            return kind
    return (
        _of_step(start)
        or _of_table(name, start)
        or _of_words(start)
        or next((kind for ending, kind in _ENDINGS.items() if name.casefold().endswith(ending)), None)
    )


def kind_of_marks(text: bytes) -> ForeignKind | None:
    """Return the kind of an XML file that is not read, by its outermost element."""
    found = _root(text[:65536])
    if found is None:
        return None
    root = found[1].decode("ascii", "replace")
    if root in {"ExceptionReport", "ServiceExceptionReport"}:
        said = _EXCEPTION.search(text)
        return ForeignKind(ERROR, params={"text": _said(said[1] if said else b"?")})
    if root == "document" and b"opendocument" in text[:4096]:
        return None
    if root == "osm":
        version = _VERSION.search(found[2])
        if version is None:
            return ForeignKind(NO_OSM_VERSION)
        is_read = version[1] == b"0.6"
        return None if is_read else ForeignKind(OSM_VERSION, params={"version": _said(version[1])})
    return _ROOTS.get(root)


def _root(text: bytes) -> re.Match[bytes] | None:
    """Return the outermost element, after comments, instructions and declarations; None where one of these does not end."""
    at = text.find(b"<")
    while at >= 0:
        if found := _ROOT.match(text, at):
            return found
        ending = next((ends for begins, ends in _ASIDES if text.startswith(begins, at)), b">")
        inner = text.find(b"[", at, text.find(b">", at) + 1) if text.startswith(b"<!DOCTYPE", at) else -1
        end = text.find(ending, at + 2 if inner < 0 else text.find(b"]", inner) + 1 or len(text))
        at = text.find(b"<", end + len(ending)) if end >= 0 else -1
    return None


def kind_of_json(text: bytes) -> ForeignKind | None:
    """Return the kind of JSON that is no map, by the keys of its outermost object, or of the first one of a list."""
    keys = _keys(text)
    reported = keys.get("type", "")
    if reported.startswith("CityJSON") or "CityObjects" in keys:
        return ForeignKind(CITY, (".json", ".jsonl", ".geojson", ".geojsonl"), {"kind": "CityJSON"})  # it has a reader of its own
    if reported == "Topology" and re.search(rb'"objects"\s*:\s*\{\s*\}', text):
        return ForeignKind(NO_FEATURES)
    if _is_map(keys):
        return None
    if (kind := _of_service(keys)) is not None:
        return kind
    if keys.keys() & {"error", "exceptions", "message"} and not keys.keys() & {"results", "records", "data"}:
        said = re.search(rb'"(?:message|error|text)"\s*:\s*"((?:[^"\\]|\\.)*)"', text)
        return ForeignKind(ERROR, params={"text": _said(said[1] if said else b"?")})
    return ForeignKind(RECORDS, params={"kind": JSON_RECORDS}) if keys and _holds_records(text, keys) else None


def _is_map(keys: Mapping[str, str]) -> bool:
    shapes = {"Feature", "FeatureCollection", "Topology", "GeometryCollection"}
    is_geometry = "coordinates" in keys or keys.get("type", "") in shapes
    return is_geometry or bool(keys.keys() & {"features", "elements", "osm3s", "geometries"})


def _of_service(keys: Mapping[str, str]) -> ForeignKind | None:
    names = keys.keys()
    for key, kind in (("tilejson", "TileJSON"), ("stac_version", "STAC"), ("currentVersion", "Esri")):
        if key in names:
            return ForeignKind(SERVICE, params={"kind": kind})
    if "nbformat" in names:
        return ForeignKind(LOOKS, params={"kind": "Jupyter"})
    if {"version", "sources", "layers"} <= names:
        return ForeignKind(LOOKS, params={"kind": "Mapbox Style"})
    return (
        ForeignKind(SERVICE, params={"kind": "OGC API"})
        if "links" in names and not names & {"results", "records", "data"}
        else None
    )


def _holds_records(text: bytes, keys: Mapping[str, str]) -> bool:
    """Say whether objects stand in a list, or one after the other, and the words in them are those of a table."""
    text = text.lstrip()
    is_list = re.match(rb"\[\s*\{", text) is not None or re.search(rb":\s*\[\s*\{\s*\"", text) is not None
    return is_list or _stand_in_lines(text) or (text.rstrip().endswith(b"}") and len(keys) > 1)


def _stand_in_lines(text: bytes) -> bool:
    """Say whether an object begins on a line after the one in which another ended."""
    ended = None  # where a brace closed that nothing but white follows so far
    for found in _BRACE_OR_WORD.finditer(text):
        if found[0] == b"{" and ended is not None and b"\n" in text[ended : found.start()]:
            return True
        ended = found.end() if found[0] == b"}" else None
    return False


_BRACE_OR_WORD = re.compile(rb"[{}]|[^\s{}]+")
# A text that does not end takes all that is left, or each quote in it would be looked at anew.
_TOKEN = re.compile(rb'"((?:[^"\\]|\\[\s\S])*)(?:"|\\?\Z)|[{}\[\]:,]|[^\s"{}\[\]:,]+')


def _keys(text: bytes) -> dict[str, str]:
    """Return the keys of the outermost object, of the first one in a list, with their values where these are texts."""
    keys: dict[str, str] = {}
    depth, top, key = 0, 0, ""
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in {b"{", b"["}:
            depth += 1
            top = top or (depth if sign == b"{" else 0)
        elif sign in {b"}", b"]"}:
            depth -= 1
            if top and depth < top:
                return keys
        elif depth == top and top and found[1] is not None:
            if not key:
                key = found[1].decode("utf-8", "replace")
                keys.setdefault(key, "")
            else:
                keys[key] = found[1].decode("utf-8", "replace")
        elif depth == top and sign == b",":
            key = ""
        if not top and depth > 1:
            return {}
    return keys


def _of_step(start: bytes) -> ForeignKind | None:
    if not start.startswith(b"ISO-10303-21"):
        return None
    schema = _SCHEMA.search(start)
    is_building = schema is None or schema[1].upper().startswith(b"IFC")
    return ForeignKind(DRAWING, params={"kind": "IFC" if is_building else "STEP"})


def _of_table(name: str, start: bytes) -> ForeignKind | None:
    """Return the kind of a table of dBase under another name, or of a text of a mainframe."""
    is_dbase = len(start) >= _DBF_HEAD and start[0] in _DBF_KINDS and start[2] in _MONTHS and start[3] in _DAYS
    if is_dbase and not name.casefold().endswith(".dbf") and not any(start[16:28]):
        return ForeignKind(TABLE, params={"kind": "dBase"})
    return ForeignKind(EBCDIC) if _is_ebcdic(start) else None


def _is_ebcdic(start: bytes) -> bool:
    if any(sign in start for sign in (b"\n", b" ", b",")) or not any(sign in start for sign in _EBCDIC_GAPS):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(start)  # its end may be cut off
    except UnicodeDecodeError:
        pass
    else:
        return False
    read = start.decode("cp500")
    return all(sign.isprintable() or sign in "\r\n\t\x85" for sign in read) and ("," in read or ";" in read)


def _of_words(start: bytes) -> ForeignKind | None:
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if _MAP_INFO.match(text):
        return ForeignKind(MAP, params={"kind": "MapInfo"})
    if _OBJ.match(_without_remarks(text[:4096])) and _OBJ_POINT.search(text[:4096]):
        return ForeignKind(MODEL, params={"kind": "OBJ"})
    for pattern, kind in ((_STL, "STL"), (_PLY, "PLY")):
        if pattern.match(text[:4096]):
            return ForeignKind(MODEL, params={"kind": kind})
    return ForeignKind(SCRIPT) if _SCRIPT.match(text[:200]) else None


def _without_remarks(text: bytes) -> bytes:
    """Return the lines from the first one on that is neither empty nor a remark."""
    lines = text.splitlines(keepends=True)
    first = next((n for n, line in enumerate(lines) if line.strip() and not line.lstrip().startswith(b"#")), len(lines))
    return b"".join(lines[first:]).lstrip()


def _said(text: bytes) -> str:
    return " ".join(text.decode("utf-8", "replace").split())[:_MOST_TEXT] or "?"
