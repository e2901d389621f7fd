"""Facts about files that cannot be read: whatever fails in a reader becomes a sentence with the file, and nothing never ends."""

import bz2
import json
import os
import random
import socket
import sqlite3
import zipfile
from dataclasses import replace
from io import BytesIO

import numpy as np
import openpyxl
import osmium
import pyogrio
import pytest
import rasterio
import shapely
from osmium.osm.mutable import Node
from rasterio.transform import from_origin

from lhasaplan.cli import main
from lhasaplan.errors import InputError, Where
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.maps import map_file as maps
from lhasaplan.io.parse import file_check
from lhasaplan.io.parse.foreign import reading
from lhasaplan.io.tables import table_file
from lhasaplan.io.tables.filled_table import read_points

CAMERAS = "camera_id;lon;lat;name\nA;7.42;43.73;Café\nB;7.43;43.74;Gare\n"
HTML = "<html><body><table><tr><td>lon</td><td>lat</td></tr></table></body></html>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
OSM = '<osm version="0.6"><node id="1" version="1" lat="43.7" lon="7.4"><tag k="man_made" v="surveillance"/></node></osm>'
BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;&a;">]>'
SQUARES = shapely.polygons([[(x, 43.7), (x + 0.001, 43.7), (x + 0.001, 43.701), (x, 43.701)] for x in (7.40, 7.41, 7.42)])


def map_file(path, **options):
    pyogrio.raw.write(
        path,
        shapely.to_wkb(SQUARES),
        [np.array(["Café", "Gare", "Quai"], object), np.array([9.0, 12.0, 15.0])],
        ["name", "height"],
        geometry_type="Polygon",
        crs="EPSG:4326",
        **options,
    )
    return path


def workbook(rows):
    book, content = openpyxl.Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(content)
    return content.getvalue()


def zipped(**files):
    content = BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name.replace("_", "."), text)
    return content.getvalue()


def raster(path, side=16, **options):
    place = from_origin(7.4, 43.8, 0.0001, 0.0001)
    form = {"driver": "GTiff", "dtype": "float32", "crs": "EPSG:4326", "transform": place, "nodata": -9999.0}
    with rasterio.open(path, "w", width=side, height=side, count=1, **form, **options) as target:
        if side <= 512:
            target.write(np.full((1, side, side), 50.0, "float32"))
    return path


def said(path, **wishes):
    """Return what is told of a file that is refused."""
    with pytest.raises(InputError) as caught:
        read_file(path, **wishes)
    assert all(fault.where.file == path.name for fault in caught.value.faults)
    return str(caught.value)


