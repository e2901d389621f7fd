"""Proposals on a slide: the figures of the plan's table, served and unasked in one rank, and the trade-off beside them."""

import pytest
from test_answers_proposals_drafted import council, open_gate, reported_of

from lhasaplan.core.base.translations import Translations
from lhasaplan.ports import DraftOrder
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.facts.called import Called
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.slides.deck_flow import pages_of
from lhasaplan.report.slides.deck_plan import proposals_slides
from lhasaplan.report.text.document import Figure, Paragraph

__all__ = ["council", "open_gate"]


@pytest.fixture
def facts(council):
    names, translations = Called({}, {}, {}, Translations()), Translations()
    reported = reported_of(council)
    project = council.project
    return DraftFacts(project, None, BaseMap(project), names, translations, DraftOrder(proposals=reported))


def test_that_the_slide_has_the_curve_with_its_points_in_words(facts):
    (slide,) = proposals_slides(facts, "plan.docx")
    assert isinstance(slide.side, Figure)
    assert slide.side.alt.count("new camera") == len(facts.order.proposals.curve)
    reported = " ".join(block.text for block in slide.blocks if isinstance(block, Paragraph))
    assert "The program recommends none." in reported
    assert "To serve the last" in reported
    assert len(pages_of(slide)) == 1


def test_that_a_deck_of_one_area_and_one_that_nobody_asked_for_have_no_such_slide(facts):
    assert (
        proposals_slides(DraftFacts(facts.project, None, facts.base, facts.called, facts.translations, DraftOrder()), "plan.docx")
        == []
    )
    order = DraftOrder(area="North", proposals=facts.order.proposals)
    assert (
        proposals_slides(DraftFacts(facts.project, None, facts.base, facts.called, facts.translations, order), "plan.docx") == []
    )
