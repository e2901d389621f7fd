"""Chapters of drafts: those that audit and plan share, and those that only a plan has."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from lhasaplan.core.audit.totals import sums_of
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.place import UNMEASURED, Verdict
from lhasaplan.core.project.decisions import Mandate, Resolution
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, GRAVEST_FIRST
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.drafts.camera_chapter import camera_chapter
from lhasaplan.report.facts.basis import basis_text, sources_and_rules, subtitle, worded
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.common_findings import first_steps, interval_chapter
from lhasaplan.report.facts.short_answer import answer_text, locator, where_rows, yardstick
from lhasaplan.report.facts.summary import (
    count_sightings,
    count_verdicts,
    grade_of,
    has_plan,
    interval_of,
    line_text,
    removable_ids,
    standing_with_plan,
    summarise,
    today,
)
from lhasaplan.report.facts.tables import assumption_table, input_table, overlap_table
from lhasaplan.report.maps.base_map import BaseMap, attribution, overview_frame
from lhasaplan.report.maps.figures import MOST_NUMBERED, OVERVIEW_MARGIN_M, overview_map
from lhasaplan.report.maps.map_decorations import printed_figure
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Remembered, grid_of, some_names, with_ends, with_numbers
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import number_text, short_number
from lhasaplan.report.text.words import banners

# Chapters of the audit; the plan draft shares those on sightings, map, data and limits.

OVERVIEW = marked(
    "Overview: what the cameras can see. Solid is certain. Hatched is what a lens within the limits may see. "
    "Outlined is what a pan-tilt camera can turn to. A dotted wall is seen only above the ground."
)
NUMBERED = marked("The numbers are those of the list of all cameras. P marks planned cameras.")
CUT = marked("What may be seen beyond the edge of this map is counted, but not drawn here.")
UNNUMBERED = marked("There are too many cameras to number them here: see the maps of the areas.")


def footer_text(assessment: Assessment) -> str:
    """Return project and licences for the foot of every page."""
    return " · ".join([assessment.project, *attribution(assessment)])


def paper(title: str, assessment: Assessment, blocks: Iterable[Block], translations: Translations, date: str = "") -> Document:
    """Return a draft that says at its head what it stands on, and at the foot of every page from which data."""
    head, foot = subtitle(assessment, translations), footer_text(assessment)
    return Document(title, head, translations.language, words.banners(assessment, translations), tuple(blocks), foot, date)


def at_a_glance(assessment: Assessment, called: Called, translations: Translations) -> list[Block]:
    """Return the first pages: the answer, what to do first, what the report is and is not, and the totals."""
    lead = translations(
        marked(
            "This report says what fixed cameras can see, what they must not see, and what would end it. It says "
            "what can be seen, never what was seen. Nobody here can know whether a camera is switched on or "
            "masked inside."
        )
    )
    current = today(assessment)
    steps = first_steps(current, called, translations)
    first: list[Block] = [Heading(translations(marked("What to do first")), 2), Bullets(steps, numbered=True)] if steps else []
    return [
        Heading(translations(marked("The answer")), 1),
        Paragraph(answer_text(current, translations), "lead"),
        *first,
        *yardstick(current, translations),
        Heading(translations(marked("What this report is")), 2),
        Paragraph(words.running_text([lead, basis_text(assessment, translations)])),
        *totals(assessment, translations),
    ]


def standing(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return what the report stands on: data, packs, gate, and what is missing for planning."""
    rows = tuple(sources_and_rules(assessment, translations).values())
    grid = Grid((translations(marked("Sources and rules")), ""), rows, (1, 4))
    return [grid, *missing_for_planning(assessment, translations)]


