"""Facts about what an audit says of data that lack cameras or buildings."""

import pytest
from answers_town import camera, house, reference_data, town

from lhasaplan.core.audit.pipeline import audit
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.model.camera import Status


def said(project, name):
    return [params for template, params in audit(project, reference_data()).notes if template == NOTES[name]]


@pytest.mark.parametrize(("x", "counted"), [(-99.0, []), (-101.0, [{"count": 1, "metres": 100}])])
def test_that_cameras_without_a_building_within_a_hundred_metres_are_counted(x, counted):
    """The house stands from x 0 on; one camera is beside it."""
    project = town(house(1, 0.0, 0.0, 10.0, 10.0), cameras=[camera("near", -5.0, 5.0), camera("far", x, 5.0)])
    assert said(project, "bare") == counted


def test_that_a_project_without_a_camera_in_operation_says_so():
    at_work = town(house(1, 0.0, 0.0, 10.0, 10.0), cameras=[camera("a", -5.0, 5.0)])
    gone = town(house(1, 0.0, 0.0, 10.0, 10.0), cameras=[camera("a", -5.0, 5.0, status=Status.REMOVED)])
    assert said(at_work, "no_cameras") == []
    assert said(gone, "no_cameras") == said(town(house(1, 0.0, 0.0, 10.0, 10.0)), "no_cameras") == [{}]


def test_that_it_is_told_where_the_limit_of_a_kind_ends_what_a_lens_may_still_show():
    long = camera("long", range_m=None, hfov_deg=3.0)  # 1920 / (2 tan 1.5) / 25 = 1,466 m
    longest = camera("longest", range_m=None, hfov_deg=1.0)  # 4,400 m, beyond the 2,500 m of its kind
    assert said(town(cameras=[long]), "cut_short") == []
    assert said(town(cameras=[long, longest]), "cut_short") == [{"count": 1, "metres": 2500}]
    assert said(town(cameras=[camera("longest", range_m=3000.0, hfov_deg=1.0)]), "cut_short") == []
