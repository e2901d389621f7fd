"""Say in words what a change does to a camera: from what to what."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from lhasaplan.core.base.translations import Translations, marked
from lhasaplan.core.changes.camera_change import (
    AddCamera,
    CameraChange,
    ChangeLens,
    ChangeMask,
    ChangeMount,
    ChangeRange,
    ChangeRecord,
    ChangeStatus,
    MoveCamera,
    RemoveCamera,
    TiltCamera,
    TurnCamera,
)
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.camera_fields import MOUNTS, STATUSES

Sentence = tuple[str, dict[str, object]]
UNKNOWN = marked("not recorded")


def in_words(change: CameraChange, before: Camera | None, translations: Translations) -> str:
    """Return what a change does, in the reader's language; ``before`` is the camera as it was, None for one that comes."""
    template, params = _SENTENCES[type(change)](change, before, translations)
    return translations(template, **params)


def _number(value: float | None, translations: Translations, decimals: int = 0) -> str:
    """Return a figure with the decimal mark of the language, or that there is none."""
    if value is None:
        return translations(UNKNOWN)
    rounded = round(value, decimals)
    text = f"{rounded:.{decimals}f}" if decimals and rounded != int(rounded) else f"{rounded:.0f}"
    return text.replace(".", translations(".")) if "." in text else text


def _measure(value: float | None, unit: str, translations: Translations, decimals: int = 0) -> str:
    """Return a figure with its unit, or that there is none."""
    number = _number(value, translations, decimals)
    return number if value is None else f"{number}{unit}"


def _added(change: AddCamera, _before: Camera | None, translations: Translations) -> Sentence:
    camera = change.camera
    mount = translations(MOUNTS[camera.mount]) if camera.mount is not None else translations(UNKNOWN)
    height = _number(camera.mount_height_m, translations, 1)
    if camera.azimuth_deg is None:
        return marked("new: {mount}, {height} m high"), {"mount": mount, "height": height}
    azimuth = _number(camera.azimuth_deg, translations)
    return marked("new: {mount}, {height} m high, looking to {azimuth}°"), {
        "mount": mount,
        "height": height,
        "azimuth": azimuth,
    }


def _moved(change: MoveCamera, before: Camera | None, translations: Translations) -> Sentence:
    if before is None:
        return marked("moved"), {}
    away_m = math.hypot(change.x_m - before.x_m, change.y_m - before.y_m)
    return marked("moved by {metres} m"), {"metres": _number(away_m, translations, 1)}


def _from_to(template: str, name: str, unit: str, decimals: int = 0) -> Callable[[object, Camera | None, Translations], Sentence]:
    """Return what says one value before and after, each with its unit where it is recorded."""

    def say(change: object, before: Camera | None, translations: Translations) -> Sentence:
        old, new = (_measure(getattr(each, name, None), unit, translations, decimals) for each in (before, change))
        return template, {"old": old, "new": new}

    return say


def _lens(change: ChangeLens, before: Camera | None, translations: Translations) -> Sentence:
    if before is not None and before.hfov_deg == change.hfov_deg:
        return marked("another lens"), {}
    old, new = (_measure(getattr(each, "hfov_deg", None), "°", translations) for each in (before, change))
    return marked("another lens: angle changed from {old} to {new}"), {"old": old, "new": new}


def _mask(change: ChangeMask, before: Camera | None, _translations: Translations) -> Sentence:
    old = len(before.mask_px) + len(before.mask_sector_deg) if before is not None else 0
    return marked("masks: {old} before, {new} now"), {"old": old, "new": len(change.mask_px) + len(change.mask_sector_deg)}


def _status(change: ChangeStatus, before: Camera | None, translations: Translations) -> Sentence:
    old = translations(STATUSES[before.status]) if before is not None else translations(UNKNOWN)
    return marked("{old} before, {new} now"), {"old": old, "new": translations(STATUSES[change.status])}


def _plain(template: str) -> Callable[[object, Camera | None, Translations], Sentence]:
    return lambda _change, _before, _translations: (template, {})


_SENTENCES: Mapping[type, Callable[[Any, Camera | None, Translations], Sentence]] = {
    AddCamera: _added,
    RemoveCamera: _plain(marked("taken out")),
    MoveCamera: _moved,
    TurnCamera: _from_to(marked("turned from {old} to {new}"), "azimuth_deg", "°", 1),
    TiltCamera: _from_to(marked("tilted below the horizon from {old} to {new}"), "tilt_deg", "°", 1),
    ChangeLens: _lens,
    ChangeRange: _from_to(marked("range changed from {old} to {new}"), "range_m", " m"),
    ChangeMask: _mask,
    ChangeMount: _from_to(marked("mount height changed from {old} to {new}"), "mount_height_m", " m", 1),
    ChangeStatus: _status,
    ChangeRecord: _plain(marked("corrected record")),
}
