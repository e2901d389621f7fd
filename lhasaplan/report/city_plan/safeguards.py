"""What a meeting is asked to decide, and the chapters on safeguards, impact assessment, consultation and the signed decision."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.audit.disclosure import DATES
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.model.camera import Status
from lhasaplan.core.records.minutes import CAMERA, Item
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Matter
from lhasaplan.report.city_plan.plan_facts import OFFICER, TO_FILL, PlanFacts, option_figures
from lhasaplan.report.drafts.camera_pages import council_motions, ways_to_end
from lhasaplan.report.drafts.chapters import Motion, motion_grid
from lhasaplan.report.facts.basis import ASSESSED, LONGER, withholds
from lhasaplan.report.facts.short_answer import all_grave_views
from lhasaplan.report.facts.summary import coming, planned_removals, removable_ids, today
from lhasaplan.report.facts.tables import grave_findings, in_plan
from lhasaplan.report.text import words
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import short_number

# What a meeting is asked to decide: of a plan its questions and each camera that comes or goes, of an audit its findings.


def motions(facts: PlanFacts) -> tuple[Motion, ...]:
    """Return the questions that are put to the vote with what was decided on each, then what was decided before."""
    return (*asked_now(facts), *decided_before(facts))


def asked_now(facts: PlanFacts) -> tuple[Motion, ...]:
    """Return the questions that are put to the vote; no camera is always among the options."""
    return tuple(replace(each, resolution=facts.decided.on(each.item)) for each in _asked(facts))


def decided_before(facts: PlanFacts) -> tuple[Motion, ...]:
    """Return what was decided and is not asked any more, with the question as it was put then."""
    now = {each.item for each in _asked(facts)}
    earlier = [each for each in facts.decided.resolutions.values() if each.question and each.item not in now]
    return tuple(Motion(each.item, each.question, resolution=each) for each in earlier)


def _asked(facts: PlanFacts) -> tuple[Motion, ...]:
    if facts.assessment.parts is None:
        return council_motions(today(facts.assessment), facts.translations)
    return _plan_motions(facts)


def _plan_motions(facts: PlanFacts) -> tuple[Motion, ...]:
    translations = facts.translations
    names = tuple(row.title(translations) for row in option_figures(facts))
    found = [Motion(Item.OPTION, translations(marked("Which option is chosen? “No camera” is one of them.")), names)]
    if coming(facts.assessment):
        text = marked("Are the planned cameras approved, one by one, each with its end or review date?")
        found.append(Motion(Item.PLANNED, translations(text)))
    if planned_removals(facts.assessment) or facts.option(OptionKey.FEWER) is not None:
        text = marked("No part needs these cameras: {cameras}. Are they taken down, and by when?")
        if planned_removals(facts.assessment):
            text = marked("The plan removes these cameras: {cameras}. Are they taken down, and by when?")
        found.append(Motion(Item.REMOVALS, translations(text, cameras=facts.called.counted_up(going(facts)))))
    if grave := all_grave_views(today(facts.assessment)):
        text = marked("These cameras have views that are too sharp: {cameras}. Are these views ended first? How: {ways}")
        ways = ways_to_end(today(facts.assessment), translations) or translations(marked("how is not known yet"))
        cameras = facts.called.counted_up(dict.fromkeys(view.camera_id for view in grave))
        found.append(Motion(Item.VIEWS, translations(text, cameras=cameras, ways=ways)))
    found.append(Motion(Item.REVIEW, translations(marked("Who reports to the council, and when is the plan reviewed?"))))
    return tuple(found)


def camera_motions(facts: PlanFacts) -> tuple[Motion, ...]:
    """Return a question for each camera that comes or goes: they are decided one by one."""
    return tuple(_about(facts, each) for each in worked_on(facts))


def worked_on(facts: PlanFacts) -> list[CameraResult]:
    """Return the cameras that something is done about: those that come, those that go, and those that are changed."""
    gone = set(going(facts))
    own = [result for result in facts.either if facts.is_own(result.area_names) and not result.replaces]
    return [each for each in own if in_plan(each) or each.placed.camera.camera_id in gone]


def _about(facts: PlanFacts, result: CameraResult) -> Motion:
    camera, text = result.placed.camera, marked("Is camera {camera} taken down?")
    if camera.status is Status.PLANNED:
        text = marked("Is camera {camera} put up?")
    elif result.as_planned:
        text = marked("Is camera {camera} changed as planned?")
    asked = facts.translations(text, camera=facts.called.title(camera.camera_id))
    item = f"{CAMERA}{camera.camera_id}"
    return Motion(item, asked, resolution=facts.decided.on(item))


def going(facts: PlanFacts) -> tuple[str, ...]:
    """Return the cameras that go: those that the plan takes down, or where it takes none down those that no part misses.

    These are those that can go together, or where that was not tried those that can go alone.
    """
    if facts.assessment.parts is None:
        return ()
    planned = [result for result in planned_removals(facts.assessment) if facts.is_own(result.area_names)]
    if planned:
        return tuple(result.placed.camera.camera_id for result in planned)
    fewer = facts.option(OptionKey.FEWER)
    own = [result for result in facts.operating if facts.is_own(result.area_names)]
    if fewer is not None:
        mine = {result.placed.camera.camera_id for result in own}
        return tuple(each for each in fewer.proposal.camera_ids if each in mine)
    return removable_ids(own)


# Safeguards with their dates, the impact assessment, the consultation, and the decision with room to sign.


def safeguards(facts: PlanFacts) -> list[Block]:
    """Return what protects people day by day, and when each camera is looked at again."""
    translations, mandate = facts.translations, facts.mandate
    rules = (
        _kept(facts),
        *_kept_longer(facts),
        translations(
            marked("Those who may view recordings are named. Every viewing is logged. The data-protection officer reads the log.")
        ),
        translations(
            marked("A sign stands at every way into a view. It names controller, purpose, retention and complaint route.")
        ),
        translations(marked("The public register lists every camera: {where}."), where=facts.filled(mandate.public_register)),
        translations(marked("Complaints go to: {where}."), where=facts.filled(mandate.complaint_route)),
        translations(
            marked(
                "A camera that served no purpose for a year is reviewed. It is removed unless somebody shows that it is needed."
            )
        ),
    )
    headings = (
        translations(marked("Camera")),
        translations(marked("Days of retention")),
        *(translations(words.FIELDS.get(name, name)) for name in DATES),
    )
    rows = tuple(
        (
            facts.called.title(camera.camera_id),
            facts.of_record(camera.retention_days),
            *(facts.of_record(camera.extra.get(name, "")) for name in DATES),
        )
        for camera in (result.placed.camera for result in facts.standing)
    )
    grid = Grid(headings, rows, (3, 1.1, 1.4, 1.4, 1.4), translations(marked("Retention and dates")), frozenset({1}), "dates")
    return [Heading(translations(marked("Safeguards and review dates")), 1), Bullets(rules), grid]


def _kept(facts: PlanFacts) -> str:
    """Return how long recordings may be kept, or that the mandate does not say it."""
    days = facts.mandate.retention_days
    if days is None:
        return facts.translations(
            marked("The retention period is not stated yet: the mandate does not say how long recordings are kept.")
        )
    text = marked("Recordings are kept {days} days at most, as the mandate states.")
    return facts.translations(text, days=short_number(days, facts.translations))


def _kept_longer(facts: PlanFacts) -> list[str]:
    """Return the cameras whose record states more days than the mandate; what it says of all is then not so as yet."""
    if withholds(facts.assessment, Matter.RECORD):
        return [facts.translations(LONGER)]
    most = facts.mandate.retention_days
    cameras = (result.placed.camera for result in facts.standing)
    ids = [one.camera_id for one in cameras if most is not None and one.retention_days is not None and one.retention_days > most]
    text = marked("These cameras keep recordings longer. The period has to be shortened or justified: {cameras}.")
    return [facts.translations(text, cameras=facts.called.counted_up(ids))] if ids else []


def impact_assessment(facts: PlanFacts) -> list[Block]:
    """Return who assessed the impact and when, where that assessment stands, and what has to be ended first."""
    translations, mandate = facts.translations, facts.mandate
    officer = facts.stated(OFFICER)
    text = marked(
        "{officer} made the impact assessment, dated {date}. It has to cover this plan as drafted. A draft in "
        "chapters, with the risks to people, is a separate paper: {file}."
    )
    date = facts.filled(mandate.impact_assessment_date)
    said = translations(text, officer=officer, date=date, file="impact-assessment.docx")
    if withholds(facts.assessment, Matter.PEOPLE):
        said = translations(ASSESSED, date=date, file="impact-assessment.docx")
    return [
        Heading(translations(marked("Impact assessment")), 1),
        Paragraph(said),
        ended_first(facts),
    ]


def ended_first(facts: PlanFacts) -> Block:
    """Return what is due or severe for certain with its mitigation, or that nothing is."""
    translations = facts.translations
    grave = grave_findings(facts.assessment)
    if not grave:
        return Paragraph(translations(marked("No finding is certainly due or severe.")))
    rows = tuple(
        (
            words.word(words.FINDING_KINDS, one.kind, translations),
            facts.called.some(one.camera_ids),
            words.word(words.SEVERITIES, str(one.severity), translations),
            words.mitigation_text(one.mitigation, translations) or "–",
            words.article_text(one.pack, one.article, translations),
        )
        for one in grave
    )
    headings = (
        translations(marked("Finding")),
        translations(marked("Cameras")),
        translations(marked("Severity")),
        translations(marked("Remedy")),
        translations(marked("Rests on")),
    )
    caption = translations(marked("What has to end first"))
    return Grid(headings, rows, (2, 1, 0.9, 2.6, 1.7), caption, anchor="to_end")


def consultation(facts: PlanFacts) -> list[Block]:
    """Return a table of who was heard, for the office to fill in."""
    translations = facts.translations
    heard = (
        marked("Residents and shops near the cameras"),
        marked("Data-protection officer"),
        marked("Supervisory authority"),
        marked("Bodies that answer for the places"),
        marked("Staff who would watch the pictures"),
    )
    title = translations(marked("Consultation"))
    grid = hearing(translations(marked("Who was consulted")), list(map(translations, heard)), title, translations)
    return [Heading(title, 1), replace(grid, anchor="consultation")]


def hearing(asked: str, who: Sequence[str], caption: str, translations: Translations) -> Grid:
    """Return a table of what each of these said and was answered, for them or the office to fill in."""
    said = (translations(marked("When")), translations(marked("What was said")), translations(marked("What was answered")))
    rows = tuple((each, *(translations(TO_FILL),) * 3) for each in who)
    return Grid((asked, *said), rows, (2.5, 1, 2.2, 2.2), caption)


def signature_lines(translations: Translations) -> list[Block]:
    """Return the place to sign."""
    return [
        Paragraph(translations(marked("Place and date: ________________     Name and office: ________________")), "signature"),
        Paragraph(translations(marked("[signature]")), "signature"),
    ]


def decision(facts: PlanFacts) -> list[Block]:
    """Return what is decided, by whom and until when, and the place to sign."""
    translations = facts.translations
    return [
        Heading(translations(marked("Decision")), 1),
        motion_grid(motions(facts), translations(marked("The decision")), translations),
        *signature_lines(translations),
    ]
