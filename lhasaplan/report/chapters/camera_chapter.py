"""The chapter on cameras: what many share once, a section for each of the gravest, and a table of all."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import GRAVE, Finding
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.facts.common_findings import VIEWS, Common, common_chapter, common_ground, numbers_text
from lhasaplan.report.facts.necessity import alternatives_blocks, necessity_text, needed_text
from lhasaplan.report.facts.short_answer import gravest_possible
from lhasaplan.report.facts.summary import grade_of, in_order
from lhasaplan.report.facts.tables import camera_table, gravity
from lhasaplan.report.maps.figures import camera_map
from lhasaplan.report.maps.map_decorations import printed_figure
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Grid, Heading, Paragraph
from lhasaplan.report.text.finding_words import class_words, ground_words
from lhasaplan.report.text.numerals import sharpest_text
from lhasaplan.report.text.style import load_style

MAP_CM, FIRST_MAP_CM = 9.4, 7.4  # the first camera shares its page with the opening of the chapter
OTHER_MITIGATIONS = 3  # of each finding: a page has to stay one page
VIEW_KIND = {
    "home": "view_home",
    "protected": "view_protected",
    "dwelling_likely": "view_dwelling_likely",
    "use_unknown": "view_unknown_use",
}


def gravest(assessment: Assessment) -> list[CameraResult]:
    """Return the cameras that can see a protected place, gravest first."""
    return sorted((result for result in assessment.cameras if result.sightings), key=gravity)


def worth_a_page(assessment: Assessment) -> list[CameraResult]:
    """Return the cameras of which there is something to say that is not said of many: gravest first.

    Those with anything that is due or severe for certain, and those whose possible views may be so; the
    style file says how many of each have a page.
    """
    limits = load_style()["limits"]
    certain = {name for each in assessment.findings if each.severity in GRAVE for name in each.camera_ids}
    possible = {each.camera_id for each in gravest_possible(assessment)}
    ordered = sorted(assessment.cameras, key=gravity)
    first = [result for result in ordered if result.placed.camera.camera_id in certain]
    then = [result for result in ordered if result.placed.camera.camera_id in possible - certain]
    return [*first[: int(limits["camera_pages"])], *then[: int(limits["camera_pages_possible"])]]


def camera_chapter(facts: DraftFacts) -> list[Block]:
    """Return what many cameras share, a page for each camera of which there is more to say, and a table of all."""
    assessment, translations = facts.assessment, facts.translations
    pages, common = worth_a_page(assessment), common_ground(assessment)
    blocks: list[Block] = [Heading(translations(marked("Cameras with findings")), 1, on_new_page=True)]
    blocks += common_chapter(common, translations)
    if pages:
        blocks.append(Heading(translations(marked("Camera by camera")), 1, on_new_page=bool(common.questions)))
        text = marked(
            "{count} cameras have a page here. These are the cameras whose views or records certainly have to be "
            "corrected, and the gravest of those whose views may be too sharp. The table that follows lists all "
            "cameras."
        )
        blocks.append(Paragraph(translations(text, count=len(pages))))
        blocks.append(Paragraph(colour_key(translations), "small"))
    for number, result in enumerate(pages):
        blocks += camera_section(facts, result, common, on_new_page=number > 0)
    return [*blocks, *_all_cameras(facts)]


def findings_of(assessment: Assessment, camera_id: str) -> list[Finding]:
    """Return the findings about one camera, gravest first."""
    return in_order(finding for finding in assessment.findings if camera_id in finding.camera_ids)


def camera_section(facts: DraftFacts, result: CameraResult, common: Common, *, on_new_page: bool = False) -> list[Block]:
    """Return one camera, on a page of its own: its record, map, what it can see, and what is found of it alone."""
    translations, called, camera_id = facts.translations, facts.called, result.placed.camera.camera_id
    mine = findings_of(facts.assessment, camera_id)
    caption = translations(marked("Camera {camera} and what it can see"), camera=called.title(camera_id))
    own = [one for one in mine if one.kind not in VIEWS and not common.holds(one)]
    return [
        Heading(called.title(camera_id), 2, on_new_page),
        Paragraph(record_text(result, translations), "record"),
        *_in_one_line(necessity_text(result, called, translations)),
        *map_of(facts, result, caption, MAP_CM if on_new_page else FIRST_MAP_CM),
        *([sightings_grid_of(result.sightings, mine, translations)] if result.sightings else []),
        *findings_grid(own, translations, called.reported),
        *alternatives_blocks(mine, translations, limit=OTHER_MITIGATIONS),
        *_shared(common, result, mine, translations),
    ]


def map_of(  # noqa: PLR0917 - what every map takes
    facts: DraftFacts,
    result: CameraResult,
    caption: str,
    width_cm: float = MAP_CM,
    scales: tuple[int, ...] = (),
    height_cm: float = 0.0,
    *,
    by_grade: bool = False,
) -> list[Block]:
    """Return the map of one camera in the size in which it is printed; nothing where it has no place to be drawn."""
    translations, called = facts.translations, facts.called
    room = (width_cm, scales, height_cm)
    picture = camera_map(facts.base, facts.assessment, result, translations, called.numbers, *room, by_grade=by_grade)
    alt = translations(marked("Map around camera {camera}"), camera=called.title(result.placed.camera.camera_id))
    return [] if picture is None else [printed_figure(picture, caption, alt)]


def colour_key(translations: Translations) -> str:
    """Return what the colours of a map mean, in words: a map that is printed small has no legend to read."""
    return translations(
        marked(
            "Blue: ground that can be seen, darker where the picture is finer. Hatched: ground that a lens "
            "within the limits may see, where a value of the camera is not recorded. Outlined: what a pan-tilt "
            "camera can turn to. Red: homes in view. Violet: other protected places. Wine: likely dwellings. "
            "Ochre: buildings of unknown use. Dotted: seen only above the ground, over roofs and walls."
        )
    )


def needed_blocks(facts: DraftFacts, result: CameraResult) -> list[Block]:
    """Return in one line what is in range at night and what would be lost without a camera."""
    return _in_one_line(needed_text(result, facts.called, facts.translations))


def _in_one_line(text: str) -> list[Block]:
    return [Paragraph(text, "record")] if text else []


def _shared(common: Common, result: CameraResult, mine: Sequence[Finding], translations: Translations) -> list[Block]:
    """Return one line that refers to the tables of what many cameras share."""
    rows, asked = numbers_text(common.rows_of(mine)), numbers_text(common.questions_of(result))
    lines = [
        translations(marked("These rows of the findings shared by many cameras apply here too: {rows}."), rows=rows)
        if rows
        else "",
        translations(marked("Questions to the controller, by number: {questions}."), questions=asked) if asked else "",
    ]
    text = " ".join(line for line in lines if line)
    return [Paragraph(text)] if text else []


def record_text(result: CameraResult, translations: Translations) -> str:
    """Return what is known of a camera in one line: state, kind, ground in view, and what was assumed."""
    table_words = [
        words.word(words.STATUSES, result.placed.camera.status, translations),
        words.word(words.KINDS, result.placed.camera.kind, translations),
        ground_words(result, translations),
    ]
    if result.placed.assumed:
        assumed = words.listed(words.FIELDS, result.placed.assumed, translations)
        table_words.append(translations(marked("assumed: {fields}"), fields=assumed))
    if result.placed.model is not None:
        table_words.append(finding_words.model_text(result.placed.model, translations))
    return translations(marked("; ")).join(word for word in table_words if word)


def sightings_grid_of(sightings: Sequence[Sighting], findings: Sequence[Finding], translations: Translations) -> Grid:
    """Return what one camera can see of protected places, with what the finding rests on."""
    headings = (
        translations(marked("Can see")),
        translations(marked("Severity")),
        translations(marked("at least – at most")),
        translations(marked("Sharpest view, and where")),
        translations(marked("Rests on")),
        translations(marked("Remedy")),
    )
    rests = {finding.kind: finding_words.article_text(finding.pack, finding.article, translations) for finding in findings}
    rows = tuple(_sighting_row(one, rests.get(VIEW_KIND[str(one.cls)], "–"), translations) for one in sightings)
    return Grid(headings, rows, (1.4, 1.05, 1.15, 4.0, 1.5, 1.6))


def _sighting_row(sighting: Sighting, rests: str, translations: Translations) -> tuple[str, ...]:
    return (
        class_words(sighting, translations),
        words.word(words.GRADES, grade_of(sighting.grade), translations),
        ends_text(sighting, translations),
        sharpest_text(sighting, translations),
        rests,
        finding_words.short_mitigation_text(sighting.mitigation, translations) or "–",
    )


def ends_text(sighting: Sighting, translations: Translations) -> str:
    """Return the grades at least and at most; a dash where the view is recorded."""
    if sighting.is_recorded:
        return "–"
    grades = dict.fromkeys((grade_of(sighting.grade_low), grade_of(sighting.grade_high)))
    return " – ".join(words.word(words.GRADES, grade, translations) for grade in grades)


def findings_grid(findings: Sequence[Finding], translations: Translations, named: finding_words.Named = str) -> list[Block]:
    """Return findings as sentences, with what each rests on and its mitigation; nothing where there are none."""
    if not findings:
        return []
    headings = (
        translations(marked("Finding")),
        translations(marked("Severity")),
        translations(marked("Rests on")),
        translations(marked("Remedy")),
    )
    rows = tuple(
        (
            finding_words.sentence(finding, translations, named),
            words.word(words.SEVERITIES, str(finding.severity), translations),
            finding_words.article_text(finding.pack, finding.article, translations),
            finding_words.mitigation_text(finding.mitigation, translations) or "–",
        )
        for finding in findings
    )
    return [Grid(headings, rows, (4, 1, 2, 2.6))]


def _all_cameras(facts: DraftFacts) -> list[Block]:
    """Return the list that the numbers on the maps lead to, with the ids of the records."""
    called, translations = facts.called, facts.translations
    keys = ("number", "called", "status", "basis", "area_m2", "unasked_m2", "home_grade", "protected_grade", "camera_id")
    widths = (0.6, 2.6, 1.05, 1.05, 1.0, 1.1, 1.2, 1.25, 1.6)
    grid = grid_of(camera_table(facts.assessment, called.parts, called), keys, widths, translations)
    caption = translations(marked("All cameras: number on the maps, name, and the id of the record"))
    return [Heading(translations(marked("All cameras")), 1, on_new_page=True), replace(grid, caption=caption, anchor="cameras")]
