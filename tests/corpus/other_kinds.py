"""Files of kinds that are not read, or of which nothing is read: each is named for what it is, with what to do instead."""

import gzip
import itertools
import json
import struct
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import ezdxf
import ezdxf.units

from corpus.case import Reader
from corpus.osm_files import pbf

KINDS = Reader("kinds that are not read", "city.gml", {})
DRAWINGS = Reader("drawings without outlines", "plan.dxf", {"crs": "EPSG:2154"})
PACKED = Reader("zips of other things", "city.zip", {})
READERS = (KINDS, DRAWINGS, PACKED)
Write = Callable[[Path], object]
B1 = {"buildings": 1}
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
CITYGML = (
    HEAD
    + '<core:CityModel xmlns:core="http://www.opengis.net/citygml/{version}" xmlns:bldg="http://www.opengis.net/citygml/building/{version}"'
    ' xmlns:gml="http://www.opengis.net/gml"><core:cityObjectMember><bldg:Building gml:id="b1"><bldg:measuredHeight>9</bldg:measuredHeight>'
    "</bldg:Building></core:cityObjectMember></core:CityModel>"
)
CITYJSON = {"type": "CityJSON", "version": "2.0", "CityObjects": {"b": {"type": "Building", "geometry": []}}, "vertices": []}
IFC = "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('ViewDefinition [CoordinationView]'),'2;1');\nFILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n#1=IFCPROJECT();\nENDSEC;\nEND-ISO-10303-21;\n"
OSM05 = '<?xml version="1.0"?>\n<osm version="{version}"><node id="1" lat="48.8566" lon="2.3522"><tag k="man_made" v="surveillance"/></node></osm>'
MAPINFO = 'Version 300\nCharset "WindowsLatin1"\nDelimiter ","\nCoordSys Earth Projection 1, 0\nColumns 1\n  Name Char(10)\nData\n\nPoint 2.3522 48.8566\n'
TAB = '!table\n!version 300\n!charset WindowsLatin1\n\nDefinition Table\n  Type NATIVE Charset "WindowsLatin1"\n  Fields 1\n    Name Char (10) ;\n'
HOUSE_JSON = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature",
            "properties": {"height": 9},
            "geometry": {
                "type": "Polygon",
                "coordinates": [[[2.0, 48.0], [2.0002, 48.0], [2.0002, 48.0002], [2.0, 48.0002], [2.0, 48.0]]],
            },
        }
    ],
}


