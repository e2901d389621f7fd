"""Import what an office decided: a schedule with prices and years, or the minutes of a meeting; kept with cameras and project."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.wording import marked
from lhasaplan.core.changes.work import UNIT_PRICE
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.model.said_of_files import DECISIONS
from lhasaplan.core.project.journal import FileImported
from lhasaplan.core.project.project import Project
from lhasaplan.core.records.minutes import CAMERA, MINUTES, Minute, contradictions, with_decided, with_minutes
from lhasaplan.core.records.schedule import with_schedule
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.answered import NO_CAMERA
from lhasaplan.workflow.projects import note

TAKEN = marked("taken from the schedule: {changes}")
NOTHING = marked("the schedule changes nothing: each cell is empty, or stands in the project already")
MINUTED = marked("taken from the minutes: {changes}")
CONTRADICT = marked(
    "{item} is {decision}, but row {row} says that {other} is {other_decision}; both cannot be. Where single cameras are decided "
    "otherwise the question is changed"
)
NOT_MINUTED = marked("the minutes change nothing: each cell is empty, or stands in the project already")

Taken = tuple[Project, InputRecord, tuple[Fault, ...]]


def take_decisions(services: Services, project: Project, path: Path) -> Taken:
    """Return the project with what the office stated or a meeting decided, the record of the file, and what changed.

    InputError with every fault of the table and every unknown camera; then nothing is taken.
    """
    if services.is_minutes(path):
        rows, remarks = services.read_minutes(path)
        decided = {each.item.removeprefix(CAMERA) for each in project.resolutions}  # of cameras that were refused, too
        _refuse_unknown(project, [row.camera_id for row in rows if row.camera_id and row.camera_id not in decided], path.name)
        _refuse_contradictions(project, rows, path.name)
        minuted = with_minutes(project, rows)
        told = _told(minuted.changed, {row.item: row.values for row in rows})
        return _kept(services, minuted.project, path, told, (_sentence(path, told, MINUTED, NOT_MINUTED), *remarks))
    stated, remarks = services.read_schedule(path)
    _refuse_unknown(project, [row.camera_id for row in stated], path.name)
    taken = with_schedule(project.cameras, stated)
    told = _told(taken.changed, {row.camera_id: row.values for row in stated})
    said = (_sentence(path, told, TAKEN, NOTHING), *remarks)
    with_stated = replace(project, cameras=taken.cameras)
    decided_of = [Minute(f"{CAMERA}{row.camera_id}", "", _as_minute(row.values)) for row in stated]
    whole = with_decided(with_stated, decided_of) if taken.changed else with_stated
    return _kept(services, whole, path, told, said)


def _as_minute(values: Mapping[str, str]) -> dict[str, str]:
    """Return of what a schedule states of a camera what minutes state, too."""
    return {name: text for name, text in values.items() if name in MINUTES}


def _sentence(path: Path, told: Mapping[str, str], some: str, none: str) -> Fault:
    """Return what changed in words, or that nothing did."""
    text = "; ".join(f"{name}: {values}" for name, values in told.items())
    return Fault(some, Where(path.name), {"changes": text}) if text else Fault(none, Where(path.name))


def _told(changed: Mapping[str, tuple[str, ...]], stated: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return each change with its value as it was understood, so that a person can hold it against the table."""
    return {
        name: ", ".join(f"{field} {_as_read(field, stated[name][field])}" if field in stated[name] else field for field in fields)
        for name, fields in changed.items()
    }


def _as_read(field: str, text: str) -> str:
    """Return a value as a person checks it.

    >>> _as_read("unit_price", "1234"), _as_read("phase", "2027")
    ('1 234.00', '2027')
    """
    return f"{float(text):,.2f}".replace(",", " ") if field == UNIT_PRICE else text


def _refuse_unknown(project: Project, camera_ids: Sequence[str], file: str) -> None:
    known = {camera.camera_id for camera in project.cameras}
    faults = [Fault(NO_CAMERA, Where(file), {"camera": each}) for each in camera_ids if each not in known]
    if faults:
        raise InputError(*faults)


def _refuse_contradictions(project: Project, rows: Sequence[Minute], file: str) -> None:
    """Raise InputError with each pair of rows that cannot both be, both named."""
    faults = [
        Fault(
            CONTRADICT,
            Where(file, each.other.row, "decision"),
            {
                "item": each.other.item,
                "decision": each.other.values["decision"],
                "row": each.one.row,
                "other": each.one.item,
                "other_decision": each.one.values["decision"],
            },
        )
        for each in contradictions(project, rows)
    ]
    if faults:
        raise InputError(*faults)


def _kept(services: Services, project: Project, path: Path, told: Mapping[str, str], said: tuple[Fault, ...]) -> Taken:
    """Return the project with the record of the file and its entry in the journal, and what changed in words."""
    record = InputRecord(path.name, services.digest(path), len(told), services.today(), kind=DECISIONS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    event = FileImported(record.path, DECISIONS, record.sha256, {DECISIONS: len(told)})
    return note(replace(project, inputs=inputs), services, event), record, said
