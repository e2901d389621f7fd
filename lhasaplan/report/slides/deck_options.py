"""The slides of what was worked out beside the plan: proposals with their trade-off, and how a district conforms to the city."""

from lhasaplan.core.base.wording import marked
from lhasaplan.core.siting.option_words import last_in_words
from lhasaplan.report.city_plan.conformity_chapter import CONFORMITY, differences, how_it_stands, which_plan
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.city_plan.proposals_chapter import (
    BASIS,
    LEAD,
    TITLE,
    disclosed_proposals_of,
    figures_grid,
    trade_off_figure,
)
from lhasaplan.report.maps.trade_off_chart import PROJECTED
from lhasaplan.report.slides.deck import Slide, SlideBlock
from lhasaplan.report.slides.deck_chapters import first_rows
from lhasaplan.report.slides.deck_notes import how_to_say, source
from lhasaplan.report.text.document import Grid, Paragraph

CHART_SHARE = 0.47
NONE_IS_ADVISED = marked("That nothing changes is one of the options, and none of them is recommended.")


def conformity_slides(facts: PlanFacts, file: str) -> list[Slide]:
    """Return how a district's plan stands to the city's, with the reason for each difference; nothing of a city's plan."""
    found, wording = facts.order.conformity, facts.wording
    if found is None:
        return []
    tables = [row for grid in differences(facts, found)[:1] for row in first_rows(grid, wording)]
    notes = source(wording, file, wording(CONFORMITY))
    return [
        Slide(wording(CONFORMITY), (Paragraph(how_it_stands(facts, found), "lead"), *which_plan(facts, found), *tables), (notes,))
    ]


def proposals_slides(facts: PlanFacts, file: str) -> list[Slide]:
    """Return the proposals and, beside them, their trade-off: what is served and what is shown unasked in one rank."""
    told, wording = disclosed_proposals_of(facts), facts.wording
    if told is None:
        return []
    whole = figures_grid(facts, told)
    columns = {"reached": marked("Reached of what is asked, %"), "unasked": marked("Unasked ground, m²")}
    kept = [0, 1, *(whole.headings.index(wording(text)) for text in columns.values())]
    table = Grid(
        tuple(whole.headings[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in whole.rows),
        (2.6, 1.2, 1.3, 1.3),
        numeric=frozenset({1, 2, 3}),
    )
    last = " ".join(last_in_words(told.curve, wording))
    said = (Paragraph(last), Paragraph(wording(NONE_IS_ADVISED)), Paragraph(wording(BASIS), "small"))
    blocks: tuple[SlideBlock, ...] = (table, *(each for each in said if each.text))
    notes = wording(LEAD), source(wording, file, wording(TITLE)), how_to_say(wording)
    return [Slide(wording(TITLE), blocks, notes, trade_off_figure(facts, told, PROJECTED), CHART_SHARE)]
