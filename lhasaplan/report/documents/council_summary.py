"""One page for a council: the finding as its title, a map, three figures, the options, and three motions."""

from collections.abc import Mapping

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import Item
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.camera_chapter import gravest
from lhasaplan.report.chapters.draft_facts import DraftFacts, document_of, facts_of
from lhasaplan.report.chapters.motions import Motion, asked_now
from lhasaplan.report.chapters.option_figures import RULE, ground_note, option_figures, option_grid
from lhasaplan.report.facts.basis import subtitle
from lhasaplan.report.facts.short_answer import (
    all_grave_views,
    gravest_possible,
    has_no_map,
    headline,
    not_mapped_text,
    possible_span,
    span_text,
    yardstick,
)
from lhasaplan.report.maps.figures import FigureRoom, council_map
from lhasaplan.report.maps.map_decorations import blank_png, printed_figure
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import number_text
from lhasaplan.report.text.text_width import shortened

WIDTH_CM, MAP_CM = 16.0, 14.0  # of the map, where the page has so much room
MOST_NAMED, FEW = 10, 16  # cameras named on the map of a city; of a town with few cameras all are
NAME_CM, NAME_PT = 4.4, 7.0  # room of a name on the map
MOST_ROWS = 8  # of options on the page: more stand in the plan
MOST_MOTIONS, MOST_ASKED = 3, 3
COARSE = 3  # the column of an option's parts that are seen in part or too coarsely
FIRST = (Item.OPTION, Item.VIEWS, Item.REMOVALS, Item.PLANNED, Item.ANSWERS, Item.PURPOSES, Item.MILDER, Item.REGISTER)
LIMITS = marked(
    "Computed from map data: it shows what cameras can see, not whether they are on or who looks. A view is too "
    "sharp above 62.5 px/m, or above less where a rule pack says so. This program sets that limit; no law does."
)
MAP_ALT = marked(
    "Map: streets and cameras by name, what the cameras can see, and the fronts of homes and other protected places in view."
)


def compose_summary(
    project: Project,
    assessment: Assessment,
    translations: Translations,
    order: DraftOrder = WHOLE,
    map_cm: float = MAP_CM,
    *,
    is_drawn: bool = True,
) -> Document:
    """Return the summary, its map so tall; the options stand on it behind the gate alone.

    A map that is not drawn is an empty picture of its size: enough to find out how tall it may be.
    """
    facts = facts_of(project, assessment, translations, order)
    said = f"{facts.translations(marked('Summary for the council'))} · {subtitle(facts.assessment, facts.translations)}"
    title = headline(facts.present.assessment, facts.translations)
    return document_of(facts, title, (lambda facts: _page(facts, map_cm, is_drawn=is_drawn),), head=said, is_numbered=False)


def _page(facts: DraftFacts, map_cm: float, *, is_drawn: bool) -> list[Block]:
    current, translations = facts.present.assessment, facts.translations
    beside = [not_mapped_text(current, translations), *_where_others_stand(facts), translations(LIMITS)]
    return [
        *_whose_views(facts, current),
        *(_map(facts, map_cm) if is_drawn else _room_of_map(facts, map_cm)),
        three_figures(current, translations),
        *_options(facts),
        Heading(translations(marked("What the council is asked to decide")), 2),
        Bullets(tuple(each.text for each in _first(asked_now(facts))), numbered=True),
        *yardstick(current, translations, "small"),
        Paragraph(words.running_text(filter(None, beside)), "small"),
    ]


def _whose_views(facts: DraftFacts, current: Assessment) -> list[Block]:
    """Return which cameras have the views that must end, each with what it can see; nothing where none must."""
    translations, seen = facts.translations, dict[str, dict[str, None]]()
    for view in all_grave_views(current):
        seen.setdefault(view.camera_id, {})[words.word(words.CLASSES, str(view.cls), translations)] = None
    text = marked("{camera} ({what})")
    named = [
        translations(text, camera=facts.called.title(camera), what=words.together(what, translations))
        for camera, what in seen.items()
    ]
    if not named:
        return _ask_first(facts, current)
    shown = words.series(named[:MOST_NAMED], translations)
    if len(named) > MOST_NAMED:
        more = marked("Views that must end, first at these cameras: {cameras}. {count} more cameras have such views.")
        return [Paragraph(translations(more, cameras=shown, count=len(named) - MOST_NAMED), "lead")]
    return [Paragraph(translations(marked("Views that must end: {cameras}."), cameras=shown), "lead")]


def _ask_first(facts: DraftFacts, current: Assessment) -> list[Block]:
    """Return whose direction and lens to ask for first, where nothing is certain; nothing where no view may be too sharp."""
    cameras = list(dict.fromkeys(each.camera_id for each in gravest_possible(current)))[:MOST_ASKED]
    text = marked("Ask for direction and lens first of: {cameras}.")
    shown = words.series(map(facts.called.title, cameras), facts.translations)
    return [Paragraph(facts.translations(text, cameras=shown), "lead")] if cameras else []


def _map(facts: DraftFacts, height_cm: float) -> list[Block]:
    """Return the map with streets and cameras by name; nothing where positions are coarse."""
    translations = facts.translations
    grave = frozenset(view.camera_id for view in all_grave_views(facts.present.assessment))
    room = FigureRoom(WIDTH_CM, height_cm)
    picture = council_map(facts.base, facts.assessment, translations, named_on_map(facts, grave), grave, room)
    return [] if picture is None else [printed_figure(picture, "", translations(MAP_ALT))]


