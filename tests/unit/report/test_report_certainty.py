"""Certain and possible: no output says of an assumed view what it says of a recorded one, and the answer comes first."""

import re
from dataclasses import replace

import pytest
from report_factory import a_check, a_project, an_assessment, certain_camera, possible_camera

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.records.minutes import Item
from lhasaplan.core.results.finding import Severity
from lhasaplan.io.content.catalogue import load_translations
from lhasaplan.report.chapters.draft_facts import facts_of
from lhasaplan.report.chapters.motions import asked_now
from lhasaplan.report.documents.audit_and_plan import compose_audit
from lhasaplan.report.documents.camera_pages import compose_camera_pages
from lhasaplan.report.documents.letter import compose_letters
from lhasaplan.report.facts.short_answer import first_blocks, gravest_possible, headline
from lhasaplan.report.formats.html import page
from lhasaplan.report.slides.council_deck import compose_audit_deck
from lhasaplan.report.slides.deck import KeyFigures
from lhasaplan.report.text.document import Bullets, Grid
from lhasaplan.report.text.finding_words import class_words, ground_words, unasked_words


def test_that_ground_of_a_camera_without_direction_is_what_it_may_be_able_to_see():
    assert ground_words(certain_camera(), Translations()) == "can see 800 m², of this 300 m² with no purpose stated"
    assert ground_words(possible_camera(), Translations()).startswith("may be able to see up to 1 250 m²")


def test_that_the_share_without_a_purpose_keeps_to_what_is_known():
    reported = [
        replace(one, necessity=replace(one.necessity, unasked_share=0.5)) for one in (certain_camera(), possible_camera())
    ]
    assert unasked_words(reported[0], Translations()) == "No purpose is stated for 50 % of what it can see."
    assert unasked_words(reported[1], Translations()) == "No purpose is stated for 50 % of what it may be able to see."


def letter_to_its_owner(project, assessment, translations):
    (camera,) = assessment.cameras
    owned = replace(camera, placed=replace(camera.placed, camera=replace(camera.placed.camera, owner="Works")))
    return compose_letters(project, replace(assessment, cameras=(owned,)), translations)[0].draft


def audit_with_a_page(project, assessment, translations):
    """Return an audit in which the possible views are as grave at either end, so that their camera has a page."""
    (camera,) = assessment.cameras
    sharp = tuple(replace(one, grade_low=one.grade_high) for one in camera.sightings)
    return compose_audit(project, replace(assessment, cameras=(replace(camera, sightings=sharp),)), translations)


def test_that_a_possible_view_is_called_so():
    assert class_words(certain_camera().sightings[0], Translations()) == "homes"
    assert class_words(possible_camera().sightings[0], Translations()) == "homes (possible)"


@pytest.mark.parametrize("compose", [audit_with_a_page, letter_to_its_owner, compose_camera_pages])
def test_that_no_table_row_of_an_assumed_camera_says_homes_without_a_word_of_doubt(compose):
    only = an_assessment(cameras=(possible_camera(),))
    only = replace(only, findings=tuple(f for f in only.findings if f.camera_id == "node/42"))
    draft = compose(a_project(), only, Translations())
    grids = [block for block in draft.blocks if isinstance(block, Grid)]
    views = [cell for grid in grids for row in grid.rows for cell in row if cell.startswith(("homes (", "view of homes"))]
    assert views
    assert all("(possible)" in cell for cell in views)


def test_that_a_popup_of_the_map_says_what_a_camera_may_be_able_to_see():
    text = page(a_project(), an_assessment(cameras=(possible_camera(),), findings=()), Translations())
    assert "may be able to see homes: note (assumed)" in text.replace("\\u003a", ":")
    assert not re.search(r"can see (?:homes|\d)", text)


def test_that_the_report_begins_with_the_gravest_finding_its_mitigation_and_its_article():
    draft = compose_audit(a_project(), a_check(), Translations())
    first = next(block for block in draft.blocks if isinstance(block, Bullets) and block.numbered)
    assert len(first.items) == 3  # the one view to end, the controllers to ask, the purposes to state
    assert first.items[0].startswith("Camera 1 · ")
    assert "end its view of homes" in first.items[0]
    assert first.items[0].endswith("(Art. 5(1)(c) (eu-gdpr))")
    assert draft.text().index("What to do first") < draft.text().index("Totals")


