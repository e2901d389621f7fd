"""The slides that only a plan has: options with the zero option, parts before and after, proof, what is seen twice."""

from collections.abc import Callable, Mapping, Sequence

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.records.minutes import Item
from lhasaplan.core.siting.option_words import last_in_words
from lhasaplan.report.chapters.audit_chapters import overlap_chapter, removable_line
from lhasaplan.report.chapters.conformity import CONFORMITY, differences, how_it_stands, which_plan
from lhasaplan.report.chapters.delivery import removals
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.chapters.layout import before_and_after, key_places, part_name, planned_cameras
from lhasaplan.report.chapters.motions import Motion, asked_now, decided_before, motion_grid, motion_rows
from lhasaplan.report.chapters.option_figures import (
    TODAY,
    OptionRow,
    ground_note,
    option_figures,
    option_grid,
    option_rows,
)
from lhasaplan.report.chapters.options_chapter import (
    PROPOSALS_LEAD,
    trade_off_figure,
)
from lhasaplan.report.facts.common_findings import common_ground, questions_grid
from lhasaplan.report.facts.necessity import mitigation_grid
from lhasaplan.report.facts.part_options import GROUPS, service_chapter, sums_blocks
from lhasaplan.report.facts.short_answer import COUNTED, yardstick
from lhasaplan.report.facts.summary import grave_views_of, removable_ids
from lhasaplan.report.maps.plan_figures import PROJECTED
from lhasaplan.report.slides.deck import Ballot, Chart, ChartSeries, KeyFigure, KeyFigures, Slide, SlideBlock, how_to_say, source
from lhasaplan.report.slides.deck_chapters import first_items, first_rows, shown_of
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Grid, Paragraph
from lhasaplan.report.text.style import load_slide_style

# The slides on which a meeting decides: what was worked out beside the plan, places before and after, costs.

# The slides on which a meeting decides: places before and after, costs, what goes, and each decision asked for on one.
APPENDIX = marked("Annex")
NOTHING_KNOWN = "–"  # of what follows from a decision
FOR_QUESTIONS = marked("The following slides are for questions. They are shown in the meeting only if somebody asks.")
ASK = marked(
    "Put the question. Write decision, outcome, by whom and by when into row {item} of minutes.xlsx. The command "
    "import reads them back; they then stand in the plan and on this slide."
)


def place_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return the places that the planned cameras change most, before and after, a slide each."""
    translations, most = facts.translations, int(load_slide_style()["fit"]["places"])
    notes = source(translations, file, translations(marked("Key places before and after"))), how_to_say(translations)
    title = marked("Before and after: {place}")
    found = [(result, before_and_after(facts, result)) for result in key_places(facts.assessment)[:most]]
    return [
        Slide(translations(title, place=part_name(facts, result)), (Paragraph(figure.caption), figure), notes)
        for result, figure in found
        if figure is not None
    ]


def decision_slides(facts: DraftFacts, file: str, follows: Callable[[DraftFacts, Motion], str]) -> list[Slide]:
    """Return a slide for each decision that is asked for, with room to write it, what follows from it and what it rests on."""
    translations, asked = facts.translations, asked_now(facts)
    support = _support(facts)
    title = marked("Decision {number} of {count}")
    return [
        Slide(
            translations(title, number=number, count=len(asked)),
            (
                Paragraph(motion.text, "lead"),
                *_choices(motion, translations),
                _ballot(motion, translations),
                *_outcome(follows(facts, motion), translations),
                *support.get(motion.item, ()),
            ),
            (translations(ASK, item=motion.item), source(translations, file, translations(marked("Decision")))),
        )
        for number, motion in enumerate(asked, 1)
    ]


def earlier_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return what was decided before and is not asked any more; nothing where nothing was."""
    translations, earlier = facts.translations, decided_before(facts)
    notes = source(translations, file, translations(marked("Decision")))
    title = translations(marked("Decided before"))
    return [Slide(title, tuple(first_rows(motion_grid(earlier, "", translations), translations)), (notes,))] if earlier else []


def _choices(motion: Motion, translations: Translations) -> list[Block]:
    """Return what may be chosen."""
    if not motion.choices:
        return []
    return [Paragraph(translations(marked("The choices:")), "record"), Bullets(motion.choices)]


def _ballot(motion: Motion, translations: Translations) -> Ballot:
    headings = translations(marked("Decision")), translations(marked("By whom, until when"))
    return Ballot(headings, (motion_rows((motion,), translations)[0][1:],), (3, 2))


def _outcome(text: str, translations: Translations) -> list[Block]:
    said = translations(marked("{what}: {text}"), what=translations(marked("What follows")), text=text)
    return [] if text == NOTHING_KNOWN else [Paragraph(said, "small")]


