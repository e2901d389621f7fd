"""The answer of an audit in a few lines, before any table: what is certain, what is possible, what no purpose asks for."""

import io
import math
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import shapely

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.city.surveys import NO_SURVEY
from lhasaplan.core.findings.notes import NOTES
from lhasaplan.core.model.camera import Status
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import GRAVE, Finding, Whereabouts
from lhasaplan.report.facts.summary import grade_of, grave_findings, interval_of, of_status
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import Block, Bullets, Figure, Paragraph
from lhasaplan.report.text.numerals import DECIMAL_MARK, is_all_of, number_text

# Say on the first page of a plan where on Earth it lies, and what the gate is.

GATE_IS = marked(
    "The gate checks declarations: what the mandate states, sealed data and geometry. It cannot know whether "
    "they are true, or whether the coordinates are those of this city."
)
LOCATOR = marked("Where the coordinates put this plan: the cross, among the outlines of countries")
NORTH, SOUTH, EAST, WEST = marked("N"), marked("S"), marked("E"), marked("W")
ROUNDING = 3  # of degrees: a hundred metres
_INCHES = 2.2


def where_rows(assessment: Assessment, translations: Translations) -> tuple[tuple[str, str], ...]:
    """Return the coordinate system, the place on Earth and the country, as rows of a table, and what the gate is."""
    gate = (translations(marked("Planning gate")), translations(GATE_IS))
    where = assessment.where
    if where is None:
        return (gate,)
    named = [f"{name} ({code})" if name else code for code, name in where.countries]
    countries = ", ".join(named) or translations(marked("none: open sea, or a country without an outline in the program"))
    return (
        (translations(marked("Coordinate system")), where.system.split(" (")[0]),  # without where else it is used
        (translations(marked("Place on Earth")), place_text(where.lat, where.lon, translations)),
        (translations(marked("Country at this place")), countries),
        gate,
    )


def where_line(assessment: Assessment, translations: Translations) -> tuple[tuple[str, str], ...]:
    """Return place, country and system as one row, for a crowded page; no row where they are unknown."""
    if assessment.where is None:
        return ()
    (_, system), (title, place), (_, country), _ = where_rows(assessment, translations)
    return ((title, f"{place}; {country}; {system}"),)


def place_text(lat: float, lon: float, translations: Translations) -> str:
    """Return a place on Earth as a reader's language writes it, to a hundred metres."""
    sides = SOUTH if lat < 0 else NORTH, WEST if lon < 0 else EAST
    pairs = zip((lat, lon), sides, strict=True)
    degrees = (f"{number_text(abs(value), translations, ROUNDING)}° {translations(side)}" for value, side in pairs)
    return translations(marked("; ") if translations(DECIMAL_MARK) == "," else marked(", ")).join(degrees)


def locator(assessment: Assessment, translations: Translations, width: float = 0.3) -> list[Figure]:
    """Return a small map of the outlines round the plan, with a cross at its middle."""
    where = assessment.where
    if where is None:
        return []
    return [Figure(_drawn(where), translations(LOCATOR), width, translations(LOCATOR))]


def _drawn(where: Whereabouts) -> bytes:
    from matplotlib.collections import LineCollection  # noqa: PLC0415 - the command line says short answers without it
    from matplotlib.figure import Figure as Canvas  # noqa: PLC0415

    west, south, east, north = where.box_deg
    canvas = Canvas(figsize=(_INCHES, _INCHES))
    axes = canvas.add_axes((0.0, 0.0, 1.0, 1.0), xlim=(west, east), ylim=(south, north), xticks=[], yticks=[])
    axes.set_aspect("auto")
    lines = [np.asarray(shapely.get_coordinates(line)) for line in shapely.get_parts(where.outlines)]
    axes.add_collection(LineCollection([line for line in lines if len(line) > 1], colors="#555555", linewidths=0.6))
    axes.plot([where.lon], [where.lat], marker="+", markersize=14, markeredgewidth=2.0, color="#c0392b")
    stream = io.BytesIO()
    canvas.savefig(stream, format="png", dpi=150, metadata={"Software": None})
    return stream.getvalue()


LIKELY = "dwelling_likely"
SHOWN = 3  # of each kind: the answer stays on the first page
# Views and places are two counts of one thing; whatever prints one of them beside the other says how they hang together.
IN_THESE = marked("These views show protected places: {places}. A place counts once for each camera that shows it.")
COUNTED = marked(
    "A view is what one camera shows of homes, of likely dwellings or of other protected places. One view may "
    "hold several places. A place counts once for every camera that shows it."
)


