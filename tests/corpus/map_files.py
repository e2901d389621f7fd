"""GeoPackage, Shapefile (zipped too), FlatGeobuf, GML and KML: whole, lying and damaged."""

import os
import sqlite3
import struct
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import shapely

from corpus.case import Reader

GPKG = Reader("GeoPackage", "buildings.gpkg")
SHP = Reader("Shapefile", "buildings.shp")
ZIP = Reader("zipped Shapefile", "buildings.zip")
FGB = Reader("FlatGeobuf", "buildings.fgb")
XML = Reader("GML and KML", "buildings.kml")
READERS = (GPKG, SHP, ZIP, FGB, XML)
PARIS = (2.3522, 48.8566)
LAMBERT = (652469.02, 6862035.26)
B1, B2 = {"buildings": 1}, {"buildings": 2}
Change = Callable[[Path], object]


def square(x: float = 2.3522, y: float = 48.8566, size: float = 0.0002) -> Any:
    """Return a square that begins at its south-western corner."""
    return shapely.Polygon([(x, y), (x + size, y), (x + size, y + size), (x, y + size)])


def shapes(
    *features: tuple[Any, dict[str, Any]], crs: str | None = "EPSG:4326", then: Sequence[Change] = (), **options: Any
) -> Change:
    """Return a writer of a map file with these shapes and fields, changed afterwards."""

    def write(path: Path) -> None:
        fields = list(dict.fromkeys(key for _, tags in features for key in tags))
        columns = [np.array([tags.get(field) for _, tags in features], object) for field in fields]
        kinds = {"Polygon" if isinstance(shape, bytes) else shape.geom_type for shape, _ in features if shape is not None}
        wkb = np.array([shapely.to_wkb(each) if isinstance(each, shapely.Geometry) else each for each, _ in features], object)
        kind = kinds.pop() if len(kinds) == 1 else "Unknown"
        pyogrio.raw.write(path, wkb, columns, fields, geometry_type=kind, crs=crs, **options)
        for change in then:
            change(path)

    return write


