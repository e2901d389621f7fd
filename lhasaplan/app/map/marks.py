"""Marks that are drawn live above the map: the aim of the keys, a spot that is asked about, lines of sight, selected cameras."""

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPolygonF
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.shapes import painter_path
from lhasaplan.app.map.style import LIGHT, Palette, with_alpha

# Outlines of what is drawn live, made once for many paintings: the pointer moves far more often than a cone changes.

_Points = tuple[NDArray[np.float64], NDArray[np.bool_]]  # shape (N, 2) in metres; before which of them the pen is lifted, (N,)


class LiveOutlines:
    """Outlines of geometries, kept by the caller; their paths are reused until the map moves.

    Not for several threads at once: a worker may make them ready, and the window paints them afterwards.
    """

    def __init__(self) -> None:
        self._points: dict[int, tuple[BaseGeometry, _Points]] = {}  # by the identity of a geometry, which is held for it
        self._paths: dict[int, QPainterPath] = {}
        self._of: tuple[tuple[float, float], float] = ((0.0, 0.0), 0.0)

    def points(self, geometry: BaseGeometry) -> _Points:
        """Return the points of a geometry, ring by ring, line by line; holes run against their shells."""
        known = self._points.get(id(geometry))
        if known is None:
            known = self._points[id(geometry)] = geometry, _points_of(geometry)
        return known[1]

    def path(self, geometry: BaseGeometry | None, origin_m: tuple[float, float], px_per_m: float) -> QPainterPath:
        """Return a geometry as a path in pixels; the origin is the top left corner."""
        if geometry is None or geometry.is_empty:
            return QPainterPath()
        if (origin_m, px_per_m) != self._of:
            self._paths, self._of = {}, (origin_m, px_per_m)
        path = self._paths.get(id(geometry))
        if path is None:
            xy, first = self.points(geometry)
            path = self._paths[id(geometry)] = painter_path(xy, first, origin_m, px_per_m) if len(xy) else QPainterPath()
        return path


def _points_of(geometry: BaseGeometry) -> _Points:
    parts = shapely.get_parts(geometry)
    parts = shapely.orient_polygons(parts[~shapely.is_empty(parts) & (shapely.get_type_id(parts) != 0)])
    is_area = shapely.get_dimensions(parts) == 2
    lines = np.concatenate([shapely.get_rings(parts[is_area]), parts[~is_area]])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    first = np.ones(len(line), dtype=bool)
    first[1:] = line[1:] != line[:-1]
    return xy, first


def draw_aim(painter: QPainter, at: QPointF, colours: Palette = LIGHT) -> None:
    """Draw where the keys aim."""
    for width, colour in ((4.0, colours.casing), (1.6, colours.accent)):
        painter.setPen(QPen(colour, width))
        for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(at + QPointF(5 * x, 5 * y), at + QPointF(14 * x, 14 * y))


def draw_sight_line(painter: QPainter, camera: QPointF, spot: QPointF, is_certain: bool, colours: Palette = LIGHT) -> None:
    """Draw a line of sight, dashed where it is only possible."""
    for width, colour in ((3.6, colours.casing), (1.6, colours.sight_line if is_certain else colours.possible_line)):
        painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine if is_certain else Qt.PenStyle.DashLine))
        painter.drawLine(camera, spot)


def draw_spot(painter: QPainter, at: QPointF, colours: Palette = LIGHT) -> None:
    """Draw the spot that is asked about."""
    painter.setPen(QPen(colours.casing, 4.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 7.0, 7.0)
    painter.setPen(QPen(colours.accent, 2.0))
    painter.drawEllipse(at, 7.0, 7.0)
    painter.drawPoint(at)


def draw_outline(painter: QPainter, corners: Sequence[QPointF], colours: Palette = LIGHT) -> None:
    """Draw the box or lasso with which cameras are selected."""
    painter.setPen(QPen(colours.accent, 1.4, Qt.PenStyle.DashLine))
    painter.setBrush(with_alpha(colours.accent, 26))
    painter.drawPolygon(QPolygonF(list(corners)))


def draw_ring(painter: QPainter, at: QPointF, colours: Palette = LIGHT) -> None:
    """Draw the ring of a selected camera."""
    painter.setPen(QPen(colours.accent, 2.0))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, 12.0, 12.0)
