"""Nothing that is read asks a network: a listener on the loopback hears nothing, whatever a file names as an address."""

import os
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing

import numpy as np
import pytest
import rasterio
from rasterio.transform import from_origin
from sources import ROOT

from lhasaplan import io
from lhasaplan.errors import InputError
from lhasaplan.io.apart.process import ReaderError, apart, bounds_for

GML = """<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="http://www.opengis.net/wfs{wfs}" xmlns:gml="http://www.opengis.net/gml{gml}"
 xmlns:app="http://example.org/app" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://example.org/app {url}?service=WFS&amp;version={version}&amp;request=DescribeFeatureType&amp;typeName=app:houses">
 <{member}><app:houses gml:id="houses.1"><app:building>house</app:building><app:height>9</app:height>
  <app:geom><gml:Polygon srsName="urn:ogc:def:crs:EPSG::4326"><gml:{ring}><gml:LinearRing>{corners}</gml:LinearRing></gml:{ring}></gml:Polygon></app:geom>
 </app:houses></{member}>
</wfs:FeatureCollection>"""
POS = "<gml:posList>48.8566 2.3522 48.8566 2.3524 48.8568 2.3524 48.8568 2.3522 48.8566 2.3522</gml:posList>"
COORDINATES = "<gml:coordinates>48.8566,2.3522 48.8566,2.3524 48.8568,2.3524 48.8568,2.3522 48.8566,2.3522</gml:coordinates>"
WFS_1_0 = {
    "wfs": "",
    "gml": "",
    "version": "1.0.0",
    "member": "gml:featureMember",
    "ring": "outerBoundaryIs",
    "corners": COORDINATES,
}
WFS_1_1 = {"wfs": "", "gml": "", "version": "1.1.0", "member": "gml:featureMember", "ring": "exterior", "corners": POS}
WFS_2_0 = {"wfs": "/2.0", "gml": "/3.2", "version": "2.0.0", "member": "wfs:member", "ring": "exterior", "corners": POS}
KML = """<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>
<NetworkLink><name>more</name><Link><href>{url}/more.kml</href></Link></NetworkLink>
<Placemark><Style><IconStyle><Icon><href>{url}/i.png</href></Icon></IconStyle></Style><Point><coordinates>2.35,48.85</coordinates></Point></Placemark>
</Document></kml>"""
POINTERS = {
    "OGRWFSDataSource": "<OGRWFSDataSource><URL>{url}</URL></OGRWFSDataSource>",
    "OGR VRT": '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/vsicurl/{url}/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>',
    "WMS": '<GDAL_WMS><Service name="WMS"><ServerUrl>{url}?</ServerUrl><Layers>a</Layers><CRS>EPSG:3857</CRS></Service>'
    "<DataWindow><UpperLeftX>-20037508</UpperLeftX><UpperLeftY>20037508</UpperLeftY><LowerRightX>20037508</LowerRightX>"
    "<LowerRightY>-20037508</LowerRightY><SizeX>4096</SizeX><SizeY>4096</SizeY></DataWindow><BandsCount>3</BandsCount></GDAL_WMS>",
    "WCS": "<WCS_GDAL><ServiceURL>{url}?</ServiceURL><CoverageName>a</CoverageName></WCS_GDAL>",
    "VRT": '<VRTDataset rasterXSize="9" rasterYSize="9"><SRS>EPSG:3857</SRS><GeoTransform>0,1,0,0,0,-1</GeoTransform>'
    '<VRTRasterBand dataType="Byte" band="1"><SimpleSource><SourceFilename>/vsicurl/{url}/a.tif</SourceFilename></SimpleSource>'
    "</VRTRasterBand></VRTDataset>",
    "an address": "{url}/houses.geojson",
}
FAR_SYSTEM = """{"type": "FeatureCollection", "crs": {"type": "link", "properties": {"href": "{url}/crs", "type": "proj4"}}, "features": [
 {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [2.3522, 48.8566]}}]}"""
