"""The slides that the audit deck and the plan deck share; every figure comes from the tables of the reports."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from lhasaplan.core.base.translations import DataState, Translations, marked
from lhasaplan.core.results.assessment import Assessment, PackUse
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.report.chapters.audit_chapters import OVERVIEW, limits, missing_for_planning
from lhasaplan.report.chapters.draft_facts import DraftChapter, DraftFacts
from lhasaplan.report.facts.basis import sources_and_rules
from lhasaplan.report.facts.common_findings import common_ground, questions_grid
from lhasaplan.report.facts.necessity import mitigation_grid, totals_grid
from lhasaplan.report.facts.short_answer import (
    IN_THESE,
    answer_lines,
    first_blocks,
    grave_views,
    has_no_map,
    no_view_text,
    places_in,
    possible_span,
    span_text,
    yardstick,
)
from lhasaplan.report.facts.summary import NOT_MAPPED, SummaryLine, line_text, summarise
from lhasaplan.report.facts.tables import assumption_table, camera_table
from lhasaplan.report.maps.base_map import Sign, legend_entries
from lhasaplan.report.maps.figures import overview_map
from lhasaplan.report.slides.deck import (
    Chart,
    ChartSeries,
    KeyFigure,
    KeyFigures,
    MapKey,
    MapMark,
    Slide,
    SlideBlock,
    chart_of,
    how_to_say,
    source,
)
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Bullets, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.style import band_colour, load_slide_style, load_style

# Ground in view and what of it nobody asks for, as the table of the totals with a chart, and the key of the map.

MAP_SHARE = 0.5
KINDS = {"certain": marked("certain"), "possible": marked("possible")}


def ground_blocks(facts: DraftFacts) -> list[SlideBlock]:
    """Return ground seen and unasked beside each other; of one area alone the sums over its cameras."""
    assessment, translations = facts.assessment, facts.translations
    if "area_seen_certain_m2" not in assessment.totals:
        return [totals_grid(assessment.cameras, translations, assessment.withheld)]
    lines = {line.key: line for line in summarise(assessment)}
    headings = (
        translations(marked("Ground")),
        translations(marked("can be seen (m²)")),
        translations(marked("of this with no purpose stated (m²)")),
        translations(marked("share with no purpose stated (%)")),
    )
    # Of a city of which nothing is certain no zeros stand beside what is possible.
    kinds = [kind for kind in KINDS if lines[f"area_seen_{kind}_m2"].value > 0] or list(KINDS)
    rows = tuple(_row(lines, kind, translations) for kind in kinds)
    grid = Grid(headings, rows, (1.5, 1.5, 2, 2), numeric=frozenset({1, 2, 3}))
    blank = lines.get(NOT_MAPPED[0])
    reported = [] if blank is None else [Paragraph(f"{translations(blank.title)}: {line_text(blank, translations)}", "small")]
    return [grid, *reported, *_chart(lines, kinds, headings, translations)]


def _row(lines: dict[str, SummaryLine], kind: str, translations: Translations) -> tuple[str, ...]:
    seen, unasked = (lines[f"{name}_{kind}_m2"].value for name in ("area_seen", "unasked"))
    share = lines.get(f"unasked_{kind}_percent")
    percent = "–" if share is None else number_text(share.value, translations)
    return translations(KINDS[kind]), number_text(seen, translations), number_text(unasked, translations), percent


def _chart(
    lines: dict[str, SummaryLine], kinds: Sequence[str], headings: tuple[str, ...], translations: Translations
) -> list[SlideBlock]:
    colours = load_style()["colours"]
    names = ("area_seen", "unasked")
    values = [tuple(float(round(lines[f"{name}_{kind}_m2"].value)) for kind in kinds) for name in names]
    series = tuple(
        ChartSeries(headings[number], of, colour)
        for number, (of, colour) in enumerate(
            zip(values, (colours["certain"], load_slide_style()["verdicts"]["partial"]), strict=True), 1
        )
    )
    alt = translations(marked("Bars: ground that can be seen, and what of it has no purpose stated, certain and possible."))
    chart = Chart(alt, tuple(translations(KINDS[kind]) for kind in kinds), series, stacked=False)
    return [chart] if any(map(any, values)) else []


def map_slide(facts: DraftFacts, *, with_parts: bool) -> Slide:
    """Return the map with a key that can be read in a hall, or a word on why there is none."""
    assessment, translations = facts.assessment, facts.translations
    title = translations(marked("Map"))
    picture = overview_map(facts.base, assessment, translations, with_parts, with_legend=False, numbers=facts.called.numbers)
    if picture is None:
        return Slide(title, (Paragraph(words.why_no_map(assessment.cameras, translations), "lead"),))
    key = MapKey(map_marks(assessment, translations, with_parts=with_parts))
    notes = (
        translations(marked("The report has the same map, with its licence and the date of its data.")),
        how_to_say(translations),
    )
    figure = Figure(picture, "", alt=translations(OVERVIEW))
    return Slide(title, (key,), notes, figure, MAP_SHARE)


# How a slide draws the signs of the map: a shape, and its colour; those of bands and frontage are their own.
LOOKS: Mapping[Sign, tuple[str, str]] = {
    Sign.CAMERA: ("dot", "camera"),
    Sign.PLANNED: ("ring", "camera"),
    Sign.CERTAIN: ("box", ""),
    Sign.NEAR: ("hatch", "possible"),
    Sign.FAR: ("frame", "far"),
    Sign.NOT_MAPPED: ("hatch", "not_mapped"),
    Sign.BAND: ("box", ""),
    Sign.FRONTAGE: ("line", ""),
    Sign.BEYOND_GROUND: ("dots", "camera"),
    Sign.PART: ("dashes", "camera"),
    Sign.GAP: ("hatch", "gap"),
    Sign.GAP_TODAY: ("frame", "gap"),
    Sign.OVERLAP: ("frame", "overlap"),
}


def map_marks(assessment: Assessment, translations: Translations, *, with_parts: bool) -> tuple[MapMark, ...]:
    """Return the key of the map: what its legend has in the report, as signs and words."""
    colours = load_style()["colours"]
    return tuple(
        MapMark(shape, colours[name or each.cls] if name or each.cls else band_colour(each.low_px_m or 62.5), each.text)
        for each in legend_entries(assessment, translations, with_parts=with_parts and bool(assessment.parts))
        if each.sign in LOOKS
        for shape, name in (LOOKS[each.sign],)
    )


CERTAIN, POSSIBLE = marked("certain"), marked("possible")


def answer_slide(facts: DraftFacts, file: str) -> Slide:
    """Return the answer of an audit: one sentence, and three figures of one rank, each certain and possible.

    Where no camera is known, or no ground in view is mapped, figures would be zeros that nobody knows: lines say so.
    """
    assessment, translations = facts.assessment, facts.translations
    title = translations(marked("The answer"))
    notes = (source(translations, file, translations(marked("Totals")), "summary", "totals"), how_to_say(translations))
    if not assessment.cameras or has_no_map(assessment):
        lines = Bullets(tuple(answer_lines(assessment, translations)))
        return Slide(title, (lines, *yardstick(assessment, translations)), notes)
    views, span = grave_views(assessment), span_text(*possible_span(assessment), translations)
    ground = {key: number_text(float(assessment.totals.get(key, 0.0)), translations) for key in GROUND_KEYS}
    known = any(result.placed.certain for result in assessment.cameras)
    sentence = translations(
        marked(
            "{cameras} cameras are in operation. Certain: {grave} of their views of homes or other protected "
            "places are due or severe; {certain} m² of ground in view have no stated purpose. Only possible: up "
            "to {most} more views and {possible} m² of such ground."
        )
        if known
        else marked(
            "{cameras} cameras are in operation. Nothing is proven yet: no record is complete enough. Depending on direct"
            "ion and lens, {views} views of homes or other protected places would be due or severe, and up to {possible} m² o"
            "f ground in view have no stated purpose."
        ),
        cameras=len(assessment.cameras),
        grave=len(views),
        most=possible_span(assessment)[1],
        views=span,
        certain=ground["unasked_certain_m2"],
        possible=ground["unasked_possible_m2"],
    )
    if views:
        sentence = words.running_text([sentence, translations(IN_THESE, places=places_in(views))])
    pairs = (
        (marked("Views that must end") if known else marked("Views that may be too sharp"), (str(len(views)), span)),
        (marked("Ground that can be seen"), _square(ground, "area_seen")),
        (marked("Ground in view with no purpose stated"), _square(ground, "unasked")),
    )
    captions = (translations(CERTAIN), translations(POSSIBLE))
    first = 0 if known else 1  # of a city of which nothing is certain no zero stands beside what is possible
    figures = KeyFigures(tuple(_figure(label, captions[first:], values[first:], translations) for label, values in pairs))
    return Slide(title, (Paragraph(sentence, "lead"), figures, *yardstick(assessment, translations)), notes)


FIRST = marked("The first {shown} of {count}; the report lists all.")
MOST_LIMITS = 40  # what was left out of a large plan: the report has the first so many, too, and the workbook all
GROUND_WIDTHS = (0.9, 3.9, 1.2, 1.4, 1.4, 1.6)
GROUND_KEYS = ("area_seen_certain_m2", "area_seen_possible_m2", "unasked_certain_m2", "unasked_possible_m2")


def _figure(label: str, captions: Sequence[str], values: Sequence[str], translations: Translations) -> KeyFigure:
    return KeyFigure(translations(label), tuple(zip(captions, values, strict=True)))


def _square(ground: dict[str, str], name: str) -> tuple[str, str]:
    return f"{ground[f'{name}_certain_m2']} m²", f"{ground[f'{name}_possible_m2']} m²"


def homes_slide(facts: DraftFacts, chapter: DraftChapter, file: str) -> Slide:
    """Return what cameras can see of homes and protected places: the tables of the chapter, and a chart of the first."""
    colours, translations = load_style()["colours"], facts.translations
    _, *grids = chapter(facts)
    table = next(block for block in grids if isinstance(block, Grid))
    lead = translations(
        marked(
            "Certain: direction, lens, pixels, tilt and height are recorded. Possible: one of them is not "
            "recorded. A possible view stays a note until the controller answers. Protected places are not "
            "listed by kind or name."
        )
    )
    title = translations(marked("What cameras can see of homes and protected places"))
    alt = translations(
        marked("Bars: cameras that can see each class of place, by grade; hatched where the view is only possible.")
    )
    certain = marked("certain: {grade}")
    named = {translations(certain, grade=translations(words.SEVERITIES[each])): str(each) for each in GRAVEST_FIRST}
    named[translations(marked("possible"))] = "possible"
    shown = {
        index: named[heading]
        for index, heading in enumerate(table.headings)
        if heading in named and any(row[index] != "0" for row in table.rows)
    }
    hatched = tuple(index for index, name in shown.items() if name == "possible")
    chart = chart_of(table, tuple(shown), [colours[name] for name in shown.values()], alt, hatched)
    is_alone = sum(isinstance(block, Grid) for block in grids) == 1  # before and after stand on one slide, of one rank
    charts = [chart] if is_alone and any(sum(series.values) for series in chart.series) else []
    notes = source(
        translations, file, translations(marked("What cameras can see of protected places")), "sightings", "cameras.sightings"
    )
    first = grids.index(table) + 1
    return Slide(title, (Paragraph(lead), *grids[:first], *charts, *grids[first:]), (notes, how_to_say(translations)))


def mitigations_slide(facts: DraftFacts, file: str) -> Slide:
    """Return what would end the views, in the order of the rules, with counts."""
    translations = facts.translations
    lead = translations(
        marked(
            "The order is that of the rules. First the need ends; then the camera is removed, moved or turned; a "
            "mask comes last. “Computed” means: the program computed the change, the view ends, and no other "
            "view gets worse."
        )
    )
    grid = mitigation_grid(facts.assessment, translations)
    none = no_view_text(facts.assessment, translations)
    blocks: tuple[SlideBlock, ...] = (Paragraph(lead), grid) if grid.rows else (Paragraph(none, "lead"),)
    notes = source(translations, file, translations(marked("Cameras with findings")), "alternatives", "cameras.sightings.cure")
    return Slide(translations(marked("What would end it")), blocks, (notes,))


def first_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return the gravest findings with their mitigations, and those to be asked about first; nothing where there are none."""
    translations = facts.translations
    reported = [
        block
        for block in first_blocks(facts.assessment, translations, facts.called.reported)
        if not (isinstance(block, Paragraph) and block.style == "warning")
    ]
    notes = source(translations, file, translations(marked("Findings")), "findings", "findings")
    return [Slide(translations(marked("What comes first")), tuple(reported), (notes,))] if reported else []


