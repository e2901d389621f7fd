"""A project file carries its symbols for QGIS; edits do not write them, and what a person made there stays."""

import io
import json
import sqlite3
import zipfile
from contextlib import closing
from dataclasses import replace
from xml.etree.ElementTree import fromstring

import pytest
from project_values import same_project, small_town

from lhasaplan.bootstrap import open_services

FRENCH = {"Caméras", "Bâtiments", "Rues et voies"}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "town.gpkg"


@pytest.fixture
def store(path):
    made = open_services(lambda: "fr").stores.open(path)
    made.save(small_town())
    return made


def asked(path, question, *values):
    with closing(sqlite3.connect(path)) as file:
        return file.execute(question, values).fetchall()


def changed(path, statement, *values):
    with closing(sqlite3.connect(path)) as file, file:
        file.execute(statement, values)


def stored_project(path):
    [(content,)] = asked(path, "SELECT content FROM qgis_projects WHERE name = 'lhasaplan'")
    with zipfile.ZipFile(io.BytesIO(bytes.fromhex(content))) as archive:
        return archive.read("project.qgs").decode()


def layers_of(path):
    return [each.text for each in fromstring(stored_project(path)).iterfind("projectlayers/maplayer/layername")]


def test_that_a_new_file_has_a_default_style_for_each_table_with_a_place_and_a_project_of_them(store, path):
    styled = {name for name, is_default in asked(path, "SELECT f_table_name, useAsDefault FROM layer_styles") if is_default}
    assert styled == {name for (name,) in asked(path, "SELECT table_name FROM gpkg_geometry_columns")}
    assert set(layers_of(path)) >= FRENCH
    assert all(f"./{path.name}|" in (each.text or "") for each in fromstring(stored_project(path)).iter("datasource"))


def test_that_the_same_project_gives_the_same_bytes(store, path, tmp_path):
    (tmp_path / "beside").mkdir()
    other = tmp_path / "beside" / path.name
    open_services(lambda: "fr").stores.open(other).save(small_town())
    assert other.read_bytes() == path.read_bytes()


def test_that_an_edit_of_rows_writes_no_style(store, path, monkeypatch):
    before = asked(path, "SELECT * FROM layer_styles"), asked(path, "SELECT * FROM qgis_projects")
    project = store.load()
    moved = replace(project, cameras=(replace(project.cameras[0], azimuth_deg=12.0), *project.cameras[1:]))
    monkeypatch.setattr("lhasaplan.qgis.dressing._write_styles", lambda *_: pytest.fail("styles were written"))
    store.save(moved)
    assert same_project(store.load(), moved)
    assert before == (asked(path, "SELECT * FROM layer_styles"), asked(path, "SELECT * FROM qgis_projects"))


def test_that_a_layer_that_comes_or_goes_is_one_of_the_project_and_not_of_it(store, path):
    project = store.load()
    store.save(replace(project, layers={name: layer for name, layer in project.layers.items() if name != "roads"}))
    assert "Rues et voies" not in layers_of(path)
    assert asked(path, "SELECT count(*) FROM layer_styles WHERE f_table_name = 'roads'") == [(0,)]
    store.save(project)
    assert "Rues et voies" in layers_of(path)


def test_that_a_file_of_before_is_dressed_by_the_next_saving(store, path):
    changed(path, "DROP TABLE qgis_projects")
    changed(path, "DROP TABLE layer_styles")
    changed(path, "DELETE FROM gpkg_contents WHERE table_name = 'layer_styles'")
    again = open_services(lambda: "de").stores.open(path)
    again.save(replace(again.load(), name="again"))
    assert "Kameras" in layers_of(path)


def test_that_names_are_in_the_language_of_the_moment_in_which_they_are_written(path):
    language = ["fr"]
    store = open_services(lambda: language[0]).stores.open(path)
    store.save(small_town())
    language[0] = "de"
    store.save(replace(small_town(), layers={}))
    assert "Kameras" in layers_of(path)
    assert "Caméras" not in layers_of(path)


def test_that_a_persons_default_style_stays_the_default(store, path):
    columns = "f_table_schema, f_table_name, styleName, styleQML, useAsDefault, owner"
    theirs = f"INSERT INTO layer_styles ({columns}) VALUES ('', ?, ?, ?, 1, '')"
    changed(path, "UPDATE layer_styles SET useAsDefault = 0 WHERE f_table_name = 'cameras'")
    changed(path, theirs, "cameras", "mine", "<qgis/>")
    project = store.load()
    store.save(replace(project, layers={}))
    found = dict(asked(path, "SELECT styleName, useAsDefault FROM layer_styles WHERE f_table_name = 'cameras'"))
    assert found == {"mine": 1, "lhasaplan": 0}


def test_that_a_project_which_a_person_saved_in_its_place_stays(store, path):
    said = json.dumps({"last_modified_time": "2026-03-02T10:00:00", "last_modified_user": "anna"})  # as QGIS writes it
    changed(path, "UPDATE qgis_projects SET metadata = ?, content = '00'", said)
    store.save(replace(store.load(), layers={}))
    assert asked(path, "SELECT content FROM qgis_projects") == [("00",)]


def test_that_nothing_is_wrong_with_a_dressed_file_and_a_rescue_loses_nothing(store):
    assert store.examine() == ()
    assert store.rescue().lost == ()


def test_that_styles_hold_no_name_or_id_of_what_the_project_holds(store, path):
    project = store.load()
    reported = json.dumps(asked(path, "SELECT * FROM layer_styles"), ensure_ascii=False) + stored_project(path)
    features = [str(one) for layer in project.layers.values() for one in layer.ids]
    names = [*(camera.camera_id for camera in project.cameras), *features]
    assert names
    assert [name for name in names if name in reported] == []
