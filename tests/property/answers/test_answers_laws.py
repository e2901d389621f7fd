"""Laws of the answers over small made-up towns and matrices."""

import dataclasses

import numpy as np
import pytest
import shapely
from amounts import examples
from answers_town import bare_camera, box, camera, house, reference_data, town
from hypothesis import given
from hypothesis import strategies as st
from merged_arcs import covers, merge_sectors
from scipy import sparse

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.demand.columns import Needs, seen, served, shares
from lhasaplan.core.demand.ground_in_view import unasked_ground
from lhasaplan.core.demand.necessity import removable
from lhasaplan.core.exposure.sightings import width_deg
from lhasaplan.core.mitigation.view_mitigations import apply_mitigation
from lhasaplan.core.results.finding import MitigationAction, Severity, alternatives_of

VIEWS = {"view_home", "view_protected"}


@st.composite
def houses(draw):
    number = draw(st.integers(1, 4))
    found = []
    for k in range(number):
        west, south = draw(st.integers(-40, 30)), draw(st.integers(-40, 30))
        width, depth = draw(st.integers(3, 15)), draw(st.integers(3, 15))
        kind = draw(st.sampled_from(["house", "temple", "retail", "yes"]))
        found.append(house(k, west, south, west + width, south + depth, kind, draw(st.integers(3, 20))))
    return found


cameras = st.builds(
    camera,
    x=st.integers(-30, 30),
    y=st.integers(-30, 30),
    azimuth=st.integers(0, 359).map(float),
    hfov_deg=st.sampled_from([30.0, 68.0, 100.0]),
)


@examples(10, nightly=150)
@given(houses(), cameras)
def test_that_a_mitigation_and_every_tried_alternative_end_their_finding_and_raise_no_other(buildings, one):
    project = town(*buildings, cameras=[one])
    before = audit(project, reference_data())
    grave = {Severity.NOTE: 1, Severity.DUE: 2, Severity.ERROR: 3}
    for finding in before.findings:
        if finding.kind in VIEWS and finding.mitigation is not None:
            was = {each.finding_id: grave[each.severity] for each in before.findings if each.kind in VIEWS}
            tried = [each for each in alternatives_of(finding.mitigation) if each.is_verified]
            for mitigation in (finding.mitigation, *tried):
                after = audit(dataclasses.replace(project, cameras=(apply_mitigation(one, mitigation),)), reference_data())
                left = {each.finding_id: grave[each.severity] for each in after.findings if each.kind in VIEWS}
                assert finding.finding_id not in left, mitigation
                assert all(left[key] <= was.get(key, 0) for key in left), mitigation
                assert sum(c.unasked_m2 for c in after.cameras) <= before.cameras[0].unasked_m2 + 0.5, mitigation


@examples(6, nightly=75)
@given(houses(), st.integers(-30, 30), st.integers(-30, 30))
def test_that_the_mask_in_a_question_ends_a_possible_view_whatever_the_answer(buildings, x, y):
    one = bare_camera(x=x, y=y)
    project = town(*buildings, cameras=[one])
    for finding in audit(project, reference_data()).findings:
        if finding.kind in VIEWS:
            assert finding.severity is Severity.NOTE
            assert finding.mitigation.action is MitigationAction.ASK
            after = audit(dataclasses.replace(project, cameras=(apply_mitigation(one, finding.mitigation),)), reference_data())
            assert finding.finding_id not in {each.finding_id for each in after.findings}


@st.composite
def coverages(draw):
    points, parts, seers = draw(st.integers(1, 8)), draw(st.integers(1, 3)), draw(st.integers(1, 5))
    values = st.sampled_from([0.0, 20.0, 25.0, 40.0, 62.5, 130.0])
    density = np.array(draw(st.lists(st.lists(values, min_size=seers, max_size=seers), min_size=points, max_size=points)))
    part = np.array(draw(st.lists(st.integers(0, parts - 1), min_size=points, max_size=points)))
    needed = np.array(draw(st.lists(st.sampled_from([12.5, 25.0, 62.5]), min_size=parts, max_size=parts)))
    views = np.array(draw(st.lists(st.integers(1, 2), min_size=parts, max_size=parts)))
    weight = np.ones(points)
    total = np.bincount(part, weight, minlength=parts).astype(float)
    needs = Needs(part, weight, needed[part], np.minimum(needed, 25.0)[part], views[part], np.full(parts, 0.9), total)
    return density, needs


def both_shares(density, needs):
    matrix = sparse.csr_array(density)
    return np.concatenate([shares(served(matrix, needs), needs), shares(seen(matrix, needs), needs)])


@given(coverages())
def test_that_one_more_camera_never_lowers_a_share(case):
    density, needs = case
    assert (both_shares(density, needs) >= both_shares(density[:, :-1], needs)).all()


@given(coverages())
def test_that_a_removable_camera_is_one_without_which_no_share_falls(case):
    density, needs = case
    for number, goes in enumerate(removable(sparse.csr_array(density), needs)):
        without = np.delete(density, number, axis=1)
        assert goes == bool((both_shares(without, needs) >= both_shares(density, needs)).all())


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=4), st.integers(1, 30))
def test_that_unasked_ground_and_ground_near_parts_are_all_the_ground(corners, distance):
    ground = box(-40, -40, 40, 40)
    parts = [box(x, y, x + 5, y + 5) for x, y in corners]
    near = shapely.union_all(shapely.buffer(parts, distance, quad_segs=16)) if parts else shapely.Polygon()
    unasked = unasked_ground(ground, parts, float(distance))
    assert unasked.area + ground.intersection(near).area == pytest.approx(ground.area)


@given(st.lists(st.tuples(st.floats(0, 359.9), st.floats(0.1, 60)), min_size=1, max_size=8))
def test_that_merged_sectors_cover_every_arc_and_meet_nowhere(arcs):
    centre, half = np.array([arc[0] for arc in arcs]), np.array([arc[1] for arc in arcs])
    sectors = merge_sectors(centre, half)
    assert all(covers(sectors, at % 360) for at in centre)
    assert sum(width_deg(sector) for sector in sectors) <= min(360.0, (2 * half + 1.0).sum() + 1e-6)