def first_blocks(assessment: Assessment, translations: Translations, named: finding_words.Named = str) -> list[Block]:
    """Return the gravest findings, each with its mitigation and article, then those to be asked about first."""
    certain = grave_findings(assessment)
    first = gravest_possible(assessment)
    blocks: list[Block] = []
    if certain:
        text = marked("End first ({shown} of {count}):")
        blocks += _listed(text, certain, [reported(one, translations, named) for one in certain[:SHOWN]], translations)
    if first:
        text = marked("Ask about first ({shown} of {count}): possible views that may be due or severe.")
        blocks += _listed(text, first, [finding_words.sentence(one, translations, named) for one in first[:SHOWN]], translations)
    return blocks + yardstick(assessment, translations)


def yardstick(assessment: Assessment, translations: Translations, style: str = "warning") -> list[Block]:
    """Return for each pack that is cited beyond its territory that it is no law there; a paper that cites has to say so."""
    said = dict.fromkeys(
        words.said(one, translations, assessment.terms) for one in assessment.notes if one[0] == NOTES["beyond_law"]
    )
    return [Paragraph(text, style) for text in said]


def _listed(text: str, found: Sequence[Finding], items: Sequence[str], translations: Translations) -> list[Block]:
    return [Paragraph(translations(text, shown=len(items), count=len(found)), "record"), Bullets(tuple(items))]


def reported(finding: Finding, translations: Translations, named: finding_words.Named = str) -> str:
    """Return a finding with its mitigation and what it rests on."""
    text = marked("{finding} {mitigation} ({article})")
    facts = {
        "finding": finding_words.sentence(finding, translations, named),
        "mitigation": finding_words.mitigation_text(finding.mitigation, translations) or "–",
    }
    return translations(text, **facts, article=finding_words.article_text(finding.pack, finding.article, translations))


