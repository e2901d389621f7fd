"""Laws of mitigations: whatever is found, the mitigation that is named ends it and makes nothing else worse."""

import dataclasses

import pytest
from amounts import examples
from answers_town import article, box, camera, pack, reference_data, town
from hypothesis import given
from hypothesis import strategies as st
from test_answers_laws import houses

from lhasaplan.core.audit.pipeline import assess_context, audit
from lhasaplan.core.base.progress import no_progress
from lhasaplan.core.context.audit_context import make_context
from lhasaplan.core.demand.guard import find_candidates, request
from lhasaplan.core.mitigation.view_mitigations import apply_mitigation
from lhasaplan.core.model.camera import Kind, Mount
from lhasaplan.core.model.optics import LensClass
from lhasaplan.core.model.place import HandMadePart
from lhasaplan.core.project.decisions import Confirmation
from lhasaplan.core.results.assessment import Gate
from lhasaplan.core.results.finding import MitigationAction, Severity, alternatives_of

VIEWS = {"view_home", "view_protected", "view_unknown_use"}
RANK = {Severity.NOTE: 1, Severity.DUE: 2, Severity.ERROR: 3}
ROUNDING_M2 = 0.5
RULES = reference_data(
    pack(articles=[article("1", "assembly_hours", "no_incidents")], retention_days=30.0, retention_reason_days=3.0)
)


RECTILINEAR = st.fixed_dictionaries(
    {
        "azimuth": st.integers(0, 359).map(float),
        "hfov_deg": st.sampled_from([30.0, 68.0, 100.0]),
        "tilt_deg": st.sampled_from([0.0, 15.0, 40.0]),
        "kind": st.sampled_from([Kind.FIXED, Kind.FIXED, Kind.PAN_TILT]),
    }
)
FISHEYE = st.just(
    {
        "azimuth": 0.0,
        "kind": Kind.FISHEYE,
        "lens_class": LensClass.EQUIDISTANT,
        "hfov_deg": 180.0,
        "tilt_deg": 90.0,
        "image_width_px": 2000,
        "image_height_px": 2000,
    }
)
RECORD = st.fixed_dictionaries(
    {
        "x": st.integers(-30, 30),
        "y": st.integers(-30, 30),
        "mount": st.sampled_from([None, Mount.POLE, Mount.INDOOR]),
        "retention_days": st.sampled_from([2.0, 10.0, 40.0]),
        "extra": st.sampled_from([{}, {"assembly_off": "no"}, {"incidents_per_year": "0"}]),
    }
)


@st.composite
def cameras(draw, name):
    return camera(name, **{**draw(RECORD), **draw(st.one_of(RECTILINEAR, RECTILINEAR, FISHEYE))})


@st.composite
def towns(draw):
    return town(*draw(houses()), cameras=[draw(cameras("a")), draw(cameras("b"))])


GROUNDS = Confirmation("p1", "flow", "two collisions", "signs", "A. Example", "2026-05-01")


@st.composite
def parts(draw):
    west, south, size = draw(st.integers(-30, 25)), draw(st.integers(-30, 25)), draw(st.integers(4, 12))
    wkt = box(west, south, west + size, south + size).wkt
    density = draw(st.sampled_from([25.0, 62.5]))
    return HandMadePart("p1", "p1", "junctions", "apron", "area", wkt, density, 1, 0.9, "A. Example", "2026-05-01")


def planned(project):
    """Return the answers inside an open gate."""
    context = make_context(project, RULES, with_planned=True)
    candidates = find_candidates(context)
    return assess_context(context, Gate(True), candidates, request(context, candidates), no_progress)


def audited(project):
    return audit(project, RULES)


def mitigations_of(finding):
    """Return the remedies that were tried out, or that are no question."""
    if finding.mitigation is None or (
        finding.mitigation.action is MitigationAction.ASK and not finding.mitigation.mask_sector_deg
    ):
        return []
    return [finding.mitigation, *(each for each in alternatives_of(finding.mitigation) if each.is_verified)]


def mitigated(project, finding, mitigation):
    changed = [apply_mitigation(each, mitigation) if each.camera_id == finding.camera_id else each for each in project.cameras]
    return dataclasses.replace(project, cameras=tuple(changed))


def views(assessment):
    return {each.finding_id: RANK[each.severity] for each in assessment.findings if each.kind in VIEWS}


def unasked_m2(assessment):
    return {each.placed.camera.camera_id: each.unasked_m2 for each in assessment.cameras}


def check_every_mitigation(project, look):
    before = look(project)
    was, ground = views(before), unasked_m2(before)
    known = {each.finding_id for each in before.findings}
    for finding in before.findings:
        for mitigation in mitigations_of(finding):
            after = look(mitigated(project, finding, mitigation))
            assert finding.finding_id not in {each.finding_id for each in after.findings}, mitigation
            assert all(rank <= was.get(key, 0) for key, rank in views(after).items()), mitigation
            mine, now = ground[finding.camera_id], unasked_m2(after).get(finding.camera_id, 0.0)
            assert now <= mine + ROUNDING_M2, mitigation
            graver = [each for each in after.findings if each.finding_id not in known and each.camera_id == finding.camera_id]
            assert all(RANK[each.severity] < RANK[finding.severity] for each in graver), (mitigation, graver)


@examples(6, nightly=100)
@given(towns())
def test_that_a_mitigation_of_any_finding_ends_it_and_makes_nothing_worse(project):
    check_every_mitigation(project, audited)


@examples(3, nightly=60)
@given(towns(), parts())
def test_that_the_same_holds_inside_the_gate(project, part):
    check_every_mitigation(dataclasses.replace(project, hand_made_parts=(part,), confirmations=(GROUNDS,)), planned)


@examples(4, nightly=60)
@given(towns(), parts())
def test_that_a_camera_called_removable_can_go_and_no_part_loses(project, part):
    project = dataclasses.replace(project, hand_made_parts=(part,), confirmations=(GROUNDS,))
    before = planned(project)
    for finding in before.findings:
        if finding.kind == "removable":
            after = planned(mitigated(project, finding, finding.mitigation))
            for was, now in zip(before.parts, after.parts, strict=True):
                assert now.measured.share_served == pytest.approx(was.measured.share_served)
                assert now.measured.share_seen == pytest.approx(was.measured.share_seen)


@examples(4, nightly=60)
@given(towns(), parts())
def test_that_a_mitigation_that_keeps_all_its_camera_serves_costs_no_part_anything(project, part):
    project = dataclasses.replace(project, hand_made_parts=(part,), confirmations=(GROUNDS,))
    before = planned(project)
    for finding in before.findings:
        for mitigation in mitigations_of(finding):
            if mitigation.values.get("duty_left_percent") == 100:
                after = planned(mitigated(project, finding, mitigation))
                for was, now in zip(before.parts, after.parts, strict=True):
                    assert now.measured.share_served >= was.measured.share_served - 0.005, mitigation
