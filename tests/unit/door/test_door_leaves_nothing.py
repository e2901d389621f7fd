"""Nothing is written beside a source, and what other programs left there is not believed."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import rasterio
import shapely
from rasterio.transform import from_origin

from lhasaplan import io
from lhasaplan.io.parse.file_check import alone

GML = """<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml">
<gml:featureMember><ogr:places fid="places.1"><ogr:amenity>school</ogr:amenity><ogr:geom><gml:Point srsName="EPSG:4326">
<gml:coordinates>2.35,48.85</gml:coordinates></gml:Point></ogr:geom></ogr:places></gml:featureMember>
<gml:featureMember><ogr:trees fid="trees.1"><ogr:height>9</ogr:height><ogr:geom><gml:Point srsName="EPSG:4326">
<gml:coordinates>2.36,48.85</gml:coordinates></gml:Point></ogr:geom></ogr:trees></gml:featureMember></ogr:FeatureCollection>"""
# As a stranger's program may leave it: no amenity, and no trees at all.
GFS = """<GMLFeatureClassList><GMLFeatureClass><Name>places</Name><ElementPath>places</ElementPath><GeometryType>1</GeometryType>
<SRSName>EPSG:4326</SRSName></GMLFeatureClass></GMLFeatureClassList>"""
XSD = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:ogr="http://ogr.maptools.org/" targetNamespace="http://ogr.maptools.org/"
 xmlns:gml="http://www.opengis.net/gml" elementFormDefault="qualified">
<xs:element name="places" type="ogr:places_Type" substitutionGroup="gml:_Feature"/>
<xs:complexType name="places_Type"><xs:complexContent><xs:extension base="gml:AbstractFeatureType"><xs:sequence>
<xs:element name="geom" type="gml:PointPropertyType"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType></xs:schema>"""


def counts(path, **how):
    return {layer.name: len(layer) for layer in io.read_file(path, **how).layers if len(layer)}


def test_that_nothing_is_left_beside_a_gml(tmp_path):
    (tmp_path / "city.gml").write_text(GML)
    assert counts(tmp_path / "city.gml") == {"places": 1, "trees": 1}
    io.layers_in(tmp_path / "city.gml")
    assert [each.name for each in tmp_path.iterdir()] == ["city.gml"]


@pytest.mark.parametrize(("ending", "text"), [(".gfs", GFS), (".xsd", XSD)])
def test_that_what_a_program_guessed_of_a_gml_is_not_believed(tmp_path, ending, text):
    (tmp_path / "city.gml").write_text(GML)
    (tmp_path / f"city{ending}").write_text(text)
    assert counts(tmp_path / "city.gml") == {"places": 1, "trees": 1}
    with zipfile.ZipFile(tmp_path / "city.zip", "w") as archive:
        archive.write(tmp_path / "city.gml", "city.gml")
        archive.write(tmp_path / f"city{ending}", f"city{ending}")
    assert counts(tmp_path / "city.zip") == {"places": 1, "trees": 1}
    assert (tmp_path / f"city{ending}").read_text() == text


def test_that_the_parts_of_a_shapefile_are_read_and_an_index_of_others_is_not(tmp_path):
    shapes = shapely.to_wkb([shapely.box(2.35, 48.85, 2.3502, 48.8502), shapely.box(2.36, 48.85, 2.3602, 48.8502)])
    names = np.array(["a", "b"], object)
    pyogrio.raw.write(tmp_path / "HOUSES.shp", shapes, [names], ["name"], geometry_type="Polygon", crs="EPSG:4326")
    (tmp_path / "HOUSES.dbf").rename(tmp_path / "HOUSES.DBF")
    (tmp_path / "HOUSES.qix").write_bytes(b"SQT\x01\x01\0\0\0" + bytes(8))
    before = sorted(each.name for each in tmp_path.iterdir())
    found = io.read_file(tmp_path / "HOUSES.shp", kind="buildings").layers[0]
    assert [tags["name"] for tags in found.tags] == ["a", "b"]
    assert sorted(each.name for each in tmp_path.iterdir()) == before


def test_that_statistics_and_overviews_beside_a_raster_are_not_believed(tmp_path):
    """A file of another program beside it says that these heights count from 1000 m, and in feet."""
    shape = {"width": 8, "height": 8, "count": 1, "dtype": "float32", "transform": from_origin(652000, 6862000, 2, 2)}
    with rasterio.open(tmp_path / "hill.tif", "w", driver="GTiff", crs="EPSG:2154", **shape) as target:
        target.write(np.full((1, 8, 8), 30.0, np.float32))
    text = '<PAMDataset><PAMRasterBand band="1"><Offset>1000</Offset><Scale>1</Scale><UnitType>ft</UnitType></PAMRasterBand></PAMDataset>'
    (tmp_path / "hill.tif.aux.xml").write_text(text)
    assert any("30 to 30 m" in str(remark) for remark in io.read_file(tmp_path / "hill.tif").remarks)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["hill.tif", "hill.tif.aux.xml"]


def test_that_a_file_stands_alone_with_the_parts_of_its_format(tmp_path):
    for name in ("a.shp", "a.SHX", "a.dbf", "a.prj", "a.qix", "a.shp.xml", "b.dbf", "a.aux.xml"):
        (tmp_path / name).write_text(name)
    with alone(tmp_path / "a.shp") as path:
        assert sorted(each.name for each in path.parent.iterdir() if each.suffix) == ["a.SHX", "a.dbf", "a.prj", "a.shp"]
        assert (path.parent / "a.dbf").read_text() == "a.dbf"
    assert not path.parent.exists()


def test_that_a_link_to_a_file_is_read_by_the_name_of_the_link(tmp_path):
    (tmp_path / "kept").mkdir()
    content = {
        "type": "Feature",
        "properties": {"building": "house"},
        "geometry": shapely.box(2.35, 48.85, 2.3502, 48.8502).__geo_interface__,
    }
    (tmp_path / "kept" / "0001").write_text(json.dumps(content))
    Path(tmp_path / "houses.geojson").symlink_to(tmp_path / "kept" / "0001")
    assert counts(tmp_path / "houses.geojson") == {"buildings": 1}
