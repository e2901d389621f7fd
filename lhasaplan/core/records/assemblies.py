"""Ground in view where people assemble, of which the record does not say that the camera is off then."""

from collections.abc import Iterable, Mapping

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.coverage.unasked_area import ground_seen
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.tag_conditions import holds
from lhasaplan.core.project.mandate import is_filled
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Cure, CureAction, CureFigures, Draft, Severity
from lhasaplan.core.rules.pack_terms import Articles

KIND = "assembly_ground"
COLUMN = "assembly_off"
LEAST_M2 = 1.0


def assembly_answers(context: AuditContext, results: Iterable[CameraResult], articles: Articles) -> Mapping[str, Draft]:
    """Return the finding of each camera with a certain view of such ground; none unless an article cites the kind.

    Which ground that is, a pack says by tags (``assembly_ground``): mapped areas alone, and never protected ground, of which
    nothing is told but how it is seen.
    """
    squares = squares_of(context) if KIND in articles else np.empty(0, object)
    if not len(squares):
        return {}
    tree, found = shapely.STRtree(squares), {}
    for result in results:
        camera = result.placed.camera
        if result.placed.certain and not is_filled(camera.extra.get(COLUMN, "")):
            area_m2 = _in_view_m2(ground_seen(result.certain), tree, context)
            if area_m2 >= LEAST_M2:
                found[camera.camera_id] = _draft(camera, area_m2)
    return found


def squares_of(context: AuditContext) -> ObjectArray:
    """Return the mapped areas on which people assemble, by the tags that the loaded packs name."""
    asked = tuple(dict.fromkeys(each for pack in context.reference_data.packs for each in pack.assembly_ground))
    areas = [
        geometry
        for name, layer in context.project.layers.items()
        for geometry, tags in zip(layer.geometry, layer.tags, strict=True)
        if name != "buildings" and any(holds(tags, each) for each in asked) and shapely.get_dimensions(geometry) == 2
    ]
    return np.array([*areas, None], object)[:-1]


def _in_view_m2(seen: shapely.Geometry, tree: shapely.STRtree, context: AuditContext) -> float:
    near = tree.geometries[tree.query(seen, predicate="intersects")]
    in_view = shapely.intersection(shapely.union_all(near), seen)
    area_m2 = float(shapely.area(in_view))
    return area_m2 * (1.0 - context.ground.share_of(in_view)) if area_m2 >= LEAST_M2 else 0.0


def _draft(camera: Camera, area_m2: float) -> Draft:
    return Draft(
        KIND,
        Severity.NOTE,
        camera.camera_id,
        measured=area_m2,
        required=0.0,
        unit="m2",
        cure=Cure(CureAction.ASK, figures=CureFigures(questions=(COLUMN,))),
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=(("area_m2", round(area_m2)),),
    )
