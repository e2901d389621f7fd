"""Give many cameras new values at once, as one proposal; what sight could not be computed of is refused as a whole."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lhasaplan.core.changes import Proposal, value_changes
from lhasaplan.core.model.camera import CameraClass, Kind
from lhasaplan.core.project.project import Project
from lhasaplan.core.site.camera_placing import refuse_impossible_lenses
from lhasaplan.errors import Fault, InputError, Where


def table_edit(
    project: Project,
    values: Mapping[str, Mapping[str, Any]],
    classes: Mapping[Kind, CameraClass],
    rows: Mapping[str, int] | None = None,
) -> Proposal:
    """Return what new values by camera and field change; cameras and fields that stay as they are make no change.

    Raises InputError with the fault of every camera that could not be computed so, in its row where ``rows`` say it.
    """
    changed = {each.camera_id: replace(each, **values[each.camera_id]) for each in project.cameras if each.camera_id in values}
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
