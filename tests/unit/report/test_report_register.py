"""The register: what cities publish of each camera; numbers as in the answers, nothing invented, coarse where asked."""

import csv
import json
from dataclasses import replace

import pytest
from assessment_values import assessment_json
from report_factory import a_check, a_project, an_assessment, certain_camera, planned_camera

from lhasaplan.core.base.translations import DataState, Translations
from lhasaplan.core.model.camera import Status
from lhasaplan.report.formats.register import register_entries, write_register
from lhasaplan.report.redaction import public_values


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entry(result, project=None, **changes):
    project = project or a_project()
    return next(iter(register_entries(project, an_assessment(cameras=(result,), **changes))))


def test_that_csv_and_json_hold_the_same_entries(tmp_path):
    table, values = write_register(a_project(), a_check(), tmp_path, Translations())
    entries = json.loads(values.read_text("utf-8"))["entries"]
    rows = rows_of(table)
    assert [row["id"] for row in rows] == [one["id"] for one in entries] == ["cam-1", "node/42", "plan-1"]
    assert [list(row) for row in rows] == [list(one) for one in entries]
    assert [row["homes_in_view"] for row in rows] == [str(one["homes_in_view"]) for one in entries] == ["2", "3", "0"]


def test_that_ground_and_places_in_view_are_those_of_the_answers():
    data = {camera["id"]: camera for camera in assessment_json(a_check())["cameras"]}
    for one in register_entries(a_project(), a_check()):
        assert one["ground_in_view_m2"] == round(data[one["id"]]["area_m2"])
        for cls, key in (("home", "homes_in_view"), ("protected", "protected_in_view")):
            assert one[key] == sum(s["places"] for s in data[one["id"]]["sightings"] if s["class"] == cls)


def test_that_a_recorded_camera_has_a_sector_and_a_class():
    # It looks to 90 degrees through 68 degrees: 56 to 124; its finest band starts at 62.5 px/m.
    one = entry(certain_camera())
    assert (one["sector_deg"], one["class_px_m"], one["views"]) == ([56.0, 124.0], 62.5, "certain")


def test_that_a_sector_over_north_turns_over_360():
    result = certain_camera()
    camera = replace(result.placed.camera, azimuth_deg=10.0)
    assert entry(replace(result, placed=replace(result.placed, camera=camera)))["sector_deg"] == [336.0, 44.0]


def test_that_what_is_not_recorded_is_empty_and_named():
    one = next(e for e in register_entries(a_project(), an_assessment()) if e["id"] == "node/42")
    assert one["sector_deg"] is None
    assert one["class_px_m"] is None
    assert one["masks"] == "none known"
    assert one["not_recorded"] == ["azimuth_deg", "mask"]
    assert one["end_date"] == one["legal_basis"] == one["operator"] == ""


def test_that_the_mandate_speaks_for_planned_cameras_alone():
    assert entry(planned_camera())["legal_basis"] == "Act 1"
    assert entry(planned_camera())["complaints"] == "desk 4"
    assert entry(certain_camera())["legal_basis"] == ""


def test_that_a_column_of_the_city_is_published_only_under_a_known_name():
    result = certain_camera()
    camera = replace(result.placed.camera, extra={"review_date": "2027-01-01", "installer_phone": "0123"})
    one = entry(replace(result, placed=replace(result.placed, camera=camera)))
    assert one["review_date"] == "2027-01-01"
    assert "0123" not in map(str, one.values())


def test_that_a_removed_camera_stays_in_the_register_without_a_view():
    gone = replace(certain_camera().placed.camera, camera_id="old-1", status=Status.REMOVED)
    project = replace(a_project(), cameras=(gone,))
    one = list(register_entries(project, an_assessment()))[-1]
    assert (one["id"], one["status"], one["lon"], one["homes_in_view"]) == ("old-1", "removed", None, None)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-cmd", "@SUM(A1)"])
def test_that_a_spreadsheet_runs_no_text_of_the_register(tmp_path, text):
    result = certain_camera()
    camera = replace(result.placed.camera, name=text)
    one = an_assessment(cameras=(replace(result, placed=replace(result.placed, camera=camera)),))
    table, _ = write_register(a_project(), one, tmp_path, Translations())
    assert rows_of(table)[0]["name"] == "'" + text


def test_that_a_coarse_register_tells_neither_place_nor_sector_nor_owner(tmp_path):
    files = write_register(*public_values(a_project(), an_assessment(public_precision_deg=0.01)), tmp_path, Translations())
    for path in files:
        text = path.read_text("utf-8")
        assert not any(secret in text for secret in ("24.928", "60.171", "node/42", "cam-1", "Works Department", "56.0"))
    rows = rows_of(files[0])
    assert {(row["lon"], row["lat"], row["sector_deg"], row["operator"]) for row in rows} == {
        ("24.93", "60.17", "withheld", "withheld")
    }
    assert sorted(row["homes_in_view"] for row in rows) == ["2", "3"]
    assert {row["masks"] for row in rows} == {"withheld"}  # none of them is told, so none is said to be missing


def test_that_made_up_data_say_so_in_every_entry(tmp_path):
    table, values = write_register(a_project(), a_check(synthetic=True), tmp_path, Translations())
    assert {row["synthetic"] for row in rows_of(table)} == {"true"}
    assert json.loads(values.read_text("utf-8"))["synthetic"] is True


def test_that_every_row_says_what_stands_at_the_head_of_other_outputs(tmp_path):
    changed = DataState(("data/audit.toml", "layers/specs/trees.toml"), own_build=True)
    table, _ = write_register(a_project(), a_check(synthetic=True, data=changed), tmp_path, Translations())
    rows = rows_of(table)
    assert len(rows) == 3
    for row in rows:
        assert row["remark"].startswith("FICTITIOUS")
        assert "Own build" in row["remark"]
        assert "data/audit.toml, layers/specs/trees.toml" in row["remark"]


def test_that_a_register_of_shipped_data_has_no_remark(tmp_path):
    table, _ = write_register(a_project(), a_check(), tmp_path, Translations())
    assert {row["remark"] for row in rows_of(table)} == {""}
    assert table.read_text("utf-8").startswith("id,")  # no line before the names of the columns
