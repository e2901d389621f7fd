"""What an office states of each camera of a plan: unit price, year, decision, by whom and when; kept with its record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from lhasaplan.core.changes.work import UNIT_PRICE
from lhasaplan.core.model.camera import Camera

SCHEDULE = (UNIT_PRICE, "phase", "decision", "decided_by", "decided_on", "due_on")
STATED = (*SCHEDULE, "outcome")  # all that an office states of a camera; the outcome in words stands in minutes alone
MARKED = ("camera_id", "name", "work")  # what a row of a schedule is about, by its headings
DECISIONS = ("approved", "changed", "refused", "open")
YEARS = range(2000, 2101)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """One row that was filled in: what is stated of a camera, as text by name; what is empty states nothing."""

    camera_id: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WithSchedule:
    """The cameras with what was stated, and by camera the names of what changed."""

    cameras: tuple[Camera, ...]
    changed: Mapping[str, tuple[str, ...]]


def with_schedule(cameras: Sequence[Camera], rows: Sequence[Scheduled]) -> WithSchedule:
    """Return the cameras with what the rows state; a camera that no row names is the same object."""
    stated = {row.camera_id: row.values for row in rows}
    changed = {
        camera.camera_id: tuple(name for name, text in stated[camera.camera_id].items() if camera.extra.get(name, "") != text)
        for camera in cameras
        if camera.camera_id in stated
    }
    done = tuple(_with(camera, stated[camera.camera_id]) if changed.get(camera.camera_id) else camera for camera in cameras)
    return WithSchedule(done, {name: fields for name, fields in changed.items() if fields})


def _with(camera: Camera, values: Mapping[str, str]) -> Camera:
    return replace(camera, extra={**camera.extra, **values})
