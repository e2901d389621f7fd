"""Audits of small towns from end to end: mitigations, unasked ground, records, progress."""

import dataclasses

import pytest
import shapely
from answers_town import X0, Y0, article, bare_camera, box, camera, house, layer, pack, reference_data, town

from lhasaplan.core.audit.pipeline import audit, check
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.exposure.who_sees import who_sees
from lhasaplan.core.findings.sentences import finding_sentence, mitigation_sentence
from lhasaplan.core.mitigation.view_mitigations import apply_mitigation
from lhasaplan.core.model.camera import Kind, Mount, Status
from lhasaplan.core.model.place import ProtectedClass
from lhasaplan.core.project.decisions import Mandate
from lhasaplan.core.results.finding import Certainty, MitigationAction, Severity, alternatives_of
from lhasaplan.errors import Cancelled

# A house to the right of the picture's axis: 10 m ahead, from 5 to 25 m east; the left of the picture is free ground.
BESIDE = house(1, 5, 10, 25, 20)


def findings(assessment, kind):
    return [each for each in assessment.findings if each.kind == kind]


def with_mitigation_applied(project, finding):
    cameras = tuple(
        apply_mitigation(each, finding.mitigation) if each.camera_id == finding.camera_id else each for each in project.cameras
    )
    return dataclasses.replace(project, cameras=cameras)


def test_that_a_house_beside_the_axis_is_cured_by_a_mask():
    project = town(BESIDE, cameras=[camera()])
    (finding,) = findings(audit(project, reference_data()), "view_home")
    assert (finding.severity, finding.certainty) == (Severity.ERROR, Certainty.CERTAIN)
    assert finding.mitigation.action is MitigationAction.MASK
    # The far corner (5, 20) lies at 14 degrees, the picture ends at 34: the mask covers both.
    ((low, high),) = finding.mitigation.mask_sector_deg
    assert low < 14.1
    assert high > 33.9
    assert findings(audit(with_mitigation_applied(project, finding), reference_data()), "view_home") == []


def test_that_a_turn_that_would_show_more_ground_is_no_mitigation():
    # Left of the picture lies open ground: a turn away from the house would see more of it than now.
    (finding,) = findings(audit(town(BESIDE, cameras=[camera()]), reference_data()), "view_home")
    assert "azimuth_deg" not in {name for each in finding.mitigation.values["alternatives"] for name in each}


def test_that_a_turn_towards_a_blank_wall_stands_beside_the_mask():
    # A long depot on the left, 6 m away: turning left shows less ground. The house begins at atan(5/20) = 14 degrees, so
    # the picture's right edge at 34 must go left by 20 degrees at least.
    depot = house(2, -60, -60, -6, 60, kind="warehouse", height=12.0)
    before = audit(town(BESIDE, depot, cameras=[camera()]), reference_data())
    (finding,) = findings(before, "view_home")
    (turn,) = [each for each in finding.mitigation.values["alternatives"] if "turn_deg" in each]
    assert finding.mitigation.action is MitigationAction.MASK
    assert -25.0 <= turn["turn_deg"] <= -20.0
    after = audit(town(BESIDE, depot, cameras=[camera(azimuth=turn["azimuth_deg"])]), reference_data())
    assert findings(after, "view_home") == []
    assert after.cameras[0].unasked_m2 <= before.cameras[0].unasked_m2 + 0.5


def test_that_a_mask_that_would_leave_nothing_is_a_removal():
    (finding,) = findings(audit(town(house(1, -30, 10, 30, 20), cameras=[camera(hfov_deg=30.0)]), reference_data()), "view_home")
    assert finding.mitigation.action is MitigationAction.REMOVE


def alternatives(finding):
    return {
        (each.action, next((key for key in KEYS if key in each.values), "")): each for each in alternatives_of(finding.mitigation)
    }


KEYS = ("turn_deg", "tilt_by_deg", "hfov_deg", "range_m", "image_width_px", "form")


