"""Correct the record of a camera and keep what stood there before, who says so, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from lhasaplan.core.changes.replaced import replaced
from lhasaplan.core.model.camera import Camera, Correction, Status


@dataclass(frozen=True, slots=True)
class Author:
    """Who says so, and when: what a correction keeps."""

    source: str
    date: str


def corrected(camera: Camera, values: Mapping[str, Any], author: Author) -> Camera:
    """Return the camera with new values by field; a plan is drawn, not corrected."""
    new = {name: value for name, value in values.items() if getattr(camera, name) != value}
    if camera.status is Status.PLANNED and new.get("status") is not Status.OPERATING:
        return replace(camera, **new)
    notes = tuple(Correction(name, written(getattr(camera, name)), author.source, author.date) for name in new)
    return replace(camera, **new, corrections=(*camera.corrections, *notes))


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


def _pair_or_polygon(value: tuple[Any, ...]) -> str:
    """Return a sector as ``10-40``, a polygon of the picture as its points."""
    if isinstance(value[0], tuple):
        return ", ".join(f"{x:g} {y:g}" for x, y in value)
    return f"{value[0]:g}-{value[1]:g}"
