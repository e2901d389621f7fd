"""The minutes of a meeting before it: who was there, each question with room for its decision, and the place to sign."""

from lhasaplan.core.base.wording import Wording, marked
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment
from lhasaplan.ports import WHOLE, DraftOrder
from lhasaplan.report.city_plan.asked_decisions import camera_motions, motions
from lhasaplan.report.city_plan.compose import LEVELS
from lhasaplan.report.city_plan.opening import state_of
from lhasaplan.report.city_plan.plan_facts import facts_of
from lhasaplan.report.drafts.compose import finished
from lhasaplan.report.drafts.motions import motion_grid
from lhasaplan.report.facts.basis import worded
from lhasaplan.report.text.document import Block, Bullets, Document, Grid, Heading, Paragraph
from lhasaplan.report.text.words import banners

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
