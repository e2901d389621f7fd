"""What a meeting is asked to decide: the questions, what was decided on each, and the table with room to write."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.findings.sentences import MITIGATIONS
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.model.camera import Status
from lhasaplan.core.project.decisions import Resolution
from lhasaplan.core.records.minutes import CAMERA, Item
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.report.chapters.draft_facts import DraftFacts
from lhasaplan.report.chapters.option_figures import option_figures
from lhasaplan.report.facts.short_answer import all_grave_views
from lhasaplan.report.facts.summary import coming, of_status, planned_removals, removable_ids
from lhasaplan.report.facts.tables import in_plan
from lhasaplan.report.text.document import Block, Grid, Paragraph
from lhasaplan.report.text.style import long_date

DECISIONS: Mapping[str, str] = {
    "approved": marked("approved"),
    "changed": marked("approved with changes"),
    "refused": marked("refused"),
    "open": marked("still open"),
}


@dataclass(frozen=True, slots=True)
class Motion:
    """A question: its item in the minutes, its words, what may be chosen where it is a choice, and what was decided on it."""

    item: str
    text: str
    choices: tuple[str, ...] = ()
    resolution: Resolution | None = None


def decided_text(resolution: Resolution | None, translations: Translations) -> str:
    """Return what was decided, with its outcome in words; empty where nothing was."""
    if resolution is None or not resolution.decision:
        return ""
    word = translations(DECISIONS.get(resolution.decision, resolution.decision))
    if not resolution.outcome:
        return word
    return translations(marked("{decision}: {outcome}"), decision=word, outcome=resolution.outcome)


def by_whom_text(resolution: Resolution | None, translations: Translations) -> str:
    """Return who decided, when, and until when it is to be done; empty where nothing was decided."""
    if resolution is None or not resolution.decision:
        return ""
    decided, due = resolution.decided_on, resolution.due_on
    parts = (
        resolution.decided_by,
        translations(marked("decided on {date}"), date=long_date(decided, translations.language)) if decided else "",
        translations(marked("until {date}"), date=long_date(due, translations.language)) if due else "",
    )
    return translations(marked(", ")).join(part for part in parts if part)


def motion_rows(motions: Sequence[Motion], translations: Translations) -> tuple[tuple[str, ...], ...]:
    """Return each question with its decision, by whom and until when; what was not decided is left to be written."""
    return tuple(
        (each.text, decided_text(each.resolution, translations), by_whom_text(each.resolution, translations)) for each in motions
    )


def motion_headings(translations: Translations) -> tuple[str, str, str]:
    """Return the headings of a table of decisions."""
    return translations(marked("Question")), translations(marked("Decision")), translations(marked("By whom, until when"))


def motion_grid(motions: Sequence[Motion], caption: str, translations: Translations, anchor: str = "decision") -> Grid:
    """Return the questions as a table with room to write."""
    return Grid(motion_headings(translations), motion_rows(motions, translations), (4, 2, 2), caption, anchor=anchor)


# What a meeting is asked to decide: of a plan its questions and each camera that comes or goes, of an audit its findings.


def motions(facts: DraftFacts) -> tuple[Motion, ...]:
    """Return the questions that are put to the vote with what was decided on each, then what was decided before."""
    return (*asked_now(facts), *decided_before(facts))


def asked_now(facts: DraftFacts) -> tuple[Motion, ...]:
    """Return the questions that are put to the vote; no camera is always among the options."""
    return tuple(replace(each, resolution=facts.decided.on(each.item)) for each in _asked(facts))


def decided_before(facts: DraftFacts) -> tuple[Motion, ...]:
    """Return what was decided and is not asked any more, with the question as it was put then."""
    now = {each.item for each in _asked(facts)}
    earlier = [each for each in facts.decided.resolutions.values() if each.question and each.item not in now]
    return tuple(Motion(each.item, each.question, resolution=each) for each in earlier)


def _asked(facts: DraftFacts) -> tuple[Motion, ...]:
    if facts.assessment.parts is None:
        return council_motions(facts.present.assessment, facts.translations)
    return _plan_motions(facts)


def _plan_motions(facts: DraftFacts) -> tuple[Motion, ...]:
    translations = facts.translations
    names = tuple(row.title(translations) for row in option_figures(facts))
    found = [Motion(Item.OPTION, translations(marked("Which option is chosen? “No camera” is one of them.")), names)]
    if coming(facts.assessment):
        text = marked("Are the planned cameras approved, one by one, each with its end or review date?")
        found.append(Motion(Item.PLANNED, translations(text)))
    if planned_removals(facts.assessment) or facts.option(OptionKey.FEWER) is not None:
        found.append(Motion(Item.REMOVALS, _removal_question(facts)))
    if grave := all_grave_views(facts.present.assessment):
        ids = dict.fromkeys(view.camera_id for view in grave)
        text = marked("These cameras have views that are too sharp: {cameras}. Are these ended first? Remedies: {ways}.")
        if len(ids) == 1:
            text = marked("Camera {cameras} has views that are too sharp. Are these ended first? Remedies: {ways}.")
        ways = ways_to_end(facts.present.assessment, translations) or translations(marked("how is not known yet"))
        found.append(Motion(Item.VIEWS, translations(text, cameras=facts.called.counted_up(ids), ways=ways)))
    found.append(Motion(Item.REVIEW, translations(marked("Who reports to the council, and when is the plan reviewed?"))))
    return tuple(found)


def _removal_question(facts: DraftFacts) -> str:
    """Return whether the cameras that go are taken down; a single one is spoken of as one."""
    ids = going(facts)
    text = marked("No part needs these cameras: {cameras}. Are they taken down, and by when?")
    one = marked("No part needs camera {cameras}. Is it taken down, and by when?")
    if planned_removals(facts.assessment):
        text = marked("The plan removes these cameras: {cameras}. Are they taken down, and by when?")
        one = marked("The plan removes camera {cameras}. Is it taken down, and by when?")
    return facts.translations(one if len(ids) == 1 else text, cameras=facts.called.counted_up(ids))


def camera_motions(facts: DraftFacts) -> tuple[Motion, ...]:
    """Return a question for each camera that comes or goes: they are decided one by one."""
    return tuple(_about(facts, each) for each in worked_on(facts))


def worked_on(facts: DraftFacts) -> list[CameraResult]:
    """Return the cameras that something is done about: those that come, those that go, and those that are changed."""
    gone = set(going(facts))
    own = [result for result in facts.either if facts.is_own(result.area_names) and not result.replaces]
    return [each for each in own if in_plan(each) or each.placed.camera.camera_id in gone]


def _about(facts: DraftFacts, result: CameraResult) -> Motion:
    camera, text = result.placed.camera, marked("Is camera {camera} taken down?")
    if camera.status is Status.PLANNED:
        text = marked("Is camera {camera} put up?")
    elif result.as_planned:
        text = marked("Is camera {camera} changed as planned?")
    asked = facts.translations(text, camera=facts.called.title(camera.camera_id))
    item = f"{CAMERA}{camera.camera_id}"
    return Motion(item, asked, resolution=facts.decided.on(item))


def going(facts: DraftFacts) -> tuple[str, ...]:
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


# What a council can decide.


def ways_to_end(assessment: Assessment, translations: Translations) -> str:
    """Return what ends the views that must end, each with the number of views; empty where none is known."""
    mitigations = Counter(view.mitigation.action for view in all_grave_views(assessment) if view.mitigation is not None)
    return translations(marked(", ")).join(
        f"{translations(MITIGATIONS[action].name)} ({count})" for action, count in sorted(mitigations.items())
    )


def council_motions(assessment: Assessment, translations: Translations) -> tuple[Motion, ...]:
    """Return what a council can decide, each with its number of cameras; no camera at all is one of the options."""
    operating = of_status(assessment, Status.OPERATING)
    ways = ways_to_end(assessment, translations)
    names = {result.placed.camera.camera_id for result in operating}
    without = len({name for each in assessment.findings if each.kind == "no_purpose" for name in each.camera_ids} & names)
    asked = sum(bool(result.questions) for result in operating)
    found: list[Motion] = []
    if ways:
        found.append(Motion(Item.VIEWS, translations(marked("End the views that are too sharp: {ways}."), ways=ways)))
    if asked:
        text = marked("Ask the controllers for what is not recorded. Letters with the facts are ready. Cameras: {count}.")
        found.append(Motion(Item.ANSWERS, translations(text, count=asked)))
    if without:
        text = marked("Ask for a purpose and an end date, or have the camera removed. Cameras without a purpose: {count}.")
        found.append(Motion(Item.PURPOSES, translations(text, count=without)))
    removable = len(removable_ids(operating))
    if removable:
        text = marked("Take down cameras that no part needs, each considered alone: {count}.")
        found.append(Motion(Item.REMOVALS, translations(text, count=removable)))
    milder = sum(bool(result.necessity.milder_camera) for result in operating)
    if milder:
        text = marked(
            "Review cameras that another one can replace ({count}): it serves the same parts and can see less of protected "
            "places."
        )
        found.append(Motion(Item.MILDER, translations(text, count=milder)))
    register = marked("Keep a public register with purpose, sector and end date of each camera.")
    found.append(Motion(Item.REGISTER, translations(register)))
    if operating:
        found.append(Motion(Item.NO_CAMERA, translations(marked("Take down all cameras: “No camera” is one of the options."))))
    return tuple(found)


def signature_lines(translations: Translations) -> list[Block]:
    """Return the place to sign."""
    return [
        Paragraph(translations(marked("Place and date: ________________     Name and office: ________________")), "signature"),
        Paragraph(translations(marked("[signature]")), "signature"),
    ]
