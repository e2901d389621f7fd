"""Operating cameras against a table of approvals: what was changed, what is gone, what nobody approved."""

import json
from dataclasses import replace

import pytest
from answers_town import article, camera, pack, reference_data, town
from assessment_values import assessment_json

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.model.camera import Kind, Status
from lhasaplan.core.records.approvals import changed_since, latest, match_baseline
from lhasaplan.core.results.finding import Certainty, Severity
from lhasaplan.core.rules.audit_policy import ApprovalSlack
from lhasaplan.report.redaction import public_values

KINDS = ("changed_since_approval", "removed_since_approval", "not_approved")
SLACK = ApprovalSlack()


def approved(name="c1", on="2025-03-01", **values):
    return replace(camera(name, **values), approved_on=on)


def findings(cameras, baseline, rules=None):
    project = replace(town(cameras=cameras), baseline=tuple(baseline))
    return [each for each in audit(project, rules or reference_data()).findings if each.kind in KINDS]


def test_that_a_turn_of_six_degrees_is_a_change_and_of_five_measurement():
    assert changed_since(approved(azimuth=358.0), camera(azimuth=4.0), SLACK) == ("azimuth_deg",)
    assert changed_since(approved(azimuth=358.0), camera(azimuth=3.0), SLACK) == ()


@pytest.mark.parametrize(
    ("before", "now", "fields"),
    [
        ({"tilt_deg": 10.0}, {"tilt_deg": 16.0}, ("tilt_deg",)),
        ({"x": 0.0}, {"x": 2.1}, ("place",)),
        ({"x": 0.0}, {"x": 2.0}, ()),
        ({"hfov_deg": 68.0}, {"hfov_deg": 62.0}, ("hfov_deg",)),  # 6 degrees, more than 5
        ({"hfov_deg": 20.0}, {"hfov_deg": 17.9}, ("hfov_deg",)),  # 2.1 degrees, more than a tenth
        ({"hfov_deg": 20.0}, {"hfov_deg": 18.1}, ()),
        ({"image_width_px": 1920}, {"image_width_px": 3840}, ("image_width_px",)),
        ({"range_m": 60.0}, {"range_m": 66.0}, ()),  # just a tenth
        ({"range_m": 60.0}, {"range_m": 67.0}, ("range_m",)),
        ({"kind": Kind.FIXED}, {"kind": Kind.PAN_TILT}, ("kind",)),
        ({"azimuth": None}, {"azimuth": 90.0}, ()),  # the approval does not say
        ({"azimuth": 90.0}, {"azimuth": None}, ()),  # the record does not say
    ],
)
def test_that_each_field_has_its_own_slack(before, now, fields):
    assert changed_since(approved(**before), camera(**now), SLACK) == fields


def test_that_a_lens_of_sensor_and_focal_length_is_an_angle():
    # 2 atan(5.4 / (2 x 4)) = 68.0 degrees
    lens = {"hfov_deg": None, "sensor_width_mm": 5.4, "focal_length_mm": 4.0}
    assert changed_since(approved(**lens), camera(hfov_deg=68.0), SLACK) == ()
    assert changed_since(approved(**lens), camera(hfov_deg=40.0), SLACK) == ("hfov_deg",)


def test_that_a_changed_camera_owes_an_assessment_under_the_article_that_says_so():
    rules = reference_data(pack("national", articles=[article("7", "changed_since_approval")]))
    (found,) = findings([camera(azimuth=40.0)], [approved()], rules)
    assert (found.severity, found.certainty, found.article) == (Severity.DUE, Certainty.CERTAIN, "7")
    assert (found.params["fields"], found.params["approved_on"]) == (("azimuth_deg",), "2025-03-01")
    assert found.mitigation.values["questions"] == ("impact_assessment",)


def test_that_the_latest_approval_counts_and_earlier_ones_are_kept():
    old, new = approved(azimuth=0.0, on="2024-01-01"), approved(azimuth=40.0, on="2026-01-01")
    assert findings([camera(azimuth=40.0)], [new, old]) == []
    assert latest((new, old)) == (new,)


def test_that_a_baseline_speaks_where_columns_of_the_camera_table_do_too():
    one = camera(azimuth=40.0, extra={"approved_azimuth_deg": "10"})
    assert findings([one], [approved(azimuth=40.0)]) == []
    assert [each.kind for each in findings([one], [])] == ["changed_since_approval"]


def test_that_a_camera_of_another_number_at_the_place_is_the_approved_one():
    assert findings([camera("new-7", x=1.5)], [approved("old-1")]) == []
    kinds = {(each.kind, each.camera_id) for each in findings([camera("new-7", x=2.5)], [approved("old-1")])}
    assert kinds == {("removed_since_approval", "old-1"), ("not_approved", "new-7")}


def test_that_two_cameras_on_one_pole_are_told_apart_by_their_direction():
    cameras = [camera("n1", azimuth=90.0), camera("n2", azimuth=180.0)]
    baseline = [approved("a1", azimuth=181.0), approved("a2", azimuth=91.0)]
    pairs = match_baseline(replace(town(cameras=cameras), baseline=tuple(baseline)), SLACK).pairs
    assert {(a.camera_id, b.camera_id) for a, b in pairs} == {("a2", "n1"), ("a1", "n2")}


def test_that_a_camera_recorded_as_removed_is_certain_and_one_nowhere_known_is_possible():
    gone = camera(status=Status.REMOVED)
    (certain,) = findings([gone], [approved()])
    (possible,) = findings([], [approved()])
    assert (certain.kind, certain.severity, certain.certainty) == (KINDS[1], Severity.NOTE, Certainty.CERTAIN)
    assert (possible.kind, possible.severity, possible.certainty) == (KINDS[1], Severity.NOTE, Certainty.POSSIBLE)


def test_that_an_approval_of_what_is_still_to_be_built_misses_nothing():
    assert findings([], [approved(status=Status.PLANNED)]) == []


def test_that_a_withdrawn_approval_is_none():
    baseline = [approved(), approved(on="2026-02-01", status=Status.REMOVED)]
    assert [each.kind for each in findings([camera()], baseline)] == ["not_approved"]


@pytest.mark.parametrize(
    ("baseline_owner", "owner", "expected"),
    [
        ("City", "city", (Severity.DUE, Certainty.CERTAIN)),
        ("", "", (Severity.DUE, Certainty.CERTAIN)),
        ("City", "", (Severity.NOTE, Certainty.POSSIBLE)),  # whose is it?
        ("", "Bakery", (Severity.NOTE, Certainty.POSSIBLE)),
        ("City", "Bakery", None),  # the city's baseline does not speak of the bakery
    ],
)
def test_that_a_baseline_speaks_for_its_owners_alone(baseline_owner, owner, expected):
    found = findings([camera(), camera("c2", x=50, owner=owner)], [approved(owner=baseline_owner)])
    assert [(each.severity, each.certainty) for each in found] == ([] if expected is None else [expected])


def test_that_no_public_output_tells_which_camera_is_gone():
    project = replace(town(cameras=[camera("near")]), baseline=(approved("near"), approved("secret", x=90)))
    rules = reference_data(replace(pack(), public_precision_deg=0.01))
    said = assessment_json(public_values(project, audit(project, rules))[1])
    assert "secret" not in json.dumps(said)
    (gone,) = [each for each in said["findings"] if each["kind"] == "removed_since_approval"]
    assert (gone["camera"], gone["geometry"]) == ("–", None)


def test_that_without_a_baseline_nothing_is_unapproved():
    assert findings([camera()], []) == []
