"""Try changes of cameras, compare two plans, say how far one has come, and move what is done into the inventory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.plain_values import to_plain
from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.spelling import is_answer, printable_values
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.camera_change import value_changes
from lhasaplan.core.changes.proposal import Proposal, to_json
from lhasaplan.core.changes.work import Work
from lhasaplan.core.districts.conformity import Conformity
from lhasaplan.core.districts.conformity import conformity as conformity_rows
from lhasaplan.core.live.effect import ChangeEffect
from lhasaplan.core.live.effect import evaluate as evaluated
from lhasaplan.core.live.live_answers import Live, live_project
from lhasaplan.core.live.plan_options import PlanComparison, PlanOption
from lhasaplan.core.live.plan_options import compare as compare_live
from lhasaplan.core.live.plan_options import plan_options as options_of
from lhasaplan.core.model.camera import Camera, CameraClass, Kind, Status
from lhasaplan.core.model.camera_fields import FieldValues
from lhasaplan.core.model.layer import feature_digests
from lhasaplan.core.project.journal import PlanDrafted, StepsTaken
from lhasaplan.core.project.numbering import numbered_after
from lhasaplan.core.project.plan import (
    Drafted,
    as_today,
    at_stage,
    plan_changes,
    planned_project,
    proposed_upon,
    with_all_steps,
    with_plan,
    without_steps,
)
from lhasaplan.core.project.plan_step import PlanStep, Stage, leading_to
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import Author, done, require_steps
from lhasaplan.core.results.assessment import Assessment, CameraResult, PlanSheet
from lhasaplan.core.site.camera_placing import refuse_impossible_lenses
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.answers import open_town, reference_data, require_city, require_exact
from lhasaplan.workflow.decisions import require_day
from lhasaplan.workflow.new_states import refuse_closed
from lhasaplan.workflow.projects import note

# Try changes of cameras in a project: what they would do to parts, protected places and unasked ground.


# Give many cameras new values at once, as one proposal; what sight could not be computed of is refused as a whole.
def table_edit(
    project: Project,
    values: Mapping[str, FieldValues],
    classes: Mapping[Kind, CameraClass],
    rows: Mapping[str, int] | None = None,
) -> Proposal:
    """Return what new values by camera and field change; cameras and fields that stay as they are make no change.

    Raises InputError with the fault of every camera that could not be computed so, in its row where ``rows`` say it.
    """
    changed = {
        each.camera_id: replace_kept(each, **values[each.camera_id]) for each in project.cameras if each.camera_id in values
    }
    faults = []
    for camera in changed.values():
        try:
            refuse_impossible_lenses((camera,), classes)
        except InputError as error:
            row = (rows or {}).get(camera.camera_id)
            faults += [Fault(f.template, Where(None, row, f.where.column, camera.camera_id), f.params) for f in error.faults]
    if faults:
        raise InputError(*faults)
    before = {each.camera_id: each for each in project.cameras}
    return Proposal(tuple(change for key, after in changed.items() for change in value_changes(before[key], after)))


def live_answers(services: Services, project: Project, progress: Progress = no_progress) -> Live:
    """Return the answers of a project, ready to try one proposal after the other."""
    require_city(project)
    return live_project(project, reference_data(services, project), progress)


def evaluate(
    services: Services,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
    live: Live | None = None,
) -> ChangeEffect:
    """Return what a proposal would do to a project; nothing is changed.

    Without ``private`` protected places are counted as outputs count them. InputError where the proposal does not fit the
    cameras, GateError where it would plan outside the gate, GuardError where it would put a camera on protected ground.
    InputError names file and key of a price that is none, too. ``unit_prices`` are stated or a file of them is named; else those
    of ``data/prices.toml`` count, as far as they are filled in. ``live`` are the answers of this project where they were made
    before, by :func:`live_answers`.
    """
    prices = unit_prices if isinstance(unit_prices, Mapping) else services.content.load_unit_prices(unit_prices)
    if live is None:
        live, progress = live_answers(services, project, part_of(progress, 0.0, 0.8)), part_of(progress, 0.8, 1.0)
    return evaluated(live, project, proposal, prices, progress, is_disclosed=not private)


def plan_options(
    services: Services,
    project: Project,
    assessment: Assessment,
    unit_prices: Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
) -> tuple[PlanOption, ...]:
    """Return the options of a plan, each tried out; none where the gate is closed, for nothing is planned there.

    Without ``private`` protected places are counted as outputs count them. None where a rule pack of the project is missing.
    """
    if not assessment.gate.open or assessment.parts is None:
        return ()
    prices, today = services.content.load_unit_prices(unit_prices), as_today(project)
    try:
        data = reference_data(services, project)
    except InputError:
        return ()  # a rule pack of the project is not here: answers that were kept can be drafted, but nothing can be tried out
    live = live_project(today, data, part_of(progress, 0.0, 0.5))
    return options_of(live, project, assessment, prices, part_of(progress, 0.5, 1.0), is_disclosed=not private)


# Compare two plans, say how far one has come, and move what is done into the inventory.

# In the town of the first: words, a map and JSON are made of one comparison.
SCHEMA = "lhasaplan-comparison/1"
NO_VERSION = marked("There is no version {name}; there are: {known}")
OTHER_SYSTEM = marked("the two projects have different coordinate systems: {one} and {other}")


@dataclass(frozen=True, eq=False, slots=True)
class ComparedPlans:
    """Two plans: what they are called, what lies between them, parts that one alone asks for, and whether their towns differ."""

    town: Project
    names: tuple[str, str]
    comparison: PlanComparison
    asked_alone: tuple[tuple[str, ...], tuple[str, ...]]
    is_same_town: bool


def compare(  # noqa: PLR0917 - the two plans, and how they are compared
    services: Services,
    one: Project,
    other: Project,
    version: str = "",
    unit_prices: Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
) -> ComparedPlans:
    """Return how the plan of another project, or its version of this name, differs from that of one.

    Beside a district's project a city's counts with the cameras alone that the district has. Without ``private`` protected
    places are counted as outputs count them. InputError where a pack asks for coarse positions, GateError and GuardError where
    the other plan may not be.
    """
    require_exact(services, one, private)
    _refuse_other_system(one, other)
    names = one.name, version or other.name
    theirs = cameras_of(other, version)
    one, other = planned_project(one), planned_project(other) if one is not other else planned_project(one)
    first, second = _of_one_district(one, other, theirs)
    # A version keeps cameras that are gone as removed, a plan has them no more.
    known = {each.camera_id for each in first}
    second = tuple(each for each in second if each.status is not Status.REMOVED or each.camera_id in known)
    town = replace(one, cameras=first)
    live = live_answers(services, town, part_of(progress, 0.0, 0.6))
    prices, reported = services.content.load_unit_prices(unit_prices), part_of(progress, 0.6, 1.0)
    found = compare_live(live, town, first, second, prices, reported, is_disclosed=not private)
    mine, parts = ({each.part_id for each in project.confirmations} for project in (one, other))
    alone = tuple(sorted(mine - parts)), tuple(sorted(parts - mine))
    return ComparedPlans(town, names, found, alone, one.layers is other.layers or _is_same_town(one, other))


def cameras_of(project: Project, version: str) -> tuple[Camera, ...]:
    """Return the cameras of a version of a project, by its name, or of the project as it is; InputError names those there are."""
    if not version:
        return with_plan(project)
    known = {each.name: each.cameras for each in project.versions}
    if version not in known:
        raise InputError(Fault(NO_VERSION, params={"name": version, "known": ", ".join(known) or "–"}))
    return known[version]


def as_version(project: Project, version: str) -> Project:
    """Return a project with the cameras of a version of its plan, or as it is; InputError names the versions there are."""
    return replace(project, cameras=cameras_of(project, version), plan=()) if version else project


def _of_one_district(one: Project, other: Project, cameras: tuple[Camera, ...]) -> tuple[tuple[Camera, ...], tuple[Camera, ...]]:
    """Return the cameras of both, those of a city beside a district's without what was never handed to it."""
    first, second = one.cameras, cameras
    if one.district is not None and other.district is None:
        return first, _handed(second, one)
    if other.district is not None and one.district is None:
        return _handed(first, other), second
    return first, second


