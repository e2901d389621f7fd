"""Columns of national and global schemas say what is protected, and a column that nobody reads is told with examples."""

import tomllib

import numpy as np
import pyogrio
import pytest
import shapely
from sources import ROOT

from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.errors import InputError
from lhasaplan.io.content.protected_kinds import SCHEMAS, load_protected_kinds, read_schemas
from lhasaplan.io.importing.importer import read_file

KINDS = load_protected_kinds()
INDEX = KINDS.index()
SQUARE = shapely.box(24.94, 60.17, 24.941, 60.171)


def written(path, **tags):
    columns = [np.array([value], object) for value in tags.values()]
    shapes = np.array([shapely.to_wkb(SQUARE)], object)
    pyogrio.raw.write(path, shapes, columns, list(tags), geometry_type="Polygon", crs="EPSG:4326")
    return path


@pytest.mark.parametrize(
    ("heading", "value", "kind"),
    [
        ("NATURE", "Culte musulman", "worship"),
        ("NATURE", "Établissement hospitalier", "health"),
        ("categories.primary", "hindu_temple", "worship"),
        ("categories", '{"primary": "elementary_school", "alternate": ["park"]}', "school"),
        ("subtype", "religious", "worship"),
        ("tags.amenity", "hospital", "health"),
        ("Kategorie", "Evangelische Kirche", "worship"),
        ("usage", "Grundschule", "school"),
        ("nb_logements", "3", "dwelling"),
        ("gebruiksdoel", "winkelfunctie,onderwijsfunctie", "school"),
        ("gebruiksdoel", "woonfunctie", "dwelling"),
        ("FUNOGOLNABUD", "budynki szpitali i zakładów opieki medycznej", "health"),
        ("PKOB", "1272", "worship"),
        ("currentUse", "1_residential", "dwelling"),
        ("uso_principal", "Religioso", "worship"),
        ("cat_catastale", "B/5", "school"),
        ("gfk", "31001_3046", "worship"),
        ("classification_code", "CE03PS", "school"),
        ("OCC_CLS", "Residential", "dwelling"),
        ("typecode", "110205", "worship"),
        ("用途", "清真大寺", "worship"),
    ],
)
def test_that_a_column_of_a_schema_shows_the_kind(heading, value, kind):
    assert kind in INDEX.names({heading: value, "building": "retail"})


@pytest.mark.parametrize(
    ("heading", "value"),
    [("nb_logements", "0"), ("nb_logements", "0.0"), ("usage", "main"), ("subtype", "residential"), ("NATURE", "Industrie")],
)
def test_that_a_column_of_a_schema_says_nothing_of_what_is_none(heading, value):
    assert INDEX.names({heading: value}) == ()


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_that_a_file_of_buildings_with_such_a_column_is_read_so(tmp_path, suffix):
    found = read_file(written(tmp_path / f"buildings.{suffix}", building="retail", nb_logements="3", NATURE="Religieux"))
    (layer,) = found.layers
    assert {KINDS.by_name()[name].cls for name in INDEX.names(layer.tags[0])} == {ProtectedClass.HOME, ProtectedClass.PROTECTED}


def unread(found):
    return [fault.params for fault in found.remarks if "is not read as a use" in fault.template]


def test_that_a_column_that_nobody_reads_is_told_with_examples(tmp_path):
    found = read_file(written(tmp_path / "buildings.gpkg", building="retail", Merkmal="Kirche", Farbe="rot"))
    assert unread(found) == [{"column": "Merkmal", "count": 1, "examples": "Kirche"}]


def test_that_so_is_one_of_a_table_of_places(tmp_path):
    (tmp_path / "places.csv").write_text("lon,lat,Merkmal\n24.94,60.17,Moschee\n24.95,60.17,Brunnen\n", encoding="utf-8")
    assert unread(read_file(tmp_path / "places.csv", "places")) == [{"column": "Merkmal", "count": 1, "examples": "Moschee"}]


@pytest.mark.parametrize("column", ["NATURE", "name", "operator", "addr_street", "religion", "class"])
def test_that_a_column_that_is_read_or_is_no_use_is_not_told(tmp_path, column):
    assert unread(read_file(written(tmp_path / "buildings.gpkg", building="retail", **{column: "Kirche"}))) == []


def test_that_words_of_streets_and_trees_are_no_use(tmp_path):
    shape = np.array([shapely.to_wkb(shapely.LineString([(24.94, 60.17), (24.95, 60.17)]))], object)
    columns = [np.array(["residential"], object), np.array(["residential"], object)]
    pyogrio.raw.write(
        tmp_path / "roads.gpkg", shape, columns, ["highway", "road_kind"], geometry_type="LineString", crs="EPSG:4326"
    )
    assert unread(read_file(tmp_path / "roads.gpkg")) == []


def test_that_the_table_of_schemas_is_refused_where_a_value_is_gone(tmp_path):
    text = (ROOT / "data" / SCHEMAS).read_text(encoding="utf-8")
    (tmp_path / SCHEMAS).write_text(text.replace('"culte musulman", ', ""), encoding="utf-8")
    with pytest.raises(InputError, match=r"schemas\.toml"):
        read_schemas(tmp_path / SCHEMAS)


def test_that_every_schema_says_where_its_words_are_documented():
    schemas = tomllib.loads((ROOT / "data" / SCHEMAS).read_text(encoding="utf-8"))["schema"]
    assert [each["name"] for each in schemas if len(each["source"]) < 10 or not each["columns"]] == []
    assert {key for each in schemas for key in each} <= {*KINDS.by_name(), "name", "source", "columns", "words"}
