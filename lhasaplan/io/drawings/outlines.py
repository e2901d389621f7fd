"""The shape of one thing in a drawing: closed lines as grounds, arcs as short lines, a block in its place as a point."""

from collections.abc import Callable, Mapping

import shapely
from ezdxf import path
from ezdxf.entities.dxfgfx import DXFGraphic

_LINES = ("LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE")


def shape_of(entity: DXFGraphic, sagitta: float, *, as_point: bool = False) -> shapely.Geometry | None:
    """Return the shape of an entity in the units of the drawing, seen from above; None for what is no line, ring or point.

    Parameters
    ----------
    sagitta : how far the short lines may lie off an arc, in the units of the drawing.
    as_point : circles and blocks are a point at their middle: poles, trees, cameras.
    """
    kind = entity.dxftype()
    if kind in _AT_POINT and (as_point or kind == "POINT"):
        where = _AT_POINT[kind](entity)
        return shapely.Point(where[0], where[1])
    if kind not in _LINES or (kind == "POLYLINE" and _is_mesh(entity)):
        return None
    return _drawn(entity, sagitta)


def _drawn(entity: DXFGraphic, sagitta: float) -> shapely.Geometry | None:
    points = [(float(at.x), float(at.y)) for at in path.make_path(entity).flattening(sagitta)]
    if len(set(points)) < 2:
        return None
    is_ring = _is_closed(entity) or points[0] == points[-1]
    return shapely.Polygon(points) if is_ring and len(set(points)) > 2 else shapely.LineString(points)


def _is_closed(entity: DXFGraphic) -> bool:
    return entity.dxftype() == "CIRCLE" or bool(getattr(entity, "closed", False) or getattr(entity, "is_closed", False))


def _is_mesh(entity: DXFGraphic) -> bool:
    return bool(getattr(entity, "is_poly_face_mesh", False) or getattr(entity, "is_polygon_mesh", False))


_AT_POINT: Mapping[str, Callable[[DXFGraphic], tuple[float, float]]] = {
    "POINT": lambda entity: entity.dxf.location,
    "INSERT": lambda entity: entity.ocs().to_wcs(entity.dxf.insert),
    "CIRCLE": lambda entity: entity.ocs().to_wcs(entity.dxf.center),
}
