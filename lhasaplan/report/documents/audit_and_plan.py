"""Audit, plan and minutes as documents of their chapters, and the drafts that a format writes."""

from collections.abc import Mapping
from dataclasses import replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.chapters.annexes import annexes
from lhasaplan.report.chapters.audit_chapters import assumptions, at_a_glance, data_and_limits, in_figures, overview, standing
from lhasaplan.report.chapters.camera_chapter import camera_chapter
from lhasaplan.report.chapters.conformity import conformity_chapter
from lhasaplan.report.chapters.delivery import phases, removals, requirements, responsible_bodies
from lhasaplan.report.chapters.draft_facts import DraftChapter, DraftFacts, document_of, facts_of
from lhasaplan.report.chapters.layout import layout_chapter
from lhasaplan.report.chapters.motions import camera_motions, motion_grid, motions, signature_lines
from lhasaplan.report.chapters.opening import cover, present_state, principles, purposes, state_of, summary, title_of
from lhasaplan.report.chapters.options_chapter import options_chapter
from lhasaplan.report.chapters.safeguards import consultation, decision, impact_assessment, safeguards
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph, Remembered

# The audit: the answer and what to do first; the map; the figures; then the cameras, gravest first, then data and limits.
AUDIT: tuple[DraftChapter, ...] = (
    at_a_glance,
    lambda facts: overview(facts.present, with_parts=False),
    in_figures,
    lambda facts: camera_chapter(facts.present),
    lambda facts: data_and_limits(facts, (*standing(facts), *assumptions(facts))),
)
_audits: Remembered[Document] = Remembered()


def compose_audit(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> Document:
    """Return the audit of the whole project, whatever area is ordered."""

    def composed() -> Document:
        facts = facts_of(project, assessment, translations, replace(order, area=""))
        title = facts.translations(marked("What the cameras can see: audit"))
        return document_of(facts, title, AUDIT, head=assessment.project)

    return _audits(assessment, (project, translations, order), composed)


_plans: Remembered[Document] = Remembered()
PLAN: tuple[DraftChapter, ...] = (
    lambda facts: cover(facts, state_of(facts)),
    conformity_chapter,
    summary,
    present_state,
    purposes,
    principles,
    # In the order of the minutes: which option, what comes, what goes, which views end, who looks at it again.
    options_chapter,
    layout_chapter,
    requirements,
    removals,
    impact_assessment,
    safeguards,
    phases,
    responsible_bodies,
    consultation,
    decision,
    annexes,
)


def drafts_of(
    project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE
) -> Mapping[str, Document]:
    """Return the drafts by the names of their files: the audit and, behind the gate, the plan."""
    drafts = {"audit": compose_audit(project, assessment, translations, order)}
    if assessment.gate.open and assessment.parts is not None:
        drafts["plan"] = compose_plan(project, assessment, translations, order)
    return drafts


def compose_plan(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> Document:
    """Return the plan draft of the whole project or of one area.

    Raises
    ------
    ValueError
        The gate is closed: a plan is composed behind it only.
    """
    if not assessment.gate.open or assessment.parts is None:
        raise ValueError("a plan draft needs an open gate")

    def composed() -> Document:
        facts = facts_of(project, assessment, translations, order)
        return document_of(facts, title_of(facts), PLAN, head=facts.subtitle, marks=(state_of(facts),))

    return _plans(assessment, (project, translations, order), composed)


# The minutes of a meeting before it: who was there, each question with room for its decision, and the place to sign.
TITLE = marked("Minutes of the meeting")
LEAD = marked(
    "minutes.xlsx has the same questions. The answers written there are read back with import; they then stand "
    "in the plan and on the slides."
)


def compose_minutes(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> Document:
    """Return the minutes as a draft to be filled in by hand."""
    facts = facts_of(project, assessment, translations, order)
    marks = (state_of(facts), facts.level)
    chapters = _meeting, _decisions, _cameras_one_by_one, _signatures
    return document_of(facts, facts.translations(TITLE), chapters, head=facts.subtitle, marks=marks)


def _meeting(facts: DraftFacts) -> list[Block]:
    translations = facts.translations
    asked = (
        translations(marked("Day and place")),
        translations(marked("Chair")),
        translations(marked("Present, and for which body")),
        translations(marked("Minutes kept by")),
    )
    return [
        Paragraph(translations(LEAD)),
        Heading(translations(marked("The meeting")), 1),
        Grid((translations(marked("The meeting")), ""), tuple((each, facts.filled("")) for each in asked), (1, 3)),
    ]


def _decisions(facts: DraftFacts) -> list[Block]:
    """Return each question with room for its decision, and what may be chosen."""
    translations, asked = facts.translations, motions(facts)
    blocks: list[Block] = [
        Heading(translations(marked("Decisions")), 1),
        motion_grid(asked, translations(marked("Decisions asked for")), translations),
    ]
    for each in asked:
        if each.choices:
            blocks += [Paragraph(translations(marked("The choices:")), "record"), Bullets(each.choices)]
    return blocks


def _cameras_one_by_one(facts: DraftFacts) -> list[Block]:
    cameras, translations = camera_motions(facts), facts.translations
    if not cameras:
        return []
    return [
        Heading(translations(marked("Cameras, one by one")), 1),
        motion_grid(cameras, translations(marked("Cameras added or removed")), translations, "cameras_decided"),
    ]


def _signatures(facts: DraftFacts) -> list[Block]:
    return [Heading(facts.translations(marked("Signatures")), 1), *signature_lines(facts.translations)]
