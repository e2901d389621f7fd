"""The first page of a plan says where its coordinates put it."""

import shapely
from report_factory import a_check, a_project

from lhasaplan.core.base.translations import Translations
from lhasaplan.core.results.finding import Whereabouts
from lhasaplan.report.documents.audit_and_plan import compose_plan
from lhasaplan.report.slides.council_deck import compose_plan_deck
from lhasaplan.report.text.document import Contents, Cover, Figure, Grid

LINES = shapely.multilinestrings([[(24.0, -59.0), (25.0, -60.0), (26.0, -60.5)]])
WHERE = Whereabouts(24.941, -59.5, (("246", "Finland"),), "EPSG:3879, ETRS89 / GK25FIN", (20.0, -64.0, 30.0, -56.0), LINES)
CHECK = a_check(where=WHERE)


def first_page(check):
    blocks = compose_plan(a_project(), check, Translations()).blocks
    second = next(n for n, block in enumerate(blocks) if isinstance(block, Contents))
    return blocks[:second]


def test_that_system_place_country_and_a_locator_stand_on_the_first_page():
    mandate = next(block for block in first_page(CHECK) if isinstance(block, Cover))
    assert {
        ("Coordinate system", "EPSG:3879, ETRS89 / GK25FIN"),
        ("Place on Earth", "59.500° S, 24.941° E"),
        ("Country at this place", "Finland (246)"),
    } <= set(mandate.facts)
    [map_] = [block for block in first_page(CHECK) if isinstance(block, Figure)]
    assert map_.png.startswith(b"\x89PNG")


def test_that_the_locator_is_the_same_picture_each_time():
    pictures = [block.png for _ in range(2) for block in first_page(a_check(where=WHERE)) if isinstance(block, Figure)]
    assert pictures[0] == pictures[1]


def test_that_the_gate_is_called_a_check_of_declarations_on_every_plan():
    for check in (CHECK, a_check()):
        mandate = next(block for block in first_page(check) if isinstance(block, Cover))
        assert "The gate checks declarations" in dict(mandate.facts)["Planning gate"]


def test_that_the_first_slide_says_it_in_a_line_and_another_shows_it():
    deck = compose_plan_deck(a_project(), CHECK, Translations())
    front, *others = (*deck.slides, *deck.appendix)
    table = next(block for block in front.blocks if isinstance(block, Grid))
    rows = [row[:2] for row in table.rows]
    assert ("Place on Earth", "59.500° S, 24.941° E; Finland (246); EPSG:3879, ETRS89 / GK25FIN") in rows
    [shown] = [slide for slide in others if slide.title == "Where this plan lies, and what the gate is"]
    assert [type(block) for block in shown.blocks] == [Grid, Figure]