def _zip_of(path: Path, members: Mapping[str, bytes | str]) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def _opendocument(path: Path) -> None:
    _zip_of(
        path,
        {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>", "META-INF/manifest.xml": "<a/>"},
    )


def of(members: Mapping[str, bytes | str]) -> Write:
    return lambda path: _zip_of(path, members)


# What is said where nobody knows what a file is: here the kind can be told.
VAGUE = ("or is not what its name says", "nothing in this file that is read", "files of this kind are not read")


def refused_by(reader: Reader) -> Callable[..., object]:
    """Return how a file is noted that must be refused, and not in general words."""
    return partial(reader.refused, never=VAGUE)


refused = refused_by(KINDS)
CITY_WORDS = "CityGML"
for _version in ("1.0", "2.0", "3.0"):
    refused(f"CityGML {_version}", CITYGML.format(version=_version), CITY_WORDS, "GeoPackage")
refused("CityGML called .xml", CITYGML.format(version="2.0"), CITY_WORDS, file="city.xml")
refused("CityGML called .citygml", CITYGML.format(version="2.0"), CITY_WORDS, file="city.citygml")
refused("CityGML called .kml", CITYGML.format(version="2.0"), CITY_WORDS, file="city.kml")
refused("CityGML in UTF-16", CITYGML.format(version="2.0").encode("utf-16"), CITY_WORDS)
refused("a packed project of QGIS", of({"city.qgs": "<qgis/>", "city.qgd": ""}), "QGIS", file="city.qgz")
refused("a photo of a telephone", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "picture", file="plan.tif")
refused("CityJSON", json.dumps(CITYJSON), "CityJSON", "GeoPackage", file="city.json")
refused("CityJSON with its type at the end", json.dumps(dict(reversed(CITYJSON.items()))), "CityJSON", file="city.json")
refused("CityJSON called .city.json", json.dumps(CITYJSON), "CityJSON", file="delft.city.json")
refused("CityJSON called .geojson", json.dumps(CITYJSON), "CityJSON", file="city.geojson")
refused("lines of CityJSON", json.dumps(CITYJSON) + '\n{"type":"CityJSONFeature"}\n', "CityJSON", file="city.jsonl")
refused("CityJSON called .geojsonl", json.dumps(CITYJSON) + '\n{"type":"CityJSONFeature"}\n', "CityJSON", file="city.geojsonl")
refused("IFC", IFC, "IFC", "DXF", file="house.ifc")
refused("IFC called .dxf", IFC, "IFC", file="house.dxf")
refused("IFC called .txt", IFC, "IFC", file="house.txt")
refused("IFC in XML", HEAD + '<ifcXML xmlns="http://www.buildingsmart-tech.org/ifcXML/IFC4"/>', "IFC", file="house.ifcxml")
refused("IFC in XML called .gml", HEAD + '<ifcXML xmlns="http://www.buildingsmart-tech.org/ifcXML/IFC4"/>', "IFC")
refused("STEP of another kind", IFC.replace("IFC4", "AUTOMOTIVE_DESIGN"), "STEP", file="part.stp")

refused("OpenStreetMap of version 0.5", OSM05.format(version="0.5"), "0.5", file="city.osm")
refused("OpenStreetMap of version 0.3", OSM05.format(version="0.3"), "0.3", file="city.osm")
refused("OpenStreetMap without a version", OSM05.format(version="0.6").replace(' version="0.6"', ""), "version", file="city.osm")
refused("OpenStreetMap of version 0.5, packed", gzip.compress(OSM05.format(version="0.5").encode()), "0.5", file="city.osm.gz")
refused(
    "a PBF that is cut in its head",
    lambda path: (pbf()(path), path.write_bytes(path.read_bytes()[:20])),
    "cut off",
    file="city.osm.pbf",
)
refused("changes of OpenStreetMap", '<osmChange version="0.6"><create/></osmChange>', "changes", file="city.osc")
refused("changes of OpenStreetMap called .osm", '<osmChange version="0.6"><create/></osmChange>', "changes", file="city.osm")
refused("notes of OpenStreetMap", HEAD + "<osm-notes><note/></osm-notes>", "notes", file="notes.osm")

KINDS.taken(
    "a table that begins with the word of a 3D model",
    "solid pole;camera_id;lon;lat\nyes;A;2.3522;48.8566\n",
    {"cameras": 1},
    file="cameras.csv",
    words=("solid pole",),
)
KINDS.taken(
    "a table in UTF-32",
    "camera_id,lon,lat\nA,2.3522,48.8566\n".encode("utf-32"),
    {"cameras": 1},
    file="cameras.csv",
    at=(2.3522, 48.8566),
)
refused(
    "a table in UTF-32 without positions",
    b"\x00\x00\xfe\xff" + "camera_id,lon\nA,2\n".encode("utf-32-be"),
    "no columns for the position",
    file="cameras.csv",
)
KINDS.taken("GeoJSON in UTF-32", json.dumps(HOUSE_JSON).encode("utf-32"), B1, file="buildings.geojson", at=(2.0, 48.0))
refused("a table in EBCDIC", "camera_id,lon,lat\r\nA,2.3522,48.8566\r\n".encode("cp500"), "EBCDIC|no text", file="cameras.csv")

refused("MapInfo MIF", MAPINFO, "MapInfo", "GeoPackage", file="city.mif")
refused("MapInfo MIF called .txt", MAPINFO, "MapInfo", file="city.txt")
refused("MapInfo TAB", TAB, "MapInfo", file="city.tab")
refused("MapInfo MID alone", '"a"\n"b"\n', "MapInfo", file="city.mid")
refused(
    "GPX of tracks", HEAD + '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk/></gpx>', "GPX", file="walk.gpx"
)
refused("GPX called .gml", HEAD + '<gpx version="1.1" xmlns="http://www.topografix.com/GPX/1/1"><trk/></gpx>', "GPX")
refused("GPX of points called .xml", HEAD + '<gpx version="1.1"><wpt lat="48" lon="2"/></gpx>', "GPX", file="walk.xml")
refused("SVG", HEAD + '<svg xmlns="http://www.w3.org/2000/svg"/>', "picture", file="plan.svg")
refused("SVG called .gml", HEAD + '<svg xmlns="http://www.w3.org/2000/svg"/>', "picture")
refused("LandXML", HEAD + '<LandXML xmlns="http://www.landxml.org/schema/LandXML-1.2"/>', "LandXML", file="land.xml")
refused("a project of QGIS", '<!DOCTYPE qgis PUBLIC "" "SYSTEM">\n<qgis version="3.34"/>', "QGIS", file="city.qgs")
refused("a style of QGIS called .kml", '<!DOCTYPE qgis PUBLIC "" "SYSTEM">\n<qgis version="3.34"/>', "QGIS", file="city.kml")
refused(
    "metadata of ISO 19115",
    HEAD + '<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>',
    "ISO 19115",
    file="city.xml",
)
refused("metadata called .gml", HEAD + '<gmd:MD_Metadata xmlns:gmd="http://www.isotc211.org/2005/gmd"/>', "ISO 19115")
refused(
    "a report of an error by a server",
    HEAD
    + '<ows:ExceptionReport xmlns:ows="http://www.opengis.net/ows"><ows:Exception><ows:ExceptionText>No such layer</ows:ExceptionText></ows:Exception></ows:ExceptionReport>',
    "error",
    "No such layer",
)
refused(
    "an older report of an error",
    HEAD
    + '<ServiceExceptionReport xmlns="http://www.opengis.net/ogc"><ServiceException code="x">Too many</ServiceException></ServiceExceptionReport>',
    "error",
    "Too many",
)
refused("an XML Schema called .gml", HEAD + '<xsd:schema xmlns:xsd="http://www.w3.org/2001/XMLSchema"/>', "schema")
refused("a feed of news", HEAD + '<rss version="2.0"><channel/></rss>', "RSS|feed", file="news.xml")
refused(
    "INSPIRE in GML 3.2 without features",
    HEAD + '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"/>',
    "no feature",
)

PARQUET = b"PAR1" + bytes(40) + struct.pack("<I", 36) + b"PAR1"
refused("GeoParquet without anything in it", PARQUET, "pyarrow|damaged", file="city.parquet")
refused("GeoParquet called .geoparquet", PARQUET, "pyarrow|damaged", file="city.geoparquet")
refused("GeoParquet that is cut off", PARQUET[:-6], "Parquet", "cut off", file="city.parquet")
refused("GeoParquet called .gpkg", PARQUET, "let its name end in .parquet", file="city.gpkg")
refused("Arrow", b"ARROW1\0\0" + bytes(20), "Arrow", file="city.arrow")
refused("Feather called .fgb", b"ARROW1\0\0" + bytes(20), "Arrow", file="city.fgb")

refused("a PDF called .csv", b"%PDF-1.7\n1 0 obj\n", "PDF", file="cameras.csv")
refused("a PDF called .dxf", b"%PDF-1.7\n1 0 obj\n", "PDF", file="plan.dxf")
refused("a PDF called .tif", b"%PDF-1.7\n1 0 obj\n", "PDF", file="plan.tif")
refused("a PDF with a line before it", b"\n\n%PDF-1.7\n1 0 obj\n", "PDF", file="plan.geojson")
for _release in ("AC1015", "AC1032"):
    refused(f"DWG of {_release}", _release.encode() + bytes(200), "DWG", "DXF", file="plan.dwg")
refused("DWG called .dxf", b"AC1027" + bytes(200), "DWG", file="plan.dxf")
refused("DGN", b"\x08\x09\xfe\x02" + bytes(200), "DGN", "DXF", file="plan.dgn")
refused(
    "DGN of version 8",
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(520) + "Dgn~H".encode("utf-16-le") + bytes(100),
    "DGN",
    file="plan.dgn",
)
refused("SketchUp", b"\xff\xfe\xff\x0e" + "SketchUp Model".encode("utf-16-le") + bytes(90), "SketchUp", file="house.skp")
refused("a scene of glTF", b"glTF\x02\0\0\0" + bytes(40), "3D", file="city.glb")
refused("a scene of OBJ", "# made by hand\nmtllib a.mtl\no House\nv 0 0 0\nv 1 0 0\nv 1 1 0\nf 1 2 3\n", "3D", file="house.obj")
refused("a scene of PLY", "ply\nformat ascii 1.0\nelement vertex 0\nend_header\n", "3D|points", file="house.ply")
refused("a scene of STL", "solid house\nendsolid house\n", "3D", file="house.stl")
refused("a scene of Collada", HEAD + '<COLLADA xmlns="http://www.collada.org/2005/11/COLLADASchema"/>', "3D", file="house.dae")
refused("points of E57", b"ASTM-E57" + bytes(60), "points", file="scan.e57")
refused("points of PCD", "# .PCD v.7\nVERSION .7\n", "points", file="scan.pcd")
refused("a cloud of points called .tif", b"LASF" + bytes(200), "LAS", file="scan.tif")

refused("an old workbook called .csv", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".xls", file="cameras.csv")
refused("an OpenDocument sheet", _opendocument, "OpenDocument", file="cameras.ods")
refused("an OpenDocument sheet called .xlsx", _opendocument, "OpenDocument", file="cameras.xlsx")
refused(
    "a workbook in one XML",
    HEAD + '<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"/>',
    "OpenDocument",
    file="cameras.fods",
)
refused(
    "a binary workbook",
    lambda path: _zip_of(path, {"xl/workbook.bin": b"\0", "[Content_Types].xml": b"<a/>"}),
    ".xlsb",
    file="cameras.xlsb",
)
refused(
    "a binary workbook called .xlsx",
    lambda path: _zip_of(path, {"xl/workbook.bin": b"\0", "[Content_Types].xml": b"<a/>"}),
    ".xlsb",
    file="cameras.xlsx",
)
refused("a database of Access", b"\0\1\0\0Standard ACE DB\0" + bytes(60), "Access", file="cameras.accdb")
refused("a database of Access called .csv", b"\0\1\0\0Standard Jet DB\0" + bytes(60), "Access", file="cameras.csv")
refused(
    "a table of Numbers",
    lambda path: _zip_of(path, {"Index/Document.iwa": b"\0", "preview.jpg": b"\xff\xd8"}),
    "Numbers",
    file="cameras.numbers",
)
refused("a table of HTML saved as .csv", "<table><tr><td>camera_id</td></tr></table>", "HTML", file="cameras.csv")
refused("a table of HTML saved as .xls", "<html><table><tr><td>camera_id</td></tr></table></html>", "HTML", file="cameras.xls")
refused(
    "a page that asks to log in, saved as .geojson",
    "<!DOCTYPE html><html><form action='/login'></form></html>",
    "HTML",
    file="city.geojson",
)
refused("a page without a head, saved as .csv", "<div class='t'><p>camera_id</p></div>", "HTML|XML", file="cameras.csv")
refused(
    "a dBase table called .csv",
    b"\x03\x7a\x01\x01\x01\x00\x00\x00\x41\x00\x0b\x00" + bytes(60),
    "dBase|Shapefile",
    file="cameras.csv",
)

ESRI_LAYER = {
    "currentVersion": 11.1,
    "id": 0,
    "name": "Cameras",
    "type": "Feature Layer",
    "geometryType": "esriGeometryPoint",
    "fields": [],
}
refused("the description of a service of Esri", json.dumps(ESRI_LAYER), "Esri", "ask it for the data", file="cameras.json")
refused(
    "an error of a service of Esri",
    json.dumps({"error": {"code": 400, "message": "Invalid URL", "details": []}}),
    "error",
    "Invalid URL",
    file="cameras.json",
)
refused("an error of a server called .geojson", json.dumps({"message": "API key missing"}), "JSON", file="cameras.geojson")
refused("a style of Mapbox", json.dumps({"version": 8, "sources": {}, "layers": []}), "style", file="style.json")
refused(
    "TileJSON",
    json.dumps({"tilejson": "3.0.0", "tiles": ["https://x.example/{z}/{x}/{y}.pbf"]}),
    "TileJSON|only points",
    file="tiles.json",
)
refused(
    "a catalogue of STAC",
    json.dumps({"type": "Catalog", "stac_version": "1.0.0", "id": "x", "links": []}),
    "STAC|only points",
    file="catalog.json",
)
refused(
    "the landing page of an OGC API",
    json.dumps({"title": "City", "links": [{"href": "https://x.example/collections"}]}),
    "OGC API",
    "ask it for the data",
    file="city.json",
)
refused("a list of records", json.dumps([{"camera_id": "A", "lon": 2.35, "lat": 48.85}]), "CSV", file="cameras.json")
refused(
    "a list of records under a key",
    json.dumps({"total_count": 1, "results": [{"camera_id": "A", "geo": {"lon": 2.3, "lat": 48.8}}]}),
    "CSV",
    file="cameras.json",
)
refused("lines of records", '{"camera_id": "A", "lon": 2.35, "lat": 48.85}\n', "CSV|features", file="cameras.geojsonl")
refused(
    "the answer of Nominatim",
    json.dumps([{"place_id": 1, "osm_type": "way", "lat": "48.8", "lon": "2.3", "display_name": "x"}]),
    "CSV",
    file="cameras.json",
)
refused("a notebook", json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}), "Jupyter", file="city.ipynb")
refused("GeoJSON with a function around it", f"callback({json.dumps(HOUSE_JSON)});", "JSON", file="buildings.geojson")
refused("GeoJSON as a script", f"var houses = {json.dumps(HOUSE_JSON)};", "JSON", file="buildings.geojson")
refused("YAML called .json", "type: FeatureCollection\nfeatures: []\n", "JSON|plain text", file="buildings.json")
refused("TopoJSON without objects", json.dumps({"type": "Topology", "objects": {}, "arcs": []}), "no feature", file="city.json")
refused(
    "Overpass JSON of counts",
    json.dumps({"version": 0.6, "elements": [{"type": "count", "id": 0, "tags": {"total": "3"}}]}),
    "count",
    file="city.json",
)
refused("a well-known text alone", "POLYGON ((2 48, 2.1 48, 2.1 48.1, 2 48))", "well-known text|plain text", file="city.geojson")
refused("an answer of tiles", b"\x1a\x2a\x0a\x05roads" + bytes(30), "tile|damaged", file="city.mvt")
refused("tiles of a map as MBTiles, imported", b"SQLite format 3\0" + bytes(84), "background", file="city.mbtiles")
refused("PMTiles", b"PMTiles\x03" + bytes(120), "tiles", file="city.pmtiles")


