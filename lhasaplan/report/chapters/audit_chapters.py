"""Chapters of drafts: those that audit and plan share, and those that only a plan has."""

from collections.abc import Iterable
from dataclasses import replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.place import Verdict
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.facts.basis import basis_text, sources_and_rules
from lhasaplan.report.facts.common_findings import first_steps, interval_chapter
from lhasaplan.report.facts.short_answer import answer_opening, yardstick
from lhasaplan.report.facts.summary import (
    count_sightings,
    has_plan,
    interval_of,
    line_text,
    removable_ids,
    summarise,
)
from lhasaplan.report.facts.tables import assumption_table, input_table, overlap_table
from lhasaplan.report.maps.base_map import overview_frame
from lhasaplan.report.maps.figures import MOST_NUMBERED, OVERVIEW_MARGIN_M, overview_map
from lhasaplan.report.maps.map_decorations import printed_figure
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.style import long_date

# Chapters of the audit; the plan draft shares those on sightings, map, data and limits.

OVERVIEW = marked(
    "Overview: what the cameras can see. Solid is certain. Hatched is what a lens within the limits may see. "
    "Outlined is what a pan-tilt camera can turn to. A dotted wall is seen only above the ground."
)
NUMBERED = marked("The numbers are those of the list of all cameras. P marks planned cameras.")
CUT = marked("What may be seen beyond the edge of this map is counted, but not drawn here.")
UNNUMBERED = marked("There are too many cameras to number them here: see the maps of the areas.")


def at_a_glance(facts: DraftFacts) -> list[Block]:
    """Return the first page: the answer, what to do first, what the report is, and what is seen of protected places."""
    assessment, translations = facts.assessment, facts.translations
    lead = translations(
        marked(
            "This report says what fixed cameras can see, what they must not see, and what would end it. It says "
            "what can be seen, never what was seen. Nobody here can know whether a camera is switched on or "
            "masked inside."
        )
    )
    current = facts.present.assessment
    steps = first_steps(current, facts.called, translations)
    first: list[Block] = [Heading(translations(marked("What to do first")), 2), Bullets(steps, numbered=True)] if steps else []
    return [
        Heading(translations(marked("The answer")), 1),
        *answer_opening(current, translations),
        *first,
        *yardstick(current, translations),
        Heading(translations(marked("What this report is")), 2),
        Paragraph(words.running_text([lead, basis_text(assessment, translations)])),
        *sightings_grid(facts.present),
    ]


def in_figures(facts: DraftFacts) -> list[Block]:
    """Return the totals, and what views that are only possible may be: figures behind the answer and its map."""
    heading = Heading(facts.translations(marked("The figures")), 1, on_new_page=True)
    return [heading, *totals(facts), *interval_chapter(facts.present.assessment, facts.translations)]


def standing(facts: DraftFacts) -> list[Block]:
    """Return what the report stands on: data, packs, gate, and what is missing for planning."""
    rows = tuple(sources_and_rules(facts.assessment, facts.translations).values())
    grid = Grid((facts.translations(marked("Sources and rules")), ""), rows, (1, 4))
    return [grid, *missing_for_planning(facts)]


def missing_for_planning(facts: DraftFacts) -> list[Block]:
    """Return what keeps the gate closed; nothing where it is open."""
    translations = facts.translations
    missing = tuple(words.said(one, translations, facts.assessment.terms) for one in facts.assessment.gate.missing)
    return [Paragraph(translations(marked("Missing for planning:"))), Bullets(missing)] if missing else []


def totals(facts: DraftFacts) -> list[Block]:
    """Return the totals; ground with no purpose stated stands beside the area seen."""
    translations = facts.translations
    lines = summarise(facts.assessment)
    if not facts.assessment.totals.get("area_seen_certain_m2"):  # nothing is certain: zeros would say no more than that
        lines = tuple(line for line in lines if line.key == "cameras" or line.stored)
    rows = tuple((translations(line.title), line_text(line, translations)) for line in lines)
    return [Grid((translations(marked("Totals")), ""), rows, (4, 1), numeric=frozenset({1}))]


CERTAIN_COLUMNS, POSSIBLE_COLUMNS = (1, 2, 3), (4, 5, 6)  # of the table of cameras by class and grade
ALWAYS_ROWS = 2  # homes and other protected places


