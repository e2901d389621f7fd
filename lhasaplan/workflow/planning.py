"""Say how far the plan of a project has come, take a kept version into it, and move what is done into the inventory."""

from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.model.blank_answers import is_answer
from lhasaplan.core.project.journal import PlanDrafted, StepsTaken
from lhasaplan.core.project.numbering import numbered_after
from lhasaplan.core.project.plan import (
    Drafted,
    at_stage,
    plan_changes,
    proposed_upon,
    with_all_steps,
    with_plan,
    without_steps,
)
from lhasaplan.core.project.plan_step import PlanStep, Stage, leading_to
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.camera_corrections import Author, done, require_steps
from lhasaplan.errors import Fault, InputError
from lhasaplan.ports import Services
from lhasaplan.workflow.decisions import require_day
from lhasaplan.workflow.gate import refuse_closed
from lhasaplan.workflow.plan_differences import NO_VERSION
from lhasaplan.workflow.projects import note
from lhasaplan.workflow.proposals import evaluate, live_answers

DROPPED = "dropped"  # in the place of a stage: the step is taken out of the plan
STAGES = (*map(str, Stage), DROPPED)
NO_STAGE = marked("{stage} is no stage of a step; there are: {known}")
NEEDS_NAME = marked("A step of the plan needs the name of who says how far it has come")


def steps_of(project: Project) -> tuple[PlanStep, ...]:
    """Return the steps of the plan, those that are done among them."""
    return with_all_steps(project).plan


def state_steps(  # noqa: PLR0917 - of which cameras, how far, who says so and when
    services: Services, project: Project, camera_ids: Sequence[str], stage: str, by: str, on: str = ""
) -> Project:
    """Return the project in which steps of the plan are drafted, decided, ordered or done, or are dropped.

    Only *done* changes what stands. InputError for another stage, a camera to which the plan does nothing, no name, and a day
    that is none or is still to come.
    """
    if stage not in STAGES:
        raise InputError(Fault(NO_STAGE, params={"stage": stage, "known": ", ".join(STAGES)}))
    if not is_answer(by):
        raise InputError(Fault(NEEDS_NAME))
    require_day(on, services.today())
    require_steps(project, camera_ids)
    day = on or services.today()
    return note(_at(project, camera_ids, stage, Author(by, day)), services, _event(camera_ids, stage, day), by)


def _at(project: Project, camera_ids: Sequence[str], stage: str, author: Author) -> Project:
    if stage == DROPPED:
        return numbered_after(project, without_steps(with_all_steps(project), camera_ids))
    if stage == Stage.DONE:
        return done(project, camera_ids, author)
    return at_stage(project, camera_ids, Stage(stage), author.source, author.date)


def _event(camera_ids: Sequence[str], stage: str, day: str) -> StepsTaken:
    return StepsTaken(tuple(dict.fromkeys(camera_ids)), "" if stage == DROPPED else stage, day)


def take_version(services: Services, project: Project, name: str, by: str, progress: Progress = no_progress) -> Project:
    """Return the project whose plan leads from what stands to a version that it keeps; what stands is not touched.

    InputError where there is no such version or no name, GateError outside the gate, where nothing is planned, and GuardError
    where what it plans may not be.
    """
    from lhasaplan.core.demand.requested_parts import find_candidates  # noqa: PLC0415 - loads the kernels

    version = next((each for each in project.versions if each.name == name), None)
    if version is None:
        known = ", ".join(each.name for each in project.versions) or "–"
        raise InputError(Fault(NO_VERSION, params={"name": name, "known": known}))
    if not is_answer(by):
        raise InputError(Fault(NEEDS_NAME))
    wished = leading_to(version, with_plan(project))
    live = live_answers(services, project, part_of(progress, 0.0, 0.8))
    refuse_closed(live.city, find_candidates(live.city).confirmed)
    evaluate(services, project, wished, progress=part_of(progress, 0.8, 1.0), live=live)
    planned = proposed_upon(project, wished, Drafted(by, services.today(), version.reason, version.name))
    return note(numbered_after(project, planned), services, PlanDrafted(replace(plan_changes(planned), about=name)), by)
