"""The HTML map: one file, no address, a content policy, text that stays text, layers to switch."""

import base64
import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import shapely
from map_areas import layers_of, unpacked
from report_factory import EVIL, X, Y, a_check, a_project, an_assessment, certain_camera
from shapely.geometry import LineString

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.model.camera import Mount
from lhasaplan.core.model.layer import InputRecord, Layer
from lhasaplan.core.results.finding import Severity
from lhasaplan.report.formats.html import PackedTexts, packed, page, policy, script_json, shape_texts, write_html
from lhasaplan.report.maps.map_layers import map_layers


@pytest.fixture(scope="module")
def text():
    return page(a_project(), a_check(synthetic=True), Translations())


def test_that_the_page_names_no_address_but_the_name_space_of_svg(text):
    addresses = set(re.findall(r"(?:https?:)?//[a-zA-Z][\w.-]*\.[a-z]{2,}[^\s\"'<)]*", text))
    assert addresses == {"http://www.w3.org/2000/svg"}


def test_that_the_policy_comes_first_and_forbids_the_network(text):
    head = text[text.index("<head>") :]
    assert head.index("Content-Security-Policy") < head.index("<style>")
    assert policy() in head
    assert "connect-src" not in policy()
    assert policy().startswith("default-src 'none'")


def test_that_no_script_runs_but_the_two_constant_ones_that_the_policy_names(text):
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    [allowed] = re.findall(r"script-src ([^;]*);", policy())
    assert allowed.split() == [f"'sha256-{digest}'" for digest in digests]
    assert len(scripts) == 2
    assert "unsafe-eval" not in policy()
    other = page(a_project(), an_assessment(project=EVIL), Translations())
    assert re.findall(r"<script>(.*?)</script>", other, flags=re.DOTALL) == scripts


def data_of(text):
    return json.loads(re.search(r'<script id="data" type="application/json">(.*?)</script>', text, flags=re.DOTALL)[1])


def test_that_nothing_is_loaded_from_a_file(text):
    assert not re.search(r"<script[^>]+src=|<link[^>]+href=|url\((?!data:|#|\"?data:)", text)


def test_that_text_of_the_data_is_data_and_comes_back_whole(text):
    assert EVIL not in text
    *_, cameras = layers_of(text).values()
    lines = cameras[0]["properties"]["text"].split("\n")
    assert (lines[0], lines[-1]) == (f"1 · {EVIL}", "cam-1")


def test_that_no_value_can_end_the_element_that_holds_the_data():
    values = [EVIL, "<!--", "]]>", "{{7*7}}", "\u2028", '"\\']
    assert not set(script_json(values)) & set("<>&")
    assert json.loads(script_json(values)) == values


def test_that_a_licence_cannot_end_the_script():
    evil = (InputRecord("a.csv", "0", 1, "", "</script><script>alert(1)</script>"),)
    assert "<script>alert(1)" not in page(a_project(), an_assessment(inputs=evil), Translations())


def test_that_layers_can_be_switched_and_certain_stands_apart_from_possible(text):
    names = [layer["name"] for layer in data_of(text)["layers"]]
    assert names == [
        "Streets",
        "Buildings",
        "Can see: possible (any lens within the limits)",
        "Can see: certain",
        "Can see at night, by infrared",
        "Overlaps",
        "Gaps today",
        "Confirmed parts",
        "frontage in view: homes",
        "frontage in view: other protected places",
        "Findings, certain",
        "Cameras",
    ]


def test_that_the_banner_and_the_date_of_the_data_are_shown(text):
    assert 'id="banner">FICTITIOUS / SYNTHETIC DATA<' in text
    assert "2024-05-01" in text


def test_that_an_audit_outside_the_gate_has_no_planning_layer():
    names = {layer["name"] for layer in data_of(page(a_project(), an_assessment(), Translations()))["layers"]}
    assert "Cameras" in names
    assert not {"Gaps", "Confirmed parts", "Overlaps"} & names


def test_that_buildings_carry_no_kind_and_no_identifier(text):
    assert "apartments" not in text
    assert "church" not in text
    assert "way/1" not in text


def test_that_the_same_assessment_gives_the_same_page():
    assert page(a_project(), a_check(), Translations()) == page(a_project(), a_check(), Translations())


