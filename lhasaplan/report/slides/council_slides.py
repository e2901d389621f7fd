"""The slides that a council is shown, each with a sentence as its title: map, views, options, motions, what nobody knows."""

from collections.abc import Mapping

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.model.camera import Status
from lhasaplan.core.records.minutes import Item
from lhasaplan.core.results.assessment import Assessment, Sighting
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.report.chapters.draft_facts import TO_FILL, DraftFacts
from lhasaplan.report.chapters.motions import Motion, asked_now, by_whom_text, decided_text
from lhasaplan.report.chapters.opening import costs_text
from lhasaplan.report.chapters.option_figures import (
    RULE,
    TODAY,
    OptionRow,
    cost_text,
    ground_note,
    marked_option,
    option_figures,
    option_rows,
)
from lhasaplan.report.documents.camera_pages import limits_text
from lhasaplan.report.documents.council_summary import MAP_ALT, named_on_map
from lhasaplan.report.facts.common_findings import common_ground, questions_grid
from lhasaplan.report.facts.short_answer import all_grave_views, gravest_possible, headline, places_in, possible_span, span_text
from lhasaplan.report.facts.summary import coming, of_status
from lhasaplan.report.maps.figures import FigureRoom, camera_map, council_map
from lhasaplan.report.maps.map_decorations import printed_figure
from lhasaplan.report.maps.plan_figures import OptionBar, options_chart
from lhasaplan.report.slides.deck import Ballot, Slide, SlideBlock, how_to_say, source
from lhasaplan.report.slides.deck_plan import ASK, NOTHING_KNOWN
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import Bullets, Figure, Grid, Paragraph
from lhasaplan.report.text.numerals import bound, density_text, number_text
from lhasaplan.report.text.text_width import lines_of, shortened

MAP_ROOM = FigureRoom(30.0, 14.0)
MOST_VIEWS, MOST_QUESTIONS, NAMED = 6, 5, 3
VIEW_MAP_CM, VIEW_SHARE = 12.5, 0.42
OPTION_CM, OPTION_PT = 9.6, 15.0  # room of an option's name in the chart


def where_slide(facts: DraftFacts, file: str) -> Slide:
    """Return the map with streets and cameras by name over the whole slide; nothing of it where positions are coarse."""
    translations, current = facts.translations, facts.present.assessment
    grave = frozenset(view.camera_id for view in all_grave_views(current))
    named = named_on_map(facts, grave)
    picture = council_map(facts.base, facts.assessment, translations, named, grave, MAP_ROOM)
    title = translations(marked("{count} cameras are in operation; this is what they can see"), count=len(current.cameras))
    title = title if current.cameras else headline(current, translations)
    notes = source(translations, file, translations(marked("Map")), "cameras", "cameras"), how_to_say(translations)
    if picture is None:
        said = Paragraph(words.why_no_map(current.cameras, translations), "lead")
        return Slide(title, (said,), notes)
    return Slide(title, (printed_figure(picture, "", translations(MAP_ALT)),), notes)


