"""New cameras with a mask: one that would show a protected place hides it and still serves its part, or is not proposed."""

from collections.abc import Iterator, Mapping, Sequence

from lhasaplan.core.base.progress import Progress, no_progress, part_of
from lhasaplan.core.changes.camera_change import ChangeMask
from lhasaplan.core.exposure.grading import seen_by_key
from lhasaplan.core.exposure.sightings import sightings_of
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.protection.undisclosed import is_undisclosed
from lhasaplan.core.remedies.part_option_effects import Looked, look_through, must_be_cured, spares_protected
from lhasaplan.core.remedies.trial_changes import PICTURE_PADS, Round, Subject, attempts_of
from lhasaplan.core.remedies.tried_changes import TriedChanges

FORMS = ("picture", "sector")  # a mask in the picture leaves the ground before a house; one by bearings takes it too
Masked = Mapping[int, tuple[Camera, Looked]]


def with_masks(cameras: Sequence[Camera], tried: TriedChanges, progress: Progress = no_progress) -> Masked:
    """Return, by number, the cameras that a mask frees of every view that would have to be cured, and what they show then.

    A camera that shows a place of which outputs tell none gets no mask: its mask would lead there.
    """
    found: dict[int, tuple[Camera, Looked]] = {}
    for at, form in enumerate(FORMS):
        step = part_of(progress, at / len(FORMS), (at + 1) / len(FORMS))
        left = [number for number in range(len(cameras)) if number not in found]
        rounds = dict(zip(left, _rounds([cameras[number] for number in left], form, tried, step), strict=True))
        for _ in PICTURE_PADS:
            ready = {number: camera for number in left if number not in found and (camera := next(rounds[number], None))}
            looked = look_through(list(ready.values()), tried, step) if ready else []
            for (number, camera), look in zip(ready.items(), looked, strict=True):
                if spares_protected(look, tried.context.thresholds.due_px_m):
                    found[number] = camera, look
    return found


def _rounds(cameras: Sequence[Camera], form: str, tried: TriedChanges, progress: Progress) -> list[Iterator[Camera]]:
    """Return, for each camera, itself with wider and wider masks of one form over all that must be cured."""
    if not cameras:
        return []
    city = tried.with_cameras(cameras)
    seen, limits = tried.protected(city, progress), city.thresholds
    sightings, by_key = sightings_of(seen, city.view_table, placed=city.placed, thresholds=limits), seen_by_key(seen)
    mine: list[list[Subject]] = [[] for _ in cameras]
    for key, sighting in sightings.items():
        if must_be_cured(sighting, limits.due_px_m):
            mine[key[0]].append(Subject(sighting, city.placed[key[0]], by_key[key], limits))
    return [_masked(camera, [] if _leads_there(some) else some, form) for camera, some in zip(cameras, mine, strict=True)]


def _leads_there(subjects: Sequence[Subject]) -> bool:
    """Tell whether a mask would hide a place of which outputs tell none."""
    shown = ((each.seen.walls.places, (*each.seen.place.tolist(), *each.seen.ground.place.tolist())) for each in subjects)
    return any(is_undisclosed(places[place]) for places, numbers in shown for place in set(numbers))


def _masked(camera: Camera, subjects: Sequence[Subject], form: str) -> Iterator[Camera]:
    for rounds in zip(*(attempts_of(each)[form] for each in subjects), strict=False):
        yield _hiding(camera, rounds).applied(camera)


def _hiding(camera: Camera, rounds: Sequence[Round]) -> ChangeMask:
    """Return the masks of all views together."""
    changes = [change for cures in rounds for cure in cures for change in cure.changes if isinstance(change, ChangeMask)]
    polygons = tuple(each for change in changes for each in change.mask_px)
    sectors = tuple(each for change in changes for each in change.mask_sector_deg)
    return ChangeMask(camera.camera_id, polygons, sectors)
