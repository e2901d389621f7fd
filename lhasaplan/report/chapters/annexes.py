"""The annexes of a plan: all cameras, a sheet a camera, signs, the check of protected places, questions, method and limits."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace

from PIL import Image

from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS, CameraField
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Matter
from lhasaplan.report.chapters.audit_chapters import CUT, data_and_limits, left_out, overlap_chapter
from lhasaplan.report.chapters.camera_chapter import findings_of, map_of, sightings_grid_of
from lhasaplan.report.chapters.delivery import phase_of
from lhasaplan.report.chapters.draft_facts import TO_FILL, DraftFacts
from lhasaplan.report.chapters.layout import area_maps, large_map
from lhasaplan.report.chapters.options_chapter import proposals_chapter
from lhasaplan.report.facts.basis import reported
from lhasaplan.report.facts.common_findings import common_ground, questions_grid
from lhasaplan.report.facts.necessity import in_view_text, necessity_chapter, necessity_table
from lhasaplan.report.facts.part_options import service_chapter, sums_blocks
from lhasaplan.report.facts.tables import camera_table
from lhasaplan.report.maps.figures import FigureRoom, camera_frame
from lhasaplan.report.maps.map_decorations import printed_figure, small_png
from lhasaplan.report.maps.plan_figures import counts_text, demand_map
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.columns import grid_of
from lhasaplan.report.text.document import Block, Bullets, Figure, Grid, Heading, PageFormat, Paragraph
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import load_style
from lhasaplan.report.text.text_width import TEXT_CM, height_cm
from lhasaplan.report.text.words import some_names

# The view through the lens of a camera in its survey sheet: drawn from the map and the record, never a camera's own picture.

WIDTH_CM, CM_PER_INCH = 11.0, 2.54
BESIDE_A_PLAN_CM = 6.8  # width of the view under a plan in a round scale
LEAST_PLAN_CM, MOST_PLAN_CM = 6.0, 12.5  # how tall such a plan is
CAPTION = marked(
    "What camera {camera} would show as planned. Drawn from the map and the record: this is no camera picture, "
    "and nobody in it is real. Protected places are veiled"
)
PEOPLE = marked("{text}. Figures of people stand {distances} m from the lens.")


def lens_view(facts: DraftFacts, result: CameraResult, width_cm: float = WIDTH_CM) -> Iterator[Figure]:
    """Give the view of a camera whose pose is known."""
    camera_id, translations = result.placed.camera.camera_id, facts.translations
    picture = facts.order.picture_of(camera_id)
    if picture is None:
        return
    caption = translations(CAPTION, camera=facts.called.title(camera_id))
    distances = translations(marked(", ")).join(short_number(each.away_m, translations) for each in picture.people)
    alt = translations(PEOPLE, text=caption, distances=distances) if picture.people else caption
    stream = io.BytesIO()
    Image.fromarray(picture.rgb).save(stream, "PNG")
    dpi = round(picture.rgb.shape[1] * CM_PER_INCH / width_cm)
    yield printed_figure(small_png(stream.getvalue(), dpi=dpi), alt, alt)


WIDE = PageFormat("A4", landscape=True)
ON_A_SIGN = (
    marked("cameras are in use: a pictogram that people see before they enter the view"),
    marked("who is responsible, how to reach them, and the data-protection officer"),
    marked("the purpose and the legal basis"),
    marked("whether pictures are recorded, and after how many days they are deleted"),
    marked("people's rights, first of all access to what is stored, and where to complain"),
    marked("where to read the full information, on the web and on paper"),
)


def annexes(facts: DraftFacts) -> list[Block]:
    """Return all annexes; the large map and the list of cameras stand on pages on their side."""
    upright, *others = [
        *area_maps(facts),
        *proposals_chapter(facts),
        *_sheets(facts),
        *_evidence(facts),
        *_needs(facts),
        *signs(facts),
        *_protected_check(facts),
        *open_questions(facts),
        *data_and_limits(facts),
    ]
    first = replace(upright, on_new_page=False) if isinstance(upright, Heading) else upright  # its page is new as it is
    return [*large_map(facts), *_camera_list(facts), PageFormat(), first, *others]


def _camera_list(facts: DraftFacts) -> list[Block]:
    translations = facts.translations

    def of_record(group: int) -> list[tuple[str, float]]:
        return [(each.key, each.width / 10) for each in CAMERA_FIELDS if each.drafted == group and each.key != "name"]

    found = [("area_m2", 0.9), ("unasked_m2", 1.0), ("parts_served", 3.0)]
    columns = [("number", 0.5), ("called", 1.8), *of_record(1), *found, *of_record(2), ("camera_id", 1.1)]
    keys, widths = zip(*columns, strict=True)
    table = camera_table(replace(facts.assessment, cameras=facts.standing), facts.called.parts, facts.called)
    grid = grid_of(table, keys, widths, translations)
    caption = translations(marked("All cameras: number on the maps, name, and the id of the record"))
    return [
        WIDE,
        Heading(translations(marked("Annex: list of all cameras")), 1),
        replace(grid, caption=caption, anchor="cameras"),
    ]


def _sheets(facts: DraftFacts) -> list[Block]:
    """Return a survey sheet for each planned camera, as many as the style file allows."""
    translations, limit = facts.translations, int(load_style()["limits"]["survey_sheets"])
    blocks: list[Block] = [Heading(translations(marked("Annex: survey sheets of the planned cameras")), 1, on_new_page=True)]
    if not facts.planned:
        return [*blocks, Paragraph(translations(marked("No camera is planned.")))]
    if len(facts.planned) > limit:
        text = marked(
            "The first {shown} of {count} planned cameras have a sheet here; pages of any camera are written on demand."
        )
        blocks.append(Paragraph(translations(text, shown=limit, count=len(facts.planned))))
    for number, result in enumerate(facts.planned[:limit]):
        blocks += survey_sheet(facts, result, on_new_page=number > 0)
    return blocks


def survey_sheet(
    facts: DraftFacts, result: CameraResult, *, on_new_page: bool, scales: tuple[int, ...] = (), room_cm: float = 0.0
) -> list[Block]:
    """Return one camera with its map, what is to be built, and what it can see of protected places.

    In one of the scales that are asked for, the map is as wide as the page and has what the rest leaves of ``room_cm``.
    """
    translations, camera = facts.translations, result.placed.camera
    title = facts.called.title(camera.camera_id)
    caption = translations(marked("Camera {camera} and what it can see"), camera=title)
    served = facts.translations("; ").join(facts.called.parts.get(each, each) for each in result.parts_served)
    serves = reported(served, Matter.SERVED, facts.assessment, facts.translations, text=str, unknown="–")
    rows = (
        (translations(marked("Serves")), serves),
        *((translations(each.survey), _recorded(facts, each, camera)) for each in CAMERA_FIELDS if each.survey),
        (
            translations(marked("Masked sectors")),
            reported(
                camera.mask_sector_deg, Matter.MASKS, facts.assessment, translations, text=finding_words.sectors_text, unknown="–"
            ),
        ),
        (translations(marked("Year")), phase_of(facts, camera)),
        (translations(marked("Found on the spot, by whom, when")), facts.filled("")),
    )
    mine = findings_of(facts.assessment, camera.camera_id)
    views = [sightings_grid_of(result.sightings, mine, translations)] if result.sightings else []
    grid = Grid((translations(marked("Survey sheet")), ""), rows, (1.5, 3))
    below: list[Block] = [*lens_view(facts, result, BESIDE_A_PLAN_CM if scales else WIDTH_CM), grid, *views]
    if not scales:
        return [Heading(title, 2, on_new_page), *map_of(facts, result, caption, WIDTH_CM), *below]
    known = replace(grid, rows=tuple(row for row in rows if row[1] != translations(TO_FILL)))  # a paper leaves out the others
    left_cm = room_cm - sum(height_cm(known if block is grid else block) for block in below)
    left_cm = min(max(LEAST_PLAN_CM, left_cm), MOST_PLAN_CM)
    if camera_frame(result, FigureRoom(TEXT_CM, left_cm, is_filled=True, scales=scales))[1]:
        caption = words.running_text([f"{caption}.", translations(CUT)])
    return [Heading(title, 2, on_new_page), *map_of(facts, result, caption, TEXT_CM, scales, left_cm), *below]


def _recorded(facts: DraftFacts, field: CameraField, camera: Camera) -> str:
    """Return what a field of a camera's record says, in words where it has words."""
    return facts.of_record(field.plain(camera), lambda text: words.word(field.words, text, facts.translations))