def zipped(write: Change, name: str = "buildings.shp", leave_out: tuple[str, ...] = (), inside: str = "") -> Change:
    """Return a writer of a zip with the parts of a Shapefile."""

    def make(path: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            write(Path(folder) / name)
            with zipfile.ZipFile(path, "w") as archive:
                for part in sorted(Path(folder).iterdir()):
                    if part.suffix not in leave_out:
                        archive.write(part, inside + part.name)

    return make


def part(suffix: str, content: str | bytes | None) -> Change:
    """Return a change that replaces a part of a Shapefile, or takes it away."""

    def change(path: Path) -> None:
        other = path.with_suffix(suffix)
        if content is None:
            other.unlink(missing_ok=True)
        else:
            other.write_bytes(content.encode() if isinstance(content, str) else content)

    return change


def cut(share: float, suffix: str | None = None) -> Change:
    """Return a change that leaves only the first share of a file."""

    def change(path: Path) -> None:
        other = path if suffix is None else path.with_suffix(suffix)
        whole = other.read_bytes()
        other.write_bytes(whole[: int(len(whole) * share)])

    return change


def overwritten(at: int, with_bytes: bytes, suffix: str | None = None) -> Change:
    """Return a change that puts bytes into a file."""

    def change(path: Path) -> None:
        other = path if suffix is None else path.with_suffix(suffix)
        whole = bytearray(other.read_bytes())
        where = at if at >= 0 else len(whole) + at
        whole[where : where + len(with_bytes)] = with_bytes
        other.write_bytes(whole)

    return change


def sql(*statements: str) -> Change:
    """Return a change of a GeoPackage by statements."""

    def change(path: Path) -> None:
        connection = sqlite3.connect(path)
        for name in ("ST_IsEmpty", "ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY"):
            connection.create_function(name, 1, lambda _blob: 0)
        with connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()

    return change


HOUSE = (square(), {"height": "9", "name": "A"})
OTHER = (square(2.353), {"height": "4", "name": "B"})
FLAT = (square(*LAMBERT, 10.0), {"height": "9"})
NOT_NUMBERS = struct.pack("<BIII8d", 1, 3, 1, 4, *[float("nan")] * 8)  # a polygon
BOW = shapely.Polygon([(2.3522, 48.8566), (2.3524, 48.8568), (2.3524, 48.8566), (2.3522, 48.8568)])

taken, refused = GPKG.taken, GPKG.refused
taken("houses", shapes(HOUSE, OTHER), B2, at=PARIS, tags={"height": "9"})
taken("houses in Lambert 93", shapes(FLAT, crs="EPSG:2154"), B1, at=PARIS, near_m=15.0)
taken(
    "houses in web Mercator",
    shapes((square(261845.7, 6250566.7, 10.0), {"height": "9"}), crs="EPSG:3857"),
    B1,
    at=PARIS,
    near_m=15.0,
)
taken("houses in ETRS89", shapes(HOUSE, crs="EPSG:4258"), B1, at=PARIS)
taken("houses in NAD 83", shapes(HOUSE, crs="EPSG:4269"), B1, at=PARIS, near_m=3.0)
taken(
    "a system of ours alone",
    shapes((square(0.0, 0.0, 10.0), {"height": "9"}), crs="+proj=laea +lat_0=48.8566 +lon_0=2.3522 +datum=WGS84 +units=m"),
    B1,
    at=PARIS,
)
taken(
    "a layer that is asked for",
    shapes(HOUSE, layer="houses"),
    B1,
    file="city.gpkg",
    options={"layer": "houses", "kind": "buildings"},
)
taken("a title of layer in Chinese", shapes(HOUSE, layer="建筑物"), B1, file="city.gpkg", at=PARIS)
taken("a bow-tie", shapes((BOW, {"height": "9", "id": "b7"}), (square(), {"height": "9", "id": "h"})), B2, words=("b7",))
taken("a null geometry", shapes((None, {"height": "9", "name": "x"}), HOUSE), B1, words=("1 features",))
taken(
    "cameras",
    shapes((shapely.Point(PARIS), {"camera_id": "A", "azimuth": "NNE"})),
    {"cameras": 1},
    file="cameras.gpkg",
    at=PARIS,
    values={"azimuth_deg": 22.5},
)
taken(
    "heights that are all null",
    shapes((square(), {"height": None, "name": "A"}), (square(2.353), {"height": None, "name": "B"})),
    B2,
    words=("height",),
)
refused("a layer that there is not", shapes(HOUSE, layer="houses"), "houses", file="city.gpkg", options={"layer": "trees"})
refused("no layer is clear", shapes(HOUSE, layer="stuff"), "--as", file="city.gpkg")
refused("degrees that are said to be Lambert", shapes(HOUSE, crs="EPSG:2154"), "--crs")
refused("Lambert that is said to be degrees", shapes(FLAT, crs="EPSG:4326"), "--crs")
refused("half in degrees, half in metres", shapes(HOUSE, FLAT, crs="EPSG:4326"), "--crs")
refused(
    "an undefined system",
    shapes(FLAT, then=(sql("UPDATE gpkg_geometry_columns SET srs_id = 0", "UPDATE gpkg_contents SET srs_id = 0"),)),
    "--crs",
)
refused(
    "a system of an engineer",
    shapes(FLAT, then=(sql("UPDATE gpkg_geometry_columns SET srs_id = -1", "UPDATE gpkg_contents SET srs_id = -1"),)),
    "--crs",
)
refused(
    "an engineer's well-known text", shapes(FLAT, crs='LOCAL_CS["Site",UNIT["metre",1],AXIS["x",EAST],AXIS["y",NORTH]]'), "--crs"
)
refused("no layer with shapes", lambda path: sqlite3.connect(path).executescript("CREATE TABLE a (b)"), never=("sqlite",))
refused("an empty layer", shapes(HOUSE, then=(sql("DELETE FROM buildings"),)), "nothing")
refused("cut in two", shapes(HOUSE, OTHER, then=(cut(0.5),)))
refused("a file of no bytes", b"")
refused("text called .gpkg", "id,lon,lat\n", "plain text")
refused("pages of noise", shapes(HOUSE, then=(overwritten(4096, b"\xff" * 90_000),)))
refused("geometries of noise", shapes(HOUSE, then=(sql("UPDATE buildings SET geom = x'ffffffffffff'"),)))
refused("geometries that are text", shapes(HOUSE, then=(sql("UPDATE buildings SET geom = 'POINT(1 2)'"),)))
refused("positions that are no numbers", shapes((NOT_NUMBERS, {"height": "9"})))
refused("a list of layers that lies", shapes(HOUSE, then=(sql("UPDATE gpkg_contents SET table_name = 'none'"),)))
refused("a view that never ends", shapes(HOUSE, layer="buildings_0", then=(sql(
    "CREATE VIEW buildings AS WITH RECURSIVE n(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM n) SELECT n.fid AS fid, b.geom AS geom, b.height AS height FROM n, buildings_0 b",
    "UPDATE gpkg_contents SET table_name = 'buildings', identifier = 'buildings'",
    "UPDATE gpkg_geometry_columns SET table_name = 'buildings'",
),)), "rows", is_slow=True)  # fmt: skip

taken, refused = SHP.taken, SHP.refused
CUT_PRJ = 'PROJCS["RGF93 / Lambert-93",GEOGCS["RGF93",DATUM["Reseau_Geod'
CHINESE = ((square(), {"height": "9", "名称": "东门派出所办公楼"}), (square(2.353), {"height": "9", "名称": "西门小学教学楼"}))
taken("houses", shapes(HOUSE, OTHER), B2, at=PARIS, tags={"height": "9"})
taken("houses in Lambert 93", shapes(FLAT, crs="EPSG:2154"), B1, at=PARIS, near_m=15.0)
taken("Chinese in UTF-8", shapes(*CHINESE, encoding="UTF-8"), B2, tags={"name": "东门派出所办公楼"})
taken("Chinese in GBK, said", shapes(*CHINESE, encoding="GBK"), B2, tags={"name": "东门派出所办公楼"})
taken(
    "Chinese in GBK, unsaid",
    shapes(*CHINESE, encoding="GBK", then=(part(".cpg", None),)),
    B2,
    tags={"name": "东门派出所办公楼"},
    words=("does not say",),
)
taken(
    "Chinese in GBK, said to be UTF-8",
    shapes(*CHINESE, encoding="GBK", then=(part(".cpg", "UTF-8"),)),
    B2,
    tags={"name": "东门派出所办公楼"},
    words=("UTF-8",),
)
taken(
    "Chinese in GBK, said to be Latin",
    shapes(*CHINESE, encoding="GBK", then=(part(".cpg", "ISO-8859-1"),)),
    B2,
    tags={"name": "东门派出所办公楼"},
    words=("8859",),
)
taken(
    "French, unsaid",
    shapes((square(), {"height": "9", "nom": "École élémentaire"}), encoding="CP1252", then=(part(".cpg", None),)),
    B1,
    tags={"name": "École élémentaire"},
    words=("does not say",),
)
taken(
    "names that were cut to ten letters",
    shapes((shapely.Point(PARIS), {"social_fac": "shelter", "amenity": "social_facility"})),
    {"places": 1},
    file="places.shp",
    tags={"social_facility": "shelter"},
)
refused("no index", shapes(HOUSE, then=(part(".shx", None),)), ".shx", never=("config",))
taken("no .prj, and degrees", shapes(HOUSE, then=(part(".prj", None),)), B1, at=PARIS, words=("coordinate system",))
taken(
    "no .prj, and the system given",
    shapes(FLAT, then=(part(".prj", None),)),
    B1,
    options={"crs": "EPSG:2154"},
    at=PARIS,
    near_m=15.0,
    words=("EPSG:2154",),
)
taken(
    "cameras", shapes((shapely.Point(PARIS), {"camera_id": "A", "hfov_deg": "60"})), {"cameras": 1}, file="cameras.shp", at=PARIS
)
refused("no .prj, and metres", shapes(FLAT, then=(part(".prj", None),)), "--crs")
refused("a .prj that says Lambert of degrees", shapes(HOUSE, crs="EPSG:2154"), "--crs")
refused("a .prj that says degrees of Lambert", shapes(FLAT, crs="EPSG:4326"), "--crs")
refused("a .prj that is cut", shapes(FLAT, then=(part(".prj", CUT_PRJ),)), "--crs")
refused("a .prj of noise", shapes(FLAT, then=(part(".prj", b"\xff\xfe\x00\x91" * 20),)), "--crs")
refused("an empty .prj", shapes(FLAT, then=(part(".prj", ""),)), "--crs")
refused("no .dbf and no name that says what it is", shapes(HOUSE, then=(part(".dbf", None),)), file="stuff.shp")
refused("a .dbf that is cut", shapes(HOUSE, OTHER, then=(cut(0.3, ".dbf"),)))
refused("a .dbf of noise", shapes(HOUSE, then=(part(".dbf", b"\xff" * 300),)))
refused("a .shp of noise", shapes(HOUSE, then=(overwritten(0, b"\xff" * 100),)))
refused("a .shp without shapes", shapes(HOUSE, then=(cut(0.0),)))
refused(
    "a table that promises a billion rows",
    shapes(HOUSE, then=(overwritten(4, struct.pack("<I", 1_000_000_000), ".dbf"),)),
    "cut off",
    ".dbf",
)
refused("positions that are no numbers", shapes(HOUSE, then=(overwritten(-80, struct.pack("<d", float("nan")) * 4),)))
refused("a .dbf alone", shapes(HOUSE), file="buildings.dbf")


def _with_a_shadow(path: Path) -> None:
    """Write a zip as a Mac makes it: a folder, and beside it one of hidden files."""
    zipped(shapes(HOUSE), inside="town/")(path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("__MACOSX/town/._buildings.shp", b"\0" * 120)
        archive.writestr("town/.DS_Store", b"\0" * 20)


def _in_two_folders(path: Path) -> None:
    """Write a zip with a Shapefile of the same name in two folders."""
    zipped(shapes(HOUSE), inside="north/")(path)
    with zipfile.ZipFile(path, "a") as archive:
        for name in archive.namelist():
            archive.writestr(name.replace("north", "south"), archive.read(name))


taken, refused = ZIP.taken, ZIP.refused
taken("houses", zipped(shapes(HOUSE, OTHER)), B2, at=PARIS)
taken("in a folder", zipped(shapes(HOUSE), inside="data/2026/"), B1, at=PARIS)
taken(
    "Chinese in GBK, unsaid",
    zipped(shapes(*CHINESE, encoding="GBK"), leave_out=(".cpg",)),
    B2,
    tags={"name": "东门派出所办公楼"},
    words=("does not say",),
)
refused("no index", zipped(shapes(HOUSE), leave_out=(".shx",)), ".shx", never=("config",))
taken("in a folder, beside what a Mac adds", _with_a_shadow, B1, at=PARIS)
refused("one name in two folders", _in_two_folders, "several folders", "buildings.shp")
refused("no .shp", zipped(shapes(HOUSE), leave_out=(".shp",)))
refused("no .prj, and metres", zipped(shapes(FLAT), leave_out=(".prj",)), "--crs")
refused("cut in two", lambda path: (zipped(shapes(HOUSE))(path), cut(0.5)(path)), "zip", never=("badzip",))
refused("an empty zip", lambda path: zipfile.ZipFile(path, "w").close(), never=("/",))
refused("text called .zip", "hello", "zip")
refused("a zip of pictures", lambda path: _zip_of(path, {"a.png": b"\x89PNG"}))


def _zip_of(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _locked(path: Path) -> None:
    """Write a zip that says of its members that they are locked by a password."""
    zipped(shapes(HOUSE))(path)
    whole = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = whole.find(mark)
        while at >= 0:
            whole[at + offset] |= 1
            at = whole.find(mark, at + 4)
    path.write_bytes(whole)


def _odd_method(path: Path) -> None:
    """Write a zip whose members are packed in a way that nobody knows."""
    zipped(shapes(HOUSE))(path)
    whole = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = whole.find(mark)
        while at >= 0:
            whole[at + offset] = 99
            at = whole.find(mark, at + 4)
    path.write_bytes(whole)


refused("a zip with a password", _locked)
refused("a zip packed in an unknown way", _odd_method)

taken, refused = FGB.taken, FGB.refused
taken("houses", shapes(HOUSE, OTHER), B2, near_m=100.0, at=PARIS)
taken("houses in Lambert 93", shapes(FLAT, crs="EPSG:2154"), B1, at=PARIS, near_m=15.0)
taken(
    "cameras", shapes((shapely.Point(PARIS), {"camera_id": "A", "azimuth": "90"})), {"cameras": 1}, file="cameras.fgb", at=PARIS
)
refused("cut in two", shapes(HOUSE, OTHER, then=(cut(0.5),)), "cut off")
refused("cut by a hair", shapes(HOUSE, OTHER, then=(cut(0.95),)), "cut off")
refused("no bytes", b"")
refused("noise behind a true start", shapes(HOUSE, then=(overwritten(60, b"\xff" * 60),)))
taken(
    "a ring of two corners",
    shapes(HOUSE, (struct.pack("<BIII4d", 1, 3, 1, 2, 2.3, 48.8, 2.4, 48.9), {"height": "9"})),
    B1,
    words=("1 ",),
)
refused("Lambert that is said to be degrees", shapes(FLAT, crs="EPSG:4326"), "--crs")

taken, refused = XML.taken, XML.refused
KML = '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder><name>{layer}</name>{marks}</Folder></Document></kml>'
MARK = "<Placemark><name>A</name>{more}{shape}</Placemark>"
RING = "<Polygon><outerBoundaryIs><LinearRing><coordinates>2.3522,48.8566 2.3524,48.8566 2.3524,48.8568 2.3522,48.8566</coordinates></LinearRing></outerBoundaryIs></Polygon>"
POINT = "<Point><coordinates>2.3522,48.8566,0</coordinates></Point>"
DATA = "<ExtendedData><Data name='azimuth_deg'><value>90</value></Data></ExtendedData>"
taken(
    "houses of KML",
    KML.format(layer="buildings", marks=MARK.format(more="", shape=RING)),
    B1,
    at=PARIS,
    words=("heights are assumed",),
)
taken(
    "cameras of KML",
    KML.format(layer="cameras", marks=MARK.format(more=DATA, shape=POINT)),
    {"cameras": 1},
    file="cameras.kml",
    at=PARIS,
    words=("kept but not understood",),
)
taken("houses of GML", shapes(HOUSE), B1, file="buildings.gml", at=PARIS)
refused("KML that is cut", KML.format(layer="buildings", marks=MARK.format(more="", shape=RING))[:300])
refused("KML without places", KML.format(layer="buildings", marks=""), "nothing")
refused(
    "XML that calls itself a billion times",
    '<!DOCTYPE k [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
    + "]><kml>&j;</kml>",
)
refused(
    "XML that asks for a file of the machine",
    '<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>&x;</name></Document></kml>',
    never=("root:",),
)


def _zip_of_kml(path: Path) -> None:
    _zip_of(path, {"doc.kml": KML.format(layer="buildings", marks=MARK.format(more="", shape=RING)).encode()})


def _link_to_itself(path: Path) -> None:
    os.symlink(path.name, path)


def _folder(path: Path) -> None:
    path.mkdir()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


WAYS = Reader("a path that is no file", "buildings.gpkg")
READERS = (*READERS, WAYS)
taken, refused = WAYS.taken, WAYS.refused
refused("a folder", _folder, "folder")
refused("a pipe", _pipe, "file")
refused("a link to itself", _link_to_itself, "link")
refused("a link to nowhere", lambda path: os.symlink("nowhere", path), "gone")
refused("nothing at all", lambda path: None, "no such file")
refused("a folder for a table", _folder, "folder", file="cameras.csv")
refused("a pipe for terrain", _pipe, "file", file="hill.tif")

OTHER_FORMS = Reader("form that is not read", "plan.dxf")
READERS = (*READERS, OTHER_FORMS)
refused = OTHER_FORMS.refused
refused("a drawing", "0\nSECTION\n2\nENTITIES\n0\nENDSEC\n0\nEOF\n", "drawing")
refused("a table of MapInfo", "Version 300\nColumns 0\nData\n", "MapInfo", file="plan.mif")
refused("a packed KML", _zip_of_kml, ".kml", file="plan.kmz")
refused("a PDF", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "PDF", file="plan.pdf")
refused("a PDF called .gpkg", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n", "PDF", file="plan.gpkg")
refused("no ending", "id,lon,lat\nA,2.3522,48.8566\n", ".csv", file="cameras")
refused("an ending that is only a point", "id,lon,lat\nA,2.3522,48.8566\n", ".csv", file="cameras.")
