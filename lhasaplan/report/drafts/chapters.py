"""Chapters of the audit; the plan draft shares those on sightings, map, data and limits."""

from collections.abc import Iterable

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.results.finding import GRAVEST_FIRST
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.drafts.camera_chapter import camera_chapter
from lhasaplan.report.facts.basis import basis_name, basis_text, subtitle, worded
from lhasaplan.report.facts.called import Called, called
from lhasaplan.report.facts.common_findings import first_steps
from lhasaplan.report.facts.possible_views import interval_chapter
from lhasaplan.report.facts.short_answer import answer_text, yardstick
from lhasaplan.report.facts.summary import count_sightings, interval_of, line_text, summarise, today
from lhasaplan.report.facts.tables import assumption_table, input_table
from lhasaplan.report.maps.base_map import BaseMap, attribution, overview_frame
from lhasaplan.report.maps.figures import MOST_NUMBERED, OVERVIEW_MARGIN_M, overview_map
from lhasaplan.report.maps.printed_figure import printed_figure
from lhasaplan.report.text import words
from lhasaplan.report.text.columns import Remembered, grid_of, with_ends, with_numbers
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph
from lhasaplan.report.text.words import banners

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
    rows = [
        (translations(marked("Data")), translations("; ").join(_data_line(record) for record in assessment.inputs) or "–"),
        (
            translations(marked("Rule packs")),
            ", ".join(_pack_name(p.name, p.changed, translations) for p in assessment.packs) or "–",
        ),
        (translations(marked("Answers")), basis_name(assessment, translations)),
        (translations(marked("Planning gate")), _gate_line(assessment, translations)),
        (translations(marked("Coordinate system")), assessment.crs or "–"),
    ]
    if assessment.public_precision_deg is not None:
        rows.append(
            (translations(marked("Positions")), translations(marked("a pack asks for coarse positions in public outputs")))
        )
    grid = Grid((translations(marked("Sources and rules")), ""), tuple(rows), (1, 4))
    missing = tuple(words.said(one, translations) for one in assessment.gate.missing)
    return [grid, Paragraph(translations(marked("Missing for planning:"))), Bullets(missing)] if missing else [grid]


def _data_line(record: InputRecord) -> str:
    facts = [record.date, f"SHA-256 {record.sha256[:12]}…" if record.sha256 else ""]
    return f"{record.path} ({', '.join(fact for fact in facts if fact)})"


def _pack_name(name: str, changed: bool, translations: Translations) -> str:
    return translations(marked("{name} (CHANGED, not as shipped)"), name=name) if changed else name


def _gate_line(assessment: Assessment, translations: Translations) -> str:
    if assessment.gate.open and assessment.parts is None:
        return translations(marked("open, but not used: no confirmed part is answered here"))
    if assessment.gate.open:
        return translations(marked("open: confirmed parts are answered in the plan draft"))
    return translations(marked("closed: an audit only, no gaps, no proposals, no plan"))


def totals(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return the totals; ground with no purpose stated stands beside the area seen."""
    rows = tuple((translations(line.title), line_text(line, translations)) for line in summarise(assessment))
    return [Grid((translations(marked("Totals")), ""), rows, (4, 1), numeric=frozenset({1}))]


def sightings_grid(assessment: Assessment, translations: Translations) -> list[Block]:
    """Return cameras by class and grade, certain and possible apart."""
    counts = count_sightings(assessment.cameras)
    headings = (
        translations(marked("Cameras that can see")),
        *(translations(marked("certain: {grade}"), grade=word) for word in _grade_words(translations)),
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


def _grade_words(translations: Translations) -> tuple[str, ...]:
    return tuple(translations(words.SEVERITIES[grade]) for grade in GRAVEST_FIRST)


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
