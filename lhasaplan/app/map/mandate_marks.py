"""What the mandate lays over the map: its area, and the cells that a person looks at."""

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


class AreaOfMandate(MapTool):
    """Outlines the area of the mandate while the panel is looked at."""

    def __init__(self, canvas: MapCanvas) -> None:
        self._canvas = canvas
        self.shown: BaseGeometry | None = None

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the outline."""
        if self.shown is not None:
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
