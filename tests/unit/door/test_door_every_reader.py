"""Every reader, background and template is given a file that names an address, and nobody connects to it.

Each file is read twice: by the process that has no network, and here, without its bolts, so that what the libraries are told holds
by itself where the system cannot refuse connections.
"""

import io as streams
import json
import sqlite3
import struct
import zipfile
from contextlib import closing

import ezdxf
import numpy as np
import openpyxl
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin
from test_door_phones_nobody import GML, KML, WFS_2_0

from lhasaplan import io
from lhasaplan.errors import UserError
from lhasaplan.io.importing import basemap_file, importer
from lhasaplan.io.parse.file_signatures import DAMAGED

RING = [[2.3522, 48.8566], [2.3524, 48.8566], [2.3524, 48.8568], [2.3522, 48.8568], [2.3522, 48.8566]]
HOUSE = {
    "type": "Feature",
    "properties": {"building": "yes", "height": 9},
    "geometry": {"type": "Polygon", "coordinates": [RING]},
}
OSM = """<?xml version="1.0"?><!DOCTYPE osm SYSTEM "{url}/osm.dtd"><osm version="0.6" attribution="{url}">
<node id="1" lat="48.8566" lon="2.3522"><tag k="man_made" v="surveillance"/><tag k="contact:webcam" v="{url}/cam"/></node></osm>"""
CSV = "camera_id,lon,lat,owner,coordinate_system\nA,2.3522,48.8566,{url},\nB,2.3523,48.8566,x,{url}/crs\n"


def text(content):
    return lambda path, url: path.write_text(content.replace("{url}", url))


def collection(**more):
    return lambda path, url: path.write_text(
        json.dumps({"type": "FeatureCollection", "features": [HOUSE], **more}).replace("{url}", url)
    )


def gml_of_a_far_system(path, url):
    path.write_text(GML.format(url=url, **WFS_2_0).replace("urn:ogc:def:crs:EPSG::4326", f"{url}/crs.xml"))


def gml_with_links(path, url):
    linked = f'<gml:Polygon xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="{url}/shape.gml"/>'
    whole = GML.format(url=url, **WFS_2_0)
    path.write_text(whole.replace("</app:geom>", f"</app:geom><app:more>{linked}</app:more>"))


def written(path, layer_crs="EPSG:4326"):
    shapes = np.array([shapely.to_wkb(shapely.Polygon(RING))], object)
    pyogrio.raw.write(path, shapes, [np.array([9])], ["height"], geometry_type="Polygon", crs=layer_crs)


def geopackage(path, url):
    written(path)
    with closing(sqlite3.connect(path)) as kept:
        kept.execute(
            "UPDATE gpkg_spatial_ref_sys SET definition = ?, organization = ? WHERE srs_id = 4326", (f"{url}/crs.wkt", url)
        )
        kept.execute("CREATE TABLE gpkg_metadata_reference (md_scope, uri)")
        kept.execute("INSERT INTO gpkg_metadata_reference VALUES ('dataset', ?)", (url,))
        kept.commit()


def shapefile(path, url):
    written(path)
    path.with_suffix(".prj").write_text(f"{url}/crs.prj")
    path.with_name(path.name + ".xml").write_text(f'<metadata href="{url}"/>')


def flatgeobuf(path, url):
    written(path)
    content = path.read_bytes()
    path.write_bytes(content + f"{url}/more.fgb".encode())


def workbook(path, url):
    book = openpyxl.Workbook()
    for row in (
        ["camera_id", "lon", "lat", "owner"],
        ["A", 2.3522, 48.8566, f'=WEBSERVICE("{url}/x")'],
        ["B", 2.3523, 48.8566, "x"],
    ):
        book.active.append(row)
    book.active["D3"].hyperlink = f"{url}/link"
    stream = streams.BytesIO()
    book.save(stream)
    with zipfile.ZipFile(stream) as made, zipfile.ZipFile(path, "w") as archive:
        for name in made.namelist():
            archive.writestr(name, made.read(name))
        archive.writestr("xl/externalLinks/externalLink1.xml", f'<externalLink><externalBook href="{url}"/></externalLink>')
        archive.writestr("xl/connections.xml", f'<connections><connection sourceFile="{url}"/></connections>')


def drawing(path, url):
    document = ezdxf.new("R2010", units=6)
    space = document.modelspace()
    space.add_lwpolyline([(652469, 6862035), (652479, 6862035), (652479, 6862045)], close=True, dxfattribs={"layer": "buildings"})
    document.add_xref_def(f"{url}/other.dwg", "OTHER")
    space.add_blockref("OTHER", (652469, 6862035))
    space.add_image(document.add_image_def(f"{url}/plan.png", (9, 9)), (652469, 6862035), (9, 9))
    document.saveas(path)


def raster(path, url):
    place = from_origin(652000, 6863000, 1, 1)
    shape = {"width": 64, "height": 64, "count": 1, "dtype": "float32", "crs": "EPSG:2154", "transform": place}
    with rasterio.open(path, "w", driver="GTiff", **shape) as target:
        target.write(np.full((1, 64, 64), 30.0, np.float32))
        target.update_tags(OVERVIEW_FILE=f"/vsicurl/{url}/a.ovr", SOURCE=url)
        target.update_tags(ns="RPC", HREF=url)
    path.with_name(path.name + ".aux.xml").write_text(
        f'<PAMDataset><Metadata domain="OVERVIEWS"><MDI key="OVERVIEW_FILE">/vsicurl/{url}/a.ovr</MDI></Metadata></PAMDataset>'
    )