def _room_of_map(facts: DraftFacts, height_cm: float) -> list[Block]:
    """Return an empty picture as large as the map."""
    if not any(each.placed.views for each in facts.assessment.cameras):
        return []
    return [printed_figure(blank_png(WIDTH_CM, height_cm), "", facts.translations(MAP_ALT))]


def named_on_map(facts: DraftFacts, grave: frozenset[str]) -> Mapping[str, str]:
    """Return what stands beside each camera of the map: of many cameras those alone that matter most."""
    cameras = facts.assessment.cameras
    chosen = [result.placed.camera.camera_id for result in cameras]
    if len(cameras) > FEW:
        ranked = [each.placed.camera.camera_id for each in gravest(facts.assessment)]
        chosen = [*(each for each in ranked if each in grave), *(each for each in ranked if each not in grave)][:MOST_NAMED]
    return {each: shortened(facts.called.title(each), NAME_CM, NAME_PT, 1) for each in chosen}


def three_figures(assessment: Assessment, translations: Translations) -> Grid:
    """Return the three figures that a council should have in mind, in large letters."""
    pairs = (_views_figure(assessment, translations), _ground_figure(assessment, translations), _third(assessment, translations))
    return Grid(tuple(pair[0] for pair in pairs), (tuple(pair[1] for pair in pairs),), (1, 1, 1), is_large=True)


def _views_figure(assessment: Assessment, translations: Translations) -> tuple[str, str]:
    views, (least, most) = len(all_grave_views(assessment)), possible_span(assessment)
    if not any(result.placed.certain for result in assessment.cameras):
        return translations(marked("Views that may be too sharp")), span_text(least, most, translations)
    value = translations(marked("{least} (up to {most})"), least=views, most=views + most) if most else str(views)
    if not views and not most and has_no_map(assessment):
        value = translations(marked("not known"))
    return translations(marked("Views that must end")), value


def _ground_figure(assessment: Assessment, translations: Translations) -> tuple[str, str]:
    totals = assessment.totals
    if "area_seen_certain_m2" not in totals:
        unasked = sum(result.unasked_m2 for result in assessment.cameras)
        label = translations(marked("Ground in view with no purpose stated"))
        return label, f"{number_text(unasked, translations)} m²"
    if has_no_map(assessment):
        label = translations(marked("Ground in view that is not mapped"))
        return label, f"{number_text(float(totals['area_not_mapped_m2']), translations)} m²"
    kind = "certain" if float(totals["area_seen_certain_m2"]) > 0 else "possible"
    seen, unasked = (float(totals.get(f"{name}_{kind}_m2", 0.0)) for name in ("area_seen", "unasked"))
    both = {"part": number_text(unasked, translations), "whole": number_text(seen, translations)}
    is_all = both["part"] == both["whole"]
    value = f"{both['part']} m²" if is_all else translations(marked("{part} of {whole} m²"), **both)
    if kind == "possible":
        return translations(marked("Ground that may be in view with no purpose stated")), value
    return translations(marked("Ground in view with no purpose stated")), value


def _third(assessment: Assessment, translations: Translations) -> tuple[str, str]:
    """Return how many confirmed parts are met; without parts how many records are complete."""
    of = marked("{count} of {parts}")
    if assessment.parts:
        met = sum(part.verdict == "met" for part in assessment.parts)
        label = translations(marked("Confirmed parts that are met today"))
        return label, translations(of, count=met, parts=len(assessment.parts))
    known = sum(result.placed.certain for result in assessment.cameras)
    label = translations(marked("Cameras with direction and lens on record"))
    return label, translations(of, count=known, parts=len(assessment.cameras))


def _options(facts: DraftFacts) -> list[Block]:
    """Return the options with the rule that marks one of them; nothing outside the gate."""
    if facts.assessment.parts is None:
        return []
    rows = option_figures(facts)[:MOST_ROWS]
    grid = option_grid(rows, "", facts.translations)
    kept = [n for n in range(len(grid.headings)) if n != COARSE]  # which stands in the plan
    brief = Grid(
        tuple(grid.headings[n] for n in kept),
        tuple(tuple(row[n] for n in kept) for row in grid.rows),
        (4.25, 1.15, 1.05, 2.3, 1.5, 1.4),
        numeric=frozenset(range(1, 5)),
    )
    return [brief, Paragraph(words.running_text([facts.translations(RULE), ground_note(facts)]), "small")]


def _where_others_stand(facts: DraftFacts) -> list[str]:
    """Return that no camera is an option, and where the other questions stand."""
    asked = asked_now(facts)
    said = [facts.translations(marked("“No camera” is always one of the options."))]
    text = marked("All {count} questions stand in minutes.docx.")
    return [*said, facts.translations(text, count=len(asked))] if len(asked) > MOST_MOTIONS else said


def _first(asked: tuple[Motion, ...]) -> list[Motion]:
    """Return the motions that come first, in the order of the minutes."""
    ranked = sorted(asked, key=lambda each: FIRST.index(each.item) if each.item in FIRST else len(FIRST))[:MOST_MOTIONS]
    return [each for each in asked if each in ranked]
