"""The slides on which a meeting decides: what was worked out beside the plan, places before and after, costs."""

from collections.abc import Mapping, Sequence

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.records.minutes import Item
from lhasaplan.core.siting.option_words import last_in_words
from lhasaplan.report.city_plan.asked_decisions import asked_now, decided_before
from lhasaplan.report.city_plan.conformity_chapter import CONFORMITY, differences, how_it_stands, which_plan
from lhasaplan.report.city_plan.delivery import phases, removals
from lhasaplan.report.city_plan.layout import before_and_after, key_places, part_name, planned_cameras
from lhasaplan.report.city_plan.options_chapter import (
    BASIS,
    PROPOSALS_LEAD,
    TITLE,
    disclosed_proposals_of,
    figures_grid,
    trade_off_figure,
)
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.drafts.plan_chapters import Motion, motion_grid, motion_rows
from lhasaplan.report.facts.alternatives import cure_grid
from lhasaplan.report.facts.common_findings import common_ground
from lhasaplan.report.facts.summary import today
from lhasaplan.report.maps.trade_off_chart import PROJECTED
from lhasaplan.report.slides.deck import Ballot, Slide, SlideBlock, how_to_say, source
from lhasaplan.report.slides.deck_chapters import first_rows
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Grid, Paragraph
from lhasaplan.report.text.style import load_slide_style

# The slides on which a meeting decides: places before and after, costs, what goes, and each decision asked for on one.

APPENDIX = marked("Appendix")
FOR_QUESTIONS = marked("What follows stands here for questions; it is not shown in the meeting unless somebody asks.")
ASK = marked(
    "Put the question. Write decision, outcome, by whom and until when into the row {item} of minutes.xlsx: import takes it "
    "back, and it stands then in the plan and on this slide."
)


def place_slides(facts: PlanFacts, file: str) -> list[Slide]:
    """Return the places that the planned cameras change most, before and after, a slide each."""
    wording, most = facts.wording, int(load_slide_style()["fit"]["places"])
    notes = source(wording, file, wording(marked("Key places before and after"))), how_to_say(wording)
    title = marked("Before and after: {place}")
    found = [(result, before_and_after(facts, result)) for result in key_places(facts.assessment)[:most]]
    return [
        Slide(wording(title, place=part_name(facts, result)), (Paragraph(figure.caption), figure), notes)
        for result, figure in found
        if figure is not None
    ]


def costs_slide(facts: PlanFacts, file: str) -> Slide:
    """Return the work by kind with its price, and what is done in which year; nothing is taken for free."""
    notes = source(facts.wording, file, facts.wording(marked("Phases and costs")))
    return Slide(facts.wording(marked("Phases and costs")), tuple(_tables(phases(facts), facts.wording)), (notes,))


def removals_slide(facts: PlanFacts, file: str) -> Slide:
    """Return the cameras that go, and when."""
    notes = source(facts.wording, file, facts.wording(marked("Cameras that go, and when")))
    return Slide(facts.wording(marked("Cameras that go, and when")), tuple(_tables(removals(facts), facts.wording)), (notes,))


def _tables(blocks: Sequence[Block], wording: Wording) -> list[SlideBlock]:
    """Return the first rows of the tables of a chapter; where it has none, its words."""
    grids = [block for block in blocks if isinstance(block, Grid)]
    texts = [block for block in blocks if isinstance(block, Paragraph)]
    return [row for grid in grids for row in first_rows(grid, wording)] if grids else list(texts)


def decision_slides(facts: PlanFacts, file: str) -> list[Slide]:
    """Return a slide for each decision that is asked for, with room to write it and what it rests on."""
    wording, asked = facts.wording, asked_now(facts)
    support = _support(facts)
    title = marked("Decision {number} of {count}")
    return [
        Slide(
            wording(title, number=number, count=len(asked)),
            (Paragraph(motion.text, "lead"), *_choices(motion, wording), _ballot(motion, wording), *support.get(motion.item, ())),
            (wording(ASK, item=motion.item), source(wording, file, wording(marked("Decision")))),
        )
        for number, motion in enumerate(asked, 1)
    ]


def earlier_slides(facts: PlanFacts, file: str) -> list[Slide]:
    """Return what was decided before and is not asked any more; nothing where nothing was."""
    wording, earlier = facts.wording, decided_before(facts)
    notes = source(wording, file, wording(marked("Decision")))
    title = wording(marked("Decided before"))
    return [Slide(title, tuple(first_rows(motion_grid(earlier, "", wording), wording)), (notes,))] if earlier else []


def _choices(motion: Motion, wording: Wording) -> list[Block]:
    """Return what may be chosen."""
    if not motion.choices:
        return []
    return [Paragraph(wording(marked("What may be chosen:")), "record"), Bullets(motion.choices)]


def _ballot(motion: Motion, wording: Wording) -> Ballot:
    headings = wording(marked("Decision")), wording(marked("By whom, until when"))
    return Ballot(headings, (motion_rows((motion,), wording)[0][1:],), (3, 2))


def _support(facts: PlanFacts) -> Mapping[str, Sequence[SlideBlock]]:
    """Return by item what a decision rests on: the figures that a meeting looks at while it decides."""
    wording, now = facts.wording, today(facts.assessment)
    cures = cure_grid(now, wording)
    asked = common_ground(now).questions
    questions = tuple((words.question_text(field, wording), str(count)) for field, count in asked)
    headings = wording(marked("Question")), wording(marked("Cameras"))
    found: dict[str, Sequence[SlideBlock]] = {
        Item.VIEWS: first_rows(cures, wording) if cures.rows else (),
        Item.ANSWERS: first_rows(Grid(headings, questions, (6, 1), numeric=frozenset({1})), wording) if questions else (),
    }
    if facts.assessment.parts is not None:
        found[Item.PLANNED] = tuple(_tables(planned_cameras(facts), wording))
        found[Item.REMOVALS] = tuple(_tables(removals(facts), wording))
    return found


def room_beside(slides: Sequence[Slide]) -> int:
    """Return for how many more slides a meeting has room."""
    return max(0, int(load_slide_style()["fit"]["meeting"]) - len(slides))


def meeting(
    shown: Sequence[Slide], decisions: Sequence[Slide], appendix: Sequence[Slide], wording: Wording
) -> tuple[tuple[Slide, ...], tuple[Slide, ...]]:
    """Return the slides of a meeting, at most as many as it is shown, decisions last, and its appendix with all others."""
    most = int(load_slide_style()["fit"]["meeting"])
    room = max(0, most - len(decisions))
    divider = Slide(wording(APPENDIX), (Paragraph(wording(FOR_QUESTIONS), "lead"),), (wording(FOR_QUESTIONS),))
    told = (*shown[:room], *decisions)
    return told[:most], (divider, *shown[room:], *told[most:], *appendix)


# The slides of what was worked out beside the plan: proposals with their trade-off, and how a district conforms to the city.

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
    notes = wording(PROPOSALS_LEAD), source(wording, file, wording(TITLE)), how_to_say(wording)
    return [Slide(wording(TITLE), blocks, notes, trade_off_figure(facts, told, PROJECTED), CHART_SHARE)]