def cameras_beside(one: Project, other: Project) -> tuple[Camera, ...]:
    """Return the cameras of another project that can be laid beside those of one, with what a district was never handed.

    InputError for another coordinate system.
    """
    _refuse_other_system(one, other)
    one, other = planned_project(one), planned_project(other)
    if other.district is not None and one.district is None:
        handed = {camera.camera_id for camera in other.district.cameras}
        kept = {camera.camera_id: camera for camera in other.cameras}
        whole = [
            kept.get(camera.camera_id, camera)
            for camera in one.cameras
            if camera.camera_id in kept or camera.camera_id not in handed
        ]
        known = {camera.camera_id for camera in one.cameras}
        return (*whole, *(camera for camera in other.cameras if camera.camera_id not in known))
    return _of_one_district(one, other, other.cameras)[1]


def _refuse_other_system(one: Project, other: Project) -> None:
    if one.crs != other.crs:
        raise InputError(Fault(OTHER_SYSTEM, params={"one": one.crs, "other": other.crs}))


def _handed(cameras: tuple[Camera, ...], project: Project) -> tuple[Camera, ...]:
    assert project.district is not None
    known = {camera.camera_id for camera in (*project.district.cameras, *project.cameras)}
    return tuple(camera for camera in cameras if camera.camera_id in known)