def sightings_grid(facts: DraftFacts) -> list[Block]:
    """Return cameras by class and grade, certain and possible apart; what is empty is left out."""
    cameras, translations = facts.assessment.cameras, facts.translations
    counts = count_sightings(cameras)
    headings = (
        translations(marked("Cameras that can see")),
        *(translations(marked("certain: {grade}"), grade=translations(words.SEVERITIES[grade])) for grade in GRAVEST_FIRST),
        translations(marked("possible")),
        translations(marked("of these due or severe: at least")),
        translations(marked("at most")),
    )
    rows = []
    for cls, name in words.CLASSES.items():
        certain = [str(counts[cls, "recorded", grade]) for grade in GRAVEST_FIRST]
        interval = interval_of(cameras, cls)
        rows.append((translations(name), *certain, str(interval.views), str(interval.least), str(interval.most)))
    heading = Heading(translations(marked("What cameras can see of protected places")), 2)
    return [heading, _without_zeros(Grid(headings, tuple(rows), (2.2, 1, 1, 1, 1, 1.5, 1.5), numeric=frozenset(range(1, 7))))]


def _without_zeros(grid: Grid) -> Grid:
    """Leave out what is certain, or what is possible, where all of it is 0, and classes of nothing but zeros.

    Homes and other protected places always stand there: that no camera can see them is an answer.
    """
    columns = [group for group in (CERTAIN_COLUMNS, POSSIBLE_COLUMNS) if any(row[n] != "0" for row in grid.rows for n in group)]
    kept = [0, *(n for group in columns or (CERTAIN_COLUMNS, POSSIBLE_COLUMNS) for n in group)]
    rows = [row for at, row in enumerate(grid.rows) if at < ALWAYS_ROWS or any(row[n] != "0" for n in kept[1:])]
    return Grid(
        tuple(grid.headings[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in rows),
        tuple(grid.widths[n] for n in kept),
        numeric=frozenset(range(1, len(kept))),
    )


def overview(facts: DraftFacts, *, with_parts: bool) -> list[Block]:
    """Return the overview map, or a word on why there is none."""
    assessment, translations = facts.assessment, facts.translations
    picture = overview_map(facts.base, assessment, translations, with_parts, numbers=facts.called.numbers)
    if picture is None:
        return [Paragraph(words.why_no_map(assessment.cameras, translations))]
    reported = NUMBERED if len(assessment.cameras) <= MOST_NUMBERED else UNNUMBERED
    parts = [each.part.geometry for each in assessment.parts or ()] if with_parts else []
    _, is_cut = overview_frame(assessment.cameras, parts, OVERVIEW_MARGIN_M)
    caption = words.running_text([translations(OVERVIEW), *([translations(CUT)] if is_cut else []), translations(reported)])
    return [
        Heading(translations(marked("Map")), 1, on_new_page=True),
        printed_figure(picture, caption, translations(OVERVIEW), "overview"),
    ]


def assumptions(facts: DraftFacts) -> list[Block]:
    """Return how many cameras rest on each assumed value."""
    table = assumption_table(facts.assessment)
    if not table.rows:
        return []
    heading = Heading(facts.translations(marked("Assumed because it is not recorded")), 2)
    return [heading, grid_of(table, ("field", "cameras"), (3, 1), facts.translations)]


def data_and_limits(facts: DraftFacts, before: Iterable[Block] = ()) -> list[Block]:
    """Return the inputs with their digests, what was left out, and what the model does not know.

    ``before`` stands between the inputs and the notes: what else the draft stands on.
    """
    assessment, translations = facts.assessment, facts.translations
    inputs = grid_of(
        input_table(assessment), ("path", "date", "features", "licence", "sha256"), (1.5, 1.3, 1.15, 2, 2.6), translations
    )
    notes = tuple(dict.fromkeys(words.said(note, translations, assessment.terms) for note in assessment.notes))
    blocks: list[Block] = [Heading(translations(marked("Data and limits")), 1), inputs, *before]
    blocks += [Heading(translations(marked("Notes")), 2), Bullets((*notes, *limits(translations)))]
    return blocks + not_requested(facts)


def limits(translations: Translations) -> Iterable[str]:
    """Return what holds for every report."""
    return (
        translations(
            marked(
                "Severity by pixel density on frontage or ground: note from 25 px/m, due above 62.5 px/m, severe "
                "above 125 px/m. A rule pack may set stricter values."
            )
        ),
        translations(marked("Ground counts from 25 px/m. Areas leave out ground that is seen more coarsely.")),
        tilt_text(translations),
        translations(
            marked("A possible view stays a note. “No mask known” means that none is recorded, not that there is none.")
        ),
        translations(marked("Protected places are not listed by kind or name. Only the frontage in view is shown.")),
        translations(marked("Removed cameras are not counted. Planned cameras are counted separately.")),
    )


def tilt_text(translations: Translations) -> str:
    """Return how far the ground of a tilted camera may be off (docs/adr/0009)."""
    return translations(
        marked(
            "The ground of tilted cameras is drawn by bearing and dip. The error is about 1 % at 15 degrees of "
            "tilt; at 30 degrees the ground is up to 15 % too small. Views of protected places and confirmed "
            "parts follow the true picture."
        )
    )


def not_requested(facts: DraftFacts) -> list[Block]:
    """Return the candidates that are not requested, by category."""
    assessment, translations = facts.assessment, facts.translations
    if not assessment.not_requested:
        return []
    named = words.category_words(assessment.terms, translations)
    rows = tuple(sorted((words.word(named, name, translations), str(count)) for name, count in assessment.not_requested.items()))
    heading = Heading(translations(marked("Places that nobody asked for")), 2)
    return [
        heading,
        Grid((translations(marked("Category")), translations(marked("Count"))), rows, (4, 1), numeric=frozenset({1})),
    ]


def removable_line(facts: DraftFacts) -> str:
    """Return which cameras can go, each taken alone, by their numbers."""
    translations, ids = facts.translations, removable_ids(facts.operating)
    if not ids:
        return translations(marked("No camera can be removed without a loss for some part."))
    text = marked("Each of these cameras can be removed alone without a loss for any part: {names}.")
    one = marked("Camera {names} can be removed without a loss for any part.")
    return translations(one if len(ids) == 1 else text, names=facts.called.counted_up(ids))


def overlap_chapter(facts: DraftFacts) -> list[Block]:
    """Return the pairs of cameras that see the same, the largest first."""
    table, translations = overlap_table(facts.assessment, facts.called.titles), facts.translations
    heading = Heading(translations(marked("Seen twice")), 2)
    if not table.rows:
        return [heading, Paragraph(translations(marked("No two cameras see the same part at the density it needs.")))]
    return [heading, grid_of(table, ("a", "b", "area_m2", "demand"), (2, 2, 1.2, 1.2), translations)]


def sightings_before_and_after(facts: DraftFacts) -> list[Block]:
    """Return what operating cameras can see of protected places, and what they would with the planned ones."""
    blocks = sightings_grid(facts.present)
    if has_plan(facts.assessment):
        then = Paragraph(facts.translations(marked("With the plan carried out:")), "record")
        with_plan = replace(facts, assessment=replace(facts.assessment, cameras=facts.standing))
        blocks += [then, sightings_grid(with_plan)[-1]]
    return blocks


def left_out(facts: DraftFacts) -> list[Block]:
    """Return what was excused or could not be answered, each by name; what holds for the whole answer stands among its notes."""
    translations, parts = facts.translations, facts.called.parts
    items = [
        translations(
            marked("{part}: excused by {by} on {date}: {reason}"),
            part=parts.get(e.part_id, e.part_id),
            by=e.by,
            date=long_date(e.date, translations.language),
            reason=e.reason,
        )
        for e in facts.project.excuses
    ]
    items += [
        translations(
            marked("{part}: missing in the data. {question}"),
            part=parts.get(result.part.part_id, result.part.part_id),
            question=translations(result.part.question or "–"),
        )
        for result in facts.assessment.parts or ()
        if result.verdict == Verdict.ASKED
    ]
    items += [translations(marked("Protected places are never demand, gap or proposal."))]
    return [Heading(translations(marked("Refused or left out")), 2), Bullets(tuple(items))]
