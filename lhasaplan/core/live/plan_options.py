"""The options of a plan: no camera, fewer, the existing changed, the planned, the plans that were kept; each tried out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.camera_change import CameraChange, ChangeStatus
from lhasaplan.core.changes.proposal import Proposal, Source, apply, by_id, difference
from lhasaplan.core.changes.work import Work
from lhasaplan.core.live.effect import ChangeEffect, brought_to, evaluate, tried_out
from lhasaplan.core.live.live_answers import Live, with_leaving
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import as_today, plan_changes, with_plan
from lhasaplan.core.project.plan_step import leading_to, on_record
from lhasaplan.core.project.project import Project
from lhasaplan.core.results.assessment import Assessment, CameraResult
from lhasaplan.core.results.finding import GRAVE, Mitigation, rank
from lhasaplan.errors import UserError

# Compare two lists of cameras in the town as it is: the answers about both, what changes between them, and the changes.


@dataclass(frozen=True, eq=False, slots=True)
class PlanComparison:
    """Two plans of one town: the cameras and the answers of each, the changes that lead from one to the other, their effect."""

    cameras: tuple[tuple[Camera, ...], tuple[Camera, ...]]
    answers: tuple[Live, Live]
    changes: Proposal
    effect: ChangeEffect


def compare(  # noqa: PLR0917 - the town, the two plans, and how it is told
    live: Live,
    project: Project,
    one: Sequence[Camera],
    other: Sequence[Camera],
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> PlanComparison:
    """Return the comparison of two plans; nothing of the project is changed.

    Raises GateError where the other plans outside the gate what the one does not, GuardError where it puts a camera on
    protected ground.

    Parameters
    ----------
    live : the answers for the project; cameras that it knows otherwise than the first plan are looked through.
    is_disclosed : count protected places as outputs do (:func:`lhasaplan.core.live.effect.evaluate`).
    """
    first = by_id(one)
    start = brought_to(
        with_leaving(live, frozenset()), list({**dict.fromkeys(live.results), **first}), first, part_of(progress, 0.0, 0.5)
    )
    changes = difference(one, other)
    asked = replace(project, cameras=tuple(one), plan=())
    trial = tried_out(start, asked, changes, unit_prices, part_of(progress, 0.5, 1.0), is_disclosed=is_disclosed)
    return PlanComparison((tuple(one), tuple(other)), (trial.before, trial.after), changes, trial.effect)


MOST_TRIED = 60  # cameras that are tried without, one after the other; those with the most ground that nobody asks for come first
MOST_KEPT = 4  # versions that stand among the options, the last ones: a table of a page has no room for more


class OptionKey(StrEnum):
    """The options, from none to all."""

    NONE = "none"
    FEWER = "fewer"
    CHANGED = "changed"
    PROPOSED = "proposed"
    KEPT_PLAN = "kept_plan"  # a version that the project keeps, such as a proposal that was saved


SINGLE = tuple(key for key in OptionKey if key is not OptionKey.KEPT_PLAN)


@dataclass(frozen=True, slots=True)
class PlanOption:
    """One option as changes of the cameras that operate today, and what they do; ``cameras`` operate or are planned then.

    ``name`` is that of a plan that was kept, empty of all other options.
    """

    key: OptionKey
    proposal: Proposal
    effect: ChangeEffect
    cameras: int
    name: str = ""


def plan_options(
    live: Live,
    project: Project,
    assessment: Assessment,
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> tuple[PlanOption, ...]:
    """Return the options of a project whose gate is open; one that changes nothing, or that may not be, is left out.

    Parameters
    ----------
    live : the answers for what stands today alone (:func:`lhasaplan.core.project.plan.as_today`).
    assessment : of the whole project, whose mitigations and parts say what may be changed.
    is_disclosed : count protected places as outputs do.
    """
    today = as_today(project)
    trial = _Trial(live, today, unit_prices, is_disclosed)
    proposals = {
        OptionKey.NONE: _removals([camera.camera_id for camera in today.cameras if camera.status is Status.OPERATING]),
        OptionKey.CHANGED: _changed(assessment),
        OptionKey.PROPOSED: on_record(plan_changes(project), project.cameras),
    }
    proposals[OptionKey.FEWER] = _fewer(trial, assessment, part_of(progress, 0.0, 0.7))
    found = []
    wanted: list[tuple[OptionKey, Proposal, str]] = [(key, proposals[key], "") for key in SINGLE]
    wanted += [(OptionKey.KEPT_PLAN, *each) for each in _kept_plans(project, today)]
    for number, (key, proposal, name) in enumerate(wanted):
        progress(0.7 + 0.3 * number / len(wanted), "options")
        effect = trial.permitted(proposal) if proposal.changes else None
        if effect is not None:
            standing = sum(camera.status is not Status.REMOVED for camera in apply(proposal, today.cameras))
            found.append(PlanOption(key, proposal, effect, standing, name))
    return tuple(found)


def _kept_plans(project: Project, today: Project) -> Iterator[tuple[Proposal, str]]:
    """Give the last versions that a project keeps, but the plan as it is, as changes of what operates today, with their names."""
    plan = by_id(with_plan(project))
    for version in [each for each in project.versions if by_id(each.cameras) != plan][-MOST_KEPT:]:
        yield leading_to(version, today.cameras), version.name


@dataclass(frozen=True, slots=True)
class _Trial:
    live: Live
    project: Project
    unit_prices: Mapping[Work, float] | None
    is_disclosed: bool

    def __call__(self, proposal: Proposal) -> ChangeEffect:
        return evaluate(self.live, self.project, proposal, self.unit_prices, is_disclosed=self.is_disclosed)

    def permitted(self, proposal: Proposal) -> ChangeEffect | None:
        """Return the effect, or nothing where gate or guard refuse the proposal; the check names what they refuse."""
        try:
            return self(proposal)
        except UserError:
            return None


def _removals(camera_ids: Sequence[str]) -> Proposal:
    return Proposal(tuple(ChangeStatus(each, Status.REMOVED) for each in camera_ids), source=Source.PLAN_VERSION)


def _fewer(trial: _Trial, assessment: Assessment, progress: Progress) -> Proposal:
    """Return the removal of cameras that no part misses together: one goes after the other, as long as nothing falls."""
    known = {camera.camera_id for camera in trial.project.cameras if camera.status is Status.OPERATING}
    one_by_one = [c for c in assessment.cameras if c.removable and c.placed.camera.camera_id in known]
    ordered = sorted(one_by_one, key=lambda c: (-c.unasked_m2, c.placed.camera.camera_id))[:MOST_TRIED]
    gone: list[str] = []
    for number, result in enumerate(ordered):
        progress(number / len(ordered), "options")
        tried = [*gone, result.placed.camera.camera_id]
        effect = trial.permitted(_removals(tried))
        if effect is not None and all(
            after >= before for part in effect.parts for before, after in (part.share_served, part.share_seen)
        ):
            gone = tried
    return _removals(gone)


def _changed(assessment: Assessment) -> Proposal:
    """Return what ends the gravest view of each camera without taking it away, and what would serve parts by existing cameras."""
    changes: dict[str, tuple[CameraChange, ...]] = {}
    for result in assessment.cameras:
        found = next(_kept_mitigations(result), ())
        if found and result.placed.camera.status is Status.OPERATING:
            changes[result.placed.camera.camera_id] = found
    operating = {c.placed.camera.camera_id for c in assessment.cameras if c.placed.camera.status is Status.OPERATING}
    for part in assessment.parts or ():
        for option in part.service[:1]:
            if option.camera_id in operating:
                changes.setdefault(option.camera_id, option.proposal.changes)
    return Proposal(tuple(change for some in changes.values() for change in some), source=Source.PLAN_VERSION)


def _kept_mitigations(result: CameraResult) -> Iterator[tuple[CameraChange, ...]]:
    """Give the changes that end a camera's gravest views, those that were tried out and leave the camera standing."""
    grave = sorted((one for one in result.sightings if one.grade in GRAVE), key=lambda one: -rank(one.grade))
    for sighting in grave:
        for mitigation in _mitigations(sighting.mitigation):
            if mitigation.changes and not any(isinstance(change, ChangeStatus) for change in mitigation.changes):
                yield mitigation.changes


def _mitigations(mitigation: Mitigation | None) -> tuple[Mitigation, ...]:
    return () if mitigation is None else (mitigation, *(each for each in mitigation.alternatives or () if each.is_verified))