def test_that_views_that_may_be_grave_are_to_be_asked_about_first():
    camera = possible_camera()  # of homes an error at most, of other protected places due
    harmless = replace(camera, sightings=tuple(replace(one, grade_high=Severity.NOTE) for one in camera.sightings))
    assert gravest_possible(an_assessment(cameras=(certain_camera(), harmless))) == []
    found = gravest_possible(an_assessment(cameras=(certain_camera(), replace(camera, sightings=camera.sightings[:1]))))
    assert [(one.camera_id, one.kind) for one in found] == [("node/42", "view_home")]
    text = "\n".join(str(block) for block in first_blocks(an_assessment(cameras=(camera,)), Translations()))
    assert "Ask about first (1 of 1)" in text
    assert "may be able to see homes" in text


def test_that_the_headline_names_likely_dwellings_where_no_home_is_shown_too_sharply():
    home = certain_camera()
    likely = replace(home, sightings=tuple(replace(each, cls="dwelling_likely") for each in home.sightings))
    english = Translations()
    assert headline(an_assessment(cameras=(likely,)), english) == "1 of 1 cameras can see likely dwellings too sharply"
    homes = "1 of 1 cameras can see homes or other protected places too sharply"
    assert headline(an_assessment(cameras=(home,)), english) == homes


def table_of_sightings(assessment):
    blocks = compose_audit(a_project(), assessment, Translations()).blocks
    return next(block for block in blocks if isinstance(block, Grid) and block.headings[0] == "Cameras that can see")


def test_that_the_table_of_cameras_that_can_see_has_no_columns_and_no_classes_of_nothing_but_zeros():
    possible = table_of_sightings(an_assessment(cameras=(possible_camera(),)))
    assert possible.headings[1:] == ("possible", "of these due or severe: at least", "at most")
    assert [row[0] for row in possible.rows] == ["homes", "other protected places"]
    certain = table_of_sightings(an_assessment(cameras=(certain_camera(),)))
    assert certain.headings[1:] == ("certain: severe", "certain: due", "certain: note")


def test_that_no_camera_can_see_a_home_is_said_by_zeros():
    blind = table_of_sightings(an_assessment(cameras=(replace(certain_camera(), sightings=()),)))
    assert [set(row[1:]) for row in blind.rows] == [{"0"}, {"0"}]
    assert len(blind.headings) == 7


def test_that_a_deck_says_up_to_where_no_view_need_be_too_sharp():
    deck = compose_audit_deck(a_project(), an_assessment(cameras=(possible_camera(),)), Translations())
    (figures,) = (block for block in deck.slides[1].blocks if isinstance(block, KeyFigures))
    assert figures.items[0].label == "Views that may be too sharp"
    assert [text for _, text in figures.items[0].values] == ["up to 2"]


@pytest.mark.parametrize(
    ("language", "asked", "days"),
    [
        ("en", "Camera 1 has views that are too sharp.", "The mandate allows 1 day at most."),
        ("fr", "La caméra 1 a des vues trop nettes.", "Le mandat autorise 1 jour au plus."),
        ("de", "Die Einblicke von Kamera 1 sind zu scharf.", "Das Mandat erlaubt höchstens 1 Tag."),
    ],
)
def test_that_one_camera_one_view_and_one_day_are_not_told_as_many(language, asked, days):
    translations = load_translations(language)
    motions = asked_now(facts_of(a_project(), a_check(), translations))
    assert [each.text.startswith(asked) for each in motions if each.item == Item.VIEWS] == [True]
    assert translations("The mandate allows {days} days at most.", days="1") == days
    views = "Nothing is proven yet: depending on direction and lens, up to {views} views are too sharp"
    assert not re.search(r"views|vues|Einblicke", translations(views, views=1))
