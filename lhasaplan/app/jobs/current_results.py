"""Results as they hold for the cameras as recorded now: of a changed or new camera the live answers, or none."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from lhasaplan.core.model.camera import Camera
from lhasaplan.core.results.assessment import Assessment, CameraResult


def as_recorded_now(
    results: Assessment | None, changed_ids: Collection[str], live: Mapping[str, CameraResult], cameras: Iterable[Camera]
) -> Assessment | None:
    """Return the results with those of changed cameras exchanged and those of new ones added.

    So no view stays drawn that is no more.
    """
    if results is None:
        return None
    now = {camera.camera_id: camera for camera in cameras}
    kept = [each for each in results.cameras if each.placed.camera.camera_id not in changed_ids]
    others = live.keys() - {each.placed.camera.camera_id for each in kept}
    current = [live[key] for key in sorted(others) if now.get(key) == live[key].placed.camera]
    return replace(results, cameras=(*kept, *current)) if current or len(kept) < len(results.cameras) else results
