"""The chosen layout: overview, a page an area, places before and after, and the masks."""

from dataclasses import replace

from lhasaplan.core.base.translations import marked
from lhasaplan.core.context.areas import ancestors, labels, read_areas
from lhasaplan.core.results.assessment import Assessment, CameraResult, PartResult
from lhasaplan.core.results.finding import GRAVE, Matter, MitigationAction
from lhasaplan.report.chapters.audit_chapters import CUT, overview
from lhasaplan.report.chapters.draft_facts import DraftFacts, of_area
from lhasaplan.report.facts.basis import MASKS, withholds
from lhasaplan.report.facts.tables import camera_table
from lhasaplan.report.maps.base_map import overview_frame
from lhasaplan.report.maps.figures import MOST_NUMBERED, OVERVIEW_MARGIN_M, FigureRoom, overview_map
from lhasaplan.report.maps.map_decorations import printed_figure
from lhasaplan.report.maps.plan_figures import before_and_after_map
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Figure, Grid, Heading, PageFormat, Paragraph, reference
from lhasaplan.report.text.style import load_style

AREA_ROOM = FigureRoom(17.4, 10.0)  # of the map of an area: two stand on a page
LARGE = PageFormat("A3", landscape=True)
LARGE_ROOM = FigureRoom(38.4, 21.0, is_filled=True)


def layout_chapter(facts: DraftFacts) -> list[Block]:
    """Return the maps and tables of what is proposed."""
    return [*_map(facts), *planned_cameras(facts), *_key_places(facts), *masks(facts)]


def _map(facts: DraftFacts) -> list[Block]:
    """Return where the one map of the plan stands, or the map itself where it has no room for numbers on the large page."""
    translations, heading = facts.translations, Heading(facts.translations(marked("Chosen layout")), 1)
    if large_map(facts):
        text = marked("{map}, the first annex, shows all cameras and confirmed parts on one large page.")
        return [heading, Paragraph(translations(text, map=reference("large_map")))]
    first, *rest = overview(facts, with_parts=True)
    return [replace(heading, on_new_page=True), *(rest if isinstance(first, Heading) else [first])]


def large_map(facts: DraftFacts) -> list[Block]:
    """Return the map of the plan on an A3 page on its side, where there is a map and its numbers have room."""
    translations, assessment = facts.translations, facts.assessment
    if len(assessment.cameras) > MOST_NUMBERED:
        return []
    numbers = facts.called.numbers
    picture = overview_map(facts.base, assessment, translations, numbers=numbers, room=LARGE_ROOM)
    if picture is None:
        return []
    alt = translations(marked("All cameras and confirmed parts; the numbers are those of the list of all cameras."))
    parts = [each.part.geometry for each in assessment.parts or ()]
    _, is_cut = overview_frame(assessment.cameras, parts, OVERVIEW_MARGIN_M, decided_only=True)
    caption = words.running_text([alt, *([translations(CUT)] if is_cut else [])])
    heading = Heading(translations(marked("Annex: map of the plan")), 1)
    return [LARGE, heading, printed_figure(picture, caption, alt, "large_map", LARGE)]


def planned_cameras(facts: DraftFacts) -> list[Block]:
    """Return the planned cameras, without coordinates: a draft carries none."""
    translations = facts.translations
    heading = Heading(translations(marked("Planned cameras")), 2)
    if not facts.planned:
        return [heading, Paragraph(translations(marked("No camera is planned.")))]
    keys = ("number", "called", "kind", "mount", "area_m2", "unasked_m2", "parts_served", "home_grade", "protected_grade")
    table = camera_table(replace(facts.assessment, cameras=facts.planned), facts.called.parts, facts.called)
    grid = grid_of(table, keys, (0.7, 1.8, 0.9, 0.8, 1, 1.1, 1.9, 1.1, 1.2), translations)
    caption = translations(marked("Planned cameras, and what each shows"))
    return [heading, replace(grid, caption=caption, anchor="planned")]


def area_maps(facts: DraftFacts) -> list[Block]:
    """Return a map an area, and the numbers of the cameras there."""
    names = sorted({name for result in facts.standing for name in result.area_names} & _shown_areas(facts))
    if facts.order.area or not names:
        return []
    heading = Heading(facts.translations(marked("Annex: maps of the areas")), 1, on_new_page=True)
    blocks: list[Block] = [heading]
    for name in names[: int(load_style()["limits"]["area_pages"])]:
        blocks += _area(facts, name, of_area(facts.assessment, name))
    return blocks


