"""Turns that are passed over would not have ended the view: trying all of them out gives the same mitigations."""

import dataclasses

import numpy as np
import pytest
from amounts import examples
from answers_town import camera, town
from hypothesis import given
from hypothesis import strategies as st
from test_answers_laws import houses
from test_answers_mitigations import RECTILINEAR, RULES, towns

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.mitigation import view_mitigations


@st.composite
def crowded(draw):
    return town(
        *draw(houses()), *draw(houses()), cameras=[camera("a", **draw(RECTILINEAR)), camera("b", x=12, **draw(RECTILINEAR))]
    )


def mitigations(project):
    return {each.finding_id: each.mitigation for each in audit(project, RULES).findings}


@examples(10, nightly=125)
@given(st.one_of(towns(), crowded()))
def test_that_trying_every_turn_gives_the_same_mitigations(project):
    short = mitigations(project)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_mitigations, "unavoidable_bearings", lambda *_: {})
        assert mitigations(project) == short


@examples(5, nightly=50)
@given(st.sampled_from([5.0, 15.0, 30.0]), crowded())
def test_that_the_same_holds_of_tilted_cameras(tilt, project):
    tilted = dataclasses.replace(project, cameras=tuple(dataclasses.replace(each, tilt_deg=tilt) for each in project.cameras))
    short = mitigations(tilted)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(view_mitigations, "unavoidable_bearings", lambda *_: {})
        assert mitigations(tilted) == short


def test_that_a_turn_is_met_by_what_lies_within_the_picture_over_north_too():
    lens = ["azimuth_deg", "hfov_deg", "vfov_deg", "tilt_deg", "tilt_swing_deg"]
    view = dataclasses.make_dataclass("View", lens)(350.0, 60.0, 40.0, 0.0, 0.0)
    subject = view_mitigations.Subject(
        None, dataclasses.make_dataclass("Placed", ["views"])((view,)), None, None, np.array([[15.0, 15.0]])
    )
    assert subject.is_met_by(0.0)  # 350 - 30 to 350 + 30, that is 320 to 20
    assert not subject.is_met_by(-5.0)  # to 15: just on the edge of the picture, which nobody can be sure of
    assert subject.is_met_by(54.0)  # from 14
    assert not subject.is_met_by(56.0)  # from 16
    assert not subject.is_met_by(180.0)
