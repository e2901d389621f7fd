"""Questions to a controller about what camera records lack, and what the answers may change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.model.camera_fields import CAMERA_FIELDS
from lhasaplan.core.records.camera_corrections import Author, corrected

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
