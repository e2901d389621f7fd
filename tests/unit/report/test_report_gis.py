"""The GeoPackage: layers with the right types in the project's coordinate system, and what is only a table."""

from dataclasses import replace

import pyogrio
import pytest
from report_factory import a_check, a_project, an_assessment

from lhasaplan.core.base.translations import Translations
from lhasaplan.report.formats.gis import write_gpkg, written_aside


@pytest.fixture
def package(tmp_path):
    return lambda assessment: write_gpkg(a_project(), assessment, tmp_path, Translations())[0]


def test_that_a_check_has_its_layers_and_an_audit_no_planning_layer(package):
    checked = {name for name, _ in pyogrio.list_layers(package(a_check()))}
    assert checked == {
        *("cameras", "fields", "night", "seen_frontage", "findings", "parts", "gaps", "overlaps"),
        *("service", "assumptions", "summary", "metadata", "layer_styles", "roads"),
    }
    audited = {name for name, _ in pyogrio.list_layers(package(an_assessment()))}
    assert audited == checked - {"parts", "gaps", "overlaps", "service"}


def test_that_every_layer_is_in_the_project_system_and_valid(package):
    path = package(a_check())
    for name, kind in pyogrio.list_layers(path):
        if kind is not None:
            layer = pyogrio.read_dataframe(path, layer=name)
            assert layer.crs.to_epsg() == 32635
            assert layer.geometry.dropna().is_valid.all()


def test_that_streets_lie_beneath_by_name_and_no_building(package):
    path = package(a_check())
    assert list(pyogrio.read_dataframe(path, layer="roads").columns) == ["name", "geometry"]
    assert "buildings" not in {name for name, _ in pyogrio.list_layers(path)}


def test_that_a_package_with_coarse_positions_has_no_ground_beneath(package):
    names = {name for name, _ in pyogrio.list_layers(package(an_assessment(public_precision_deg=0.01)))}
    assert "roads" not in names


def test_that_a_way_that_a_user_drew_is_no_street_of_the_package(tmp_path):
    project = a_project()
    roads = project.layers["roads"]
    drawn = replace(roads, tags=tuple({**tags, "lhasaplan": "drawn"} for tags in roads.tags))
    project = replace(project, layers={**project.layers, "roads": drawn})
    [path] = write_gpkg(project, a_check(), tmp_path, Translations())
    assert "roads" not in {name for name, _ in pyogrio.list_layers(path)}


def test_that_the_ground_at_night_is_a_layer_of_its_own_where_its_range_is_recorded(package):
    night = pyogrio.read_dataframe(package(an_assessment()), layer="night")
    assert night[["camera_id", "certainty", "night_range_m", "area_m2"]].values.tolist() == [["cam-1", "certain", 20.0, 200.0]]
    assert night.geometry.area.tolist() == [200.0]


def test_that_fields_keep_certain_apart_from_possible(package):
    fields = pyogrio.read_dataframe(package(an_assessment()), layer="fields")
    assert set(zip(fields.camera_id, fields.certainty, fields.basis, strict=True)) == {
        ("cam-1", "certain", "recorded"),
        ("node/42", "possible", "possible"),
    }


def test_that_metadata_name_schema_packs_inputs_and_that_data_are_made_up(package):
    table = pyogrio.read_dataframe(package(a_check(synthetic=True)), layer="metadata")
    pairs = set(zip(table.key, table.value, strict=True))
    assert ("schema", "lhasaplan/4") in pairs
    assert ("synthetic", "FICTITIOUS / SYNTHETIC DATA") in pairs
    assert ("pack", "municipal-safety (changed)") in pairs
    assert ("attribution", "© OpenStreetMap contributors, ODbL 1.0, 2024-05-01") in pairs


def test_that_a_synthetic_layer_says_so_in_every_row(package):
    assert pyogrio.read_dataframe(package(a_check(synthetic=True)), layer="cameras").synthetic.all()


def test_that_an_audit_without_cameras_has_a_package(package):
    names = {name for name, _ in pyogrio.list_layers(package(an_assessment(cameras=(), findings=(), assumed_counts={})))}
    assert names == {"summary", "metadata"}


def test_that_two_packages_written_at_once_keep_the_date_of_drafts_and_leave_gdal_as_it_was():
    def options():
        return [pyogrio.get_gdal_config_option(name) for name in ("OGR_CURRENT_DATE", "OGR_SQLITE_SYNCHRONOUS")]

    before, first, second = options(), written_aside(), written_aside()
    with first:
        second.__enter__()
        during = options()
    assert options() == during != before
    second.__exit__(None, None, None)
    assert options() == before
