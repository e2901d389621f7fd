"""Chapters that only a plan draft has: mandate, options with the zero option, parts before and after, what was left out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from lhasaplan.core.audit.totals import sums_of
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.place import UNMEASURED, Verdict
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.core.project.mandate import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.report.drafts.chapters import sightings_grid, totals
from lhasaplan.report.facts.short_answer import locator, where_rows
from lhasaplan.report.facts.summary import count_verdicts, grade_of, has_plan, standing_with_plan, today
from lhasaplan.report.facts.tables import overlap_table
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import grid_of, some_names
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import short_number

# Questions that are put to a meeting, each with its item in the minutes, and what was decided on it.

DECISIONS: Mapping[str, str] = {
    "approved": marked("approved"),
    "changed": marked("approved with changes"),
    "refused": marked("refused"),
    "open": marked("still open"),
}


@dataclass(frozen=True, slots=True)
class Motion:
    """A question: its item in the minutes, its words, what may be chosen where it is a choice, and what was decided on it."""

    item: str
    text: str
    choices: tuple[str, ...] = ()
    resolution: Resolution | None = None


def decided_text(resolution: Resolution | None, translations: Translations) -> str:
    """Return what was decided, with its outcome in words; empty where nothing was."""
    if resolution is None or not resolution.decision:
        return ""
    word = translations(DECISIONS.get(resolution.decision, resolution.decision))
    if not resolution.outcome:
        return word
    return translations(marked("{decision}: {outcome}"), decision=word, outcome=resolution.outcome)


def by_whom_text(resolution: Resolution | None, translations: Translations) -> str:
    """Return who decided, when, and until when it is to be done; empty where nothing was decided."""
    if resolution is None or not resolution.decision:
        return ""
    parts = (
        resolution.decided_by,
        translations(marked("decided on {date}"), date=resolution.decided_on) if resolution.decided_on else "",
        translations(marked("until {date}"), date=resolution.due_on) if resolution.due_on else "",
    )
    return translations(marked(", ")).join(part for part in parts if part)


def motion_rows(motions: Sequence[Motion], translations: Translations) -> tuple[tuple[str, ...], ...]:
    """Return each question with its decision, by whom and until when; what was not decided is left to be written."""
    return tuple(
        (each.text, decided_text(each.resolution, translations), by_whom_text(each.resolution, translations)) for each in motions
    )


def motion_headings(translations: Translations) -> tuple[str, str, str]:
    """Return the headings of a table of decisions."""
    return translations(marked("Question")), translations(marked("Decision")), translations(marked("By whom, until when"))


def motion_grid(motions: Sequence[Motion], caption: str, translations: Translations, anchor: str = "decision") -> Grid:
    """Return the questions as a table with room to write."""
    return Grid(motion_headings(translations), motion_rows(motions, translations), (4, 2, 2), caption, anchor=anchor)


def of_area(assessment: Assessment, area: str) -> Assessment:
    """Return the assessment of one area: its parts and cameras, their findings and overlaps."""
    cameras = tuple(result for result in assessment.cameras if area in result.area_names)
    names = {result.placed.camera.camera_id for result in cameras}
    parts = tuple(result for result in assessment.parts or () if area in result.area_names)
    about = {name for result in parts for name in (result.part.name, result.part.part_id)}
    return replace(
        assessment,
        cameras=cameras,
        parts=parts,
        overlaps=tuple(overlap for overlap in assessment.overlaps or () if overlap.a in names and overlap.b in names),
        findings=tuple(f for f in assessment.findings if names & set(f.camera_ids) or f.params.get("part") in about),
        totals={"parts_by": sums_of(parts)},  # all others are of the whole project
    )


def mandate_page(project: Project, assessment: Assessment, translations: Translations, warning: str) -> list[Block]:
    """Return the first page: what the draft is worth, who may plan, on what basis, under whose oversight; then the totals."""
    mandate = project.mandate or Mandate()
    rows = tuple(
        (translations(words.MANDATE[field.name]), _mandate_value(getattr(mandate, field.name), translations))
        for field in fields(Mandate)
        if field.name in words.MANDATE
    )
    packs = ", ".join(pack.name + (" (*)" if pack.changed else "") for pack in assessment.packs)
    if any(pack.changed for pack in assessment.packs):
        packs += translations(marked("; (*) CHANGED, not as shipped"))
    rows += ((translations(marked("Rule packs")), packs), *where_rows(assessment, translations))
    grid = Grid((translations(marked("Mandate")), ""), rows, (1, 3))
    return [Paragraph(warning, "warning"), grid, *locator(assessment, translations), *totals(assessment, translations)]


def _mandate_value(value: object, translations: Translations) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value)) or "–"
    return short_number(value, translations) if isinstance(value, float) else str(value or "–")


@dataclass(frozen=True, slots=True)
class MotionOption:
    """One way to go: how many cameras, the verdicts, what it sees that no purpose asks for, and the grave views."""

    cameras: int
    verdicts: Counter[Verdict]
    unasked_m2: float
    grave: int


def zero_option(assessment: Assessment) -> MotionOption:
    """Return the option without a camera: no part is served but those that a person declared, asked or excused."""
    kept = Counter(r.verdict if r.verdict in UNMEASURED else Verdict.GAP for r in assessment.parts or ())
    return MotionOption(0, kept, 0.0, 0)


def option_of(assessment: Assessment, cameras: Sequence[CameraResult], after: bool) -> MotionOption:
    """Return the option with these cameras; ``after`` takes the verdicts with planned ones."""
    unasked = sum(camera.unasked_m2 for camera in cameras)
    return MotionOption(len(cameras), count_verdicts(assessment.parts or (), after), unasked, grave_views_of(cameras))


def grave_views_of(cameras: Iterable[CameraResult]) -> int:
    """Return how many views of these cameras are due or severe, those onto likely dwellings among them."""
    return sum(grade_of(sighting.grade) in GRAVE for result in cameras for sighting in result.sightings)


def removable_line(today: Sequence[CameraResult], cameras: Mapping[str, str], translations: Translations) -> str:
    """Return which cameras can go, each taken alone; ``cameras`` call them by id."""
    names = [cameras.get(each.placed.camera.camera_id, each.placed.camera.camera_id) for each in today if each.removable]
    if not names:
        return translations(marked("No camera can be removed without a loss for some part."))
    text = marked("Each of these cameras can be removed alone without a loss for any part: {names}.")
    return translations(text, names=some_names(names, translations))


def overlap_chapter(assessment: Assessment, translations: Translations, cameras: Mapping[str, str] | None = None) -> list[Block]:
    """Return the pairs of cameras that see the same, the largest first; ``cameras`` call them by id."""
    table = overlap_table(assessment, cameras)
    heading = Heading(translations(marked("Seen twice")), 2)
    if not table.rows:
        return [heading, Paragraph(translations(marked("No two cameras see the same part at the density it needs.")))]
    return [heading, grid_of(table, ("a", "b", "area_m2", "demand"), (2, 2, 1.2, 1.2), translations)]


def sightings_before_and_after(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return what operating cameras can see of protected places, and what they would with the planned ones."""
    blocks = sightings_grid(today(assessment), translations)
    if has_plan(assessment):
        then = Paragraph(translations(marked("With the plan carried out:")), "record")
        blocks += [then, sightings_grid(replace(assessment, cameras=standing_with_plan(assessment)), translations)[-1]]
    return blocks


def left_out(project: Project, assessment: Assessment, translations: Translations, parts: Mapping[str, str]) -> list[Block]:
    """Return what was excused or could not be answered, each by name; what holds for the whole answer stands among its notes."""
    items = [
        translations(
            marked("{part}: excused by {by} on {date}: {reason}"),
            part=parts.get(e.part_id, e.part_id),
            by=e.by,
            date=e.date,
            reason=e.reason,
        )
        for e in project.excuses
    ]
    items += [
        translations(
            marked("{part}: missing in the data. {question}"),
            part=parts.get(result.part.part_id, result.part.part_id),
            question=translations(result.part.question or "–"),
        )
        for result in assessment.parts or ()
        if result.verdict == Verdict.ASKED
    ]
    items += [translations(marked("Protected places are never demand, gap or proposal."))]
    return [Heading(translations(marked("Refused or left out")), 2), Bullets(tuple(items))]
