"""Chapters that only a plan draft has: mandate, options with the zero option, parts before and after, what was left out."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

from lhasaplan.core.audit.totals import sums_of
from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.mandate import Mandate
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.core.results.verdict import UNMEASURED, Verdict
from lhasaplan.report.drafts.chapters import sightings_grid, totals
from lhasaplan.report.facts.necessity import necessity_chapter
from lhasaplan.report.facts.part_options import service_chapter, sums_blocks
from lhasaplan.report.facts.summary import count_verdicts, grade_of, of_status, today
from lhasaplan.report.facts.tables import camera_table, overlap_table, part_labels, part_table
from lhasaplan.report.facts.where import locator, where_rows
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.finished_blocks import some_names
from lhasaplan.report.text.numerals import grouped_text, short_number
from lhasaplan.report.text.printed_tables import grid_of


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


def mandate_page(project: Project, assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the first page: who may plan, on what basis, under whose oversight; then the totals."""
    warning = wording(
        marked("This is a draft. It was approved by nobody and orders nothing; keeping no camera is one of its options.")
    )
    mandate = project.mandate or Mandate()
    rows = tuple(
        (wording(words.MANDATE[field.name]), _mandate_value(getattr(mandate, field.name), wording))
        for field in fields(Mandate)
        if field.name in words.MANDATE
    )
    packs = ", ".join(pack.name + (" (*)" if pack.changed else "") for pack in assessment.packs)
    if any(pack.changed for pack in assessment.packs):
        packs += wording(marked("; (*) CHANGED, not as shipped"))
    rows += ((wording(marked("Rule packs")), packs), *where_rows(assessment, wording))
    grid = Grid((wording(marked("Mandate")), ""), rows, (1, 3))
    return [Paragraph(warning, "warning"), grid, *locator(assessment, wording), *totals(assessment, wording)]


def _mandate_value(value: object, wording: Wording) -> str:
    if isinstance(value, tuple):
        return "; ".join(map(str, value)) or "–"
    return short_number(value, wording) if isinstance(value, float) else str(value or "–")


@dataclass(frozen=True, slots=True)
class Option:
    """One way to go: how many cameras, the verdicts, what it sees that no purpose asks for, and the grave views."""

    cameras: int
    verdicts: Counter[Verdict]
    unasked_m2: float
    grave: int


def zero_option(assessment: Assessment) -> Option:
    """Return the option without a camera: no part is served but those that a person declared, asked or excused."""
    kept = Counter(r.verdict if r.verdict in UNMEASURED else Verdict.GAP for r in assessment.parts or ())
    return Option(0, kept, 0.0, 0)


def option_of(assessment: Assessment, cameras: Sequence[CameraResult], after: bool) -> Option:
    """Return the option with these cameras; ``after`` takes the verdicts with planned ones."""
    unasked = sum(camera.unasked_m2 for camera in cameras)
    return Option(len(cameras), count_verdicts(assessment.parts or (), after), unasked, sum(map(_grave_views, cameras)))


def _grave_views(result: CameraResult) -> int:
    return sum(grade_of(sighting.grade) in GRAVE for sighting in result.sightings)


