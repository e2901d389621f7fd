"""Ground in view beyond what the record names, and where people assemble."""

from collections.abc import Iterable, Mapping

import numpy as np
import shapely

from lhasaplan.core.base.arrays import ObjectArray
from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.demand.unasked_area import ground_seen
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.model.tag_conditions import holds
from lhasaplan.core.project.mandate import is_filled
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Draft, Mitigation, MitigationAction, MitigationFigures, Severity
from lhasaplan.core.rules.pack_terms import Articles

# Ground in view where people assemble, of which the record does not say that the camera is off then.

ASSEMBLY_KIND = "assembly_ground"
ASSEMBLY_COLUMN = "assembly_off"
LEAST_M2 = 1.0


def assembly_answers(context: AuditContext, results: Iterable[CameraResult], articles: Articles) -> Mapping[str, Draft]:
    """Return the finding of each camera with a certain view of such ground; none unless an article cites the kind.

    Which ground that is, a pack says by tags (``assembly_ground``): mapped areas alone, and never protected ground, of which
    nothing is reported but how it is seen.
    """
    squares = squares_of(context) if ASSEMBLY_KIND in articles else np.empty(0, object)
    if not len(squares):
        return {}
    tree, found = shapely.STRtree(squares), {}
    for result in results:
        camera = result.placed.camera
        if result.placed.certain and not is_filled(camera.extra.get(ASSEMBLY_COLUMN, "")):
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
        ASSEMBLY_KIND,
        Severity.NOTE,
        camera.camera_id,
        measured=area_m2,
        required=0.0,
        unit="m2",
        mitigation=Mitigation(MitigationAction.ASK, figures=MitigationFigures(questions=(ASSEMBLY_COLUMN,))),
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=(("area_m2", round(area_m2)),),
    )


# Ground in view beyond the ground that the record names: a shop's own, the stretch of an order, the place of a designation.

KIND = "beyond_named_ground"
COLUMN = "named_ground"


def beyond_answers(context: AuditContext, results: Iterable[CameraResult], articles: Articles) -> Mapping[str, Draft]:
    """Return the finding of each camera whose column ``named_ground`` names an area that its certain view goes beyond.

    An area is one of the layer of areas, known by its name; several of one name are one ground. A name that no area has is
    asked about. None unless an article cites the kind.
    """
    named = [each for each in results if is_filled(each.placed.camera.extra.get(COLUMN, ""))] if KIND in articles else []
    if not named:
        return {}
    areas = _by_name(context)
    found = ((each.placed.camera.camera_id, _answer(each, areas, context)) for each in named)
    return {camera_id: draft for camera_id, draft in found if draft is not None}


def _by_name(context: AuditContext) -> dict[str, list[shapely.Geometry]]:
    layer = context.project.layers.get("areas")
    areas: dict[str, list[shapely.Geometry]] = {}
    for geometry, tags in zip(layer.geometry, layer.tags, strict=True) if layer is not None else ():
        areas.setdefault(tags.get("name", "").strip().casefold(), []).append(geometry)
    return areas


def _answer(result: CameraResult, areas: Mapping[str, list[shapely.Geometry]], context: AuditContext) -> Draft | None:
    """Return what lies beyond the named ground and the tolerated strip around it."""
    camera = result.placed.camera
    name = camera.extra[COLUMN].strip()
    ground = areas.get(name.casefold())
    if ground is None:
        return _ground_draft(camera, Severity.NOTE, COLUMN, ground=name, variant="unknown")
    if not result.placed.certain:
        return None
    margin_m = context.thresholds.named_ground_m
    beyond = shapely.difference(ground_seen(result.certain), shapely.buffer(shapely.union_all(ground), margin_m))
    area_m2 = float(shapely.area(beyond))
    if area_m2 < LEAST_M2:
        return None
    return _ground_draft(camera, Severity.DUE, "mask", area_m2, ground=name, area_m2=round(area_m2), margin_m=margin_m)


def _ground_draft(camera: Camera, severity: Severity, question: str, measured_m2: float | None = None, **params: object) -> Draft:
    return Draft(
        KIND,
        severity,
        camera.camera_id,
        measured=measured_m2,
        required=None if measured_m2 is None else 0.0,
        unit="" if measured_m2 is None else "m2",
        mitigation=Mitigation(MitigationAction.ASK, figures=MitigationFigures(questions=(question,))),
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=tuple(params.items()),
    )