def _needs(facts: DraftFacts) -> list[Block]:
    """Return the verdicts by category, area and body, what each camera costs and is needed for, and what is seen twice."""
    translations, assessment = facts.translations, facts.assessment
    return [
        Heading(translations(marked("Annex: what each camera is needed for")), 1, on_new_page=True),
        *sums_blocks(assessment, translations),
        *_demand(facts),
        *necessity_chapter(assessment, translations, facts.called.parts, facts.called.titles),
        *overlap_chapter(facts),
    ]


def _demand(facts: DraftFacts) -> list[Block]:
    """Return the map of the confirmed parts by how many cameras show each; nothing where none has a place."""
    translations, parts = facts.translations, facts.assessment.parts or ()
    picture = demand_map(facts.base, facts.assessment, translations)
    if picture is None:
        return []
    text = marked("Confirmed parts by how many cameras in operation show them ({counts})")
    caption = translations(text, counts=counts_text(parts, translations))
    heading = Heading(translations(marked("How many cameras show each part")), 2)
    return [heading, printed_figure(picture, caption, caption, anchor="demand")]


def _evidence(facts: DraftFacts) -> list[Block]:
    """Return what the places that are not met rest on, and what would serve them."""
    chapter = service_chapter(facts.assessment, facts.translations, facts.called.parts, facts.called.reported)
    if not chapter:
        return []
    heading = Heading(facts.translations(marked("Annex: parts that are not met, and what would help")), 1, on_new_page=True)
    return [heading, *chapter[1:]]


