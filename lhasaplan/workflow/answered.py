"""Import a questionnaire that a controller filled in: its answers complete the records of cameras."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.model.said_of_files import ANSWERS
from lhasaplan.core.project.journal import FileImported
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.camera_corrections import Author, written
from lhasaplan.core.records.questionnaire import ControllerAnswer, Taken, take_answers
from lhasaplan.core.site.camera_placing import refuse_impossible_lenses
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.projects import note

CHANGED = marked("taken from the answers: {changes}")
NOTHING = marked("the answers change nothing: each cell is empty, unknown, or was not asked for")
NOT_ASKED = marked("not asked for, so left as recorded: {cells}")
NO_CAMERA = marked("the project has no camera {camera}; import its cameras first")


def take_questionnaire(services: Services, project: Project, path: Path) -> tuple[Project, InputRecord, tuple[Fault, ...]]:
    """Return the project with the answers in the cells that its records lack, the record of the file, and what changed.

    InputError with every fault of the table, unknown cameras and impossible lenses among them; then nothing is taken.
    """
    answers, remarks = services.read_answers(path)
    answers = _known(project, answers, path.name)
    taken = take_answers(project.cameras, answers, Author(path.name, services.today()))
    refuse_impossible_lenses(taken.cameras, services.load_camera_classes())
    record = InputRecord(path.name, services.digest(path), len(taken.changed), services.today(), kind=ANSWERS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    changed = note(replace(project, cameras=taken.cameras, inputs=inputs), services, _event(record, taken))
    return changed, record, (*remarks, *_remarks(taken, path.name))


def _event(record: InputRecord, taken: Taken) -> FileImported:
    return FileImported(record.path, ANSWERS, record.sha256, {ANSWERS: len(taken.changed)})


def _known(project: Project, answers: Sequence[ControllerAnswer], file: str) -> tuple[ControllerAnswer, ...]:
    """Return the answers under the ids of the project's cameras; a table for spreadsheets has a quote before some."""
    ids = {camera.camera_id for camera in project.cameras}
    named = [each if each.camera_id in ids else replace(each, camera_id=each.camera_id.removeprefix("'")) for each in answers]
    faults = [Fault(NO_CAMERA, Where(file), {"camera": each.camera_id}) for each in named if each.camera_id not in ids]
    if faults:
        raise InputError(*faults)
    return tuple(named)


def _remarks(taken: Taken, file: str) -> list[Fault]:
    cameras = {camera.camera_id: camera for camera in taken.cameras}
    changes = "; ".join(
        f"{name}: " + ", ".join(f"{field} {written(getattr(cameras[name], field))}" for field in fields)
        for name, fields in taken.changed.items()
    )
    told = [Fault(CHANGED, Where(file), {"changes": changes})] if changes else [Fault(NOTHING, Where(file))]
    return told + ([Fault(NOT_ASKED, Where(file), {"cells": _cells(taken.not_asked)})] if taken.not_asked else [])


def _cells(fields: Mapping[str, Sequence[str]]) -> str:
    return "; ".join(f"{name}: {', '.join(some)}" for name, some in fields.items())
