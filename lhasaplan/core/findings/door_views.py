"""Doors of homes in view: specifically, where they are shown as sharply as a view that must be cured, else in passing."""

from collections.abc import Iterator

import shapely

from lhasaplan.core.model.protected_place import ProtectedClass
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Severity
from lhasaplan.core.results.finding_draft import Draft
from lhasaplan.core.rules.articles import Articles
from lhasaplan.core.rules.pack import Thresholds

KIND = "entrance_in_view"


def doors(result: CameraResult, thresholds: Thresholds, articles: Articles) -> Iterator[Draft]:
    """Give the doors that recorded optics show, counted; none unless an article cites the kind.

    What *specifically* means in px/m no law says: it is the policy of this program, the lower limit of a view that is due.
    """
    if KIND not in articles:
        return
    for sighting in result.sightings:
        if sighting.cls is ProtectedClass.HOME and sighting.is_recorded and sighting.grade is not None:
            yield from _in_view(sighting, result, thresholds)


def _in_view(sighting: Sighting, result: CameraResult, thresholds: Thresholds) -> Iterator[Draft]:
    for each in sighting.surfaces:
        if each.surface == "entrance" and each.count:
            density_px_m = each.density_px_m[1]
            specific = density_px_m > thresholds.due_px_m
            camera = result.placed.camera
            masked = (("variant", "masked"),) if camera.mask_px or camera.mask_sector_deg else ()
            yield Draft(
                KIND,
                Severity.DUE if specific else Severity.NOTE,
                camera.camera_id,
                measured=density_px_m,
                required=thresholds.due_px_m,
                unit="px/m",
                cure=sighting.cure if specific else None,
                geometry=shapely.Point(camera.x_m, camera.y_m),
                params=(("count", each.count), ("density", f"{density_px_m:.0f}"), *masked),
            )
