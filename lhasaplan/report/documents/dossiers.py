"""Compose a paper from its chapters: what each rests on, what it shows of the project, and what only the office can answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from lhasaplan.core.audit.disclosure import FIELDS
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.decisions import missing_fields
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.rules.forms import EACH_CAMERA, Dossier, Paper, Shown
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.draft_facts import TO_FILL, DraftFacts, document_of, facts_of
from lhasaplan.report.chapters.impact_answers import answer
from lhasaplan.report.chapters.opening import cover
from lhasaplan.report.chapters.shown_blocks import BLOCKS, LARGE_MAP, DraftedPaper, large_map
from lhasaplan.report.facts.basis import basis_text
from lhasaplan.report.facts.common_findings import common_ground, numbers_text
from lhasaplan.report.facts.short_answer import yardstick
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import (
    TOGETHER,
    Block,
    Bullets,
    Cover,
    Document,
    Figure,
    Grid,
    Heading,
    Paragraph,
    Remembered,
    reference,
)
from lhasaplan.report.text.finding_words import article_text, as_checked
from lhasaplan.report.text.words import NOT_APPROVED, in_language

# Gather what a paper leaves open in one numbered list, so that no table has cells to be filled in.

OPEN = marked("not known yet")
DAYS = marked("{days} days")
# Headings of what controllers are asked in their questionnaires anyway, by the field that they are asked for.
ASKED_ANYWAY = {"retention_days": marked("Days of retention"), "sign": marked("Sign on record")}


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """One open question: in which chapter it stands, and how many controllers of cameras can answer it; 0 is the office."""

    text: str
    chapter: str = ""
    cameras: int = 0


def answers_grid(drafted: DraftedPaper) -> list[Block]:
    """Return the fields that a chapter says in words, and the questions that the mandate answers."""
    facts, translations = drafted.facts, drafted.facts.translations
    fields = {each.key: each for each in drafted.dossier.impact.fields}
    said = [(in_language(fields[key].title, translations), answer(fields[key], facts).text) for key in drafted.chapter.fields]
    said += [(in_language(each.text, translations), _known(each.known, facts)) for each in drafted.chapter.asked]
    rows = tuple((title, text) for title, text in said if text and text != translations(TO_FILL))
    headings = translations(marked("Field")), translations(marked("What the project says"))
    return [Grid(headings, rows, (1, 3), translations(marked("What is known")))] if rows else []


def _known(field: str, facts: DraftFacts) -> str:
    """Return what the mandate answers to a question, with its unit where it is a number."""
    text, is_number = facts.stated(field), field == "retention_days" and facts.mandate.retention_days is not None
    return facts.translations(DAYS, days=text) if is_number else text


def unanswered(drafted: DraftedPaper) -> list[OpenPoint]:
    """Return the questions of a chapter that neither the project nor the mandate answers."""
    facts, translations = drafted.facts, drafted.facts.translations
    fields = {each.key: each for each in drafted.dossier.impact.fields}
    asks = [fields[key].asks for key in drafted.chapter.fields if not answer(fields[key], facts).is_whole]
    asks += [each.text for each in drafted.chapter.asked if facts.stated(each.known) == facts.translations(TO_FILL)]
    return [OpenPoint(in_language(text, translations), drafted.title) for text in asks if text]


def missing_in_mandate(facts: DraftFacts) -> list[OpenPoint]:
    """Return what the mandate lacks, in one line."""
    missing = missing_fields(facts.mandate)
    fields = words.listed(words.MANDATE, missing, facts.translations)
    return [OpenPoint(facts.translations(FIELDS, fields=fields))] if missing else []


def asked_of_controllers(facts: DraftFacts) -> list[OpenPoint]:
    """Return what the records of cameras lack."""
    asked = common_ground(facts.present.assessment).questions
    return [OpenPoint(finding_words.question_text(field, facts.translations), cameras=count) for field, count in asked]


def open_list(points: Sequence[OpenPoint], translations: Translations) -> list[Block]:
    """Return the one list of what nobody knows yet."""
    if not points:
        return [Paragraph(translations(marked("No question is open.")))]
    office, many = translations(marked("the office")), marked("controllers ({count})")
    rows = tuple(
        (
            str(number),
            each.text,
            each.chapter or "–",
            translations(many, count=each.cameras) if each.cameras else office,
        )
        for number, each in enumerate(points, 1)
    )
    headings = (
        translations(marked("No.")),
        translations(marked("Question")),
        translations(marked("Chapter of this paper")),
        translations(marked("Who can answer")),
    )
    caption = translations(marked("Open questions"))
    return [Grid(headings, rows, (0.5, 4.6, 2, 1.2), caption, frozenset({0}), "open")]


# Take out of tables and lists what is to be filled in, and say what it was.
def without_gaps(blocks: Iterable[Block], facts: DraftFacts) -> tuple[list[Block], list[str]]:
    """Return blocks without anything to be filled in, and what was taken out, each once.

    A column or row of a table goes where it has nothing else; a single cell says that it is open. A table of which the first
    column alone is left becomes a list.
    """
    kept: list[Block] = []
    gaps: list[str] = []
    gap = facts.translations(TO_FILL)
    for block in blocks:
        if isinstance(block, Grid):
            blocks_, missing = _without_gaps(block, facts)
            kept += blocks_
            gaps += missing
        elif isinstance(block, Cover):
            filled = tuple(row for row in block.facts if row[1] != gap)
            kept.append(replace(block, issuer="" if block.issuer == gap else block.issuer, facts=filled))
        elif isinstance(block, Bullets):
            kept.append(replace(block, items=tuple(item for item in block.items if gap not in item)))
        elif not (isinstance(block, Paragraph) and gap in block.text):
            kept.append(block)
    return kept, list(dict.fromkeys(gaps))


def _without_gaps(grid: Grid, facts: DraftFacts) -> tuple[list[Block], list[str]]:
    translations, gap = facts.translations, facts.translations(TO_FILL)
    if not any(gap in row for row in grid.rows):
        return [grid], []
    counts = [sum(row[column] == gap for row in grid.rows) for column in range(len(grid.headings))]
    gone = {column for column, count in enumerate(counts) if count == len(grid.rows) and column and len(grid.headings) > 2}
    left = [column for column in range(len(grid.headings)) if column not in gone]
    lost = [row for row in grid.rows if len(left) > 1 and all(row[column] == gap for column in left[1:])]
    asked = {translations(ASKED_ANYWAY[field]) for field in _asked_fields(facts) if field in ASKED_ANYWAY}
    fields = [
        f"{heading} ({count})" for heading, count in zip(grid.headings, counts, strict=True) if count and heading not in asked
    ]
    if len(grid.headings) == 2:
        fields = [row[0] for row in lost] if grid.headings[1] not in asked else []
    text = marked("{table}: {fields}")
    name = grid.caption or grid.headings[0]
    gaps = [translations(text, table=name, fields=words.series(fields, translations))] if fields else []
    open_cell = translations(OPEN)
    rows = tuple(tuple(open_cell if row[c] == gap else row[c] for c in left) for row in grid.rows if row not in lost)
    if len(left) == 1 and grid.length > TOGETHER:  # names alone of all cameras say nothing
        return [], gaps
    if len(left) == 1:
        return [Paragraph(translations(marked("{name}:"), name=name), "record"), Bullets(tuple(row[0] for row in rows))], gaps
    numeric = frozenset(number for number, column in enumerate(left) if column in grid.numeric)
    headings, widths = tuple(grid.headings[c] for c in left), tuple(grid.widths[c] for c in left)
    shown = replace(grid, headings=headings, rows=rows, widths=widths, numeric=numeric, count=0)
    return [shown] if rows else [], gaps


def _asked_fields(facts: DraftFacts) -> frozenset[str]:
    return frozenset(field for field, _ in common_ground(facts.present.assessment).questions)


RESTS_ON = marked("Rests on: {source}")
NOT_PUBLIC = marked("The public version leaves out the details of each camera.")
FILES = {Paper.IMPACT: "impact-assessment"}
_papers: Remembered[Document] = Remembered()


def papers_of(
    paper: Paper, project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE
) -> Mapping[str, Document]:
    """Return the papers of a kind that the project's packs ask for, by the names of their files.

    An impact assessment is of what stands, and behind the gate of the plan; a file for an authorisation is drafted behind the
    gate alone.
    """
    asked = [each for each in order.dossiers if each.paper is paper]
    if paper is Paper.AUTHORISATION and (not assessment.gate.open or assessment.parts is None):
        return {}
    return {file_name(each): compose_paper(each, project, assessment, translations, order) for each in asked}


def file_name(dossier: Dossier) -> str:
    """Return the name of a paper's file without its ending: every country's impact assessment has the same."""
    return FILES.get(dossier.paper, dossier.name)


def compose_paper(
    dossier: Dossier, project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE
) -> Document:
    """Return one paper as a draft, made once for the formats that carry it."""

    def composed() -> Document:
        facts = facts_of(project, assessment, translations, order)
        marks = facts.translations(NOT_APPROVED), facts.level
        title = in_language(dossier.title, facts.translations)
        chapters = partial(_first_pages, dossier=dossier), partial(_chapters, dossier=dossier)
        return document_of(facts, title, chapters, head=facts.subtitle, marks=marks)

    return _papers(assessment, (dossier, project, translations, order), composed)


def _first_pages(facts: DraftFacts, dossier: Dossier) -> list[Block]:
    """Return the cover without what is to be filled in, and what the paper is about."""
    translations, title = facts.translations, in_language(dossier.title, facts.translations)
    first = cover(facts, translations(NOT_APPROVED), title)
    return [
        *without_gaps((each for each in first if not isinstance(each, Figure)), facts)[0],
        Heading(title, 1),
        Paragraph(in_language(dossier.lead, translations), "lead"),
        Paragraph(basis_text(facts.assessment, translations)),
        *yardstick(facts.assessment, translations),
    ]


def _chapters(facts: DraftFacts, dossier: Dossier) -> list[Block]:
    """Return all chapters; what nobody knows is one numbered list in the chapter that shows the questions."""
    drafted = [DraftedPaper(facts, dossier, chapter) for chapter in dossier.chapters]
    bodies: list[tuple[list[Block], range]] = []
    points: list[OpenPoint] = []
    for each in drafted:
        body, gaps = without_gaps(_body(each), facts)
        first = len(points) + 1
        points += [*unanswered(each), *(OpenPoint(gap, each.title) for gap in gaps)]
        bodies.append((body, range(first, len(points) + 1)))
    points += [*missing_in_mandate(facts), *asked_of_controllers(facts)]
    blocks: list[Block] = []
    for each, (body, numbers) in zip(drafted, bodies, strict=True):
        lists_all = Shown.QUESTIONS in each.chapter.shows
        opens = open_list(points, facts.translations) if lists_all else _refers(numbers, facts.translations)
        blocks += [*_head(each), *opens, *body]
    return blocks


def _head(drafted: DraftedPaper) -> list[Block]:
    """Return the head of a chapter; one that begins with the large map begins on a page of its size."""
    chapter, translations = drafted.chapter, drafted.facts.translations
    picture = large_map(drafted.facts) if chapter.shows[:1] == (Shown.SITE_PLAN,) else None
    blocks: list[Block] = [] if picture is None else [LARGE_MAP]
    blocks.append(Heading(drafted.title, 1))
    if chapter.rests_on:
        source = as_checked(article_text("", chapter.rests_on, translations), chapter.mark, translations)
        blocks.append(Paragraph(translations(RESTS_ON, source=source), "small"))
    if chapter.text is not None:
        blocks.append(Paragraph(in_language(chapter.text, translations)))
    return blocks


def _body(drafted: DraftedPaper) -> list[Block]:
    """Return what a chapter says in words and what it shows."""
    return [*answers_grid(drafted), *(block for shown in drafted.chapter.shows for block in _shown(drafted, shown))]


def _refers(numbers: range, translations: Translations) -> list[Block]:
    if not numbers:
        return []
    text = marked("Open questions on this: no. {numbers} of {table}.")
    shown = translations(text, numbers=numbers_text(numbers), table=reference("open"))
    return [Paragraph(shown, "small")]


def _shown(drafted: DraftedPaper, shown: Shown) -> list[Block]:
    if shown in EACH_CAMERA and drafted.is_public:
        return [Paragraph(drafted.facts.translations(NOT_PUBLIC), "small")]
    return BLOCKS[shown](drafted)
