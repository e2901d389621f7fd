"""Find doors of homes in view: due where they are shown as sharply as a view that must be remedied, else a note."""

from collections.abc import Iterator, Sequence

import numpy as np
import shapely

from lhasaplan.core.model.camera import WATCHES, Mount, Placed
from lhasaplan.core.model.layer import Buildings
from lhasaplan.core.model.protected_place import ProtectedClass, ProtectedPlace
from lhasaplan.core.results.assessment import CameraResult, Sighting
from lhasaplan.core.results.finding import Certainty, Draft, Mitigation, MitigationAction, MitigationFigures, Severity, removal
from lhasaplan.core.rules.pack import Thresholds
from lhasaplan.core.rules.pack_terms import Articles

# Cameras inside a protected place: which recorded positions lie in one, and the finding on it.


def indoors(placed: Placed, stands_inside: bool) -> Iterator[Draft]:
    """Give the finding on a camera inside a protected place: an error when it is recorded as indoor, else a question.

    Of one at a nest box or a weather mast it stays a question: it may look at the box, or out of it.
    """
    if not stands_inside:
        return
    camera, point = placed.camera, shapely.Point(placed.camera.x_m, placed.camera.y_m)
    if camera.extra.get(WATCHES) == "nature" and (placed.mount is Mount.INDOOR or camera.mount is None):
        yield Draft(
            "indoor_forbidden",
            Severity.NOTE,
            camera.camera_id,
            Certainty.POSSIBLE,
            mitigation=Mitigation(MitigationAction.ASK, figures=MitigationFigures(questions=("mount", "purpose"))),
            geometry=point,
            params=(("variant", "nature"),),
        )
    elif placed.mount is Mount.INDOOR:
        yield Draft("indoor_forbidden", Severity.ERROR, camera.camera_id, mitigation=removal(camera), geometry=point)
    elif camera.mount is None:
        yield Draft(
            "indoor_forbidden",
            Severity.NOTE,
            camera.camera_id,
            Certainty.POSSIBLE,
            mitigation=Mitigation(MitigationAction.ASK, figures=MitigationFigures(questions=("mount",))),
            geometry=point,
        )


INSIDE_M = 2.0  # a point nearer to a wall than this is a wall mount drawn a little inside


def inside_protected(
    placed: Sequence[Placed], places: Sequence[ProtectedPlace], buildings: Buildings
) -> "np.typing.NDArray[np.bool_]":
    """Tell which recorded positions lie inside a protected building, or at a protected spot inside any building.

    An unrecorded mount must lie well inside the building. A spot is a toilet or a changing room in a station or a shop.
    """
    known = [place for place in places if place.cls.is_known]
    index = sorted({building for place in known for building in (place.buildings or (place.building,)) if building >= 0})
    inside = np.zeros(len(placed), bool)
    if not known or not len(placed):
        return inside
    deep = np.array([0.0 if each.mount is Mount.INDOOR else INSIDE_M for each in placed])
    points = shapely.points([(each.camera.x_m, each.camera.y_m) for each in placed])
    inside[_at_spots(points, deep, known, buildings)] = True
    footprints = buildings.polygons[index]
    camera, footprint = shapely.STRtree(footprints).query(points, predicate="intersects")
    to_wall = shapely.distance(points[camera], shapely.boundary(footprints[footprint]))
    inside[camera[to_wall >= deep[camera]]] = True
    return inside


def _at_spots(
    points: "np.typing.NDArray[np.object_]",
    deep: "np.typing.NDArray[np.float64]",
    known: Sequence[ProtectedPlace],
    buildings: Buildings,
) -> "np.typing.NDArray[np.int64]":
    """Return the points on the ground of a place that has no building of its own, where some building stands."""
    grounds = np.array([*(place.ground for place in known if place.building < 0 and not place.buildings), None], object)[:-1]
    at_spot = shapely.STRtree(grounds).query(points, predicate="intersects")[0]
    roofed, roof = shapely.STRtree(buildings.polygons).query(points, predicate="intersects")
    to_wall = shapely.distance(points[roofed], shapely.boundary(buildings.polygons[roof]))
    return np.intersect1d(at_spot, roofed[to_wall >= deep[roofed]])


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
                mitigation=sighting.mitigation if specific else None,
                geometry=shapely.Point(camera.x_m, camera.y_m),
                params=(("count", each.count), ("density", f"{density_px_m:.0f}"), *masked),
            )