def answer_opening(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return how a report begins: what was found in one sentence that can be quoted, and below it the answer line by line."""
    return [
        Paragraph(headline(assessment, translations), "lead"),
        Bullets(tuple(answer_lines(assessment, translations))),
    ]


def headline(assessment: Assessment, translations: Translations) -> str:
    """Return what was found in a sentence: how many cameras have a view that must end, or how many may have one."""
    operating = of_status(assessment, Status.OPERATING)
    grave = {view.camera_id for view in all_grave_views(assessment)}
    if grave:
        return translations(_of_whom(assessment, grave), count=len(grave), cameras=len(operating))
    least, most = possible_span(assessment)
    if most:
        text = marked("Nothing is proven yet: depending on direction and lens, {views} views are too sharp")
        if not least:
            text = marked("Nothing is proven yet: depending on direction and lens, up to {views} views are too sharp")
        return translations(text, views=span_text(least, most, translations) if least else most)
    if not operating:
        return translations(marked("No camera in operation is known"))
    if has_no_map(assessment):
        return translations(marked("Nobody knows yet what the cameras can see: the map has no building near them"))
    return translations(marked("No camera is known that can see homes or other protected places too sharply"))


def no_view_text(assessment: Assessment, translations: Translations) -> str:
    """Return, of a city without any view of a protected place, that none is known; or why nobody knows."""
    if not assessment.cameras:
        return translations(marked("No camera is in operation."))
    if has_no_map(assessment):
        return not_mapped_text(assessment, translations)
    return translations(marked("No camera is known to see a home or another protected place."))


def has_no_map(assessment: Assessment) -> bool:
    """Tell whether all ground in view is unmapped: then nobody knows what hides it, nor whether homes stand there."""
    totals = assessment.totals
    seen_m2 = sum(float(totals.get(key, 0.0)) for key in ("area_seen_certain_m2", "area_seen_possible_m2"))
    return not round(seen_m2) and bool(round(float(totals.get("area_not_mapped_m2", 0.0))))


def _of_whom(assessment: Assessment, grave: set[str]) -> str:
    """Return the sentence that names what the cameras show: likely dwellings, where some show no home or other place."""
    known = {view.camera_id for view in grave_views(assessment)}
    if not known:
        return marked("{count} of {cameras} cameras can see likely dwellings too sharply")
    if known < grave:
        return marked("{count} of {cameras} cameras can see homes, likely dwellings or other protected places too sharply")
    return marked("{count} of {cameras} cameras can see homes or other protected places too sharply")


def possible_span(assessment: Assessment) -> tuple[int, int]:
    """Return how many possible views must end at least and at most."""
    ends = [interval_of(assessment.cameras, cls) for cls in words.CLASSES]
    return sum(one.least for one in ends), sum(one.most for one in ends)


def span_text(least: int, most: int, translations: Translations) -> str:
    """Return one number, from which to which, or up to how many."""
    if least == most:
        return str(most)
    return f"{least}–{most}" if least else translations(marked("up to {most}"), most=most)


def answer_text(assessment: Assessment, translations: Translations) -> str:
    """Return the answer in sentences that can be read aloud: what is certain, what is possible, and the ground beside them."""
    return words.running_text(answer_lines(assessment, translations))


def answer_lines(assessment: Assessment, translations: Translations) -> list[str]:
    """Return the same line by line: records, certain views, likely dwellings, possible views, ground, and where nobody looked."""
    lines = [
        _known(of_status(assessment, Status.OPERATING), translations),
        _certain_views(assessment, translations),
        likely_text(assessment, translations),
        _possible_views(assessment, translations),
        _ground_text(assessment, translations) if assessment.cameras else "",
        words.running_text(survey_text(assessment, translations)),
    ]
    return [line for line in lines if line]


def _known(operating: Sequence[CameraResult], translations: Translations) -> str:
    """Return how many cameras there are, and of how many direction, lens and all that a certain view needs are on record."""
    cameras, certain = len(operating), sum(result.placed.certain for result in operating)
    if not cameras:
        return translations(marked("No camera is in operation."))
    if certain == cameras:
        text = marked("{cameras} cameras are in operation. Direction and lens of all of them are on record.")
        return translations(text, cameras=cameras)
    directions = sum("azimuth_deg" not in result.placed.assumed for result in operating)
    lenses = sum("hfov_deg" not in result.placed.assumed for result in operating)
    if not directions and not lenses:
        text = marked("{cameras} cameras are in operation. Neither direction nor lens is on record for any of them.")
        return translations(text, cameras=cameras)
    some = marked(
        "{cameras} cameras are in operation. The direction of {directions} and the lens of {lenses} are on "
        "record. The records of {certain} are complete enough for a certain view."
    )
    none = marked(
        "{cameras} cameras are in operation. The direction of {directions} and the lens of {lenses} are on "
        "record. No record is complete enough for a certain view."
    )
    return translations(some if certain else none, cameras=cameras, directions=directions, lenses=lenses, certain=certain)


def _certain_views(assessment: Assessment, translations: Translations) -> str:
    """Return how many recorded views are too sharp; a camera that can see homes and a school has two."""
    if not any(result.placed.certain for result in assessment.cameras):
        return ""
    views = grave_views(assessment)
    if not views:
        return translations(marked("No view of a home or other protected place is proven to exceed the limit of this program."))
    text = marked("{grave} views of homes or other protected places are too sharp and must end.")
    return words.running_text([translations(text, grave=len(views)), translations(IN_THESE, places=places_in(views))])


def _possible_views(assessment: Assessment, translations: Translations) -> str:
    """Return how many views are possible only, and how many of them would be too sharp at most."""
    intervals = [interval_of(assessment.cameras, cls) for cls in words.CLASSES]
    views = sum(one.views for one in intervals)
    if not views:
        return ""
    more = marked(
        "{views} more views are only possible, because a record is incomplete. With the sharpest lens up to {most} of them are "
        "too sharp."
    )
    alone = marked(
        "{views} views are only possible, because records are incomplete. With the sharpest lens up to {most} of them are too "
        "sharp."
    )
    return translations(more if all_grave_views(assessment) else alone, views=views, most=sum(one.most for one in intervals))


NOT_MAPPED = marked(
    "{blank} m² more in view are not mapped. The map has no building within 100 m, so nobody knows what hides "
    "this ground. It is not counted."
)
NOTHING_MAPPED = marked(
    "All ground in view, {blank} m², is not mapped. The map has no building within 100 m, so nobody knows what "
    "hides this ground. It is not counted as seen."
)


ALL_UNASKED = marked(
    "The cameras can see {of_certain} m² of ground for certain; no purpose is stated for {certain} m² of it. They may see "
    "{of_possible} m²; no purpose is stated for any of it."
)


ALL_POSSIBLE = marked("No ground is seen for certain. No purpose is stated for any of the {of_possible} m² that may be seen.")


def _ground_text(assessment: Assessment, translations: Translations) -> str:
    """Return the ground for which no purpose is stated, certain and possible apart, and unmapped ground in view."""
    keys = ("unasked_certain_m2", "area_seen_certain_m2", "unasked_possible_m2", "area_seen_possible_m2")
    areas_m2 = [float(assessment.totals.get(key, 0.0)) for key in keys]
    certain, of_certain, possible, of_possible = (number_text(area_m2, translations) for area_m2 in areas_m2)
    both = marked(
        "The cameras can see {of_certain} m² of ground for certain; no purpose is stated for {certain} m² of it. They may see "
        "{of_possible} m²; no purpose is stated for {possible} m² of that."
    )
    text = {
        (True, False): marked("No purpose is stated for {certain} m² of the {of_certain} m² of ground that can be seen."),
        (False, True): marked(
            "No ground is seen for certain. No purpose is stated for {possible} m² of the {of_possible} m² that may be seen."
        ),
    }.get((of_certain != "0", of_possible != "0"), both)
    if is_all_of(*areas_m2[2:]):
        text = ALL_UNASKED if text == both else ALL_POSSIBLE if of_certain == "0" else text
    said = translations(text, certain=certain, of_certain=of_certain, possible=possible, of_possible=of_possible)
    blank = not_mapped_text(assessment, translations)
    return blank if has_no_map(assessment) else words.running_text([said, blank] if blank else [said])


def not_mapped_text(assessment: Assessment, translations: Translations) -> str:
    """Return how much ground in view is not mapped, which no other figure counts; empty where none is."""
    blank_m2 = float(assessment.totals.get("area_not_mapped_m2", 0.0))
    text = NOTHING_MAPPED if has_no_map(assessment) else NOT_MAPPED
    return translations(text, blank=number_text(blank_m2, translations)) if round(blank_m2) else ""


LOOKED = marked(
    "Somebody looked for cameras along {share} % of the public streets and paths ({surveyed} of {whole} m). Elsewhere nobody is "
    "recorded to have looked, and there may be more cameras."
)
LOOKED_BETWEEN = marked(
    "Between {first} and {last} somebody looked for cameras along {share} % of the public streets and paths ({surveyed} of "
    "{whole} m). Elsewhere nobody is recorded to have looked, and there may be more cameras."
)
ESTIMATED = marked(
    "Where several people looked apart from each other, they found {found} cameras. By how often they agree there are {low} to "
    "{high} (95 %)."
)
ESTIMATED_OPEN = marked(
    "Where several people looked apart from each other, they found {found} cameras. By how often they agree there are at least "
    "{low} (95 %)."
)


def survey_text(assessment: Assessment, translations: Translations) -> Iterator[str]:
    """Yield where somebody looked for cameras, and how many were probably missed where several people did."""
    survey = assessment.totals.get("survey")
    if not survey:
        yield translations(NO_SURVEY)
        return
    whole, surveyed = survey["streets_m"], survey["streets_surveyed_m"]
    lengths = {"whole": number_text(whole, translations), "surveyed": number_text(surveyed, translations)}
    share = number_text(100.0 * surveyed / whole if whole else 0.0, translations, 1)
    days = {key: survey[key] for key in ("first", "last") if survey[key]}  # none where a pack lets no day be told
    yield translations(LOOKED_BETWEEN if days else LOOKED, share=share, **lengths, **days)
    if estimate := survey["estimate"]:
        is_open = not math.isfinite(estimate["high"])
        ends = {key: number_text(estimate[key], translations) for key in ("found", "low", *(() if is_open else ("high",)))}
        yield translations(ESTIMATED_OPEN if is_open else ESTIMATED, **ends)


def grave_views(assessment: Assessment) -> list[Sighting]:
    """Return the recorded views onto homes and other protected places that are due or severe; a likely dwelling is no home."""
    return [one for one in all_grave_views(assessment) if str(one.cls) != LIKELY]


def all_grave_views(assessment: Assessment) -> list[Sighting]:
    """Return the recorded views that are due or severe, those onto likely dwellings among them."""
    views = (s for result in assessment.cameras for s in result.sightings)
    return [s for s in views if s.is_recorded and grade_of(s.grade) in GRAVE]


def places_in(views: Iterable[Sighting]) -> int:
    """Return how many protected places recorded views show at due or severe; one that two cameras show counts twice."""
    return sum(view.places_by_grade.get(str(grade), 0) for view in views for grade in GRAVE)


def likely_text(assessment: Assessment, translations: Translations) -> str:
    """Return how many views onto likely dwellings are due, counted apart from homes; empty where none is."""
    count = len(all_grave_views(assessment)) - len(grave_views(assessment))
    text = marked(
        "Views of likely dwellings that are certainly due: {count}. The use of these buildings is unknown; house "
        "numbers, entrances or names suggest homes. A person has to say of each whether anybody lives there."
    )
    return translations(text, count=count) if count else ""


def gravest_possible(assessment: Assessment) -> list[Finding]:
    """Return the possible views that may be due or severe, the gravest first: that must be so, then that may be sharpest."""
    grave = {
        (one.camera_id, f"view_{one.cls}")
        for result in assessment.cameras
        for one in result.sightings
        if not one.is_recorded and grade_of(one.grade_high) in GRAVE
    }
    found = [each for each in assessment.findings if (each.camera_id, each.kind) in grave and isinstance(each.measured, tuple)]
    return sorted(found, key=lambda each: each.measured if isinstance(each.measured, tuple) else (0.0, 0.0), reverse=True)
