"""What an office states of each camera of a plan: unit price, year, decision, by whom and when; kept with its record."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.changes.work import CURRENCY, PRICE_OF, PRICED_FOR, UNIT_PRICE, Work, priced_for
from lhasaplan.core.model.camera import Camera

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
