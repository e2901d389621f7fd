"""The chapters on safeguards, impact assessment, consultation and the signed decision."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.audit.disclosure import DATES
from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.results.finding import Matter
from lhasaplan.report.chapters.draft_facts import OFFICER, TO_FILL, DraftFacts
from lhasaplan.report.chapters.motions import motion_grid, motions, signature_lines
from lhasaplan.report.facts.basis import ASSESSED, LONGER, withholds
from lhasaplan.report.facts.summary import grave_findings
from lhasaplan.report.text import finding_words, words
from lhasaplan.report.text.document import Block, Bullets, Grid, Heading, Paragraph
from lhasaplan.report.text.numerals import short_number
from lhasaplan.report.text.style import long_date

# Safeguards with their dates, the impact assessment, the consultation, and the decision with room to sign.


def safeguards(facts: DraftFacts) -> list[Block]:
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


def _kept(facts: DraftFacts) -> str:
    """Return how long recordings may be kept, or that the mandate does not say it."""
    days = facts.mandate.retention_days
    if days is None:
        return facts.translations(
            marked("The retention period is not stated yet: the mandate does not say how long recordings are kept.")
        )
    text = marked("Recordings are kept {days} days at most, as the mandate states.")
    return facts.translations(text, days=short_number(days, facts.translations))


def _kept_longer(facts: DraftFacts) -> list[str]:
    """Return the cameras whose record states more days than the mandate; what it says of all is then not so as yet."""
    if withholds(facts.assessment, Matter.RECORD):
        return [facts.translations(LONGER)]
    most = facts.mandate.retention_days
    cameras = (result.placed.camera for result in facts.standing)
    ids = [one.camera_id for one in cameras if most is not None and one.retention_days is not None and one.retention_days > most]
    text = marked("These cameras keep recordings longer. The period has to be shortened or justified: {cameras}.")
    return [facts.translations(text, cameras=facts.called.counted_up(ids))] if ids else []


def impact_assessment(facts: DraftFacts) -> list[Block]:
    """Return who assessed the impact and when, where that assessment stands, and what has to be ended first."""
    translations, mandate = facts.translations, facts.mandate
    officer = facts.stated(OFFICER)
    text = marked(
        "{officer} made the impact assessment, dated {date}. It has to cover this plan as drafted. A draft in "
        "chapters, with the risks to people, is a separate paper: {file}."
    )
    date = facts.filled(long_date(mandate.impact_assessment_date, translations.language))
    said = translations(text, officer=officer, date=date, file="impact-assessment.docx")
    if withholds(facts.assessment, Matter.PEOPLE):
        said = translations(ASSESSED, date=date, file="impact-assessment.docx")
    return [
        Heading(translations(marked("Impact assessment")), 1),
        Paragraph(said),
        ended_first(facts),
    ]


def ended_first(facts: DraftFacts) -> Block:
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
            finding_words.mitigation_text(one.mitigation, translations) or "–",
            finding_words.article_text(one.pack, one.article, translations),
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


def consultation(facts: DraftFacts) -> list[Block]:
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


def decision(facts: DraftFacts) -> list[Block]:
    """Return what is decided, by whom and until when, and the place to sign."""
    translations = facts.translations
    return [
        Heading(translations(marked("Decision")), 1),
        motion_grid(motions(facts), translations(marked("The decision")), translations),
        *signature_lines(translations),
    ]