def test_that_all_that_would_end_a_view_is_ranked_beside_its_mitigation():
    # The wall 10 m ahead begins at atan(5 / 10) = 26.6 degrees as its near corner, at 14 degrees as its far one.
    (finding,) = findings(audit(town(BESIDE, cameras=[camera()]), reference_data()), "view_home")
    found = alternatives(finding)
    assert [each.values["rank"] for each in found.values()] == list(range(1, len(found) + 1))
    assert [each.values["verified"] for each in found.values()][:3] == [False, True, False]  # need, removal, move
    assert found[MitigationAction.SHORTEN, "hfov_deg"].values["hfov_deg"] < 28.0
    # The nearest corner of its wall is sqrt(9.95^2 + 5^2) = 11.1 m away, and a metre is kept.
    assert found[MitigationAction.SHORTEN, "range_m"].values["range_m"] == 10.1
    # 142.33 px/m at 10 m must fall below 25: 1920 * 25 / 142.33 = 337 pixels.
    assert found[MitigationAction.LOWER_RESOLUTION, "image_width_px"].values["image_width_px"] in range(330, 338)


def test_that_a_mask_in_the_picture_hides_the_wall_and_spares_the_ground_before_it():
    project = town(house(1, -30, 20, 30, 30), cameras=[camera()])
    (finding,) = findings(audit(project, reference_data()), "view_home")
    picture, sector = finding.mitigation, alternatives(finding)[MitigationAction.MASK, "form"]
    assert (picture.values["form"], sector.values["form"]) == ("picture", "sector")
    assert picture.values["area_left_percent"] > 25 > sector.values["area_left_percent"]
    (polygon,) = picture.values["mask_px"]
    # At the axis, 20 m ahead: the foot 4 m below the lens lies 1423.26 * 4 / 20 = 285 px below the middle row 540.
    rows = [v for _, v in polygon]
    assert max(rows) == pytest.approx(540 + 285 + 9.6, abs=6)
    assert findings(audit(with_mitigation_applied(project, finding), reference_data()), "view_home") == []


def test_that_a_pack_may_put_a_caution_beside_a_removal():
    warning = {"en": "ask first", "zh_CN": "先询问", "fr": "demander d'abord"}
    rules = reference_data(dataclasses.replace(pack(), cautions={"removal": warning}))
    project = town(house(1, -30, 10, 30, 20), cameras=[camera(hfov_deg=30.0)])
    (finding,) = findings(audit(project, rules), "view_home")
    assert finding.mitigation.values["cautions"] == (warning,)


def test_that_a_note_needs_no_mitigation():
    (finding,) = findings(audit(town(house(1, -10, 40, 10, 50), cameras=[camera()]), reference_data()), "view_home")
    assert (finding.severity, finding.mitigation) == (Severity.NOTE, None)


def test_that_a_possible_view_is_a_question_with_the_mask_that_would_end_it():
    project = town(house(1, -10, 15, 10, 25), cameras=[bare_camera()])
    result = audit(project, reference_data())
    (finding,) = findings(result, "view_home")
    assert (finding.severity, finding.certainty, finding.mitigation.action) == (
        Severity.NOTE,
        Certainty.POSSIBLE,
        MitigationAction.ASK,
    )
    assert {"azimuth_deg", "hfov_deg", "mask"} <= set(finding.mitigation.values["questions"])
    assert {"azimuth_deg", "purpose", "retention_days", "sign"} <= set(result.cameras[0].questions)
    assert findings(audit(with_mitigation_applied(project, finding), reference_data()), "view_home") == []


def test_that_totals_count_possible_views_at_both_ends():
    totals = audit(town(house(1, -10, 15, 10, 25), cameras=[bare_camera()]), reference_data()).totals
    assert totals["would_reach"]["home"]["most"]["error"] == 1
    assert totals["would_reach"]["home"]["least"] == {"note": 0, "due": 0, "error": 0}  # it may look the other way
    assert totals["sightings"]["home"]["possible"] == {"note": 1, "due": 0, "error": 0}
    assert (totals["certain"], totals["possible"]) == (0, 1)


def test_that_without_parts_all_ground_seen_is_unasked():
    result = audit(town(BESIDE, cameras=[camera(purpose="traffic")]), reference_data())
    (finding,) = findings(result, "unasked_area")
    assert result.cameras[0].unasked_m2 == result.cameras[0].area_m2 > 100
    assert "No purpose is stated for it" in finding_sentence(finding)[0]
    assert result.parts is None
    assert result.overlaps is None
    assert result.cameras[0].removable is None


