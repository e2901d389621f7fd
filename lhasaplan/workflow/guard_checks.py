"""Say of a file what would get round gate and guard: cameras planned by their date, protected places that are gone."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from lhasaplan.core.base.dates import iso_date
from lhasaplan.core.base.wording import marked
from lhasaplan.core.model.camera import Camera, Status
from lhasaplan.core.project.losses import Loss
from lhasaplan.core.recognition.import_merging import Joined
from lhasaplan.errors import Fault, Where
from lhasaplan.ports import ImportedFile
from lhasaplan.workflow.import_checks import named

STILL_TO_COME = marked("{count} cameras are recorded as operating from a day that is still to come and count as planned ({ids})")
GONE = marked(
    "{count} protected features of what this file replaces are not in it, or are of another kind or smaller; "
    "every audit will say so"
)
GONE_UNKNOWN = marked(
    "{count} buildings of unknown use of what this file replaces are not in it, or their use is said now; every audit will say so"
)
STAY_BESIDE = marked(
    "{count} protected features of other files have ids that this file gives to features elsewhere or of another kind; both count"
)
DRAWN_STAY = marked(
    "{count} drawn protected places of an earlier file of this name are not in this one; they stay, unless they are taken out on "
    "purpose (import --drop-drawn)"
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


def on_loss(found: ImportedFile, joined: Joined, loss: Loss) -> Iterator[Fault]:
    """Yield the remarks on protected places that a file takes away, or that stay though the file lacks them."""
    where = Where(found.record.path)
    if loss.known:
        yield Fault(GONE, where, {"count": loss.known})
    if loss.unknown:
        yield Fault(GONE_UNKNOWN, where, {"count": loss.unknown})
    if joined.beside:
        yield Fault(STAY_BESIDE, where, {"count": joined.beside})
    if joined.drawn:
        yield Fault(DRAWN_STAY, where, {"count": joined.drawn})
