"""Import what an office decided: a schedule with prices and years, or the minutes of a meeting; kept with cameras and project."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.model.said_of_files import DECISIONS
from lhasaplan.core.project.journal import FileImported
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import with_minutes
from lhasaplan.core.records.schedule import with_schedule
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.answered import NO_CAMERA
from lhasaplan.workflow.projects import note

TAKEN = marked("taken from the schedule: {changes}")
NOTHING = marked("the schedule changes nothing: each cell is empty, or stands in the project already")
MINUTED = marked("taken from the minutes: {changes}")
NOT_MINUTED = marked("the minutes change nothing: each cell is empty, or stands in the project already")

Taken = tuple[Project, InputRecord, tuple[Fault, ...]]


def take_decisions(services: Services, project: Project, path: Path) -> Taken:
    """Return the project with what the office stated or a meeting decided, the record of the file, and what changed.

    InputError with every fault of the table and every unknown camera; then nothing is taken.
    """
    if services.is_minutes(path):
        rows = services.read_minutes(path)
        _refuse_unknown(project, [row.camera_id for row in rows if row.camera_id], path.name)
        minuted = with_minutes(project, rows)
        return _kept(services, minuted.project, path, minuted.changed, (MINUTED, NOT_MINUTED))
    stated = services.read_schedule(path)
    _refuse_unknown(project, [row.camera_id for row in stated], path.name)
    taken = with_schedule(project.cameras, stated)
    return _kept(services, replace(project, cameras=taken.cameras), path, taken.changed, (TAKEN, NOTHING))


def _refuse_unknown(project: Project, camera_ids: Sequence[str], file: str) -> None:
    known = {camera.camera_id for camera in project.cameras}
    faults = [Fault(NO_CAMERA, Where(file), {"camera": each}) for each in camera_ids if each not in known]
    if faults:
        raise InputError(*faults)


def _kept(services: Services, project: Project, path: Path, found: Mapping[str, tuple[str, ...]], told: tuple[str, str]) -> Taken:
    """Return the project with the record of the file and its entry in the journal, and what changed in words."""
    record = InputRecord(path.name, services.digest(path), len(found), services.today(), kind=DECISIONS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    event = FileImported(record.path, DECISIONS, record.sha256, {DECISIONS: len(found)})
    changed = note(replace(project, inputs=inputs), services, event)
    text = "; ".join(f"{name}: {', '.join(fields)}" for name, fields in found.items())
    remark = Fault(told[0], Where(path.name), {"changes": text}) if text else Fault(told[1], Where(path.name))
    return changed, record, (remark,)
