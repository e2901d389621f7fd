"""Compose the plan draft from its chapters, and name the drafts that a format writes."""

from collections.abc import Mapping

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.annexes import annexes
from lhasaplan.report.city_plan.asked_decisions import camera_motions, motions
from lhasaplan.report.city_plan.conformity_chapter import conformity_chapter
from lhasaplan.report.city_plan.delivery import phases, removals, requirements, responsible_bodies
from lhasaplan.report.city_plan.layout import layout_chapter
from lhasaplan.report.city_plan.opening import cover, mandate_chapter, state_of, summary, title_of
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


def drafts_of(project: Project, assessment: Assessment, wording: Wording, order: DraftOrder = WHOLE) -> Mapping[str, Document]:
    """Return the drafts by the names of their files: the audit and, behind the gate, the plan."""
    drafts = {"audit": compose_audit(project, assessment, wording, order)}
    if assessment.gate.open and assessment.parts is not None:
        drafts["plan"] = compose_plan(project, assessment, wording, order)
    return drafts


def compose_plan(project: Project, assessment: Assessment, wording: Wording, order: DraftOrder = WHOLE) -> Document:
    """Return the plan draft of the whole project or of one area.

    Raises
    ------
    ValueError
        The gate is closed: a plan is composed behind it only.
    """
    if not assessment.gate.open or assessment.parts is None:
        raise ValueError("a plan draft needs an open gate")
    wording = worded(wording, assessment)
    return _plans(assessment, (project, wording, order), lambda: _plan(project, assessment, wording, order))


def _plan(project: Project, assessment: Assessment, wording: Wording, order: DraftOrder) -> Document:
    facts = facts_of(project, assessment, wording, order)
    state = state_of(facts)
    blocks: list[Block] = [
        *cover(facts, state, wording(LEVELS[order.level])),
        *conformity_chapter(facts),
        *summary(facts),
        *mandate_chapter(facts),
        *present_state(facts),
        *purposes(facts),
        *principles(facts),
        *options_chapter(facts),
        *layout_chapter(facts),
        *requirements(facts),
        *responsible_bodies(facts),
        *phases(facts),
        *removals(facts),
        *safeguards(facts),
        *impact_assessment(facts),
        *consultation(facts),
        *decision(facts),
        *annexes(facts),
    ]
    marks = (state, *banners(assessment, wording))
    return finished(title_of(facts), facts.subtitle, assessment, blocks, wording, marks, order)


# The minutes of a meeting before it: who was there, each question with room for its decision, and the place to sign.

TITLE = marked("Minutes of the meeting")
LEAD = marked(
    "The same questions stand in minutes.xlsx: what is written there is taken back into the project by import, and stands then "
    "in the plan and on the slides."
)


def compose_minutes(project: Project, assessment: Assessment, wording: Wording, order: DraftOrder = WHOLE) -> Document:
    """Return the minutes as a draft to be filled in by hand."""
    wording = worded(wording, assessment)
    facts = facts_of(project, assessment, wording, order)
    cameras = camera_motions(facts)
    asked = motions(facts)
    meeting = (
        wording(marked("Day and place")),
        wording(marked("Who chairs")),
        wording(marked("Who is there, for which body")),
        wording(marked("Who keeps the minutes")),
    )
    blocks: list[Block] = [
        Paragraph(wording(LEAD)),
        Heading(wording(marked("The meeting")), 1),
        Grid((wording(marked("The meeting")), ""), tuple((each, facts.filled("")) for each in meeting), (1, 3)),
        Heading(wording(marked("Decisions")), 1),
        motion_grid(asked, wording(marked("Decisions asked for")), wording),
    ]
    for each in asked:
        if each.choices:
            blocks += [Paragraph(wording(marked("What may be chosen:")), "record"), Bullets(each.choices)]
    if cameras:
        blocks.append(Heading(wording(marked("Cameras, one by one")), 1))
        blocks.append(motion_grid(cameras, wording(marked("Cameras that come or go")), wording, "cameras_decided"))
    blocks += [
        Heading(wording(marked("Signatures")), 1),
        Paragraph(wording(marked("Place and date: [to be filled in]     Name and office: [to be filled in]")), "record"),
        Paragraph(wording(marked("[signature]")), "record"),
    ]
    marks = (state_of(facts), wording(LEVELS[order.level]), *banners(assessment, wording))
    return finished(wording(TITLE), facts.subtitle, assessment, blocks, wording, marks, order)
