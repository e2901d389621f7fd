"""Compose the plan draft from its chapters, and name the drafts that a format writes."""

from collections.abc import Mapping

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.annexes import annexes
from lhasaplan.report.city_plan.asked_decisions import camera_motions, motions
from lhasaplan.report.city_plan.conformity_chapter import conformity_chapter
from lhasaplan.report.city_plan.delivery import phases, removals, requirements, responsible_bodies
from lhasaplan.report.city_plan.layout import layout_chapter
from lhasaplan.report.city_plan.opening import cover, state_of, summary, title_of
from lhasaplan.report.city_plan.options_chapter import options_chapter
from lhasaplan.report.city_plan.plan_facts import facts_of
from lhasaplan.report.city_plan.present import present_state, principles, purposes
from lhasaplan.report.city_plan.safeguards import consultation, decision, impact_assessment, safeguards
from lhasaplan.report.drafts.chapters import compose_audit, finished
from lhasaplan.report.drafts.plan_chapters import motion_grid
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.text.columns import Remembered
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph
from lhasaplan.report.text.words import banners

LEVELS = {
    "internal": marked("For use inside the office"),
    "authority": marked("For the supervisory authority"),
    "council": marked("For the council"),
    "public": marked("For the public"),
}
_plans: Remembered[Document] = Remembered()


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
    translations = worded(translations, assessment)
    return _plans(assessment, (project, translations, order), lambda: _plan(project, assessment, translations, order))


def _plan(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder) -> Document:
    facts = facts_of(project, assessment, translations, order)
    state = state_of(facts)
    blocks: list[Block] = [
        *cover(facts, state, translations(LEVELS[order.level])),
        *conformity_chapter(facts),
        *summary(facts),
        *present_state(facts),
        *purposes(facts),
        *principles(facts),
        # In the order of the minutes: which option, what comes, what goes, which views end, who looks at it again.
        *options_chapter(facts),
        *layout_chapter(facts),
        *requirements(facts),
        *removals(facts),
        *impact_assessment(facts),
        *safeguards(facts),
        *phases(facts),
        *responsible_bodies(facts),
        *consultation(facts),
        *decision(facts),
        *annexes(facts),
    ]
    marks = (state, *banners(assessment, translations))
    return finished(title_of(facts), facts.subtitle, assessment, blocks, translations, marks, order)


# The minutes of a meeting before it: who was there, each question with room for its decision, and the place to sign.

TITLE = marked("Minutes of the meeting")
LEAD = marked(
    "minutes.xlsx has the same questions. The answers written there are read back with import; they then stand "
    "in the plan and on the slides."
)


def compose_minutes(project: Project, assessment: Assessment, translations: Translations, order: DraftOrder = WHOLE) -> Document:
    """Return the minutes as a draft to be filled in by hand."""
    translations = worded(translations, assessment)
    facts = facts_of(project, assessment, translations, order)
    cameras = camera_motions(facts)
    asked = motions(facts)
    meeting = (
        translations(marked("Day and place")),
        translations(marked("Chair")),
        translations(marked("Present, and for which body")),
        translations(marked("Minutes kept by")),
    )
    blocks: list[Block] = [
        Paragraph(translations(LEAD)),
        Heading(translations(marked("The meeting")), 1),
        Grid((translations(marked("The meeting")), ""), tuple((each, facts.filled("")) for each in meeting), (1, 3)),
        Heading(translations(marked("Decisions")), 1),
        motion_grid(asked, translations(marked("Decisions asked for")), translations),
    ]
    for each in asked:
        if each.choices:
            blocks += [Paragraph(translations(marked("The choices:")), "record"), Bullets(each.choices)]
    if cameras:
        blocks.append(Heading(translations(marked("Cameras, one by one")), 1))
        blocks.append(motion_grid(cameras, translations(marked("Cameras added or removed")), translations, "cameras_decided"))
    blocks += [
        Heading(translations(marked("Signatures")), 1),
        Paragraph(translations(marked("Place and date: ________________     Name and office: ________________")), "signature"),
        Paragraph(translations(marked("[signature]")), "signature"),
    ]
    marks = (state_of(facts), translations(LEVELS[order.level]), *banners(assessment, translations))
    return finished(translations(TITLE), facts.subtitle, assessment, blocks, translations, marks, order)
