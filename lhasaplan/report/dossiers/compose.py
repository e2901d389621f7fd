"""Compose a paper from its chapters: what each rests on, what it shows of the project, and what only the office can answer."""

from collections.abc import Mapping

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.core.rules.forms import EACH_CAMERA, Chapter, Dossier, Paper, Shown
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.compose import LEVELS
from lhasaplan.report.city_plan.opening import cover
from lhasaplan.report.city_plan.plan_facts import PlanFacts, facts_of
from lhasaplan.report.dossiers.open_points import (
    OpenPoint,
    answers_grid,
    asked_of_controllers,
    missing_in_mandate,
    open_list,
    unanswered,
    without_gaps,
)
from lhasaplan.report.dossiers.shown_blocks import BLOCKS, LARGE_MAP, DraftedPaper, large_map
from lhasaplan.report.drafts.chapters import finished
from lhasaplan.report.facts.basis import basis_text, worded
from lhasaplan.report.facts.common_findings import numbers_text
from lhasaplan.report.facts.short_answer import yardstick
from lhasaplan.report.text.columns import Remembered
from lhasaplan.report.text.document import Block, Document, Figure, Heading, Paragraph, reference
from lhasaplan.report.text.words import NOT_APPROVED, article_text, as_checked, banners, in_language

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
    translations = worded(translations, assessment)
    values = (dossier, project, translations, order)
    return _papers(assessment, values, lambda: _paper(dossier, project, assessment, translations, order))


def _paper(dossier: Dossier, project: Project, assessment: Assessment, translations: Translations, order: DraftOrder) -> Document:
    facts = facts_of(project, assessment, translations, order)
    title, state = in_language(dossier.title, translations), translations(NOT_APPROVED)
    first = [each for each in cover(facts, state, translations(LEVELS[order.level]), title) if not isinstance(each, Figure)]
    blocks: list[Block] = [
        *without_gaps(first, facts)[0],
        Heading(title, 1),
        Paragraph(in_language(dossier.lead, translations), "lead"),
        Paragraph(basis_text(facts.assessment, translations)),
        *yardstick(facts.assessment, translations),
        *_chapters(facts, dossier),
    ]
    marks = (state, translations(LEVELS[order.level]), *banners(assessment, translations))
    return finished(title, facts.subtitle, assessment, blocks, translations, marks, order)


def _chapters(facts: PlanFacts, dossier: Dossier) -> list[Block]:
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
        blocks.append(Paragraph(translations(RESTS_ON, source=_source(chapter, translations)), "small"))
    if chapter.text is not None:
        blocks.append(Paragraph(in_language(chapter.text, translations)))
    return blocks


def _body(drafted: DraftedPaper) -> list[Block]:
    """Return what a chapter says in words and what it shows."""
    return [*answers_grid(drafted), *(block for shown in drafted.chapter.shows for block in _shown(drafted, shown))]


def _refers(numbers: range, translations: Translations) -> list[Block]:
    if not numbers:
        return []
    text = marked("Still open: no. {numbers} of {table}.")
    shown = translations(text, numbers=numbers_text(numbers), table=reference("open"))
    return [Paragraph(shown, "small")]


def _source(chapter: Chapter, translations: Translations) -> str:
    return as_checked(article_text("", chapter.rests_on, translations), chapter.mark, translations)


def _shown(drafted: DraftedPaper, shown: Shown) -> list[Block]:
    if shown in EACH_CAMERA and drafted.is_public:
        return [Paragraph(drafted.facts.translations(NOT_PUBLIC), "small")]
    return BLOCKS[shown](drafted)
