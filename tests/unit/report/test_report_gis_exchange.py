"""The layers as FlatGeobuf, GeoJSON and KML: the rows and shapes of the GeoPackage, a layer a file."""

import json

import pyogrio
import pytest
import shapely
from report_factory import a_check, a_project, an_assessment

from lhasaplan.core.base.translations import Translations
from lhasaplan.report import write_fgb, write_geojson, write_gpkg, write_kml
from lhasaplan.report.formats.gis import GisLayer
from lhasaplan.report.formats.gis_exchange import GEOJSON, KML, _write_layer

WRITERS = {"fgb": write_fgb, "geojson": write_geojson, "kml": write_kml}


@pytest.fixture
def written(tmp_path):
    def write(ending, assessment):
        files = WRITERS[ending](a_project(), assessment, tmp_path, Translations())
        return {path.name.removeprefix("audit-").removesuffix(f".{ending}"): path for path in files}

    return write


@pytest.mark.parametrize("ending", WRITERS)
def test_that_each_layer_of_the_package_is_a_file_with_the_same_rows(ending, written, tmp_path):
    [package] = write_gpkg(a_project(), a_check(), tmp_path, Translations())
    ground = {"layer_styles", "roads"}  # the package alone has what lies beneath
    names = [name for name, _ in pyogrio.list_layers(package) if name not in ground]
    files = written(ending, a_check())
    assert set(files) == set(names)
    for name in names:
        assert len(pyogrio.read_dataframe(files[name])) == len(pyogrio.read_dataframe(package, layer=name)), name


@pytest.mark.parametrize("ending", ["geojson", "kml"])
def test_that_shapes_are_in_longitude_and_latitude(ending, written, tmp_path):
    [package] = write_gpkg(a_project(), a_check(), tmp_path, Translations())
    theirs = pyogrio.read_dataframe(package, layer="fields").to_crs("EPSG:4326").geometry.union_all()
    ours = pyogrio.read_dataframe(written(ending, a_check())["fields"])
    assert ours.crs.to_epsg() == 4326
    assert shapely.hausdorff_distance(shapely.force_2d(ours.geometry.union_all()), theirs) < 1e-6  # 0.1 m


def test_that_flatgeobuf_keeps_the_system_of_the_project(written):
    assert pyogrio.read_dataframe(written("fgb", a_check())["fields"]).crs.to_epsg() == 32635


@pytest.mark.parametrize("ending", ["geojson", "kml"])
def test_that_a_shape_whose_rings_cross_is_written_with_the_ground_that_it_takes(ending, tmp_path):
    crossing = shapely.MultiPolygon([shapely.Polygon([(0, 0), (20, 20), (20, 0), (0, 20)]), shapely.box(40, 0, 50, 10)])
    layer = GisLayer("fields", ("camera_id",), [{"camera_id": "c1"}], [crossing], "MultiPolygon")
    kind = {"geojson": GEOJSON, "kml": KML}[ending]
    _write_layer(layer, tmp_path / f"x.{ending}", "EPSG:32635", kind, "")
    written = pyogrio.read_dataframe(tmp_path / f"x.{ending}").to_crs("EPSG:32635").geometry
    assert written.is_valid.all()
    assert written.area.sum() == pytest.approx(200.0 + 100.0, abs=1.0)  # two triangles of 100 m2 and the square of 100 m2


def test_that_stored_values_and_the_name_in_a_viewer_are_there(written):
    kml = pyogrio.read_dataframe(written("kml", an_assessment())["fields"])
    assert set(kml.Name) == set(kml.camera_id) == {"cam-1", "node/42"}
    assert set(kml.certainty) == {"certain", "possible"}


@pytest.mark.parametrize("ending", WRITERS)
def test_that_every_file_says_that_data_are_made_up(ending, written):
    for path in written(ending, a_check(synthetic=True)).values():
        text = path.read_bytes().decode("utf-8", "ignore").replace("\\/", "/")  # a slash as JSON may write it
        assert "FICTITIOUS / SYNTHETIC DATA" in text, path.name


@pytest.mark.parametrize("ending", WRITERS)
def test_that_the_same_answers_give_the_same_bytes(ending, written):
    before = {name: path.read_bytes() for name, path in written(ending, a_check()).items()}
    assert before == {name: path.read_bytes() for name, path in written(ending, a_check()).items()}


def test_that_geojson_is_plain_geojson(written):
    reported = json.loads(written("geojson", a_check())["cameras"].read_text("utf-8"))
    assert reported["type"] == "FeatureCollection"
    assert "crs" not in reported  # RFC 7946: there is one system and no other