# Zips


PNG, JPEG = b"\x89PNG\r\n\x1a\n" + bytes(20), b"\xff\xd8\xff\xe0" + bytes(20)
refused = refused_by(PACKED)
refused("a zip of photographs", of({"a.jpg": JPEG, "b.jpg": JPEG}), "a.jpg", "unpack")
refused("a zip of photographs and a list", of({"a.jpg": JPEG, "list.txt": "a"}), "picture|a.jpg")
refused(
    "a KMZ of pictures alone",
    of({"files/a.png": PNG, "doc.kml": HEAD + '<kml xmlns="http://www.opengis.net/kml/2.2"><GroundOverlay/></kml>'}),
    "KML|kmz",
    file="plan.kmz",
)
refused(
    "KML of pictures alone",
    HEAD
    + '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><GroundOverlay><Icon><href>a.png</href></Icon></GroundOverlay></Document></kml>',
    "picture",
    file="plan.kml",
)
refused(
    "KML of a tour alone",
    HEAD + '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><LookAt/></Document></kml>',
    "no feature",
    file="plan.kml",
)
refused("a zip of a PDF", of({"report.pdf": b"%PDF-1.7"}), "PDF|report.pdf")
refused("a zip of DWG", of({"plan.dwg": b"AC1032" + bytes(90)}), "DWG|plan.dwg")
refused("a zip of a workbook", of({"cameras.xlsx": b"PK\x03\x04"}), "cameras.xlsx")
refused("a zip of a table", of({"cameras.csv": "camera_id,lon,lat\nA,2.3,48.8\n"}), "cameras.csv", "unpack")
PACKED.refused("a zip of a KML of nothing", of({"plan.kml": "<kml/>"}), "damaged")
refused("a zip of CityGML", of({"city.gml": CITYGML.format(version="2.0")}), "CityGML")
refused("a zip of CityJSON", of({"city.json": json.dumps(CITYJSON)}), "CityJSON")
refused("a zip of a zip", of({"inner.zip": b"PK\x05\x06" + bytes(18)}), "inner.zip")
refused("a zip of a program", of({"setup.exe": b"MZ"}), "setup.exe")
PACKED.refused(
    "a zip of a file geodatabase without tables",
    of({"city.gdb/a00000001.gdbtable": b"\0", "city.gdb/gdb": b"\5"}),
    "damaged",
)
refused("a zip of a DXF", of({"plan.dxf": "  0\nSECTION\n"}), "plan.dxf")
refused("a Shapefile without its .dbf", lambda path: _shapefile(path, (".dbf",)), ".dbf|not clear", file="roofs.shp")
refused("a zipped Shapefile without its .shp", lambda path: _zipped_shapefile(path, (".shp",)), "roofs.dbf")