def missing_for_planning(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return what keeps the gate closed; nothing where it is open."""
    missing = tuple(words.said(one, translations) for one in assessment.gate.missing)
    return [Paragraph(translations(marked("Missing for planning:"))), Bullets(missing)] if missing else []


def totals(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return the totals; ground with no purpose stated stands beside the area seen."""
    rows = tuple((translations(line.title), line_text(line, translations)) for line in summarise(assessment))
    return [Grid((translations(marked("Totals")), ""), rows, (4, 1), numeric=frozenset({1}))]


def sightings_grid(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return cameras by class and grade, certain and possible apart."""
    counts = count_sightings(assessment.cameras)
    headings = (
        translations(marked("Cameras that can see")),
        *(translations(marked("certain: {grade}"), grade=translations(words.SEVERITIES[grade])) for grade in GRAVEST_FIRST),
        translations(marked("possible")),
        translations(marked("of these due or severe: at least")),
        translations(marked("at most")),
    )
    rows = []
    for cls, name in words.CLASSES.items():
        certain = [str(counts[cls, "recorded", grade]) for grade in GRAVEST_FIRST]
        interval = interval_of(assessment.cameras, cls)
        rows.append((translations(name), *certain, str(interval.views), str(interval.least), str(interval.most)))
    heading = Heading(translations(marked("What cameras can see of protected places")), 2)
    return [heading, Grid(headings, tuple(rows), (2.2, 1, 1, 1, 1, 1.5, 1.5), numeric=frozenset(range(1, 7)))]


def overview(base: BaseMap, assessment: Assessment, called: Called, translations: Translations, with_parts: bool) -> list[Block]:
    """Return the overview map, or a word on why there is none."""
    picture = overview_map(base, assessment, translations, with_parts, numbers=called.numbers)
    if picture is None:
        return [Paragraph(translations(marked("The map is left out: positions are coarse or missing.")))]
    reported = NUMBERED if len(assessment.cameras) <= MOST_NUMBERED else UNNUMBERED
    parts = [each.part.geometry for each in assessment.parts or ()] if with_parts else []
    _, is_cut = overview_frame(assessment.cameras, parts, OVERVIEW_MARGIN_M)
    caption = words.running_text([translations(OVERVIEW), *([translations(CUT)] if is_cut else []), translations(reported)])
    return [
        Heading(translations(marked("Map")), 1, on_new_page=True),
        printed_figure(picture, caption, translations(OVERVIEW), "overview"),
    ]


def assumptions(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return how many cameras rest on each assumed value."""
    table = assumption_table(assessment)
    if not table.rows:
        return []
    heading = Heading(translations(marked("Assumed because it is not recorded")), 2)
    return [heading, grid_of(table, ("field", "cameras"), (3, 1), translations)]


def data_and_limits(assessment: Assessment, translations: Translations, before: Iterable[Block] = ()) -> list[Block]:
    """Return the inputs with their digests, what was left out, and what the model does not know.

    ``before`` stands between the inputs and the notes: what else the draft stands on.
    """
    inputs = grid_of(
        input_table(assessment), ("path", "date", "features", "licence", "sha256"), (1.5, 1.3, 1.15, 2, 2.6), translations
    )
    notes = tuple(dict.fromkeys(words.said(note, translations) for note in assessment.notes))
    blocks: list[Block] = [Heading(translations(marked("Data and limits")), 1), inputs, *before]
    blocks += [Heading(translations(marked("Notes")), 2), Bullets((*notes, *limits(translations)))]
    return blocks + not_requested(assessment, translations)


def limits(translations: Translations) -> Iterable[str]:
    """Return what holds for every report."""
    return (
        translations(
            marked(
                "Severity by pixel density on frontage or ground: note from 25 px/m, due above 62.5 px/m, severe "
                "above 125 px/m. A rule pack may set stricter values."
            )
        ),
        translations(marked("Ground counts from 25 px/m. No figure of area includes ground seen more coarsely.")),
        tilt_text(translations),
        translations(
            marked("A possible view stays a note. “No mask known” means that none is recorded, not that there is none.")
        ),
        translations(marked("Protected places are not listed by kind or name. Only the frontage in view is shown.")),
        translations(marked("Removed cameras are not counted. Planned cameras are counted separately.")),
    )


def tilt_text(translations: Translations) -> str:
    """Return how far the ground of a tilted camera may be off (docs/adr/0009)."""
    return translations(
        marked(
            "The ground of tilted cameras is drawn by bearing and dip. The error is about 1 % at 15 degrees of "
            "tilt; at 30 degrees the ground is up to 15 % too small. Views of protected places and confirmed "
            "parts follow the true picture."
        )
    )


def not_requested(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return the candidates that are not requested, by category."""
    if not assessment.not_requested:
        return []
    named = words.category_words(assessment.terms, translations)
    rows = tuple(sorted((words.word(named, name, translations), str(count)) for name, count in assessment.not_requested.items()))
    heading = Heading(translations(marked("Places that nobody asked for")), 2)
    return [
        heading,
        Grid((translations(marked("Category")), translations(marked("Count"))), rows, (4, 1), numeric=frozenset({1})),
    ]


# Compose the audit report as a format-neutral document; give any draft its ends and numbers.
_drafts: Remembered[Document] = Remembered()


def compose_audit(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> Document:
    """Return the audit: the answer, what to do first and the figures; then the cameras, gravest first, then data and limits."""
    translations = worded(translations, assessment)
    return _drafts(assessment, ("audit", project, translations, order), lambda: _audit(project, assessment, translations, order))


def _audit(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder) -> Document:
    base, current, names = BaseMap(project), today(assessment), called(project, assessment, translations)
    blocks: list[Block] = [
        *at_a_glance(assessment, names, translations),
        *sightings_grid(current, translations),
        *interval_chapter(current, translations),
        *overview(base, current, names, translations, with_parts=False),
        *camera_chapter(base, current, names, translations),
        *data_and_limits(assessment, translations, (*standing(assessment, translations), *assumptions(assessment, translations))),
    ]
    title = translations(marked("What the cameras can see: audit"))
    return finished(title, assessment.project, assessment, blocks, translations, banners(assessment, translations), order)


def finished(  # noqa: PLR0917 - what every draft has
    title: str,
    subtitle: str,
    assessment: Assessment,
    blocks: Iterable[Block],
    translations: Translations,
    marks: tuple[str, ...],
    order: DraftOrder,
) -> Document:
    """Return a draft whose lists have an end, and whose tables and figures are numbered."""
    done, labels = with_numbers(with_ends(blocks, translations), translations)
    return Document(title, subtitle, translations.language, marks, done, footer_text(assessment), order.date, labels)


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
    """One way to go: how many cameras, the verdicts, the grave views, and ground that no part asks for, certain and possible."""

    cameras: int
    verdicts: Counter[Verdict]
    unasked_m2: float
    grave: int
    possible_m2: float = 0.0

    def ground_text(self, translations: Translations) -> str:
        """Return the ground that no part asks for: what is certain, and up to how much it may be."""
        return ground_text(self.unasked_m2, self.possible_m2, translations)


def ground_text(unasked_m2: float, possible_m2: float, translations: Translations) -> str:
    """Return ground that is certain, and up to how much it may be."""
    least, most = (number_text(each, translations) for each in (unasked_m2, unasked_m2 + possible_m2))
    return translations(marked("{least} (up to {most})"), least=least, most=most) if most != least else least


def zero_option(assessment: Assessment) -> MotionOption:
    """Return the option without a camera: no part is served but those that a person declared, asked or excused."""
    kept = Counter(r.verdict if r.verdict in UNMEASURED else Verdict.GAP for r in assessment.parts or ())
    return MotionOption(0, kept, 0.0, 0)


def option_of(assessment: Assessment, cameras: Sequence[CameraResult], after: bool) -> MotionOption:
    """Return the option with these cameras; ``after`` takes the verdicts with planned ones."""
    certain, possible = (sum(c.unasked_m2 for c in cameras if (c.certain is not None) is known) for known in (True, False))
    return MotionOption(len(cameras), count_verdicts(assessment.parts or (), after), certain, grave_views_of(cameras), possible)


def grave_views_of(cameras: Iterable[CameraResult]) -> int:
    """Return how many views of these cameras are due or severe, those onto likely dwellings among them."""
    return sum(grade_of(sighting.grade) in GRAVE for result in cameras for sighting in result.sightings)


def removable_line(today: Sequence[CameraResult], cameras: Mapping[str, str], translations: Translations) -> str:
    """Return which cameras can go, each taken alone; ``cameras`` call them by id."""
    names = [cameras.get(each, each) for each in removable_ids(today)]
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
