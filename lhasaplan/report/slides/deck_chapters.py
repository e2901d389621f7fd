"""The slides that the audit deck and the plan deck share; every figure comes from the tables of the reports."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.data_state import DataState
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment, PackUse
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.report.drafts.chapters import limits, standing
from lhasaplan.report.drafts.council import decisions
from lhasaplan.report.facts.alternatives import cure_grid
from lhasaplan.report.facts.called import Called
from lhasaplan.report.facts.common_findings import common_ground
from lhasaplan.report.facts.short_answer import IN_THESE, answer_blocks, grave_views, places_in, yardstick
from lhasaplan.report.facts.summary import interval_of
from lhasaplan.report.facts.tables import assumption_table, camera_table
from lhasaplan.report.slides.deck import Ballot, KeyFigure, KeyFigures, Slide, SlideBlock, chart_of, how_to_say, source
from lhasaplan.report.slides.deck_ground import ground_blocks
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Bullets, Grid, Paragraph
from lhasaplan.report.text.numerals import grouped_text
from lhasaplan.report.text.style import load_slide_style, load_style

CERTAIN, POSSIBLE = marked("certain"), marked("possible")


def data_dates(assessment: Assessment) -> str:
    """Return the dates of the inputs, each once; a dash where none is known."""
    return ", ".join(sorted({record.date for record in assessment.inputs if record.date})) or "–"


def answer_slide(assessment: Assessment, wording: Wording, file: str) -> Slide:
    """Return the answer of an audit: one sentence, and three figures of one rank, each certain and possible."""
    ends = [interval_of(assessment.cameras, cls) for cls in words.CLASSES]
    fewest, most = sum(one.least for one in ends), sum(one.most for one in ends)
    views = grave_views(assessment)
    grave = len(views)
    ground = {key: grouped_text(float(assessment.totals.get(key, 0.0)), wording) for key in GROUND_KEYS}
    sentence = wording(
        marked(
            "{cameras} cameras in operation were looked at: for certain, {grave} of their views onto homes or other protected "
            "places are due or an error and {certain} m² of ground are in view with no purpose stated; only possible are up to "
            "{most} further views and {possible} m² of such ground."
        ),
        cameras=len(assessment.cameras),
        grave=grave,
        most=most,
        certain=ground["unasked_certain_m2"],
        possible=ground["unasked_possible_m2"],
    )
    if views:
        sentence = words.running_text([sentence, wording(IN_THESE, places=places_in(views))])
    pair = wording(CERTAIN), wording(POSSIBLE)
    figures = KeyFigures(
        (
            _figure(
                marked("Views onto homes or other protected places that are due or an error"),
                pair,
                (str(grave), _span(fewest, most)),
                wording,
            ),
            _figure(marked("Ground that can be seen"), pair, _square(ground, "area_seen"), wording),
            _figure(marked("Ground in view with no purpose stated"), pair, _square(ground, "unasked"), wording),
        )
    )
    notes = (source(wording, file, wording(marked("Totals")), "summary", "totals"), how_to_say(wording))
    title = wording(marked("The answer"))
    return Slide(title, (Paragraph(sentence, "lead"), figures, *yardstick(assessment, wording)), notes)


FIRST = marked("The first {shown} of {count}; all stand in the report.")
MOST_LIMITS = 40  # what was left out of a large plan: the report has the first so many, too, and the workbook all
GROUND_WIDTHS = (0.9, 3.9, 1.2, 1.4, 1.4, 1.6)
GROUND_KEYS = ("area_seen_certain_m2", "area_seen_possible_m2", "unasked_certain_m2", "unasked_possible_m2")


def _figure(label: str, captions: Sequence[str], values: Sequence[str], wording: Wording) -> KeyFigure:
    return KeyFigure(wording(label), tuple(zip(captions, values, strict=True)))


def _span(fewest: int, most: int) -> str:
    return str(most) if fewest == most else f"{fewest}–{most}"


def _square(ground: dict[str, str], name: str) -> tuple[str, str]:
    return f"{ground[f'{name}_certain_m2']} m²", f"{ground[f'{name}_possible_m2']} m²"


def homes_slide(grids: Sequence[Block], wording: Wording, file: str) -> Slide:
    """Return what cameras can see of homes and protected places: the tables of the report, and a chart of the first."""
    colours = load_style()["colours"]
    table = next(block for block in grids if isinstance(block, Grid))
    lead = wording(
        marked(
            "Certain: direction, lens, pixels, tilt and height are recorded. Possible: one of them is not, and each view "
            "stays a note until the controller answers. Protected places are not listed, by kind or name."
        )
    )
    title = wording(marked("What cameras can see of homes and protected places"))
    alt = wording(marked("Bars: cameras that can see each class of place, by grade; hatched where the view is only possible."))
    chart = chart_of(table, (1, 2, 3, 4), [colours[name] for name in (*GRAVEST_FIRST, "possible")], alt, hatched=(4,))
    is_alone = sum(isinstance(block, Grid) for block in grids) == 1  # before and after stand on one slide, of one rank
    charts = [chart] if is_alone and any(sum(series.values) for series in chart.series) else []
    notes = source(wording, file, wording(marked("What cameras can see of protected places")), "sightings", "cameras.sightings")
    first = grids.index(table) + 1
    return Slide(title, (Paragraph(lead), *grids[:first], *charts, *grids[first:]), (notes, how_to_say(wording)))


def cures_slide(assessment: Assessment, wording: Wording, file: str) -> Slide:
    """Return what would end the views, in the order of the rules, with counts."""
    lead = wording(
        marked(
            "The order is that of the rules: first the need ends, then the camera goes, moves or turns; a mask comes late. "
            "Tried out means computed again with the change: the view ends and none gets graver."
        )
    )
    grid = cure_grid(assessment, wording)
    none = wording(marked("No camera is known to be able to see a home or another protected place."))
    blocks: tuple[SlideBlock, ...] = (Paragraph(lead), grid) if grid.rows else (Paragraph(none, "lead"),)
    notes = source(wording, file, wording(marked("Cameras with findings")), "alternatives", "cameras.sightings.cure")
    return Slide(wording(marked("What would end it")), blocks, (notes,))


def first_slides(assessment: Assessment, called: Called, wording: Wording, file: str) -> list[Slide]:
    """Return the gravest findings with their cures, and those to be asked about first; nothing where there are none."""
    told = [block for block in answer_blocks(assessment, wording, called.told)[1:] if not _is_yardstick(block)]
    notes = source(wording, file, wording(marked("Findings")), "findings", "findings")
    return [Slide(wording(marked("What comes first")), tuple(told), (notes,))] if told else []


def _is_yardstick(block: Block) -> bool:
    return isinstance(block, Paragraph) and block.style == "warning"


def ground_slides(assessment: Assessment, called: Called, wording: Wording, file: str) -> list[Slide]:
    """Return the ground in view for which no purpose is stated, in all and of the cameras with the most of it."""
    title = wording(marked("Ground in view with no purpose stated"))
    notes = (source(wording, file, wording(marked("Totals")), "summary", "totals"),)
    most = sorted(assessment.cameras, key=lambda result: (-result.unasked_m2, result.placed.camera.camera_id))
    keys = ("number", "called", "status", "basis", "area_m2", "unasked_m2")
    grid = grid_of(camera_table(replace(assessment, cameras=tuple(most)), called.parts, called), keys, GROUND_WIDTHS, wording)
    rows = first_rows(grid, wording)
    table = source(wording, file, wording(marked("All cameras")), "cameras", "cameras.unasked_m2")
    second = Slide(wording(marked("Cameras with the most ground that nobody asked for")), tuple(rows), (table,))
    return [Slide(title, tuple(ground_blocks(assessment, wording)), notes), *([second] if grid.rows else [])]


def unknown_slides(assessment: Assessment, wording: Wording, file: str) -> list[Slide]:
    """Return what was assumed, with how many cameras rest on it, and what to ask."""
    assumed = grid_of(assumption_table(assessment), ("field", "cameras"), (3, 1), wording)
    asked = common_ground(assessment).questions
    slides = []
    if assumed.rows:
        text = marked("{count} of {cameras} cameras rest on values that are assumed because nobody recorded them.")
        count = sum(not result.placed.certain for result in assessment.cameras)
        lead = wording(text, count=count, cameras=len(assessment.cameras))
        title, table = (
            wording(marked("What is not known, and was assumed")),
            wording(marked("Assumed because it is not recorded")),
        )
        notes = source(wording, file, table, "assumptions", "cameras.assumed")
        slides.append(Slide(title, (Paragraph(lead, "lead"), assumed), (notes,)))
    if asked:
        lead = wording(marked("Until the controllers answer, what rests on these questions stays possible."))
        headings = wording(marked("Question")), wording(marked("Cameras"))
        rows = tuple((words.question_text(field, wording), str(count)) for field, count in asked)
        grid = Grid(headings, rows, (6, 1), numeric=frozenset({1}))
        notes = source(wording, file, wording(marked("Questions to the controller")), "cameras", "cameras.questions")
        title = wording(marked("What to ask the controllers"))
        slides.append(Slide(title, (Paragraph(lead, "lead"), *first_rows(grid, wording)), (notes,)))
    return slides


def first_rows(grid: Grid, wording: Wording) -> list[Block]:
    """Return the first rows of a long table without its empty columns, and a word on where the others stand."""
    count, grid, limit = grid.length, without_empty(grid), int(load_slide_style()["fit"]["rows"])
    if count <= limit:
        return [grid]
    told = wording(FIRST, shown=limit, count=grouped_text(count, wording))
    return [replace(grid, rows=grid.rows[:limit]), Paragraph(told, "small")]


def first_items(block: Bullets, wording: Wording, most: int | None = None) -> list[Block]:
    """Return the first points of a long list, as many as a table has rows or so many, and a word on where the others stand."""
    limit = int(load_slide_style()["fit"]["rows"]) if most is None else most
    if len(block.items) <= limit:
        return [block]
    told = wording(FIRST, shown=limit, count=grouped_text(len(block.items), wording))
    return [replace(block, items=block.items[:limit]), Paragraph(told, "small")]


def without_empty(grid: Grid) -> Grid:
    """Return the table without the columns in which nothing stands."""
    kept = [n for n in range(len(grid.headings)) if not grid.rows or any(row[n] for row in grid.rows)]
    rows = tuple(tuple(row[n] for n in kept) for row in grid.rows)
    numeric = frozenset(new for new, old in enumerate(kept) if old in grid.numeric)
    headings, widths = tuple(grid.headings[n] for n in kept), tuple(grid.widths[n] for n in kept)
    return Grid(headings, rows, widths, grid.caption, numeric)


def _state(pack: PackUse, data: DataState, wording: Wording) -> str:
    if pack.changed:
        return wording(marked("CHANGED, not as shipped"))
    return wording(marked("own build") if data.own_build else marked("as shipped"))


def rules_slide(assessment: Assessment, wording: Wording, file: str) -> Slide:
    """Return the packs, whether they are as shipped, how many findings rest on each, and the gate."""
    rests = [finding.pack for finding in assessment.findings]
    rows = tuple(
        (
            words.term(assessment.terms, f"pack:{pack.name}", wording),
            _state(pack, assessment.data, wording),
            grouped_text(rests.count(pack.name), wording),
        )
        for pack in assessment.packs
    )
    headings = wording(marked("Rule packs")), wording(marked("State")), wording(marked("Findings that rest on it"))
    grid = Grid(headings, rows, (5, 2, 1.5), numeric=frozenset({2}))
    missing = standing(assessment, wording)[1:]
    notes = source(wording, file, wording(marked("Rule packs")), "findings", "packs, findings, gate")
    return Slide(wording(marked("Rules that were used")), (grid, *gate_blocks(assessment, wording), *missing), (notes,))


def gate_blocks(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return whether the gate is open, in the words of the report."""
    table = standing(assessment, wording)[0]
    name = wording(marked("Planning gate"))
    rows = [row for row in table.rows if row[0] == name] if isinstance(table, Grid) else []
    return [Paragraph(wording(marked("{name}: {text}"), name=row[0], text=row[1])) for row in rows]


def limits_slide(items: Sequence[str], wording: Wording, file: str) -> Slide:
    """Return what was left out or refused, and what no report of this program knows."""
    found = tuple(dict.fromkeys(items))
    always = tuple(each for each in limits(wording) if each not in found)  # which stand here however much was left out
    blocks = [*first_items(Bullets(found), wording, MOST_LIMITS), *([Bullets(always)] if always else [])]
    notes = source(wording, file, wording(marked("Data and limits")))
    return Slide(wording(marked("What was left out, and the limits")), tuple(blocks), (notes,))


def decision_slide(assessment: Assessment, wording: Wording, file: str, first: Sequence[str] = ()) -> Slide:
    """Return what can be decided, with room to write the decision."""
    headings = (
        wording(marked("What can be decided")),
        wording(marked("Decision")),
        wording(marked("By whom, until when")),
    )
    rows = tuple((text, "", "") for text in (*first, *decisions(assessment, wording)))
    notes = wording(marked("The counts are those of the one-page summary for a council and of {file}."), file=file)
    return Slide(wording(marked("Decision asked for")), (Ballot(headings, rows, (5.5, 2, 2)),), (notes,))
