"""The slides that only a plan has: options with the zero option, parts before and after, proof, what is seen twice."""

from collections.abc import Sequence

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.city_plan.layout import planned_cameras
from lhasaplan.report.city_plan.plan_facts import OptionFigures, PlanFacts, grave_places, option_figures, option_grid
from lhasaplan.report.drafts.plan_chapters import Option, option_of, overlap_chapter, removable_line, zero_option
from lhasaplan.report.facts.part_options import GROUPS, service_chapter, sums_blocks
from lhasaplan.report.facts.short_answer import COUNTED, yardstick
from lhasaplan.report.facts.summary import of_status, standing_with_plan
from lhasaplan.report.slides.deck import Chart, KeyFigure, KeyFigures, Series, Slide, how_to_say, source
from lhasaplan.report.slides.deck_chapters import first_items, first_rows
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Grid, Paragraph
from lhasaplan.report.text.numerals import grouped_text
from lhasaplan.report.text.style import load_slide_style

MOST_NAMES = 24  # cameras named in a sentence that is read from a slide; more are counted, and named in the report
OPTIONS = (marked("No camera"), marked("Today"), marked("With planned cameras"))


def three_options(assessment: Assessment) -> tuple[Option, Option, Option]:
    """Return no camera, today, and with the planned cameras."""
    today = of_status(assessment, Status.OPERATING)
    both = standing_with_plan(assessment)
    return zero_option(assessment), option_of(assessment, today, after=False), option_of(assessment, both, after=True)


def plan_answer_slide(assessment: Assessment, wording: Wording, file: str) -> Slide:
    """Return the answer of a plan: one sentence, and three figures of one rank, each for the three options."""
    found, parts = three_options(assessment), len(assessment.parts or ())
    none, today, then = found
    sentence = wording(
        marked(
            "With the planned cameras {met_then} of {parts} confirmed parts are met, today {met}, without any camera {met_none}. "
            "Certain views onto homes, likely dwellings or other protected places that are due or an error: then {grave_then}, "
            "today {grave}. Ground in view that no part asks for: then {unasked_then} m², today {unasked} m²."
        ),
        parts=parts,
        met=today.verdicts[Verdict.MET],
        met_then=then.verdicts[Verdict.MET],
        met_none=none.verdicts[Verdict.MET],
        grave=today.grave,
        grave_then=then.grave,
        unasked=grouped_text(today.unasked_m2, wording),
        unasked_then=grouped_text(then.unasked_m2, wording),
    )
    operating, both = of_status(assessment, Status.OPERATING), standing_with_plan(assessment)
    places = wording(
        marked(
            "Protected places in those certain views, one counted for each camera that shows it: then {places_then}, "
            "today {places}."
        ),
        places_then=grave_places(both),
        places=grave_places(operating),
    )
    sentence = words.running_text([sentence, places])
    met = [wording(marked("{count} of {parts}"), count=one.verdicts[Verdict.MET], parts=parts) for one in found]
    unasked = [f"{grouped_text(one.unasked_m2, wording)} m²" for one in found]
    figures = KeyFigures(
        (
            _figure(wording(marked("Confirmed parts that are met")), met, wording),
            _figure(wording(marked("Ground in view that no part asks for (summed over cameras)")), unasked, wording),
            _figure(wording(marked("Certain views due or error")), [str(one.grave) for one in found], wording),
        )
    )
    notes = (source(wording, file, wording(marked("Options")), "parts", "parts, totals"), how_to_say(wording))
    return Slide(wording(marked("The answer")), (Paragraph(sentence, "lead"), figures, *yardstick(assessment, wording)), notes)


def _figure(label: str, values: Sequence[str], wording: Wording) -> KeyFigure:
    return KeyFigure(label, tuple(zip(map(wording, OPTIONS), values, strict=True)))


def options_slide(facts: PlanFacts, file: str) -> Slide:
    """Return the options side by side, no camera among them."""
    wording = facts.wording
    text = marked(
        "A cost that is to be filled in waits for the unit prices of the administration; nothing is ever taken for free."
    )
    table = option_grid(option_figures(facts), "", wording)
    notes = source(wording, file, wording(marked("Options")), "sums", "parts, totals.parts_by")
    title = wording(marked("Options, “No camera” among them"))
    below = Paragraph(wording(text)), Paragraph(wording(COUNTED), "small")
    return Slide(title, (table, *below), (notes, how_to_say(wording)))


def compared_slide(facts: PlanFacts, file: str) -> Slide:
    """Return the options as two charts of one size: what each serves, and what each shows that no part asks for."""
    wording, rows = facts.wording, option_figures(facts)
    alt = wording(marked("Bars: verdicts of the confirmed parts, one bar for each option."))
    notes = source(wording, file, wording(marked("Options")), "sums", "parts, totals.parts_by")
    charts = verdict_chart(rows, alt, wording), unasked_chart(rows, wording)
    return Slide(wording(marked("The options compared")), charts, (notes, how_to_say(wording)))


