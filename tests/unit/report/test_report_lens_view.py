"""When the survey sheet of a planned camera has a view through its lens: facts about the record, the order and the level."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from report_factory import a_check, a_project, planned_camera

from lhasaplan.core.base.translations import Translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.documents.audit_and_plan import compose_plan
from lhasaplan.report.text.document import Figure, Heading
from lhasaplan.workflow.drafting import POSE, LensPictures, is_posed

VIEW = "What camera"


def a_picture(people=()):
    """Return what a writer reads of a picture: its colours, and how far off its people stand."""
    return SimpleNamespace(rgb=np.zeros((54, 96, 3), np.uint8), people=[SimpleNamespace(away_m=each) for each in people])


def views(order, **changes):
    draft = compose_plan(a_project(), a_check(**changes), Translations(), order)
    starts = [n for n, block in enumerate(draft.blocks) if isinstance(block, Heading) and "survey sheets" in block.text]
    assert len(starts) == 1  # there are sheets, with or without a view
    return [block for block in draft.blocks[starts[0] :] if isinstance(block, Figure) and block.caption.startswith(VIEW)]


def posed():
    camera = planned_camera().placed.camera
    return replace(camera, mount_height_m=4.0, azimuth_deg=90.0, tilt_deg=10.0, hfov_deg=60.0)


@pytest.mark.parametrize("missing", POSE)
def test_that_no_picture_is_drawn_while_one_of_the_four_is_not_recorded(missing):
    assert is_posed(posed())
    assert not is_posed(replace(posed(), **{missing: None}))


def test_that_a_camera_without_a_pose_or_of_another_project_costs_no_town():
    def read_data():
        raise AssertionError("the town was set up")

    shown = a_check()
    guessed = replace(posed(), tilt_deg=None)
    pictures = LensPictures(replace(a_project(), cameras=(guessed,)), shown, read_data)
    assert pictures(guessed.camera_id) is None
    assert pictures("of another project") is None
    with pytest.raises(AssertionError, match="the town was set up"):
        LensPictures(replace(a_project(), cameras=(posed(),)), shown, read_data)(posed().camera_id)


def test_that_each_planned_camera_whose_picture_can_be_drawn_has_it_in_its_sheet():
    asked = []

    def picture_of(camera_id):
        asked.append(camera_id)
        return a_picture()

    assert len(views(DraftOrder(picture_of=picture_of))) == 1
    assert asked == ["plan-1"]  # one that operates has no sheet


def test_that_a_sheet_has_no_view_where_nobody_can_draw_it():
    assert views(DraftOrder(picture_of=lambda _id: None)) == []
    assert views(DraftOrder(date="2026-01-01")) == []  # what is drafted without options, or coarse, is told no way to draw


def test_that_the_words_of_a_view_say_that_it_is_drawn_and_how_far_off_its_people_stand():
    [view] = views(DraftOrder(date="2026-01-02", picture_of=lambda _id: a_picture((12.0, 30.5))))
    assert (
        "Drawn from the map and the record: this is no camera picture, and nobody in it is real. Protected places are veiled"
        in view.caption
    )
    assert view.alt.endswith("Figures of people stand 12, 30.5 m from the lens.")
    assert view.png[:8] == b"\x89PNG\r\n\x1a\n"