def test_that_a_pan_tilt_has_a_recorded_home_view_and_an_assumed_sweep():
    # The house is behind the home view: only the sweep reaches it.
    result = audit(town(house(1, -10, -20, 10, -10), cameras=[camera(kind=Kind.PAN_TILT)]), reference_data())
    (finding,) = findings(result, "view_home")
    assert (finding.certainty, finding.severity) == (Certainty.POSSIBLE, Severity.NOTE)
    assert finding.finding_id == "view_home:c1:home:sweep"
    assert len(findings(result, "pan_tilt")) == 1


def test_that_retention_is_judged_by_the_packs_limits():
    def kinds(days):
        project = town(cameras=[camera(retention_days=days)])
        rules = pack(retention_days=30.0, retention_reason_days=3.0)
        return {each.kind: each.severity for each in audit(project, reference_data(rules)).findings if "retention" in each.kind}

    assert kinds(None) == {"retention_unknown": Severity.NOTE}
    assert kinds(3.0) == {}
    assert kinds(4.0) == {"retention_reason": Severity.DUE}
    assert kinds(31.0) == {"retention_over": Severity.ERROR}


def test_that_a_mandate_that_promises_fewer_days_is_what_the_cure_asks_for():
    project = town(cameras=[camera(retention_days=45.0)])
    rules = reference_data(pack(retention_days=30.0))
    promised = dataclasses.replace(project, mandate=Mandate(retention_days=3.0))
    days = [findings(audit(each, rules), "retention_over")[0].mitigation.figures.retention_days for each in (project, promised)]
    assert days == [30.0, 3.0]


def test_that_a_retention_mitigation_ends_its_finding():
    project = town(cameras=[camera(retention_days=40.0)])
    rules = reference_data(pack(retention_days=30.0))
    (finding,) = findings(audit(project, rules), "retention_over")
    assert findings(audit(with_mitigation_applied(project, finding), rules), "retention_over") == []


def test_that_a_finding_names_the_most_specific_article_and_the_others_beside_it():
    rules = pack("base", articles=[article("1", "no_purpose", "sign_unknown", "view_home"), article("2", "no_purpose")])
    (finding,) = findings(audit(town(cameras=[camera()]), reference_data(rules)), "no_purpose")
    assert (finding.pack, finding.article) == ("base", "2")
    assert finding.params["also"] == ("base 1",)


def test_that_a_record_without_required_fields_says_which():
    rules = dataclasses.replace(pack(), required_fields=("owner", "purpose", "installed_on"))
    (finding,) = findings(audit(town(cameras=[camera(purpose="flood gauge")]), reference_data(rules)), "fields_missing")
    assert finding.params["fields"] == ("owner", "installed_on")


def test_that_an_indoor_camera_in_a_home_is_an_error_and_is_removed():
    project = town(house(1, -10, -10, 10, 10), cameras=[camera(mount=Mount.INDOOR, mount_height_m=2.5)])
    (finding,) = findings(audit(project, reference_data()), "indoor_forbidden")
    assert (finding.severity, finding.mitigation.action) == (Severity.ERROR, MitigationAction.REMOVE)


def test_that_removed_cameras_see_nothing_and_are_counted():
    result = audit(town(BESIDE, cameras=[camera(status=Status.REMOVED)]), reference_data())
    assert result.cameras == ()
    assert result.totals["cameras"] == {"operating": 0, "planned": 0, "removed": 1}


def test_that_planned_cameras_are_not_looked_at_outside_the_gate():
    result = check(town(BESIDE, cameras=[camera(status=Status.PLANNED)]), reference_data())
    assert (result.gate.open, result.parts, result.cameras) == (False, None, ())
    assert any("planned" in template and params.get("count") == 1 for template, params in result.notes)


def test_that_areas_split_the_cameras():
    areas = layer("areas", ("a1", box(-5, -5, 5, 5), {"name": "Old Town"}), ("a2", box(50, 50, 60, 60), {"name": "Harbour"}))
    result = audit(town(cameras=[camera()], areas=areas), reference_data())
    assert result.cameras[0].area_names == ("Old Town",)


def test_that_findings_keep_their_ids_when_another_camera_comes_first():
    one = audit(town(BESIDE, cameras=[camera("b")]), reference_data())
    two = audit(town(BESIDE, cameras=[camera("a", x=-100), camera("b")]), reference_data())
    assert {each.finding_id for each in one.findings} <= {each.finding_id for each in two.findings}


def test_that_cancelling_stops_the_audit():
    def cancel(share, step):
        raise Cancelled

    with pytest.raises(Cancelled):
        audit(town(BESIDE, cameras=[camera()]), reference_data(), cancel)


