"""The chapter on cameras: what many share once, a section for each of the gravest, and a table of all."""

from collections.abc import Sequence

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.results.assessment import Assessment, CameraResult, Sighting
from lhasaplan.core.results.finding import Finding
from lhasaplan.report.facts.alternatives import alternatives_blocks
from lhasaplan.report.facts.common_findings import VIEWS, Common, common_chapter, common_ground, numbers_text
from lhasaplan.report.facts.necessity import necessity_text, needed_text
from lhasaplan.report.facts.summary import grade_of
from lhasaplan.report.facts.surfaces import surfaces_grid
from lhasaplan.report.facts.tables import camera_table, gravity, part_labels, sorted_findings
from lhasaplan.report.maps.base_map import BaseMap
from lhasaplan.report.maps.figures import camera_map
from lhasaplan.report.text import words
from lhasaplan.report.text.certainty import class_words, ground_words
from lhasaplan.report.text.document import Block, Figure, Grid, Heading, Paragraph
from lhasaplan.report.text.printed_tables import grid_of
from lhasaplan.report.text.sharpest_views import sharpest_text
from lhasaplan.report.text.style import load_style

VIEW_KIND = {
    "home": "view_home",
    "protected": "view_protected",
    "dwelling_likely": "view_dwelling_likely",
    "use_unknown": "view_unknown_use",
}


def gravest(assessment: Assessment) -> list[CameraResult]:
    """Return the cameras that can see a protected place, gravest first."""
    return sorted((result for result in assessment.cameras if result.sightings), key=gravity)


def camera_chapter(base: BaseMap, assessment: Assessment, wording: Wording) -> list[Block]:
    """Return what many cameras share, a section for each of the gravest cameras, and a table of all."""
    limit = int(load_style()["limits"]["camera_pages"])
    grave, common = gravest(assessment), common_ground(assessment)
    blocks: list[Block] = [Heading(wording(marked("Cameras with findings")), 1, on_new_page=True)]
    blocks += common_chapter(common, wording)
    blocks.append(Heading(wording(marked("Camera by camera")), 1, on_new_page=bool(common.questions)))
    if len(grave) > limit:
        text = marked("The {shown} gravest of {count} have a section here; all stand in the table that follows.")
        blocks.append(Paragraph(wording(text, shown=limit, count=len(grave))))
    for number, result in enumerate(grave[:limit]):
        blocks += camera_section(base, assessment, result, wording, common, on_new_page=number > 0)
    return [*blocks, *_all_cameras(assessment, wording)]


def findings_of(assessment: Assessment, camera_id: str) -> list[Finding]:
    """Return the findings about one camera, gravest first."""
    return [finding for finding in sorted_findings(assessment) if camera_id in finding.camera_ids]


def camera_section(
    base: BaseMap, assessment: Assessment, result: CameraResult, wording: Wording, common: Common, *, on_new_page: bool = False
) -> list[Block]:
    """Return one camera, on a page of its own: its record, map, what it can see, and what is found of it alone."""
    camera = result.placed.camera
    mine = findings_of(assessment, camera.camera_id)
    blocks: list[Block] = [
        Heading(f"{camera.camera_id} {camera.name}".strip(), 2, on_new_page),
        Paragraph(record_text(result, wording), "record"),
    ]
    blocks += necessity_blocks(assessment, result, wording)
    blocks += map_of(base, assessment, result, wording, width=0.42)
    blocks.append(sightings_grid_of(result.sightings, mine, wording))
    blocks += surfaces_grid(assessment, result, wording)
    blocks += findings_grid([one for one in mine if one.kind not in VIEWS and not common.holds(one)], wording)
    return blocks + alternatives_blocks(mine, wording) + _shared(common, result, mine, wording)


def map_of(base: BaseMap, assessment: Assessment, result: CameraResult, wording: Wording, width: float) -> list[Block]:
    """Return the map of one camera with a key to its colours; nothing where it has no place to be drawn."""
    picture = camera_map(base, assessment, result, wording)
    alt = wording(marked("Map around camera {camera}"), camera=result.placed.camera.camera_id)
    return [] if picture is None else [Figure(picture, colour_key(wording), width, alt)]


def colour_key(wording: Wording) -> str:
    """Return what the colours of a map mean, in words: a map that is printed small has no legend to read."""
    return wording(
        marked(
            "Blue: ground that can be seen, darker where finer. Where direction or lens is not known it is hatched near by (wide "
            "lens) and outlined far away (narrow lens or sweep). Red: homes in view; violet: other protected places; wine: "
            "likely dwellings; ochre: buildings of unknown use; dotted: seen above the ground only, over roofs and walls."
        )
    )