def _shapefile(path: Path, without: tuple[str, ...]) -> None:
    from corpus.map_files import shapes, square

    shapes((square(), {"height": 9}))(path)
    for suffix in without:
        path.with_suffix(suffix).unlink()


def _zipped_shapefile(path: Path, without: tuple[str, ...]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        _shapefile(Path(folder) / "roofs.shp", without)
        _zip_of(path, {part.name: part.read_bytes() for part in sorted(Path(folder).iterdir())})


# Drawings


def drawn(draw: Callable[[Any, Any], object], units: int = ezdxf.units.M) -> Write:
    """Return a writer of a drawing; ``draw`` gets the document and its model space."""

    def write(path: Path) -> None:
        document = ezdxf.new("R2010", units=units)
        draw(document, document.modelspace())
        document.saveas(path)

    return write


SQUARE = [(652469.0, 6862035.0), (652479.0, 6862035.0), (652479.0, 6862045.0), (652469.0, 6862045.0)]


def hatches(_document: Any, space: Any) -> None:
    hatch = space.add_hatch(dxfattribs={"layer": "buildings"})
    hatch.paths.add_polyline_path(SQUARE, is_closed=True)


def texts(_document: Any, space: Any) -> None:
    space.add_text("City hall", dxfattribs={"layer": "buildings", "insert": SQUARE[0]})


def open_outlines(_document: Any, space: Any) -> None:
    space.add_lwpolyline(SQUARE, dxfattribs={"layer": "buildings"})


def loose_lines(_document: Any, space: Any) -> None:
    for start, end in itertools.pairwise(SQUARE):
        space.add_line(start, end, dxfattribs={"layer": "buildings"})


def on_paper(document: Any, _space: Any) -> None:
    document.layout("Layout1").add_lwpolyline(SQUARE, close=True, dxfattribs={"layer": "buildings"})


def elsewhere(document: Any, space: Any) -> None:
    document.add_xref_def("other.dwg", "OTHER")
    space.add_blockref("OTHER", SQUARE[0], dxfattribs={"layer": "buildings"})


def solids(_document: Any, space: Any) -> None:
    space.add_3dface([(*each, 0.0) for each in SQUARE], dxfattribs={"layer": "buildings"})


def images(document: Any, space: Any) -> None:
    definition = document.add_image_def("plan.png", (100, 100))
    space.add_image(definition, SQUARE[0], (10, 10), dxfattribs={"layer": "buildings"})


refused = refused_by(DRAWINGS)
refused("nothing at all", drawn(lambda document, space: None), "nothing")
refused("hatches alone", drawn(hatches), "1 HATCH", "closed outlines")
refused("texts alone", drawn(texts), "1 TEXT")
refused("open outlines as buildings", drawn(open_outlines), "open lines (1)", "closed", options={"kind": "buildings"})
refused("loose lines as buildings", drawn(loose_lines), "open lines (3)", "closed", options={"kind": "buildings"})
refused("paper space alone", drawn(on_paper), "paper space: Layout1")
refused("another drawing alone", drawn(elsewhere), "other drawings", "OTHER")
refused("faces of a model alone", drawn(solids), "3DFACE")
refused("a picture alone", drawn(images), "1 IMAGE")
refused(
    "a drawing that is cut off", lambda path: (drawn(open_outlines)(path), path.write_bytes(path.read_bytes()[:9000])), "cut off"
)
DRAWINGS.refused("a drawing without sections", "  0\nEOF\n", "damaged")
refused("a binary drawing that is cut off", b"AutoCAD Binary DXF\r\n\x1a\x00" + bytes(20), "cut off|damaged")