def unasked_chart(rows: Sequence[OptionFigures], wording: Wording) -> Chart:
    """Return how much ground each option shows that no part asks for."""
    alt = wording(marked("Bars: ground in view that no part asks for, one bar for each option."))
    name, colour = wording(marked("Ground in view that no part asks for (m², summed)")), load_slide_style()["verdicts"]["partial"]
    series = Series(name, tuple(float(round(row.unasked_m2)) for row in rows), colour)
    return Chart(alt, tuple(row.title(wording) for row in rows), (series,), stacked=False)


def verdict_chart(rows: Sequence[OptionFigures], alt: str, wording: Wording) -> Chart:
    """Return how many parts have each verdict, one bar for each option."""
    colours = load_slide_style()["verdicts"]
    series = tuple(
        Series(
            words.word(words.VERDICTS, verdict, wording), tuple(float(one.verdicts[verdict]) for one in rows), colours[verdict]
        )
        for verdict in Verdict
        if any(one.verdicts[verdict] for one in rows)
    )
    return Chart(alt, tuple(row.title(wording) for row in rows), series)


def verdict_slide(assessment: Assessment, wording: Wording, file: str) -> list[Slide]:
    """Return the verdicts by category, before and after; nothing without parts."""
    name = wording(GROUPS["category"])
    grids = [block for block in sums_blocks(assessment, wording) if isinstance(block, Grid)]
    if not grids:
        return []
    [grid] = grids
    rows = tuple(row[1:] for row in grid.rows if row[0] == name)
    by_category = Grid((name, *grid.headings[2:]), rows, grid.widths[1:], numeric=frozenset({1}))
    heading = wording(marked("Verdicts by category, area and responsible body"))
    notes = source(wording, file, heading, "sums", "totals.parts_by")
    return [Slide(wording(marked("Confirmed parts by category, before and after")), (by_category,), (notes,))]


def proof_slides(facts: PlanFacts, file: str) -> list[Slide]:
    """Return what the parts that are not met rest on, and what would serve them, tried out; nothing where all are met."""
    wording = facts.wording
    chapter = service_chapter(facts.assessment, wording, facts.called.parts, facts.called.told)
    grids = [block for block in chapter if isinstance(block, Grid)]
    if not grids:
        return []
    evidence, *served = grids
    lead = wording(
        marked(
            "Each change was tried out alone, in the town: no part loses by it, and it brings no new view of a protected place "
            "that is due or an error. Serving a part without a camera comes first."
        )
    )
    none = [one for block in chapter if isinstance(block, Bullets) for one in first_items(block, wording)]
    heading = wording(marked("What the parts that are not met rest on, and what would serve them"))
    first = Slide(
        wording(marked("Why parts are not met")),
        tuple(first_rows(evidence, wording)),
        (source(wording, file, heading, "part_views", "parts.views"),),
    )
    tables = [block for grid in served for block in first_rows(grid, wording)]
    second = Slide(
        wording(marked("What would serve them, tried out")),
        (Paragraph(lead), *tables, *none),
        (source(wording, file, heading, "service", "parts.service"),),
    )
    return [first, second]


def twice_slide(facts: PlanFacts, file: str) -> Slide:
    """Return which cameras can go and which see the same."""
    wording = facts.wording
    line = removable_line(facts.operating, facts.called.numbers, wording)
    count = sum(bool(result.removable) for result in facts.operating)
    text = (
        line
        if count <= MOST_NAMES
        else wording(marked("Take down cameras that no part needs, each taken alone: {count}."), count=count)
    )
    blocks: list[Block] = [Paragraph(text, "lead")]
    for block in overlap_chapter(facts.assessment, wording, facts.called.titles)[1:]:
        blocks += first_rows(block, wording) if isinstance(block, Grid) else [block]
    notes = source(wording, file, wording(marked("Seen twice")), "overlaps", "overlaps")
    return Slide(wording(marked("What is seen twice and can go")), tuple(blocks), (notes,))


def planned_slide(facts: PlanFacts, file: str) -> Slide:
    """Return the planned cameras with what each would see."""
    wording = facts.wording
    blocks: list[Block] = []
    for block in planned_cameras(facts)[1:]:
        blocks += first_rows(block, wording) if isinstance(block, Grid) else [block]
    notes = source(wording, file, wording(marked("Planned cameras")), "cameras", "cameras")
    return Slide(wording(marked("Planned cameras")), tuple(blocks), (notes,))


def choice(wording: Wording) -> str:
    """Return the first thing to be decided of a plan: its three options in one rank."""
    return wording(marked("Choose an option: no camera, as today, or with the planned cameras. This draft orders nothing."))