def _shown_areas(facts: DraftFacts) -> set[str]:
    """Return the names of all areas; in a district's plan of those alone that are part of it."""
    layer, district = facts.project.layers.get("areas"), facts.order.conformity
    areas = read_areas(layer) if layer is not None else ()
    named, by_id = labels(areas), {area.area_id: area for area in areas}
    if district is None:
        return set(named)
    ids = {area.area_id for area, name in zip(areas, named, strict=True) if name == district.area}
    upwards = ({each.area_id for each in ancestors(area, by_id)} for area in areas)
    return {name for name, above in zip(named, upwards, strict=True) if above & ids}


def _area(facts: DraftFacts, name: str, inside: Assessment) -> list[Block]:
    translations = facts.translations
    picture = overview_map(facts.base, inside, translations, numbers=facts.called.numbers, room=AREA_ROOM)
    caption = translations(marked("{area}: cameras, what they can see, and the confirmed parts"), area=name)
    figure = [] if picture is None else [printed_figure(picture, caption, caption)]
    ids = [result.placed.camera.camera_id for result in inside.cameras]
    text = marked("Cameras in {area}, as the list of all cameras numbers them: {cameras}.")
    said = translations(text, area=name, cameras=facts.called.counted_up(ids))
    return [Heading(name, 2), Paragraph(said, "record"), *figure]


def key_places(assessment: Assessment) -> list[PartResult]:
    """Return the confirmed parts that planned cameras serve otherwise than today, those with the largest change first."""

    def gain(result: PartResult) -> float:
        return result.measured_after.share_served - result.measured.share_served

    changed = [result for result in assessment.parts or () if abs(gain(result)) > 0.0]
    return sorted(changed, key=lambda result: (-gain(result), result.part.part_id))


def _key_places(facts: DraftFacts) -> list[Block]:
    translations = facts.translations
    found = key_places(facts.assessment)[: int(load_style()["limits"]["key_places"])]
    blocks: list[Block] = []
    for result in found:
        figure = before_and_after(facts, result)
        blocks += [] if figure is None else [Heading(part_name(facts, result), 3), figure]
    if not blocks:
        return []
    return [Heading(translations(marked("Key places before and after")), 2), *blocks]


def part_name(facts: DraftFacts, result: PartResult) -> str:
    """Return what a confirmed part is called."""
    return facts.called.parts.get(result.part.part_id, result.part.part_id)


def before_and_after(facts: DraftFacts, result: PartResult) -> Figure | None:
    """Return the picture of a part today and with the planned cameras; nothing where it has no place to be drawn."""
    translations, name = facts.translations, part_name(facts, result)
    showing = {view.camera_id for view in result.views}
    before, near = ([one for one in some if one.placed.camera.camera_id in showing] for some in (facts.operating, facts.standing))
    picture = before_and_after_map(facts.base, facts.assessment, result, (before, near), translations, facts.called.numbers)
    text = marked("{place}: {before} today, left; {after} with the planned cameras, right")
    verdicts = {
        "before": words.word(words.VERDICTS, result.verdict, translations),
        "after": words.word(words.VERDICTS, result.verdict_after, translations),
    }
    caption = translations(text, place=name, **verdicts)
    return None if picture is None else printed_figure(picture, caption, caption)


def masks(facts: DraftFacts) -> list[Block]:
    """Return the masks on record and those that would end a view that is due or severe."""
    translations = facts.translations
    rows = tuple(row for result in facts.standing if (row := _mask_row(facts, result)))
    heading = Heading(translations(marked("Masks")), 2)
    text = marked(
        "A mask is set in the camera permanently: what lies behind it is never in the picture. The controller "
        "proves that the mask is set."
    )
    if withholds(facts.assessment, Matter.MASKS):
        return [heading, Paragraph(translations(MASKS))]
    if not rows:
        none = translations(marked("No mask is on record, and no view is to be ended by a mask."))
        return [heading, Paragraph(none)]
    headings = translations(marked("Camera")), translations(marked("Masks on record")), translations(marked("Masks to be set"))
    return [
        heading,
        Paragraph(translations(text)),
        Grid(headings, rows, (2.4, 2, 2), translations(marked("Masks")), anchor="masks"),
    ]


def _mask_row(facts: DraftFacts, result: CameraResult) -> tuple[str, ...]:
    camera, translations = result.placed.camera, facts.translations
    recorded = finding_words.sectors_text(camera.mask_sector_deg)
    if camera.mask_px:
        inside = translations(marked("in the picture"))
        recorded = translations("; ").join((recorded, inside)) if recorded else inside
    mitigations = [one.mitigation for one in result.sightings if one.grade in GRAVE and one.mitigation is not None]
    masks = (finding_words.sectors_text(one.mask_sector_deg) for one in mitigations if one.action is MitigationAction.MASK)
    asked = "; ".join(text for text in masks if text)
    return (facts.called.title(camera.camera_id), recorded or "–", asked or "–") if recorded or asked else ()