def _support(facts: DraftFacts) -> Mapping[str, Sequence[SlideBlock]]:
    """Return by item what a decision rests on: the figures that a meeting looks at while it decides."""
    translations, now = facts.translations, facts.present.assessment
    mitigations, asked = mitigation_grid(now, translations), questions_grid(common_ground(now).questions, translations)
    found: dict[str, Sequence[SlideBlock]] = {
        Item.VIEWS: first_rows(mitigations, translations) if mitigations.rows else (),
        Item.ANSWERS: shown_of(asked, translations),
    }
    if facts.assessment.parts is not None:
        found[Item.PLANNED] = shown_of(planned_cameras(facts), translations)
        found[Item.REMOVALS] = shown_of(removals(facts), translations)
    return found


def with_divider(appendix: Sequence[Slide], translations: Translations) -> tuple[Slide, ...]:
    """Return the slides for questions behind one that says what they are and names them."""
    titles = translations("; ").join(dict.fromkeys(slide.title for slide in appendix))
    blocks = Paragraph(translations(FOR_QUESTIONS), "lead"), Paragraph(titles, "small")
    return Slide(translations(APPENDIX), blocks, (translations(FOR_QUESTIONS),)), *appendix


# The slides of what was worked out beside the plan: proposals with their trade-off, and how a district conforms to the city.
CHART_SHARE = 0.47
NONE_IS_ADVISED = marked("One of the options is that nothing changes. The program recommends none.")


def conformity_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return how a district's plan stands to the city's, with the reason for each difference; nothing of a city's plan."""
    found, translations = facts.order.conformity, facts.translations
    if found is None:
        return []
    tables = [row for grid in differences(facts, found)[:1] for row in first_rows(grid, translations)]
    notes = source(translations, file, translations(CONFORMITY))
    return [
        Slide(
            translations(CONFORMITY),
            (Paragraph(how_it_stands(facts, found), "lead"), *which_plan(facts, found), *tables),
            (notes,),
        )
    ]


