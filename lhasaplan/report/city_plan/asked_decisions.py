"""What a meeting is asked to decide: of a plan its questions and each camera that comes or goes, of an audit its findings."""

from dataclasses import replace

from lhasaplan.core.base.translations import marked
from lhasaplan.core.live.plan_options import OptionKey
from lhasaplan.core.model.camera import Status
from lhasaplan.core.records.minutes import CAMERA, Item
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.report.city_plan.plan_facts import PlanFacts, option_figures
from lhasaplan.report.drafts.camera_pages import council_motions, ways_to_end
from lhasaplan.report.drafts.plan_chapters import Motion
from lhasaplan.report.facts.short_answer import all_grave_views
from lhasaplan.report.facts.summary import coming, planned_removals, today
from lhasaplan.report.facts.tables import in_plan


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
    if all_grave_views(today(facts.assessment)):
        text = marked("Are the views that are too sharp ended first? How: {ways}")
        ways = ways_to_end(today(facts.assessment), translations) or translations(marked("how is not known yet"))
        found.append(Motion(Item.VIEWS, translations(text, ways=ways)))
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
    return tuple(result.placed.camera.camera_id for result in own if result.removable)