def test_that_every_finding_and_mitigation_has_its_sentence():
    cameras = [camera("a"), bare_camera("b", x=3), camera("c", x=-3, kind=Kind.PAN_TILT, sign="no", retention_days=99)]
    for finding in audit(town(BESIDE, cameras=cameras), reference_data(pack(retention_days=30))).findings:
        template, params = finding_sentence(finding)
        assert template.format(**{"views": "open ground", "cameras": "a, b", **params})
        if finding.mitigation is not None:
            template, params = mitigation_sentence(finding.mitigation)
            assert template.format(**params)


def test_that_an_empty_project_gives_an_empty_audit():
    result = audit(town(), reference_data())
    assert (result.cameras, result.findings) == ((), ())


def test_that_no_output_value_names_a_protected_place():
    temple = house(7, 5, 10, 25, 20, kind="temple")
    result = audit(town(temple, cameras=[camera()]), reference_data())
    (finding,) = findings(result, "view_protected")
    shown = repr((finding, result.cameras[0].sightings, result.totals, result.notes))
    assert "temple" not in shown
    assert "way/7" not in shown


def test_that_who_sees_tells_certain_possible_and_why_not():
    shop = house(2, -5, 10, 5, 12, kind="retail")
    city = make_context(
        town(shop, cameras=[camera("seen", x=20), bare_camera("maybe", x=30, y=10), camera("hidden")]), reference_data(), False
    )
    found = {each.camera_id: each for each in who_sees(city, X0 + 20, Y0 + 20)}
    assert found["seen"].certainty == "certain"
    assert found["seen"].density_px_m[0] == pytest.approx(1423.26 / 20, rel=1e-3)
    assert found["maybe"].certainty == "possible"
    blocked = next(each for each in who_sees(city, X0, Y0 + 20) if each.camera_id == "hidden")
    assert (blocked.certainty, blocked.reason, blocked.blocker_id) == ("not", "building", "way/2")


def test_that_of_a_spot_in_a_building_its_walls_are_asked_about():
    shop = house(2, -5, 10, 5, 20, kind="retail")
    hung = bare_camera("hung", x=0, y=20.2)  # on the back wall: not asked about its own building
    city = make_context(town(shop, cameras=[camera("front"), hung]), reference_data(), False)
    found = {each.camera_id: each for each in who_sees(city, X0, Y0 + 15)}
    # The points stand 0.3 m before the front at 10 m: 1423.26 / 9.7 = 146.7 px/m.
    assert found["front"].certainty == "certain"
    assert found["front"].density_px_m[0] == pytest.approx(146.73, rel=1e-3)
    assert found["hung"].certainty == "not"


def test_that_on_protected_ground_all_is_told_but_what_blocks():
    yard = layer("places", ("n1", box(10, 10, 30, 30), {"amenity": "grave_yard"}))
    for azimuth_deg, certainty in ((45.0, "certain"), (180.0, "not")):
        city = make_context(town(cameras=[camera(azimuth=azimuth_deg)], places=yard), reference_data(), False)
        (found,) = who_sees(city, X0 + 20, Y0 + 20)
        assert (found.certainty, found.blocker_id) == (certainty, "")
        assert found.reason == ("seen" if certainty == "certain" else "")
        assert found.distance_m == pytest.approx(20 * 2**0.5)


def test_that_the_seen_ground_of_a_protected_place_is_graded_too():
    yard = layer("places", ("n1", box(-10, 10, 10, 30), {"amenity": "grave_yard"}))
    result = audit(town(cameras=[camera()], places=yard), reference_data())
    (sighting,) = result.cameras[0].sightings
    assert (sighting.cls, sighting.frontage_m) == (ProtectedClass.PROTECTED, 0.0)
    # The picture is 13.49 m wide at 10 m: a square metre of the yard reaches to 10.074 m, with 1423.26 / 10.074 = 141.28 px/m.
    assert sighting.density_px_m[0] == pytest.approx(141.28, rel=1e-3)
    assert sighting.grade is Severity.ERROR
    assert sighting.geometry.is_empty
    assert shapely.area(sighting.open_ground) == pytest.approx(
        shapely.area(box(-10, 10, 10, 30).intersection(result.cameras[0].certain.geometry)), rel=0.01
    )