ESRI = '{{"displayFieldName": "", "exceededTransferLimit": true, "url": "{url}/FeatureServer/0", "geometryType": "esriGeometryPoint", "features": []}}'


def taken(path, **how):
    """Return how many features a file gave, None where it was refused."""
    try:
        return io.read_file(path, **how).record.features
    except InputError:
        return None


@pytest.mark.parametrize("served", [WFS_1_0, WFS_1_1, WFS_2_0], ids=["WFS 1.0", "WFS 1.1", "WFS 2.0"])
def test_that_the_gml_of_a_server_is_read_and_the_server_not_asked(tmp_path, listener, served):
    url, heard = listener
    (tmp_path / "houses.gml").write_text(GML.format(url=url, **served))
    assert taken(tmp_path / "houses.gml", kind="buildings") == 1
    assert not heard


def test_that_the_listener_would_hear_one_who_asks(tmp_path, listener):
    url, heard = listener
    (tmp_path / "houses.gml").write_text(GML.format(url=url, **WFS_1_1))
    code = "import pyogrio, sys; pyogrio.read_info(sys.argv[1])"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "houses.gml")], check=False, capture_output=True)
    assert b"DescribeFeatureType" in b"".join(heard)
    (tmp_path / "houses.geojson").write_text(FAR_SYSTEM.replace("{url}", url))
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "houses.geojson")], check=False, capture_output=True)
    assert b"GET /crs " in b"".join(heard)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize(
    "name", ["a.gml", "a.kml", "a.geojson", "a.json", "a.csv", "a.tif", "a.asc", "a.osm", "a.fgb", "a.gpkg", "a.dxf"]
)
@pytest.mark.parametrize("pointer", POINTERS)
def test_that_what_only_points_elsewhere_is_refused_unasked(tmp_path, listener, pointer, name, encoding):
    url, heard = listener
    (tmp_path / name).write_bytes(POINTERS[pointer].format(url=url).encode(encoding))
    assert taken(tmp_path / name) is None
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(tmp_path / name, name)
    assert taken(tmp_path / "a.zip") is None
    assert not heard


@pytest.mark.parametrize(("name", "text"), [("a.kml", KML), ("a.json", ESRI)])
def test_that_links_in_a_map_are_not_followed(tmp_path, listener, name, text):
    url, heard = listener
    (tmp_path / name).write_text(text.format(url=url))
    taken(tmp_path / name, kind="trees")
    assert not heard


@pytest.mark.parametrize("pointer", POINTERS)
def test_that_an_basemap_that_only_points_elsewhere_is_refused_unasked(tmp_path, listener, pointer):
    url, heard = listener
    for encoding in ("utf-8", "utf-16"):
        (tmp_path / "a.tif").write_bytes(POINTERS[pointer].format(url=url).encode(encoding))
        with pytest.raises(InputError):
            io.open_basemap(tmp_path / "a.tif", "EPSG:3857")
    assert not heard


@pytest.mark.parametrize("pointer", POINTERS)
def test_that_a_tile_that_only_points_elsewhere_is_not_followed(tmp_path, listener, pointer):
    url, heard = listener
    content = POINTERS[pointer].format(url=url).encode()
    with closing(sqlite3.connect(tmp_path / "a.mbtiles")) as made:
        made.execute("CREATE TABLE tiles (zoom_level, tile_column, tile_row, tile_data)")
        made.execute("INSERT INTO tiles VALUES (0, 0, 0, ?)", (content,))
        made.commit()
    (tmp_path / "tiles" / "0" / "0").mkdir(parents=True)
    (tmp_path / "tiles" / "0" / "0" / "0.png").write_bytes(content)
    for path in (tmp_path / "a.mbtiles", tmp_path / "tiles"):
        with pytest.raises(InputError):
            io.open_basemap(path, "EPSG:3857").picture((0.0, 0.0, 1000.0, 1000.0), 64, 64)
    assert not heard