def _is_same_town(one: Project, other: Project) -> bool:
    """Tell whether neither has a feature that the other lacks; a district's is the same as far as it goes."""
    mine, theirs = (set(feature_digests(project.layers).values()) for project in (one, other))
    if one.district is not None or other.district is not None:
        return mine <= theirs or theirs <= mine
    return mine == theirs


def comparison_json(found: ComparedPlans) -> dict[str, object]:
    """Return a comparison as an object of JSON (docs/json.md)."""
    return {
        "schema": SCHEMA,
        "one": found.names[0],
        "other": found.names[1],
        "synthetic": found.town.synthetic,
        "data": to_plain(found.comparison.answers[0].city.reference_data.data),
        "same_town": found.is_same_town,
        "asked_in_one_alone": list(found.asked_alone[0]),
        "asked_in_other_alone": list(found.asked_alone[1]),
        "changes": to_json(found.comparison.changes),
        "effect": to_plain(found.comparison.effect),
    }


def plan_sheet(found: ComparedPlans, *, private: bool = False) -> PlanSheet:
    """Return what a map of the two plans shows; without ``private`` as outputs tell it."""

    def reported(side: int) -> tuple[CameraResult, ...]:
        live = found.comparison.answers[side]
        known = [camera.camera_id for camera in found.comparison.cameras[side] if camera.camera_id in live.results]
        return tuple(live.results[each] if private else live.disclosed_result(each) for each in known)

    town, (one, other) = found.town, found.names
    differing = frozenset(found.comparison.changes.camera_ids)
    return PlanSheet(town.layers, town.crs, ((one, reported(0)), (other, reported(1))), differing, town.inputs, town.synthetic)


def conformity_of(
    services: Services,
    project: Project,
    unit_prices: Path | None = None,
    progress: Progress = no_progress,
    *,
    private: bool = False,
) -> Conformity | None:
    """Return how a district's plan stands to the city's; None for a project that is no district's.

    Without ``private`` protected places are counted as outputs count them. GateError and GuardError where the plan may not be.
    """
    district = project.district
    if district is None:
        return None
    live, _ = open_town(services, project, part_of(progress, 0.0, 0.6))
    prices = services.content.load_unit_prices(unit_prices)
    reported = part_of(progress, 0.6, 1.0)
    handed = with_plan(replace(project, cameras=district.cameras, plan=district.plan))
    compared = compare_live(live, project, handed, with_plan(project), prices, reported, is_disclosed=not private)
    rows = conformity_rows(compared, project, district, services.content.load_district_rules(), prices, is_disclosed=not private)
    return printable_values(rows)


# How far a plan has come, a kept version taken into it, and what is done moved into the inventory.
DROPPED = "dropped"  # in the place of a stage: the step is taken out of the plan
STAGES = (*map(str, Stage), DROPPED)
NO_STAGE = marked("{stage} is not a stage of a step; the stages are: {known}")
NEEDS_NAME = marked("A step of the plan needs the name of the person who reports its progress")


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
    event = StepsTaken(tuple(dict.fromkeys(camera_ids)), "" if stage == DROPPED else stage, day)
    return note(_at(project, camera_ids, stage, Author(by, day)), services, event, by)


def _at(project: Project, camera_ids: Sequence[str], stage: str, author: Author) -> Project:
    if stage == DROPPED:
        return numbered_after(project, without_steps(with_all_steps(project), camera_ids))
    if stage == Stage.DONE:
        return done(project, camera_ids, author)
    return at_stage(project, camera_ids, Stage(stage), author.source, author.date)


def take_version(services: Services, project: Project, name: str, by: str, progress: Progress = no_progress) -> Project:
    """Return the project whose plan leads from what stands to a version that it keeps; what stands is not touched.

    InputError where there is no such version or no name, GateError outside the gate, where nothing is planned, and GuardError
    where what it plans may not be.
    """
    from lhasaplan.core.demand.guard import find_candidates  # noqa: PLC0415 - loads the kernels

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
