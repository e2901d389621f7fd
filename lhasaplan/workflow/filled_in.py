"""Import what comes back filled in: schedules, minutes, questionnaires, and a district's reasons."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import by_id
from lhasaplan.core.changes.work import CURRENCY, PRICE_OF, UNIT_PRICE, Work, works_of
from lhasaplan.core.model.file_kinds import ANSWERS, DECISIONS, REASONS
from lhasaplan.core.model.layer import InputRecord
from lhasaplan.core.project.journal import FileImported
from lhasaplan.core.project.plan import following, inventory, with_plan
from lhasaplan.core.project.project import Project, with_reasons
from lhasaplan.core.records.filled_in import DIFFERENCES, FILLED_IN, MINUTED, QUESTIONNAIRE, SCHEDULED
from lhasaplan.core.records.minutes import (
    CAMERA,
    MINUTES,
    AgainstApproval,
    AgainstStep,
    Minute,
    against_approvals,
    against_steps,
    contradictions,
    with_decided,
    with_minutes,
)
from lhasaplan.core.records.register_rows import DecisionRegister
from lhasaplan.core.records.schedule import (
    PRICED_IN,
    WORK_PRICES,
    Author,
    ControllerAnswer,
    Scheduled,
    Taken,
    is_priced,
    take_answers,
    with_schedule,
    written,
)
from lhasaplan.core.site.camera_placing import refuse_impossible_lenses
from lhasaplan.errors import Fault, InputError, Where
from lhasaplan.ports import Services
from lhasaplan.workflow.projects import note

TakenRows = tuple[Project, InputRecord, tuple[Fault, ...]]  # after it, the record of the file, and what changed in words

# Import a questionnaire that a controller filled in: its answers complete the records of cameras.

CHANGED = marked("taken from the answers: {changes}")
NOTHING_ANSWERED = marked("the answers change nothing: each cell is empty, unknown, or was not asked")
NOT_ASKED = marked("not asked for, so left as recorded: {cells}")
NO_CAMERA = marked("the project has no camera {camera}; import its cameras first")


def take_questionnaire(services: Services, project: Project, path: Path) -> TakenRows:
    """Return the project with the answers in the cells that its records lack, the record of the file, and what changed.

    InputError with every fault of the table, unknown cameras and impossible lenses among them; then nothing is taken.
    """
    answers, remarks = services.files.read_filled_in(path, QUESTIONNAIRE)
    answers = _known(project, answers, path.name)
    taken = take_answers(project.cameras, answers, Author(path.name, services.today()))
    refuse_impossible_lenses(taken.cameras, services.content.load_camera_classes())
    record = InputRecord(path.name, services.files.digest(path), len(taken.changed), services.today(), kind=ANSWERS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    changed = note(
        replace(project, cameras=taken.cameras, inputs=inputs),
        services,
        FileImported(record.path, ANSWERS, record.sha256, {ANSWERS: len(taken.changed)}),
    )
    return changed, record, (*remarks, *_remarks(taken, path.name))


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
    reported = [Fault(CHANGED, Where(file), {"changes": changes})] if changes else [Fault(NOTHING_ANSWERED, Where(file))]
    cells = "; ".join(f"{name}: {', '.join(some)}" for name, some in taken.not_asked.items())
    return reported + ([Fault(NOT_ASKED, Where(file), {"cells": cells})] if cells else [])


# Import the reasons for which a district's plan differs from the city's; they are kept with the district's project.

NO_CITY = marked("this project does not come from a city's project, so there are no differences")
REASONS_TAKEN = marked("reasons taken: {count}")


def take_reasons(services: Services, project: Project, path: Path) -> TakenRows:
    """Return a district's project with the reasons that a table states, the record of the file, and how many were taken.

    InputError with every fault of the table, and for a project that is no district's; then nothing is taken.
    """
    if project.district is None:
        raise InputError(Fault(NO_CITY, Where(path.name)))
    stated, remarks = services.files.read_filled_in(path, DIFFERENCES)
    record = InputRecord(path.name, services.files.digest(path), len(stated), services.today(), kind=REASONS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    changed = replace(project, district=with_reasons(project.district, stated), inputs=inputs)
    event = FileImported(record.path, REASONS, record.sha256, {REASONS: len(stated)})
    return note(changed, services, event), record, (Fault(REASONS_TAKEN, Where(path.name), {"count": len(stated)}), *remarks)


# Import what an office decided: a schedule with prices and years, or the minutes of a meeting; kept with cameras and project.

TAKEN = marked("taken from the schedule: {changes}")
NOTHING = marked("the schedule changes nothing: each cell is empty, or the project has it already")
FROM_MINUTES = marked("taken from the minutes: {changes}")
CONTRADICT = marked(
    "{item} is {decision}, but row {row} says that {other} is {other_decision}. Both cannot be true. If single "
    "cameras are decided differently, answer that row with “changed”"
)
OTHER_CURRENCY = marked("{value} is not the currency of row {row}, which is {other}; a plan is summed in one currency")
KEPT_CURRENCY = marked("{value} is not the currency of camera {camera}, which is {other}; a plan is summed in one currency")
CONTRADICTS_SHEET = marked(
    "{item} is {decision}, but {sheet} row {row} says on the same day that {other} is {other_decision}. Correct "
    "one of the two, or state the later day"
)
OTHER_WORK = marked("{value} is a price for work that the plan does not include for camera {camera}; included are: {works}")
EARLIER_DAY = marked(
    "{item} is {decision} on {day}, but {sheet} row {row} says that {other} is {other_decision} on {other_day}. "
    "An earlier day does not change a later decision"
)
WITHOUT_DAY = marked(
    "{item} is {decision} without a day, but {sheet} row {row} says that {other} is {other_decision}. State the "
    "day, to show which came later"
)
AGAINST_STEP = marked(
    "{item} is {decision}, but the plan says {stage} by {by} on {on}. Finished work can be undone only by "
    "another plan; an order can be stopped only by a later decision"
)
AGAINST_APPROVAL = marked("{item} is {decision} on {day}, but {file} has the camera as approved that day; correct one of the two")
AGAINST_WITHDRAWAL = marked("{item} is {decision} on {day}, but {file} withdraws its approval that day; correct one of the two")
REPLACED_PRICE = marked("{value} of camera {camera} takes the place of {before}, which {sheet} states")
NOT_MINUTED = marked("the minutes change nothing: each cell is empty, or the project has it already")


def take_minutes(services: Services, project: Project, path: Path) -> TakenRows:
    """Return the project with what a meeting decided, the record of the file, and what changed.

    InputError with every fault of the table and every unknown camera; then nothing is taken.
    """
    rows, remarks = services.files.read_filled_in(path, MINUTED)
    decided = {each.item.removeprefix(CAMERA) for each in project.resolutions}  # of cameras that were refused, too
    _refuse_unknown(project, [row.camera_id for row in rows if row.camera_id and row.camera_id not in decided], path.name)
    _refuse_contradictions(project, rows, path.name)
    minuted = with_minutes(project, rows, path.name)
    reported = _decided(minuted.changed, {row.item: row.values for row in rows})
    return _kept(services, minuted.project, path, reported, (_sentence(path, reported, FROM_MINUTES, NOT_MINUTED), *remarks))


def take_schedule(services: Services, project: Project, path: Path) -> TakenRows:
    """Return the project with what the office stated, the record of the file, and what changed.

    InputError with every fault of the table and every unknown camera; then nothing is taken.
    """
    stated, remarks = services.files.read_filled_in(path, SCHEDULED)
    _refuse_unknown(project, [row.camera_id for row in stated], path.name)
    _refuse_currencies(project, stated, path.name)
    decided_of = [
        Minute(f"{CAMERA}{row.camera_id}", "", {name: text for name, text in row.values.items() if name in MINUTES}, row.row)
        for row in stated
    ]
    _refuse_contradictions(project, decided_of, path.name)
    works = _works(project, stated)
    _refuse_other_work(stated, works, path.name)
    taken = with_schedule(project.cameras, stated, path.name, works)
    reported = _reported(taken.changed, {row.camera_id: row.values for row in stated})
    said = (_sentence(path, reported, TAKEN, NOTHING), *_replaced_prices(project, stated, path.name), *remarks)
    with_stated = following(project, replace(project, cameras=taken.cameras))
    whole = with_decided(with_stated, decided_of, path.name) if taken.changed else with_stated
    return _kept(services, whole, path, reported, said)


def _works(project: Project, rows: Sequence[Scheduled]) -> dict[str, tuple[Work, ...]]:
    """Return by camera what the plan does about it; one that a plan leaves alone and that has a price is taken away."""
    before, after = by_id(inventory(project)), by_id(with_plan(project))
    found = {}
    for row in rows:
        stood, stands = before.get(row.camera_id), after.get(row.camera_id)
        found[row.camera_id] = works_of(stood, None if stands is stood else stands)
    return found


def _refuse_other_work(rows: Sequence[Scheduled], works: Mapping[str, Sequence[Work]], file: str) -> None:
    """Raise InputError with each price of single work that nothing of the plan needs: it would be stated and never count."""
    faults = []
    for row in rows:
        done = works[row.camera_id]
        known = {PRICE_OF.get(work) for work in done}
        words = {"camera": row.camera_id, "works": ", ".join(done) or "–"}
        other = [name for name in row.values if name in WORK_PRICES and name not in known]
        faults += [Fault(OTHER_WORK, Where(file, row.row, name), {"value": row.values[name], **words}) for name in other]
    if faults:
        raise InputError(*faults)


def _sentence(path: Path, reported: Mapping[str, str], some: str, none: str) -> Fault:
    """Return what changed in words, or that nothing did."""
    text = "; ".join(f"{name}: {values}" for name, values in reported.items())
    return Fault(some, Where(path.name), {"changes": text}) if text else Fault(none, Where(path.name))


def _reported(changed: Mapping[str, tuple[str, ...]], stated: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return each change with its value as it was understood, so that a person can hold it against the table."""
    return {
        name: ", ".join(f"{field} {_as_read(field, stated[name][field])}" if field in stated[name] else field for field in fields)
        for name, fields in changed.items()
    }


