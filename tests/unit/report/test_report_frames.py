"""Answers as frames: what may be shown alone, whatever is asked."""

import pytest
from report_factory import a_check, a_project, an_assessment

from lhasaplan.api.answers import Answer
from lhasaplan.bootstrap import open_services
from lhasaplan.errors import GateError, InputError
from lhasaplan.workflow import shown


def an_answer(assessment, private=False):
    services = open_services()
    values = shown(services, a_project(), assessment, private)
    return Answer(values[1], values[0], services)


def test_that_an_answer_holds_what_may_be_told_and_no_more():
    reported = an_assessment()
    answer = an_answer(an_assessment(disclosed=reported, findings=()))
    assert answer.assessment.disclosed is None
    assert len(answer.to_pandas("findings")) == len(reported.findings) > 0


def test_that_coarse_answers_have_no_field_no_frontage_and_no_name():
    answer = an_answer(an_assessment(public_precision_deg=0.01))
    assert answer.to_geopandas("fields").empty
    assert answer.to_geopandas("seen_frontage").geometry.isna().all()
    cameras = answer.to_pandas("cameras")
    assert cameras.camera_id.str.startswith("camera-").all()
    assert (cameras.lon.round(2) == cameras.lon).all()


@pytest.mark.parametrize("name", ["places", "protected", "buildings", "findings "])
def test_that_no_table_lists_places(name):
    with pytest.raises(InputError, match="is not a table of these results; the tables are: cameras, fields"):
        an_answer(a_check()).to_pandas(name)


def test_that_tables_of_a_check_are_refused_behind_a_closed_gate_and_missed_in_an_audit():
    with pytest.raises(GateError):
        an_answer(an_assessment()).to_pandas("parts")
    with pytest.raises(InputError, match="parts is a table of a check"):
        an_answer(a_check(parts=None)).to_pandas("parts")
    assert len(an_answer(a_check()).to_geopandas("parts")) == len(a_check().parts)


def test_that_a_frame_without_rows_keeps_its_columns_and_its_system():
    full, empty = an_answer(an_assessment()), an_answer(an_assessment(cameras=(), findings=()))
    for name in ("cameras", "fields", "night", "seen_frontage", "findings"):
        frame = empty.to_geopandas(name)
        assert frame.empty
        assert list(frame.columns) == list(full.to_geopandas(name).columns)
        assert frame.crs == full.to_geopandas(name).crs