def ground_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return the ground in view for which no purpose is stated, in all and of the cameras with the most of it."""
    assessment, called, translations = facts.assessment, facts.called, facts.translations
    title = translations(marked("Ground in view with no purpose stated"))
    notes = (source(translations, file, translations(marked("Totals")), "summary", "totals"),)
    most = sorted(assessment.cameras, key=lambda result: (-result.unasked_m2, result.placed.camera.camera_id))
    keys = ("number", "called", "status", "basis", "area_m2", "unasked_m2")
    grid = grid_of(
        camera_table(replace(assessment, cameras=tuple(most)), called.parts, called), keys, GROUND_WIDTHS, translations
    )
    rows = first_rows(grid, translations)
    table = source(translations, file, translations(marked("All cameras")), "cameras", "cameras.unasked_m2")
    second = Slide(translations(marked("Cameras with the most ground that nobody asked for")), tuple(rows), (table,))
    return [Slide(title, tuple(ground_blocks(facts)), notes), *([second] if grid.rows else [])]


def unknown_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return what was assumed, with how many cameras rest on it, and what to ask."""
    assessment, translations = facts.assessment, facts.translations
    assumed = grid_of(assumption_table(assessment), ("field", "cameras"), (3, 1), translations)
    asked = questions_grid(common_ground(assessment).questions, translations)
    slides = []
    if assumed.rows:
        text = marked("For {count} of {cameras} cameras the result rests on assumed values: nobody recorded the true ones.")
        count = sum(not result.placed.certain for result in assessment.cameras)
        lead = translations(text, count=count, cameras=len(assessment.cameras))
        title, table = (
            translations(marked("Unknown values that were assumed")),
            translations(marked("Assumed because it is not recorded")),
        )
        notes = source(translations, file, table, "assumptions", "cameras.assumed")
        slides.append(Slide(title, (Paragraph(lead, "lead"), assumed), (notes,)))
    if asked:
        lead = translations(marked("These results stay only possible until the controllers answer."))
        notes = source(translations, file, translations(marked("Questions to the controller")), "cameras", "cameras.questions")
        title = translations(marked("What to ask the controllers"))
        slides.append(Slide(title, (Paragraph(lead, "lead"), *shown_of(asked, translations)), (notes,)))
    return slides


