"""Present state, purposes with their evidence, and the principles of a plan."""

from lhasaplan.core.base.translations import marked
from lhasaplan.core.results.withheld import Matter
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.drafts.chapters import totals
from lhasaplan.report.drafts.plan_chapters import sightings_before_and_after
from lhasaplan.report.facts.basis import WHY_ASKED, basis_text, withholds
from lhasaplan.report.facts.short_answer import answer_text
from lhasaplan.report.facts.summary import today
from lhasaplan.report.facts.tables import part_table
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph, reference

PRINCIPLES = (
    marked(
        "A camera serves a stated purpose at a confirmed part; otherwise it is removed. The right number of cameras "
        "is the smallest that is enough."
    ),
    marked("Means without a camera come first: light, a mirror, a barrier, an induction loop, a gauge, staff."),
    marked("The plan takes the lowest density that is enough. To see vehicles or a crowd, no face has to be recognisable."),
    marked("A camera is fixed. A sign announces it before people enter its view. It has an end or review date."),
    marked("No sound is recorded. Nobody is recognised or followed. No program analyses the pictures."),
    marked("Ground that no purpose asks for is reported as prominently as what is served."),
)
NEVER = (
    marked("homes with their yards, gardens, windows and doors"),
    marked("places of worship, the squares before them and the ways to them"),
    marked("hospital wards, clinics, doctors, shelters and places where people seek help"),
    marked("school yards and playgrounds, baths, changing rooms and toilets"),
    marked("cemeteries, polling places, and the offices of the press, unions, parties and lawyers"),
)


def present_state(facts: PlanFacts) -> list[Block]:
    """Return what stands today and what it can see."""
    translations, current = facts.translations, today(facts.assessment)
    return [
        Heading(translations(marked("Present state")), 1, on_new_page=True),
        Paragraph(answer_text(current, translations), "lead"),
        Paragraph(basis_text(facts.assessment, translations)),
        *totals(facts.assessment, translations),
        *sightings_before_and_after(facts.assessment, translations),
    ]


def purposes(facts: PlanFacts) -> list[Block]:
    """Return for each confirmed part who asks what, why, and what was considered first; then how it is served."""
    translations = facts.translations
    heading = Heading(translations(marked("Purposes and evidence")), 1)
    if withholds(facts.assessment, Matter.REASONS):
        return [heading, Paragraph(translations(WHY_ASKED)), served_grid(facts)]
    ids = {result.part.part_id for result in facts.assessment.parts or ()}
    rows = tuple(
        (facts.called.parts.get(c.part_id, c.part_id), c.purpose, c.reason, c.milder_means, f"{c.by}, {c.date}")
        for c in facts.project.confirmations
        if c.part_id in ids
    )
    headings = (
        translations(marked("Part")),
        translations(marked("Purpose")),
        translations(marked("Reason")),
        translations(marked("Milder means considered")),
        translations(marked("Confirmed by")),
    )
    caption = translations(marked("What is asked, and why"))
    asked = Grid(headings, rows, (1.9, 1.4, 1.9, 1.9, 1.3), caption, anchor="purposes")
    text = marked(
        "{asked} says what is asked for each part and on what evidence. {served} says how each part is served today "
        "and with the plan."
    )
    return [
        heading,
        Paragraph(translations(text, asked=reference("purposes"), served=reference("served"))),
        asked,
        served_grid(facts),
    ]


def served_grid(facts: PlanFacts) -> Grid:
    """Return how each confirmed part is served today and with the planned cameras."""
    keys = ("label", "required_px_m", "verdict", "share_served", "verdict_after", "share_served_after", "responsible")
    table = part_table(facts.assessment, facts.translations, facts.called.parts)
    grid = grid_of(table, keys, (2.6, 0.95, 1.15, 1.1, 1.2, 1.15, 1.6), facts.translations)
    caption = facts.translations(marked("How the confirmed parts are served"))
    return Grid(grid.headings, grid.rows, grid.widths, caption, grid.numeric, "served")


def principles(facts: PlanFacts) -> list[Block]:
    """Return by what the plan is made, and what is never a purpose, a gap or a proposal."""
    translations = facts.translations
    return [
        Heading(translations(marked("Principles, and what is never covered")), 1),
        Bullets(tuple(map(translations, PRINCIPLES))),
        Paragraph(translations(marked("Never to be covered, whatever a rule or map says:")), "record"),
        Bullets(tuple(map(translations, NEVER))),
        Paragraph(
            translations(
                marked("If a view reaches such a place all the same, it becomes a finding with the remedy that ends it.")
            )
        ),
    ]
