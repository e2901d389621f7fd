"""JSON of audit and check: the keys of docs/json.md, degrees, intervals, null outside the gate."""

import json
import re
from dataclasses import replace

import pytest
from answers_town import bare_camera, box, camera, house, layer, reference_data, town
from assessment_values import assessment_json
from report_factory import LAT, LON, a_check, an_assessment, possible_camera
from sources import ROOT

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera_models import CameraModel, with_models
from lhasaplan.core.project.decisions import Confirmation, Declaration, Suspended
from lhasaplan.core.project.project import Project
from lhasaplan.report.formats.json_data import SCHEMA, plain, write_json
from lhasaplan.report.redaction import public_values

RULES_KEYS = {
    "schema",
    "project",
    "packs",
    "gate",
    "inputs",
    "cameras",
    "parts",
    "not_requested",
    "overlaps",
    "findings",
    "totals",
}


def test_that_the_json_has_every_key_of_the_rules_and_its_schema():
    data = assessment_json(an_assessment())
    assert data.keys() >= RULES_KEYS
    assert data["schema"] == SCHEMA
    assert data["inputs"][0].keys() >= {"path", "sha256", "features", "date"}
    assert data["cameras"][0].keys() >= {"id", "lon", "lat", "area_m2", "unasked_m2", "assumed", "sightings"}
    assert data["findings"][0].keys() >= {
        "id",
        "kind",
        "severity",
        "certainty",
        "pack",
        "article",
        "camera",
        "measured",
        "required",
    }


def test_that_parts_and_overlaps_are_null_outside_the_gate():
    data = assessment_json(an_assessment())
    assert data["parts"] is None
    assert data["overlaps"] is None
    assert data["gate"] == {"open": False, "missing": [{"template": "No mandate was given.", "params": {}}]}


def test_that_a_recorded_view_has_one_density_and_an_assumed_one_an_interval_from_wide_to_narrow():
    recorded, assumed = (camera["sightings"][0] for camera in assessment_json(an_assessment())["cameras"])
    assert (recorded["grade"], recorded["density_px_m"]) == ("due", 80.5)
    assert (assumed["grade"], assumed["density_px_m"]) == (["note", "error"], [30.0, 180.0])
    assert assumed["severity"] == "note"


def test_that_geometry_is_in_longitude_and_latitude():
    line = assessment_json(an_assessment())["cameras"][0]["sightings"][0]["geometry"]
    assert line["type"] == "LineString"
    x, y = Crs("EPSG:32635").to_xy(*zip(*line["coordinates"], strict=True))
    assert list(x) == pytest.approx([385_038.0] * 2, abs=0.02)
    assert list(y) == pytest.approx([6_671_994.0, 6_672_006.0], abs=0.02)
    assert line["coordinates"][0] == pytest.approx([LON, LAT], abs=0.02)


def test_that_a_sighting_tells_its_surfaces_without_a_place():
    surfaces = assessment_json(an_assessment())["cameras"][0]["sightings"][0]["surfaces"]
    assert surfaces[0] == {
        "surface": "frontage",
        "band": "ground_floor",
        "count": 2,
        "length_m": 10.0,
        "density_px_m": 80.5,
        "nearest_m": 38.0,
        "night_share": 0.75,
    }
    assert (surfaces[1]["surface"], surfaces[1]["night_share"]) == ("entrance", None)


def test_that_a_part_carries_required_measured_verdict_and_its_gap():
    part = assessment_json(a_check())["parts"][0]
    assert part["required"] == {"density_px_m": 62.5, "min_views": 1, "min_share": 0.9}
    assert part["measured"] == {"share_served": 0.857, "share_seen": 0.9, "best_px_m": 120.0}
    assert (part["verdict"], part["verdict_after"]) == ("partial", "met")
    assert part["gap"]["type"] == "MultiPolygon"


def test_that_no_number_is_infinite_or_not_a_number():
    assert plain({"a": float("inf"), "b": (float("nan"), 1.23456)}) == {"a": None, "b": [None, 1.235]}


def test_that_the_file_is_what_the_function_returns(tmp_path):
    path = write_json(a_check(), tmp_path / "check.json")
    assert json.loads(path.read_text("utf-8")) == assessment_json(a_check())


def test_that_json_is_not_written_into_a_folder_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_json(a_check(), tmp_path / "out" / "check.json")
    assert not (tmp_path / "out").exists()


def test_that_a_camera_without_anything_to_see_is_still_listed():
    blind = possible_camera()
    data = assessment_json(an_assessment(cameras=(blind,), findings=()))
    assert [camera["id"] for camera in data["cameras"]] == ["node/42"]


def test_that_the_ground_at_night_is_unknown_where_its_range_is_not_recorded():
    data = assessment_json(an_assessment())
    assert {each["id"]: each["night_m2"] for each in data["cameras"]} == {"cam-1": 200.0, "node/42": None}


