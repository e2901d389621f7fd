"""Draw a line or an area on the map corner by corner, change it by its corners, and lay the mandate's area and cells over it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF
from shapely.geometry.base import BaseGeometry

from lhasaplan.app.map import ENTER_KEYS, MapCanvas
from lhasaplan.app.map.painter import MapTool, Modifiers
from lhasaplan.app.map.style import with_alpha
from lhasaplan.app.map.viewport import Box, Viewport
from lhasaplan.core.base.translations import marked

if TYPE_CHECKING:
    from lhasaplan.app.state.selection import Mode

# Draw a line or an area on the map corner by corner, with snapping, and change one by its corners.

NEAR_PX, SNAP_PX, SIDE_PX, MOVED_PX = 9.0, 10.0, 30.0, 4.0  # SIDE_PX: the shortest side with a handle in its middle
UNSNAPPED = Qt.KeyboardModifier.ControlModifier  # held, nothing snaps
LEAST_OF_LINE, LEAST_OF_AREA = 2, 3  # corners
DRAWING = marked(
    "Click the corners of the area; Enter or a click on the first one closes it. Backspace removes a corner, Esc ends."
)
CHANGING = marked(
    "Drag a corner, or the middle of a side for a new one; Delete takes a corner away, Backspace a step back. Enter keeps the "
    "area, Esc leaves it as it was."
)
LINING = marked(
    "Click the corners of the line; Enter or a click on the last one ends it. Backspace takes a corner back, Esc ends."
)
Point = tuple[float, float]
Corners = tuple[Point, ...]


class ShapeDrawing(MapTool):
    """Takes the clicks while its mode is on: each lays a corner, at corners and walls of the map that are near.

    A click on the last corner, or on the first of an area, ends it. A corner can be dragged, so can the middle of a side, which
    makes a new corner; Delete takes the corner under the pointer away, Backspace takes the last step back. Enter ends it too;
    where the keys move the map it lays the middle of the map, and ends on the last corner.
    """

    def __init__(
        self, canvas: MapCanvas, mode: "Mode", key: str, done: Callable[[Corners], object], *, is_area: bool = True
    ) -> None:
        self._canvas, self._mode, self.key_of_mode, self._done = canvas, mode, key, done
        self._least = LEAST_OF_AREA if is_area else LEAST_OF_LINE
        self.is_area, self.is_closed = is_area, False  # a closed one was there before: all its corners are laid
        self.corners: Corners = ()
        self.changed: Callable[[], object] = lambda: None
        self.removed: Callable[[], object] | None = None  # where the whole shape may be removed
        self._steps: list[Corners] = []  # before each step
        self._pointer: Point | None = None
        self._snaps = True
        self._held, self._held_at, self._is_new = -1, QPointF(), False
        canvas.tool_used.connect(self._lay)
        mode.changed.connect(self._begin)
        self._waiting: Corners = ()

    @property
    def is_on(self) -> bool:
        """Say whether clicks lay corners."""
        return self._mode.tool == self.key_of_mode

    @property
    def line(self) -> Corners:
        """Return the corners that are laid, and where the next would be laid."""
        is_loose = self._pointer is not None and not self.is_closed and self._held < 0
        return (*self.corners, self._pointer) if self._pointer is not None and is_loose and self.corners else self.corners

    def begin(self, corners: Sequence[Point] = ()) -> None:
        """Begin a new shape, or change the one with these corners."""
        self._mode.use("")
        self._waiting = tuple(corners)
        self._mode.use(self.key_of_mode)

    def _begin(self) -> None:
        self.corners, self._waiting, self._pointer, self._held = self._waiting, (), None, -1
        self.is_closed = bool(self.corners) and self.is_area
        self._steps.clear()
        self._tell()

    def _tell(self) -> None:
        self._canvas.update()
        self.changed()

    def _step(self, corners: Corners) -> None:
        self._steps.append(self.corners)
        self.corners = corners
        self._tell()

    def _place(self, x_m: float, y_m: float) -> Point:
        """Return a place, or what of the map it snaps to."""
        within_m = SNAP_PX * self._canvas.viewport.metres_per_px
        found = self._canvas.ground.snapped(x_m, y_m, within_m) if self._snaps else None
        return found if found is not None else (x_m, y_m)

    def _lay(self, tool: str, x_m: float, y_m: float) -> None:
        if tool != self.key_of_mode:
            return
        at = self._corner_at(x_m, y_m)
        if at in self._ends():
            self.finish()
        elif at < 0 and not self.is_closed:
            self._step((*self.corners, self._place(x_m, y_m)))

    def _ends(self) -> set[int]:
        """Return the corners on which a click ends the shape."""
        if self.is_closed or not self.corners:
            return set()
        return {len(self.corners) - 1} | ({0} if self.is_area else set())

    def finish(self) -> None:
        """End the shape where it is one."""
        corners = self.corners
        if len(corners) >= self._least and (not self.is_area or area_of(corners).area > 0):
            self._mode.switch(self.key_of_mode, False)
            self._done(corners)

    def _corner_at(self, x_m: float, y_m: float) -> int:
        near_m = NEAR_PX * self._canvas.viewport.metres_per_px
        return _nearest(self.corners, (x_m, y_m), near_m)

    def _sides(self) -> list[tuple[Point, Point]]:
        is_ring = self.is_closed and len(self.corners) > 1
        return list(pairwise((*self.corners, *(self.corners[:1] if is_ring else ()))))

    def _middles(self) -> list[tuple[int, Point]]:
        """Return the middles of the sides that are long enough, with the number that a corner there would have."""
        least_m = SIDE_PX * self._canvas.viewport.metres_per_px
        sides = enumerate(self._sides(), start=1)
        return [(k, ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)) for k, (a, b) in sides if math.dist(a, b) >= least_m]

    # Mouse and keys

    def hover(self, at: QPointF, modifiers: Modifiers) -> Qt.CursorShape | None:
        """Lead the loose end to the pointer."""
        if not self.is_on:
            return None
        self._snaps = not modifiers & UNSNAPPED
        x_m, y_m = self._canvas.viewport.to_world(at.x(), at.y())
        is_corner = self._corner_at(x_m, y_m) >= 0
        self._pointer = (x_m, y_m) if is_corner else self._place(x_m, y_m)
        self._tell()
        return Qt.CursorShape.SizeAllCursor if is_corner else Qt.CursorShape.CrossCursor

    def press(self, at: QPointF, modifiers: Modifiers) -> bool:
        """Take hold of a corner, or of the middle of a side."""
        if not self.is_on:
            return False
        place = self._canvas.viewport.to_world(at.x(), at.y())
        self._steps.append(self.corners)
        self._held, self._held_at, self._is_new = self._corner_at(*place), at, False
        if self._held < 0:
            middles = self._middles()
            found = _nearest([middle for _, middle in middles], place, NEAR_PX * self._canvas.viewport.metres_per_px)
            if found >= 0:
                self._held, self._is_new = middles[found][0], True
                self.corners = (*self.corners[: self._held], middles[found][1], *self.corners[self._held :])
        if self._held < 0:
            self._steps.pop()
        return self._held >= 0

    def drag(self, at: QPointF, modifiers: Modifiers) -> None:
        """Move the corner that is held."""
        if (at - self._held_at).manhattanLength() < MOVED_PX and not self._is_new:
            return
        self._is_new, self._snaps = True, not modifiers & UNSNAPPED
        place = self._place(*self._canvas.viewport.to_world(at.x(), at.y()))
        self.corners = (*self.corners[: self._held], place, *self.corners[self._held + 1 :])
        self._tell()

    def release(self, at: QPointF, modifiers: Modifiers) -> None:
        """Let go of a corner; one that did not move was clicked."""
        held, self._held = self._held, -1
        if not self._is_new:
            self._steps.pop()
            if held in self._ends():
                self.finish()
        self._tell()

    def cancel(self) -> None:
        """Put a corner back that is held."""
        self._held, self.corners = -1, self._steps.pop()
        self._tell()

    def key(self, event: QKeyEvent) -> bool:
        """Take steps back, corners away, and lay or end by Enter."""
        key = Qt.Key(event.key())
        if not self.is_on:
            return False
        if key == Qt.Key.Key_Backspace:
            if self._steps:
                self.corners = self._steps.pop()
            elif self.is_closed:  # to be drawn anew
                self.corners, self.is_closed = (), False
            self._tell()
            return True
        if key == Qt.Key.Key_Delete:
            self._take_away()
            return True
        is_drawn_by_mouse = not self._canvas.is_aiming and len(self.corners) >= self._least
        if key in ENTER_KEYS and (self.is_closed or is_drawn_by_mouse):
            self.finish()
            return True
        if key in ENTER_KEYS:
            self._lay(self.key_of_mode, self._canvas.viewport.x_m, self._canvas.viewport.y_m)
            return True
        return False

    def _take_away(self) -> None:
        at = self._corner_at(*self._pointer) if self._pointer is not None else -1
        if at >= 0 and (len(self.corners) > self._least or not self.is_closed):
            self._step((*self.corners[:at], *self.corners[at + 1 :]))
        elif at < 0 and self.is_closed and self.removed is not None:
            self.removed()

    # Painting

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Paint the shape with its corners, and the loose end."""
        if not self.is_on or not (self.corners or self._pointer):
            return
        colours = self._canvas.palette_now
        is_loose = self._pointer is not None and not self.is_closed and self._held < 0
        laid = [QPointF(*viewport.to_screen(*corner)) for corner in self.corners]
        loose = [QPointF(*viewport.to_screen(*self._pointer))] if self._pointer is not None and is_loose else []
        painter.setPen(QPen(colours.accent, 2.0))
        if self.is_area:
            painter.setBrush(with_alpha(colours.accent, 26))
            painter.drawPolygon(QPolygonF([*laid, *loose]))
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(QPolygonF([*laid, *loose]))
        painter.setBrush(colours.casing)
        painter.setPen(QPen(colours.accent, 1.2))
        for _, middle in self._middles():
            painter.drawEllipse(QPointF(*viewport.to_screen(*middle)), 2.5, 2.5)
        near = self._corner_at(*self._pointer) if self._pointer is not None else -1
        painter.setPen(QPen(colours.accent, 1.8))
        for number, at in enumerate(laid):
            painter.setBrush(colours.accent if number in (near, self._held) else colours.casing)
            painter.drawRect(QRectF(at.x() - 4.0, at.y() - 4.0, 8.0, 8.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for at in loose:
            painter.drawEllipse(at, 6.0, 6.0)


def area_of(corners: Sequence[Point]) -> BaseGeometry:
    """Return the area inside corners, valid where its sides cross; an empty one for fewer than three.

    >>> area_of([(0.0, 0.0), (4.0, 0.0), (4.0, 3.0)]).area
    6.0
    """
    area = shapely.make_valid(shapely.Polygon(corners)) if len(corners) >= LEAST_OF_AREA else shapely.Polygon()
    return shapely.union_all([part for part in shapely.get_parts(area) if shapely.get_dimensions(part) == 2])


def corners_of(area: BaseGeometry) -> Corners:
    """Return the corners of an area without the one that closes it; none for one of several parts or with holes."""
    is_plain = area.geom_type == "Polygon" and not area.is_empty and not len(area.interiors)
    return tuple((x, y) for x, y in area.exterior.coords[:-1]) if is_plain else ()


def _nearest(points: Sequence[Point], at: Point, within_m: float) -> int:
    """Return the number of the point nearest to a place; -1 where none is so near."""
    number = min(range(len(points)), key=lambda k: math.dist(points[k], at), default=-1)
    return number if number >= 0 and math.dist(points[number], at) <= within_m else -1


# What the mandate lays over the map: its area, and the cells that a person looks at.

Area = BaseGeometry  # ground in metres of the project, a polygon or several
DRAW, CELLS = "draw_plan_area", "bare_cells"  # modes of the map
STEP_PX, WIDE_PX = 14.0, 4000.0


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
            for part in shapely.get_parts(self.shown):
                if part.geom_type == "Polygon":
                    painter.drawPolygon(QPolygonF([QPointF(*viewport.to_screen(x, y)) for x, y in part.exterior.coords]))


def ground_of(box_m: Box) -> BaseGeometry:
    """Return the ground of a box."""
    return shapely.box(*box_m)


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