def options(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the options side by side: no camera, today, and with the planned cameras."""
    today = of_status(assessment, Status.OPERATING)
    both = of_status(assessment, Status.OPERATING, Status.PLANNED)
    rows = [
        _option_row(wording(marked("No camera")), zero_option(assessment), wording),
        _option_row(wording(marked("Today")), option_of(assessment, today, after=False), wording),
        _option_row(wording(marked("With planned cameras")), option_of(assessment, both, after=True), wording),
    ]
    headings = (
        wording(marked("Option")),
        wording(marked("Cameras")),
        wording(marked("Verdicts of the parts")),
        wording(marked("Seen, no part asks (m², summed)")),
        wording(marked("Certain views due or error")),
    )
    grid = Grid(headings, tuple(rows), (1.5, 1.05, 2.8, 1.3, 1.2), numeric=frozenset({1, 3, 4}))
    return [Heading(wording(marked("Options")), 2), grid, *_removable_line(today, wording)]


def _option_row(name: str, option: Option, wording: Wording) -> tuple[str, ...]:
    verdicts = ", ".join(
        f"{words.word(words.VERDICTS, verdict, wording)} {option.verdicts[verdict]}"
        for verdict in Verdict
        if option.verdicts[verdict]
    )
    return name, str(option.cameras), verdicts or "–", grouped_text(option.unasked_m2, wording), str(option.grave)


def _removable_line(today: Sequence[CameraResult], wording: Wording) -> list[Block]:
    names = [result.placed.camera.camera_id for result in today if result.removable]
    if not names:
        return [Paragraph(wording(marked("No camera can go without a part losing something.")))]
    text = wording(
        marked("Each of these cameras can go, taken alone, and no part loses anything: {names}."),
        names=some_names(names, wording),
    )
    return [Paragraph(text)]


def part_chapter(project: Project, assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the confirmed parts, before and after, then why each was confirmed and by whom."""
    table = part_table(assessment, wording)
    keys = (
        "label",
        "required_px_m",
        "verdict",
        "share_served",
        "verdict_after",
        "share_served_after",
        "cameras",
        "blockers",
    )
    grid = grid_of(table, keys, (2.35, 0.95, 1.15, 1.1, 1.15, 1.05, 1.25, 1.9), wording)
    blocks: list[Block] = [Heading(wording(marked("Confirmed parts, before and after")), 1, on_new_page=True), grid]
    ids = set(table.column("part_id"))
    confirmed = [c for c in project.confirmations if c.part_id in ids]
    labels = part_labels(assessment, wording)
    rows = tuple((labels[c.part_id], c.purpose, c.reason, c.milder_means, f"{c.by}, {c.date}") for c in confirmed)
    if rows:
        headings = (
            wording(marked("Part")),
            wording(marked("Purpose")),
            wording(marked("Reason")),
            wording(marked("Milder means considered")),
            wording(marked("Confirmed by")),
        )
        blocks += [Heading(wording(marked("Why they were confirmed")), 2), Grid(headings, rows, (1.7, 1.4, 1.9, 2, 1.4))]
    return blocks


def evidence_chapters(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the sums of verdicts, what would serve the parts that are not met, and what each camera is needed for."""
    labels = part_labels(assessment, wording)
    return [
        *sums_blocks(assessment, wording),
        *service_chapter(assessment, wording, labels),
        *necessity_chapter(assessment, wording, labels),
    ]


def overlap_chapter(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the pairs of cameras that see the same, the largest first."""
    table = overlap_table(assessment)
    heading = Heading(wording(marked("Seen twice")), 2)
    if not table.rows:
        return [heading, Paragraph(wording(marked("No two cameras see the same part at the density that it needs.")))]
    return [heading, grid_of(table, ("a", "b", "area_m2", "demand"), (2, 2, 1.2, 1.2), wording)]


def planned_chapter(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return the planned cameras, without coordinates: a draft carries none."""
    planned = replace(assessment, cameras=of_status(assessment, Status.PLANNED))
    table = camera_table(planned, part_labels(assessment, wording))
    heading = Heading(wording(marked("Planned cameras")), 2)
    if not table.rows:
        return [heading, Paragraph(wording(marked("No camera is planned.")))]
    keys = ("camera_id", "name", "kind", "mount", "area_m2", "unasked_m2", "parts_served", "home_grade", "protected_grade")
    return [heading, grid_of(table, keys, (1.4, 1.3, 1, 0.9, 1, 1.1, 1.4, 1.1, 1.3), wording)]


def sightings_before_and_after(assessment: Assessment, wording: Wording) -> list[Block]:
    """Return what operating cameras can see of protected places, and what they would with the planned ones."""
    blocks = sightings_grid(today(assessment), wording)
    if of_status(assessment, Status.PLANNED):
        then = Paragraph(wording(marked("The same with the planned cameras:")), "record")
        blocks += [then, sightings_grid(assessment, wording)[-1]]
    return blocks


def left_out(project: Project, assessment: Assessment, wording: Wording) -> list[Block]:
    """Return what was excused or could not be answered, each by name; what holds for the whole answer stands among its notes."""
    items = [
        wording(marked("{part}: excused by {by} on {date}: {reason}"), part=e.part_id, by=e.by, date=e.date, reason=e.reason)
        for e in project.excuses
    ]
    items += [
        wording(
            marked("{part}: the data lack it: {question}"),
            part=words.part_label(result.part, assessment.terms, wording),
            question=wording(result.part.question or "–"),
        )
        for result in assessment.parts or ()
        if result.verdict == Verdict.ASKED
    ]
    items += [wording(marked("Protected places are never demand, gap or proposal."))]
    return [Heading(wording(marked("Refused or left out")), 2), Bullets(tuple(items))]