def proposals_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return the trade-off of the proposals: what each further camera serves and what it shows unasked, in one rank."""
    reported, translations = facts.proposals, facts.translations
    if reported is None:
        return []
    title = translations(marked("What each further camera serves, and what else it shows"))
    said = (*last_in_words(reported.curve, translations), translations(NONE_IS_ADVISED))
    notes = translations(PROPOSALS_LEAD), source(translations, file, title), how_to_say(translations)
    return [Slide(title, tuple(map(Paragraph, said)), notes, trade_off_figure(facts, reported, PROJECTED), CHART_SHARE)]


MOST_NAMES = 24  # cameras named in a sentence that is read from a slide; more are counted, and named in the report
OPTIONS = (marked("No camera"), marked("Today"), marked("With planned cameras"))


WORDS_OF_PLAN = marked(
    "A part is what must be seen of a place, such as a crossing or the edge of a platform; somebody confirmed each. A view of "
    "homes or other protected places must end above 62.5 px/m, where the picture shows what people do. “Up to” adds what is only "
    "possible."
)


def plan_answer_slide(facts: DraftFacts, file: str) -> Slide:
    """Return the answer of a plan: one sentence, and three figures of one rank, each for the three options."""
    assessment, translations, rows = facts.assessment, facts.translations, option_rows(facts)
    none, today = rows[OptionKey.NONE], rows[TODAY]
    then, parts = rows.get(OptionKey.PROPOSED, today), len(assessment.parts or ())
    found = (none, today, then)
    views = (0, grave_views_of(facts.operating), grave_views_of(facts.standing))
    sentence = translations(
        marked(
            "With the planned cameras {met_then} of {parts} confirmed parts are met, today {met}, without any camera {met_none}. "
            "Views that must end with the plan: {grave_then}, today {grave}."
        ),
        parts=parts,
        met=today.met,
        met_then=then.met,
        met_none=none.met,
        grave=views[1],
        grave_then=views[2],
    )
    places = translations(
        marked("Protected places in those views: then {places_then}, today {places}."),
        places_then=then.places,
        places=today.places,
    )
    sentence = words.running_text([sentence, places])
    met = [translations(marked("{count} of {parts}"), count=one.met, parts=parts) for one in found]
    unasked = [f"{one.ground_text(translations)} m²" for one in found]
    figures = KeyFigures(
        (
            _figure(translations(marked("Confirmed parts that are met")), met, translations),
            _figure(translations(marked("Ground in view that no part asks for (summed over cameras)")), unasked, translations),
            _figure(translations(marked("Views that must end")), list(map(str, views)), translations),
        )
    )
    notes = (source(translations, file, translations(marked("Options")), "parts", "parts, totals"), how_to_say(translations))
    return Slide(
        translations(marked("The answer")),
        (
            Paragraph(sentence, "lead"),
            figures,
            Paragraph(translations(WORDS_OF_PLAN), "small"),
            *yardstick(assessment, translations),
        ),
        notes,
    )


def _figure(label: str, values: Sequence[str], translations: Translations) -> KeyFigure:
    return KeyFigure(label, tuple(zip(map(translations, OPTIONS), values, strict=True)))


def options_slide(facts: DraftFacts, file: str) -> Slide:
    """Return the options side by side, no camera among them."""
    translations = facts.translations
    text = marked("Costs stay open until the administration states the unit prices. No work is assumed to be free of charge.")
    table = option_grid(option_figures(facts), "", translations)
    notes = source(translations, file, translations(marked("Options")), "sums", "parts, totals.parts_by")
    title = translations(marked("Options, “No camera” among them"))
    below = Paragraph(translations(text)), Paragraph(words.running_text([ground_note(facts), translations(COUNTED)]), "small")
    return Slide(title, (table, *below), (notes, how_to_say(translations)))


def compared_slide(facts: DraftFacts, file: str) -> Slide:
    """Return the options as two charts of one size: what each serves, where there are parts, and what no part asks for."""
    translations, rows = facts.translations, option_figures(facts)
    alt = translations(marked("Bars: verdicts of the confirmed parts, one bar for each option."))
    notes = source(translations, file, translations(marked("Options")), "sums", "parts, totals.parts_by")
    charts = verdict_chart(rows, alt, translations), unasked_chart(rows, translations)
    some = tuple(chart for chart in charts if chart.series)  # without confirmed parts there is no verdict to count
    return Slide(translations(marked("The options compared")), some, (notes, how_to_say(translations)))


def unasked_chart(rows: Sequence[OptionRow], translations: Translations) -> Chart:
    """Return how much ground each option shows that no part asks for."""
    alt = translations(marked("Bars: ground in view that no part asks for, one bar for each option."))
    name, colour = (
        translations(marked("Ground in view that no part asks for (m², summed)")),
        load_slide_style()["verdicts"]["partial"],
    )
    certain, possible = (tuple(float(round(getattr(row, kind))) for row in rows) for kind in ("unasked_m2", "possible_m2"))
    series = [ChartSeries(name, certain, colour)]
    if any(possible):
        series.append(ChartSeries(translations(marked("possible")), possible, colour, hatched=True))
    return Chart(alt, tuple(row.title(translations) for row in rows), tuple(series))


def verdict_chart(rows: Sequence[OptionRow], alt: str, translations: Translations) -> Chart:
    """Return how many parts have each verdict, one bar for each option."""
    colours = load_slide_style()["verdicts"]
    series = tuple(
        ChartSeries(
            words.word(words.VERDICTS, verdict, translations),
            tuple(float(one.verdicts[verdict]) for one in rows),
            colours[verdict],
        )
        for verdict in Verdict
        if any(one.verdicts[verdict] for one in rows)
    )
    return Chart(alt, tuple(row.title(translations) for row in rows), series)


def verdict_slide(facts: DraftFacts, file: str) -> list[Slide]:
    """Return the verdicts by category, before and after; nothing without parts."""
    assessment, translations = facts.assessment, facts.translations
    name = translations(GROUPS["category"])
    grids = [block for block in sums_blocks(assessment, translations) if isinstance(block, Grid)]
    if not grids:
        return []
    [grid] = grids
    rows = tuple(row[1:] for row in grid.rows if row[0] == name)
    by_category = Grid((name, *grid.headings[2:]), rows, grid.widths[1:], numeric=frozenset({1}))
    heading = translations(marked("Verdicts by category, area and responsible body"))
    notes = source(translations, file, heading, "sums", "totals.parts_by")
    return [Slide(translations(marked("Confirmed parts by category, before and after")), (by_category,), (notes,))]


def proof_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return what the parts that are not met rest on, and what would serve them, tried out; nothing where all are met."""
    translations = facts.translations
    chapter = service_chapter(facts.assessment, translations, facts.called.parts, facts.called.reported)
    grids = [block for block in chapter if isinstance(block, Grid)]
    if not grids:
        return []
    evidence, *served = grids
    lead = translations(
        marked(
            "Each change was computed alone in the town. No part loses by it, and it brings no new view of a "
            "protected place that is due or severe. Means without a camera come first."
        )
    )
    none = [one for block in chapter if isinstance(block, Bullets) for one in first_items(block, translations)]
    heading = translations(marked("Evidence for the parts that are not met, and what would serve them"))
    first = Slide(
        translations(marked("Why parts are not met")),
        tuple(first_rows(evidence, translations)),
        (source(translations, file, heading, "part_views", "parts.views"),),
    )
    tables = [block for grid in served for block in first_rows(grid, translations)]
    second = Slide(
        translations(marked("Computed changes that would serve them")),
        (Paragraph(lead), *tables, *none),
        (source(translations, file, heading, "service", "parts.service"),),
    )
    return [first, second]


def twice_slide(facts: DraftFacts, file: str) -> Slide:
    """Return which cameras can go and which see the same."""
    translations = facts.translations
    line = removable_line(facts)
    count = len(removable_ids(facts.operating))
    text = (
        line
        if count <= MOST_NAMES
        else translations(marked("Take down cameras that no part needs, each considered alone: {count}."), count=count)
    )
    blocks = Paragraph(text, "lead"), *shown_of(overlap_chapter(facts), translations)
    notes = source(translations, file, translations(marked("Seen twice")), "overlaps", "overlaps")
    return Slide(translations(marked("What is seen twice and can be removed")), blocks, (notes,))
