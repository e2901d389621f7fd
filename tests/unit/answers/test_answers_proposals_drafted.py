"""Proposals in the draft of a plan: the figures of the options, the trade-off, and a reason for each camera."""

import dataclasses

import pytest
from answers_town import box, camera, layer
from test_answers_check import drawn
from test_answers_siting import LITTLE, council_of, open_gate, with_roads

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.siting.choosing import allowances
from lhasaplan.core.siting.disclosed_proposals import DisclosedProposals, disclosed_options, may_disclose_all
from lhasaplan.core.siting.options import trade_off
from lhasaplan.core.siting.robustness import redundancy
from lhasaplan.ports import DraftOrder
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.chapters.options_chapter import proposals_chapter
from lhasaplan.report.facts.called import Called, new_camera_names
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.text.document import Figure, Grid

__all__ = ["open_gate"]


def reported_of(council):
    options = tuple(council.option(each) for each in allowances(1, 2))
    discloses_all = may_disclose_all(council, private=False)
    curve, overlap = trade_off(council, 2), redundancy(council.live, council.table, LITTLE)
    return DisclosedProposals(
        council, disclosed_options(council, options, discloses_all=discloses_all), curve, overlap, discloses_all
    )


def chapter(reported, **order):
    project, translations = with_roads(), Translations()
    names = Called({"c1": "c1"}, {}, {}, translations)
    return proposals_chapter(
        DraftFacts(project, None, BaseMap(project), names, translations, DraftOrder(proposals=reported, **order))
    )


@pytest.fixture
def council():
    second = dataclasses.replace(drawn(density=50.0, name="p2"), wkt=drawn(shape=None).wkt)
    return council_of(with_roads(camera("c1", azimuth=60.0, range_m=32.0, hfov_deg=30.0)), drawn(density=60.0), second)


def test_that_each_camera_of_an_option_says_why(council):
    reported = reported_of(council)
    others = [block for block in chapter(reported) if isinstance(block, Grid)]
    changing = [each for each in reported.options[1:] if each.option.proposal.changes]
    assert len(others) == len(changing) > 0
    names = {"c1": "c1"} | new_camera_names(with_roads(), [each.option for each in reported.options], Translations())
    for grid, each in zip(others, changing, strict=True):
        changed = list(dict.fromkeys(change.camera_id for change in each.option.proposal.changes))
        assert [row[0] for row in grid.rows] == [names[key] for key in changed]
        for row, key in zip(grid.rows, changed, strict=True):
            reason = each.reasons.get(key)
            assert all(row)
            assert reason is None or row[3] == f"{reason.state.unasked_m2:.0f}"


def test_that_the_trade_off_is_a_chart_whose_points_are_told_in_words(council):
    reported = reported_of(council)
    (figure,) = [block for block in chapter(reported) if isinstance(block, Figure)]
    assert figure.png.startswith(b"\x89PNG")
    assert figure.alt.count("new camera") == len(reported.curve) > 1


def test_that_a_plan_of_one_area_and_a_draft_that_nobody_asked_for_have_none(council):
    assert chapter(None) == []
    assert chapter(reported_of(council), area="North") == []


def test_that_beside_an_undisclosed_place_the_draft_tells_no_frontage_and_no_weights():
    beside = layer("places", ("way/99", box(-30, 60, -12, 84), {"amenity": "womens_refuge"}))
    project = with_roads(camera("c1", azimuth=60.0, range_m=32.0, hfov_deg=30.0))
    reported = reported_of(
        council_of(dataclasses.replace(project, layers={**project.layers, "places": beside}), drawn(density=60.0))
    )
    blocks = chapter(reported)
    assert not reported.discloses_all
    text = " ".join(str(block) for block in blocks if not isinstance(block, Figure))
    for word in ("frontage", "weighs", "counted double"):
        assert word not in text
