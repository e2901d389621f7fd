"""What offices state of cameras: prices and years, answers on what records lack, and corrections that keep what stood there."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from lhasaplan.core.base.kept_shapes import replace_kept
from lhasaplan.core.base.translations import marked
from lhasaplan.core.changes.proposal import by_id, replaced
from lhasaplan.core.changes.work import CURRENCY, PRICE_OF, PRICED_FOR, UNIT_PRICE, Work, priced_for
from lhasaplan.core.model.camera import Camera, Correction, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS
from lhasaplan.core.project.numbering import numbered_after
from lhasaplan.core.project.plan import with_all_steps
from lhasaplan.core.project.plan_step import Action, PlanStep, Stage
from lhasaplan.core.project.project import Project
from lhasaplan.errors import Fault, InputError

# Correct the record of a camera and keep what stood there before, who says so, and when.


@dataclass(frozen=True, slots=True)
class Author:
    """Who says so, and when: what a correction keeps."""

    source: str
    date: str


def corrected(camera: Camera, values: Mapping[str, object], author: Author) -> Camera:
    """Return the camera with new values by field; a plan is drawn, not corrected."""
    new = {name: value for name, value in values.items() if getattr(camera, name) != value}
    if camera.status is Status.PLANNED and new.get("status") is not Status.OPERATING:
        return replace_kept(camera, **new)
    notes = tuple(Correction(name, written(getattr(camera, name)), author.source, author.date) for name in new)
    return replace_kept(camera, **new, corrections=(*camera.corrections, *notes))


def recorded(before: Sequence[Camera], after: Sequence[Camera], author: Author) -> tuple[Camera, ...]:
    """Return changed cameras as a file keeps them: with notes of what was corrected, without plans that were dropped."""
    rows = replaced(before, after)
    if rows is None:
        known = {camera.camera_id: camera for camera in before}
        kept = [_recorded(known.get(camera.camera_id), camera, author) for camera in after]
    else:  # nearly all of a city stay as they were
        kept = list(after)
        for row in rows:
            kept[row] = _recorded(before[row], after[row], author)
    return tuple(filter(None, kept))


def _recorded(before: Camera | None, after: Camera, author: Author) -> Camera | None:
    if before is None or before is after:
        return after
    if before.status is Status.PLANNED and after.status is Status.REMOVED:
        return None
    if before.corrections != after.corrections:
        return after  # the change says itself what was corrected
    names = (each.name for each in fields(Camera))
    return corrected(
        before, {name: getattr(after, name) for name in names if getattr(after, name) != getattr(before, name)}, author
    )


def written(value: object) -> str:
    """Return a value as text; empty when it was not recorded."""
    if value in (None, ()):
        return ""
    if isinstance(value, tuple):
        return "; ".join(map(_pair_or_polygon, value))
    return f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)


def _pair_or_polygon(value: tuple[float | tuple[float, float], ...]) -> str:
    """Return a sector as ``10-40``, a polygon of the picture as its points."""
    points = [each for each in value if isinstance(each, tuple)]
    return ", ".join(f"{x:g} {y:g}" for x, y in points) or "-".join(f"{each:g}" for each in value if not isinstance(each, tuple))


# Move what is done of a plan into the inventory, with its date: nothing else does.
NO_STEP = marked("The plan has nothing for camera {camera}, or it is already done")
OF_ITS_OWN = frozenset(("camera_id", "status", "corrections"))  # of how a camera is to be: what is not taken from it


def require_steps(project: Project, camera_ids: Collection[str]) -> None:
    """Raise InputError naming each camera to which the plan does nothing that is still open."""
    known = {each.camera_id for each in with_all_steps(project).plan if each.is_open}
    faults = [Fault(NO_STEP, params={"camera": each}) for each in dict.fromkeys(camera_ids) if each not in known]
    if faults:
        raise InputError(*faults)


def done(project: Project, camera_ids: Collection[str], author: Author) -> Project:
    """Return the project in which what the plan does to these cameras stands since a day, as the author says.

    A camera that came operates, one that was changed is as it was planned, one that went stays on record as removed. Each record
    keeps what stood there before. The step stays in the plan as done.
    """
    require_steps(project, camera_ids)
    project, wanted = with_all_steps(project), frozenset(camera_ids)
    rows = by_id(project.cameras)
    steps = {each.camera_id: each for each in project.plan if each.is_open and each.camera_id in wanted}
    gone = {each.as_planned for each in steps.values() if each.as_planned}
    after = {key: _after(rows[key], step, rows, author) for key, step in steps.items()}
    cameras = tuple(after.get(camera.camera_id, camera) for camera in project.cameras if camera.camera_id not in gone)
    plan = tuple(
        replace(each, as_planned="", stage=Stage.DONE, by=author.source or each.by, on=author.date)
        if each is steps.get(each.camera_id)
        else each
        for each in project.plan
    )
    return numbered_after(project, replace(project, cameras=cameras, plan=plan))


def _after(camera: Camera, step: PlanStep, rows: Mapping[str, Camera], author: Author) -> Camera:
    if step.action is Action.ADD:
        return corrected(camera, {"status": Status.OPERATING, "installed_on": author.date}, author)
    if step.action is Action.REMOVE:
        return corrected(camera, {"status": Status.REMOVED}, author)
    state = rows[step.as_planned]
    names = [each.name for each in fields(Camera) if each.name not in OF_ITS_OWN]
    values = {name: getattr(state, name) for name in names if getattr(state, name) != getattr(camera, name)}
    return corrected(camera, values, author)


# Questions to a controller about what camera records lack, and what the answers may change.

# Camera fields in the order in which they are asked: where it looks, what the lens shows, and what the record owes.
ASKED = tuple(each.key for each in sorted(CAMERA_FIELDS, key=lambda each: each.asked) if each.asked)
BY, ON = "answered_by", "answered_on"  # who answered, and when


@dataclass(frozen=True, slots=True)
class ControllerAnswer:
    """What one row says of one camera: the values that it gives, by Camera field, and who says so."""

    camera_id: str
    values: Mapping[str, object]
    by: str = ""
    on: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """The cameras after the answers, the fields that changed by camera, and answers to what was not asked."""

    cameras: tuple[Camera, ...]
    changed: Mapping[str, tuple[str, ...]]
    not_asked: Mapping[str, tuple[str, ...]]


def asked_of(camera: Camera) -> tuple[str, ...]:
    """Return the fields that the record lacks; nothing is asked of a camera that does not operate.

    Sensor and focal length stand for the angle of the lens, and the angle for them.
    """
    if camera.status is not Status.OPERATING:
        return ()
    has_angle = camera.hfov_deg is not None or None not in (camera.sensor_width_mm, camera.focal_length_mm)
    known = {"hfov_deg", "sensor_width_mm", "focal_length_mm"} if has_angle else set()
    if camera.mask_px:
        known.add("mask_sector_deg")
    return tuple(name for name in ASKED if name not in known and getattr(camera, name) in (None, "", ()))


def to_ask(cameras: Iterable[Camera]) -> dict[str, list[Camera]]:
    """Return by controller the cameras of which something is asked; those without a recorded one stand under an empty name."""
    found: dict[str, list[Camera]] = {}
    for camera in cameras:
        if asked_of(camera):
            found.setdefault(camera.owner.strip(), []).append(camera)
    return found


def take_answers(cameras: Sequence[Camera], answers: Sequence[ControllerAnswer], author: Author) -> Taken:
    """Return the cameras with the answers in the cells that were asked for; all other cells stay as they are.

    ``author`` stands where a row does not say who answered, or when.
    """
    given = {answer.camera_id: answer for answer in answers}
    changed: dict[str, tuple[str, ...]] = {}
    not_asked: dict[str, tuple[str, ...]] = {}
    after = []
    for camera in cameras:
        answer = given.get(camera.camera_id)
        if answer is None:
            after.append(camera)
            continue
        open_fields = set(asked_of(camera))
        values = {name: value for name, value in answer.values.items() if name in open_fields}
        beside = tuple(
            name for name, value in answer.values.items() if name not in open_fields and value != getattr(camera, name)
        )
        says = f"{answer.by} ({author.source})" if answer.by else author.source
        after.append(corrected(camera, values, Author(says, answer.on or author.date)))
        if values:
            changed[camera.camera_id] = tuple(values)
        if beside:
            not_asked[camera.camera_id] = beside
    return Taken(tuple(after), changed, not_asked)


# What an office states of each camera of a plan: unit price, year, decision, by whom and when; kept with its record.

# A mark of a row of a table that goes out to be filled in, by which the row is known when the table comes back.
ROW_MARK = "row_mark"  # the heading of its column


def row_mark(*parts: str) -> str:
    """Return a short mark of what a row is about, such as id, name, work and question; blanks at the ends do not count.

    It begins with a letter, so that no spreadsheet takes it for a number.

    >>> row_mark("HT-06", "Gate") == row_mark(" HT-06", "Gate "), row_mark("HT-06", "Gate") == row_mark("HT-08", "Gate")
    (True, False)
    """
    text = "\x1f".join(" ".join(part.split()) for part in parts)
    return "m" + hashlib.sha256(text.encode()).hexdigest()[:8]


WORK_PRICES = tuple(PRICE_OF.values())  # where several kinds of work are done on a camera, each with its own
SCHEDULE = (UNIT_PRICE, CURRENCY, "phase", "decision", "decided_by", "decided_on", "due_on")
# All that an office states of a camera: the outcome in words stands in minutes alone; then which work is priced, in which sheet.
PRICED_IN, DECIDED_IN = "priced_in", "decided_in"
STATED = (*SCHEDULE, *WORK_PRICES, "outcome", PRICED_FOR, PRICED_IN, DECIDED_IN)
DECIDED = ("decision", "outcome", "decided_by", "decided_on")
MARKED = ("camera_id", "name", "work")  # what a row of a schedule is about, by its headings
DECISIONS = ("approved", "changed", "refused", "open")
YEARS = range(2000, 2101)
NO_WORKS: Mapping[str, Sequence[Work]] = {}


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One row that was filled in: what is stated of a camera, as text by name; what is empty states nothing."""

    camera_id: str
    values: Mapping[str, str]
    row: int = 0  # of the sheet


