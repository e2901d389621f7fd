"""Import a schedule that an office filled in: prices, years and decisions are kept with the cameras."""

from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.model.said_of_files import DECISIONS
from lhasaplan.core.project.journal import FileImported
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.schedule import with_schedule
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.answered import NO_CAMERA
from lhasaplan.workflow.projects import note

TAKEN = marked("taken from the schedule: {changes}")
NOTHING = marked("the schedule changes nothing: each cell is empty, or stands in the project already")


def take_schedule(services: Services, project: Project, path: Path) -> tuple[Project, InputRecord, tuple[Fault, ...]]:
    """Return the project with what the office stated, the record of the file, and what changed.

    InputError with every fault of the table and every unknown camera; then nothing is taken.
    """
    rows = services.read_schedule(path)
    known = {camera.camera_id for camera in project.cameras}
    faults = [Fault(NO_CAMERA, Where(path.name), {"camera": row.camera_id}) for row in rows if row.camera_id not in known]
    if faults:
        raise InputError(*faults)
    taken = with_schedule(project.cameras, rows)
    record = InputRecord(path.name, services.digest(path), len(taken.changed), services.today(), kind=DECISIONS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    event = FileImported(record.path, DECISIONS, record.sha256, {DECISIONS: len(taken.changed)})
    changed = note(replace(project, cameras=taken.cameras, inputs=inputs), services, event)
    text = "; ".join(f"{name}: {', '.join(fields)}" for name, fields in taken.changed.items())
    told = Fault(TAKEN, Where(path.name), {"changes": text}) if text else Fault(NOTHING, Where(path.name))
    return changed, record, (told,)