def test_that_the_json_says_what_a_camera_costs_and_what_is_lost_without_it():
    necessity = assessment_json(an_assessment())["cameras"][0]["necessity"]
    assert necessity.keys() == {"unasked_share", "night_share", "protected_in_view", "lost_without", "milder_camera"}


def test_that_a_part_has_its_evidence_and_what_would_serve_it():
    [part] = assessment_json(a_check())["parts"]
    assert part["views"][1] == {"camera": "plan-1", "planned": True, "share_served": 0.5, "share_seen": 0.7, "best_px_m": 150.0}
    assert part["blockers"][0] == {"by": "way/1", "kind": "building", "points": 2}
    assert part["blockers"][1]["kind"] == "out_of_angle"
    turn, new = part["service"]
    assert (turn["action"], turn["camera"], turn["values"]["turn_deg"], turn["share_after"]) == ("turn", "cam-1", 12.5, 0.95)
    assert turn["protected_after"] == {"home": {"note": 2, "due": 0, "error": 0}}
    assert (new["camera"], new["values"]["building"], new["verified"]) == ("", "way/3", True)
    assert part["tried"] == {"turn": 12, "new": 9}


SHED = Declaration("way/9", "not_dwelling", "A. Clerk", "2026-05-01", "a shed")
WAITING = (
    Suspended(
        "confirmation", "part", "", "other", "2026-06-01", confirmation=Confirmation("part", "safety", "why", "signs", "B", "")
    ),
    Suspended("declaration", "way/9", "not_dwelling", "gone", "2026-06-01", declaration=SHED),
    Suspended("declaration", "way/9", "not_as_named", "gone", "2026-06-01", declaration=replace(SHED, fact="not_as_named")),
)


def test_that_suspended_decisions_name_no_building_and_in_a_coarse_output_nobody_and_no_part():
    exact = assessment_json(an_assessment(suspended=WAITING))["suspended"]
    coarse = assessment_json(public_values(Project(), an_assessment(suspended=WAITING, public_precision_deg=0.01))[1])[
        "suspended"
    ]
    assert [(each["subject"], each["by"], each["reason"]) for each in exact] == [
        ("part", "B", "why"),
        *[(None, "A. Clerk", None)] * 2,
    ]
    assert [(each["subject"], each["by"], each["reason"]) for each in coarse] == [(None, None, None)] * 3
    assert [each["answer"] for each in coarse] == [None, "not_dwelling", "not_as_named"]  # a purpose is in free words
    assert [each["suspended"] for each in coarse] == ["other", "gone", "gone"]


def test_that_outside_the_gate_nothing_says_what_would_serve():
    assert "service" not in json.dumps(assessment_json(an_assessment()))


def test_that_a_coarse_output_has_no_proposal_and_no_sum_by_name():
    sums = {"category": {"bridge": {}}, "area": {"Old town": {}}, "responsible": {"Works": {}}}
    coarse = a_check(public_precision_deg=0.01, totals={"parts_by": sums})
    text = assessment_json(public_values(Project(), coarse)[1])
    assert (text["parts"][0]["service"], text["parts"][0]["views"], text["parts"][0]["tried"]) == (None, None, None)
    assert text["totals"]["parts_by"] == {"category": {"bridge": {}}}


def _documented():
    """Return the fields that docs/json.md says may be null."""
    section = (ROOT / "docs" / "json.md").read_text("utf-8").split("## What may be null")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for row in rows for name in re.findall(r"`([^`]+)`", row)}


def _fields(value, path=""):
    """Give every field of an answer by its path, with its value."""
    if path:
        yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from _fields(inner, f"{path}[]")


def _answers():
    """Return answers of many kinds: inside and outside the gate, coarse, and of a small town."""
    walls = [house(1, -2, 10, 2, 20), house(2, 5, 10, 8, 20)]
    cameras = [camera(), bare_camera("b", x=3.0), bare_camera("c", x=500.0)]
    made = [
        an_assessment(suspended=WAITING),
        a_check(),
        an_assessment(public_precision_deg=0.01),
        an_assessment(cameras=(), findings=()),
    ]
    surveys = layer("surveys", ("survey/1", box(-9, -9, 9, 9), {"surveyed": "2026-05-03"}))
    known = bare_camera("d", y=3.0, extra={"model": "A1"})
    towns = town(*walls, cameras=cameras), town(*walls, cameras=[*cameras, known], surveys=surveys)
    data = reference_data()
    data = replace(data, classes=with_models(data.classes, [CameraModel("Acme", "A1", megapixels=4.0)]))
    return [assessment_json(each) for each in (*made, *(audit(each, data) for each in towns))]


def test_that_no_field_is_null_but_those_that_the_page_names():
    fields = [pair for data in _answers() for pair in _fields(data)]
    nulls = {path for path, value in fields if value is None}
    assert nulls - _documented() == set()
    assert {"findings[].cure", "findings[].camera", "cameras[].removable"} <= nulls


def test_that_the_page_names_no_field_that_is_not_there():
    known = {path for data in _answers() for path, _ in _fields(data)}
    assert {path for path in _documented() if path not in known} == set()
