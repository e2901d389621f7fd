"""What comes up after a camera was approved, and which article says so."""

import dataclasses

import pytest
from answers_town import X0, Y0, article, camera, pack, reference_data, town
from test_answers_check import SOUTH, drawn, inside_gate

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.base.crs import Crs
from lhasaplan.core.model.camera import Correction
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.results.finding import Certainty, MitigationAction, Severity

TURNED = "changed_since_approval"
CITING = reference_data(pack("national", articles=[article("1", "purpose_not_listed", "assembly_hours", "no_incidents")]))


def found(kind, one, rules=None):
    return [each for each in audit(town(cameras=[one]), rules or reference_data()).findings if each.kind == kind]


def test_that_a_camera_turned_since_its_approval_owes_a_new_assessment():
    (finding,) = found(TURNED, camera(azimuth=40.0, extra={"approved_azimuth_deg": "10"}))
    assert (finding.severity, finding.certainty) == (Severity.DUE, Certainty.CERTAIN)
    assert finding.params["fields"] == ("azimuth_deg",)
    assert finding.mitigation.values["questions"] == ("impact_assessment",)


def test_that_a_turn_across_north_within_measurement_is_none():
    assert found(TURNED, camera(azimuth=2.0, extra={"approved_azimuth_deg": "358"})) == []


def test_that_another_lens_and_another_place_are_changes_too():
    lon, lat = Crs("EPSG:32635").to_lonlat(X0 + 3, Y0)
    extra = {"approved_hfov_deg": "40,5", "approved_lon": str(lon), "approved_lat": str(lat)}
    (finding,) = found(TURNED, camera(extra=extra))
    assert finding.params["fields"] == ("hfov_deg", "place")


def test_that_a_direction_corrected_by_hand_is_asked_about():
    one = camera(corrections=(Correction("azimuth_deg", "10", "visit", "2026-02-01"),))
    (finding,) = found(TURNED, one)
    assert (finding.severity, finding.certainty) == (Severity.NOTE, Certainty.POSSIBLE)


def test_that_a_corrected_name_is_no_change_of_the_camera():
    assert found(TURNED, camera(corrections=(Correction("name", "a", "visit", "2026-02-01"),))) == []


@pytest.mark.parametrize(
    ("kind", "values", "action"),
    [
        ("assembly_hours", {"extra": {"assembly_off": "no"}}, MitigationAction.HOURS),
        ("no_incidents", {"extra": {"incidents_per_year": "0"}}, MitigationAction.END_NEED),
    ],
)
def test_that_a_national_rule_speaks_only_where_its_pack_is_loaded(kind, values, action):
    one = camera(**values)
    (finding,) = found(kind, one, CITING)
    assert (finding.pack, finding.article, finding.mitigation.action) == ("national", "1", action)
    assert found(kind, one) == []


def test_that_incidents_served_are_no_finding():
    assert found("no_incidents", camera(extra={"incidents_per_year": "4"}), CITING) == []


def test_that_a_purpose_off_the_closed_list_is_named_and_one_on_it_is_not():
    terms = {"5": {"en": "Preventing terrorism", "zh_CN": "防恐", "fr": "Prévention du terrorisme"}}
    rules = reference_data(dataclasses.replace(CITING.packs[0], purposes=terms))
    assert len(found("purpose_not_listed", camera(purpose="watching the square"), rules)) == 1
    assert found("purpose_not_listed", camera(purpose="prévention du terrorisme"), rules) == []
    assert found("purpose_not_listed", camera(purpose="5"), rules) == []


def test_that_a_camera_serves_the_purpose_that_its_part_was_confirmed_for():
    def kinds(purpose):
        confirmed = (Confirmation("p1", "traffic", "collisions", "signs", "A. B.", "2026-01-01"),)
        project = dataclasses.replace(town(cameras=[dataclasses.replace(SOUTH, purpose=purpose)]), confirmations=confirmed)
        return {each.kind for each in inside_gate(project, drawn()).findings}

    assert "purpose_differs" in kinds("order")
    assert "purpose_differs" not in kinds("Traffic")