def chapter_slide(facts: DraftFacts, chapter: DraftChapter, file: str, sheet: str = "", field: str = "") -> Slide:
    """Return a chapter as a slide: its heading, the first rows of its tables, and in the notes where the rest stands."""
    heading, *blocks = chapter(facts)
    title = heading.text if isinstance(heading, Heading) else ""
    shown, notes = shown_of(blocks, facts.translations), source(facts.translations, file, title, sheet, field)
    return Slide(title, shown, (notes,))


def shown_of(blocks: Sequence[Block], translations: Translations) -> tuple[Block, ...]:
    """Return what a slide shows of a chapter: the first rows of its tables; where it has none, its words."""
    grids = [block for block in blocks if isinstance(block, Grid)]
    if not grids:
        return tuple(block for block in blocks if isinstance(block, Paragraph))
    return tuple(row for grid in grids for row in first_rows(grid, translations))


def first_rows(grid: Grid, translations: Translations) -> list[Block]:
    """Return the first rows of a long table without its empty columns, and a word on where the others stand."""
    count, grid, limit = grid.length, without_empty(grid), int(load_slide_style()["fit"]["rows"])
    if count <= limit:
        return [grid]
    reported = translations(FIRST, shown=limit, count=number_text(count, translations))
    return [replace(grid, rows=grid.rows[:limit]), Paragraph(reported, "small")]


