"""Lay out the area that a plan is about, and check that its building layer covers it."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from lhasaplan.core.arrays import FloatArray, IntArray
from lhasaplan.core.camera import Camera
from lhasaplan.core.crs import Crs
from lhasaplan.core.decision import Declaration, stands_for
from lhasaplan.core.layer import Buildings
from lhasaplan.core.mandate import Mandate
from lhasaplan.core.mandate_check import Missing
from lhasaplan.core.place import Part
from lhasaplan.core.planning_ground import lonlat_area
from lhasaplan.core.wording import marked

Projection = Callable[[FloatArray, FloatArray], tuple[FloatArray, FloatArray]]

CELL_M = 500.0
NO_BUILDINGS = "no_buildings"
_EDGE_M = 1.0  # a drawn edge may miss a vertex of the plan by its own rounding
_STEP_DEG = 0.002  # edges bend between the two systems; at 200 m a step the bend is millimetres
_NAMED_CELLS = 60


def metric_area(wkt: str, crs: Crs) -> BaseGeometry | None:
    """Return a declared area (WKT polygon, longitude and latitude) in the project's metres, None when not usable."""
    area = lonlat_area(wkt)
    return None if area is None else _projected(shapely.segmentize(area, _STEP_DEG), crs.to_xy)


def lonlat_of(area: BaseGeometry, crs: Crs) -> BaseGeometry:
    """Return a metric area in longitude and latitude, its edges densified first."""
    return _projected(shapely.segmentize(area, 200.0), crs.to_lonlat)


def plan_area(mandate: Mandate | None, parts: Sequence[Part], planned: Sequence[Camera], crs: Crs) -> BaseGeometry | None:
    """Return the area in metres: as the mandate states it, else the hull of confirmed parts and planned cameras."""
    if mandate is not None and mandate.plan_area_wkt:
        return metric_area(mandate.plan_area_wkt, crs)
    shapes = things_planned(parts, planned)
    return shapely.union_all(shapes).convex_hull.buffer(_EDGE_M) if shapes else None


def things_planned(parts: Sequence[Part], planned: Sequence[Camera]) -> list[BaseGeometry]:
    """Return the geometry of each part and each planned camera."""
    return [part.geometry for part in parts] + [shapely.Point(camera.x_m, camera.y_m) for camera in planned]


def area_gaps(mandate: Mandate | None, area: BaseGeometry | None, shapes: Sequence[BaseGeometry]) -> tuple[Missing, ...]:
    """Return why the plan area cannot be judged, or what of the plan lies outside it."""
    if area is None:
        stated = mandate is not None and bool(mandate.plan_area_wkt)
        return ((UNUSABLE_AREA if stated else NO_AREA, {}),)
    outside = int(np.count_nonzero(~shapely.covers(area.buffer(_EDGE_M), np.array(shapes, object)))) if shapes else 0
    return ((OUTSIDE_AREA, {"count": outside}),) if outside else ()


def building_gaps(
    mandate: Mandate | None, area: BaseGeometry, buildings: Buildings, declarations: Iterable[Declaration], crs: Crs
) -> tuple[Missing, ...]:
    """Return what keeps the building layer from being the whole truth about the plan area."""
    if len(buildings) == 0:
        return ((marked("There is no building layer."), {}),)
    cells = empty_cells(area, buildings, declarations)
    named = ", ".join(cells[:_NAMED_CELLS]) + (" …" if len(cells) > _NAMED_CELLS else "")
    unconfirmed = ((EMPTY_CELLS, {"count": len(cells), "cells": named}),) if cells else ()
    return _extent_gap(mandate, area, crs) + unconfirmed


def empty_cells(area: BaseGeometry, buildings: Buildings, declarations: Iterable[Declaration] = ()) -> tuple[str, ...]:
    """Return the ids ``cell:<ix>:<iy>`` of 500 m cells of the area without a building that nobody confirmed by name.

    Cell (ix, iy) reaches from (500 ix, 500 iy) to the next cell, in the project's metres.
    """
    index = _cells_of(area)
    boxes = shapely.box(*(index * CELL_M).T, *((index + 1) * CELL_M).T)
    built = np.zeros(len(index), bool)
    built[shapely.STRtree(boxes).query(buildings.polygons, predicate="intersects")[1]] = True
    confirmed = {one.subject for one in declarations if _is_confirmed(one)}
    names = (f"cell:{ix}:{iy}" for ix, iy in index[~built])
    return tuple(name for name in names if name not in confirmed)


def _cells_of(area: BaseGeometry) -> IntArray:
    west, south, east, north = np.floor(np.array(area.bounds) / CELL_M).astype(np.int64)
    grid = np.mgrid[west : east + 1, south : north + 1].reshape(2, -1).T
    shapely.prepare(area)
    inside = shapely.intersects(area, shapely.box(*(grid * CELL_M).T, *((grid + 1) * CELL_M).T))
    return np.asarray(grid[inside], np.int64)


def _is_confirmed(declaration: Declaration) -> bool:
    return declaration.fact == NO_BUILDINGS and stands_for(declaration.by, declaration.date)


def _extent_gap(mandate: Mandate | None, area: BaseGeometry, crs: Crs) -> tuple[Missing, ...]:
    wkt = mandate.building_extent_wkt if mandate is not None else ""
    if not wkt:
        return ((marked("Nobody declared which area the building layer covers."), {}),)
    extent = metric_area(wkt, crs)
    if extent is None:
        return ((marked("The declared extent of the building layer is not a valid polygon in longitude and latitude."), {}),)
    bare = shapely.difference(area, extent.buffer(_EDGE_M)).area
    return ((BARE_AREA, {"hectares": f"{bare / 1e4:.1f}"}),) if bare > 0 else ()


def _projected(geometry: BaseGeometry, project: Projection) -> BaseGeometry:
    def moved(xy: FloatArray) -> FloatArray:
        return np.column_stack(project(xy[:, 0], xy[:, 1]))

    return shapely.transform(geometry, moved)


NO_AREA = marked("There is no plan area: the mandate states none, and nothing is confirmed or planned yet.")
UNUSABLE_AREA = marked("The plan area of the mandate is not a valid polygon in longitude and latitude.")
OUTSIDE_AREA = marked("Confirmed parts or planned cameras outside the plan area of the mandate: {count}.")
EMPTY_CELLS = marked(
    "Cells of 500 m in the plan area that hold no building; a person must confirm each by name ({count}): {cells}"
)
BARE_AREA = marked("The declared extent of the building layer leaves {hectares} ha of the plan area uncovered.")
