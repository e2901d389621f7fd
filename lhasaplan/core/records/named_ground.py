"""Ground in view beyond the ground that the record names: a shop's own, the stretch of an order, the place of a designation."""

from collections.abc import Iterable, Mapping

import shapely

from lhasaplan.core.context.audit_context import AuditContext
from lhasaplan.core.coverage.unasked_area import ground_seen
from lhasaplan.core.model.camera import Camera
from lhasaplan.core.project.mandate import is_filled
from lhasaplan.core.results.assessment import CameraResult
from lhasaplan.core.results.finding import Cure, CureAction, CureFigures, Draft, Severity
from lhasaplan.core.rules.pack_terms import Articles

KIND = "beyond_named_ground"
COLUMN = "named_ground"
LEAST_M2 = 1.0


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
    """Return what lies beyond the named ground and the strip before it that is nobody's business."""
    camera = result.placed.camera
    name = camera.extra[COLUMN].strip()
    ground = areas.get(name.casefold())
    if ground is None:
        return _draft(camera, Severity.NOTE, COLUMN, ground=name, variant="unknown")
    if not result.placed.certain:
        return None
    margin_m = context.thresholds.named_ground_m
    beyond = shapely.difference(ground_seen(result.certain), shapely.buffer(shapely.union_all(ground), margin_m))
    area_m2 = float(shapely.area(beyond))
    if area_m2 < LEAST_M2:
        return None
    return _draft(camera, Severity.DUE, "mask", area_m2, ground=name, area_m2=round(area_m2), margin_m=margin_m)


def _draft(camera: Camera, severity: Severity, question: str, measured_m2: float | None = None, **params: object) -> Draft:
    return Draft(
        KIND,
        severity,
        camera.camera_id,
        measured=measured_m2,
        required=None if measured_m2 is None else 0.0,
        unit="" if measured_m2 is None else "m2",
        cure=Cure(CureAction.ASK, figures=CureFigures(questions=(question,))),
        geometry=shapely.Point(camera.x_m, camera.y_m),
        params=tuple(params.items()),
    )
