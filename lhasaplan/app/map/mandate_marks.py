"""What the mandate lays over the map: an area that is drawn corner by corner, and the cells that a person looks at."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map.canvas import ENTER_KEYS, MapCanvas
from lhasaplan.app.map.painter import MapTool, Modifiers
from lhasaplan.app.map.style import with_alpha
from lhasaplan.app.map.viewport import Box, Viewport

if TYPE_CHECKING:
    from lhasaplan.app.state.selection import Mode

Area = BaseGeometry  # ground in metres of the project, a polygon or several
DRAW, CELLS = "draw_plan_area", "bare_cells"  # modes of the map
NEAR_PX, STEP_PX, WIDE_PX = 9.0, 14.0, 4000.0


class AreaDrawing(MapTool):
    """Lays a corner with each click; a click on the first or the last corner closes the area."""

    def __init__(self, canvas: MapCanvas, mode: "Mode", done: Callable[[BaseGeometry], object]) -> None:
        self._canvas, self._mode, self._done = canvas, mode, done
        self.corners: list[tuple[float, float]] = []
        self._pointer: tuple[float, float] | None = None
        self.shown: BaseGeometry | None = None  # the area of the mandate, while the panel is looked at
        canvas.tool_used.connect(self._lay)
        mode.changed.connect(self._begin)

    def _begin(self) -> None:
        self.corners, self._pointer = [], None
        self._canvas.update()

    def _lay(self, tool: str, x_m: float, y_m: float) -> None:
        if tool != DRAW:
            return
        near_m = NEAR_PX * self._canvas.viewport.metres_per_px
        ends = [self.corners[0], self.corners[-1]] if self.corners else []
        if any(abs(x - x_m) <= near_m and abs(y - y_m) <= near_m for x, y in ends):
            self._close()
        else:
            self.corners.append((x_m, y_m))
        self._canvas.update()

    def _close(self) -> None:
        area = shapely.make_valid(shapely.Polygon(self.corners)) if len(self.corners) >= 3 else shapely.Polygon()
        if shapely.get_dimensions(area) == 2 and area.area > 0:
            self._mode.switch(DRAW, False)
            self._done(area)

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Lead the loose end to the pointer."""
        if self._mode.tool != DRAW:
            return None
        self._pointer = self._canvas.viewport.to_world(at.x(), at.y())
        self._canvas.update()
        return Qt.CursorShape.CrossCursor

    def key(self, event: QKeyEvent) -> bool:
        """Take the last corner back by Backspace; Enter lays the middle of the map, or closes where it lies on a corner."""
        if self._mode.tool != DRAW:
            return False
        if event.key() == Qt.Key.Key_Backspace:
            self.corners = self.corners[:-1]
            self._canvas.update()
            return True
        if Qt.Key(event.key()) in ENTER_KEYS:
            self._lay(DRAW, self._canvas.viewport.x_m, self._canvas.viewport.y_m)
            return True
        return False

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the area of the mandate, or the one that is drawn."""
        if self._mode.tool == DRAW and self.corners:
            loose = [self._pointer] if self._pointer is not None else []
            points = [QPointF(*viewport.to_screen(*corner)) for corner in [*self.corners, *loose]]
            painter.setPen(QPen(self._canvas.palette_now.accent, 2.0, Qt.PenStyle.DashLine))
            painter.setBrush(with_alpha(self._canvas.palette_now.accent, 30))
            painter.drawPolygon(QPolygonF(points))
            painter.setBrush(self._canvas.palette_now.accent)
            for point in points[: len(self.corners)]:
                painter.drawEllipse(point, 4.0, 4.0)
        elif self.shown is not None:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._canvas.palette_now.accent, 2.0, Qt.PenStyle.DashLine))
            for ring in _rings(self.shown):
                painter.drawPolygon(QPolygonF([QPointF(*viewport.to_screen(x, y)) for x, y in ring]))


def ground_of(box_m: Box) -> BaseGeometry:
    """Return the ground of a box."""
    return shapely.box(*box_m)


def _rings(area: BaseGeometry) -> Iterable[list[tuple[float, float]]]:
    for part in shapely.get_parts(area):
        if part.geom_type == "Polygon":
            yield [(x, y) for x, y in part.exterior.coords]


class CellChoice(MapTool):
    """Hatches unconfirmed cells; a click selects or deselects one, a drag selects all in a box."""

    def __init__(self, canvas: MapCanvas, mode: "Mode", changed: Callable[[], object]) -> None:
        self._canvas, self._mode, self._changed = canvas, mode, changed
        self.cells: Mapping[str, BaseGeometry] = {}
        self.chosen: frozenset[str] = frozenset()
        self._pressed: QPointF | None = None
        self._at = QPointF()
        mode.changed.connect(canvas.update)

    @property
    def is_on(self) -> bool:
        """Say whether clicks choose cells."""
        return self._mode.tool == CELLS

    def show_cells(self, cells: Mapping[str, BaseGeometry]) -> None:
        """Take other cells; those that are still there stay chosen."""
        self.cells = cells
        self.choose(self.chosen.intersection(cells))

    def choose(self, names: Iterable[str]) -> None:
        """Choose these cells."""
        self.chosen = frozenset(names)
        self._changed()
        self._canvas.update()

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Begin a click or a box."""
        if not self.is_on:
            return False
        self._pressed = self._at = at
        return True

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Draw the box."""
        self._at = at
        self._canvas.update()

    def release(self, at: QPointF, modifiers: Modifiers) -> None:
        """Choose the cell of a click, or those that the box touches."""
        start, self._pressed = self._pressed, None
        if start is None:
            return
        one, other = (self._canvas.viewport.to_world(each.x(), each.y()) for each in (start, at))
        box = shapely.box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
        is_click = (at - start).manhattanLength() < NEAR_PX
        hit = {name for name, cell in self.cells.items() if cell.intersects(shapely.Point(other) if is_click else box)}
        self.choose(self.chosen ^ hit if is_click else self.chosen | hit)

    def cancel(self) -> None:
        """Drop the box."""
        self._pressed = None
        self._canvas.update()

    def key(self, event: QKeyEvent) -> bool:
        """Choose the cell in the middle of the map by Enter."""
        if not self.is_on or Qt.Key(event.key()) not in ENTER_KEYS:
            return False
        middle = QPointF(self._canvas.rect().center())
        self._pressed = middle
        self.release(middle, event.modifiers())
        return True

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Hatch the cells, fill those that are chosen, and draw the box."""
        if not self.is_on:
            return
        for name, cell in self.cells.items():
            west, south, east, north = cell.bounds
            rect = QRectF(QPointF(*viewport.to_screen(west, north)), QPointF(*viewport.to_screen(east, south)))
            is_chosen = name in self.chosen
            painter.setPen(QPen(self._canvas.palette_now.accent, 2.4 if is_chosen else 1.2))
            painter.fillRect(rect, with_alpha(self._canvas.palette_now.accent, 90 if is_chosen else 20))
            hatch = QColor(self._canvas.palette_now.accent)
            hatch.setAlpha(110)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect)
            if not is_chosen:
                _hatch(painter, rect, hatch)
        if self._pressed is not None:
            painter.setPen(QPen(self._canvas.palette_now.accent, 1.4, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(self._pressed, self._at).normalized())


def _hatch(painter: QPainter, rect: QRectF, ink: QColor) -> None:
    reach = rect.width() + rect.height()
    if reach > WIDE_PX:  # a cell that fills the screen has its frame
        return
    painter.save()
    painter.setClipRect(rect, Qt.ClipOperation.IntersectClip)
    painter.setPen(QPen(ink, 1.0))
    for number in range(int(reach / STEP_PX)):
        right = rect.left() + number * STEP_PX
        painter.drawLine(QPointF(right, rect.top()), QPointF(right - rect.height(), rect.bottom()))
    painter.restore()
