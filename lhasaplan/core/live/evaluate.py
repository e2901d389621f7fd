"""Try a proposal in the town as it is: what it does to parts, protected places, unasked ground and overlap, and what it costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.proposal import Proposal, apply, by_id
from lhasaplan.core.changes.work import Work, cost_of
from lhasaplan.core.live.effect import Effect, effect_on, overlap_m2
from lhasaplan.core.live.live_answers import Live, with_cameras, with_plan_of
from lhasaplan.core.live.refused import refuse
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import planned_project
from lhasaplan.core.project.project import Project


def evaluate(
    live: Live,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> Effect:
    """Return what a proposal does to a project, looked through by the functions of an audit; nothing is changed.

    Raises InputError where it does not fit the project's cameras, GateError where it would plan outside the gate and
    GuardError where it would put a camera on protected ground, each with every reason.

    Parameters
    ----------
    live : the answers for the project; cameras that it knows otherwise, among those that the proposal names, are looked
        through first.
    unit_prices : what once costs of each kind of work; what is absent is not stated.
    is_disclosed : count protected places as outputs do, for whoever may not see those of which outputs tell no figure.
    """
    return tried_out(live, project, proposal, unit_prices, progress, is_disclosed=is_disclosed).effect


@dataclass(frozen=True, eq=False, slots=True)
class Trial:
    """A proposal that was tried: the answers before and after it, and what it does."""

    before: Live
    after: Live
    effect: Effect


def tried_out(
    live: Live,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> Trial:
    """Return what :func:`evaluate` gives together with the answers before and after.

    The proposal is about the cameras with the plan, each under its own id.
    """
    live, project = with_plan_of(live, project), planned_project(project)
    ids = proposal.camera_ids
    after = by_id(apply(proposal, project.cameras))
    before = by_id(project.cameras)
    was, now = ({key: cameras[key] for key in ids if key in cameras} for cameras in (before, after))
    refuse(live, project, proposal, was, now)
    known = brought_to(live, ids, was, part_of(progress, 0.0, 0.3))
    tried = brought_to(known, ids, now, part_of(progress, 0.3, 0.9))
    effect = effect_on(ids, known, tried, is_disclosed=is_disclosed)
    progress(0.9, "findings")
    shared = overlap_m2(known, ids), overlap_m2(tried, ids)
    effect = replace(effect, overlap_m2=shared, cost=cost_of(list(was.values()), list(now.values()), unit_prices))
    return Trial(known, tried, effect)


def brought_to(live: Live, ids: Sequence[str], cameras: Mapping[str, Camera], progress: Progress) -> Live:
    """Return the answers with the named cameras as they are here; what is planned outside the gate is not looked through."""
    looked = {key: camera for key, camera in cameras.items() if _is_looked_at(camera, live)}
    changed = [camera for key, camera in looked.items() if not _is_known(live, key, camera)]
    gone = [key for key in ids if key in live.results and key not in looked]
    return with_cameras(live, changed, gone, progress) if changed or gone else live


def _is_looked_at(camera: Camera, live: Live) -> bool:
    return camera.status is Status.OPERATING or (camera.status is Status.PLANNED and live.requested is not None)


def _is_known(live: Live, camera_id: str, camera: Camera) -> bool:
    result = live.results.get(camera_id)
    return result is not None and (result.placed.camera is camera or result.placed.camera == camera)
