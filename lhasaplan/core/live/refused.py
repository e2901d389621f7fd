"""Refuse proposals that would plan outside the gate or put a camera on protected ground.

A camera that stands on no inventory, or elsewhere than the inventory has it, is planned, whatever its status says.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes.proposal import Proposal, Source
from lhasaplan.core.live.live_answers import Live
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.project import Project
from lhasaplan.core.remedies.new_mounts import protected_buildings
from lhasaplan.core.remedies.part_option_effects import InsideGate, stands_on_protected
from lhasaplan.core.site.camera_placing import place_in
from lhasaplan.errors import Fault, GateError, GuardError

NOT_OPEN = marked(
    "The camera {camera} would be planned, and the gate is not open; what exists may be tried, nothing may be planned."
)
ON_PROTECTED = marked("The camera {camera} would stand on protected ground or hang on such a building; none is put there.")
ADVISED = (Source.CURE, Source.PART_OPTION, Source.SITING)  # what this program proposes, not what a person records
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