def first_items(block: Bullets, translations: Translations, most: int | None = None) -> list[Block]:
    """Return the first points of a long list, as many as a table has rows or so many, and a word on where the others stand."""
    limit = int(load_slide_style()["fit"]["rows"]) if most is None else most
    if len(block.items) <= limit:
        return [block]
    reported = translations(FIRST, shown=limit, count=number_text(len(block.items), translations))
    return [replace(block, items=block.items[:limit]), Paragraph(reported, "small")]


def without_empty(grid: Grid) -> Grid:
    """Return the table without the columns in which nothing stands."""
    kept = [n for n in range(len(grid.headings)) if not grid.rows or any(row[n] for row in grid.rows)]
    rows = tuple(tuple(row[n] for n in kept) for row in grid.rows)
    numeric = frozenset(new for new, old in enumerate(kept) if old in grid.numeric)
    headings, widths = tuple(grid.headings[n] for n in kept), tuple(grid.widths[n] for n in kept)
    return Grid(headings, rows, widths, grid.caption, numeric)


def _state(pack: PackUse, data: DataState, translations: Translations) -> str:
    if pack.changed:
        return translations(marked("CHANGED, not as shipped"))
    return translations(marked("own build") if data.own_build else marked("as shipped"))


def rules_slide(facts: DraftFacts, file: str) -> Slide:
    """Return the packs, whether they are as shipped, how many findings rest on each, and the gate."""
    assessment, translations = facts.assessment, facts.translations
    rests = [finding.pack for finding in assessment.findings]
    rows = tuple(
        (
            words.term(assessment.terms, f"pack:{pack.name}", translations),
            _state(pack, assessment.data, translations),
            number_text(rests.count(pack.name), translations),
        )
        for pack in assessment.packs
    )
    headings = (
        translations(marked("Rule packs")),
        translations(marked("State")),
        translations(marked("Findings that depend on it")),
    )
    grid = Grid(headings, rows, (5, 2, 1.5), numeric=frozenset({2}))
    missing = missing_for_planning(facts)
    notes = source(translations, file, translations(marked("Rule packs")), "findings", "packs, findings, gate")
    return Slide(translations(marked("Rules that were used")), (grid, *gate_blocks(assessment, translations), *missing), (notes,))


def gate_blocks(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return whether the gate is open, in the words of the report."""
    name, text = sources_and_rules(assessment, translations)["gate"]
    return [Paragraph(translations(marked("{name}: {text}"), name=name, text=text))]


def limits_slide(items: Sequence[str], translations: Translations, file: str) -> Slide:
    """Return what was left out or refused, and what no report of this program knows."""
    found = tuple(dict.fromkeys(items))
    always = tuple(each for each in limits(translations) if each not in found)  # which stand here however much was left out
    blocks = [*first_items(Bullets(found), translations, MOST_LIMITS), *([Bullets(always)] if always else [])]
    notes = source(translations, file, translations(marked("Data and limits")))
    return Slide(translations(marked("What was left out, and the limits")), tuple(blocks), (notes,))
