"""The chapter that heads a district's plan: how it stands to the city's, with the reason for each difference."""

from lhasaplan.core.base.wording import marked
from lhasaplan.core.districts.conformity import Conformity, ConformityRow, Difference
from lhasaplan.core.districts.conformity_words import NAMES, row_in_words
from lhasaplan.report.city_plan.plan_facts import PlanFacts
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import short_number

DERIVED = marked(
    "This plan was derived from the plan {city} on {date}. Cameras kept as in the city's plan: {kept}. Differences: {differ}, "
    "of these without a reason as yet: {open}."
)
TOLERANCES = marked(
    "Counted as alike is what stands no more than {moved} m off, looks no more than {turned}° another way, and shows no more "
    "than {unasked} m² of further ground that no part asks for; a part that is served by no more than {share} % less is served "
    "as before. No law sets these figures; they are a policy of this program."
)
NEIGHBOURS = marked(
    "Cameras in this plan that stand outside the district: {cameras}. They show some of it, or serve what its own cameras serve; "
    "they belong to the plans of their own districts, and their work and costs are not counted here."
)
LEAVES = marked("This copy tells no more than how often each difference occurs.")


def conformity_chapter(facts: PlanFacts) -> list[Block]:
    """Return the table of differences, or how many there are where positions are coarse; nothing of a plan that is a city's."""
    found, wording = facts.order.conformity, facts.wording
    if found is None:
        return []
    rules, counts = found.rules, found.counts
    text = wording(
        DERIVED,
        date=facts.filled(found.made_on),
        city=found.city,
        kept=counts[Difference.KEPT],
        differ=sum(row.asks_reason for row in found.rows),
        open=found.unexplained,
    )
    tolerances = {
        "moved": short_number(rules.moved_m, wording),
        "turned": short_number(rules.turned_deg, wording),
        "unasked": short_number(rules.unasked_m2, wording),
        "share": short_number(100.0 * rules.share, wording),
    }
    return [
        Heading(wording(marked("Conformity with the city's plan")), 1, on_new_page=True),
        Paragraph(text, "lead"),
        *_tables(facts, found),
        *_neighbours(facts),
        Paragraph(wording(TOLERANCES, **tolerances), "small"),
    ]


def _tables(facts: PlanFacts, found: Conformity) -> list[Block]:
    """Return the differences with their reasons and then what is kept, or the bare counts."""
    wording = facts.wording
    if facts.assessment.public_precision_deg is not None:
        counts = tuple((wording(NAMES[each]), str(count)) for each, count in found.counts.items())
        grid = Grid(
            (wording(marked("Difference")), wording(marked("Cameras and parts"))),
            counts,
            (3, 1),
            wording(marked("How often each difference occurs")),
            frozenset({1}),
            "conformity",
        )
        return [Paragraph(wording(LEAVES)), grid]
    differing, kept = ([row for row in found.rows if row.asks_reason is wanted] for wanted in (True, False))
    headings = tuple(
        map(wording, (marked("Camera or part"), marked("Difference"), marked("City's plan and this plan"), marked("Reason")))
    )
    rows = tuple(
        (_name(facts, row), wording(NAMES[row.difference]), row_in_words(row, wording), _reason(facts, row)) for row in differing
    )
    caption = wording(marked("Differences from the city's plan, and why"))
    table: list[Block] = [Grid(headings, rows, (1.9, 1.0, 3.0, 2.2), caption, anchor="conformity")] if rows else []
    same = tuple((_name(facts, row), row_in_words(row, wording)) for row in kept)
    heads = wording(marked("Camera")), wording(marked("City's plan and this plan"))
    if same:
        table.append(Grid(heads, same, (3, 3), wording(marked("Cameras that are kept")), anchor="kept"))
    return table


def _name(facts: PlanFacts, row: ConformityRow) -> str:
    """Return what a camera or part is called; one that is not in this project has the name of the city's record."""
    if row.is_part:
        return facts.called.parts.get(row.subject, row.subject)
    if row.subject in facts.called.cameras:
        return facts.called.title(row.subject)
    camera = row.before or row.after
    return (camera.name if camera is not None else "") or row.subject


def _reason(facts: PlanFacts, row: ConformityRow) -> str:
    if row.reason is None:
        return facts.filled("")
    return " · ".join(each for each in (row.reason.reason, row.reason.by, row.reason.on) if each)


def _neighbours(facts: PlanFacts) -> list[Block]:
    outside = [result for result in facts.standing if not facts.is_own(result.area_names)]
    return [Paragraph(facts.wording(NEIGHBOURS, cameras=len(outside)))] if outside else []
