"""Safeguards with their dates, the impact assessment, the consultation, and the decision with room to sign."""

from lhasaplan.core.audit.disclosure import DATES
from lhasaplan.core.base.wording import marked
from lhasaplan.core.results.finding import GRAVE
from lhasaplan.core.results.withheld import Matter
from lhasaplan.report.city_plan.asked_decisions import motions
from lhasaplan.report.city_plan.plan_facts import OFFICER, TO_FILL, PlanFacts
from lhasaplan.report.drafts.plan_chapters import motion_grid
from lhasaplan.report.facts.basis import ASSESSED, LONGER, withholds
from lhasaplan.report.facts.tables import sorted_findings
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import short_number


def safeguards(facts: PlanFacts) -> list[Block]:
    """Return what protects people day by day, and when each camera is looked at again."""
    wording, mandate = facts.wording, facts.mandate
    days = wording(TO_FILL) if mandate.retention_days is None else short_number(mandate.retention_days, wording)
    rules = (
        wording(marked("Recordings are to be kept {days} days at most, as the mandate states."), days=days),
        *_kept_longer(facts),
        wording(marked("Who looks at recordings is named, every look is logged, and the log is read by the officer.")),
        wording(marked("A sign stands before every way into a view, with controller, purpose, retention and complaint route.")),
        wording(marked("The public register has every camera: {where}."), where=facts.filled(mandate.public_register)),
        wording(marked("Complaints go to: {where}."), where=facts.filled(mandate.complaint_route)),
        wording(marked("A camera that served no purpose for a year is reviewed, and goes if nobody shows the need.")),
    )
    headings = (
        wording(marked("Camera")),
        wording(marked("Days of retention")),
        *(wording(words.FIELDS.get(name, name)) for name in DATES),
    )
    rows = tuple(
        (
            facts.called.title(camera.camera_id),
            facts.of_record(camera.retention_days),
            *(facts.of_record(camera.extra.get(name, "")) for name in DATES),
        )
        for camera in (result.placed.camera for result in facts.standing)
    )
    grid = Grid(headings, rows, (3, 1.1, 1.4, 1.4, 1.4), wording(marked("Retention and dates")), frozenset({1}), "dates")
    return [Heading(wording(marked("Safeguards and review dates")), 1, on_new_page=True), Bullets(rules), grid]


def _kept_longer(facts: PlanFacts) -> list[str]:
    """Return the cameras whose record states more days than the mandate; what it says of all is then not so as yet."""
    if withholds(facts.assessment, Matter.RECORD):
        return [facts.wording(LONGER)]
    most = facts.mandate.retention_days
    cameras = (result.placed.camera for result in facts.standing)
    ids = [one.camera_id for one in cameras if most is not None and one.retention_days is not None and one.retention_days > most]
    text = marked("On record as kept longer, and to be shortened or given reasons for: cameras {cameras}.")
    return [facts.wording(text, cameras=facts.called.counted_up(ids))] if ids else []


def impact_assessment(facts: PlanFacts) -> list[Block]:
    """Return who assessed the impact and when, where that assessment stands, and what has to be ended first."""
    wording, mandate = facts.wording, facts.mandate
    officer = facts.stated(OFFICER)
    text = marked(
        "The impact assessment was made by {officer} and bears the date {date}. It has to cover this plan as it is drafted. A "
        "draft of it in chapters, with the risks to people, is a paper of its own: {file}."
    )
    date = facts.filled(mandate.impact_assessment_date)
    said = wording(text, officer=officer, date=date, file="impact-assessment.docx")
    if withholds(facts.assessment, Matter.PEOPLE):
        said = wording(ASSESSED, date=date, file="impact-assessment.docx")
    return [
        Heading(wording(marked("Impact assessment")), 1),
        Paragraph(said),
        ended_first(facts),
    ]


def ended_first(facts: PlanFacts) -> Block:
    """Return what is due or an error for certain with its cure, or that nothing is."""
    wording = facts.wording
    grave = [one for one in sorted_findings(facts.assessment) if one.severity in GRAVE]
    if not grave:
        return Paragraph(wording(marked("Nothing is due or an error for certain.")))
    rows = tuple(
        (
            words.word(words.FINDING_KINDS, one.kind, wording),
            facts.called.some(one.camera_ids),
            words.word(words.SEVERITIES, str(one.severity), wording),
            words.cure_text(one.cure, wording) or "–",
            words.article_text(one.pack, one.article, wording),
        )
        for one in grave
    )
    headings = (
        wording(marked("Finding")),
        wording(marked("Cameras")),
        wording(marked("Severity")),
        wording(marked("Cure")),
        wording(marked("Rests on")),
    )
    caption = wording(marked("What has to be ended first"))
    return Grid(headings, rows, (2, 1, 0.9, 2.6, 1.7), caption, anchor="to_end")


def consultation(facts: PlanFacts) -> list[Block]:
    """Return a table of who was heard; nobody but the office can fill it in."""
    wording = facts.wording
    heard = (
        marked("Residents and shops near the cameras"),
        marked("Data-protection officer"),
        marked("Supervisory authority"),
        marked("Bodies that answer for the places"),
        marked("Staff who would look at the pictures"),
    )
    headings = (
        wording(marked("Who was heard")),
        wording(marked("When")),
        wording(marked("What was said")),
        wording(marked("What was answered")),
    )
    open_cell = wording(TO_FILL)
    rows = tuple((wording(each), open_cell, open_cell, open_cell) for each in heard)
    grid = Grid(headings, rows, (2.4, 1, 2.2, 2.2), wording(marked("Consultation")), anchor="consultation")
    return [Heading(wording(marked("Consultation")), 1), grid]


def decision(facts: PlanFacts) -> list[Block]:
    """Return what is decided, by whom and until when, and the place to sign."""
    wording = facts.wording
    return [
        Heading(wording(marked("Decision")), 1),
        motion_grid(motions(facts), wording(marked("The decision")), wording),
        Paragraph(wording(marked("Place and date: [to be filled in]     Name and office: [to be filled in]")), "record"),
        Paragraph(wording(marked("[signature]")), "record"),
    ]