def grid(path, url):
    path.write_text("ncols 2\nnrows 2\nxllcorner 652000\nyllcorner 6862000\ncellsize 1\n1 2\n3 4\n")
    path.with_suffix(".prj").write_text(f"{url}/crs.prj")


def tile_of_heights(path, url):
    path.write_bytes(struct.pack(">h", 30) * 1201 * 1201)
    path.with_name(path.name + ".aux.xml").write_text(f"<PAMDataset><SRS>{url}/crs</SRS></PAMDataset>")


FILES = {
    "a table": ("a.csv", {}, text(CSV)),
    "a workbook": ("a.xlsx", {}, workbook),
    "OpenStreetMap": ("a.osm", {}, text(OSM)),
    "Overpass": (
        "a.json",
        {},
        text(
            '{"osm3s": {"copyright": "{url}"}, "elements": [{"type": "node", "id": 1, "lat": 48.8, "lon": 2.3, "tags": {"website": "{url}"}}]}'
        ),
    ),
    "GeoJSON of a far system": (
        "a.geojson",
        {},
        collection(crs={"type": "link", "properties": {"href": "{url}/crs", "type": "proj4"}}),
    ),
    "GeoJSON of an old far system": ("a.geojson", {}, collection(crs={"type": "url", "properties": {"url": "{url}/crs"}})),
    "GeoJSON with a name that is an address": (
        "a.geojson",
        {},
        collection(crs={"type": "name", "properties": {"name": "{url}/crs"}}),
    ),
    "GeoJSON that goes on": (
        "a.geojson",
        {},
        collection(links=[{"rel": "next", "href": "{url}/next"}], **{"$schema": "{url}/schema"}),
    ),
    "GML of a far system": ("a.gml", {}, gml_of_a_far_system),
    "GML with links": ("a.gml", {}, gml_with_links),
    "KML": ("a.kml", {"kind": "trees"}, text(KML)),
    "a GeoPackage": ("a.gpkg", {"kind": "buildings"}, geopackage),
    "a Shapefile": ("a.shp", {"kind": "buildings"}, shapefile),
    "a FlatGeobuf": ("a.fgb", {"kind": "buildings"}, flatgeobuf),
    "a drawing": ("a.dxf", {"crs": "EPSG:2154"}, drawing),
    "a raster": ("a.tif", {}, raster),
    "a grid": ("a.asc", {}, grid),
    "a tile of heights": ("N48E002.hgt", {}, tile_of_heights),
}


def refusals(read, path, how):
    """Return the sentences that a reader refuses a file in, none where it takes it."""
    try:
        read(path, **how)
    except UserError as error:
        return [fault.template for fault in error.faults]
    return []


@pytest.mark.parametrize("what", FILES)
def test_that_no_reader_asks_an_address_in_its_file(tmp_path, listener, what):
    url, heard = listener
    name, how, write = FILES[what]
    write(tmp_path / name, url)
    for read in (io.read_file, importer.read_file):
        assert DAMAGED not in refusals(read, tmp_path / name, how), "the file must come as far as its reader"
    assert not heard


def pictured(path, url):
    raster(path, url)


def tiles(path, url):
    with closing(sqlite3.connect(path)) as made:
        made.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        made.execute("CREATE TABLE metadata (name, value)")
        made.executemany(
            "INSERT INTO metadata VALUES (?, ?)", [("attribution", f"<img src='{url}'>"), ("json", f'{{"tiles": "{url}"}}')]
        )
        stream = streams.BytesIO()
        from PIL import Image

        Image.new("RGB", (256, 256), (9, 9, 9)).save(stream, "PNG")
        made.execute("INSERT INTO tiles VALUES (0, 0, 0, ?)", (stream.getvalue(),))
        made.commit()


@pytest.mark.parametrize(("name", "write"), [("a.tif", pictured), ("a.mbtiles", tiles)])
def test_that_no_background_asks_an_address_in_its_file(tmp_path, listener, name, write):
    url, heard = listener
    write(tmp_path / name, url)
    crs, box = "EPSG:2154", (652000.0, 6862936.0, 652064.0, 6863000.0)
    shown = io.open_basemap(tmp_path / name, crs).picture(box, 32, 32)
    assert shown is not None
    assert (shown == basemap_file.picture(tmp_path / name, crs, box, 32, 32)).all()
    assert not heard


def test_that_no_template_asks_an_address_in_it(tmp_path, listener):
    import docx
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    from lhasaplan.report.formats.docx import template_faults, template_remarks

    url, heard = listener
    word = docx.Document()
    word.add_paragraph("[[content]]")
    settings = word.part._settings_part
    number = settings.relate_to(f"{url}/t.dotx", f"{nsdecls('r').split('=')[1][1:-1]}/attachedTemplate", is_external=True)
    word.settings.element.append(parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="{number}"/>'))
    word.save(tmp_path / "a.docx")
    assert template_faults([tmp_path / "a.docx"]) == ()
    assert len(template_remarks([tmp_path / "a.docx"])) == 1
    assert not heard