CONTENT = {
    "old.xls": (OLE, "old Excel file"),
    "old.xlsx": (OLE, "old Excel file"),
    "closed.xlsx": (OLE + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    "letter.csv": (OLE + "WordDocument".encode("utf-16-le"), "text document"),
    "page.xls": (HTML, "web page"),
    "page.xlsx": (HTML, "web page"),
    "page.csv": (HTML, "web page"),
    "list.xlsx": (CAMERAS, "let its name end in .csv"),
    "list.xls": (CAMERAS, "let its name end in .csv"),
    "list.geojson": (CAMERAS, "let its name end in .csv"),
    "list.osm": (CAMERAS, "let its name end in .csv"),
    "book.csv": (workbook([["lon", "lat"], [7.4, 43.7]]), "let its name end in .xlsx"),
    "book.zip": (workbook([["lon", "lat"], [7.4, 43.7]]), "let its name end in .xlsx"),
    "open.xlsx": (zipped(content_xml="<a/>", mimetype="ods"), "OpenDocument"),
    "map.csv": ('{"type": "FeatureCollection", "features": []}', "GeoJSON"),
    "map": ('{"type": "FeatureCollection", "features": []}', "GeoJSON"),
    "report.pdf": (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF"),
    "report.geojson": (b"%PDF-1.7\n%\xe2\xe3", "this is a PDF"),
    "photo.tif": (b"\x89PNG\r\n\x1a\n" + bytes(99), "this is a picture"),
    "plan.dwg": (b"AC1032" + bytes(99), "save it as DXF"),
    "plan.dxf": ("  0\nSECTION\n", "damaged or was cut off"),
    "plan.csv": ("  0\nSECTION\n  2\nHEADER\n", "let its name end in .dxf"),
    "city.gpkg.gz": (b"\x1f\x8b" + bytes(99), "unpack it first"),
    "city.gpkg": (b"version https://git-lfs.github.com/spec/v1\n", "pointer"),
    "far.geojson": ('<OGRVRTDataSource><OGRVRTLayer name="a"/></OGRVRTDataSource>', "points to other files"),
    "far.tif": ('<VRTDataset rasterXSize="1"/>', "points to other files"),
    "city.dbf": (b"\x03" + bytes(99), "import the .shp"),
    "empty.csv": (b"", "is empty"),
    "empty.tif": (b"", "is empty"),
    "notes.zip": (zipped(readme_txt="x"), "it holds: readme.txt"),
    "cut.zip": (zipped(city_shp="x" * 999)[:-30], "damaged, was cut off"),
    "cut.xlsx": (workbook([["lon", "lat"], [7.4, 43.7]])[:-200], "damaged or was cut off"),
    "cut.geojson": ('{"type": "FeatureCollection", "features": [{"type":', "JSON of this file breaks off or is wrong at line 1"),
    "cut.gml": ('<a xmlns:gml="http://www.opengis.net/gml"><b>', "XML of this file breaks off or is wrong at line 1"),
    "cut.osm": ('<osm version="0.6"><node id="1" lat="43"', "XML of this file breaks off or is wrong at line 1"),
    "bad.osm.pbf": (b"\0\0\xff\xff" + bytes(range(256)), "damaged, was cut off"),
    "bad.osm.bz2": (b"BZh9" + bytes(200), "damaged, was cut off"),
    "bad.tif": (b"II*\0" + bytes(40), "damaged or was cut off"),
    "bomb.osm": (f'{BOMB}<osm version="0.6">&b;</osm>', "defines XML entities"),
    "bomb.gml": (f'{BOMB}<a xmlns:gml="http://www.opengis.net/gml">&b;</a>', "defines XML entities"),
    "deep.json": ('{"elements":' + "[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("name", CONTENT)
def test_that_a_file_that_is_something_else_is_told_with_what_would_be_right(tmp_path, name):
    content, words = CONTENT[name]
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    assert words in said(tmp_path / name)


def test_that_what_is_no_file_is_told_as_what_it_is(tmp_path):
    (tmp_path / "city.gpkg").mkdir()
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind(str(tmp_path / "ear.csv"))
    assert "this is a folder" in said(tmp_path / "city.gpkg")
    assert "this is a pipe" in said(tmp_path / "pipe.csv")
    assert "a socket" in said(tmp_path / "ear.csv")
    assert "leads to itself" in said(tmp_path / "loop.csv")
    assert "there is no such file" in said(tmp_path / "none.csv")


def test_that_a_name_that_is_not_utf8_is_told_and_can_be_printed(tmp_path, capsys):
    path = tmp_path / os.fsdecode(b"caf\xe9.csv")
    path.write_text(CAMERAS)
    with pytest.raises(InputError, match="not UTF-8"):
        read_file(path)
    assert str(Where(path.name)) == r"caf\udce9.csv"
    assert main(["new", str(tmp_path / "p.gpkg"), "--rules", "eu-gdpr"]) == 0
    assert main(["import", str(tmp_path / "p.gpkg"), str(path)]) == 2
    assert "not UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(13, "Permission denied"), "may not be read by you"),
        (OSError(5, "Input/output error"), "the system could not read this file: Input/output error"),
        (MemoryError(), "more memory"),
        (RecursionError("maximum recursion depth"), "nested too deeply"),
        (UnboundLocalError("local variable 'crs'"), "damaged"),
        (shapely.errors.GEOSException("IllegalArgumentException"), "damaged"),
        (NotImplementedError("compression type 9"), "damaged"),
        (ImportError("odd"), "cannot be read (ImportError: odd)"),
    ],
)
def test_that_a_failure_of_any_kind_is_told_with_the_file(tmp_path, error, words):
    with pytest.raises(InputError) as caught, reading(tmp_path / "a.csv"):
        raise error
    assert words in str(caught.value)
    assert str(caught.value).startswith("a.csv: ")


def test_that_a_table_of_points_is_told_in_the_same_way(tmp_path):
    (tmp_path / "points.xlsx").write_bytes(OLE)
    with pytest.raises(InputError, match="old Excel file"):
        read_points(tmp_path / "points.xlsx")


# What was cut off


@pytest.mark.parametrize("part", ["shp", "dbf", "shx", "prj"])
def test_that_a_cut_part_of_a_shapefile_is_named(tmp_path, part):
    path = map_file(tmp_path / "buildings.shp")
    other = path.with_suffix(f".{part}")
    other.write_bytes(other.read_bytes()[:-40])
    assert f".{part}" in said(path)


def test_that_a_shapefile_without_its_index_says_which_part_is_missing(tmp_path):
    path = map_file(tmp_path / "buildings.shp")
    path.with_suffix(".shx").unlink()
    assert ".shx of this Shapefile is missing" in said(path)


@pytest.mark.parametrize("share", [0.1, 0.4, 0.6, 0.8, 0.98])
def test_that_a_cut_flatgeobuf_never_gives_a_part(tmp_path, share):
    path = map_file(tmp_path / "buildings.fgb")
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    assert "cut off" in said(path)


# Coordinate systems that are none


def test_that_a_grid_without_a_place_on_earth_counts_as_not_said(tmp_path):
    path = map_file(tmp_path / "buildings.shp")
    path.with_suffix(".prj").write_text('LOCAL_CS["site grid",UNIT["metre",1]]')
    assert "does not say its coordinate system" in str(read_file(path).remarks[0])
    metric = shapely.transform(SQUARES, lambda xy: xy * 1000.0)
    pyogrio.raw.write(path, shapely.to_wkb(metric), [np.array(["a"] * 3, object)], ["name"], geometry_type="Polygon", crs=None)
    path.with_suffix(".prj").write_text('LOCAL_CS["site grid",UNIT["metre",1]]')
    assert "--crs EPSG:n" in said(path)


@pytest.mark.parametrize("number", [-1, 0])
def test_that_the_undefined_systems_of_a_geopackage_count_as_not_said(tmp_path, number):
    path = map_file(tmp_path / "buildings.gpkg")
    with sqlite3.connect(path) as database:
        database.execute(f"UPDATE gpkg_contents SET srs_id = {number}")
        database.execute(f"UPDATE gpkg_geometry_columns SET srs_id = {number}")
    assert "does not say its coordinate system" in str(read_file(path).remarks[0])


# What would never end


@pytest.fixture
def small(monkeypatch):
    """Make the limits so small that a test can reach them."""
    found = file_check.load_limits()

    def take(part, **values):
        changed = replace(getattr(found, part), **values)
        made = replace(found, **{part: changed})
        for module in (maps, file_check, table_file):
            monkeypatch.setattr(module, "load_limits", lambda: made)

    return take


def with_view(path, select):
    with sqlite3.connect(path) as database:
        database.execute(f"CREATE VIEW seen AS {select}")
    return path


ENDLESS = "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)"


@pytest.mark.parametrize("select", [f"{ENDLESS} SELECT n FROM t", f"{ENDLESS} SELECT count(*) FROM t"])
def test_that_a_view_on_an_endless_query_is_refused(tmp_path, small, select):
    small("view", most_seconds=0.2, most_rows=20_000)
    assert "the view seen gives more than" in said(with_view(map_file(tmp_path / "buildings.gpkg"), select))


def test_that_a_view_inside_a_zip_is_refused_alike(tmp_path, small):
    small("view", most_seconds=0.2, most_rows=20_000)
    path = with_view(map_file(tmp_path / "buildings.gpkg"), f"{ENDLESS} SELECT n FROM t")
    with zipfile.ZipFile(tmp_path / "buildings.zip", "w") as archive:
        archive.write(path, path.name)
    assert "the view seen gives more than" in said(tmp_path / "buildings.zip")


def test_that_a_view_that_ends_is_read_past_functions_that_only_gdal_knows(tmp_path):
    path = with_view(map_file(tmp_path / "buildings.gpkg"), "SELECT fid, name, ST_Area(geom) AS area FROM buildings")
    assert len(read_file(path).layers[0]) == 3


def test_that_a_raster_of_a_million_by_a_million_cells_is_refused(tmp_path):
    # In blocks as large as may be: of each one in the file the writer keeps 16 bytes, of usual ones 250 MB.
    blocks = {"tiled": True, "blockxsize": 4096, "blockysize": 4096}
    path = raster(tmp_path / "huge.tif", 1_000_000, **blocks, SPARSE_OK=True, BIGTIFF="YES")
    assert "declares 1,000,000 x 1,000,000 cells, beyond the limit" in said(path)


def test_that_a_zip_that_unpacks_to_far_too_much_is_refused(tmp_path, small):
    small("packed", above_bytes=1_000_000)
    (tmp_path / "bomb.zip").write_bytes(zipped(city_shp=bytes(4_000_000)))
    assert "unpacked, this file would hold 4 MB" in said(tmp_path / "bomb.zip")


def test_that_a_packed_extract_that_unpacks_to_far_too_much_is_refused(tmp_path, small):
    small("packed", above_bytes=1_000_000)
    (tmp_path / "bomb.osm.bz2").write_bytes(bz2.compress(b'<osm version="0.6">' + b" " * 9_000_000))
    assert "too much for what it is" in said(tmp_path / "bomb.osm.bz2")


def test_that_a_stray_cell_far_away_is_told_with_the_size_of_the_sheet(tmp_path, small):
    small("workbook", most_cells=1000)
    book = openpyxl.Workbook()
    book.active.append(["lon", "lat"])
    book.active["CV40"] = "x"
    book.save(tmp_path / "cameras.xlsx")
    assert "40 rows and 100 columns" in said(tmp_path / "cameras.xlsx")


# Mutations: whatever is done to the bytes of a file, it is read or refused in words

READERS = (
    "cameras.csv",
    "cameras.xlsx",
    "b.geojson",
    "b.gpkg",
    "b.shp",
    "b.fgb",
    "b.gml",
    "b.kml",
    "b.zip",
    "t.tif",
    "o.osm",
    "o.osm.pbf",
    "o.json",
)
EACH = 24


def sound(folder, name):
    """Write a sound file of a kind and return the part of it that is to be changed."""
    path = folder / name
    if name.startswith("b.") and name != "b.zip":
        return map_file(path, **({"driver": "KML"} if name == "b.kml" else {}))
    if name == "b.zip":
        map_file(folder / "b.shp")
        path.write_bytes(zipped(**{f"b_{part}": (folder / f"b.{part}").read_bytes() for part in ("shp", "shx", "dbf", "prj")}))
    if name == "t.tif":
        raster(path)
    if name == "o.osm.pbf":
        with osmium.SimpleWriter(str(path)) as writer:
            writer.add_node(Node(id=1, location=(7.4, 43.7), tags={"man_made": "surveillance", "name": "Gare"}))
    element = {"type": "node", "id": 1, "lat": 43.7, "lon": 7.4, "tags": {"man_made": "surveillance"}}
    content = {"cameras.csv": CAMERAS, "o.osm": OSM, "o.json": json.dumps({"osm3s": {}, "elements": [element]})}
    if name in content:
        path.write_text(content[name], "utf-8")
    if name == "cameras.xlsx":
        path.write_bytes(workbook([line.split(";") for line in CAMERAS.splitlines()]))
    return path


def mutated(content, chance):
    """Return bytes that were changed in one of the ways in which files break."""
    where = chance.randrange(len(content))
    several = bytearray(content)
    for _ in range(chance.choice((1, 4, 16))):
        several[chance.randrange(len(several))] = chance.randrange(256)
    piece = content[where : where + chance.randrange(1, 64)]
    return chance.choice(
        (bytes(several), content[:where], content.replace(piece, b""), content[:where] + piece * 3 + content[where:])
    )


@pytest.mark.parametrize("name", READERS)
def test_that_a_mutated_file_is_read_or_refused_in_words(tmp_path, name):
    path, chance = sound(tmp_path, name), random.Random(name)
    parts = [path, *(path.with_suffix(suffix) for suffix in (".dbf", ".prj", ".shx") if name == "b.shp")]
    kind = "buildings" if name.startswith("b.") else None
    assert read_file(path, kind).record.features > 0
    for turn in range(EACH):
        part = parts[turn % len(parts)]
        whole = part.read_bytes()
        part.write_bytes(mutated(whole, chance))
        try:
            read_file(path, kind)
        except InputError as error:
            assert all(fault.template for fault in error.faults)  # noqa: PT017 - either way is right
        part.write_bytes(whole)
