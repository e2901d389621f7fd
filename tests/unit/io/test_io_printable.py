"""Signs that no page can print are taken out when a file is read, wherever they stand."""

import json

import pytest

from lhasaplan.core.base.spelling import printable
from lhasaplan.io.importing.importer import read_file
from lhasaplan.io.parse.toml_file import read_toml

HELD = "\x00\x07\x0b\x1f\x7f\x85\u202e\u2069\ud800\uffff"


@pytest.mark.parametrize("sign", HELD)
def test_that_a_sign_that_no_page_can_print_is_taken_out(sign):
    assert printable(f"no{sign}rth") == "north"


@pytest.mark.parametrize("text", ["a\tb", "two\nlines", "住宅 é — ß", "\u200b", "zwj \u200d", "\U0001f3e0"])
def test_that_other_text_stays(text):
    assert printable(text) == text


def test_that_a_camera_s_id_name_and_purpose_can_be_printed(tmp_path):
    path = tmp_path / "cameras.csv"
    path.write_text("camera_id,name,lon,lat,purpose,colour\nA\x0b1,Gate \x07north,24.945,60.17,tra\x01ffic,re\x02d\n", "utf-8")
    (camera,) = read_file(path, "cameras", project_crs="EPSG:32635").cameras
    assert (camera.camera_id, camera.name, camera.purpose) == ("A1", "Gate north", "traffic")
    assert dict(camera.extra)["colour"] == "red"


def test_that_the_tags_of_a_layer_can_be_printed(tmp_path):
    square = [[24.94, 60.17], [24.941, 60.17], [24.941, 60.171], [24.94, 60.17]]
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [square]},
        "properties": {"building": "hou\x0bse", "name": "\u202eelgae"},
    }
    path = tmp_path / "houses.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    (layer,) = [each for each in read_file(path, project_crs="EPSG:32635").layers if each.name == "buildings"]
    assert (layer.tags[0]["building"], layer.tags[0].get("name", "elgae")) == ("house", "elgae")


def test_that_an_escaped_sign_in_a_mandate_is_taken_out(tmp_path):
    path = tmp_path / "mandate.toml"
    path.write_text('controller = "City\\u0007 council"\npurposes = ["flow\\u000b of traffic"]\n', "utf-8")
    assert read_toml(path)[0] == {"controller": "City council", "purposes": ["flow of traffic"]}