@dataclass(frozen=True, slots=True)
class WithSchedule:
    """The cameras with what was stated, and by camera the names of what changed."""

    cameras: tuple[Camera, ...]
    changed: Mapping[str, tuple[str, ...]]


def is_priced(camera: Camera) -> bool:
    """Say whether any price is stated of a camera."""
    return any(camera.extra.get(name) for name in (UNIT_PRICE, *WORK_PRICES))


def with_schedule(
    cameras: Sequence[Camera], rows: Sequence[Scheduled], file: str = "", works: Mapping[str, Sequence[Work]] = NO_WORKS
) -> WithSchedule:
    """Return the cameras with what the rows state; a camera that no row names is the same object.

    Parameters
    ----------
    file : the sheet of the rows, which is kept with what it states.
    works : by camera what is done about it; its price is for that.
    """
    stated, at = {row.camera_id: row.values for row in rows}, {row.camera_id: sheet_row(file, row.row) for row in rows}
    changed = {
        camera.camera_id: tuple(name for name, text in stated[camera.camera_id].items() if camera.extra.get(name, "") != text)
        for camera in cameras
        if camera.camera_id in stated
    }
    done = tuple(
        _with(camera, stated[camera.camera_id], at[camera.camera_id], works) if changed.get(camera.camera_id) else camera
        for camera in cameras
    )
    return WithSchedule(done, {name: fields for name, fields in changed.items() if fields})


def sheet_row(file: str, row: int) -> str:
    """Return where a decision stands: its sheet and row.

    >>> sheet_row("minutes.xlsx", 4), sheet_row("", 4)
    ('minutes.xlsx 4', '')
    """
    return f"{file} {row}" if file and row else file


def _with(camera: Camera, values: Mapping[str, str], at: str, works: Mapping[str, Sequence[Work]]) -> Camera:
    added = {PRICED_IN: at} if any(name in values for name in (UNIT_PRICE, *WORK_PRICES)) else {}
    if UNIT_PRICE in values and works.get(camera.camera_id):
        added[PRICED_FOR] = priced_for(works[camera.camera_id])
    if any(name in values for name in DECIDED):
        added[DECIDED_IN] = at
    kept = {name: text for name, text in camera.extra.items() if name not in _replaced(values)}
    return replace(camera, extra={**kept, **values, **{name: text for name, text in added.items() if text}})


def _replaced(values: Mapping[str, str]) -> tuple[str, ...]:
    """Return what no longer counts: prices of single work where one for all of it is stated, and the other way round."""
    if UNIT_PRICE in values:
        return WORK_PRICES
    return (UNIT_PRICE, PRICED_FOR) if any(name in values for name in WORK_PRICES) else ()