def test_that_a_stored_raster_that_only_points_elsewhere_is_not_followed(listener):
    from lhasaplan.core.project.project import TerrainRecord
    from lhasaplan.io.terrain.terrain_grid import ground_of

    url, heard = listener
    content = POINTERS["VRT"].format(url=url).encode()
    record = TerrainRecord("a.vrt", (0.0, 0.0, 100.0, 100.0), 1.0, "0", content=content)
    ground = ground_of((record,), "EPSG:3857", (0.0, 0.0, 100.0, 100.0))
    assert "cannot be read" in str(ground.remarks[0])
    assert not heard


@pytest.mark.skipif(sys.platform != "linux", reason="the system shuts the network to a process on Linux alone")
def test_that_the_process_that_reads_can_open_no_connection(listener):
    url, heard = listener
    where = ("127.0.0.1", int(url.rpartition(":")[2]))
    with pytest.raises(ReaderError, match="PermissionError"):
        apart("socket", "create_connection", where, of="a", bounds=bounds_for("a", 0))
    with pytest.raises(ReaderError, match="PermissionError"):
        apart("subprocess", "run", ["true"], of="a", bounds=bounds_for("a", 0))
    assert not heard


def test_that_what_a_person_set_for_gdal_elsewhere_is_not_heard(tmp_path, listener, monkeypatch):
    from lhasaplan.io.apart import gdal, process

    url, heard = listener
    given = {
        "GML_DOWNLOAD_SCHEMA": "YES",
        "OGR_SKIP": "",
        "HTTPS_PROXY": url,
        "PROJ_NETWORK": "ON",
        "GDAL_DATA": "there",
        "HOME": "h",
    }
    variables = gdal.environment(given)
    assert variables["GML_DOWNLOAD_SCHEMA"] == "NO"
    assert variables["PROJ_NETWORK"] == "OFF"
    assert "WFS" in variables["OGR_SKIP"].split(",")
    assert "HTTPS_PROXY" not in variables
    assert (variables["GDAL_DATA"], variables["HOME"]) == ("there", "h")
    process.end_readers()
    for name, value in given.items():
        if name not in {"GDAL_DATA", "HOME"}:
            monkeypatch.setenv(name, value)
    (tmp_path / "houses.gml").write_text(GML.format(url=url, **WFS_2_0))
    assert taken(tmp_path / "houses.gml", kind="buildings") == 1
    process.end_readers()
    assert not heard


def test_that_no_format_is_open_that_is_not_named(tmp_path):
    """Of all that this version of GDAL knows, the process that reads has the named formats alone."""
    from lhasaplan.io.apart import gdal

    found = apart("lhasaplan.io.apart.gdal", "formats", of="a", bounds=bounds_for("a", 0))
    assert set(found) <= set(gdal.MAPS)
    assert {"GPKG", "GML", "GeoJSON", "ESRI Shapefile", "FlatGeobuf"} <= set(found)


def test_that_a_raster_is_opened_in_the_named_formats_alone(tmp_path):
    from lhasaplan.io.apart import gdal

    shape = {"width": 4, "height": 4, "count": 1, "dtype": "uint8", "transform": from_origin(0, 4, 1, 1), "crs": "EPSG:3857"}
    with rasterio.open(tmp_path / "a.png", "w", driver="PNG", **shape) as target:
        target.write(np.ones((1, 4, 4), np.uint8))
    with gdal.raster(tmp_path / "a.png", gdal.TILES) as source:
        assert source.driver == "PNG"
    with pytest.raises(rasterio.errors.RasterioIOError), gdal.raster(tmp_path / "a.png", gdal.TERRAIN):
        pass


def test_that_the_library_of_positions_asks_no_network():
    code = "import pyproj.network, lhasaplan.core.base.crs; print(pyproj.network.is_network_enabled())"
    variables = {**os.environ, "PROJ_NETWORK": "ON", "PYTHONPATH": str(ROOT)}
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=variables, check=True).stdout
        == "False\n"
    )
