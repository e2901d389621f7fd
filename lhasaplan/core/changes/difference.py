"""The changes that make one list of cameras another, and those that take a proposal back."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from lhasaplan.core.changes.camera_change import AddCamera, CameraChange, RemoveCamera, value_changes
from lhasaplan.core.changes.proposal import Proposal, Source, apply, by_id
from lhasaplan.core.model.camera import Camera


def difference(
    before: Sequence[Camera],
    after: Sequence[Camera],
    *,
    reason: str = "",
    source: Source = Source.PLAN_DIFFERENCE,
    about: str = "",
) -> Proposal:
    """Return the proposal that makes the cameras before those after, order included.

    A camera that stands at another place of the list without need leaves it and comes again.
    """
    old, new = by_id(before), by_id(after)
    kept = _in_same_order(list(old), list(new))
    gone: list[CameraChange] = [RemoveCamera(camera_id) for camera_id in old if camera_id not in kept]
    changed = [
        change
        for camera_id in new
        if camera_id in kept and old[camera_id] is not new[camera_id]
        for change in value_changes(old[camera_id], new[camera_id])
    ]
    come = [AddCamera(camera, at) for at, camera in enumerate(new.values()) if camera.camera_id not in kept]
    return Proposal((*gone, *changed, *come), reason, source, about)


def taken_back(proposal: Proposal, cameras: Sequence[Camera]) -> Proposal:
    """Return the proposal that undoes another, of which ``cameras`` were there before it."""
    back = difference(apply(proposal, cameras), cameras)
    return replace(proposal, changes=back.changes)


def _in_same_order(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """Return the most ids that both lists have in the same order: the longest rising run of places (patience sorting)."""
    place = {camera_id: at for at, camera_id in enumerate(before)}
    both = [camera_id for camera_id in after if camera_id in place]
    ends, last, previous = list[int](), list[str](), dict[str, str | None]()
    for camera_id in both:
        pile = bisect_left(ends, place[camera_id])
        previous[camera_id] = last[pile - 1] if pile else None
        ends[pile : pile + 1], last[pile : pile + 1] = [place[camera_id]], [camera_id]
    kept, one = set[str](), last[-1] if last else None
    while one is not None:
        kept.add(one)
        one = previous[one]
    return kept