MOST_NUMBERS = 40  # of one cell: as many rows as drafts print of a table


def _numbers(facts: DraftFacts, camera_ids: Sequence[str]) -> str:
    return some_names(map(facts.called.number, camera_ids), facts.translations, MOST_NUMBERS)


def signs(facts: DraftFacts) -> list[Block]:
    """Return what a sign says, and which sign is on record of each camera."""
    translations = facts.translations
    cameras: dict[str, list[str]] = {}
    for each in facts.standing:
        camera = each.placed.camera
        cameras.setdefault(facts.of_record(camera.sign, translations), []).append(camera.camera_id)
    headings = translations(marked("Sign on record")), translations(marked("Count")), translations(marked("Cameras"))
    rows = tuple((sign, str(len(ids)), _numbers(facts, ids)) for sign, ids in cameras.items())
    return [
        Heading(translations(marked("Annex: signs")), 1, on_new_page=True),
        Paragraph(translations(marked("A sign says:")), "record"),
        Bullets(tuple(map(translations, ON_A_SIGN))),
        Grid(headings, rows, (2, 1, 4), translations(marked("Signs")), frozenset({1}), "signs"),
    ]


def _protected_check(facts: DraftFacts) -> list[Block]:
    """Return what each camera can see of protected places, in counts alone."""
    translations = facts.translations
    seen = [result for result in facts.standing if any(in_view_text(result, each, translations) != "–" for each in words.CLASSES)]
    keys = ("camera_id", "homes", "protected", "likely", "lost")
    table = necessity_table(replace(facts.assessment, cameras=tuple(seen)), translations, facts.called.parts, facts.called.titles)
    grid = grid_of(table, keys, (1.6, 1.5, 1.5, 1.5, 2.3), translations)
    text = marked("Places are counted by grade. They are never listed by kind or name: such a list would name targets.")
    caption = translations(marked("Protected places in view of each camera"))
    found = [replace(grid, caption=caption, anchor="protected")] if grid.rows else []
    return [Heading(translations(marked("Annex: check of protected places")), 1), Paragraph(translations(text)), *found]


def open_questions(facts: DraftFacts) -> list[Block]:
    """Return what is not known and has to be asked, and what was refused or left out."""
    translations = facts.translations
    asked = common_ground(facts.present.assessment).questions
    return [
        Heading(translations(marked("Annex: open questions")), 1),
        *questions_grid(asked, translations, translations(marked("Questions to the controllers")), "questions"),
        *left_out(facts),
    ]