def _decided(changed: Mapping[str, tuple[str, ...]], stated: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Return each changed item with what its row states, as the meeting wrote it: the cells tell what they are in any language.

    >>> _decided({"camera:HT-06": ("decision",)}, {"camera:HT-06": {"decided_by": "Council", "decision": "approved"}})
    {'HT-06': 'approved, Council'}
    """
    rows = ((item, stated[item]) for item in changed)
    return {item.removeprefix(CAMERA): ", ".join(row[name] for name in MINUTES if name in row) for item, row in rows}


def _as_read(field: str, text: str) -> str:
    """Return a value as a person checks it.

    >>> _as_read("unit_price", "1234"), _as_read("phase", "2027")
    ('1 234.00', '2027')
    """
    return f"{float(text):,.2f}".replace(",", " ") if field == UNIT_PRICE or field in WORK_PRICES else text


def _refuse_unknown(project: Project, camera_ids: Sequence[str], file: str) -> None:
    known = {camera.camera_id for camera in project.cameras}
    faults = [Fault(NO_CAMERA, Where(file), {"camera": each}) for each in camera_ids if each not in known]
    if faults:
        raise InputError(*faults)


def _refuse_currencies(project: Project, rows: Sequence[Scheduled], file: str) -> None:
    """Raise InputError with each row whose currency is another than that of the first row or of a price that stays."""
    stated = [row for row in rows if row.values.get(CURRENCY)]
    named = {row.camera_id for row in stated}
    kept = [camera for camera in project.cameras if camera.camera_id not in named and is_priced(camera)]
    faults = []
    for row in stated:
        value, first = row.values[CURRENCY], stated[0].values[CURRENCY]
        other = next((each for each in kept if each.extra.get(CURRENCY, value) != value), None)
        at = Where(file, row.row, CURRENCY)
        if value != first:
            faults.append(Fault(OTHER_CURRENCY, at, {"value": value, "row": stated[0].row, "other": first}))
        elif other is not None:
            words = {"value": value, "camera": other.camera_id, "other": other.extra[CURRENCY]}
            faults.append(Fault(KEPT_CURRENCY, at, words))
    if faults:
        raise InputError(*faults)


def _refuse_contradictions(project: Project, rows: Sequence[Minute], file: str) -> None:
    """Raise InputError with each row that cannot be beside another, or beside a step of the plan or an approval, both named.

    A sheet of the same name takes the place of what it said before.
    """
    before = [
        each for each in DecisionRegister(project).resolutions.values() if each.sheet and each.sheet.rpartition(" ")[0] != file
    ]
    faults = [
        _contradiction(*(each.other, each.one) if each.other.sheet else (each.one, each.other), file)
        for each in contradictions(project, rows, before)
    ]
    faults += [_beside_step(each, file) for each in against_steps(project, rows)]
    faults += [_beside_approval(each, file) for each in against_approvals(project, rows, project.baseline)]
    if faults:
        raise InputError(*faults)


def _contradiction(one: Minute, row: Minute, file: str) -> Fault:
    reported: dict[str, object] = {"item": row.item, "decision": row.values["decision"], "other": one.item}
    reported["other_decision"] = one.values["decision"]
    at = Where(file, row.row, "decision")
    if not one.sheet:
        return Fault(CONTRADICT, at, {**reported, "row": one.row})
    sheet, _, number = one.sheet.rpartition(" ")
    day, other_day = row.values.get("decided_on", ""), one.values.get("decided_on", "")
    template = CONTRADICTS_SHEET if day == other_day != "" else EARLIER_DAY if day else WITHOUT_DAY
    return Fault(template, at, {**reported, "sheet": sheet, "row": number, "day": day, "other_day": other_day or "–"})


def _beside_step(found: AgainstStep, file: str) -> Fault:
    row, step = found.row, found.step
    reported = {"item": row.item, "decision": row.values["decision"], "stage": str(step.stage)}
    return Fault(AGAINST_STEP, Where(file, row.row, "decision"), {**reported, "by": step.by or "–", "on": step.on or "–"})


def _beside_approval(found: AgainstApproval, file: str) -> Fault:
    row, template = found.row, AGAINST_WITHDRAWAL if found.is_withdrawn else AGAINST_APPROVAL
    reported = {"item": row.item, "decision": row.values["decision"], "day": row.values["decided_on"]}
    return Fault(template, Where(file, row.row, "decision"), {**reported, "file": found.approval.input_file})


def _replaced_prices(project: Project, rows: Sequence[Scheduled], file: str) -> Iterator[Fault]:
    """Give a remark on each price that takes the place of another sheet's, both rows named."""
    rows_of = {row.camera_id: row for row in rows}
    for camera in project.cameras:
        row, sheet = rows_of.get(camera.camera_id), camera.extra.get(PRICED_IN, "")
        if row is None or not sheet or sheet.rpartition(" ")[0] == file:
            continue
        for name in (UNIT_PRICE, *WORK_PRICES):
            before, now = camera.extra.get(name), row.values.get(name)
            if before and now and before != now:
                words = {"value": _as_read(name, now), "before": _as_read(name, before), "sheet": sheet}
                yield Fault(REPLACED_PRICE, Where(file, row.row, name), {"camera": camera.camera_id, **words})


def _kept(services: Services, project: Project, path: Path, reported: Mapping[str, str], said: tuple[Fault, ...]) -> TakenRows:
    """Return the project with the record of the file and its entry in the journal, and what changed in words."""
    record = InputRecord(path.name, services.files.digest(path), len(reported), services.today(), kind=DECISIONS)
    inputs = (*(each for each in project.inputs if each.path != record.path), record)
    event = FileImported(record.path, DECISIONS, record.sha256, {DECISIONS: len(reported)})
    return note(replace(project, inputs=inputs), services, event), record, said


# The use of each of these tables, by its name.

USES: Mapping[str, Callable[[Services, Project, Path], TakenRows]] = {
    QUESTIONNAIRE.name: take_questionnaire,
    SCHEDULED.name: take_schedule,
    MINUTED.name: take_minutes,
    DIFFERENCES.name: take_reasons,
}


def take_filled_in(services: Services, project: Project, path: Path, kind: str | None) -> TakenRows | None:
    """Return the project with what a table that was filled in says; None for a file that is none of them.

    ``kind`` is what the user says of the file: then it is one of that kind, whichever it looks like.
    """
    meant = [each.name for each in FILLED_IN if kind in (None, each.said_as)]
    name = services.files.filled_in_name(path) if meant else ""
    if name not in meant:
        if kind is None or not meant:
            return None
        name = meant[0]
    return USES[name](services, project, path)