def test_that_a_map_without_anything_is_still_a_page(tmp_path):
    *_, path = write_html(a_project(), an_assessment(cameras=(), findings=()), tmp_path, Translations())
    assert path.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_that_inner_walls_are_drawn_in_the_view_of_an_indoor_camera_alone():
    lines = [LineString([(X + 20, Y - 5), (X + 20, Y + 5)]), LineString([(X + 500, Y), (X + 510, Y)])]
    walls = Layer("floor_walls", np.array(["way/1", "way/2"], object), np.array(lines, object), ({}, {}))
    project = replace(a_project(), layers={**a_project().layers, "floor_walls": walls})
    outdoors = an_assessment(cameras=(certain_camera(),))
    indoors = replace(outdoors, cameras=(replace(c := certain_camera(), placed=replace(c.placed, mount=Mount.INDOOR)),))
    drawn = [{each.key: each for each in map_layers(project, one, Translations())} for one in (outdoors, indoors)]
    assert "floor_walls" not in drawn[0]
    (only,) = drawn[1]["floor_walls"].features
    assert shapely.get_num_geometries(only.shape) == 1


def test_that_the_heads_of_its_tables_say_what_they_head_and_none_is_empty(text):
    heads = re.findall(r"<th(?: [^>]*)?>[^<]*", text[text.index('<div id="panel">') :])
    assert heads
    assert all(re.fullmatch(r'<th scope="col">.+', head) for head in heads)


def groups_of(text):
    """Return title and count of findings of each group beside the map."""
    groups = re.findall(r"<details(?: open)?><summary[^>]*>(.*?)</summary><ul>(.*?)</ul></details>", text)
    return [(title, items.count("<li>")) for title, items in groups]


def test_that_findings_stand_by_camera_with_their_count_and_the_gravest_first():
    due = an_assessment().findings[0]
    later = [replace(due, finding_id=f"n{n}", severity=Severity.NOTE, camera_id="node/42") for n in range(3)]
    found = (*later, replace(due, finding_id="d1", severity=Severity.DUE, camera_id="cam-1"), replace(later[0], camera_id=""))
    text = page(a_project(), an_assessment(findings=found), Translations())
    groups = groups_of(text)
    assert [count for _, count in groups] == [1, 3, 1]
    assert groups[0][0].endswith(": due, findings: 1")
    assert groups[1][0].endswith(": note, findings: 3")
    assert groups[2][0] == "Of no single camera: note, findings: 1"


def test_that_a_group_counts_the_findings_that_the_list_leaves_to_the_workbook():
    note = replace(an_assessment().findings[0], severity=Severity.NOTE, camera_id="cam-1")
    found = tuple(replace(note, finding_id=f"n{n:04}") for n in range(450))
    text = page(a_project(), an_assessment(findings=found), Translations())
    ((title, listed),) = groups_of(text)
    assert listed == 400
    assert title.endswith("findings: 450")
    assert "The workbook lists 50 more." in text


def read_back(shapes, digits):
    at, scale = [0, 0], 10.0**digits
    return [unpacked(text, at, scale) for text in shape_texts(shapes, digits)]


def test_that_rows_of_rectangles_and_of_lines_need_one_sign_and_are_read_back_as_they_are():
    squares = shapely.multipolygons([shapely.box(x, 0.0, x + 2.0, 1.0) for x in (0.0, 5.0, 9.0)])
    bent = shapely.Polygon([(0, 0), (4, 0), (3, 1), (0, 1)])
    lines = shapely.MultiLineString([[(0, 0), (1, 0)], [(3, 3), (4, 5)], [(7, 7), (8, 8), (9, 7)]])
    ring = shapely.box(0.0, 0.0, 9.0, 9.0).difference(shapely.box(2.0, 2.0, 3.0, 3.0))
    shapes = [squares, bent, lines, ring]
    texts = shape_texts(shapes, 0)
    assert [re.findall(r"[.~:+=!]", text) for text in texts] == [["="], ["+"], [":", "~"], ["+", "!"]]
    assert all(one.equals(other) for one, other in zip(shapes, read_back(shapes, 0), strict=True))


def test_that_steps_of_a_third_of_a_metre_move_no_point_farther_than_half_a_step():
    (line,) = read_back([shapely.LineString([(24.123_456_7, 60.765_432_1), (24.2, 60.9)])], 5.5)
    off = shapely.get_coordinates(line) - np.array([(24.123_456_7, 60.765_432_1), (24.2, 60.9)])
    assert np.abs(off).max() <= 0.5 * 10**-5.5 + 1e-12


def test_that_shapes_of_one_look_without_words_share_a_row_and_stay_shapes_of_their_own():
    look, other, texts = {"color": "#000"}, {"color": "#fff"}, PackedTexts()
    features = [(shapely.box(n, n, n + 1, n + 2), "", look) for n in range(3)]
    found = packed(
        [*features, (shapely.Point(0, 0), "1 of 2\nhome 3", other), (shapely.Point(1, 1), "4 of 5\nhome 6", other)], 0, texts
    )
    assert [row[:2] for row in found["features"]] == [[0, []], [1, [0, "1|2|3"]], [1, [0, "4|5|6"]]]
    assert len(found["features"][0][2].split(" ")) == 3
    assert texts.values() == {"lines": ["\ue002 of \ue002", "home \ue002"], "texts": [[0, 1]]}
