"""Ground in view and what of it nobody asks for, as the table of the totals with a chart, and the key of the map."""

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.coverage.drawn_fields import Reach
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.report.drafts.chapters import OVERVIEW
from lhasaplan.report.facts.necessity import totals_grid
from lhasaplan.report.facts.summary import NOT_MAPPED, Line, line_text, summarise
from lhasaplan.report.maps.base_map import BaseMap, reaches
from lhasaplan.report.maps.figures import overview_map
from lhasaplan.report.slides.deck import Chart, MapKey, MapMark, Series, Slide, SlideBlock, how_to_say
from lhasaplan.report.text.document import Figure, Grid, Paragraph
from lhasaplan.report.text.numerals import grouped_text, number_text, short_number
from lhasaplan.report.text.style import band_colour, load_slide_style, load_style
from lhasaplan.report.text.words import BEYOND_GROUND, CLASSES, NO_BUILDING_NEAR, REACHES

MAP_SHARE = 0.5
KINDS = {"certain": marked("certain"), "possible": marked("possible")}


def ground_blocks(assessment: Assessment, wording: Wording) -> list[SlideBlock]:
    """Return ground seen and unasked beside each other; of one area alone the sums over its cameras."""
    if "area_seen_certain_m2" not in assessment.totals:
        return [totals_grid(assessment.cameras, wording, assessment.withheld)]
    lines = {line.key: line for line in summarise(assessment)}
    headings = (
        wording(marked("Ground")),
        wording(marked("can be seen (m²)")),
        wording(marked("of this with no purpose stated (m²)")),
        wording(marked("share with no purpose stated (%)")),
    )
    rows = tuple(_row(lines, kind, wording) for kind in KINDS)
    grid = Grid(headings, rows, (1.5, 1.5, 2, 2), numeric=frozenset({1, 2, 3}))
    blank = lines.get(NOT_MAPPED[0])
    told = [] if blank is None else [Paragraph(f"{wording(blank.title)}: {line_text(blank, wording)}", "small")]
    return [grid, *told, *_chart(lines, headings, wording)]


def _row(lines: dict[str, Line], kind: str, wording: Wording) -> tuple[str, ...]:
    seen, unasked = (lines[f"{name}_{kind}_m2"].value for name in ("area_seen", "unasked"))
    share = lines.get(f"unasked_{kind}_percent")
    percent = "–" if share is None else number_text(share.value, wording)
    return wording(KINDS[kind]), grouped_text(seen, wording), grouped_text(unasked, wording), percent


def _chart(lines: dict[str, Line], headings: tuple[str, ...], wording: Wording) -> list[SlideBlock]:
    colours = load_style()["colours"]
    names = ("area_seen", "unasked")
    values = [tuple(float(round(lines[f"{name}_{kind}_m2"].value)) for kind in KINDS) for name in names]
    series = tuple(
        Series(headings[number], of, colour)
        for number, (of, colour) in enumerate(
            zip(values, (colours["certain"], load_slide_style()["verdicts"]["partial"]), strict=True), 1
        )
    )
    alt = wording(marked("Bars: ground that can be seen, and what of it has no purpose stated, certain and possible."))
    chart = Chart(alt, tuple(wording(KINDS[kind]) for kind in KINDS), series, stacked=False)
    return [chart] if any(map(any, values)) else []


def map_slide(project: Project, assessment: Assessment, wording: Wording, *, with_parts: bool) -> Slide:
    """Return the map with a key that can be read in a hall, or a word on why there is none."""
    title = wording(marked("Map"))
    picture = overview_map(BaseMap(project), assessment, wording, with_parts, with_legend=False)
    if picture is None:
        return Slide(title, (Paragraph(wording(marked("No map is shown: positions are coarse or there are none.")), "lead"),))
    key = MapKey(map_marks(assessment, wording, with_parts=with_parts))
    notes = (
        wording(marked("The same map stands in the report, with its licence and the date of its data.")),
        how_to_say(wording),
    )
    figure = Figure(picture, "", alt=wording(OVERVIEW))
    return Slide(title, (key,), notes, figure, MAP_SHARE)


def map_marks(assessment: Assessment, wording: Wording, *, with_parts: bool) -> tuple[MapMark, ...]:
    """Return the key of the map: what its legend has in the report, as signs and words."""
    colours = load_style()["colours"]
    marks = [MapMark("dot", colours["camera"], wording(marked("Camera")))]
    if any(c.placed.camera.status is Status.PLANNED for c in assessment.cameras):
        marks.append(MapMark("ring", colours["camera"], wording(marked("Planned camera"))))
    marks.append(MapMark("box", band_colour(62.5), wording(marked("can see, certain"))))
    looks = {Reach.NEAR: ("hatch", "possible"), Reach.FAR: ("frame", "far")}
    for reach in (reach for reach in looks if reach in reaches(assessment.cameras)):
        marks.append(MapMark(looks[reach][0], colours[looks[reach][1]], wording(REACHES[reach])))
    if any(result.not_mapped is not None for result in assessment.cameras):
        marks.append(MapMark("hatch", colours["not_mapped"], wording(NO_BUILDING_NEAR)))
    for low in sorted(float(low) for low in load_style()["bands"]):
        marks.append(MapMark("box", band_colour(low), wording(marked("from {low} px/m"), low=short_number(low, wording))))
    present = {str(s.cls) for c in assessment.cameras for s in c.sightings if s.geometry is not None}
    for cls in (cls for cls in CLASSES if cls in present):
        marks.append(MapMark("line", colours[cls], wording(marked("frontage in view: {what}"), what=wording(CLASSES[cls]))))
    if present:
        marks.append(MapMark("dots", colours["camera"], wording(BEYOND_GROUND)))
    if with_parts and assessment.parts:
        marks.append(MapMark("dashes", colours["camera"], wording(marked("confirmed part"))))
        marks.append(MapMark("hatch", colours["gap"], wording(marked("gap"))))
        marks.append(MapMark("frame", colours["overlap"], wording(marked("overlap"))))
    return tuple(marks)
