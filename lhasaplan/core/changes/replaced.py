"""In which rows two lists hold different cameras: after most changes all but one are the very same objects."""

from collections.abc import Sequence
from itertools import compress, count
from operator import is_not

from lhasaplan.core.model.camera import Camera


def replaced(before: Sequence[Camera], after: Sequence[Camera]) -> tuple[int, ...] | None:
    """Return the rows in which another value of the same camera stands; None where cameras came, went or changed places."""
    if len(before) != len(after):
        return None
    rows = tuple(compress(count(), map(is_not, before, after)))
    return rows if all(before[row].camera_id == after[row].camera_id for row in rows) else None


def changed_ids(before: Sequence[Camera], after: Sequence[Camera]) -> frozenset[str]:
    """Return the cameras of the first list that are recorded otherwise in the second, or are gone from it."""
    rows = replaced(before, after) if before else ()
    if rows is not None:
        return frozenset(before[row].camera_id for row in rows if before[row] != after[row])
    now = {camera.camera_id: camera for camera in after}
    return frozenset(camera.camera_id for camera in before if not _is_same(now.get(camera.camera_id), camera))


def _is_same(now: Camera | None, then: Camera) -> bool:
    return now is then or now == then