def views_slides(facts: DraftFacts, file: str) -> list[Slide]:
    """Return the views that must end with what ends each, today and after it; of a city without any, whom to ask first."""
    translations, current = facts.translations, facts.present.assessment
    views = sorted(all_grave_views(current), key=lambda view: (-view.density_px_m[1], view.camera_id))
    if not views:
        return _ask_first(facts, current, file)
    headings = (
        translations(marked("Camera, and what it can see")),
        translations(marked("Today")),
        translations(marked("Remedy, and what remains")),
    )
    rows = tuple(_view_row(facts, view) for view in views[:MOST_VIEWS])
    blocks: list[SlideBlock] = [Grid(headings, rows, (2.6, 1.7, 2.6))]
    if len(views) > MOST_VIEWS:
        text = marked("The first {shown} of {count}; the report lists all.")
        blocks.append(Paragraph(translations(text, shown=MOST_VIEWS, count=len(views)), "small"))
    ended = sum(view.mitigation is not None and bool(view.mitigation.changes) for view in views)
    text = marked("{count} views must end; the program found a remedy for {ended} of them")
    if ended == len(views):
        text = marked("{count} views must end; these remedies end all of them")
    title = translations(text, count=len(views), ended=ended)
    notes = (
        source(translations, file, translations(marked("Cameras with findings")), "sightings", "cameras.sightings"),
        how_to_say(translations),
    )
    first = next(result for result in current.cameras if result.placed.camera.camera_id == views[0].camera_id)
    picture = camera_map(facts.base, current, first, translations, facts.called.numbers, VIEW_MAP_CM)
    caption = translations(marked("Camera {camera} and what it can see"), camera=facts.called.title(views[0].camera_id))
    side = None if picture is None else Figure(picture, caption, alt=caption)
    return [Slide(title, tuple(blocks), notes, side, VIEW_SHARE)]


def _view_row(facts: DraftFacts, view: Sighting) -> tuple[str, ...]:
    translations, mitigation = facts.translations, view.mitigation
    is_tried = mitigation is not None and bool(mitigation.changes)
    now, left = marked("{density} px/m, places: {places}"), marked("{remedy}: afterwards out of view, or coarser than the limit")
    remedy = finding_words.short_mitigation_text(mitigation, translations) or translations(TO_FILL)
    return (
        translations(marked("{camera} ({what})"), camera=facts.called.title(view.camera_id), what=_class(view, translations)),
        translations(now, density=density_text(*view.density_px_m, translations), places=places_in((view,))),
        translations(left, remedy=remedy.rstrip(".。")) if is_tried else remedy,
    )


def _class(view: Sighting, translations: Translations) -> str:
    return words.word(words.CLASSES, str(view.cls), translations)


def _ask_first(facts: DraftFacts, current: Assessment, file: str) -> list[Slide]:
    """Return the cameras to be asked about first, with what they may be able to see."""
    translations, found = facts.translations, gravest_possible(current)
    if not found:
        return []
    possible = (view for result in current.cameras for view in result.sightings if not view.is_recorded)
    grave = sorted((view for view in possible if view.grade_high in GRAVE), key=lambda view: view.density_px_m[1])
    views = {view.camera_id: view for view in grave}  # of each camera its sharpest
    ids = list(dict.fromkeys(each.camera_id for each in found))[:MOST_VIEWS]
    headings = (
        translations(marked("Camera")),
        translations(marked("It may be able to see")),
        translations(marked("How sharply (px/m)")),
    )
    rows = tuple(
        (
            facts.called.title(each),
            _class(views[each], translations),
            density_text(*views[each].density_px_m, translations),
        )
        for each in ids
        if each in views
    )
    title = marked("Whom to ask first: direction and lens prove or rule out up to {views} views")
    notes = source(translations, file, translations(marked("Findings")), "findings", "findings")
    return [Slide(translations(title, views=possible_span(current)[1]), (Grid(headings, rows, (3, 2, 1.5)),), (notes,))]


def choice_slide(facts: DraftFacts, file: str) -> Slide:
    """Return the options in one chart: parts served and ground that no part asks for, with the one that the rule marks."""
    translations, rows = facts.translations, option_figures(facts)
    best, parts = marked_option(rows), len(facts.assessment.parts or ())
    bars = tuple(
        OptionBar(
            "\n".join(lines_of(shortened(bound(row.title(translations)), OPTION_CM, OPTION_PT, 2), OPTION_CM, OPTION_PT)),
            float(row.met),
            row.unasked_m2,
            row.ground_text(translations),
            translations(marked("too sharp: {places}"), places=row.places),
            row is best,
        )
        for row in rows
    )
    heads = translations(marked("Parts met, of {parts}"), parts=parts), translations(marked("Ground that no part asks for (m²)"))
    alt = translations(marked("; ")).join(_option_in_words(row, translations) for row in rows)
    figure = printed_figure(options_chart(bars, heads, float(parts)), "", alt)
    title = translations(marked("The options: what each serves, and what else it shows"))
    if best is not None:
        text = marked("“{option}” is marked by the rule below: {met} of {parts} parts met, places shown too sharply: {places}")
        title = translations(text, option=best.title(translations), met=best.met, parts=parts, places=best.places)
    notes = (
        source(translations, file, translations(marked("Options")), "sums", "parts, totals.parts_by"),
        ground_note(facts),
        how_to_say(translations),
    )
    return Slide(title, (Paragraph(translations(RULE), "small"), figure), notes)  # a picture takes all that is left


