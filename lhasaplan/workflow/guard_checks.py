"""Say of a file what would get round gate and guard: cameras planned by their date, protected places that are gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from lhasaplan.core.camera import Camera, Status
from lhasaplan.core.closed import is_drawn
from lhasaplan.core.layer import Layer, Tags
from lhasaplan.core.mandate_check import iso_date
from lhasaplan.core.project import Project
from lhasaplan.core.wording import marked
from lhasaplan.errors import Fault, Where
from lhasaplan.ports import ImportedFile, Rooms
from lhasaplan.workflow.import_checks import named

STILL_TO_COME = marked("{count} cameras are recorded as operating from a day that is still to come and count as planned ({ids})")
FEWER_PROTECTED = marked(
    "this file holds fewer protected features than what it replaces: {before} then, {count} now; every audit will say so"
)


def with_plans_named(cameras: Sequence[Camera], today: str) -> tuple[tuple[Camera, ...], tuple[str, ...]]:
    """Return the cameras, and the ids of those that operate from a day still to come: whatever their status says, they are plans.

    Those come back as planned, so that the gate judges them.
    """
    now = iso_date(today)
    later = {each.camera_id for each in cameras if now is not None and each.status is Status.OPERATING and _after(each, now)}
    told = tuple(replace(each, status=Status.PLANNED) if each.camera_id in later else each for each in cameras)
    return told, tuple(each.camera_id for each in cameras if each.camera_id in later)


def _after(camera: Camera, now: date) -> bool:
    day = iso_date(camera.installed_on.strip())
    return day is not None and day > now


def on_still_to_come(found: ImportedFile, ids: Sequence[str]) -> tuple[Fault, ...]:
    """Return the remark on cameras that were taken as planned for the day of their installation."""
    return (Fault(STILL_TO_COME, Where(found.record.path), {"count": len(ids), "ids": named(ids)}),) if ids else ()


def protected_features(rooms: Rooms, project: Project, found: ImportedFile) -> tuple[int, int]:
    """Return how many protected features a file takes away, and how many it brings; (0, 0) where it takes nothing away."""
    gone = [tags for layer in found.layers for tags in _taken_away(project.layers.get(layer.name), layer, found.record.path)]
    fresh = {layer.name for layer in found.layers}
    others = (layer for name, layer in project.layers.items() if name not in fresh)
    gone += [tags for layer in others for tags in _taken_away(layer, None, found.record.path)]
    if not gone:
        return 0, 0
    index = rooms.load_protected_kinds().index()
    kept = (tags for layer in found.layers for tags in layer.tags)
    before, after = (sum(bool(index.names(tags)) or is_drawn(tags) for tags in each) for each in (gone, kept))
    return before, after


def _taken_away(old: Layer | None, fresh: Layer | None, source: str) -> list[Tags]:
    """Return the tags of features that a file replaces: those that it brought before, and those whose ids it has."""
    if old is None:
        return []
    ids = set() if fresh is None else set(fresh.ids)
    sources = old.source or ("",) * len(old)
    return [tags for key, tags, of in zip(old.ids, old.tags, sources, strict=True) if of == source or key in ids]


def on_fewer_protected(found: ImportedFile, before: int, after: int) -> tuple[Fault, ...]:
    """Return the remark on a file that leaves fewer protected features than there were."""
    params = {"before": before, "count": after}
    return (Fault(FEWER_PROTECTED, Where(found.record.path), params),) if after < before else ()
