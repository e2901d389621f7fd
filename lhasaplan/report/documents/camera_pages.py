"""One page for each camera, for residents: map, what it can see, which rule, what would end it, what to ask for."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lhasaplan.core.base.kept_shapes import as_kept
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import Finding, SeenSurface, Severity, rank
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.audit_chapters import tilt_text
from lhasaplan.report.chapters.camera_chapter import (
    OTHER_MITIGATIONS,
    ends_text,
    findings_of,
    gravest,
    map_of,
    needed_blocks,
)
from lhasaplan.report.chapters.draft_facts import DraftFacts, document_of, facts_of
from lhasaplan.report.facts.common_findings import PLAIN, VIEWS
from lhasaplan.report.facts.necessity import alternatives_blocks
from lhasaplan.report.facts.short_answer import NOT_MAPPED, no_view_text, yardstick
from lhasaplan.report.facts.summary import grade_of, surface_table, surfaces_text
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph
from lhasaplan.report.text.finding_words import kind_words
from lhasaplan.report.text.numerals import density_text, is_all_of, number_text, sharpest_text
from lhasaplan.report.text.style import load_style, long_date, rights_of
from lhasaplan.report.text.text_width import height_cm

MAP_CM, MOST_SURFACES = 12.5, 6  # half of the page; rows of a table that its back has room for
BACK_CM = 24.5  # room of a back, as the heights of its blocks add up
FOUND_BY = marked("The dot with the number is the camera; small figures are house numbers.")
WALLS_BY = marked(
    "Walls in view have the colour of what the picture shows of people there. Red: acquaintances can recognise them. Orange: "
    "what they do can be followed. Grey: they can be seen, at 25 px/m or more; the map does not say how sharply. A hollow line: "
    "the wall may be in view; how sharply depends on direction and lens."
)
RIM_BY = marked(
    "A line round open ground, along buildings there too, has the colour of its sharpest place; the rest of it is less sharp."
)
GROUND_BY = marked(
    "Blue: ground in view, darker where the picture is finer. Hatched: ground that may be in view, where a value of the camera "
    "is not recorded. Outlined: what a pan-tilt camera can turn to."
)
RECORD_ID = marked("On record as {id}.")
SEES_NOTHING = marked("No home or other protected place is known to be in its view.")
SEES = marked("This camera can see {what}.")
MAY_SEE = marked("This camera may be able to see {what}. Its direction or lens is not on record.")
# By the grade of the surface that is named: 62.5 px/m show a face about 10 pixels wide, 125 px/m twice as many.
WHY = {
    "note": marked("People can be seen {where} at {density} px/m, but they can hardly be told apart."),
    "due": marked("At {density} px/m the picture is sharp enough to follow what people do {where}."),
    "error": marked("At {density} px/m the picture is so sharp that acquaintances can recognise people {where}."),
}
WHY_POSSIBLE = {
    "note": marked("Even the sharpest lens of its kind would hardly tell people apart {where} ({density} px/m)."),
    "due": marked("The sharpest lens of its kind would show what people do {where} ({density} px/m)."),
    "error": marked("With the sharpest lens of its kind, people could be recognised {where} ({density} px/m)."),
}
# A garden may be shown sharply and the windows behind it coarsely: each sentence names the surface that its figure is of.
WHERE = {
    ("home", "frontage"): marked("at the doors or windows of homes"),
    ("home", "ground"): marked("on the open ground of homes"),
    ("protected", "frontage"): marked("at the doors or windows of another protected place"),
    ("protected", "ground"): marked("on the open ground of another protected place"),
    ("dwelling_likely", "frontage"): marked("at the doors or windows of likely dwellings"),
    ("dwelling_likely", "ground"): marked("on the open ground of likely dwellings"),
}
ASK_OWNER = marked("You may ask {owner} what is recorded, how long it is kept and who looks at it.")
ASK_UNKNOWN = marked(
    "Who runs this camera is not on record. A sign beside it should name who runs it. Ask there what is recorded, how long it is "
    "kept and who looks at it."
)
ASK_UNKNOWN_NO_DUTY = marked(
    "Who runs this camera is not on record. If a sign beside it names who runs it, ask there what is recorded, how long it is "
    "kept and who looks at it."
)
ASK_AUTHORITY = marked("Where there is no sign, write to the supervisory authority: {name}.")
ASK_TOWN = marked("Where there is no sign, ask the town hall or the data-protection authority.")
ASK_MASKS = marked("You may also ask that these views be masked.")


def compose_camera_pages(
    project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE
) -> Document:
    """Return a page for each of the cameras that are ordered, or for the gravest when none is named.

    Raises
    ------
    InputError
        A camera is named that the assessment does not have.
    """
    facts = facts_of(project, assessment, translations, replace(order, area=""))
    title = facts.translations(marked("What this camera can see"))
    return document_of(facts, title, (lambda facts: _pages(facts.present),), is_numbered=False)


def _pages(facts: DraftFacts) -> list[Block]:
    chosen = chosen_cameras(facts.assessment, facts.order.cameras, int(load_style()["limits"]["resident_pages"]))
    if not chosen:
        return [Paragraph(no_view_text(facts.assessment, facts.translations))]
    return [block for number, result in enumerate(chosen) for block in camera_page(facts, result, is_first=number == 0)]


def chosen_cameras(assessment: Assessment, cameras: Sequence[str], limit: int) -> list[CameraResult]:
    """Return the cameras named, in that order, or the gravest up to a limit; all unknown names are reported at once."""
    if not cameras:
        return gravest(assessment)[:limit]
    known = {result.placed.camera.camera_id: result for result in assessment.cameras}
    faults = [
        Fault(marked("There is no camera {camera} in the answers"), params={"camera": c}) for c in cameras if c not in known
    ]
    if faults:
        raise InputError(*faults)
    return [known[camera] for camera in dict.fromkeys(cameras)]


def camera_page(facts: DraftFacts, result: CameraResult, *, is_first: bool) -> list[Block]:
    """Return one sheet for a letter box: the map and plain sentences in front, figures and rules on its back."""
    assessment, called, translations = facts.assessment, facts.called, facts.translations
    camera_id, complaints = result.placed.camera.camera_id, facts.mandate.complaint_route
    mine = findings_of(assessment, camera_id)
    has_rims = any(as_kept(one, "open_ground") is not None for one in result.sightings)
    caption = words.running_text(map(translations, (FOUND_BY, WALLS_BY, *((RIM_BY,) if has_rims else ()), GROUND_BY)))
    views = tuple(f"{sighting_text(one, translations)} {mask_text(mine, translations)}" for one in result.sightings)
    back = [
        Heading(translations(marked("Figures and rules")), 2, on_new_page=True),
        Paragraph(words.running_text([translations(RECORD_ID, id=camera_id), ground_text(result, translations)])),
        Bullets(views or (translations(marked("No protected place is known to be in view.")),)),
        *_surfaces(result, assessment, translations),
        *needed_blocks(facts, result),
        _rules(assessment, mine, translations),
        *alternatives_blocks(mine, translations, limit=OTHER_MITIGATIONS),
        *questions(result, translations),
        *yardstick(assessment, translations, "small"),
    ]
    return [
        Heading(called.title(camera_id), 1, on_new_page=not is_first),
        *(Paragraph(text, "lead") for text in _lead(facts, result)),
        *([Paragraph(translations(marked("Complaints go to: {where}."), where=complaints), "lead")] if complaints else []),
        *map_of(facts, result, caption, width_cm=MAP_CM, by_grade=True),
        # In front, where there is room: behind, its last lines would often need a third page.
        Paragraph(" ".join((limits_text(translations), *_tilt_texts(result, translations))), "small"),
        *back,
        *_request(facts, back),
    ]


def _lead(facts: DraftFacts, result: CameraResult) -> tuple[str, ...]:
    # The laws under which people may ask for access are those that have whoever runs a camera named to them (GDPR 13(1)(a)).
    is_named = bool(rights_of((pack.name for pack in facts.assessment.packs), facts.translations.language))
    return plain_sentences(result, facts.translations, facts.mandate.supervisory_authority, is_operator_named=is_named)


def plain_sentences(
    result: CameraResult, translations: Translations, authority: str = "", *, is_operator_named: bool = False
) -> tuple[str, ...]:
    """Return what a camera may see, how sharply, and what may be asked; nothing of sharpness where nothing is in view.

    ``is_operator_named``: a pack has a law by which a sign names who runs the camera.
    """
    views = [one for one in result.sightings if str(one.cls) != "use_unknown"]
    named = dict.fromkeys(words.word(words.CLASSES, str(one.cls), translations) for one in views)
    seen = words.together(named, translations)
    is_certain = bool(views) and all(one.is_recorded for one in views)
    sees = SEES_NOTHING if not views else SEES if is_certain else MAY_SEE
    owner = result.placed.camera.owner
    without_sign = translations(ASK_AUTHORITY, name=authority) if authority else translations(ASK_TOWN)
    unknown = translations(ASK_UNKNOWN if is_operator_named else ASK_UNKNOWN_NO_DUTY)
    ask = translations(ASK_OWNER, owner=owner) if owner else words.running_text([unknown, without_sign])
    asks = (ask, translations(ASK_MASKS)) if views else (ask,)
    said = (translations(sees, what=seen), _why(views, translations), words.running_text(asks))
    return tuple(text for text in said if text)


def _why(views: Sequence[Sighting], translations: Translations) -> str:
    """Return how sharp the gravest view is and of what: a certain one first, unless only an assumption makes one graver."""
    if not views:
        return ""
    gravest = max(views, key=lambda one: (rank(_most(one)), one.is_recorded, one.density_px_m[1]))
    grade = grade_of(_most(gravest))
    texts = WHY if gravest.is_recorded else WHY_POSSIBLE
    if grade not in texts:
        return ""
    sharpest = max(gravest.sharpest, key=lambda one: one.density_px_m[1], default=None)
    is_ground = sharpest.surface == "ground" if sharpest else gravest.open_ground is not None and not gravest.in_view_m
    where = WHERE[str(gravest.cls), "ground" if is_ground else "frontage"]
    density = density_text(*(sharpest or gravest).density_px_m, translations)
    return translations(texts[grade], where=translations(where), density=density)


def _most(view: Sighting) -> Severity | None:
    """Return the grade of a certain view, of a possible one that at its graver end."""
    return view.grade if view.is_recorded else max(view.grade_low, view.grade_high, key=rank)


def _tilt_texts(result: CameraResult, translations: Translations) -> list[str]:
    return [tilt_text(translations)] if any(view.tilt_deg for view in result.placed.views) else []


def _surfaces(result: CameraResult, assessment: Assessment, translations: Translations) -> list[Block]:
    """Return at which heights each class is in view: a table, or small print where that would take half of the page.

    Of an assumed view figures are what it shows at most, and how sharply it is an interval.
    """
    keys = ("class", "surface", "band", "count", "length_m", "density_high_px_m", "nearest_m")
    table = grid_of(surface_table(assessment, translations, (result,)), keys, (2.2, 1.3, 1.9, 0.8, 1.0, 1.2, 1.1), translations)
    if len(table.rows) <= MOST_SURFACES:
        headings = list(table.headings)
        headings[keys.index("density_high_px_m")] = translations(marked("Sharpest (px/m)"))
        seen = [(one, surface) for one in result.sightings for surface in one.surfaces]
        rows = tuple(_surface_row(row, *each, translations) for row, each in zip(table.rows, seen, strict=True))
        return [replace(table, headings=tuple(headings), rows=rows)] if rows else []
    pairs = [(one, surfaces_text(one, assessment.terms, translations)) for one in result.sightings]
    text, line = marked("In view at any grade: {surfaces}."), marked("{what}: {text}")
    lines = [
        translations(line, what=finding_words.class_words(one, translations), text=translations(text, surfaces=surfaces))
        for one, surfaces in pairs
        if surfaces
    ]
    return [Paragraph(words.running_text(lines), "small")] if lines else []


def _surface_row(row: tuple[str, ...], view: Sighting, surface: SeenSurface, translations: Translations) -> tuple[str, ...]:
    """Return a row of the table as it is for a certain view; for an assumed one it says that all of it is possible only."""
    if view.is_recorded:
        return row
    _, what, band, count, length, _, nearest = row
    most = [text if text == "–" else f"≤ {text}" for text in (count, length)]
    least = nearest if not isinstance(surface.nearest_m, (int, float)) else f"≥ {nearest}"
    return (
        finding_words.class_words(view, translations),
        what,
        band,
        *most,
        density_text(*surface.density_px_m, translations),
        least,
    )


def ground_text(result: CameraResult, translations: Translations) -> str:
    """Return how much ground a camera can see, and whether that is certain."""
    area, unasked = (number_text(each, translations) for each in (result.area_m2, result.unasked_m2))
    has_none = is_all_of(result.unasked_m2, result.area_m2)  # with a purpose
    if result.placed.certain:
        text = marked("This camera can see {area} m² of ground; no purpose is stated for {unasked} m² of it.")
        all_of_it = marked("This camera can see {area} m² of ground; no purpose is stated for any of it.")
        said = translations(all_of_it if has_none else text, area=area, unasked=unasked)
        return _with_not_mapped(said, result, translations)
    text = marked(
        "This camera may be able to see up to {area} m² of ground; no purpose is stated for {unasked} m² of it. "
        "Its direction or lens is not recorded. The map therefore shows everything that it may reach, in every "
        "possible direction."
    )
    if has_none:
        text = marked(
            "This camera may be able to see up to {area} m² of ground; no purpose is stated for any of it. Its direction or "
            "lens is not recorded. The map therefore shows everything that it may reach, in every possible direction."
        )
    return _with_not_mapped(translations(text, area=area, unasked=unasked), result, translations)


def _with_not_mapped(said: str, result: CameraResult, translations: Translations) -> str:
    """Return the sentence with the ground in view that is not mapped, which is not counted in it."""
    blank = number_text(result.not_mapped_m2, translations)
    return said if round(result.not_mapped_m2) == 0 else words.running_text([said, translations(NOT_MAPPED, blank=blank)])


def sighting_text(sighting: Sighting, translations: Translations) -> str:
    """Return in plain words what a camera can see of one class of protected place."""
    facts = {
        "what": words.word(words.CLASSES, str(sighting.cls), translations),
        "places": sighting.places,
        "views": sharpest_text(sighting, translations),
        "grade": words.word(words.GRADES, grade_of(sighting.grade), translations),
    }
    if sighting.is_recorded:
        text = marked("It can see {what} ({places} in view): {views}. Grade: {grade}.")
        return translations(text, **facts)
    text = marked(
        "It may be able to see {what} (up to {places} in view): {views}. Grade: {grade}, because lens or "
        "direction is assumed. If they were recorded: {ends}."
    )
    return translations(text, **facts, ends=ends_text(sighting, translations))


def mask_text(mine: Sequence[Finding], translations: Translations) -> str:
    """Return whether masks are on record, as the findings say it: a coarse output carries no mask."""
    is_masked = any(finding.params.get("variant") == "masked" for finding in mine)
    return translations(marked("With the masks on record.") if is_masked else marked("No mask known."))


def _rules(assessment: Assessment, mine: Sequence[Finding], translations: Translations) -> Grid:
    """Return which rule each finding strains and what would end it; faults of the record share one row."""
    headings = (
        translations(marked("Finding")),
        translations(marked("Severity")),
        translations(marked("Which rule")),
        translations(marked("What would end it")),
    )
    rows = [_rule_row(assessment, [finding], translations) for finding in mine if finding.kind not in PLAIN]
    faults = [finding for finding in mine if finding.kind in PLAIN]
    rows += [_rule_row(assessment, faults, translations)] if faults else []
    # Each once: ground that three cameras show twice is one sentence to a resident.
    return Grid(headings, tuple(dict.fromkeys(rows)), (3.3, 1.1, 4.5, 2.0))


def _rule_row(assessment: Assessment, findings: Sequence[Finding], translations: Translations) -> tuple[str, ...]:
    worst = max((str(finding.severity) for finding in findings), key=rank)
    comma = translations(marked(", "))
    is_view = findings[0].kind in VIEWS
    rests = [
        finding_words.article_term(assessment.terms, f.pack, f.article, translations)
        if is_view or len(findings) == 1
        else finding_words.article_text("", f.article, translations)
        for f in findings
    ]
    return (
        comma.join(_unique(kind_words(f, translations) for f in findings)),
        words.word(words.SEVERITIES, worst, translations),
        comma.join(_unique(rests)),
        comma.join(_unique(finding_words.short_mitigation_text(f.mitigation, translations) for f in findings)) or "–",
    )


def _unique(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]


def questions(result: CameraResult, translations: Translations) -> list[Block]:
    """Return what to ask the controller for, two questions a row."""
    asked = [finding_words.question_text(field, translations) for field in result.questions]
    if not asked:
        return []
    asked += [""] * (len(asked) % 2)
    rows = tuple(zip(asked[::2], asked[1::2], strict=True))
    return [Grid((translations(marked("What to ask the controller for")), ""), rows, (1, 1))]


def limits_text(translations: Translations) -> str:
    """Return what the program cannot know."""
    return translations(
        marked(
            "Computed from map data, not from pictures. Nobody here can know whether the camera is on, records, "
            "zooms or is masked inside, or who looks. “No mask known” means that none is on record. Ground "
            "counts from 25 px/m. A view is a note from 25 px/m, due above 62.5 px/m and severe above 125 px/m. "
            "This program sets these figures; no law does."
        )
    )


# The request for access that a resident may sign, on the back of a page that has room for it and as a letter of its own.
DAYS_TO_ANSWER, MONTH = 30, marked("within one month")
ACCESS = (
    marked("whether you hold pictures in which I can be seen, and a copy of them in which others cannot be recognised"),
    marked("for what purpose and on what legal basis they were taken, who has seen them or receives them"),
    marked("after how many days they are deleted"),
    marked("what the camera can see of homes, which masks are set permanently, and how you can show that"),
    marked("whether an impact assessment was made, when, and where it can be read"),
)
IDENTIFIED = marked(
    "You can find me in the recordings by this: [clothes, what I carried, where I walked]. If you doubt who I "
    "am, please say why, and what you need."
)
IDENTIFIED_BY_LAW = marked(
    "You can find me in the recordings by this: [clothes, what I carried, where I walked]. If you have "
    "reasonable doubts who I am, please say why, and what you need ({identity}). I do not enclose a copy of an "
    "identity card."
)


def answer_date(facts: DraftFacts) -> str:
    """Return until when an answer is asked for."""
    if not facts.order.date:
        return facts.translations(MONTH)
    last = datetime.date.fromisoformat(facts.order.date) + datetime.timedelta(days=DAYS_TO_ANSWER)
    return facts.translations(marked("by {date}"), date=long_date(last.isoformat(), facts.translations.language))


def access_request(facts: DraftFacts, until: str) -> list[Block]:
    """Return what a resident asks of whoever runs a camera; what only the resident knows stays open."""
    translations = facts.translations
    law = rights_of((pack.name for pack in facts.assessment.packs), translations.language)
    text = marked(
        "On [day], between [hour] and [hour], I was at [place]. This camera may be able to see that place. Under "
        "the data-protection law that applies, if any, I ask you to tell me {until}:"
    )
    if law:
        text = marked(
            "On [day], between [hour] and [hour], I was at [place]. This camera may be able to see that place. "
            "Under {access} I ask you to tell me {until}:"
        )
    keep = marked(
        "Recordings are often deleted after a few days. Please keep those of this time until you have answered. "
        "Where the law says so, the copy is free of charge, and I may complain to the supervisory authority if "
        "you do not answer."
    )
    if law:
        keep = marked(
            "Recordings are often deleted after a few days. Please keep those of this time until you have "
            "answered. You have one month for that ({month}), and the copy is free of charge ({free}). If you do "
            "not answer, I may complain to the supervisory authority ({complaint})."
        )
    return [
        Paragraph(translations(text, until=until, **law), "record"),
        Bullets(tuple(map(translations, ACCESS)), numbered=True),
        Paragraph(translations(keep, **law)),
        Paragraph(translations(IDENTIFIED_BY_LAW if law else IDENTIFIED, **law)),
    ]


def _request(facts: DraftFacts, back: Sequence[Block]) -> list[Block]:
    """Return the request for access with the place to sign, where the back of a page has room for it."""
    request = [Heading(facts.translations(marked("Request for access")), 2), *access_request(facts, facts.translations(MONTH))]
    request.append(Paragraph(facts.translations(marked("[name, address, date, signature]")), "record"))
    return request if sum(map(height_cm, (*back, *request))) <= BACK_CM else []