def _option_in_words(row: OptionRow, translations: Translations) -> str:
    said = marked(
        "{option}: parts met {met}, ground that no part asks for {unasked} m², protected places shown too sharply {places}"
    )
    counts = {"met": row.met, "unasked": row.ground_text(translations), "places": row.places}
    return translations(said, option=row.title(translations), **counts)


def motions_slide(facts: DraftFacts, file: str) -> Slide:
    """Return all motions with what follows from each, its cost where it is known, and room for the decision."""
    translations, asked = facts.translations, asked_now(facts)
    is_plan = facts.assessment.parts is not None
    headings = (
        translations(marked("Question")),
        translations(marked("What follows")),
        *((translations(marked("Cost")),) if is_plan else ()),
        translations(marked("Decision, by whom, by when")),
    )
    rows = tuple(
        (each.text, consequence(facts, each), *((_cost(facts, each),) if is_plan else ()), _decided(each, translations))
        for each in asked
    )
    widths = (3.4, 3.4, 1.6, 2.2) if is_plan else (3.4, 3.4, 2.4)
    title = translations(marked("The council is asked {count} questions"), count=len(asked))
    notes = (
        translations(ASK, item=translations(marked("of the question"))),
        source(translations, file, translations(marked("Decision"))),
    )
    return Slide(title, (Ballot(headings, rows, widths),), notes)


def _decided(motion: Motion, translations: Translations) -> str:
    said = decided_text(motion.resolution, translations), by_whom_text(motion.resolution, translations)
    return translations(marked(", ")).join(text for text in said if text)


def consequence(facts: DraftFacts, motion: Motion) -> str:
    """Return the consequence of a motion in figures of the tables."""
    translations, current = facts.translations, facts.present.assessment
    views = all_grave_views(current)
    if motion.item == Item.VIEWS:
        text = marked("Views of homes and other protected places that end: {views}; places in them: {places}.")
        return translations(text, views=len(views), places=places_in(views))
    if motion.item == Item.ANSWERS:
        text = marked("Possible views become certain or drop out: up to {most}.")
        return translations(text, most=possible_span(current)[1])
    if motion.item in PLAIN_CONSEQUENCES:
        return translations(PLAIN_CONSEQUENCES[motion.item])
    if facts.assessment.parts is None:
        return translations(NOTHING_LOST) if motion.item == Item.REMOVALS else NOTHING_KNOWN
    return _follows_of_plan(facts, motion)


