"""Try a proposal in the town as it is: what it does to parts, protected places, unasked ground and overlap, and what it costs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import Proposal, Source, apply, by_id
from lhasaplan.core.changes.work import Work, cost_of
from lhasaplan.core.live.effect import ChangeEffect, effect_on, overlap_m2
from lhasaplan.core.live.live_answers import Live, with_cameras, with_plan_of
from lhasaplan.core.mitigation.new_mounts import protected_buildings
from lhasaplan.core.mitigation.part_option_changes import InsideGate, stands_on_protected
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.plan import planned_project
from lhasaplan.core.project.project import Project
from lhasaplan.core.site.camera_placing import place_in
from lhasaplan.errors import Fault, GateError, GuardError

# Refuse proposals that would plan outside the gate or put a camera on protected ground.
#
# A camera that stands on no inventory, or elsewhere than the inventory has it, is planned, whatever its status says.

NOT_OPEN = marked(
    "The camera {camera} would be planned, but the gate is not open. Existing cameras can be tried; nothing can be planned."
)
ON_PROTECTED = marked("The camera {camera} cannot be placed there: the ground or the building is protected.")
ADVISED = (Source.MITIGATION, Source.PART_OPTION, Source.SITING)  # what this program proposes, not what a person records
Cameras = Mapping[str, Camera]


def refuse(live: Live, project: Project, proposal: Proposal, before: Cameras, after: Cameras) -> None:
    """Raise GateError or GuardError with every reason where a proposal may not be; trying existing cameras is free.

    Parameters
    ----------
    before, after : the cameras that the proposal names, as they are and as it leaves them.
    """
    put = [camera for camera in after.values() if _is_put(camera, before.get(camera.camera_id))]
    new = {camera.camera_id for camera in put if _is_new(camera, before.get(camera.camera_id))}
    judged = {key: replace(camera, status=Status.PLANNED) if key in new else camera for key, camera in after.items()}
    planned = [camera for key, camera in judged.items() if camera.status is Status.PLANNED and before.get(key) != camera]
    is_put = {camera.camera_id for camera in put}
    _ask_gate(live, project, planned, [camera for camera in planned if camera.camera_id in is_put], judged)
    refused = list(on_protected(live, [c for c in put if _is_planned(judged[c.camera_id]) or proposal.source in ADVISED]))
    if refused:
        raise GuardError(*refused)


def _is_put(camera: Camera, before: Camera | None) -> bool:
    """Tell whether a camera comes to stand where none stood before, or hangs otherwise."""
    if camera.status is Status.REMOVED:
        return False
    return before is None or before.status is Status.REMOVED or _where(camera) != _where(before)


def _is_new(camera: Camera, before: Camera | None) -> bool:
    """Tell whether a camera would stand where the inventory has none, whatever its status says."""
    return before is None or before.status is Status.REMOVED or (camera.x_m, camera.y_m) != (before.x_m, before.y_m)


def _is_planned(camera: Camera) -> bool:
    return camera.status is Status.PLANNED


def _where(camera: Camera) -> tuple[object, ...]:
    return camera.x_m, camera.y_m, camera.mount, camera.mount_height_m, camera.lens_z_m


def _ask_gate(live: Live, project: Project, planned: Sequence[Camera], put: Sequence[Camera], after: Cameras) -> None:
    """Refuse planned cameras outside the gate, and those for which it lacks more than it does without them."""
    if not planned:
        return
    gate = InsideGate(replace(live.city, project=project), live.requested.parts if live.requested is not None else ())
    if live.requested is None:
        faults = [Fault(NOT_OPEN, params={"camera": camera.camera_id}) for camera in planned]
        raise GateError(*faults, *(Fault(template, params=params) for template, params in gate.lacking))
    if put:
        others = [camera for camera in project.cameras if camera.camera_id not in after]
        lacking = gate.lacking_more((*others, *after.values()))
        if lacking:
            raise GateError(*(Fault(template, params=params) for template, params in lacking))


def on_protected(live: Live, cameras: Sequence[Camera]) -> Iterator[Fault]:
    """Give a fault for each camera that stands on protected ground or hangs on such a building."""
    if not cameras:
        return
    city, protected = live.city, protected_buildings(live.city)
    for placed in place_in(city.town, cameras, city.reference_data.classes):
        if stands_on_protected(placed, city, protected):
            yield Fault(ON_PROTECTED, params={"camera": placed.camera.camera_id})


def evaluate(
    live: Live,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> ChangeEffect:
    """Return what a proposal does to a project, evaluated by the functions of an audit; nothing is changed.

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
class ProposalTrial:
    """A proposal that was tried: the answers before and after it, and what it does."""

    before: Live
    after: Live
    effect: ChangeEffect


def tried_out(
    live: Live,
    project: Project,
    proposal: Proposal,
    unit_prices: Mapping[Work, float] | None = None,
    progress: Progress = no_progress,
    *,
    is_disclosed: bool = False,
) -> ProposalTrial:
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
    return ProposalTrial(known, tried, effect)


def brought_to(live: Live, ids: Sequence[str], cameras: Mapping[str, Camera], progress: Progress) -> Live:
    """Return the answers with the named cameras as they are here; what is planned outside the gate is not evaluated."""
    looked = {key: camera for key, camera in cameras.items() if _is_looked_at(camera, live)}
    changed = [camera for key, camera in looked.items() if not _is_known(live, key, camera)]
    gone = [key for key in ids if key in live.results and key not in looked]
    return with_cameras(live, changed, gone, progress) if changed or gone else live


def _is_looked_at(camera: Camera, live: Live) -> bool:
    return camera.status is Status.OPERATING or (camera.status is Status.PLANNED and live.requested is not None)


def _is_known(live: Live, camera_id: str, camera: Camera) -> bool:
    result = live.results.get(camera_id)
    return result is not None and (result.placed.camera is camera or result.placed.camera == camera)