def needed_blocks(assessment: Assessment, result: CameraResult, wording: Wording) -> list[Block]:
    """Return in one line what is in range at night and what would be lost without a camera."""
    text = needed_text(result, part_labels(assessment, wording), wording)
    return [Paragraph(text, "record")] if text else []


def necessity_blocks(assessment: Assessment, result: CameraResult, wording: Wording) -> list[Block]:
    """Return in one line what a camera costs and what would be lost without it."""
    text = necessity_text(result, part_labels(assessment, wording), wording)
    return [Paragraph(text, "record")] if text else []


def _shared(common: Common, result: CameraResult, mine: Sequence[Finding], wording: Wording) -> list[Block]:
    """Return one line that refers to the tables of what many cameras share."""
    rows, asked = numbers_text(common.rows_of(mine)), numbers_text(common.questions_of(result))
    lines = [
        wording(marked("As of many cameras, rows {rows} hold."), rows=rows) if rows else "",
        wording(marked("Ask the controller questions {questions}."), questions=asked) if asked else "",
    ]
    text = " ".join(line for line in lines if line)
    return [Paragraph(text)] if text else []


def record_text(result: CameraResult, wording: Wording) -> str:
    """Return what is known of a camera in one line: state, kind, ground in view, and what was assumed."""
    table_words = [
        words.word(words.STATUSES, result.placed.camera.status, wording),
        words.word(words.KINDS, result.placed.camera.kind, wording),
        ground_words(result, wording),
    ]
    if result.placed.assumed:
        assumed = words.listed(words.FIELDS, result.placed.assumed, wording)
        table_words.append(wording(marked("assumed: {fields}"), fields=assumed))
    return "; ".join(word for word in table_words if word)


def sightings_grid_of(sightings: Sequence[Sighting], findings: Sequence[Finding], wording: Wording) -> Grid:
    """Return what one camera can see of protected places, with what the finding rests on."""
    headings = (
        wording(marked("Can see")),
        wording(marked("Severity")),
        wording(marked("wide to narrow")),
        wording(marked("Sharpest, and where")),
        wording(marked("Rests on")),
        wording(marked("Cure")),
    )
    rests = {finding.kind: words.article_text(finding.pack, finding.article, wording) for finding in findings}
    rows = tuple(_sighting_row(one, rests.get(VIEW_KIND[str(one.cls)], "–"), wording) for one in sightings)
    return Grid(headings, rows, (1.5, 1.1, 1.2, 3.0, 1.6, 2.2))


def _sighting_row(sighting: Sighting, rests: str, wording: Wording) -> tuple[str, ...]:
    return (
        class_words(sighting, wording),
        words.word(words.GRADES, grade_of(sighting.grade), wording),
        ends_text(sighting, wording),
        sharpest_text(sighting, wording),
        rests,
        words.short_cure_text(sighting.cure, wording) or "–",
    )


def ends_text(sighting: Sighting, wording: Wording) -> str:
    """Return the grades at the wide and the narrow assumption; a dash where the view is recorded."""
    if sighting.is_recorded:
        return "–"
    grades = dict.fromkeys((grade_of(sighting.grade_wide), grade_of(sighting.grade_narrow)))
    return " – ".join(words.word(words.GRADES, grade, wording) for grade in grades)


def findings_grid(findings: Sequence[Finding], wording: Wording) -> list[Block]:
    """Return findings as sentences, with what each rests on and its cure; nothing where there are none."""
    if not findings:
        return []
    headings = (
        wording(marked("Finding")),
        wording(marked("Severity")),
        wording(marked("Rests on")),
        wording(marked("Cure")),
    )
    rows = tuple(
        (
            words.sentence(finding, wording),
            words.word(words.SEVERITIES, str(finding.severity), wording),
            words.article_text(finding.pack, finding.article, wording),
            words.cure_text(finding.cure, wording) or "–",
        )
        for finding in findings
    )
    return [Grid(headings, rows, (4, 1, 2, 2.6))]


def _all_cameras(assessment: Assessment, wording: Wording) -> list[Block]:
    keys = (
        "camera_id",
        "status",
        "basis",
        "area_m2",
        "unasked_m2",
        "home_grade",
        "home_narrow",
        "protected_grade",
        "protected_narrow",
    )
    grid = grid_of(camera_table(assessment), keys, (1.55, 1.05, 1.05, 1.0, 1.05, 1.35, 1.35, 1.35, 1.35), wording)
    return [Heading(wording(marked("All cameras")), 1, on_new_page=True), grid]