def _follows_of_plan(facts: DraftFacts, motion: Motion) -> str:
    translations, rows = facts.translations, option_rows(facts)
    now, then, fewer = rows[TODAY], rows.get(OptionKey.PROPOSED), rows.get(OptionKey.FEWER)
    best = marked_option(option_figures(facts))
    if motion.item == Item.OPTION and best is not None:
        text = marked(
            "With the marked option, “{option}”, {cameras_then} cameras meet {met_then} of {parts} parts. Today {cameras} "
            "cameras meet {met}."
        )
        counts = {"met": now.met, "met_then": best.met, "cameras": now.cameras, "cameras_then": best.cameras}
        return translations(text, option=best.title(translations), parts=len(facts.assessment.parts or ()), **counts)
    if motion.item == Item.PLANNED and then is not None:
        text = marked(
            "New: {names}. Parts met: {met_then}, today {met}. Parts better served than today: {better}. Ground that no part "
            "asks for: {more} m² more."
        )
        return translations(
            text,
            names=words.some_names(
                (facts.called.title(one.placed.camera.camera_id) for one in coming(facts.assessment)), translations, NAMED
            ),
            met_then=then.met,
            met=now.met,
            better=sum(one.measured_after.share_served > one.measured.share_served for one in facts.assessment.parts or ()),
            more=number_text(max(0.0, _m2(then) - _m2(now)), translations),
        )
    if motion.item == Item.REMOVALS and fewer is not None:
        text = marked("No part loses anything. Ground that no part asks for: {less} m² less.")
        return translations(text, less=number_text(max(0.0, _m2(now) - _m2(fewer)), translations))
    return translations(NOTHING_LOST) if motion.item == Item.REMOVALS else NOTHING_KNOWN


NOTHING_LOST = marked("No part loses anything.")
PLAIN_CONSEQUENCES: Mapping[str, str] = {
    Item.REVIEW: marked("The plan is reviewed on a fixed date."),
    Item.PURPOSES: marked("A camera without a purpose gets a purpose and an end date, or it is removed."),
    Item.REGISTER: marked("Everybody can look up each camera, its purpose and its end date."),
    Item.MILDER: marked("The same parts are served, and less of protected places can be seen."),
    Item.NO_CAMERA: marked("No home and no other protected place is in view of a camera."),
}


def _m2(row: OptionRow) -> float:
    return float(round(row.unasked_m2))


def _cost(facts: DraftFacts, motion: Motion) -> str:
    """Return what a motion costs as far as prices are stated; a review costs no work."""
    keys: Mapping[str, OptionKey] = {Item.PLANNED: OptionKey.PROPOSED, Item.REMOVALS: OptionKey.FEWER}
    if motion.item == Item.REVIEW:
        return "–"
    best, rows = marked_option(option_figures(facts)), option_rows(facts)
    row = best if motion.item == Item.OPTION else rows.get(keys.get(motion.item, OptionKey.NONE))
    if row is None or motion.item not in {*keys, Item.OPTION}:
        return facts.translations(TO_FILL)
    return cost_text(row.cost, facts.translations)


def cost_title(facts: DraftFacts) -> str:
    """Return what the plan costs as a sentence."""
    said = costs_text(facts, option_rows(facts))
    return said[0].rstrip(".。") if said else facts.translations(marked("Phases and costs"))


def unknown_slide(facts: DraftFacts, file: str) -> Slide:
    """Return what nobody knows: records that are incomplete with the questions that end it, and what no map can tell."""
    translations, current = facts.translations, facts.present.assessment
    operating = of_status(current, Status.OPERATING)
    unknown = sum(not result.placed.certain for result in operating)
    asked = common_ground(current).questions[:MOST_QUESTIONS]
    title = translations(marked("Nobody here knows whether the cameras are on, or who looks"))
    if unknown:
        text = marked("For {count} of {cameras} cameras direction or lens is not on record")
        title = translations(text, count=unknown, cameras=len(operating))
    least, most = possible_span(current)
    lines = [translations(NOT_KNOWN)]
    if most:
        text = marked("Views that may be too sharp, once direction and lens are known: {views}.")
        lines.append(translations(text, views=span_text(least, most, translations)))
    if blank_m2 := round(float(current.totals.get("area_not_mapped_m2", 0.0))):
        text = marked("Ground in view that is not mapped: {blank} m². Nobody knows what hides it.")
        lines.append(translations(text, blank=number_text(blank_m2, translations)))
    notes = source(translations, file, translations(marked("Data and limits"))), limits_text(translations)
    return Slide(title, (Bullets(tuple(lines)), *questions_grid(asked, translations)), notes)


NOT_KNOWN = marked("No map shows whether a camera is on, records, zooms or is masked inside, or who looks.")
